import type { Disturbance } from '../exchange.ts';
import { lineOf } from '../virtual-dump.ts';
import { judge } from './judge.ts';
import { run, type Run } from './run.ts';
import type { Scenario } from './scenario.ts';

export const kills: readonly Disturbance[] = [{ kill: 'before' }, { kill: 'after-effect' }, { kill: 'after-reply' }];

export const losses: readonly Disturbance[] = [
  { lose: 'timeout' },
  { lose: 'reset' },
  { lose: '500' },
  { lose: 'throttle' },
];

/** One write and what happens to it. */
interface Boundary {
  readonly name: string;
  readonly told: string;
  readonly disturbance: Disturbance;
}

/** Which of all runs are played: one of so many, beginning with the nth. */
export interface Part {
  readonly nth: number;
  readonly of: number;
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
 * Boundaries that share a run lie so many writes apart: a run costs the same however often a process dies in it, and one
 * boundary alone costs as much.
 */
const apart = 12;

/**
 * Disturbs every write of a scenario in every way, or an evenly chosen part of that: each way meets other writes. What several disturbances in one run came to is looked into one by one when anything is wrong, and so is
 * a write that did not come about after those before it had been disturbed.
 */
export async function sweep(
  scenario: Scenario,
  disturbances: readonly Disturbance[],
  { nth, of }: Part = { nth: 0, of: 1 },
): Promise<Sweep> {
  const undisturbed = await run(scenario);
  const names = undisturbed.writes.map(({ name, call }) => ({ name, told: lineOf(call) }));
  const groups = disturbances.flatMap((disturbance, way) =>
    Array.from({ length: Math.min(apart, names.length) }, (_, first) => first)
      .filter((first) => (first + way) % of === nth)
      .map((first) =>
        names.filter((_, i) => i % apart === first).map((write): Boundary => ({ ...write, disturbance })),
      ),
  );
  const wrong: string[] = [];
  let runs = 1;
  const look = async (boundaries: readonly Boundary[]): Promise<{ missed: Boundary[]; findings: string[] }> => {
    runs++;
    return disturbedBy(scenario, undisturbed, boundaries);
  };
  for (const group of groups) {
    const together = await look(group);
    const alone = together.findings.length > 0 ? group : together.missed;
    const before = wrong.length;
    for (const boundary of alone) {
      const { missed, findings } = await look([boundary]);
      if (missed.length > 0) findings.push('it did not come about');
      wrong.push(...findings.map((one) => `${JSON.stringify(boundary.disturbance)} at ${boundary.told}: ${one}`));
    }
    if (wrong.length === before)
      wrong.push(...together.findings.map((one) => `${group.map(({ told }) => told).join(' and ')}: ${one}`));
  }
  const played = groups.reduce((sum, group) => sum + group.length, 0);
  return { undisturbed, writes: names.length, boundaries: names.length * disturbances.length, played, runs, wrong };
}

async function disturbedBy(
  scenario: Scenario,
  undisturbed: Run,
  boundaries: readonly Boundary[],
): Promise<{ missed: Boundary[]; findings: string[] }> {
  const open = new Map(boundaries.map(({ name, disturbance }) => [name, disturbance]));
  try {
    // What has happened once does not happen again when the write is made again.
    const disturbed = await run(scenario, {
      get: (name: string) => {
        const disturbance = open.get(name);
        open.delete(name);
        return disturbance;
      },
    });
    const missed = boundaries.filter(({ name }) => open.has(name));
    return { missed, findings: judge(undisturbed, disturbed) };
  } catch (error) {
    return { missed: [], findings: [error instanceof Error ? error.message : String(error)] };
  }
}
