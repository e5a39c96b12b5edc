import { resolve, type NodeId } from '../model/ref.ts';
import { inBuildOrder, type Graph, type Node } from '../model/graph.ts';
import { asFault, type Fault } from '../model/faults.ts';
import { hearOf, settledFrom } from './creation.ts';
import type { Clock, Cloud, Intent } from '../model/ports.ts';
import { once } from '../model/once.ts';
import { isLookup, type AnyResourceType, type Registry } from '../model/resource-type.ts';
import type { StallReason } from '../model/stall-reasons.ts';
import type { Inventory } from './inventory.ts';
import { isEnd, laterOf, type Kept } from './keeping.ts';
import { failingSince, faultReport, isStall, priorityOf, type Memory, type Order, type Pass } from './order.ts';
import { isUse, usesAfter } from './permission.ts';
import { isHeld, isUntouched, nothing, prune, type Leaving, type Pruned } from './prune.ts';
import type { Happening, NodeReport, Verdict } from '../model/verdict.ts';
import type { Settings } from './settings.ts';
import { namedByStalled, noteDraining } from './serving.ts';
import { isConfirmed, type Entry } from './shelf.ts';
import { isRetagged } from './strays.ts';
import { Walk } from './walk.ts';

/** What the engine works with, for all stores. */
export interface Engine {
  readonly inventory: Inventory;
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly settings: Settings;
}

/** One pass: walks the graph, then removes what is left over. It never sleeps; `wakeAt` says when to come back. */
export async function reconcile(engine: Engine, order: Order, memory: Memory): Promise<Verdict> {
  const pass = begin(engine, order, memory);
  watch(engine, pass);
  const walked = await new Walk(pass).run();
  const known = engine.inventory.unread(order.owner.uid).length === 0;
  const obstacle = known ? undefined : obstacleOf(engine, order.owner.uid);
  const leaving = engine.inventory
    .ownedBy(order.owner.uid)
    .filter(({ entry, shelf }) => !walked.kept.has(entry) && !isRetagged(order, shelf.type, entry))
    .sort(inOrder);
  // Something wanted may still stand on what is wanted no more: first the new, then the end of the old.
  const calm = walked.reports.every(({ standing }) => standing !== 'progressing' && standing !== 'waiting');
  noteDraining(pass, leaving, known && calm);
  const pruned =
    known && calm
      ? await prune(pass, leaving, namedByStalled(pass, leaving, walked.reports))
      : later(pass, leaving, known ? 'goes when what replaces it is ready' : whenRead(obstacle));
  const mended = await mend(pass, leaving, pruned);
  const reports = [...walked.reports, ...mended.reports];
  return {
    nodes: walked.reports,
    leaving: mended.reports,
    happenings: [...walked.happenings, ...pruned.happenings, ...mended.happenings],
    known,
    gone: false,
    retained: withSnapshots(pass, [...walked.snapshots, ...pruned.retained]),
    outputs: walked.outputs,
    intents: openIntents(pass).filter(isStillLetGo(pass, reports)).flatMap(usesAfter(pass, walked.reports)),
    obstacle,
    wakeAt: Math.min(
      wakeAt(engine, reports, paceOf(engine, known, obstacle)),
      walked.readAt ?? Infinity,
      mended.readAt,
    ),
  };
}

/** Takes a store down by the inventory alone. Done (`gone`) only when every list, read after the end, lacks all of it. */
export async function teardown(engine: Engine, order: Order, memory: Memory): Promise<Verdict> {
  const pass = begin(engine, order, memory);
  const { uid } = order.owner;
  memory.teardownSince ??= engine.clock.now();
  watch(engine, pass);
  const { blind, told } = await watchParentsOfGraph(pass);
  const since = provenFrom(pass, memory.teardownSince);
  const known = blind.length === 0 && engine.inventory.unread(uid).length === 0;
  const obstacle = known ? undefined : obstacleOf(engine, uid);
  const leaving = engine.inventory.ownedBy(uid).sort(inOrder);
  const pruned = known ? await prune(pass, leaving) : later(pass, leaving, whenRead(obstacle ?? blind[0]));
  const mended = await mend(pass, leaving, pruned);
  const reports = [...mended.reports, ...blind];
  const kept = new Set(pruned.retained.map(({ id }) => id));
  const left = engine.inventory.ownedBy(uid).filter(({ entry }) => !kept.has(entry.found.id));
  const late = engine.inventory.unread(uid, since);
  if (left.length === 0) for (const type of late) engine.inventory.requestAll(uid, type, since(type));
  return {
    nodes: [],
    leaving: reports,
    happenings: [...told, ...pruned.happenings, ...mended.happenings],
    known,
    gone: known && left.length === 0 && late.length === 0,
    retained: withSnapshots(pass, pruned.retained),
    outputs: new Map(),
    intents: pass.intents.filter(isStillLetGo(pass, reports)),
    obstacle,
    wakeAt: Math.max(
      Math.min(wakeAt(engine, reports, paceOf(engine, known, obstacle ?? blind[0])), mended.readAt),
      ...(left.length === 0 ? late.map(since) : []),
    ),
  };
}

