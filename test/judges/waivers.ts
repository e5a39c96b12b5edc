import { readFileSync } from 'node:fs';
import type { Finding } from './judge.ts';
import { nodeNameOf, type Template } from './template/export.ts';

/** Findings that we live with. */
export interface Waiver {
  /** `cdk-nag AwsSolutions-RDS11`: a judge and its rule; `*` stands for anything. */
  readonly rules: readonly string[];
  /** Logical ids; `*` stands for anything. */
  readonly resources: readonly string[];
  /**
   * Only until a resource of this name exists: what is not yet right, and not yet used. Its `*` is what the `*` in the
   * name of the resource stands for, if that has one.
   */
  readonly before?: string;
  /** Only of this store or this chapter of a store's life: what is asked for there, and nowhere else; `*` as elsewhere. */
  readonly of?: string;
  readonly reason: string;
  /** The day from which on it holds no more, so that somebody thinks again. */
  readonly expires: string;
}

const read = (file: string): Waiver[] => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Waiver[];

/** What holds of every store at any time: test/judges/waivers.json. */
export const readWaivers = (): Waiver[] => read('waivers.json');

/** What holds besides while a store is changed, healed or removed: test/judges/waivers-in-life.json. */
export const readWaiversInLife = (): Waiver[] => read('waivers-in-life.json');

/** `*` stands for anything, `\*` for itself. Answers what each `*` stands for; undefined where the text does not fit. */
const starsOf = (pattern: string, text: string): string[] | undefined => {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*'));
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('(.*)')}$`).exec(text)?.slice(1);
};

const fits = (pattern: string, text: string): boolean => starsOf(pattern, text) !== undefined;

/** Keeps count of which waivers are needed. */
export class Waivers {
  readonly #all: readonly Waiver[];
  readonly #used = new Set<string>();

  constructor(all: readonly Waiver[]) {
    this.#all = all;
  }

  /** What of the findings about a state of a store nobody has waived. */
  unwaived(findings: readonly Finding[], { Resources }: Template, of = ''): Finding[] {
    const there = Object.keys(Resources);
    const holding = this.#all.filter((waiver) => waiver.of === undefined || fits(waiver.of, of));
    return findings.filter((finding) => !holding.some((waiver) => this.#waives(waiver, finding, there)));
  }

  /** Rules and resources of waivers that no finding needed. */
  unused(): string[] {
    return this.#all
      .flatMap(({ rules, resources }, at) => [...rules, ...resources].map((part) => `${at}: ${part}`))
      .filter((part) => !this.#used.has(part));
  }

  /** Those that hold no more at a time. */
  expired(now: Date): Waiver[] {
    return this.#all.filter(({ expires }) => !(new Date(expires) > now));
  }

  #waives({ rules, resources, before }: Waiver, { judge, rule, resource }: Finding, there: readonly string[]): boolean {
    const name = nodeNameOf(resource);
    const isBefore = (pattern: string): boolean => {
      const [star = '*'] = starsOf(pattern, name) ?? [];
      const until = before?.replace('*', star);
      return until === undefined || !there.some((one) => fits(until, nodeNameOf(one)));
    };
    const byRule = rules.filter((pattern) => fits(pattern, `${judge} ${rule}`));
    const byResource = resources.filter((pattern) => fits(pattern, name) && isBefore(pattern));
    if (byRule.length === 0 || byResource.length === 0) return false;
    const at = this.#all.findIndex((one) => one.rules === rules);
    for (const part of [...byRule, ...byResource]) this.#used.add(`${at}: ${part}`);
    return true;
  }
}
