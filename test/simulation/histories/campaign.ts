import { lineOf } from '../../support/virtual-dump.ts';
import type { History } from './history.ts';
import { judged } from './judged.ts';

/** How many seeds one run of the test suite plays, from 1 on (`npm run histories` plays two thousand); `ECOM_SEEDS=10000` plays more, `ECOM_SEED=77` just one. */
const usual = 16;

export interface Sum {
  seeds: number;
  virtualMillis: number;
  calls: number;
  faults: number;
  claimsJudged: number;
  claimsExcused: number;
  twins: number;
  cpuMillis: number;
  readonly failures: string[];
}

/** The seeds of one of several files that share the work. */
export function seedsOf(shard: number, shards: number): number[] {
  const { ECOM_SEED: one, ECOM_SEEDS: count = String(usual), ECOM_FIRST_SEED: first = '1' } = process.env;
  const all = one === undefined ? Array.from({ length: Number(count) }, (_, i) => i + Number(first)) : [Number(one)];
  return all.filter((seed) => seed % shards === shard);
}

/** How many calls were met by a fault of AWS's, and how many writes by one of the wire's. */
const faultsStruck = ({ world }: History): number =>
  world.exchange.struck.length +
  world.exchange.calls.filter(({ outcome }) =>
    /Throttl|RequestLimit|Internal|ConnectionLost|throttled|unavailable|conflict/.test(outcome),
  ).length;

/** All calls of a history, one line each. */
export const callLog = ({ world }: History): string[] => world.exchange.calls.map((call) => lineOf(call));

const replay = (seed: number): string => `ECOM_SEED=${seed} npx vitest run test/simulation/histories`;

export interface CampaignOptions {
  readonly isStopped?: () => boolean;
  /** Told of each history that was played, and of what failed in it. */
  readonly onPlayed?: (seed: number, failure: string | undefined) => Promise<void>;
}

/** Plays the histories of some seeds in their order, until told to stop; a failure tells how to play it again. */
export async function campaign(
  seeds: readonly number[],
  { isStopped = () => false, onPlayed = async () => undefined }: CampaignOptions = {},
): Promise<Sum> {
  const sum: Sum = {
    seeds: 0,
    virtualMillis: 0,
    calls: 0,
    faults: 0,
    claimsJudged: 0,
    claimsExcused: 0,
    twins: 0,
    cpuMillis: 0,
    failures: [],
  };
  const before = process.cpuUsage();
  for (const seed of seeds) {
    if (isStopped()) break;
    const history = await judged(seed).catch((error: Error) => {
      throw new Error(`${replay(seed)}: ${error.message}`, { cause: error });
    });
    sum.seeds++;
    sum.virtualMillis += history.world.timers.monotonic();
    sum.calls += history.world.exchange.calls.length;
    sum.faults += faultsStruck(history);
    sum.claimsJudged += history.claims.judged;
    sum.claimsExcused += history.claims.excused;
    sum.twins += history.twins;
    const failure =
      history.violations.length > 0
        ? [replay(seed), ...history.violations, 'what happened:', ...history.told].join('\n')
        : undefined;
    if (failure !== undefined) sum.failures.push(failure);
    await onPlayed(seed, failure);
  }
  const { user, system } = process.cpuUsage(before);
  sum.cpuMillis = (user + system) / 1_000;
  return sum;
}

/** The figures of a campaign in one line. */
export function figures(sum: Sum): string {
  const days = (sum.virtualMillis / 86_400_000).toFixed(1);
  return [
    `${sum.seeds} seeds`,
    `${days} virtual days`,
    `${sum.calls} calls`,
    `${sum.faults} faults struck`,
    `${sum.claimsJudged} claims of readiness judged, ${sum.claimsExcused} excused`,
    `${sum.twins} short-lived twins`,
    `${Math.round(sum.cpuMillis / Math.max(1, sum.seeds))} ms of CPU each`,
    `${sum.failures.length} violating`,
  ].join(', ');
}
