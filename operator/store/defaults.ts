import type { JsonSchema } from './json-schema.ts';

/**
 * A value with the defaults of its schema filled in, as the API server does it: top down, and a null where the schema
 * has a default counts as missing (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable).
 */
export function applyDefaults(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value))
    return schema.items ? value.map((item) => applyDefaults(schema.items as JsonSchema, item)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const filled: Record<string, unknown> = { ...value };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    if (filled[name] == null && part.default !== undefined) filled[name] = structuredClone(part.default);
    if (name in filled) filled[name] = applyDefaults(part, filled[name]);
  }
  return filled;
}
