import { expect, test } from 'vitest';
import { nextLook } from '../../operator/engine/looking.ts';
import { defaultSettings, faster } from '../../operator/engine/settings.ts';

const minute = 60_000;

test('where AWS has a faster clock, what takes it minutes is looked at as much sooner', () => {
  expect(nextLook(defaultSettings, 0, 5 * minute)).toBe(5 * minute);
  expect(nextLook(faster(defaultSettings, 60), 0, 5 * minute)).toBe(5_000);
});
