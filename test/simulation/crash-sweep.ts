import { expect, test } from 'vitest';
import { isExportedLog } from '../../simulator/aws/rds/exported-logs.ts';
import type { Scenario } from '../support/crash-sweep/scenario.ts';
import { scenarios } from '../support/crash-sweep/scenarios.ts';
import { sweep } from '../support/crash-sweep/sweep.ts';
import type { Disturbance } from '../support/exchange.ts';

/** Every write of every scenario, disturbed in these ways: kills and losses are a file each, so that they run side by side. */
export function sweeps(disturbances: readonly Disturbance[]): void {
  const ways = disturbances.map((disturbance) => Object.values(disturbance).join()).join(', ');
  test.each(Object.entries<Scenario>(scenarios))(
    `%s: every write, ${ways}`,
    async (_, { name, leaves, ...scenario }) => {
      const { undisturbed, boundaries, played, writes, runs, wrong } = await sweep({ name, ...scenario }, disturbances);
      console.log(`${name}: ${played} of ${boundaries} boundaries (${writes} writes; ${ways}) in ${runs} runs`);
      expect(wrong).toEqual([]);
      expect(played).toBe(writes * disturbances.length);
      expect(writes).toBeGreaterThan(15);
      // The logs that RDS has exported are RDS's, and stay.
      const existing = undisturbed.world.ledger.existing().filter((one) => !isExportedLog(one));
      const left = existing.map(({ type }) => type);
      if (leaves) expect(left.sort()).toEqual([...leaves].sort());
    },
    1_800_000,
  );
}