/** While a list cannot be read nothing is removed, a deletion does not end, and nothing is taken over. */
export function obstacleOf(
  { inventory, clock, settings }: Pick<Engine, 'inventory' | 'clock' | 'settings'>,
  uid: string,
): Verdict['obstacle'] {
  const failing = inventory.obstacle(uid);
  if (!failing) return undefined;
  const { fault, since } = failing;
  return { ...faultReport(fault), isStall: isStall(settings, fault, clock.now() - since) };
}

/**
 * From when on a list that lacks a store says that nothing of a type is left. What was made a moment before the deletion,
 * by us or by a process that died, may not be listed yet; what nobody wanted since this process met the store, nobody has
 * made since.
 */
function provenFrom(pass: Pass, teardownSince: number) {
  const { memory, settings, intents, clock } = pass;
  const { metAt = clock.now(), lastWanted } = memory;
  const wanted = new Set([...lastWanted.values()].map(({ type }) => type.name));
  const creations = intents.filter((intent) => !isEnd(intent) && !isUse(intent));
  const settledAt = Math.max(0, ...creations.map((intent) => settledFrom(pass, intent)));
  return ({ name }: AnyResourceType): number =>
    Math.max((wanted.has(name) ? teardownSince : metAt) + settings.readLag, settledAt);
}

/**
 * What nothing was done to yet can be reached until its turn comes, and may wait for long: what can expose it is set back
 * until then to what was last wanted. What waits for a word of people serves meanwhile: all of it is healed. What a store
 * that stays has left for good is its heir's.
 * Answers the reports on what is leaving, with what cannot be healed in the place of the waiting.
 */
async function mend(pass: Pass, leaving: readonly Leaving[], { reports }: Pruned): Promise<Mended> {
  const { order, memory } = pass;
  const isLeft = ({ entry }: Leaving): boolean =>
    memory.teardownSince === undefined && entry.found.owner?.retained !== undefined;
  const mending = leaving.filter((one, at) => {
    const report = reports[at] as NodeReport;
    return isUntouched(report) && !isLeft(one) && (isHeld(report) || one.shelf.type.beat === 'exposure');
  });
  if (!order.act || mending.length === 0) return { reports, happenings: [], readAt: Infinity };
  const walked = await new Walk({
    ...pass,
    order: { ...order, graph: mendingGraph(order, memory, mending) },
    mending: new Set(mending.map(({ entry }) => entry)),
    aws: (region) => pass.cloud.at(region, 'heal'),
  }).run();
  const stalled = new Map(
    walked.reports.filter(({ id, standing }) => id !== undefined && standing === 'stalled').map((one) => [one.id, one]),
  );
  const wakeAts = walked.reports.flatMap(({ wakeAt }) => (wakeAt === undefined ? [] : [wakeAt]));
  return {
    reports: reports.map((one) => (one.standing === 'stalled' ? one : (stalled.get(one.id) ?? one))),
    happenings: walked.happenings,
    readAt: Math.min(walked.readAt ?? Infinity, ...wakeAts),
  };
}

/** All that the store ever wanted, and what it has beside that. As a rule that is its graph: what follows from it is known. */
function mendingGraph({ graph }: Order, memory: Memory, mending: readonly Leaving[]): Graph {
  const unknown = unknownOf(memory, mending);
  const isWhole = unknown.length === 0 && memory.lastWanted.size === graph.nodes.size;
  return isWhole ? graph : { nodes: new Map([...memory.lastWanted, ...unknown]) };
}

/**
 * Nodes for what a process does not know that has begun since the store wanted it, and for what AWS has made another thing
 * of: as it is, but closed to whoever no store ever lets in.
 */
