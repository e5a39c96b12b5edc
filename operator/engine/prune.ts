import { asFault, reactionTo, type Fault } from '../model/faults.ts';
import type { NodeId } from '../model/ref.ts';
import type { ReasonOf } from '../model/stall-reasons.ts';
import { awaitingConfirmation, endOf, keep, letGo, unconfirmed, type Keeping, type Kept } from './keeping.ts';
import { nextLook } from './looking.ts';
import { noteOurEnd } from './losses.ts';
import { failingSince, faultReport, isStall, pauseAfter, type Pass } from './order.ts';
import { entryFacts } from './report.ts';
import type { Happening, NodeReport } from '../model/verdict.ts';
import type { Entry, Shelf } from './shelf.ts';
import { drainingUntil, isBlockedBy } from './serving.ts';
import { standsOn } from './standing.ts';

/** Entries on their way out, with the shelf each lies on. */
export interface Leaving {
  readonly entry: Entry;
  readonly shelf: Shelf;
}

export interface Pruned {
  /** One for each of the leaving, in their order. */
  readonly reports: readonly NodeReport[];
  readonly happenings: readonly Happening[];
  readonly retained: readonly Kept[];
}

/** Why nothing is done until people confirm that data may be deleted. */
const holding: readonly string[] = ['WaitingForConfirmation', 'ConfirmationNeeded'];

/** Why nothing was done yet to what is leaving, or never will be. */
const untouched: readonly string[] = ['WaitingForOthers', 'WaitingForDependents', 'Draining', 'Retained', ...holding];

/** Whether this is of a resource whose deletion was not begun. */
export const isUntouched = ({ reason }: NodeReport): boolean => untouched.includes(reason);

/** Whether this is of a resource that serves as ever until people have spoken. */
export const isHeld = ({ reason }: NodeReport): boolean => holding.includes(reason);

/** What a node that stays still names, with that node. */
export type Named = ReadonlyMap<Leaving, NodeId>;

/** One prune over all that is leaving. */
interface Pruning {
  readonly pass: Pass;
  readonly leaving: readonly Leaving[];
  /** Those that wait for a confirmation. */
  readonly waitsFor: ReadonlySet<Leaving>;
  /** Those that were not marked as kept before. */
  readonly unmarked: ReadonlySet<Leaving>;
  readonly named: Named;
  readonly happenings: Happening[];
  readonly retained: Kept[];
  /** Deletions of all on a shelf that may go, where one call serves several: why not, by id. */
  readonly together: Map<Shelf, Promise<ReadonlyMap<string, Fault>>>;
}

/**
 * Deletes what is wanted no more, one step for each resource on which nothing else of the leaving stands. Deleting goes
 * by the inventory, never by the spec, and only what carries the owner tag of this very store is ever in it. Data goes
 * as the policy says: first is chosen what stays.
 */
export async function prune(
  pass: Pass,
  leaving: readonly Leaving[],
  named: Named = new Map<Leaving, NodeId>(),
): Promise<Pruned> {
  const unmarked = new Set(leaving.filter(({ entry }) => !entry.found.owner?.retained));
  const choice = await choose(pass, leaving);
  if ('fault' in choice) return heldBack(pass, leaving, choice.fault);
  const { keeping, held } = choice;
  const waitsFor = heldUp(pass, leaving, held);
  const pruning: Pruning = {
    pass,
    waitsFor,
    unmarked,
    named,
    leaving: leaving.filter(({ entry }) => !keeping.has(entry)),
    happenings: tellUnconfirmed(pass, held),
    retained: [],
    together: new Map(),
  };
  const reports = await Promise.all(
    leaving.map(async (one) => {
      const why = keeping.get(one.entry);
      if (why !== undefined) return stays(pruning, one, why);
      return waitsFor.has(one) ? unconfirmedReport(pass, one, held) : leave(pruning, one);
    }),
  );
  return { reports, happenings: pruning.happenings, retained: pruning.retained };
}

/** Before everything is known nothing is deleted, and what may have to go is only named. */
export const nothing = (leaving: readonly Leaving[], say: (one: Leaving) => NodeReport): Pruned => ({
  reports: leaving.map(say),
  happenings: [],
  retained: [],
});

type Choice = { readonly keeping: Keeping; readonly held: readonly Leaving[] } | { readonly fault: Fault };

/** What stays, and what waits for a confirmation; the fault when AWS could not be asked whether there is data to keep. */
async function choose(pass: Pass, leaving: readonly Leaving[]): Promise<Choice> {
  try {
    const held = await awaitingConfirmation(pass, leaving);
    return { keeping: await keep(pass, leaving), held };
  } catch (error) {
    return { fault: asFault(error) };
  }
}

/** A store that goes is left whole until people confirm; one that stays has only the data itself, and its ground, wait. */
function heldUp(pass: Pass, leaving: readonly Leaving[], held: readonly Leaving[]): ReadonlySet<Leaving> {
  if (held.length > 0 && pass.memory.teardownSince !== undefined) return new Set(leaving);
  return new Set(held.flatMap((one) => [one, ...standsOn(one, leaving, pass.registry)]));
}

