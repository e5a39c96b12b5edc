import { describe, expect, test } from 'vitest';
import { jsonPatch } from '../../../simulator/kube/json-patch.ts';
import { mergePatch } from '../../../simulator/kube/patch.ts';
import { strategicMergePatch } from '../../../simulator/kube/strategic-merge-patch.ts';

// https://www.rfc-editor.org/rfc/rfc7386#appendix-A
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('merging into %j the patch %j gives %j', (target, patch, merged) => {
  expect(mergePatch(target, patch)).toEqual(merged);
});

// https://www.rfc-editor.org/rfc/rfc6902#appendix-A
describe('json-patch', () => {
  test.each([
    [{ foo: 'bar' }, { op: 'add', path: '/baz', value: 'qux' }, { baz: 'qux', foo: 'bar' }],
    [{ foo: ['bar', 'baz'] }, { op: 'add', path: '/foo/1', value: 'qux' }, { foo: ['bar', 'qux', 'baz'] }],
    [{ baz: 'qux', foo: 'bar' }, { op: 'remove', path: '/baz' }, { foo: 'bar' }],
    [{ foo: ['bar', 'qux', 'baz'] }, { op: 'remove', path: '/foo/1' }, { foo: ['bar', 'baz'] }],
    [{ baz: 'qux' }, { op: 'replace', path: '/baz', value: 'boo' }, { baz: 'boo' }],
    [
      { foo: { bar: 1 }, qux: {} },
      { op: 'move', from: '/foo/bar', path: '/qux/thud' },
      { foo: {}, qux: { thud: 1 } },
    ],
    [
      { foo: ['all', 'grass', 'eat'] },
      { op: 'move', from: '/foo/1', path: '/foo/2' },
      { foo: ['all', 'eat', 'grass'] },
    ],
    [{ foo: 'bar' }, { op: 'add', path: '/child', value: { a: {} } }, { foo: 'bar', child: { a: {} } }],
    [{ foo: ['bar'] }, { op: 'add', path: '/foo/-', value: ['abc'] }, { foo: ['bar', ['abc']] }],
    [
      { '/': 9, '~1': 10 },
      { op: 'test', path: '/~01', value: 10 },
      { '/': 9, '~1': 10 },
    ],
    [{ a: 1 }, { op: 'replace', path: '', value: { b: 2 } }, { b: 2 }],
  ])('%j changed by %j is %j', (target, operation, changed) => {
    expect(jsonPatch(target, [operation])).toEqual(changed);
  });

  test.each([
    { op: 'add', path: '/baz/bat', value: 'qux' },
    { op: 'remove', path: '/nothing' },
    { op: 'replace', path: '/nothing', value: 1 },
    { op: 'test', path: '/foo', value: 'other' },
    { op: 'add', path: '/list/5', value: 1 },
    { op: 'jump', path: '/foo' },
  ])('%j is rejected', (operation) => {
    expect(() => jsonPatch({ foo: 'bar', list: [1] }, [operation])).toThrow('the server rejected our request');
  });

  test('a patch that fails half way leaves what it was given as it was', () => {
    const target = { a: 1 };
    const patch = [
      { op: 'replace', path: '/a', value: 2 },
      { op: 'remove', path: '/nothing' },
    ];
    expect(() => jsonPatch(target, patch)).toThrow();
    expect(target).toEqual({ a: 1 });
  });
});

describe('strategic merge patch', () => {
  test('items with the same name are one, and others stay', () => {
    const target = { secrets: [{ name: 'a' }, { name: 'b' }] };
    const patch = { secrets: [{ name: 'c' }, { name: 'a', $patch: 'delete' }] };
    expect(strategicMergePatch(target, patch)).toEqual({ secrets: [{ name: 'b' }, { name: 'c' }] });
  });

  test('finalizers are a set', () => {
    const target = { metadata: { finalizers: ['a', 'b'] } };
    const patch = { metadata: { finalizers: ['b', 'c'], '$deleteFromPrimitiveList/finalizers': ['a'] } };
    expect(strategicMergePatch(target, patch)).toEqual({ metadata: { finalizers: ['b', 'c'] } });
  });

  test('null removes, and a map can be replaced whole', () => {
    expect(strategicMergePatch({ data: { a: '1', b: '2' } }, { data: { a: null } })).toEqual({ data: { b: '2' } });
    expect(strategicMergePatch({ data: { a: '1' } }, { data: { $patch: 'replace', b: '2' } })).toEqual({
      data: { b: '2' },
    });
  });
});
