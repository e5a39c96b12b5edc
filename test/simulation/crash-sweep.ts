import { expect, test } from 'vitest';
import type { Scenario } from '../support/crash-scenarios.ts';
import type { Disturbance } from '../support/exchange.ts';
import { run, sweep } from '../support/sweep.ts';

export const kills: readonly Disturbance[] = [{ kill: 'before' }, { kill: 'after-effect' }, { kill: 'after-reply' }];

export const losses: readonly Disturbance[] = [
  { lose: 'timeout' },
  { lose: 'reset' },
  { lose: '500' },
  { lose: 'throttle' },
];

/** Every write of a scenario, disturbed in every way: one file each, so that they run side by side. */
export function sweeps(scenario: Scenario, disturbances: readonly Disturbance[], leavesNothing = false): void {
  const ways = disturbances.map((disturbance) => Object.values(disturbance).join()).join(', ');
  test(`${scenario.name}: every write, ${ways}`, async () => {
    const { boundaries, writes, runs, wrong } = await sweep(scenario, disturbances);
    console.log(`${scenario.name}: ${boundaries} boundaries (${writes} writes; ${ways}) in ${runs} runs`);
    expect(wrong).toEqual([]);
    expect(boundaries).toBe(writes * disturbances.length);
    expect(writes).toBeGreaterThan(15);
    const { world } = await run(scenario);
    expect(world.ledger.existing().length === 0).toBe(leavesNothing);
  }, 600_000);
}
