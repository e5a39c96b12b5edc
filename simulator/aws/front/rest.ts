import { shapeOf, type Member, type Operation, type ServiceModel, type Shape } from '../core/service-model.ts';
import { fromXml, rootOf, structureFromXml } from './from-xml.ts';
import { fromJson, structureFromJson, toJson } from './json.ts';
import { fromText, toHeader } from './scalar.ts';
import { documentOf } from './to-xml.ts';
import type { WireReply, WireRequest } from './wire.ts';

/**
 * The input of a REST request: from its path, its query string, its headers and its body.
 * https://smithy.io/2.0/spec/http-bindings.html
 */
export function inputFromRest(
  model: ServiceModel,
  operation: Operation,
  request: WireRequest & { readonly labels: Readonly<Record<string, string>> },
): object {
  if (!operation.input) return {};
  const shape = shapeOf(model, operation.input.shape);
  const bound = Object.entries(shape.members ?? {}).flatMap(([name, member]) => {
    const value = boundTo(model, name, member, request);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...bodyOf(model, shape, request.body), ...(Object.fromEntries(bound) as object) };
}

function boundTo(
  model: ServiceModel,
  name: string,
  { location, locationName: wire = name, shape: target }: Member,
  { labels, query, headers }: WireRequest & { readonly labels: Readonly<Record<string, string>> },
): unknown {
  const shape = shapeOf(model, target);
  const several = (texts: readonly string[]): unknown =>
    texts.length === 0
      ? undefined
      : shape.type === 'list'
        ? texts.map((text) => fromText(shapeOf(model, (shape.member as Member).shape), text))
        : fromText(shape, texts[0] as string);
  switch (location) {
    case 'uri':
      return several(labels[wire] === undefined ? [] : [labels[wire]]);
    case 'querystring':
      return several(query.getAll(wire));
    case 'header': {
      const text = headers[wire.toLowerCase()];
      if (text === undefined) return undefined;
      return several(shape.type === 'list' ? text.split(/\s*,\s*/) : [text]);
    }
    case 'headers': {
      const prefix = wire.toLowerCase();
      const own = Object.entries(headers).filter(([header]) => header.startsWith(prefix));
      return own.length === 0
        ? undefined
        : Object.fromEntries(own.map(([key, text]) => [key.slice(prefix.length), text]));
    }
    default:
      return undefined;
  }
}

/** The members that the body tells: the one that it is, or all that have no other place. */
function bodyOf(model: ServiceModel, shape: Shape, body: Buffer): object {
  const xml = model.metadata.protocol === 'rest-xml';
  if (shape.payload === undefined) {
    const own = inBody(shape);
    if (own.members && Object.keys(own.members).length === 0) return {};
    if (xml) return structureFromXml(model, own, rootOf(body.toString()));
    return body.length === 0 ? {} : (structureFromJson(model, own, JSON.parse(body.toString())) as object);
  }
  const member = shape.members?.[shape.payload] as Member;
  const target = shapeOf(model, member.shape);
  if (target.type === 'blob') return { [shape.payload]: new Uint8Array(body) };
  if (body.length === 0) return {};
  if (target.type === 'string') return { [shape.payload]: body.toString() };
  const value = xml
    ? fromXml(model, member, rootOf(body.toString()))
    : fromJson(model, member.shape, JSON.parse(body.toString()));
  return { [shape.payload]: value };
}

/** A structure without the members that stand elsewhere than in the body. */
export const inBody = (shape: Shape): Shape => ({
  ...shape,
  members: Object.fromEntries(Object.entries(shape.members ?? {}).filter(([, { location }]) => location === undefined)),
});

/** The reply of a REST operation, but for its request id. */
export function restReply(
  model: ServiceModel,
  operation: string,
  values: Readonly<Record<string, unknown>>,
): WireReply {
  const { output, http } = model.operations[operation] as Operation;
  const shape = output ? shapeOf(model, output.shape) : { type: 'structure' };
  const { status, headers } = headersOf(model, shape, values);
  const { body, type } = output ? content(model, operation, shape, values) : nothing;
  return {
    status: status ?? (headers['Content-Range'] === undefined ? (http.responseCode ?? 200) : 206),
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
    body: Buffer.from(body),
  };
}

function headersOf(model: ServiceModel, shape: Shape, values: Readonly<Record<string, unknown>>) {
  const headers: Record<string, string> = {};
  let status: number | undefined;
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const [value, wire] = [values[name], member.locationName ?? name];
    if (value === undefined) continue;
    if (member.location === 'statusCode') status = value as number;
    if (member.location === 'header') headers[wire] = toHeader(shapeOf(model, member.shape), value);
    if (member.location === 'headers')
      for (const [key, text] of Object.entries(value as Record<string, string>)) headers[wire + key] = text;
  }
  return { status, headers };
}

interface Content {
  readonly body: string | Uint8Array;
  readonly type?: string;
}

const nothing: Content = { body: '' };

function content(
  model: ServiceModel,
  operation: string,
  shape: Shape,
  values: Readonly<Record<string, unknown>>,
): Content {
  const { payload, members = {} } = shape;
  const value = payload === undefined ? undefined : values[payload];
  const target = payload === undefined ? undefined : shapeOf(model, (members[payload] as Member).shape);
  if (target && value === undefined) return nothing;
  if (target?.type === 'blob' || target?.type === 'string') return { body: value as string | Uint8Array };
  const own = inBody(shape);
  // All its members are in headers: there is no document. An output without any member is an empty document.
  if (Object.keys(members).length > 0 && Object.keys(own.members ?? {}).length === 0) return nothing;
  if (model.metadata.protocol === 'rest-json') {
    const told = target
      ? value
      : Object.fromEntries(Object.keys(own.members ?? {}).map((name) => [name, values[name]]));
    return { type: 'application/json', body: JSON.stringify(toJson(told)) };
  }
  const type = model.metadata.endpointPrefix === 's3' ? 'application/xml' : 'text/xml';
  return { type, body: documentOf(model, operation, values) };
}
