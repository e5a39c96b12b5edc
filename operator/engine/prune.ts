import { asFault, reactionTo } from '../model/faults.ts';
import type { NodeId } from '../model/ref.ts';
import { nextLook } from './looking.ts';
import { failingSince, faultReport, isStall, pauseAfter, type Pass } from './order.ts';
import { entryFacts } from './report.ts';
import type { Happening, NodeReport } from '../model/verdict.ts';
import type { Entry, Shelf } from './shelf.ts';

/** Entries on their way out, with the shelf each lies on. */
export interface Leaving {
  readonly entry: Entry;
  readonly shelf: Shelf;
}

export interface Pruned {
  readonly reports: readonly NodeReport[];
  readonly happenings: readonly Happening[];
  readonly retained: readonly { readonly node: NodeId; readonly id: string; readonly why: string }[];
}

/**
 * Deletes what is wanted no more, one step for each resource on which nothing else of the leaving stands. Deleting goes
 * by the inventory, never by the spec, and only what carries the owner tag of this very store is ever in it.
 */
export async function prune(pass: Pass, leaving: readonly Leaving[]): Promise<Pruned> {
  const happenings: Happening[] = [];
  const retained: { node: NodeId; id: string; why: string }[] = [];
  const reports = await Promise.all(leaving.map((one) => leave(pass, one, leaving, happenings, retained)));
  return { reports, happenings, retained };
}

async function leave(
  pass: Pass,
  { entry, shelf }: Leaving,
  leaving: readonly Leaving[],
  happenings: Happening[],
  retained: { node: NodeId; id: string; why: string }[],
): Promise<NodeReport> {
  const { found } = entry;
  const node = found.owner?.node as NodeId;
  const say = (standing: NodeReport['standing'], reason: string, message: string, more: Partial<NodeReport> = {}) => ({
    ...{ node, type: shelf.type.name, standing, reason, message },
    ...entryFacts(entry),
    ...more,
  });
  const { region } = shelf;
  const lookAgain = (at: number) => {
    const parent = shelf.type.parentOf?.(found.props);
    pass.inventory.request(shelf.type, region, pass.order.owner.uid, at, { parent, ids: [found.id] });
    return at;
  };
  if (found.state.is === 'deleting') {
    const age = pass.clock.now() - (entry.deletedAt ?? pass.clock.now());
    const at = pass.clock.now() + nextLook(pass.settings, age, shelf.type.takes?.deleting);
    return say('deleting', 'Deleting', found.state.reason, { wakeAt: lookAgain(at) });
  }
  const key = `leave/${found.id}` as NodeId;
  const attempt = pass.memory.attempts.get(key);
  if (attempt && attempt.notBefore > pass.clock.now()) return attempt.report;
  const blocker = leaving.find((other) => other.entry !== entry && other.shelf.type.needs.includes(shelf.type.name));
  if (blocker) {
    const { owner, id } = blocker.entry.found;
    return say('deleting', 'WaitingForDependents', `waits until ${owner?.node} (${id}) is gone`);
  }
  if (!pass.order.act) return say('drifted', 'Unwanted', 'is wanted no more', { action: 'delete' });
  try {
    await pass.order.confirm();
    await shelf.type.delete(pass.aws(region), found);
    shelf.deleted(entry, pass.clock.now());
    pass.memory.attempts.delete(key);
    happenings.push({ kind: 'Deleted', node, message: `${shelf.type.name} ${found.id} deleted` });
    const at = lookAgain(pass.clock.now() + nextLook(pass.settings, 0, shelf.type.takes?.deleting));
    return say('deleting', 'Deleting', 'deletion was requested', { action: 'delete', wakeAt: at });
  } catch (error) {
    const fault = asFault(error);
    if (fault.kind === 'refused') {
      retained.push({ node, id: found.id, why: fault.message });
      return say('ready', 'Retained', fault.message);
    }
    const reaction = reactionTo(fault.kind);
    const count = (attempt?.count ?? 0) + 1;
    const now = pass.clock.now();
    const since = failingSince(pass.settings, attempt, now);
    const notBefore = now + pauseAfter(pass.settings, reaction, count);
    const standing = isStall(pass.settings, fault.kind, now - since) ? 'stalled' : 'deleting';
    const reason = fault.kind === 'busy' ? 'StillInUse' : 'DeletionFailed';
    const report = say(standing, reason, fault.message, { ...faultReport(fault), wakeAt: notBefore });
    pass.memory.attempts.set(key, { count, since, notBefore, report });
    lookAgain(notBefore);
    return report;
  }
}
