import { expect, test } from 'vitest';
import { campaign, figures, seedsOf } from './campaign.ts';

// Two files share the seeds, so that two workers share the work.
test('histories of odd seeds keep every invariant', async () => {
  const sum = await campaign(seedsOf(1, 2));
  console.info(figures(sum));
  expect(sum.failures.join('\n\n')).toBe('');
}, 7_200_000);
