import type { JsonObject } from './json.ts';

/**
 * How a field of a message is read. `kubectl create namespace`, `configmap`, `secret` and `serviceaccount` send
 * protobuf and nothing else; all other commands send JSON.
 */
type Field =
  | { readonly as: 'text' | 'texts' | 'flag' | 'textMap' | 'byteMap' | 'ignored'; readonly name: string }
  | { readonly as: 'message'; readonly name: string; readonly fields: Fields };
type Fields = Readonly<Record<number, Field>>;

const field = (name: string, as: Exclude<Field['as'], 'message'> = 'text'): Field => ({ name, as });
const message = (name: string, fields: Fields): Field => ({ name, as: 'message', fields });

// Numbers: https://github.com/kubernetes/api/blob/master/core/v1/generated.proto
const metadata = message('metadata', {
  1: field('name'),
  2: field('generateName'),
  3: field('namespace'),
  4: field('selfLink', 'ignored'),
  5: field('uid', 'ignored'),
  6: field('resourceVersion', 'ignored'),
  7: field('generation', 'ignored'),
  8: field('creationTimestamp', 'ignored'),
  11: field('labels', 'textMap'),
  12: field('annotations', 'textMap'),
  14: field('finalizers', 'texts'),
});

const kinds: Readonly<Record<string, Fields>> = {
  Namespace: { 1: metadata, 2: field('spec', 'ignored'), 3: field('status', 'ignored') },
  ConfigMap: {
    1: metadata,
    2: field('data', 'textMap'),
    3: field('binaryData', 'byteMap'),
    4: field('immutable', 'flag'),
  },
  Secret: {
    1: metadata,
    2: field('data', 'byteMap'),
    3: field('type'),
    4: field('stringData', 'textMap'),
    5: field('immutable', 'flag'),
  },
  ServiceAccount: { 1: metadata },
};

const envelope: Fields = {
  1: message('type', { 1: field('apiVersion'), 2: field('kind') }),
  2: field('raw', 'ignored'),
  3: field('contentEncoding', 'ignored'),
  4: field('contentType', 'ignored'),
};

const magic = Buffer.from('k8s\0');

/** An object in Kubernetes' protobuf form as JSON; undefined when it holds what is not read here. */
export function fromProtobuf(bytes: Buffer): JsonObject | undefined {
  if (!bytes.subarray(0, 4).equals(magic)) return undefined;
  const parts = partsOf(bytes.subarray(4));
  const head = parts && read(parts, envelope);
  const { apiVersion, kind } = (head?.['type'] ?? {}) as { apiVersion?: string; kind?: string };
  const raw = parts?.find(({ number }) => number === 2)?.bytes;
  const fields = kind === undefined ? undefined : kinds[kind];
  const body = raw && fields && partsOf(raw);
  const object = body && read(body, fields);
  return object && { apiVersion, kind, ...object };
}

interface Part {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: number;
}

/** https://protobuf.dev/programming-guides/encoding/ */
function partsOf(bytes: Buffer): Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire !== 0 && wire !== 2) return undefined;
    const value = varint();
    const length = wire === 2 ? value : 0;
    parts.push({ number, value, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return parts;
}

function read(parts: readonly Part[], fields: Fields): JsonObject | undefined {
  const object: JsonObject = {};
  for (const part of parts) {
    const known = fields[part.number];
    if (!known) return undefined;
    if (known.as === 'message') {
      const inner = partsOf(part.bytes);
      object[known.name] = inner && read(inner, known.fields);
      if (object[known.name] === undefined) return undefined;
    } else readPlain(object, known.name, known.as, part);
  }
  return object;
}

function readPlain(
  object: JsonObject,
  name: string,
  as: Exclude<Field['as'], 'message'>,
  { bytes, value }: Part,
): void {
  const text = bytes.toString('utf8');
  if (as === 'flag') object[name] = value === 1;
  // Go writes empty strings, too.
  if (as === 'text' && text !== '') object[name] = text;
  if (as === 'texts') object[name] = [...((object[name] ?? []) as string[]), text];
  if (as !== 'textMap' && as !== 'byteMap') return;
  const entry = partsOf(bytes) ?? [];
  const [key, held] = [1, 2].map((number) => entry.find((part) => part.number === number)?.bytes ?? Buffer.alloc(0));
  const told = held?.toString(as === 'textMap' ? 'utf8' : 'base64');
  object[name] = { ...(object[name] as JsonObject | undefined), [key?.toString('utf8') ?? '']: told };
}
