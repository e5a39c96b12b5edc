import { Ajv, type ErrorObject } from 'ajv';
import type { JsonSchema } from '../json-schema.ts';
import { closest } from './closest.ts';
import type { Path, Problem, Written } from './problem.ts';

/** Checks values against a schema of a CRD: types, bounds, patterns, enums, required fields. */
export function schemaChecker(schema: JsonSchema): (value: unknown, written: Written) => Problem[] {
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, verbose: true, validateFormats: true });
  ajv.addVocabulary(['example', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-validations']);
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
  const validate = ajv.compile(schema);
  return (value, written) => {
    if (validate(value)) return [];
    const errors = validate.errors ?? [];
    // A value of the wrong type breaks every other rule as well; that adds nothing.
    const mistyped = new Set(
      errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
    );
    return errors
      .filter(({ keyword, instancePath }) => keyword === 'type' || !mistyped.has(instancePath))
      .map((error) => problem(error, value, written));
  };
}

function problem(error: ErrorObject, root: unknown, written: Written): Problem {
  const path = pathOf(error.instancePath, root);
  const told = tell(error, written(path));
  return {
    path: error.keyword === 'required' ? [...path, String(error.params['missingProperty'])] : path,
    value: error.keyword === 'required' ? undefined : error.data,
    rule: error.keyword,
    ...told,
  };
}

/** A JSON pointer as a path; indexes of lists become numbers. */
function pathOf(pointer: string, root: unknown): Path {
  let at = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(at) ? Number(key) : key;
      at = (at as Record<string | number, unknown>)[step];
      return step;
    });
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** What is wrong, and the remedy, by keyword. */
function tell(error: ErrorObject, written: string | undefined): Pick<Problem, 'message' | 'remedy'> {
  const { keyword, params, parentSchema, data, message } = error;
  const schema = parentSchema as JsonSchema;
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'required':
      return missing(schema, String(params['missingProperty']));
    case 'type':
      return {
        message: `this is ${nameOf(data)}, not ${article(schema.type)}`,
        remedy: remedyForType(schema, data, written),
      };
    case 'enum':
      return { message: `${JSON.stringify(data)} is none of the allowed values`, remedy: remedyForEnum(schema, data) };
    case 'pattern':
      return {
        message: `${JSON.stringify(data)} is not ${schema.title ?? `of the form ${schema.pattern ?? ''}`}`,
        remedy: like(schema),
      };
    case 'minimum':
    case 'maximum':
      return {
        message: `${String(data)} is too ${keyword === 'minimum' ? 'small' : 'large'}`,
        remedy: range(schema),
      };
    case 'minLength':
      return { message: `it has fewer than ${count(limit, 'character')}`, remedy: like(schema) };
    case 'maxLength':
      return {
        message: `it has ${String(data).length} characters`,
        remedy: `use at most ${count(limit, 'character')}`,
      };
    case 'minItems':
      return { message: `the list is too short`, remedy: `give at least ${count(limit, 'item')}` };
    case 'maxItems':
    case 'maxProperties':
      return { message: `there are too many of them`, remedy: `give at most ${count(limit, 'item')}` };
    default:
      return { message: message ?? keyword, remedy: like(schema) };
  }
}

function missing(schema: JsonSchema, field: string): Pick<Problem, 'message' | 'remedy'> {
  const wanted = schema.properties?.[field];
  const sample = wanted?.example === undefined ? '' : `, as ${field}: ${wanted.example}`;
  return { message: `${field} is missing`, remedy: `add it${sample}` };
}

const like = ({ example, description }: JsonSchema): string =>
  example === undefined ? (description ?? 'see kubectl explain') : `write it as in ${JSON.stringify(example)}`;

function remedyForEnum({ enum: allowed = [] }: JsonSchema, data: unknown): string {
  const meant = closest(String(data), allowed.map(String));
  if (allowed.length === 1) return `write ${String(allowed[0])}`;
  return meant === undefined
    ? `choose one of ${allowed.join(', ')}`
    : `write ${meant}, or one of ${allowed.join(', ')}`;
}

const range = ({ minimum, maximum }: JsonSchema): string =>
  `choose a whole number from ${minimum ?? '-∞'} to ${maximum ?? '∞'}`;

/** Quotes go around what is written: `no` is read as false, and `017` as 15. */
function remedyForType(schema: JsonSchema, data: unknown, written = JSON.stringify(data)): string {
  if (schema.type === 'string' && typeof data !== 'object') return `put it in quotes: "${written}"`;
  if (schema.type === 'integer' && typeof data === 'string' && /^\d+$/.test(data))
    return `write it without quotes: ${data}`;
  if (schema.type === 'integer') return schema.enum ? remedyForEnum(schema, data) : range(schema);
  if (schema.type === 'boolean') return 'write true or false';
  if (schema.type === 'array') return 'write a list: one item a line, each after a dash';
  if (schema.type === 'object') return `write fields below it: ${Object.keys(schema.properties ?? {}).join(', ')}`;
  return like(schema);
}

const nameOf = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${JSON.stringify(value)}`;
};

const article = (type: JsonSchema['type']): string => {
  if (type === 'array') return 'a list';
  return type === 'integer' ? 'a whole number' : `${type === 'object' ? 'an' : 'a'} ${type ?? 'value'}`;
};
