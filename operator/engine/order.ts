import { reactionTo, type Fault } from '../model/faults.ts';
import type { Graph, Node } from '../model/graph.ts';
import type { Owner } from '../model/identity.ts';
import type { Aws, Clock, Cloud, Intent, Journal, Priority } from '../model/ports.ts';
import type { NodeId } from '../model/ref.ts';
import type { Registry } from '../model/resource-type.ts';
import type { Change } from './changes.ts';
import type { Fallen } from './fallen.ts';
import type { Inventory } from './inventory.ts';
import type { DataPolicy, Kept } from './keeping.ts';
import type { Losses } from './losses.ts';
import type { NodeReport } from '../model/verdict.ts';
import type { Settings } from './settings.ts';
import type { Entry } from './shelf.ts';

/** What one pass is asked to do for one store. */
export interface Order {
  readonly owner: Owner;
  readonly region: string;
  readonly graph: Graph;
  /** False in mode Observe and for `plan`: everything is judged, nothing is written. */
  readonly act: boolean;
  /** The spec was applied in full before: what differs now is drift, not a change of the user's. */
  readonly applied: boolean;
  /** Nodes that the user allows to be replaced. */
  readonly mayReplace: ReadonlySet<string>;
  readonly journal: Journal;
  /** What becomes of data that is wanted no more. */
  readonly data: DataPolicy;
  /** What status says was kept before: final snapshots are not listed with resources. */
  readonly kept: readonly Kept[];
  /** The ids that status remembers, by node: a mirror, used only to tell incarnations apart. */
  readonly previous: ReadonlyMap<NodeId, string>;
  /** Before anything is destroyed: a live read that this very store still exists, and that the lease is still held. Throws otherwise. */
  confirm(): Promise<void>;
}

/** A step that failed: since when, when it may be tried again, and what to say until then. */
export interface Attempt {
  readonly count: number;
  readonly since: number;
  readonly notBefore: number;
  readonly report: NodeReport;
  /** Of a lookup: what it answers all the same. */
  readonly answer?: object;
  /** AWS was still at work on the resource: once it no longer is, the step is tried at once. */
  readonly wasAtWork?: boolean;
  /** Of a change: what it was to change, and what of that still differed whenever it was looked at since. */
  readonly fields?: readonly string[];
}

/** What the engine remembers of a store between passes: how to pause, and what need not be read. Losing it costs a few calls. */
export interface Memory {
  readonly attempts: Map<NodeId, Attempt>;
  /** By id, since when something may be waiting for people rather than for AWS, and whether they were told: once. */
  readonly overdue: Map<string, { readonly since: number; readonly told: boolean }>;
  /** What failed when the user asked for everything to be tried once more, until it is. */
  readonly tryAgain: Set<NodeId>;
  /** What AWS has failed, until one is ready in its place. */
  readonly fallen: Map<NodeId, Fallen>;
  /** What was made again because it was gone, until one has stood for some time: to notice that somebody deletes it again and again. */
  readonly losses: Map<NodeId, Losses>;
  /** Changes that were made and not read back yet, to notice one that AWS does not keep. */
  readonly changes: Map<NodeId, Change>;
  /** Nodes whose drift was told, in mode Observe: it is told once. */
  readonly drifted: Set<NodeId>;
  /** Nodes that AWS has not shown for three beats: since when that is known, and whether people were told. */
  readonly unseen: Map<NodeId, { readonly since: number; readonly stalled: boolean }>;
  /** The ids that status remembers, and since when this process knows them: another one may have made them just before. */
  readonly heard: Map<NodeId, { readonly id: string; readonly at: number }>;
  /** The announced creations, and since when this process knows of each: whoever announced it may have another clock. */
  readonly announced: Map<NodeId, { readonly at: number; readonly heard: number }>;
  /** Creations whose token AWS had seen before: how often so far, and when the last time. */
  readonly refusedTokens: Map<NodeId, { readonly count: number; readonly at: number }>;
  /** When this process first saw the store. */
  metAt: number | undefined;
  /** What this process has wanted of each node when it last wanted it: of what leaves, the store's graph says nothing. */
  readonly lastWanted: Map<NodeId, Node>;
  /** What is wanted no more and drains, by id: since when all that is wanted has been ready without it. */
  readonly drainsSince: Map<string, number>;
  /** The ids of data of which people were told that it is being emptied, or kept as a snapshot. */
  readonly lettingGo: Set<string>;
  /** When teardown began in this process. */
  teardownSince: number | undefined;
}

