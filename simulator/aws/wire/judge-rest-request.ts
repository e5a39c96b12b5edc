import { shapeOf, type Member, type Operation, type ServiceModel, type Shape } from '../core/service-model.ts';
import type { WireRequest } from '../front/wire.ts';
import { rootOf, type Element } from './element.ts';
import { broken, unknown, type Finding } from './misfit.ts';
import { readJson } from './read-json.ts';
import { readStructure } from './read-xml.ts';
import { matchOf } from './route.ts';
import { strictly } from './scalar-text.ts';

/** What SigV4, the SDKs and HTTP itself send besides the members of an input. */
const ofTransport =
  /^(accept|accept-encoding|amz-sdk-.*|authorization|connection|content-length|content-type|date|expect|host|transfer-encoding|user-agent|x-amz-(content-sha256|date|security-token|user-agent)|x-amzn-trace-id)$/;

/** A checksum of the body, in any of its forms. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
const ofChecksum = /^(content-md5|x-amz-(checksum-.*|sdk-checksum-algorithm|trailer|decoded-content-length))$/;

/** The input of a REST request: what stands in its path, its query string, its headers and its body. */
export function restInput(
  model: ServiceModel,
  described: Operation,
  request: WireRequest,
  found: Finding[],
): Record<string, unknown> {
  const shape: Shape = described.input ? shapeOf(model, described.input.shape) : { type: 'structure' };
  return {
    ...inPath(model, shape, request),
    ...inQuery(model, shape, request, found),
    ...inHeaders(model, shape, described, request, found),
    ...inBody(model, described, request, found),
  };
}

const boundTo = (shape: Shape, location: Member['location']): [name: string, wire: string, member: Member][] =>
  Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
    member.location === location ? [[name, member.locationName ?? name, member]] : [],
  );

const scalar = (model: ServiceModel, member: Member, text: string): unknown =>
  strictly(model, member, shapeOf(model, member.shape), text);

function inPath(model: ServiceModel, shape: Shape, request: WireRequest): object {
  const labels = matchOf(model, request)?.labels ?? {};
  return Object.fromEntries(
    boundTo(shape, 'uri').flatMap(([name, wire, member]) =>
      labels[wire] === undefined ? [] : [[name, scalar(model, member, labels[wire])]],
    ),
  );
}

function inQuery(model: ServiceModel, shape: Shape, request: WireRequest, found: Finding[]): object {
  const value: Record<string, unknown> = {};
  const { words, operation } = matchOf(model, request) ?? {};
  for (const wire of new Set(request.query.keys())) {
    const texts = request.query.getAll(wire);
    const [name, , member] = boundTo(shape, 'querystring').find(([, known]) => known === wire) ?? [];
    const list = member && shapeOf(model, member.shape).type === 'list';
    if (texts.length > 1 && !list) found.push(broken(`?${wire}`, 'is given twice'));
    if (name !== undefined && member)
      value[name] = list
        ? texts.map((text) => scalar(model, shapeOf(model, member.shape).member as Member, text))
        : scalar(model, member, texts[0] as string);
    // The JavaScript SDK tells S3 the name of the operation.
    else if (wire === 'x-id' ? texts[0] !== operation : !words?.has(wire)) found.push(unknown(`?${wire}`));
  }
  return value;
}

function inHeaders(
  model: ServiceModel,
  shape: Shape,
  { httpChecksum }: Operation,
  { headers }: WireRequest,
  found: Finding[],
): object {
  const value: Record<string, unknown> = {};
  const [single, prefixed] = [boundTo(shape, 'header'), boundTo(shape, 'headers')];
  for (const [header, text = ''] of Object.entries(headers)) {
    const [name, , member] = single.find(([, wire]) => wire.toLowerCase() === header) ?? [];
    const [group, prefix = ''] = prefixed.find(([, wire]) => header.startsWith(wire.toLowerCase())) ?? [];
    if (name !== undefined && member) {
      const target = shapeOf(model, member.shape);
      const items = (): unknown[] => text.split(/\s*,\s*/).map((one) => scalar(model, target.member as Member, one));
      value[name] = target.type === 'list' ? items() : scalar(model, member, text);
    } else if (group !== undefined)
      value[group] = { ...(value[group] as object | undefined), [header.slice(prefix.length)]: text };
    else if (!ofTransport.test(header) && !(httpChecksum && ofChecksum.test(header)))
      found.push(unknown(`header ${header}`));
  }
  return value;
}

function inBody(model: ServiceModel, described: Operation, request: WireRequest, found: Finding[]): object {
  const shape = described.input && shapeOf(model, described.input.shape);
  const members = Object.entries(shape?.members ?? {}).filter(([, { location }]) => location === undefined);
  const { payload } = shape ?? {};
  const target = payload === undefined ? undefined : shapeOf(model, (shape?.members?.[payload] as Member).shape);
  if (payload !== undefined && target?.type === 'blob') return { [payload]: new Uint8Array(request.body) };
  if (request.body.length === 0) return {};
  if (!shape || members.length === 0)
    return (found.push(broken('body', 'is there although the operation has none')), {});
  if (payload !== undefined && target?.type === 'string') return { [payload]: request.body.toString() };
  const own: Shape = { ...shape, members: Object.fromEntries(members) };
  if (model.metadata.protocol === 'rest-json') {
    const value = jsonBody(model, payload === undefined ? own : (target as Shape), request, found);
    return payload === undefined ? (value as object) : { [payload]: value };
  }
  const root = xmlBody(model, described, request, found);
  if (!root) return {};
  if (payload === undefined) return readStructure({ model, found }, own, root, '');
  return { [payload]: readStructure({ model, found }, target as Shape, root, payload) };
}

function jsonBody(model: ServiceModel, shape: Shape, { body, headers }: WireRequest, found: Finding[]): unknown {
  const type = (headers['content-type'] ?? 'application/json').split(';')[0];
  if (type !== 'application/json') found.push(broken('content-type', `is ${type}, not application/json`));
  const whole = 'the body';
  const shapes = { ...model.shapes, [whole]: shape };
  try {
    return readJson({ model: { ...model, shapes }, found }, { shape: whole }, JSON.parse(body.toString()), '');
  } catch (error) {
    return (found.push(broken('body', `is no JSON: ${String(error)}`)), {}); // The request is wrong, not we.
  }
}

/** The root element, which is named by the input, or by the member that it is. */
function xmlBody(
  model: ServiceModel,
  { input }: Operation,
  { body, headers }: WireRequest,
  found: Finding[],
): Element | undefined {
  // AWS takes XML without a type as well: botocore, and so the AWS CLI and boto3, send none.
  if (!/^(application|text)\/xml(;|$)/.test(headers['content-type'] ?? 'application/xml'))
    found.push(broken('content-type', 'is not application/xml'));
  const root = rootOf(body.toString());
  if (typeof root === 'string') return void found.push(broken('body', root));
  const { payload, members = {} } = input ? shapeOf(model, input.shape) : {};
  const described = payload === undefined ? input : (members[payload] as Member);
  const { locationName = described?.shape, xmlNamespace } = described ?? {};
  if (root.name !== locationName) found.push(broken('body', `is <${root.name}>, not <${locationName}>`));
  const namespace = typeof xmlNamespace === 'object' ? xmlNamespace.uri : xmlNamespace;
  if (root.attributes['xmlns'] !== namespace)
    found.push(broken('body', `is of the namespace ${root.attributes['xmlns']}, not ${namespace}`));
  return root;
}
