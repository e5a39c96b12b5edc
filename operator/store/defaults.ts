import { entrySchema, type JsonSchema } from './json-schema.ts';

/**
 * A value with the defaults of its schema filled in, as the API server does it: top down, and a null counts as missing
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable).
 */
export function applyDefaults(schema: JsonSchema, value: unknown): unknown {
  const { items, properties = {} } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => applyDefaults(items, item)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(
    ([name, part]) => part !== null || entrySchema(schema, name) === undefined,
  );
  const missing = Object.entries(properties).filter(
    ([name, part]) => part.default !== undefined && !given.some(([there]) => there === name),
  );
  const whole = [...given, ...missing.map(([name, part]) => [name, part.default] as const)];
  return Object.fromEntries(
    whole.map(([name, part]) => [name, applyDefaults(entrySchema(schema, name) ?? {}, part)] as const),
  );
}
