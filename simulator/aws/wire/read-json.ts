import { shapeOf, type Member, type ServiceModel } from '../core/service-model.ts';
import { under, unknown, type Finding } from './misfit.ts';
import { blob } from './scalar-text.ts';

export interface JsonReading {
  readonly model: ServiceModel;
  /** CBOR has dates and bytes of its own; JSON, where this is left out, has numbers and base64. */
  readonly form?: 'cbor';
  readonly found: Finding[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

/**
 * A value of the JSON protocols, or of CBOR as `fromCbor` has it: timestamps are seconds as a number, blobs base64. What is written any other way stays
 * as it is, which `misfits` then takes for a wrong type. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function readJson(
  reading: JsonReading,
  described: Pick<Member, 'shape'>,
  value: unknown,
  path: string,
): unknown {
  const shape = shapeOf(reading.model, described.shape);
  const read = (member: Member | undefined, part: unknown, name: string): unknown =>
    readJson(reading, member as Member, part, under(path, name));
  if (shape.type === 'structure' && isObject(value))
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, part]) => {
        const member = shape.members?.[name];
        if (member) return [[name, read(member, part, name)]];
        reading.found.push(unknown(under(path, name)));
        return [];
      }),
    );
  if (shape.type === 'list' && Array.isArray(value))
    return value.map((item, i) => read(shape.member, item, String(i + 1)));
  if (shape.type === 'map' && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, read(shape.value, part, name)]));
  if (reading.form === 'cbor') return value;
  if (shape.type === 'timestamp' && typeof value === 'number') return new Date(value * 1000);
  if (shape.type === 'blob' && typeof value === 'string') return blob(value) ?? value;
  return value;
}
