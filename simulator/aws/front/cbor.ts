import { cbor, tag, tagSymbol } from '@smithy/core/cbor';

/** What stands in a body of CBOR, as plain values: timestamps, which are tagged, are dates. */
export const fromCbor = (body: Uint8Array): unknown => (body.length === 0 ? {} : untagged(cbor.deserialize(body)));

/** The other way round. */
export const toCbor = (value: unknown): Buffer => Buffer.from(cbor.serialize(tagged(value)));

/** https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html#shape-serialization */
const epochSeconds = 1;

function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged);
  if (!isPlain(value)) return value;
  if (tagSymbol in value && value['tag'] === epochSeconds) return new Date(Number(value['value']) * 1000);
  return mapped(value, untagged);
}

function tagged(value: unknown): unknown {
  if (value instanceof Date) return tag({ tag: epochSeconds, value: value.getTime() / 1000 });
  if (Array.isArray(value)) return value.map(tagged);
  return isPlain(value) ? mapped(value, tagged) : value;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !(value instanceof Date);

const mapped = (value: Record<string, unknown>, change: (part: unknown) => unknown): object =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => (part === undefined ? [] : [[name, change(part)]])),
  );
