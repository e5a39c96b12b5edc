import { expect, test } from 'vitest';
import { callLog } from './campaign.ts';
import { judged } from './judged.ts';

test.each([2, 5, 9])(
  'the history of seed %i is the same each time, call by call',
  async (seed) => {
    const [one, again] = [await judged(seed), await judged(seed)];
    expect(callLog(again)).toEqual(callLog(one));
    expect(again.told).toEqual(one.told);
  },
  120_000,
);

test('another seed gives another history', async () => {
  expect(callLog(await judged(5))).not.toEqual(callLog(await judged(9)));
}, 120_000);
