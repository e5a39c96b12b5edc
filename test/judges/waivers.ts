import { readFileSync } from 'node:fs';
import type { Finding } from './judge.ts';
import type { Template } from './template/export.ts';

/** Findings that we live with. */
export interface Waiver {
  /** `cdk-nag AwsSolutions-RDS11`: a judge and its rule; `*` stands for anything. */
  readonly rules: readonly string[];
  /** Logical ids; `*` stands for anything. */
  readonly resources: readonly string[];
  /** Only until a resource of this name exists: what is not yet right, and not yet used. */
  readonly before?: string;
  /** Only of this store: what its manifest asks for, and no other is to have. */
  readonly store?: string;
  readonly reason: string;
  /** The day from which on it holds no more, so that somebody thinks again. */
  readonly expires: string;
}

/** The waivers of test/judges/waivers.json. */
export const readWaivers = (): Waiver[] =>
  JSON.parse(readFileSync(new URL('waivers.json', import.meta.url), 'utf8')) as Waiver[];

/** `*` stands for anything, `\*` for itself. */
const fits = (pattern: string, text: string): boolean => {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*'));
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(text);
};

/** Keeps count of which waivers are needed. */
export class Waivers {
  readonly #all: readonly Waiver[];
  readonly #used = new Set<string>();

  constructor(all: readonly Waiver[]) {
    this.#all = all;
  }

  /** What of the findings about a state of a store nobody has waived. */
  unwaived(findings: readonly Finding[], { Resources }: Template, of?: string): Finding[] {
    const there = Object.keys(Resources);
    return findings.filter((finding) => {
      const waiving = this.#all.filter(
        ({ before, store }) =>
          (before === undefined || !there.some((name) => fits(before, name))) && (store === undefined || store === of),
      );
      return !waiving.some((waiver) => this.#waives(waiver, finding));
    });
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

  #waives({ rules, resources }: Waiver, { judge, rule, resource }: Finding): boolean {
    const byRule = rules.filter((pattern) => fits(pattern, `${judge} ${rule}`));
    const byResource = resources.filter((pattern) => fits(pattern, resource));
    if (byRule.length === 0 || byResource.length === 0) return false;
    const at = this.#all.findIndex((one) => one.rules === rules);
    for (const part of [...byRule, ...byResource]) this.#used.add(`${at}: ${part}`);
    return true;
  }
}
