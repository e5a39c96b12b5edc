import { differences } from '../model/decide.ts';
import type { Node } from '../model/graph.ts';
import type { AnyResourceType } from '../model/resource-type.ts';
import type { Order } from './order.ts';
import type { Entry, Shelf } from './shelf.ts';
import { isRetagged } from './strays.ts';

/** What AWS has for one node. */
export interface Candidates {
  /** The one that is judged, changed, and stays. */
  readonly current: Entry | undefined;
  /** One that serves until `current` is ready: its fixed props are no longer the wanted ones. */
  readonly outgoing: Entry | undefined;
}

const elderFirst = (a: Entry, b: Entry): number =>
  (a.found.bornAt ?? a.createdAt ?? 0) - (b.found.bornAt ?? b.createdAt ?? 0) || (a.found.id < b.found.id ? -1 : 1);

/**
 * Chooses among the resources that carry a node's tags. Of two alike the elder stays. Where a replacement may be made
 * first, one whose fixed props fit is preferred, and an unfit one goes on serving until the fit one is ready.
 */
export function candidatesOf(
  shelf: Shelf,
  order: Order,
  node: Node,
  wanted: Readonly<Record<string, unknown>>,
): Candidates {
  const type = node.type as AnyResourceType;
  const own = ownOf(shelf, order, node);
  const living = own.filter(isLiving).sort(elderFirst);
  if (type.replace !== 'create-first') return { current: living[0] ?? own[0], outgoing: undefined };
  const fits = ({ found }: Entry) => differences({ type, wanted, found, mayReplace: false }, 'fixed').length === 0;
  const fit = living.find(fits);
  const unfit = living.find((entry) => entry !== fit && entry.found.state.is !== 'failed');
  const serving = fit?.found.state.is === 'ready' || fit?.found.state.is === 'changing';
  // One alike that is on its way out holds the name until it is gone: there is nothing to do but wait.
  return { current: fit ?? own.find(fits), outgoing: serving ? undefined : unfit };
}

/** Those of a node that live beside its candidates: two processes that both led made one each. They go when all is ready. */
export const secondsOf = (shelf: Shelf, order: Order, node: Node, { current, outgoing }: Candidates): Entry[] =>
  ownOf(shelf, order, node).filter((one) => one !== current && one !== outgoing && isLiving(one));

/** All that carry a node's tags, and that nobody has given them. */
const ownOf = (shelf: Shelf, order: Order, { id }: Node): Entry[] =>
  shelf.ofNode(order.owner.uid, id).filter((entry) => !isRetagged(order, shelf.type, entry));

const isLiving = ({ found }: Entry): boolean => found.state.is !== 'deleting';

/** Ready to be referred to by other nodes. What the last list lacked is not: it may be gone. */
export const isUsable = (entry: Entry | undefined): entry is Entry =>
  entry !== undefined &&
  entry.missingSince === undefined &&
  (entry.found.state.is === 'ready' || entry.found.state.is === 'changing');
