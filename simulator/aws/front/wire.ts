import { AwsError } from '../core/aws-error.ts';
import { modelOf, serviceIds, shapeOf, type ServiceId, type ServiceModel } from '../core/service-model.ts';
import { inputFromQuery } from './from-query.ts';
import { fromJson, toJson } from './json.ts';
import { inputFromRestXml, routeOf } from './rest-xml.ts';
import { escapeXml, toText } from './scalar.ts';
import { element, membersToXml } from './to-xml.ts';

/** A request off the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a request asks for. */
export interface Asked {
  readonly service: ServiceId;
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

export function serviceOf(signing: string): ServiceId {
  const found = serviceIds.find((id) => {
    const { signingName, endpointPrefix } = modelOf(id).metadata;
    return (signingName ?? endpointPrefix) === signing;
  });
  if (!found) throw new AwsError('UnknownService', `The simulator has no service that signs as ${signing}`, 404);
  return found;
}

/** Reads a request by its service's protocol. */
export function readRequest(request: WireRequest): Asked {
  const { principal, region, signing } = signerOf(request);
  const service = serviceOf(signing);
  const model = modelOf(service);
  return { service, region, principal, ...operationOf(model, request) };
}

function operationOf(model: ServiceModel, request: WireRequest): { operation: string; input: object } {
  switch (model.metadata.protocol) {
    case 'ec2':
    case 'query': {
      const body = request.method === 'GET' ? request.query : new URLSearchParams(request.body);
      const operation = body.get('Action') ?? '';
      return { operation, input: inputFromQuery(model, known(model, operation).input?.shape, body) };
    }
    case 'json': {
      const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      const shape = known(model, operation).input?.shape;
      const parsed: unknown = request.body === '' ? {} : JSON.parse(request.body);
      return { operation, input: (shape === undefined ? {} : fromJson(model, shape, parsed)) as object };
    }
    case 'rest-xml':
    case 'rest-json': {
      const route = routeOf(model, request.method, request.path);
      if (!route) throw new AwsError('InvalidAction', `No operation has ${request.method} ${request.path}`, 404);
      const { labels } = route;
      return {
        operation: route.operation,
        input: inputFromRestXml(model, known(model, route.operation), { labels, ...request }),
      };
    }
  }
}

function known(model: ServiceModel, operation: string) {
  const found = model.operations[operation];
  if (!found) throw new AwsError('InvalidAction', `The action ${operation} is not valid for this endpoint.`);
  return found;
}

/** Writes an answer by its service's protocol. */
export function writeReply(asked: Asked, output: object, requestId: string): WireReply {
  const model = modelOf(asked.service);
  const { output: described, http } = known(model, asked.operation);
  const values = output as Record<string, unknown>;
  const shape = described ? shapeOf(model, described.shape) : { type: 'structure' };
  if (model.metadata.protocol === 'json') {
    const version = model.metadata.jsonVersion ?? '1.1';
    const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId };
    return { status: 200, headers, body: JSON.stringify(toJson(values)) };
  }
  const members = membersToXml(model, shape, values);
  const headers: Record<string, string> = { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
  for (const [name, member] of Object.entries(shape.members ?? {}))
    if (member.location === 'header' && values[name] !== undefined)
      headers[member.locationName ?? name] = toText(values[name]);
  return {
    status: http.responseCode ?? (asked.operation.startsWith('CreateHostedZone') ? 201 : 200),
    headers,
    body: xmlReply(model, asked.operation, members, requestId),
  };
}

function xmlReply(model: ServiceModel, operation: string, members: string, requestId: string): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  const { protocol, xmlNamespace, apiVersion } = model.metadata;
  if (protocol === 'ec2')
    return (
      declaration +
      element(`${operation}Response`, element('requestId', requestId) + orReturn(members), ` xmlns="${xmlNamespace}/"`)
    );
  if (protocol === 'rest-xml')
    return (
      declaration +
      element(`${operation}Response`, members, ` xmlns="https://route53.amazonaws.com/doc/${apiVersion}/"`)
    );
  const wrapper = model.operations[operation]?.output?.resultWrapper;
  const result = wrapper === undefined ? members : element(wrapper, members);
  const metadata = element('ResponseMetadata', element('RequestId', requestId));
  return declaration + element(`${operation}Response`, result + metadata, ` xmlns="${xmlNamespace}"`);
}

/** EC2 answers `<return>true</return>` where it has nothing else to say. */
const orReturn = (members: string): string => (members === '' ? element('return', 'true') : members);

/** Writes an error by its service's protocol; before the service is known, as a query service would. */
export function writeError(error: AwsError, service: ServiceId | undefined, requestId: string): WireReply {
  const protocol = service === undefined ? 'query' : modelOf(service).metadata.protocol;
  const { code, message, status } = error;
  if (protocol === 'json')
    return {
      status,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': code,
      },
      body: JSON.stringify({ __type: code, message, Message: message }),
    };
  const told = element('Code', code) + element('Message', escapeXml(message));
  const headers = { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
  if (protocol === 'ec2') {
    const body = element('Response', element('Errors', element('Error', told)) + element('RequestID', requestId));
    return { status, headers, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
  }
  const type = element('Type', status < 500 ? 'Sender' : 'Receiver');
  return {
    status,
    headers,
    body: element('ErrorResponse', element('Error', type + told) + element('RequestId', requestId)),
  };
}
