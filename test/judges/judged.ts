import { changeBetween } from './change.ts';
import type { Finding, Judge } from './judge.ts';
import type { State } from './watched.ts';
import type { Template } from './template/export.ts';

export interface Judged {
  /** All that the judges hold against the state, and not only what its last write brought. */
  readonly findings: readonly Finding[];
}

/**
 * Judges a store as it grows, write by write. What a write cannot have spoilt keeps the findings that it had: to judge
 * everything anew each time would take minutes.
 */
export function* judgeAlong<S extends State>(states: readonly S[], judges: readonly Judge[]): Generator<S & Judged> {
  const open = new Map<string, readonly Finding[]>();
  let before: Template = { AWSTemplateFormatVersion: '2010-09-09', Resources: {} };
  for (const state of states) {
    const { touched, part } = changeBetween(before, state.template);
    const findings = touched.size > 0 ? judges.flatMap((judge) => judge.judge(part)) : [];
    for (const name of touched)
      open.set(
        name,
        findings.filter(({ resource }) => resource === name),
      );
    for (const name of open.keys()) if (!(name in state.template.Resources)) open.delete(name);
    // What is said of no resource is said of this state alone.
    const ofAll = findings.filter(({ resource }) => !(resource in part.Resources));
    yield { ...state, findings: [...[...open.values()].flat(), ...ofAll] };
    before = state.template;
  }
}

/** Findings as a person reads them: each once. */
export const told = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.map(({ judge, rule, resource, message }) => `${judge} ${rule} ${resource}: ${message}`)),
];
