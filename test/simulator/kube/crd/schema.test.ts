import { describe, expect, test } from 'vitest';
import { fillIn } from '../../../../simulator/kube/crd/defaults.ts';
import { prune } from '../../../../simulator/kube/crd/prune.ts';
import type { Schema } from '../../../../simulator/kube/crd/schema.ts';
import { schemaCauses } from '../../../../simulator/kube/crd/validate.ts';

const text: Schema = { type: 'string' };
const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

describe('pruning', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      name: text,
      list: { type: 'array', items: { type: 'object', properties: { name: text } } },
      map: { type: 'object', additionalProperties: { type: 'object', properties: { name: text } } },
      open: { ...open, properties: { inner: { type: 'object', properties: { name: text } } } },
    },
  };

  test.each([
    [{ name: 'a', other: 1 }, { name: 'a' }, ['other']],
    [{ list: [{ name: 'a', x: 1 }, { y: 2 }] }, { list: [{ name: 'a' }, {}] }, ['list[0].x', 'list[1].y']],
    [{ map: { k: { name: 'a', x: 1 } } }, { map: { k: { name: 'a' } } }, ['map[k].x']],
    [{ open: { any: { x: 1 }, inner: { x: 1 } } }, { open: { any: { x: 1 }, inner: {} } }, ['open.inner.x']],
    [{ name: { x: 1 } }, { name: {} }, ['name.x']],
    [{ name: [{ x: 1 }] }, { name: [{}] }, ['name[0].x']],
    [{ name: null }, { name: null }, []],
  ])('of %j %j is left', (value, left, unknown) => {
    expect(prune(schema, value)).toEqual({ value: left, unknown });
  });
});

describe('defaulting', () => {
  const inner: Schema = { type: 'object', default: {}, properties: { depth: { type: 'integer', default: 3 } } };
  const schema: Schema = {
    type: 'object',
    properties: {
      color: { ...text, default: 'red' },
      plain: text,
      maybe: { ...text, nullable: true, default: 'x' },
      inner,
      bare: { type: 'object', properties: { depth: { type: 'integer', default: 3 } } },
      list: { type: 'array', items: inner },
      map: { type: 'object', additionalProperties: inner },
    },
  };

  test.each([
    [{}, { color: 'red', maybe: 'x', inner: { depth: 3 } }],
    [
      { color: 'blue', inner: { depth: 1 } },
      { color: 'blue', maybe: 'x', inner: { depth: 1 } },
    ],
    [
      { color: null, plain: null, maybe: null },
      { color: 'red', maybe: null, inner: { depth: 3 } },
    ],
    [{ bare: {} }, { color: 'red', maybe: 'x', inner: { depth: 3 }, bare: { depth: 3 } }],
    [
      { list: [{}, { depth: 1 }] },
      { color: 'red', maybe: 'x', inner: { depth: 3 }, list: [{ depth: 3 }, { depth: 1 }] },
    ],
    [
      { map: { a: {}, b: null } },
      { color: 'red', maybe: 'x', inner: { depth: 3 }, map: { a: { depth: 3 }, b: { depth: 3 } } },
    ],
  ])('%j becomes %j', (given, filled) => {
    expect(fillIn(schema, given)).toEqual(filled);
  });

  test('a default is not shared between objects', () => {
    const [one, other] = [fillIn(schema, {}), fillIn(schema, {})] as { inner: object }[];
    expect(one?.inner).not.toBe(other?.inner);
  });
});

describe('validation', () => {
  const told = (schema: Schema, value: unknown, before?: unknown): string[] =>
    [...schemaCauses({ schema, value, before, path: 'at' })].map(({ field, message }) => `${field}: ${message}`);

  // The real API server's words: test/real/same-answers.test.ts compares them.
  test.each<[Schema, unknown, string[]]>([
    [text, 1, ['at: Invalid value: "integer": at in body must be of type string: "integer"']],
    [{ type: 'integer' }, 1.5, ['at: Invalid value: "number": at in body must be of type integer: "number"']],
    [{ type: 'number' }, 1, []],
    [{ 'x-kubernetes-int-or-string': true }, 'a', []],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      ['at: Invalid value: "boolean": at in body must be of type integer,string: "boolean"'],
    ],
    [{ ...text, maxLength: 2 }, 'äöü', ['at: Too long: may not be more than 2 bytes']],
    [{ ...text, maxLength: 3 }, 'äöü', []],
    [
      { ...text, minLength: 2, pattern: '^b' },
      'a',
      ['at: Invalid value: "a": at in body should be at least 2 chars long'],
    ],
    [{ ...text, pattern: 'b' }, 'abc', []],
    [{ ...text, pattern: '^b' }, 'abc', [`at: Invalid value: "abc": at in body should match '^b'`]],
    [{ ...text, format: 'date-time' }, '2026-01-01T00:00:00Z', []],
    [{ ...text, format: 'ipv4' }, '1.2.3', ['at: Invalid value: "1.2.3": at in body must be of type ipv4: "1.2.3"']],
    [{ ...text, format: 'nobody-knows' }, 'a', []],
    [{ ...text, enum: ['a', 'b'] }, 'c', ['at: Unsupported value: "c": supported values: "a", "b"']],
    [{ type: 'integer', minimum: 2 }, 1, ['at: Invalid value: 1: at in body should be greater than or equal to 2']],
    [
      { type: 'integer', minimum: 2, exclusiveMinimum: true },
      2,
      ['at: Invalid value: 2: at in body should be greater than 2'],
    ],
    [{ type: 'integer', maximum: 2 }, 3, ['at: Invalid value: 3: at in body should be less than or equal to 2']],
    [{ type: 'integer', multipleOf: 3 }, 4, ['at: Invalid value: 4: at in body should be a multiple of 3']],
    [{ type: 'array', items: text, maxItems: 1 }, ['a', 'b'], ['at: Too many: 2: must have at most 1 item']],
    [
      { type: 'array', items: text, minItems: 1 },
      [],
      ['at: Invalid value: 0: at in body should have at least 1 items'],
    ],
    [{ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, ['a', 'a'], ['at[1]: Duplicate value: "a"']],
    [{ type: 'object', required: ['a'] }, {}, ['at.a: Required value']],
    [
      { type: 'object', additionalProperties: text },
      { a: 1 },
      ['at.a: Invalid value: "integer": at.a in body must be of type string: "integer"'],
    ],
    [{ ...text, nullable: true }, null, []],
  ])('by %j %j is told %j', (schema, value, causes) => {
    expect(told(schema, value)).toEqual(causes);
  });

  test('what was wrong before and did not change is let pass', () => {
    const schema: Schema = {
      type: 'object',
      properties: {
        size: { type: 'integer', maximum: 5 },
        list: {
          type: 'array',
          items: { type: 'object', properties: { key: text, size: { type: 'integer', maximum: 5 } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['key'],
        },
      },
    };
    const before = { size: 9, list: [{ key: 'a', size: 9 }] };
    expect(
      told(
        schema,
        {
          size: 9,
          list: [
            { key: 'b', size: 1 },
            { key: 'a', size: 9 },
          ],
        },
        before,
      ),
    ).toEqual([]);
    expect(told(schema, { size: 8, list: [{ key: 'a', size: 8 }] }, before)).toHaveLength(2);
  });
});