export const freshMemory = (): Memory => ({
  attempts: new Map(),
  tryAgain: new Set(),
  overdue: new Map(),
  fallen: new Map(),
  losses: new Map(),
  changes: new Map(),
  drifted: new Set(),
  unseen: new Map(),
  heard: new Map(),
  announced: new Map(),
  refusedTokens: new Map(),
  metAt: undefined,
  lastWanted: new Map(),
  drainsSince: new Map(),
  lettingGo: new Set(),
  teardownSince: undefined,
});

/** Everything a step needs, in one object that lives as long as a pass. */
export interface Pass {
  readonly order: Order;
  readonly inventory: Inventory;
  readonly registry: Registry;
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly memory: Memory;
  readonly intents: Intent[];
  /** What is on its way out and is healed until its turn comes; of all else nothing is made, changed or taken over. */
  readonly mending: ReadonlySet<Entry> | undefined;
  /** AWS in the right region, with the priority of this pass. */
  aws(region: string): Aws;
}

/** What has failed may be tried at once. */
export function forgive({ attempts, tryAgain, fallen, losses }: Memory): void {
  attempts.clear();
  tryAgain.clear();
  fallen.clear();
  losses.clear();
}

/** The same, and once more what AWS has given up: somebody asks for it. */
export function retry(memory: Memory): void {
  const failing = [...memory.attempts.keys()];
  forgive(memory);
  for (const node of failing) memory.tryAgain.add(node);
}

export const priorityOf = (order: Order): Priority => (order.applied ? 'heal' : 'change');

/** How long to pause after the `count`th failure in a row. */
export function pauseAfter(settings: Settings, pace: 'wait' | 'soon' | 'slowly' | 'anew', count: number): number {
  const [first, longest] = pace === 'wait' ? settings.soon : settings[pace];
  return Math.min(longest, first * 2 ** (count - 1));
}

/**
 * Since when a step has failed without a break. A failure long after the last one is a new one: what went well between
 * them need not have been told.
 */
export const failingSince = (settings: Settings, last: Attempt | undefined, now: number): number =>
  last && now - last.notBefore <= settings.soon[1] ? last.since : now;

/**
 * Whether a person has to know: what somebody has to mend, at once; what heals by itself, when it has not. An outage of
 * a moment is no stall, and an operation that AWS never answers is one. AWS also calls busy what never will be free, as a
 * subnet with somebody else's interface in it, and calls not found what nobody will make: of that people hear after an
 * hour, while it is tried on. What we wait for ourselves, as a snapshot that is being taken, has no code of AWS's, and may
 * take as long as it does.
 */
export function isStall(settings: Settings, { kind, facts }: Fault, lasting: number): boolean {
  if (reactionTo(kind) === 'slowly') return true;
  if (kind === 'transient' || facts.passing === true) return lasting >= settings.patience;
  return (kind === 'busy' || kind === 'absent') && facts.code !== undefined && lasting >= settings.endurance;
}

/** A fault as a report on a node. */
export const faultReport = (fault: Fault): Pick<NodeReport, 'message' | 'code' | 'field' | 'remedy'> => ({
  message: fault.message,
  code: fault.facts.code,
  field: fault.facts.field,
  remedy: fault.facts.remedy,
});
