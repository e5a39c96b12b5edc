import { expect, test } from 'vitest';
import { nextLook } from '../../operator/engine/looking.ts';
import { defaultSettings, faster } from '../../operator/engine/settings.ts';

const minute = 60_000;

test('where AWS has a faster clock, what takes it minutes is looked at as much sooner', () => {
  expect(nextLook(defaultSettings, 0, 5 * minute)).toBe(5 * minute);
  expect(nextLook(faster(defaultSettings, 60), 0, 5 * minute)).toBe(5_000);
});

test('each look comes after an eighth of what it has taken so far, and at least twice a minute', () => {
  const looks = [1, 4, 8, 60].map((age) => nextLook(defaultSettings, age * minute, minute));
  expect(looks).toEqual([7_500, 30_000, 30_000, 30_000]);
});

test('of what takes AWS minutes at the least a look comes once a minute', () => {
  const looks = [4, 8, 60].map((age) => nextLook(defaultSettings, age * minute, 2 * minute));
  expect(looks).toEqual([30_000, minute, minute]);
});
