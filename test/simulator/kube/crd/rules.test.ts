import { describe, expect, test } from 'vitest';
import { causesAgainst } from '../../../../simulator/kube/crd/admit.ts';
import { ruleCauses, unreadable } from '../../../../simulator/kube/crd/rules.ts';
import type { CelRule, Schema } from '../../../../simulator/kube/crd/schema.ts';

const withRules = (...rules: CelRule[]): Schema => ({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-validations': rules,
      properties: {
        size: { type: 'integer' },
        max: { type: 'integer' },
        ratio: { type: 'number' },
        word: { type: 'string' },
        list: { type: 'array', items: { type: 'string' } },
        env: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  },
});

const told = (schema: Schema, spec: unknown, before?: unknown): string[] =>
  [...ruleCauses({ schema, value: { spec }, before: before && { spec: before }, path: '' })].map(
    ({ field, message }) => `${field}: ${message}`,
  );

describe('rules in CEL', () => {
  test('see a key of a map that is called like what every object of JavaScript has', () => {
    const env: unknown = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const rule = 'self.env.all(name, name.matches("^[a-z_]+$")) && size(self.env) == 2';
    expect(told(withRules({ rule, message: 'bad' }), { env })).toEqual([]);
  });

  test.each<[string, object, boolean]>([
    ['self.size <= self.max', { size: 1, max: 2 }, true],
    ['self.size <= self.max', { size: 3, max: 2 }, false],
    ['!has(self.max) || self.size <= self.max', { size: 3 }, true],
    ['self.size % 2 == 0', { size: 4 }, true],
    ['self.size == 9007199254740991', { size: 9007199254740991 }, true],
    ['self.ratio > 0.5', { ratio: 1 }, true],
    ['self.list.all(one, one.startsWith("a"))', { list: ['ab', 'b'] }, false],
    ['self.list.exists_one(one, one == "a")', { list: ['a', 'b'] }, true],
    ['size(self.env) == 1 && "a" in self.env', { env: { a: 'b' } }, true],
    ['self.word.matches("^[a-z]+$")', { word: 'A' }, false],
    ['self.word in ["a", "b"]', { word: 'b' }, true],
  ])('%s holds for %j: %s', (rule, spec, holds) => {
    expect(told(withRules({ rule, message: 'broken' }), spec)).toEqual(holds ? [] : ['spec: Invalid value: broken']);
  });

  test('a rule about the change counts only where there was something before', () => {
    const schema = withRules({ rule: 'self.size >= oldSelf.size', message: 'it cannot shrink' });
    expect(told(schema, { size: 1 })).toEqual([]);
    expect(told(schema, { size: 1 }, { size: 2 })).toEqual(['spec: Invalid value: it cannot shrink']);
    expect(told(schema, { size: 2 }, { size: 1 })).toEqual([]);
  });

  test('what was broken before and did not change is let pass', () => {
    const schema = withRules({ rule: 'self.size < 5', message: 'too large' });
    expect(told(schema, { size: 9 }, { size: 9 })).toEqual([]);
    expect(told(schema, { size: 8 }, { size: 9 })).toEqual(['spec: Invalid value: too large']);
  });

  // https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting
  test('what was broken before inside a list that did not change is let pass, and not inside one that did', () => {
    const items: Schema = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self != "x"' }] };
    const schema: Schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { list: { type: 'array', items } } } },
    };
    expect(told(schema, { list: ['x'] }, { list: ['x'] })).toEqual([]);
    expect(told(schema, { list: ['x'], more: 1 }, { list: ['x'] })).toEqual([]);
    expect(told(schema, { list: ['x', 'y'] }, { list: ['x'] })).toHaveLength(1);
  });

  test('a cause names its field and its reason', () => {
    const rule = 'self.size == 1';
    expect(
      told(withRules({ rule, message: 'no', reason: 'FieldValueForbidden', fieldPath: '.size' }), { size: 2 }),
    ).toEqual(['spec.size: Forbidden: no']);
    expect(told(withRules({ rule, message: 'no', reason: 'FieldValueRequired' }), { size: 2 })).toEqual([
      'spec: Required value: no',
    ]);
    expect(told(withRules({ rule }), { size: 2 })).toEqual(['spec: Invalid value: failed rule: self.size == 1']);
  });

  test('a message can be made of the values, and falls back to the plain one', () => {
    const rule = 'self.size == 1';
    const made = { rule, message: 'plain', messageExpression: '"not " + self.word' };
    expect(told(withRules(made), { size: 2, word: 'a' })).toEqual(['spec: Invalid value: not a']);
    expect(told(withRules(made), { size: 2 })).toEqual(['spec: Invalid value: plain']);
  });

  test('a rule that cannot be evaluated refuses', () => {
    const [cause] = told(withRules({ rule: 'self.word == "a"', message: 'not a' }), {});
    expect(cause).toMatch(/^spec: Invalid value: "object": .* evaluating rule: not a$/);
  });

  test('rules are not tried on what the schema refuses already, and that is said', () => {
    const schema = withRules({ rule: 'self.size < 5', message: 'too large' });
    const causes = causesAgainst(schema, { spec: { size: 'a lot' } }, undefined, []);
    expect(causes.map(({ field }) => field)).toEqual(['spec.size', '<nil>']);
    expect(causes[1]?.message).toContain('some validation rules were not checked');
  });

  test('a rule that cannot be read is found before it is used', () => {
    expect([unreadable('self.size <'), unreadable('self.size < 5')]).toEqual([expect.any(String), undefined]);
  });
});
