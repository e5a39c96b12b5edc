import { Fault } from '../model/faults.ts';
import { specFieldOf } from '../model/graph.ts';
import type { NodeId } from '../model/ref.ts';
import type { NodeReport } from '../model/verdict.ts';
import type { Memory } from './order.ts';
import type { Entry } from './shelf.ts';
import type { Tended } from './step.ts';

/** A change that was made to a node, and how often in a row without AWS telling it afterwards. */
export interface Change {
  /** What was wanted and what was there instead: another of either is another change. */
  readonly what: string;
  readonly times: number;
}

/**
 * So often a change is made and believed. Made again from the same values, without a reading in between that found all
 * as wanted, it does not stay: AWS ignores it, or somebody sets it back. Without an end to that an operator writes for
 * ever (ACK's issue 2956: two hundred times in half an hour).
 */
export const enough = 3;

/** Notes a change that AWS has just accepted. Answers the fault to report once it has been made often enough. */
export function noteChange(
  memory: Memory,
  { node, type, wanted }: Tended,
  { found }: Entry,
  fields: readonly string[],
): Fault | undefined {
  const what = wording(wanted, found, fields);
  const last = memory.changes.get(node.id);
  const times = last?.what === what ? last.times + 1 : 1;
  memory.changes.set(node.id, { what, times });
  if (times < enough) return undefined;
  const words = `${fields.join(', ')} of ${type.name} ${found.id} was changed ${enough} times: AWS accepted it and does not keep it`;
  return new Fault('unkept', words, {
    field: specFieldOf(node, fields),
    remedy: 'find out in CloudTrail who sets it back, or ask the store for the value that AWS has',
  });
}

const wording = (wanted: Tended['wanted'], found: Entry['found'], fields: readonly string[]): string =>
  JSON.stringify([found.id, fields.map((field) => [field, wanted[field], found.props[field]])]);

/**
 * Notes which fields a failed change was to change, and later which of them still differ: one that was done meanwhile and
 * differs again is another change.
 */
export function noteFailed({ attempts }: Memory, { node }: Tended, fields: readonly string[]): void {
  const attempt = attempts.get(node.id);
  if (attempt) attempts.set(node.id, { ...attempt, fields });
}

/**
 * Whether something else is to be changed than what failed, or than what does not stay: that need not wait. What our role
 * may not change must not keep a database open that somebody has opened.
 */
export function isAnotherChange(
  { changes, attempts }: Memory,
  { node, wanted }: Tended,
  { found }: Entry,
  fields: readonly string[],
): boolean {
  const attempt = attempts.get(node.id);
  // What failed was no change: it was not to be made, or was not ours. Here it is, and is to be changed.
  if (attempt && fields.some((field) => !attempt.fields?.includes(field))) return true;
  const last = changes.get(node.id);
  return last !== undefined && last.times >= enough && last.what !== wording(wanted, found, fields);
}

/** What is told of a node whose change does not stay, also while the next attempt is being read back. */
export function unkeptReport({ changes, attempts }: Memory, node: NodeId): NodeReport | undefined {
  const times = changes.get(node)?.times ?? 0;
  return times < enough ? undefined : attempts.get(node)?.report;
}