const unknownOf = ({ lastWanted }: Memory, mending: readonly Leaving[]): [NodeId, Node][] =>
  mending.flatMap(({ entry: { found }, shelf: { type, region } }) => {
    const id = found.owner?.node as NodeId;
    const isKnown = mending.some(
      ({ entry, shelf }) => entry.found.owner?.node === id && shelf.type === lastWanted.get(id)?.type,
    );
    if (isKnown || !type.closed) return [];
    const props = { ...found.props, ...type.closed(found) };
    return [[id, { id, type, props, region, after: [], turnsAfter: [], servedBy: [], behind: [], specFields: {} }]];
  });

interface Mended {
  readonly reports: readonly NodeReport[];
  readonly happenings: readonly Happening[];
  /** When to come back, milliseconds since the epoch. */
  readonly readAt: number;
}

/** AWS tells its lists in any order: what is told of them stands in one, or status would change with each reading. */
function inOrder({ entry: { found: a } }: Leaving, { entry: { found: b } }: Leaving): number {
  const [one, other] = [a, b].map(({ id, owner }) => `${owner?.node} ${id}`) as [string, string];
  return one < other ? -1 : one > other ? 1 : 0;
}

function begin(engine: Engine, order: Order, memory: Memory): Pass {
  const { inventory, registry, cloud, clock, settings } = engine;
  for (const [node, id] of order.previous)
    if (memory.heard.get(node)?.id !== id) memory.heard.set(node, { id, at: clock.now() });
  memory.metAt ??= clock.now();
  hearOf(order.journal.intents, memory, clock.now());
  for (const [id, node] of order.graph.nodes) memory.lastWanted.set(id, node);
  const aws = (region: string) => cloud.at(region, memory.teardownSince === undefined ? priorityOf(order) : 'delete');
  return {
    order,
    inventory,
    registry,
    cloud,
    clock,
    settings,
    memory,
    intents: [...order.journal.intents],
    mending: undefined,
    aws,
  };
}

/** Has the inventory read what this store may have: its region, and what hangs below what it owns. */
function watch({ inventory, registry }: Engine, { order }: Pass): void {
  const { uid } = order.owner;
  inventory.watch(uid, order.region);
  const below = childrenOf(registry);
  for (const { entry, shelf } of inventory.ownedBy(uid))
    for (const type of below.get(shelf.type.name) ?? []) inventory.watchParent(uid, type, shelf.region, entry.found.id);
}

/** By the name of a type, the types that are listed below its resources. */
const childrenOf = once((registry: Registry): ReadonlyMap<string, readonly AnyResourceType[]> => {
  const children = new Map<string, AnyResourceType[]>();
  for (const type of registry.resources)
    if (type.parentType !== undefined) children.set(type.parentType, [...(children.get(type.parentType) ?? []), type]);
  return children;
});

/**
 * Parents that are not ours (a hosted zone of the user's) are known from the graph only. Answers a report for each
 * lookup that fails for another reason than that the thing is gone: without it we cannot know what is left.
 */
async function watchParentsOfGraph(pass: Pass): Promise<{ blind: NodeReport[]; told: Happening[] }> {
  const { order, inventory } = pass;
  const outputs = new Map<NodeId, Record<string, unknown>>();
  const blind: NodeReport[] = [];
  const told: Happening[] = [];
  for (const node of inBuildOrder(order.graph)) {
    // Of most nodes nothing is listed below them: their props say nothing here.
    if (isLookup(node.type) ? !isParentLookup(pass, node.id) : !node.type.parentOf) continue;
    const region = node.region ?? order.region;
    const value = (part: unknown) => resolve<unknown>(part, (ref) => outputs.get(ref.$ref)?.[ref.output]);
    const props = Object.fromEntries(
      Object.entries(node.props).flatMap(([name, part]) => {
        const resolved = value(part);
        return 'value' in resolved ? [[name, resolved.value]] : [];
      }),
    );
    if (!isLookup(node.type)) {
      const parent = node.type.parentOf?.(props);
      if (parent !== undefined) inventory.watchParent(order.owner.uid, node.type, region, parent);
      continue;
    }
    if (!order.graph.nodes.size || Object.keys(props).length < Object.keys(node.props).length) continue;
    try {
      outputs.set(node.id, (await inventory.ask(node.type, region, props)) as Record<string, unknown>);
      pass.memory.attempts.delete(node.id);
    } catch (error) {
      const fault = asFault(error);
      if (fault.facts.found) outputs.set(node.id, fault.facts.found as Record<string, unknown>);
      if (fault.kind === 'absent' || fault.kind === 'rejected') continue;
      const isTold = pass.memory.attempts.get(node.id)?.report.standing === 'stalled';
      const report = cannotLook(pass, node, fault);
      blind.push(report);
      if (report.standing === 'stalled' && !isTold)
        told.push({ kind: 'Stalled', node: node.id, message: report.message });
    }
  }
  return { blind, told };
}

