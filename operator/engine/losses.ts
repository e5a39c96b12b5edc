import { Fault } from '../model/faults.ts';
import { specFieldOf } from '../model/graph.ts';
import { digest } from '../model/identity.ts';
import type { NodeId } from '../model/ref.ts';
import { fieldOf, type Notice } from '../model/resource-type.ts';
import type { NodeReport } from '../model/verdict.ts';
import { enough } from './changes.ts';
import { faultReport, pauseAfter, type Memory, type Pass } from './order.ts';
import type { ErasedFound } from './shelf.ts';
import type { Tended } from './step.ts';
import type { Walk } from './walk.ts';

/** What was made again of a node, and how many of those in a row somebody else has deleted. */
export interface Losses {
  /** The last one that was made. */
  readonly id: string;
  /** What was wanted then: what another wish leads to is another thing. */
  readonly what: string;
  /** When the first one was made. */
  readonly since: number;
  readonly times: number;
  /** The last one that was deleted. */
  readonly gone?: string;
  /** Since when the last one is as it should be. */
  readonly readyAt?: number;
  /** Of one that is gone: when another one is made. */
  readonly until?: number;
}

/**
 * The report on what somebody deletes again and again, while it is too early for another one: many are paid for by the
 * hour, however soon they end. The pauses grow until one has stood for as long as the longest of them. What keeps people
 * out is made again at once, however often.
 */
export function lossReport(walk: Walk, tended: Tended): NodeReport | undefined {
  const { memory, clock } = walk.pass;
  const { node } = tended;
  const last = memory.losses.get(node.id);
  if (!last) return undefined;
  const lost = last.until === undefined ? counted(walk.pass, tended, last) : last;
  if (!lost || lost.what !== wording(tended)) {
    memory.losses.delete(node.id);
    return undefined;
  }
  memory.losses.set(node.id, lost);
  if (lost.times < enough) return undefined;
  const fault = unkept(tended, lost);
  if (last.until === undefined && lost.times === enough)
    walk.happenings.push({ kind: 'Stalled', node: node.id, message: fault.message });
  if (clock.now() >= (lost.until ?? 0)) return undefined;
  return walk.say(node, 'stalled', 'NotKept', fault.message, { ...faultReport(fault), wakeAt: lost.until });
}

/** The last one is gone: one more, unless it has stood for long, or AWS had failed it and took it away itself. */
function counted({ memory, settings, clock }: Pass, { node, type }: Tended, last: Losses): Losses | undefined {
  const now = clock.now();
  const [, longest] = settings.anew;
  if (memory.fallen.get(node.id)?.id === last.id || now - (last.readyAt ?? now) >= longest) return undefined;
  const times = last.times + 1;
  const pause = times < enough || type.keepsOut ? 0 : pauseAfter(settings, 'anew', times - enough + 1);
  return { ...last, times, gone: last.id, until: now + pause };
}

/**
 * Notes what was made in the place of one that was there before. To a token that it has seen, AWS answers with what it
 * made then, which may be long gone: that was deleted by nobody now.
 */
export function noteMade({ memory, order, clock, settings }: Pass, tended: Tended, { id, bornAt }: ErasedFound): void {
  const { node } = tended;
  if (!order.previous.has(node.id)) return;
  // AWS's clock and ours may differ by minutes.
  if (bornAt !== undefined && bornAt < clock.now() - settings.unknownOutcome) {
    memory.losses.delete(node.id);
    return;
  }
  const { since = clock.now(), times = 0, gone } = memory.losses.get(node.id) ?? {};
  memory.losses.set(node.id, { id, what: wording(tended), since, times, gone });
}

/** Notes that what was made is as it should be: after some time it was not made in vain. */
export function noteStanding({ memory, settings, clock }: Pass, node: NodeId): void {
  const last = memory.losses.get(node);
  if (!last) return;
  const readyAt = last.readyAt ?? clock.now();
  if (clock.now() - readyAt >= settings.anew[1]) memory.losses.delete(node);
  else memory.losses.set(node, { ...last, readyAt, until: undefined });
}

/** What we delete ourselves is no loss. */
export const noteOurEnd = ({ losses }: Memory, node: NodeId): boolean => losses.delete(node);

/** What is told while another one is on its way. */
export function lostBefore(walk: Walk, tended: Tended, report: NodeReport): NodeReport {
  const lost = walk.pass.memory.losses.get(tended.node.id);
  if (!lost || lost.times < enough || report.standing !== 'progressing') return report;
  return { ...report, standing: 'stalled', reason: 'NotKept', ...faultReport(unkept(tended, lost)) };
}

/** What is told of one that stands again, until it is believed to stay. */
export function lossNotice({ memory }: Pass, tended: Tended): Notice | undefined {
  const lost = memory.losses.get(tended.node.id);
  return lost && lost.times >= enough ? { reason: 'DeletedAgain', message: deletions(tended, lost) } : undefined;
}

function unkept(tended: Tended, lost: Losses): Fault {
  const { node, type } = tended;
  const next = lost.until === undefined ? 'another one was made' : `another one is made at ${moment(lost.until)}`;
  return new Fault('unkept', `${deletions(tended, lost)}; ${next}`, {
    field: specFieldOf(node),
    remedy: `find out in CloudTrail who calls ${type.endedBy} for it, or change the store so that it does without`,
  });
}

const deletions = ({ type }: Tended, { times, since, gone }: Losses): string =>
  `${type.name} was deleted ${times} times since ${moment(since)}, and not by the operator (the last was ${gone})`;

const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** What is added late may be there or not, whenever one is made. */
const wording = ({ type, wanted }: Tended): string =>
  digest(JSON.stringify(Object.entries(wanted).filter(([name]) => !fieldOf(type, name).late)), 16);
