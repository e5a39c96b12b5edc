import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';

/**
 * A value of AWS's JSON protocols as the model has it: timestamps are seconds, blobs are base64. Unknown members stay, to
 * be refused. CBOR has dates and bytes of its own, which stay too.
 */
export function fromJson(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = shapeOf(model, shapeName);
  if (value === null || value === undefined) return undefined;
  if (shape.type === 'structure' && isPlain(value)) return structureFromJson(model, shape, value);
  if (shape.type === 'list' && Array.isArray(value))
    return value.map((item) => fromJson(model, (shape.member as Member).shape, item));
  if (shape.type === 'map' && isPlain(value))
    return mapped(value, (_, part) => fromJson(model, (shape.value as Member).shape, part));
  if (shape.type === 'timestamp' && typeof value === 'number') return new Date(value * 1000);
  if (shape.type === 'blob' && typeof value === 'string') return new Uint8Array(Buffer.from(value, 'base64'));
  return value;
}

/** The members of a structure; what is no object stays, to be refused. */
export function structureFromJson(model: ServiceModel, shape: Shape, value: unknown): unknown {
  if (!isPlain(value)) return value;
  return mapped(value, (name, part) => {
    const member = shape.members?.[name];
    return member ? fromJson(model, member.shape, part) : part;
  });
}

/** The other way round. */
export function toJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  return isPlain(value) ? mapped(value, (_, part) => toJson(part)) : value;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

const mapped = (value: Record<string, unknown>, change: (name: string, part: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(name, part)]));
