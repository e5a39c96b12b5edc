import type { JsonObject } from '../json.ts';
import type { Cause } from '../refusal.ts';
import { ruleCauses } from './rules.ts';
import { partsOf, type Schema } from './schema.ts';
import { schemaCauses, type Place } from './validate.ts';

/** After these the rules in CEL are not tried: they would trip over what is wrong already. */
const blocking = [
  'FieldValueRequired',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
];

const notChecked: Cause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  field: '<nil>',
};

/**
 * Everything that a custom resource's schema and rules hold against it, in the API server's order and words.
 * @param earlier what was found before, in its metadata.
 */
export function causesAgainst(
  schema: Schema,
  now: JsonObject,
  before: JsonObject | undefined,
  earlier: readonly Cause[],
): Cause[] {
  const place: Place = { schema, value: now, before, path: '' };
  const causes = [...earlier, ...schemaCauses(place)];
  if (!causes.some(({ reason }) => blocking.includes(reason))) return [...causes, ...ruleCauses(place)];
  return hasRules(schema) ? [...causes, notChecked] : causes;
}

const withRules = new WeakMap<Schema, boolean>();

function hasRules(schema: Schema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const found = (schema['x-kubernetes-validations'] ?? []).length > 0 || partsOf(schema).some((part) => hasRules(part));
  withRules.set(schema, found);
  return found;
}
