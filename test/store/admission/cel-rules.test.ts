import { expect, test } from 'vitest';
import { celProblems } from '../../../operator/store/admission/cel-rules.ts';
import type { JsonSchema } from '../../../operator/store/json-schema.ts';

const ruled = (rule: string, schema: JsonSchema): JsonSchema => ({
  ...schema,
  'x-kubernetes-validations': [{ rule, message: 'wrong; right', reason: 'FieldValueInvalid' }],
});
const whole: JsonSchema = { type: 'integer' };
const broken = (schema: JsonSchema, value: unknown, old?: unknown) =>
  [...celProblems({ schema, value, old, path: ['spec'] }, () => false)].map(({ path }) => path.join('.'));

test('whole numbers are integers for CEL, as they are for the API server', () => {
  const schema = ruled('self.a * 2 + self.b.size() <= 10', {
    type: 'object',
    properties: { a: whole, b: { type: 'array', items: whole } },
  });
  expect(broken(schema, { a: 4, b: [1, 2] })).toEqual([]);
  expect(broken(schema, { a: 4, b: [1, 2, 3] })).toEqual(['spec']);
});

test('a rule that cannot be evaluated is broken', () => {
  expect(broken(ruled('self.missing == 1', { type: 'object', properties: {} }), {})).toEqual(['spec']);
});

test('rules on items of a list see no old item', () => {
  const schema: JsonSchema = { type: 'array', items: ruled('self == oldSelf', whole) };
  expect(broken(schema, [1], [2])).toEqual([]);
});

test('rules on fields of an object see the old field', () => {
  const schema: JsonSchema = { type: 'object', properties: { a: ruled('self == oldSelf', whole) } };
  expect(broken(schema, { a: 1 }, { a: 2 })).toEqual(['spec.a']);
  expect(broken(schema, { a: 1 }, {})).toEqual([]);
});

test('a key of a map may be called like what every object of JavaScript has', () => {
  const text: JsonSchema = { type: 'string' };
  const schema = ruled("self.all(name, name.matches('^[a-z_]+$') && self[name] != '')", {
    type: 'object',
    additionalProperties: ruled('self == oldSelf', text),
  });
  const map: unknown = JSON.parse('{"__proto__":"x","constructor":"y"}');
  expect(broken(schema, map)).toEqual([]);
  expect(broken(schema, map, {})).toEqual([]);
  expect(broken(schema, { constructor: '' })).toEqual(['spec']);
});
