import { Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import { entrySchema, type JsonSchema } from '../json-schema.ts';
import type { Path, Problem } from './problem.ts';
import type { CelRule } from '../schema/words.ts';

const environment = new Environment({ unlistedVariablesAreDyn: true });
const parsed = new Map<string, ParseResult>();

function parse(rule: string): ParseResult {
  const known = parsed.get(rule) ?? environment.parse(rule);
  parsed.set(rule, known);
  return known;
}

interface Place {
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** The value before the change; undefined on creation. */
  readonly old: unknown;
  readonly path: Path;
}

/**
 * The rules in CEL that a value breaks. Rules that speak of `oldSelf` count only where there is an old value, as in the
 * API server; rules above a value of the wrong shape (`isBroken`) are left out, for they could only fail for the same cause.
 */
export function* celProblems(place: Place, isBroken: (path: Path) => boolean): Iterable<Problem> {
  const { schema, value, path } = place;
  if (!isBroken(path))
    for (const rule of schema['x-kubernetes-validations'] ?? []) if (isBrokenBy(rule, place)) yield tell(rule, place);
  for (const [key, part] of parts(schema, value)) {
    const old = schema.type === 'array' ? undefined : own(place.old as Record<string, unknown> | undefined, key);
    yield* celProblems({ schema: part.schema, value: part.value, old, path: [...path, key] }, isBroken);
  }
}

function isBrokenBy({ rule }: CelRule, { schema, value, old }: Place): boolean {
  if (/\boldSelf\b/.test(rule) && old === undefined) return false;
  const context = { self: celValue(schema, value), oldSelf: celValue(schema, old) };
  try {
    return parse(rule)(context) !== true;
  } catch (error) {
    // The API server refuses what a rule cannot be evaluated on.
    if (error instanceof EvaluationError) return true;
    throw error;
  }
}

function tell({ rule, message, fieldPath }: CelRule, { value, path }: Place): Problem {
  const steps = fieldPath?.split('.').filter((step) => step !== '') ?? [];
  const [wrong = message, remedy = ''] = message.split(/; (.*)/s);
  const at = steps.reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], value);
  return { path: [...path, ...steps], value: at, rule, message: wrong, remedy };
}

type Part = readonly [key: string | number, part: { readonly schema: JsonSchema; readonly value: unknown }];

/** The items of a list, the known fields of an object, the entries of a map, each with its schema. */
function parts(schema: JsonSchema, value: unknown): Part[] {
  const { items } = schema;
  if (Array.isArray(value))
    return items ? value.map((item: unknown, index) => [index, { schema: items, value: item }]) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]: [string, unknown]): Part[] => {
    const known = entrySchema(schema, name);
    return known ? [[name, { schema: known, value: part }]] : [];
  });
}

/** A key may be called like what every object of JavaScript has, as `constructor`. */
const own = <T>(of: Readonly<Record<string, T>> | undefined, key: string | number): T | undefined =>
  of && Object.hasOwn(of, key) ? of[key] : undefined;

/** CEL's integers are 64 bit: numbers become BigInts where the schema says integer. */
function celValue(schema: JsonSchema, value: unknown): unknown {
  if (schema.type === 'integer' && Number.isInteger(value)) return BigInt(value as number);
  if (Array.isArray(value)) return value.map((item) => celValue(schema.items ?? {}, item));
  if (typeof value !== 'object' || value === null) return value;
  // The library takes no object for a map that has a key `constructor`.
  return new Map(parts(schema, value).map(([name, part]) => [name, celValue(part.schema, part.value)]));
}
