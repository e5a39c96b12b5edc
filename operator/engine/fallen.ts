import { Fault } from '../model/faults.ts';
import { specFieldOf, type Node } from '../model/graph.ts';
import type { NodeReport } from '../model/verdict.ts';
import { faultReport, pauseAfter } from './order.ts';
import { entryFacts } from './report.ts';
import type { Entry } from './shelf.ts';
import type { Tended } from './step.ts';
import type { Walk } from './walk.ts';

/** What AWS has failed of a node: the last one, the how many-th in a row it was, and until when it stands. */
export interface Fallen {
  readonly id: string;
  readonly count: number;
  readonly until: number;
}

/**
 * The report on what AWS has failed, while it is too early for another one: what made it fail is mostly there still, and
 * AWS counts some creations by the year (https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html). The pauses grow
 * until one is ready, whoever succeeds in asking for another.
 */
export function fallenReport(walk: Walk, { node, type }: Tended, current: Entry): NodeReport | undefined {
  const { memory, settings, clock } = walk.pass;
  const { id, state } = current.found;
  if (state.is !== 'failed') return undefined;
  const fault = new Fault('rejected', `${type.name} ${id} failed: ${state.reason}`, {
    field: partOf(node),
    remedy: `${state.remedy ?? 'mend what AWS names'}; another one is made in its place after a pause`,
  });
  let fallen = memory.fallen.get(node.id);
  if (fallen?.id !== id) {
    const count = (fallen?.count ?? 0) + 1;
    fallen = { id, count, until: clock.now() + pauseAfter(settings, 'anew', count) };
    memory.fallen.set(node.id, fallen);
    walk.happenings.push({ kind: 'Stalled', node: node.id, message: fault.message });
  }
  if (clock.now() >= fallen.until) return undefined;
  const facts = { ...entryFacts(current), ...faultReport(fault), wakeAt: fallen.until };
  return walk.say(node, 'stalled', 'Failed', fault.message, facts);
}

/** The part of the store that it comes from. Nobody knows that a single field is the cause: none is blamed. */
function partOf(node: Node): string | undefined {
  const field = specFieldOf(node);
  return field !== undefined && Object.values(node.specFields).includes(field) ? undefined : field;
}
