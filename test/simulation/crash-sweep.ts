import { expect, test } from 'vitest';
import { scenarios } from '../support/crash-sweep/scenarios.ts';
import type { Scenario } from '../support/crash-sweep/scenario.ts';
import { sweep } from '../support/crash-sweep/sweep.ts';
import type { Disturbance } from '../support/exchange.ts';

/** One of so many runs of the great store is played here: `npm run sweep` plays all of them. */
const oneOf = 2;

/** Every write of every scenario, disturbed in these ways: one file for kills and one for losses, so that they run side by side. */
export function sweeps(disturbances: readonly Disturbance[]): void {
  const ways = disturbances.map((disturbance) => Object.values(disturbance).join()).join(', ');
  test.each(Object.entries<Scenario>(scenarios))(
    `%s: every write, ${ways}`,
    async (id, scenario) => {
      const part = { nth: 0, of: id.startsWith('everything') ? oneOf : 1 };
      const { undisturbed, boundaries, played, writes, runs, wrong } = await sweep(scenario, disturbances, part);
      console.log(
        `${scenario.name}: ${played} of ${boundaries} boundaries (${writes} writes; ${ways}) in ${runs} runs`,
      );
      expect(wrong).toEqual([]);
      expect(boundaries).toBe(writes * disturbances.length);
      expect(played).toBeGreaterThanOrEqual(boundaries / part.of - writes);
      expect(writes).toBeGreaterThan(15);
      if (scenario.leaves)
        expect(undisturbed.world.ledger.existing().map(({ type }) => type)).toEqual([...scenario.leaves].sort());
    },
    900_000,
  );
}
