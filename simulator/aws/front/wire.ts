import { AwsError } from '../core/aws-error.ts';
import {
  modelOf,
  protocolOf,
  serviceIds,
  type Protocol,
  type ServiceId,
  type ServiceModel,
} from '../core/service-model.ts';
import { fromCbor } from './cbor.ts';
import { inputFromQuery } from './from-query.ts';
import { fromJson } from './json.ts';
import { inputFromRest } from './rest.ts';
import { routeOf } from './routes.ts';

/** A request off the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a request asks for. */
export interface Asked {
  readonly service: ServiceId;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly region: string;
  readonly principal: string;
  readonly input: object;
}

/** Whoever signs, names the service and region in the credential scope: `Credential=KEY/20260101/eu-central-1/ec2/aws4_request`. */
export function signerOf({ headers }: WireRequest): { principal: string; region: string; signing: string } {
  const matched = /Credential=([^/,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers['authorization'] ?? '');
  if (!matched) throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  const [, principal = '', region = '', signing = ''] = matched;
  if (principal.startsWith('EXPIRED'))
    throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
  return { principal, region, signing };
}

/** The header by which S3 Control, which signs as S3 does and has paths that could be a bucket's, is told from it. */
export const accountHeader = 'x-amz-account-id';

/** Whom a request is for. */
export function serviceOf(request: WireRequest): ServiceId {
  const { signing } = signerOf(request);
  if (signing === 's3' && accountHeader in request.headers) return 's3control';
  const found = serviceIds.find((id) => {
    const { signingName, endpointPrefix } = modelOf(id).metadata;
    return (signingName ?? endpointPrefix) === signing;
  });
  if (!found) throw new AwsError('UnknownService', `The simulator has no service that signs as ${signing}`, 404);
  return found;
}

/** Reads a request by its service's protocol. */
export function readRequest(request: WireRequest): Asked {
  const { principal, region } = signerOf(request);
  const service = serviceOf(request);
  const model = modelOf(service);
  const protocol = protocolOf(model, request.headers);
  return { service, protocol, region, principal, ...operationOf(model, protocol, request) };
}

function operationOf(
  model: ServiceModel,
  protocol: Protocol,
  request: WireRequest,
): { operation: string; input: object } {
  switch (protocol) {
    case 'ec2':
    case 'query': {
      const form = request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString());
      const operation = form.get('Action') ?? '';
      return { operation, input: inputFromQuery(model, known(model, operation).input?.shape, form) };
    }
    case 'json': {
      const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      return documentInput(model, operation, request.body.length === 0 ? {} : JSON.parse(request.body.toString()));
    }
    case 'smithy-rpc-v2-cbor':
      return documentInput(model, /\/operation\/(\w+)$/.exec(request.path)?.[1] ?? '', fromCbor(request.body));
    case 'rest-xml':
    case 'rest-json': {
      const route = routeOf(model, request);
      if (!route) throw new AwsError('InvalidAction', `No operation has ${request.method} ${request.path}`, 404);
      const { operation, labels } = route;
      return { operation, input: inputFromRest(model, known(model, operation), { ...request, labels }) };
    }
  }
}

function documentInput(model: ServiceModel, operation: string, document: unknown) {
  const shape = known(model, operation).input?.shape;
  return { operation, input: (shape === undefined ? {} : fromJson(model, shape, document)) as object };
}

function known(model: ServiceModel, operation: string) {
  const found = model.operations[operation];
  if (!found) throw new AwsError('InvalidAction', `The action ${operation} is not valid for this endpoint.`);
  return found;
}

/** The headers that tell the id of a request. */
export const idHeaders = (service: ServiceId | undefined, requestId: string): Readonly<Record<string, string>> => ({
  [requestIdHeader(service)]: requestId,
});

export const requestIdHeader = (service: ServiceId | undefined): string =>
  service === 's3' || service === 's3control' ? 'x-amz-request-id' : 'x-amzn-requestid';
