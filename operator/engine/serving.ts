import type { NodeId } from '../model/ref.ts';
import { fieldOf } from '../model/resource-type.ts';
import type { NodeReport } from '../model/verdict.ts';
import type { Pass } from './order.ts';
import type { Leaving } from './prune.ts';
import type { Entry, Shelf } from './shelf.ts';
import { groundOf, namesOf, stringsIn } from './standing.ts';
import { isRetagged } from './strays.ts';

/**
 * What a store no longer wants may still be in use: a load balancer with its target group and security group, while
 * another takes its place. Whoever named it goes on naming it until it is gone, and who led to it is turned away from it
 * only when the other is ready. Answers whether a value names such a thing.
 */
export function stillServing(pass: Pass): (value: unknown) => boolean {
  const { order, inventory, memory } = pass;
  const { uid } = order.owner;
  const leaving = unwantedOf(pass);
  const isKnown = inventory.unread(uid).length === 0;
  const serving = leaving.filter(
    (one) =>
      one.entry.found.state.is !== 'deleting' &&
      (!isKnown ||
        one.shelf.type.leadsPeople === true ||
        leaving.some((other) => isBlockedBy(one, other)) ||
        drainingUntil(pass, one, leaving) !== undefined),
  );
  const names = new Set(serving.flatMap(({ entry }) => namesOf(entry.found)));
  // What was not read yet is known from status, by its id alone, which may be the end of its ARN. Status itself forgets
  // what is not read; this process does not.
  const remembered = isKnown
    ? []
    : [...memory.heard].flatMap(([node, { id }]) => (order.graph.nodes.has(node) ? [] : [id]));
  if (names.size === 0 && remembered.length === 0) return () => false;
  return (value) => [...stringsIn(value)].some((text) => names.has(text) || remembered.some((id) => text.endsWith(id)));
}

/** Those of nodes that the graph lacks, and not kept as data. */
const unwantedOf = ({ order, inventory }: Pass): Leaving[] =>
  inventory.ownedBy(order.owner.uid).filter(({ entry, shelf }) => {
    const { owner } = entry.found;
    const isUnwanted = owner !== undefined && owner.retained === undefined && !order.graph.nodes.has(owner.node);
    return isUnwanted && !isRetagged(order, shelf.type, entry);
  });

/** The one on a shelf that serves in the place of what the store wants there; the last one made, where there are several. */
export const predecessorOf = (pass: Pass, shelf: Shelf): Entry | undefined =>
  unwantedOf(pass)
    .filter((one) => one.shelf === shelf && one.entry.found.state.is !== 'deleting')
    .map(({ entry }) => entry)
    .sort((a, b) => (b.found.bornAt ?? 0) - (a.found.bornAt ?? 0))[0];

/** Whether the other stands on it, and goes before it. */
export const isBlockedBy = ({ entry, shelf }: Leaving, other: Leaving): boolean =>
  other.entry !== entry && other.shelf.type.needs.includes(shelf.type.name);

/**
 * Of what is wanted no more, what something that stays still names because its own change is stalled, with the node of
 * that one: it serves until people have mended that, and AWS would refuse its end again and again. What is spared is
 * named until it is gone, and holds nothing up.
 */
export function namedByStalled(
  { order, inventory }: Pass,
  leaving: readonly Leaving[],
  reports: readonly NodeReport[],
): ReadonlyMap<Leaving, NodeId> {
  const stalled = new Set(reports.filter(({ standing }) => standing === 'stalled').map(({ node }) => node));
  const named = new Map<Leaving, NodeId>();
  if (stalled.size === 0 || leaving.length === 0) return named;
  const going = new Set(leaving.map(({ entry }) => entry));
  for (const { entry, shelf } of inventory.ownedBy(order.owner.uid)) {
    const node = entry.found.owner?.node;
    if (node === undefined || !stalled.has(node) || going.has(entry)) continue;
    const words = unsparedIn({ entry, shelf });
    for (const one of leaving)
      if (isBlockedBy(one, { entry, shelf }) && namesOf(one.entry.found).some((name) => words.has(name)))
        named.set(one, node);
  }
  return named;
}

/** Every string in what AWS has of one, but for what is spared. */
const unsparedIn = ({ entry, shelf: { type } }: Leaving): Set<string> =>
  stringsIn(Object.entries(entry.found.props).flatMap(([name, value]) => (fieldOf(type, name).spare ? [] : [value])));

/**
 * Until when nothing is done to it, because it is still asked, or something is that it stands on: milliseconds since the
 * epoch; undefined when it is not. A store that goes as a whole is asked by nobody any more.
 */
export function drainingUntil(pass: Pass, one: Leaving, leaving: readonly Leaving[]): number | undefined {
  const { memory, clock, registry } = pass;
  if (memory.teardownSince !== undefined) return undefined;
  const drained = leaving.filter(({ shelf: { type } }) => type.drains !== undefined);
  if (drained.length === 0) return undefined;
  const ground = groundOf(one.shelf.type, registry);
  const ends = drained
    .filter(({ entry, shelf }) => entry === one.entry || ground.has(shelf.type.name))
    .map(({ entry, shelf }) => {
      const since = memory.drainsSince.get(entry.found.id) ?? clock.now();
      return since + drainOf({ entry, shelf });
    });
  const end = Math.max(...ends);
  return end > clock.now() ? end : undefined;
}

/** Notes what begins to drain, now that all that is wanted is ready, and forgets what is wanted again. */
export function noteDraining({ memory, clock }: Pass, leaving: readonly Leaving[], isCalm: boolean): void {
  const ids = new Set(leaving.map(({ entry }) => entry.found.id));
  for (const id of memory.drainsSince.keys()) if (!ids.has(id)) memory.drainsSince.delete(id);
  if (!isCalm) return;
  for (const { entry, shelf } of leaving)
    if (shelf.type.drains !== undefined && !memory.drainsSince.has(entry.found.id))
      memory.drainsSince.set(entry.found.id, clock.now());
}

function drainOf({ entry, shelf: { type } }: Leaving): number {
  const { drains = 0 } = type;
  return typeof drains === 'number' ? drains : drains(entry.found.props);
}
