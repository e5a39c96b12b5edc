import type { Disturbance } from '../exchange.ts';
import { judge } from './judge.ts';
import { run, type Run } from './run.ts';
import type { Scenario } from './scenario.ts';

/** One write and what happens to it. */
export interface Boundary {
  readonly name: string;
  readonly told: string;
  readonly disturbance: Disturbance;
}

/** Plays boundaries of a scenario, many of them in one run, and finds those that are to blame for what is wrong. */
export class Sweeping {
  readonly wrong: string[] = [];
  runs = 0;
  readonly #scenario: Scenario;
  readonly #undisturbed: Run;

  constructor(scenario: Scenario, undisturbed: Run) {
    [this.#scenario, this.#undisturbed] = [scenario, undisturbed];
  }

  /**
   * Plays all of them, at most so many in one run. A write that did not come about after those before it had been
   * disturbed has another run, with others of its kind; in the end its own.
   */
  async play(boundaries: readonly Boundary[], sharing: number): Promise<void> {
    const missed: Boundary[] = [];
    for (const group of dealt(boundaries, Math.ceil(boundaries.length / sharing)))
      missed.push(...(await this.#together(group)));
    if (missed.length > 0) await this.play(missed, missed.length < boundaries.length ? sharing : 1);
  }

  /** One run, and where anything is wrong with it, each half of it without the other. Answers what did not come about. */
  async #together(group: readonly Boundary[]): Promise<readonly Boundary[]> {
    const { missed, findings } = await this.#run(group);
    if (group.length === 1) {
      if (missed.length > 0) findings.push('it did not come about');
      this.#blame(group, findings);
      return [];
    }
    if (findings.length === 0) return missed;
    const known = this.wrong.length;
    const left: Boundary[] = [];
    for (const half of dealt(group, 2)) left.push(...(await this.#together(half)));
    if (this.wrong.length === known) this.#blame(group, findings);
    return left;
  }

  #blame(group: readonly Boundary[], findings: readonly string[]): void {
    const whom = group.map(({ disturbance, told }) => `${JSON.stringify(disturbance)} at ${told}`).join(' and ');
    this.wrong.push(...findings.map((one) => `${whom}: ${one}`));
  }

  async #run(boundaries: readonly Boundary[]): Promise<{ missed: Boundary[]; findings: string[] }> {
    this.runs++;
    const open = new Map(boundaries.map(({ name, disturbance }) => [name, disturbance]));
    try {
      // What has happened once does not happen again when the write is made again.
      const disturbed = await run(this.#scenario, {
        get: (name: string) => {
          const disturbance = open.get(name);
          open.delete(name);
          return disturbance;
        },
      });
      const missed = boundaries.filter(({ name }) => open.has(name));
      return { missed, findings: judge(this.#undisturbed, disturbed) };
    } catch (error) {
      return { missed: [], findings: [error instanceof Error ? error.message : String(error)] };
    }
  }
}

/** So many heaps, each with parts that lie as far apart as they can. */
const dealt = <T>(parts: readonly T[], heaps: number): T[][] =>
  Array.from({ length: heaps }, (_, heap) => parts.filter((_part, i) => i % heaps === heap));