type Say = <S extends NodeReport['standing']>(
  standing: S,
  reason: ReasonOf<S>,
  message: string,
  more?: Partial<NodeReport>,
) => NodeReport;

const sayOf =
  ({ entry, shelf }: Leaving): Say =>
  (standing, reason, message, more = {}) => ({
    ...{ node: entry.found.owner?.node as NodeId, type: shelf.type.name, standing, reason, message },
    ...entryFacts(entry),
    ...more,
  });

/** AWS does not tell whether there is data to keep: nothing goes meanwhile, and people hear why where that does not pass. */
function heldBack(pass: Pass, leaving: readonly Leaving[], fault: Fault): Pruned {
  const { memory, settings, clock } = pass;
  const [now, facts] = [clock.now(), faultReport(fault)];
  const wakeAt = now + settings.soon[1];
  const unknown = `waits until AWS tells whether there is data to keep: ${fault.message}`;
  const happenings: Happening[] = [];
  const reports = leaving.map((one): NodeReport => {
    const say = sayOf(one);
    if (!one.shelf.type.data) return say('deleting', 'WaitingForOthers', unknown, { wakeAt });
    const last = memory.attempts.get(keyOf(one));
    const since = failingSince(settings, last, now);
    const standing = isStall(settings, fault, now - since) ? 'stalled' : 'deleting';
    const report = say(standing, 'DeletionFailed', fault.message, { ...facts, wakeAt });
    memory.attempts.set(keyOf(one), { count: (last?.count ?? 0) + 1, since, notBefore: wakeAt, report });
    if (standing === 'stalled' && last?.report.standing !== 'stalled' && happenings.length === 0)
      happenings.push({ kind: 'Stalled', node: report.node, message: fault.message });
    return report;
  });
  return { reports, happenings, retained: [] };
}

function unconfirmedReport(pass: Pass, one: Leaving, held: readonly Leaving[]): NodeReport {
  if (!held.includes(one))
    return sayOf(one)('deleting', 'WaitingForConfirmation', 'waits until the deletion of data is confirmed');
  const fault = unconfirmed(pass, [one]);
  return sayOf(one)('stalled', 'ConfirmationNeeded', fault.message, faultReport(fault));
}

/** What waits for people is told once, all of it together: each event has room for the one command that confirms it. */
function tellUnconfirmed(pass: Pass, held: readonly Leaving[]): Happening[] {
  const { memory, clock } = pass;
  const [first] = held;
  const isTold = (one: Leaving): boolean => memory.attempts.get(keyOf(one))?.report.reason === 'ConfirmationNeeded';
  if (!first || held.every(isTold)) return [];
  const now = clock.now();
  for (const one of held) {
    const report = unconfirmedReport(pass, one, held);
    memory.attempts.set(keyOf(one), { count: 0, since: now, notBefore: now, report });
  }
  const { message, facts } = unconfirmed(pass, held);
  const node = first.entry.found.owner?.node as NodeId;
  return [{ kind: 'Stalled', node, message: `${message} - ${facts.remedy}` }];
}

function stays({ pass, unmarked, happenings, retained }: Pruning, one: Leaving, why: string): NodeReport {
  const { id, owner } = one.entry.found;
  const { name: type, data } = one.shelf.type;
  const node = owner?.node as NodeId;
  retained.push({ node, id, type, why, ...(data ? {} : { isGround: true }) });
  // Of a store that goes all is told together, when it is gone.
  if (data && pass.order.act && pass.memory.teardownSince === undefined && unmarked.has(one))
    happenings.push({ kind: 'Retained', node, message: `${type} ${id} ${why}` });
  return sayOf(one)('ready', 'Retained', why);
}

