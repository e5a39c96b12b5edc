import type { Loss, KillMoment } from '../../support/exchange.ts';
import type { VirtualOptions } from '../../support/virtual-operator.ts';
import type { Random } from '../../../simulator/random.ts';
import type { FaultRule } from '../../../simulator/aws/core/faults.ts';

/** What one history suffers: each has some of it switched on, each with a strength of its own (swarm testing). */
export interface Mix {
  readonly world: VirtualOptions;
  readonly aws: readonly FaultRule[];
  /** At which of the coming writes a process dies, and when. */
  readonly kills: readonly (readonly [nth: number, moment: KillMoment])[];
  readonly losses: readonly (readonly [nth: number, how: Loss])[];
  /** How many times something of this sort happens to the API server, somewhere in the history. */
  readonly dropped: number;
  readonly compacted: number;
  readonly away: number;
  readonly refused: number;
  /** Actions that are denied, quotas that are used up, second leaders, and clocks that are set, each for a while. */
  readonly denied: number;
  readonly exhausted: number;
  readonly seconds: number;
  readonly jumps: number;
  /** How many edits of users and strangers. */
  readonly users: number;
  readonly strangers: number;
}

/** Groves and others, "Swarm testing" (ISSTA 2012): leaving features out at random finds more than having all of them on. */
export function drawMix(random: Random, seed: number): Mix {
  const on = (percent: number): boolean => random.below(100) < percent;
  const up = (most: number): number => 1 + random.below(most);
  const maybe = (percent: number, most: number): number => (on(percent) ? up(most) : 0);
  const list = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  const of = <T>(...all: T[]): T => all[random.below(all.length)] as T;
  const lagSeconds = maybe(60, 60);
  const rules: FaultRule[] = [];
  const strike = (percent: number, most: number, rule: FaultRule): void => {
    if (on(percent)) rules.push({ ...rule, probability: up(most) / 100 });
  };
  strike(35, 40, { error: 'throttle' });
  strike(35, 15, { error: 'internal' });
  strike(25, 10, { error: 'timeout' });
  strike(25, 10, { error: 'reset' });
  strike(30, 10, { error: 'timeout', when: 'after' });
  strike(30, 10, { error: 'internal', when: 'after' });
  return {
    world: {
      seed,
      readLagMillis: lagSeconds * 1_000,
      pageSize: on(30) ? 1 : on(30) ? 2 + random.below(3) : Infinity,
      shuffleLists: on(50),
      latencyMillis: on(60) ? [5, 5 + random.below(800)] : undefined,
      watchLagMillis: on(40) ? [0, random.below(10_000)] : undefined,
      restartMillis: of(500, 2_000, 60_000),
      // The promise holds for as long as lists lag no more than the operator was told.
      env: lagSeconds > 25 ? { ECOM_READ_LAG_SECONDS: String(lagSeconds + 5) } : {},
    },
    aws: rules,
    kills: list(maybe(40, 3), () => [up(90), of<KillMoment>('before', 'after-effect', 'after-reply')]),
    losses: list(maybe(50, 6), () => [up(120), of<Loss>('timeout', 'reset', '500', 'throttle')]),
    dropped: maybe(35, 4),
    compacted: maybe(30, 3),
    away: maybe(20, 2),
    refused: maybe(40, 4),
    denied: maybe(25, 3),
    exhausted: maybe(20, 3),
    seconds: maybe(20, 2),
    jumps: maybe(20, 3),
    users: maybe(90, 5),
    strangers: maybe(60, 3),
  };
}
