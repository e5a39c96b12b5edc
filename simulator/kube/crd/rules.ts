import {
  Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
  TypeError as CelTypeError,
} from '@marcbachmann/cel-js';
import { isObject, sameJson } from '../json.ts';
import type { Cause } from '../refusal.ts';
import { itemBefore } from './lists.ts';
import { entryPath, entrySchema, partsOf, type CelRule, type Schema } from './schema.ts';
import type { Place } from './validate.ts';

const environment = new Environment({ unlistedVariablesAreDyn: true });
const parsed = new Map<string, ParseResult>();

function parse(expression: string): ParseResult {
  const known = parsed.get(expression) ?? environment.parse(expression);
  parsed.set(expression, known);
  return known;
}

/** Why a rule cannot be read; undefined when it can. */
export function unreadable(expression: string): string | undefined {
  try {
    parse(expression);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError || error instanceof CelTypeError) return error.message;
    throw error;
  }
}

/**
 * The rules in CEL that a value breaks. Rules that speak of `oldSelf` count only where there is an old value; the
 * others not where nothing changed.
 */
export function* ruleCauses(place: Place): Generator<Cause> {
  const { schema, value, before } = place;
  if (before !== undefined && !speaksOfChange(schema) && sameJson(before, value)) return;
  const rules = (schema['x-kubernetes-validations'] ?? []).filter((rule) => counts(rule, place));
  // What CEL sees of a value is the same for all of its rules.
  const context = rules.length > 0 ? { self: celValue(schema, value), oldSelf: celValue(schema, before) } : {};
  for (const rule of rules) {
    const cause = brokenBy(rule, place, context);
    if (cause) yield cause;
  }
  if (Array.isArray(value) && schema.items)
    for (const [index, item] of value.entries())
      yield* ruleCauses({
        schema: schema.items,
        value: item,
        before: itemBefore(schema, before, item),
        path: `${place.path}[${index}]`,
      });
  if (!isObject(value)) return;
  for (const [name, part] of Object.entries(value)) {
    const schemaOfPart = entrySchema(schema, name);
    const partBefore = isObject(before) && Object.hasOwn(before, name) ? before[name] : undefined;
    const path = entryPath(place.path, schema, name);
    if (schemaOfPart) yield* ruleCauses({ schema: schemaOfPart, value: part, before: partBefore, path });
  }
}

const isAboutChange = ({ rule }: CelRule): boolean => /\boldSelf\b/.test(rule);

const aboutChange = new WeakMap<Schema, boolean>();

/** Whether any rule of a schema or of its parts compares a value with the old one. Schemas never change. */
function speaksOfChange(schema: Schema): boolean {
  const known =
    aboutChange.get(schema) ??
    ((schema['x-kubernetes-validations'] ?? []).some(isAboutChange) ||
      partsOf(schema).some((part) => speaksOfChange(part)));
  aboutChange.set(schema, known);
  return known;
}

const counts = (rule: CelRule, { value, before }: Place): boolean =>
  isAboutChange(rule) ? before !== undefined : before === undefined || !sameJson(before, value);

function brokenBy(
  rule: CelRule,
  { schema, value, path }: Place,
  context: Readonly<Record<string, unknown>>,
): Cause | undefined {
  const field = (path === '' ? '<nil>' : path) + (rule.fieldPath ?? '');
  try {
    if (parse(rule.rule)(context) === true) return undefined;
    return broken(rule, field, context, isPlain(value) ? JSON.stringify(value) : undefined);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    // The library draws the place below its first line.
    const [what = ''] = error.message.split('\n');
    const why = what.charAt(0).toLowerCase() + what.slice(1);
    const told = `"${schema.type}": ${why} evaluating rule: ${rule.message ?? rule.rule}`;
    return { reason: 'FieldValueInvalid', message: `Invalid value: ${told}`, field };
  }
}

const words: Readonly<Record<string, string>> = {
  FieldValueInvalid: 'Invalid value',
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required value',
};

/** @param told the value, where it is plain: of objects and lists the API server repeats nothing. */
function broken(
  rule: CelRule,
  field: string,
  context: Readonly<Record<string, unknown>>,
  told: string | undefined,
): Cause {
  const reason = rule.reason ?? 'FieldValueInvalid';
  const value = told === undefined ? '' : `: ${told}`;
  // The API server tells no message with this reason.
  if (reason === 'FieldValueDuplicate') return { reason, message: `Duplicate value${value}`, field };
  const message = expressed(rule, context) ?? rule.message?.trim() ?? `failed rule: ${rule.rule}`;
  const shown = reason === 'FieldValueInvalid' ? value : '';
  return { reason, message: `${words[reason] ?? reason}${shown}: ${message}`, field };
}

/** A message that cannot be made gives way to the plain one. */
function expressed({ messageExpression }: CelRule, context: Readonly<Record<string, unknown>>): string | undefined {
  if (messageExpression === undefined) return undefined;
  try {
    const told: unknown = parse(messageExpression)(context);
    return typeof told === 'string' && told.trim() !== '' ? told : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** CEL's integers are 64 bit, and apart from its doubles: the schema tells which a number is. */
function celValue(schema: Schema, value: unknown): unknown {
  if (typeof value === 'number') return schema.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(schema.items ?? {}, item));
  if (!isObject(value)) return value;
  // CEL sees only what the schema declares. The library takes no object for a map that has a key `constructor`.
  return new Map(
    Object.entries(value).flatMap(([name, part]) => {
      const schemaOfPart = entrySchema(schema, name);
      return schemaOfPart ? [[name, celValue(schemaOfPart, part)] as const] : [];
    }),
  );
}
