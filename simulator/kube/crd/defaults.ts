import { isObject } from '../json.ts';
import { entrySchema, type Schema } from './schema.ts';

const isUnwantedNull = (schema: Schema, value: unknown): boolean => value === null && schema.nullable !== true;

/**
 * A copy with the schema's defaults filled in. Nulls where the schema does not allow them give way to the default, or
 * are dropped: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable
 */
export function fillIn(schema: Schema, value: unknown): unknown {
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => fillIn(items, item)) : value;
  if (!isObject(value)) return value;
  const filled = { ...value };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const isMissing = !Object.hasOwn(filled, name) || isUnwantedNull(part, filled[name]);
    if (part.default !== undefined && isMissing) filled[name] = structuredClone(part.default);
  }
  for (const [name, entry] of Object.entries(filled)) {
    const part = entrySchema(schema, name);
    if (!part) continue;
    if (isUnwantedNull(part, entry) && part.default !== undefined) filled[name] = structuredClone(part.default);
    else if (isUnwantedNull(part, entry)) delete filled[name];
    else filled[name] = fillIn(part, entry);
  }
  return filled;
}
