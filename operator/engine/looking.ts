import type { NodeReport } from '../model/verdict.ts';
import type { Pass } from './order.ts';
import { entryFacts } from './report.ts';
import type { Settings } from './settings.ts';
import type { Entry } from './shelf.ts';
import type { Tended } from './step.ts';
import type { Walk } from './walk.ts';

/**
 * In how many milliseconds to look again at what AWS has been at work on for `age`: not before it can be done, then each
 * time after an eighth of what it has taken so far. So looking adds an eighth to any wait at most, and never more
 * than half a minute; a minute of what takes AWS minutes at the least.
 */
export function nextLook({ settle, soon, pace }: Settings, age: number, takes = 0): number {
  const soonest = takes * pace;
  if (age + settle < soonest) return soonest - age;
  return Math.min(Math.max(age / 8, settle), soonest >= 2 * soon[1] ? soon[1] : soon[1] / 2);
}

/** AWS is at work on it: asks for the next look. */
export function atWork(walk: Walk, { node, type, region }: Tended, current: Entry, reason: string): NodeReport {
  const { clock, settings, inventory, order, memory } = walk.pass;
  const { createdAt, writtenAt, found } = current;
  const age = clock.now() - Math.max(writtenAt ?? 0, createdAt ?? found.bornAt ?? 0);
  const at = clock.now() + nextLook(settings, age, type.takes?.making);
  // It is listed below the parent that it has, which need not be the one that is wanted.
  inventory.request(type, region, order.owner.uid, at, { parent: type.parentOf?.(found.props), ids: [found.id] });
  const facts = { ...entryFacts(current), wakeAt: at };
  const overdue = 'overdue' in found.state ? found.state.overdue : undefined;
  if (!overdue) {
    memory.overdue.delete(found.id);
    return walk.say(node, 'progressing', 'InProgress', reason, facts);
  }
  // What is not usable was so from the begin; what is, only for as long as we have seen it.
  const seen = found.state.is === 'pending' ? clock.now() - age : clock.now();
  const { since, told } = memory.overdue.get(found.id) ?? { since: seen, told: false };
  const isOverdue = clock.now() - since >= overdue.after * settings.pace;
  memory.overdue.set(found.id, { since, told: told || isOverdue });
  if (!isOverdue) return walk.say(node, 'progressing', 'InProgress', reason, facts);
  if (!told) walk.happenings.push({ kind: 'Stalled', node: node.id, message: `${reason} - ${overdue.remedy}` });
  return walk.say(node, 'stalled', 'Overdue', reason, { ...facts, remedy: overdue.remedy });
}

/** It is as it should be by our own writes, and only has to be read back. */
const written = 'ReadingBack';
/** Something of it was never read. */
const unread = 'Reading';

/** Whether nothing is known of a node but that it is being read for the first time. */
export const isBeingRead = ({ standing, reason }: NodeReport): boolean =>
  standing === 'progressing' && reason === unread;

/** Whether what comes after this node may begin: it is as it should be, be that read back already or not. */
export const isDone = ({ standing, reason }: NodeReport): boolean => standing === 'ready' || reason === written;

/** What the nodes of one walk have written, or not read yet, and AWS has to be asked for. */
export class ReadBacks {
  readonly #open: { readonly tended: Tended; readonly current: Entry }[] = [];

  /** A node that only has to be read back. */
  confirm(walk: Walk, tended: Tended, current: Entry): NodeReport {
    return this.#await(walk, tended, current, written, 'reading back what was written');
  }

  /** A node of which something was never read. */
  read(walk: Walk, tended: Tended, current: Entry, message: string): NodeReport {
    return this.#await(walk, tended, current, unread, message);
  }

  #await(walk: Walk, tended: Tended, current: Entry, reason: string, message: string): NodeReport {
    this.#open.push({ tended, current });
    return walk.say(tended.node, 'progressing', reason, message, entryFacts(current));
  }

  /**
   * Asks for the readings, and tells for when: soon when nothing else is open in the store; else later, so that what is
   * written meanwhile is read back with it.
   */
  request({ inventory, order, clock, settings }: Pass, reports: readonly NodeReport[]): number | undefined {
    if (this.#open.length === 0) return undefined;
    const calm = reports.every(({ standing, reason }) => isReading(reason) || !isMoving(standing));
    const at = clock.now() + (calm ? settings.settle : settings.readBack);
    for (const { tended, current } of this.#open) {
      const { type, region, parent } = tended;
      const { id } = current.found;
      const what = needsDetail(current) ? { id, fields: openFields(current) } : { parent, ids: [id] };
      inventory.requestSince(current.writtenAt ?? 0, type, region, order.owner.uid, at, what);
    }
    return at;
  }
}

const isReading = (reason: string): boolean => reason === written || reason === unread;
const isMoving = (standing: NodeReport['standing']): boolean => standing === 'progressing' || standing === 'waiting';

/** What was written and only details tell, where details have told all of it before. */
function openFields({ assumed, listed, details, detailedAt }: Entry): string[] | undefined {
  const open = Object.keys(assumed).filter((name) => !(name in listed.props));
  return detailedAt !== undefined && open.every((name) => name in details) ? open : undefined;
}

/** Whether what is open is told by details rather than by lists. */
const needsDetail = ({ assumed, listed, listedAt, missingSince, detailedAt }: Entry): boolean =>
  listedAt !== undefined &&
  missingSince === undefined &&
  (Object.keys(assumed).length === 0
    ? detailedAt === undefined
    : Object.keys(assumed).some((name) => !(name in listed.props)));