/** Nothing goes before this lookup answers; people have to do something where that does not pass by itself. */
function cannotLook({ memory, settings, clock }: Pass, { id, type }: Node, fault: Fault): NodeReport {
  const [now, last] = [clock.now(), memory.attempts.get(id)];
  const since = failingSince(settings, last, now);
  const standing = isStall(settings, fault, now - since) ? 'stalled' : 'deleting';
  const reason = 'CannotLook' satisfies StallReason;
  const report = { node: id, type: type.name, standing, reason, ...faultReport(fault) } as const;
  // The next pass asks by itself: whoever heals what is leaving need not.
  const notBefore = now + settings.soon[1];
  memory.attempts.set(id, { count: (last?.count ?? 0) + 1, since, notBefore, report });
  return report;
}

/** Whether a node that is listed below a parent takes that parent from this lookup. */
const isParentLookup = ({ order }: Pass, id: NodeId): boolean =>
  [...order.graph.nodes.values()].some(
    (node) =>
      !isLookup(node.type) &&
      node.type.parentOf !== undefined &&
      Object.values(node.props).some(
        (value) => typeof value === 'object' && value !== null && '$ref' in value && value.$ref === id,
      ),
  );

/** Before everything is known nothing goes: with what keeps it from being known. */
const whenRead = (failing: Pick<NodeReport, 'message'> | undefined): string =>
  `goes when AWS was read in full${failing ? `: ${failing.message}` : ''}`;

/** While something wanted is still being made, or something is unknown, what may have to go is only named. */
const later = (pass: Pass, leaving: readonly Leaving[], why: string) =>
  nothing(leaving, (one) => ({
    node: one.entry.found.owner?.node as NodeId,
    type: one.shelf.type.name,
    id: one.entry.found.id,
    standing: 'deleting',
    reason: 'WaitingForOthers',
    message: laterOf(pass, one, why),
  }));

/** What is kept, with the snapshots that were taken before: no list of ours tells of those. */
const withSnapshots = ({ order, registry }: Pass, retained: readonly Kept[]): Kept[] => {
  const isListed = (type: string): boolean => registry.resources.some(({ name }) => name === type);
  const before = order.kept.filter(({ id, type }) => !isListed(type) && !retained.some((kept) => kept.id === id));
  return [...before, ...retained];
};

/**
 * Of the intents to let something go, those that nobody has taken back: it is there, and neither wanted nor kept. One that
 * is wanted again when it is gone was not lost: that is known until there is another. Before all was read nobody knows.
 */
const isStillLetGo = ({ inventory, order }: Pass, reports: readonly NodeReport[]) => {
  const known = inventory.unread(order.owner.uid).length === 0;
  const ids = new Set(inventory.ownedBy(order.owner.uid).map(({ entry }) => entry.found.id));
  for (const [node, id] of order.previous) if (order.graph.nodes.has(node)) ids.add(id);
  for (const { id, standing } of reports) if (id !== undefined && standing === 'ready') ids.delete(id);
  return (intent: Intent): boolean => !isEnd(intent) || !known || ids.has(intent.incarnation);
};

/** The intents whose resource, not the one it takes the place of, was not read back yet; and those of an end or a use. */
const openIntents = ({ intents, order, inventory }: Pass) =>
  intents.filter((intent) => {
    if (isEnd(intent) || isUse(intent)) return true;
    const { node, incarnation } = intent;
    const wanted = order.graph.nodes.get(node);
    if (!wanted || isLookup(wanted.type)) return false;
    const shelf = inventory.shelf(wanted.type, wanted.region ?? order.region);
    const isBorn = (entry: Entry): boolean =>
      entry.found.id !== incarnation && entry.found.state.is !== 'deleting' && isConfirmed(entry);
    return !shelf.ofNode(order.owner.uid, node).some(isBorn);
  });

/**
 * How long a store is left alone that nothing wakes sooner. What fails is tried again without it, and whoever waits for
 * that is woken when it fails no more.
 */
const paceOf = ({ settings: { beats, soon } }: Engine, known: boolean, failing: unknown): number =>
  known ? beats.settings : soon[failing === undefined ? 0 : 1];

/** The soonest wish wins; without any, the next beat wakes the store when something changes. */
function wakeAt({ clock }: Engine, reports: readonly NodeReport[], pace: number): number {
  const latest = clock.now() + pace;
  return Math.min(latest, ...reports.flatMap((report) => (report.wakeAt === undefined ? [] : [report.wakeAt])));
}
