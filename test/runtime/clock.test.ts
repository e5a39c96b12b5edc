import { expect, test } from 'vitest';
import { steadyClock } from '../../operator/runtime/clock.ts';

const times = (...readings: readonly (readonly [wall: number, monotonic: number])[]): number[] => {
  let at = 0;
  const clock = steadyClock({
    now: () => readings[at]?.[0] ?? NaN,
    monotonic: () => readings[at]?.[1] ?? NaN,
  });
  return readings.slice(1).map(() => {
    at += 1;
    return clock.now();
  });
};

test('tells what the wall clock tells, and follows it when it is set forward', () => {
  expect(times([1_000, 0], [1_010, 10], [9_020, 20], [9_030, 30])).toEqual([1_010, 9_020, 9_030]);
});

test('goes on when the wall clock is set back, until that has caught up', () => {
  expect(times([9_000, 0], [1_010, 10], [1_020, 20], [9_005, 25], [9_100, 30])).toEqual([9_010, 9_020, 9_025, 9_100]);
});
