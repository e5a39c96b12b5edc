import { RE2JS } from 're2js';
import { isObject, sameJson } from '../json.ts';
import type { Cause } from '../refusal.ts';
import { fitsFormat } from './formats.ts';
import { goQuoted } from '../quoted.ts';
import { entryPath, entrySchema, type Schema } from './schema.ts';
import { duplicates, itemBefore } from './lists.ts';

/** A value, the schema it must fit, and the value before the change, where it can be told. */
export interface Place {
  readonly schema: Schema;
  readonly value: unknown;
  readonly before: unknown;
  readonly path: string;
}

const patterns = new Map<string, RE2JS>();

/** Patterns are RE2, and match anywhere unless they are anchored. */
function matches(pattern: string, text: string): boolean {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled.matcher(text).find();
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const invalid = (field: string, message: string): Cause => ({ reason: 'FieldValueInvalid', message, field });

/**
 * What is wrong with a value by its schema, in the API server's words. What did not change is not held against an
 * update: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting
 */
export function* schemaCauses(place: Place): Generator<Cause> {
  const { schema, value, before, path } = place;
  if (before !== undefined && sameJson(before, value)) return;
  if (value === null && schema.nullable) return;
  const wrongType = typeCause(place);
  if (wrongType) yield wrongType;
  // A value of the wrong type is still looked up in the enumeration, unless it is a fraction.
  const isEnumerated = !schema.enum || schema.enum.some((one) => sameJson(one, value));
  if (schema.enum && !isEnumerated && typeOf(value) !== 'number') yield unsupported(schema.enum, value, path);
  if (wrongType) return;
  if (typeof value === 'string') yield* stringCauses(schema, value, path);
  if (typeof value === 'number') yield* numberCauses(schema, value, path);
  if (Array.isArray(value)) yield* listCauses(place, value);
  if (isObject(value)) yield* objectCauses(place, value);
}

function typeCause({ schema, value, path }: Place): Cause | undefined {
  const type = typeOf(value);
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const wanted = intOrString ? 'integer,string' : schema.type;
  const fits =
    wanted === undefined || wanted.split(',').includes(type) || (schema.type === 'number' && type === 'integer');
  if (fits) return undefined;
  const message = `Invalid value: "${type}": ${path} in body must be of type ${wanted}: "${type}"`;
  return { reason: 'FieldValueTypeInvalid', message, field: path === '' ? '<nil>' : path };
}

function unsupported(allowed: readonly unknown[], value: unknown, field: string): Cause {
  // The allowed values are quoted whatever they are; the given one only when it is a string.
  const told = allowed.map((one) => goQuoted(String(one))).join(', ');
  const given = typeof value === 'string' ? goQuoted(value) : JSON.stringify(value);
  const message = `Unsupported value: ${given}: supported values: ${told}`;
  return { reason: 'FieldValueNotSupported', message, field };
}

function* stringCauses(schema: Schema, value: string, path: string): Generator<Cause> {
  const { format } = schema;
  const cause = boundsCause(schema, value, path);
  if (cause) yield cause;
  if (format !== undefined && !fitsFormat(format, value)) {
    const told = goQuoted(value);
    yield {
      reason: 'FieldValueTypeInvalid',
      message: `Invalid value: ${told}: ${path} in body must be of type ${format}: ${told}`,
      field: path,
    };
  }
}

/** The API server tells only the first of these. */
function boundsCause({ minLength, maxLength, pattern }: Schema, value: string, path: string): Cause | undefined {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength)
    return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maxLength} bytes`, field: path };
  const told = (): string => `Invalid value: ${goQuoted(value)}: ${path} in body should`;
  if (minLength !== undefined && length < minLength)
    return invalid(path, `${told()} be at least ${minLength} chars long`);
  if (pattern !== undefined && !matches(pattern, value)) return invalid(path, `${told()} match '${pattern}'`);
  return undefined;
}

function* numberCauses(schema: Schema, value: number, path: string): Generator<Cause> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const should = (what: string): Cause => invalid(path, `Invalid value: ${value}: ${path} in body should be ${what}`);
  if (minimum !== undefined && exclusiveMinimum && value <= minimum) yield should(`greater than ${minimum}`);
  if (minimum !== undefined && !exclusiveMinimum && value < minimum)
    yield should(`greater than or equal to ${minimum}`);
  if (maximum !== undefined && exclusiveMaximum && value >= maximum) yield should(`less than ${maximum}`);
  if (maximum !== undefined && !exclusiveMaximum && value > maximum) yield should(`less than or equal to ${maximum}`);
  if (multipleOf !== undefined && value % multipleOf !== 0) yield should(`a multiple of ${multipleOf}`);
}

const tooMany = (field: string, count: number, most: number): Cause => {
  const message = `Too many: ${count}: must have at most ${most} item${most === 1 ? '' : 's'}`;
  return { reason: 'FieldValueTooMany', message, field };
};

function* listCauses({ schema, before, path }: Place, value: readonly unknown[]): Generator<Cause> {
  const { minItems, maxItems, items } = schema;
  if (maxItems !== undefined && value.length > maxItems) yield tooMany(path, value.length, maxItems);
  if (minItems !== undefined && value.length < minItems)
    yield invalid(path, `Invalid value: ${value.length}: ${path} in body should have at least ${minItems} items`);
  yield* duplicates(schema, value, path);
  if (!items) return;
  for (const [index, item] of value.entries())
    yield* schemaCauses({
      schema: items,
      value: item,
      before: itemBefore(schema, before, item),
      path: `${path}[${index}]`,
    });
}

function* objectCauses({ schema, before, path }: Place, value: Record<string, unknown>): Generator<Cause> {
  const { required, minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  if (maxProperties !== undefined && count > maxProperties) yield tooMany(path, count, maxProperties);
  if (minProperties !== undefined && count < minProperties)
    yield invalid(path, `Invalid value: ${count}: ${path} in body should have at least ${minProperties} properties`);
  for (const name of required ?? [])
    if (!Object.hasOwn(value, name))
      yield {
        reason: 'FieldValueRequired',
        message: 'Required value',
        field: path === '' ? name : `${path}.${name}`,
      };
  for (const [name, part] of Object.entries(value)) {
    const schemaOfPart = entrySchema(schema, name);
    // Unlike elsewhere, the entries of a map are written with a dot here.
    const at = schemaOfPart && (path === '' ? entryPath(path, schema, name) : `${path}.${name}`);
    const partBefore = isObject(before) ? before[name] : undefined;
    if (at) yield* schemaCauses({ schema: schemaOfPart, value: part, before: partBefore, path: at });
  }
}
