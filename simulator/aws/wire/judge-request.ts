import { shapeOf, type Operation, type ServiceModel } from '../core/service-model.ts';
import { misfits } from '../core/validate.ts';
import type { WireRequest } from '../front/wire.ts';
import { rootOf } from './element.ts';
import { broken, unknown, type Finding } from './misfit.ts';
import { readForm } from './read-form.ts';
import { readJson } from './read-json.ts';
import { readStructure } from './read-xml.ts';
import { matchOf } from './route.ts';
import { strictly } from './scalar-text.ts';

/** What a request asks for, and all in which it is not AWS's. */
export interface JudgedRequest {
  readonly operation: string | undefined;
  readonly found: readonly Finding[];
}

/**
 * Reads a request by its protocol and the model alone, strictly, and without a line of the front's own readers: it is
 * their judge too.
 */
export function judgeRequest(model: ServiceModel, request: WireRequest): JudgedRequest {
  const operation = operationOf(model, request);
  const described = operation === undefined ? undefined : model.operations[operation];
  if (operation === undefined || !described)
    return {
      operation,
      found: [
        {
          path: '',
          rule: 'operation',
          message: `${operation ?? `${request.method} ${request.path}`} is not known here`,
        },
      ],
    };
  const found: Finding[] = [];
  const value = inputOf(model, described, request, found);
  if (value !== undefined && described.input) found.push(...misfits(model, described.input.shape, value));
  return { operation, found };
}

function operationOf(model: ServiceModel, request: WireRequest): string | undefined {
  switch (model.metadata.protocol) {
    case 'ec2':
    case 'query':
      return formOf(request).get('Action') ?? undefined;
    case 'json': {
      const [prefix, name] = (request.headers['x-amz-target'] ?? '').split('.');
      return prefix === model.metadata.targetPrefix ? name : undefined;
    }
    case 'rest-xml':
    case 'rest-json':
      return matchOf(model, request)?.operation;
  }
}

const formOf = ({ method, query, body }: WireRequest): URLSearchParams =>
  method === 'GET' ? query : new URLSearchParams(body);

function inputOf(model: ServiceModel, described: Operation, request: WireRequest, found: Finding[]): unknown {
  const { protocol, apiVersion, jsonVersion = '1.1' } = model.metadata;
  const type = (request.headers['content-type'] ?? '').split(';')[0];
  const typed = (due: string): void => {
    if (type !== due) found.push(broken('content-type', `is ${type || 'missing'}, not ${due}`));
  };
  switch (protocol) {
    case 'ec2':
    case 'query': {
      if (request.method !== 'GET') typed('application/x-www-form-urlencoded');
      const form = formOf(request);
      if (form.get('Version') !== apiVersion) found.push(broken('Version', `is not ${apiVersion}`));
      return readForm({ model, found }, described.input?.shape, form);
    }
    case 'json': {
      typed(`application/x-amz-json-${jsonVersion}`);
      const parsed = jsonOf(request.body, found);
      if (!described.input) return undefined;
      return parsed === undefined ? undefined : readJson({ model, found }, described.input, parsed, '');
    }
    case 'rest-xml':
      return restXmlInput(model, described, request, found);
    case 'rest-json':
      throw new Error('no service of the simulator speaks rest-json yet: teach the judge');
  }
}

function jsonOf(body: string, found: Finding[]): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    found.push(broken('', `is no JSON: ${String(error)}`)); // The request is wrong, not we: told as a finding.
    return undefined;
  }
}

/** What SigV4, the SDKs and HTTP itself send besides the members of an input. */
const ofTransport =
  /^(accept|accept-encoding|amz-sdk-.*|authorization|connection|content-length|content-type|date|expect|host|transfer-encoding|user-agent|x-amz-(content-sha256|date|security-token|user-agent)|x-amzn-trace-id)$/;

function restXmlInput(model: ServiceModel, described: Operation, request: WireRequest, found: Finding[]): object {
  const shape = described.input ? shapeOf(model, described.input.shape) : { type: 'structure' };
  const members = Object.entries(shape.members ?? {});
  const value: Record<string, unknown> = {};
  const labels = matchOf(model, request)?.labels ?? {};
  const scalar = (name: string, text: string): unknown => {
    const member = (shape.members ?? {})[name];
    return member && strictly(model, member, shapeOf(model, member.shape), text);
  };
  const at = (location: string, wire: string): string | undefined =>
    members.find(([name, member]) => member.location === location && (member.locationName ?? name) === wire)?.[0];

  for (const [wire, text] of Object.entries(labels)) {
    const name = at('uri', wire);
    if (name !== undefined) value[name] = scalar(name, text);
  }
  for (const [wire, text] of request.query) {
    const name = at('querystring', wire);
    if (name === undefined) found.push(unknown(`?${wire}`));
    else if (name in value) found.push(broken(`?${wire}`, 'is given twice'));
    else value[name] = scalar(name, text);
  }
  for (const [wire, text] of Object.entries(request.headers)) {
    const name = members.find(([, m]) => m.location === 'header' && m.locationName?.toLowerCase() === wire)?.[0];
    if (name !== undefined && text !== undefined) value[name] = scalar(name, text);
    else if (!ofTransport.test(wire)) found.push(unknown(`header ${wire}`));
  }
  Object.assign(value, bodyOf(model, described, request, found));
  return value;
}

function bodyOf(model: ServiceModel, described: Operation, { body, headers }: WireRequest, found: Finding[]): object {
  const shape = described.input && shapeOf(model, described.input.shape);
  const wanted = shape && Object.values(shape.members ?? {}).some(({ location }) => location === undefined);
  if (body === '') return {};
  if (!wanted) return (found.push(broken('body', 'is there although the operation has none')), {});
  if (shape.payload !== undefined) throw new Error('no operation of the simulator has a payload yet: teach the judge');
  // AWS takes XML without a type as well: botocore, and so the AWS CLI and boto3, send none.
  if ((headers['content-type'] ?? 'application/xml').split(';')[0] !== 'application/xml')
    found.push(broken('content-type', 'is not application/xml'));
  const root = rootOf(body);
  if (typeof root === 'string') return (found.push(broken('body', root)), {});
  const { locationName, xmlNamespace } = described.input as { locationName?: string; xmlNamespace?: { uri: string } };
  if (root.name !== locationName) found.push(broken('body', `is <${root.name}>, not <${locationName}>`));
  if (root.attributes['xmlns'] !== xmlNamespace?.uri)
    found.push(broken('body', `is of the namespace ${root.attributes['xmlns']}, not ${xmlNamespace?.uri}`));
  return readStructure({ model, found }, shape, root, '');
}
