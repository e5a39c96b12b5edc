import { expect, test } from 'vitest';
import { nextLook } from '../../operator/engine/looking.ts';
import { defaultSettings, faster } from '../../operator/engine/settings.ts';

const minute = 60_000;

test('where AWS has a faster clock, what takes it minutes is looked at as much sooner', () => {
  expect(nextLook(defaultSettings, 0, 5 * minute)).toBe(5 * minute);
  expect(nextLook(faster(defaultSettings, 60), 0, 5 * minute)).toBe(5_000);
});

test('what takes long is looked at after an eighth of what it has taken so far, and at least once a minute', () => {
  const looks = [1, 4, 8, 60].map((age) => nextLook(defaultSettings, age * minute, 0));
  expect(looks).toEqual([7_500, 30_000, minute, minute]);
});
