import { expect, test } from 'vitest';
import { humanDuration } from '../../../simulator/kube/age.ts';
import { jsonPath } from '../../../simulator/kube/json-path.ts';
import { fieldSelector, labelSelector } from '../../../simulator/kube/selectors.ts';
import { goQuoted } from '../../../simulator/kube/quoted.ts';
import type { KubeObject } from '../../../simulator/kube/object.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

// https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration_test.go
test.each([
  [-2 * second, '<invalid>'],
  [-2 * second + 1, '0s'],
  [0, '0s'],
  [second - 1, '0s'],
  [2 * minute - 1, '119s'],
  [2 * minute, '2m'],
  [3 * minute + second, '3m1s'],
  [10 * minute - 1, '9m59s'],
  [10 * minute, '10m'],
  [3 * hour - 1, '179m'],
  [3 * hour, '3h'],
  [3 * hour + minute, '3h1m'],
  [8 * hour - 1, '7h59m'],
  [8 * hour, '8h'],
  [2 * day - 1, '47h'],
  [2 * day, '2d'],
  [2 * day + hour, '2d1h'],
  [8 * day - 1, '7d23h'],
  [8 * day, '8d'],
  [2 * 365 * day - 1, '729d'],
  [2 * 365 * day, '2y'],
  [2 * 365 * day + day, '2y1d'],
  [8 * 365 * day, '8y'],
])('%i milliseconds are printed as %s', (millis, told) => {
  expect(humanDuration(millis)).toBe(told);
});

test.each([
  ['.status.url', ['u']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [".status.conditions[?(@.type!='Ready')].type", ['Stalled']],
  ['.status.conditions[0].type', ['Ready']],
  ['.status.conditions[*].type', ['Ready', 'Stalled']],
  ["['status'].url", ['u']],
  ['.metadata.labels.a\\.b', ['c']],
  ['.status.nothing.more', []],
])('the path %s finds %j', (path, found) => {
  const conditions = [{ type: 'Ready', status: 'True' }, { type: 'Stalled' }];
  expect(jsonPath(path)({ status: { url: 'u', conditions }, metadata: { labels: { 'a.b': 'c' } } })).toEqual(found);
});

test('a path that cannot be read is an error, not an empty column', () => {
  expect(() => jsonPath('.a[1:2]')).toThrow('cannot read');
});

const object = { metadata: { name: 'a', labels: { tier: 'web', 'x.io/y': '1' } } } as unknown as KubeObject;

test.each([
  ['tier=web', true],
  ['tier==web,x.io/y', true],
  ['tier!=web', false],
  ['zone!=a', true],
  ['tier in (data, web)', true],
  ['tier notin (data,web)', false],
  ['zone notin (a)', true],
  ['!zone', true],
  ['!tier', false],
  ['zone', false],
  ['', true],
])('the selector %s selects: %s', (selector, selects) => {
  expect(labelSelector(selector)(object)).toBe(selects);
});

test('a selector that nobody can read is refused', () => {
  expect(() => labelSelector('tier web')).toThrow('unable to parse requirement');
  expect(() => fieldSelector('spec.size=1', ['metadata.name'])).toThrow('field label not supported: spec.size');
});

test('text is quoted as Go does it', () => {
  expect(goQuoted('a"b\\c\n\u0000ü')).toBe('"a\\"b\\\\c\\n\\x00ü"');
});
