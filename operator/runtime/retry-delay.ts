import type { Reaction } from '../model/faults.ts';
import type { Random } from '../model/timers.ts';

/** How a failed pass is tried again; ordinary waiting is no failure. */
export type RetryPace = Exclude<Reaction, 'wait'>;

const paces: Readonly<Record<RetryPace, { readonly first: number; readonly cap: number }>> = {
  soon: { first: 2_000, cap: 5 * 60_000 },
  slowly: { first: 60_000, cap: 30 * 60_000 },
};

/** The wait after so many failures in a row before this one: it doubles up to a cap, give or take a fifth. */
export function retryDelay(pace: RetryPace, failures: number, random: Random): number {
  const { first, cap } = paces[pace];
  return Math.min(cap, first * 2 ** Math.min(failures, 30)) * (0.8 + 0.4 * random());
}
