import { documentRoot, isUnwrapped, xmlNamespaceOf } from '../core/documents.ts';
import { shapeOf, type Member, type Operation, type ServiceModel, type Shape } from '../core/service-model.ts';
import type { WireReply } from '../front/wire.ts';
import { rootOf, type Element } from './element.ts';
import { broken, unknown, type Finding } from './misfit.ts';
import { readJson } from './read-json.ts';
import { readStructure } from './read-xml.ts';
import { strictly } from './scalar-text.ts';

/** What stands in a reply besides the members of its output. */
const ofTransport =
  /^(content-type|content-length|connection|date|keep-alive|transfer-encoding|x-amzn?-request-?id|x-amz-id-2)$/;

/** The output of a REST reply, and whether its body is a document (and so has a type). */
export interface RestOutput {
  readonly value: Readonly<Record<string, unknown>>;
  readonly isDocument: boolean;
}

/** Reads a reply's status, headers and body. https://smithy.io/2.0/spec/http-bindings.html */
export function restOutput(model: ServiceModel, name: string, reply: WireReply, found: Finding[]): RestOutput {
  const { output, http } = model.operations[name] as Operation;
  const shape: Shape = output ? shapeOf(model, output.shape) : { type: 'structure' };
  const members = Object.entries(shape.members ?? {});
  const headers = inHeaders(model, shape, reply, found);
  const ofStatus = members.find(([, { location }]) => location === 'statusCode')?.[0];
  // https://www.rfc-editor.org/rfc/rfc9110#status.206
  const due = 'ContentRange' in headers ? 206 : (http.responseCode ?? 200);
  if (ofStatus === undefined && reply.status !== due) found.push(broken('status', `is ${reply.status}, not ${due}`));
  const status = ofStatus === undefined ? {} : { [ofStatus]: reply.status };
  const content = inBody(model, name, shape, reply, found);
  return { value: { ...headers, ...status, ...content?.value }, isDocument: content?.isDocument ?? false };
}

function inHeaders(
  model: ServiceModel,
  shape: Shape,
  { headers, body }: WireReply,
  found: Finding[],
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const members = Object.entries(shape.members ?? {});
  for (const [header, text] of Object.entries(headers)) {
    const wire = header.toLowerCase();
    const own = members.find(([name, m]) => m.location === 'header' && (m.locationName ?? name).toLowerCase() === wire);
    const prefixed = members.find(([, m]) => m.location === 'headers' && wire.startsWith(m.locationName as string));
    if (own) {
      const target = shapeOf(model, own[1].shape);
      const item = (one: string, member: Member, of: Shape): unknown =>
        strictly(model, { ...member, location: 'header' }, of, one);
      const list = target.member as Member;
      value[own[0]] =
        target.type === 'list'
          ? text.split(/\s*,\s*/).map((one) => item(one, list, shapeOf(model, list.shape)))
          : item(text, own[1], target);
    } else if (prefixed) {
      const [name, { locationName = '' }] = prefixed;
      value[name] = { ...(value[name] as object | undefined), [wire.slice(locationName.length)]: text };
    } else if (!ofTransport.test(wire)) found.push(unknown(`header ${wire}`));
  }
  const length = value['ContentLength'];
  if (body.length > 0 && length !== undefined && length !== body.length)
    found.push(broken('content-length', `is ${length as number}, and the body has ${body.length}`));
  return value;
}

function inBody(
  model: ServiceModel,
  name: string,
  shape: Shape,
  { body }: WireReply,
  found: Finding[],
): RestOutput | undefined {
  const { payload, members = {} } = shape;
  const own = Object.entries(members).filter(([, { location }]) => location === undefined);
  const described = model.operations[name]?.output;
  const target = payload === undefined ? undefined : shapeOf(model, (members[payload] as Member).shape);
  if (payload !== undefined && target?.type === 'blob')
    return { value: { [payload]: new Uint8Array(body) }, isDocument: false };
  if (payload !== undefined && target?.type === 'string')
    return { value: { [payload]: body.toString() }, isDocument: false };
  const isDue = described !== undefined && (own.length > 0 || Object.keys(members).length === 0);
  if (body.length === 0) return isDue ? void found.push(broken('body', 'is missing')) : undefined;
  if (!isDue) return void found.push(broken('body', 'is there although the reply has none'));
  const inside: Shape = { ...(target ?? shape), members: target?.members ?? Object.fromEntries(own) };
  const value =
    model.metadata.protocol === 'rest-json'
      ? jsonValue(model, inside, body, found)
      : xmlValue(model, name, inside, body, found);
  return { value: payload === undefined ? value : { [payload]: value }, isDocument: true };
}

function jsonValue(model: ServiceModel, shape: Shape, body: Buffer, found: Finding[]): Record<string, unknown> {
  const whole = 'the body';
  const shapes = { ...model.shapes, [whole]: shape };
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return readJson({ model: { ...model, shapes }, found }, { shape: whole }, parsed, '') as Record<string, unknown>;
  } catch (error) {
    return (found.push(broken('body', `is no JSON: ${String(error)}`)), {}); // The reply is wrong, not we.
  }
}

function xmlValue(
  model: ServiceModel,
  name: string,
  shape: Shape,
  body: Buffer,
  found: Finding[],
): Record<string, unknown> {
  const root: Element | string = rootOf(body.toString());
  if (typeof root === 'string') return (found.push(broken('body', root)), {});
  const due = documentRoot(model, name);
  if (root.name !== due) found.push(broken('', `is <${root.name}>, not <${due}>`));
  const namespace = xmlNamespaceOf(model);
  if (root.attributes['xmlns'] !== namespace)
    found.push(broken('', `is of the namespace ${root.attributes['xmlns']}, not ${namespace}`));
  if (isUnwrapped(model, name)) {
    found.push(...root.children.map((child) => unknown(child.name)));
    // Of us-east-1 nothing is told: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    return root.text === '' ? {} : { [Object.keys(shape.members ?? {})[0] as string]: root.text };
  }
  return readStructure({ model, found }, shape, root, '') as Record<string, unknown>;
}
