import type { Disturbance } from '../exchange.ts';
import { lineOf } from '../virtual-dump.ts';
import { run, type Run } from './run.ts';
import type { Scenario } from './scenario.ts';
import { Sweeping } from './sweeping.ts';

export const kills: readonly Disturbance[] = [{ kill: 'before' }, { kill: 'after-effect' }, { kill: 'after-reply' }];

export const losses: readonly Disturbance[] = [
  { lose: 'timeout' },
  { lose: 'reset' },
  { lose: '500' },
  { lose: 'throttle' },
];

/** Which boundaries are played, and how many at once. */
export interface Playing {
  /** One of so many, beginning with the nth; all when left out. */
  readonly part?: { readonly nth: number; readonly of: number };
  /** The most that share one run. */
  readonly sharing?: number;
}

export interface Sweep {
  readonly undisturbed: Run;
  readonly writes: number;
  /** All that there are: every write in every way. */
  readonly boundaries: number;
  readonly played: number;
  readonly runs: number;
  readonly wrong: readonly string[];
}

/**
 * Boundaries that share a run lie so many writes apart, unless told. A process that dies costs little beside the life of
 * a store, so one boundary alone costs nearly as much as all that share its run. What that may hide: a process that a
 * kill leaves stuck, and that the next kill sets going again.
 */
const apart = 3;

/**
 * Disturbs every write of a scenario in every way, or an evenly chosen part of that, in which each way meets other
 * writes; and finds out which of them are to blame for what is wrong.
 */
export async function sweep(
  scenario: Scenario,
  disturbances: readonly Disturbance[],
  { part: { nth, of } = { nth: 0, of: 1 }, sharing }: Playing = {},
): Promise<Sweep> {
  const undisturbed = await run(scenario);
  const writes = undisturbed.writes.map(({ name, call }) => ({ name, told: lineOf(call) }));
  const sweeping = new Sweeping(scenario, undisturbed);
  let played = 0;
  for (const [way, disturbance] of disturbances.entries()) {
    const chosen = writes.filter((_, i) => (i + way) % of === nth).map((write) => ({ ...write, disturbance }));
    played += chosen.length;
    await sweeping.play(chosen, sharing ?? Math.ceil(writes.length / apart));
  }
  const { runs, wrong } = sweeping;
  return { undisturbed, writes: writes.length, boundaries: writes.length * disturbances.length, played, runs, wrong };
}
