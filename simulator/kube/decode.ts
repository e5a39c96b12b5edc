import type { ResourceCall } from './call.ts';
import { fillIn } from './crd/defaults.ts';
import { prune } from './crd/prune.ts';
import type { Schema } from './crd/schema.ts';
import { schemaCauses } from './crd/validate.ts';
import { isObject, listOr, objectOr, type JsonObject } from './json.ts';
import { groupVersion, type Kind } from './kind.ts';
import { finalizerWarnings, metadataSchema } from './metadata.ts';
import type { KubeObject } from './object.ts';
import { goQuoted } from './quoted.ts';
import { badRequest, invalid, type Cause } from './refusal.ts';

/** What a client may ask about fields that nobody knows. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

const wholes = new WeakMap<Kind, Schema>();

/** The schema of an object with what every object has. */
export function wholeSchema(kind: Kind): Schema {
  const known = wholes.get(kind) ?? {
    ...kind.schema,
    properties: {
      ...kind.schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: metadataSchema,
    },
  };
  wholes.set(kind, known);
  return known;
}

/** Reads what a client sent as an object of a kind: unknown fields are dropped, defaults filled in. */
export function decode(call: ResourceCall, body: unknown, validation: FieldValidation): KubeObject {
  const { kind, warnings } = call;
  if (!isObject(body)) throw unrecognized(kind, 'json: cannot unmarshal into an object', body);
  const given = identified(kind, body);
  const schema = wholeSchema(kind);
  const pruned = prune(schema, given);
  const unknown = [...pruned.unknown].sort().map((path) => `unknown field ${goQuoted(path)}`);
  if (validation === 'Warn') warnings.push(...unknown);
  const cannot = (why: string): never => {
    throw badRequest(`${kind.kind} in version ${goQuoted(kind.version)} cannot be handled as a ${kind.kind}: ${why}`);
  };
  const filled = fillIn(schema, { ...objectOr(pruned.value), metadata: objectOr(pruned.value)['metadata'] ?? {} });
  const misfit = misfitOf(kind, schema, objectOr(filled));
  if (misfit) cannot(misfit);
  if (validation === 'Strict' && unknown.length > 0) cannot(`strict decoding error: ${unknown.join(', ')}`);
  const object = objectOr(filled) as KubeObject;
  const finalizers = finalizerWarnings(listOr(object.metadata.finalizers) as string[]);
  warnings.push(...finalizers);
  return object;
}

const unrecognized = (kind: Kind, why: string, given: unknown): Error => {
  const body = JSON.stringify(given);
  return badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${body})`);
};

/** Says what it is as its path does. A built-in kind need not say it; a custom one must. */
function identified(kind: Kind, body: JsonObject): JsonObject {
  const expected = groupVersion(kind);
  const identity = kind.custom ? {} : { apiVersion: expected, kind: kind.kind };
  const given: JsonObject = { ...identity, ...body };
  const [version, told] = [given['apiVersion'], given['kind']].map((part) => (typeof part === 'string' ? part : ''));
  if (!told) throw unrecognized(kind, `Object 'Kind' is missing in '${JSON.stringify(body)}'`, body);
  if (version === expected && told === kind.kind) return given;
  if (!kind.custom)
    throw badRequest(
      `${told} in version ${goQuoted(version ?? '')} cannot be handled as a ${kind.kind}: no kind ${goQuoted(told)} is registered for version ${goQuoted(version ?? '')} here`,
    );
  if (version !== expected)
    throw badRequest(`the API version in the data (${version}) does not match the expected API version (${expected})`);
  const { name } = objectOr(given['metadata']);
  const message = `Invalid value: ${goQuoted(told)}: must be ${kind.kind}`;
  const cause = { reason: 'FieldValueInvalid', message, field: 'kind' };
  throw invalid({ ...kind, kind: told }, typeof name === 'string' ? name : '', [cause]);
}

/** The first field that Go's decoder could not take: metadata always, all else in built-in kinds only. */
function misfitOf(kind: Kind, schema: Schema, object: JsonObject): string | undefined {
  const looked: Schema = kind.custom
    ? { type: 'object', properties: { metadata: metadataSchema, apiVersion: { type: 'string' } } }
    : schema;
  const causes = [...schemaCauses({ schema: looked, value: object, before: undefined, path: '' })];
  const [first] = causes;
  return first && inGo(kind, first);
}

function inGo(kind: Kind, { field, message }: Cause): string {
  const [, given] = /"([^"]*)"/.exec(message) ?? [];
  const time = / must be of type (date-time|micro-time)/.exec(message)?.[1];
  if (time) {
    const layout = time === 'date-time' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
    // Go tells from where on the text no longer fits: mostly from the fraction on.
    const rest = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(.*)$/.exec(given ?? '')?.[1] ?? given;
    return `parsing time "${given}" as "${layout}": cannot parse "${rest}" as "${rest === given ? '2006' : '.000000'}"`;
  }
  const [, wanted = ''] = /must be of type (\w+)/.exec(message) ?? [];
  const types: Readonly<Record<string, string>> = { integer: 'number', boolean: 'bool' };
  const path = field.startsWith('metadata.') ? `ObjectMeta${field.slice('metadata'.length)}` : `${kind.kind}.${field}`;
  // The key of a map and the index of a list are not told.
  const told = path.replace(/(\.(?:labels|annotations|data|stringData))\..*$|\[\d+\]/, '$1');
  return `json: cannot unmarshal ${types[given ?? ''] ?? given} into Go struct field ${told} of type ${wanted}`;
}