async function leave(pruning: Pruning, one: Leaving): Promise<NodeReport> {
  const { pass, happenings, retained } = pruning;
  const { entry, shelf } = one;
  const { found } = entry;
  const node = found.owner?.node as NodeId;
  const say = sayOf(one);
  const { region } = shelf;
  const lookAgain = (at: number, since = pass.clock.now()) => {
    const parent = shelf.type.parentOf?.(found.props);
    // Of what is read by name a list below its parent says in one call that all of it is gone.
    const what = shelf.type.beatByName ? { parent } : { parent, ids: [found.id] };
    pass.inventory.requestSince(since, shelf.type, region, pass.order.owner.uid, at, what);
    return at;
  };
  const nextAt = (age: number): number => {
    const { clock, settings } = pass;
    const soonest = nextLook(settings, age, shelf.type.takes?.deleting);
    return clock.now() + (isAwaited(pruning, one) ? soonest : Math.max(soonest, settings.readLag));
  };
  if (found.state.is === 'deleting') {
    const at = nextAt(pass.clock.now() - (entry.deletedAt ?? pass.clock.now()));
    return say('deleting', 'Deleting', found.state.reason, { wakeAt: lookAgain(at, entry.deletedAt) });
  }
  const namer = pruning.named.get(one);
  if (namer !== undefined) return say('deleting', 'WaitingForOthers', `serves until ${namer} names it no more`);
  const paused = pausedReport(pass, one);
  if (paused) return paused;
  const key = keyOf(one);
  const attempt = pass.memory.attempts.get(key);
  const blocker = blockerOf(pruning, one);
  if (blocker) {
    const { owner, id } = blocker.entry.found;
    return say('deleting', 'WaitingForDependents', `waits until ${owner?.node} (${id}) is gone`);
  }
  if (!pass.order.act) return say('drifted', 'Unwanted', 'is wanted no more', { action: 'delete' });
  const drained = drainingUntil(pass, one, pruning.leaving);
  if (drained !== undefined)
    return say('deleting', 'Draining', 'still serves whoever was led to it before', { wakeAt: drained });
  try {
    const { waits, snapshots = [] } = await letGo(pass, one, happenings);
    retained.push(...snapshots);
    if (waits !== undefined)
      return say('deleting', 'LettingGoOfData', waits, { wakeAt: pass.clock.now() + pass.settings.settle });
    await pass.order.confirm();
    await remove(pruning, one);
    shelf.deleted(entry, pass.clock.now());
    noteOurEnd(pass.memory, node);
    pass.memory.attempts.delete(key);
    happenings.push({ kind: 'Deleted', node, message: `${shelf.type.name} ${found.id} deleted` });
    return say('deleting', 'Deleting', 'deletion was requested', { action: 'delete', wakeAt: lookAgain(nextAt(0)) });
  } catch (error) {
    const fault = asFault(error);
    if (fault.kind === 'refused') {
      retained.push({ node, id: found.id, type: shelf.type.name, why: fault.message });
      return say('ready', 'Retained', fault.message);
    }
    const reaction = reactionTo(fault.kind);
    const count = (attempt?.count ?? 0) + 1;
    const now = pass.clock.now();
    const since = failingSince(pass.settings, attempt, now);
    const notBefore = now + pauseAfter(pass.settings, reaction, count);
    const standing = isStall(pass.settings, fault, now - since) ? 'stalled' : 'deleting';
    const reason = fault.kind === 'busy' ? 'StillInUse' : 'DeletionFailed';
    const report = say(standing, reason, fault.message, { ...faultReport(fault), wakeAt: notBefore });
    pass.memory.attempts.set(key, { count, since, notBefore, report, wasAtWork: found.state.is === 'pending' });
    if (standing === 'stalled' && attempt?.report.standing !== 'stalled')
      happenings.push({ kind: 'Stalled', node, message: fault.message });
    lookAgain(notBefore);
    return report;
  }
}

const keyOf = ({ entry }: Leaving): NodeId => endOf(entry.found.id);

/** When its deletion failed a moment ago; what AWS was at work on then is tried as soon as it no longer is. */
function pausedReport({ memory, clock }: Pass, one: Leaving): NodeReport | undefined {
  const attempt = memory.attempts.get(keyOf(one));
  const hasEnded = attempt?.wasAtWork && one.entry.found.state.is !== 'pending';
  return attempt && attempt.notBefore > clock.now() && !hasEnded ? attempt.report : undefined;
}

/** What stands on it, and goes before it. */
const blockerOf = ({ leaving }: Pruning, one: Leaving): Leaving | undefined =>
  leaving.find((other) => isBlockedBy(one, other));

/**
 * Whether something may go, or all is over, as soon as this one is gone with all that is on its way already. What nothing
 * waits for is looked for a read lag later: late enough for the list that tells of it to prove, too, that nothing of its
 * type is left. What stands on what is told by types: one of each will do.
 */
function isAwaited({ leaving }: Pruning, one: Leaving): boolean {
  const left = leaving.filter((other) => other !== one && other.entry.found.state.is !== 'deleting');
  const open = [...new Map(left.map((other) => [other.shelf.type.name, other])).values()];
  const isNext = (other: Leaving): boolean => !open.some((third) => isBlockedBy(other, third));
  return open.length === 0 || open.some((other) => isBlockedBy(other, one) && isNext(other));
}

/** Deletes one; with it, where one call serves several, all on its shelf that may go now. */
async function remove(pruning: Pruning, one: Leaving): Promise<void> {
  const { pass, leaving, waitsFor, named, together } = pruning;
  const { entry, shelf } = one;
  const { type, region } = shelf;
  if (!type.deleteAll) {
    await type.delete(pass.aws(region), entry.found, pass.order.data.deletion === 'Delete' ? 'delete' : 'keep');
    return;
  }
  const mayGo = (other: Leaving): boolean =>
    other.shelf === shelf &&
    !waitsFor.has(other) &&
    !named.has(other) &&
    other.entry.found.state.is !== 'deleting' &&
    !pausedReport(pass, other) &&
    drainingUntil(pass, other, leaving) === undefined &&
    !blockerOf(pruning, other);
  const going =
    together.get(shelf) ??
    type.deleteAll(
      pass.aws(region),
      leaving.filter(mayGo).map((other) => other.entry.found),
    );
  together.set(shelf, going);
  const fault = (await going).get(entry.found.id);
  if (fault) throw fault;
}
