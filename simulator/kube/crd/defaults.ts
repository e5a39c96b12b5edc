import { isObject, type JsonObject } from '../json.ts';
import { entrySchema, type Schema } from './schema.ts';

const isUnwantedNull = (schema: Schema, value: unknown): boolean => value === null && schema.nullable !== true;

/**
 * A copy with the schema's defaults filled in. Nulls where the schema does not allow them give way to the default, or
 * are dropped: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable
 */
export function fillIn(schema: Schema, value: unknown): unknown {
  const { items, properties } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => fillInPart(items, item)) : value;
  if (!isObject(value)) return value;
  const missing = Object.entries(properties ?? {})
    .filter(([name, part]) => part.default !== undefined && !Object.hasOwn(value, name))
    .map(([name, part]) => [name, structuredClone(part.default)]);
  const whole = { ...value, ...(Object.fromEntries(missing) as JsonObject) };
  for (const [name, entry] of Object.entries(whole)) {
    const part = entrySchema(schema, name);
    if (!part) continue;
    whole[name] = fillInPart(part, entry);
    if (isUnwantedNull(part, whole[name])) delete whole[name];
  }
  return whole;
}

const fillInPart = (schema: Schema, value: unknown): unknown =>
  fillIn(
    schema,
    isUnwantedNull(schema, value) && schema.default !== undefined ? structuredClone(schema.default) : value,
  );
