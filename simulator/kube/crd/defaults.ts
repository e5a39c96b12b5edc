import { isObject, type JsonObject } from '../json.ts';
import { entrySchema, type Schema } from './schema.ts';

const isUnwantedNull = (schema: Schema, value: unknown): boolean => value === null && schema.nullable !== true;

/**
 * The value with the schema's defaults filled in; the very same where there is nothing to fill in, so that whoever
 * compares it with what it was need not look inside. Nulls where the schema does not allow them give way to the default, or
 * are dropped: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable
 */
export function fillIn(schema: Schema, value: unknown): unknown {
  const { items } = schema;
  if (Array.isArray(value)) return items ? filledList(items, value) : value;
  if (!isObject(value)) return value;
  let whole = value;
  const change = (): JsonObject => (whole === value ? (whole = { ...value }) : whole);
  for (const [name, given] of defaultsOf(schema))
    if (!Object.hasOwn(value, name)) change()[name] = structuredClone(given);
  for (const name of Object.keys(whole)) {
    const part = entrySchema(schema, name);
    if (!part) continue;
    const filled = fillInPart(part, whole[name]);
    if (isUnwantedNull(part, filled)) delete change()[name];
    else if (filled !== whole[name]) change()[name] = filled;
  }
  return whole;
}

function filledList(items: Schema, list: readonly unknown[]): readonly unknown[] {
  const filled = list.map((item) => fillInPart(items, item));
  return filled.every((item, index) => item === list[index]) ? list : filled;
}

const defaults = new WeakMap<Schema, readonly (readonly [name: string, given: unknown])[]>();

/** The properties of a schema that have a default. Schemas never change. */
function defaultsOf(schema: Schema): readonly (readonly [name: string, given: unknown])[] {
  const known =
    defaults.get(schema) ??
    Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      part.default === undefined ? [] : [[name, part.default] as const],
    );
  defaults.set(schema, known);
  return known;
}

const fillInPart = (schema: Schema, value: unknown): unknown =>
  fillIn(
    schema,
    isUnwantedNull(schema, value) && schema.default !== undefined ? structuredClone(schema.default) : value,
  );
