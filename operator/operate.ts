import { isDeepStrictEqual } from 'node:util';
import { guarded } from './aws/guarded.ts';
import type { Inventory } from './engine/inventory.ts';
import type { DataPolicy, Kept } from './engine/keeping.ts';
import { forgive, freshMemory, retry, type Memory, type Order } from './engine/order.ts';
import { leftByEarlier } from './engine/earlier.ts';
import { isBeingRead } from './engine/looking.ts';
import { isRegional, usEast1 } from './engine/places.ts';
import { obstacleOf, reconcile, teardown, type Engine } from './engine/reconcile.ts';
import type { Settings } from './engine/settings.ts';
import { reasonOf } from './engine/walk.ts';
import { failedAs } from './kube/errors.ts';
import { keyOf } from './kube/object.ts';
import type { OpenStore } from './kube/open-store.ts';
import type { Pass, PassContext, PassOutcome } from './kube/pass.ts';
import { asFault, Fault } from './model/faults.ts';
import type { Graph } from './model/graph.ts';
import { tagKeys, type Owner } from './model/identity.ts';
import type { Log } from './model/log.ts';
import { once } from './model/once.ts';
import type { Clock, Cloud } from './model/ports.ts';
import type { NodeId } from './model/ref.ts';
import type { Registry } from './model/resource-type.ts';
import type { StallReason } from './model/stall-reasons.ts';
import type { Happening, Verdict } from './model/verdict.ts';
import { bounds, earlierBounds, type Bounds } from './store/bounds.ts';
import { compose } from './store/compose.ts';
import { newerThanThis } from './store/newer.ts';
import { noSuchRegion } from './store/regions.ts';
import {
  confirmAnnotation,
  reconcileAnnotation,
  takeOverAnnotation,
  withDefaults,
  type EcomStoreManifestSpec,
  type EcomStoreSpec,
} from './store/spec.ts';
import { cannotRead, explained, statusOf, statusWithout, unread, type Status, type ToReport } from './store/status.ts';
import { Successions, type Succession } from './succession.ts';

export interface OperateOptions {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly settings: Settings;
  readonly inventory: Inventory;
  readonly installation: string;
  /** The permissions boundary of all roles of all stores. */
  readonly boundary: string | undefined;
  readonly log: Log;
  /** Told of every verdict, for metrics. */
  observe?(verdict: Verdict): void;
}

/** What is remembered of one store between passes; losing it costs a few calls and nothing else. */
interface Known {
  readonly memory: Memory;
  /** The UID in the tags of what it has in AWS, once that is known. */
  uid: string | undefined;
  generation: number;
  /** What the spec of a generation was composed to. */
  composed: { readonly generation: number; readonly graph: Graph | Fault } | undefined;
  /** The generation that AWS matched in full at some time: since then what differs has drifted. */
  applied: number | undefined;
  /** What the store has been waiting for, since when, and whether people were told. */
  waiting: { readonly node: string; readonly since: number; told: boolean } | undefined;
  /** A list that it needs could not be read when it was last looked at, and people were told. */
  isObstructed: boolean;
  /** A value of the reconcile annotation, and when it was first seen. */
  asked: { readonly value: string; readonly at: number } | undefined;
  /** When this process met the store, milliseconds since the epoch, and whether it has told status anything since. */
  readonly since: number;
  hasTold: boolean;
  /** How much the lists of its status hold, as far as the API server has said. */
  bounds: Bounds;
}

/** How stores are passed over, and how one that has left the cluster is forgotten. */
export interface Operation {
  readonly pass: Pass;
  readonly forget: (uid: string) => void;
  /** The UIDs of the stores whose resources carry these UIDs. */
  readonly objectsOf: (uids: ReadonlySet<string>) => Set<string>;
}

/** What a pass is made with. */
interface PassOptions extends OperateOptions {
  readonly successions: Successions;
}

/** Connects a store in Kubernetes with the engine: spec to graph, verdict to status, events and finalizer. */
export function operate(options: OperateOptions): Operation {
  const known = new Map<string, Known>();
  const successions = new Successions(options.inventory);
  const shared: PassOptions = { ...options, successions };
  const forget = (uid: string): void => {
    known.delete(uid);
    successions.forget(uid);
  };
  const tellUnkept = toldOnce(options.log);
  const pass: Pass = async (store, context) => {
    const { uid } = store.object.metadata;
    const knowledge = known.get(uid) ?? remember(store, options.clock.now());
    known.set(uid, knowledge);
    try {
      const outcome = await passOver(shared, store, context, knowledge);
      if (outcome.outcome === 'deleted') forget(uid);
      tellUnkept(store);
      return outcome;
    } finally {
      // It may have left the cluster in the middle of the pass, which has noted it anew since.
      if (known.get(uid) !== knowledge) forget(uid);
    }
  };
  return { pass, forget, objectsOf: (uids) => successions.objectsOf(uids) };
}

/** Tells of the first store of which the API server does not keep all that is told: of all others it keeps no more. */
function toldOnce(log: Log): (store: OpenStore) => void {
  let isTold = false;
  return ({ object, unkept }) => {
    if (isTold || unkept.length === 0) return;
    isTold = true;
    const fields = unkept.map((field) => `status.${field}`);
    log.warn(
      { store: keyOf(object.metadata), fields, remedy: 'apply crds/ecomstores.ecom.io.yaml of this version' },
      'the API server does not keep all of the status of a store: the CRD of the cluster is older than this operator',
    );
  };
}

/** The API server fills in the defaults of its CRD, which may be older than this version: what that one has not, is filled in here. */
const specOf = ({ object: { spec } }: OpenStore): EcomStoreSpec => wholeSpec(spec);
const wholeSpec = once((spec: object) => withDefaults(spec as EcomStoreManifestSpec));

/** What keeps AWS from telling may change, and its words with it. */
const toldAgainMillis = 5 * 60_000;

/** While AWS does not even tell which account this is: what status says of a store is known no longer. */
export function unreached({ clock }: Pick<OperateOptions, 'clock'>, fault: Fault): Pass {
  return async (store, context) => {
    const { metadata } = store.object;
    if (metadata.deletionTimestamp !== undefined && !store.hasFinalizer) return { outcome: 'deleted' };
    const { generation = 0 } = metadata;
    if (specOf(store).policy.mode === 'Paused') return paused({ clock }, store, generation);
    const message = `AWS does not tell which account this is, so nothing is read or changed: ${said(fault)}`;
    await tellStalled({ clock }, store, context, 'Unknown', { reason: reasonOf(fault), message });
    return { outcome: 'stalled', again: toldAgainMillis };
  };
}

function remember(store: OpenStore, since: number): Known {
  const { metadata } = store.object;
  const ready = (statusOn(store)?.conditions ?? []).find(({ type }) => type === 'Ready');
  const matched = ready?.status === 'True' && ready.observedGeneration === metadata.generation;
  const generation = metadata.generation ?? 0;
  return {
    memory: freshMemory(),
    uid: undefined,
    generation,
    composed: undefined,
    applied: matched ? generation : undefined,
    waiting: undefined,
    isObstructed: false,
    asked: undefined,
    since,
    hasTold: false,
    bounds,
  };
}

async function passOver(
  options: PassOptions,
  store: OpenStore,
  context: PassContext,
  known: Known,
): Promise<PassOutcome> {
  const { metadata } = store.object;
  const spec = specOf(store);
  const deleting = metadata.deletionTimestamp !== undefined;
  if (deleting && !store.hasFinalizer) return { outcome: 'deleted' };
  const generation = metadata.generation ?? 0;
  if (known.generation !== generation) {
    // A new spec is a new chance for whatever failed.
    known.generation = generation;
    forgive(known.memory);
  }
  const { mode } = spec.policy;
  if (deleting && mode !== 'Enforce') tellHeld(context, mode);
  // Whoever replaces the object takes it away; and what a store has must not outlive it, whatever its mode.
  if (!deleting && hasBuilt(store)) await store.addFinalizer();
  if (mode === 'Paused') return paused(options, store, generation);
  const elsewhere = builtElsewhere(options, store);
  if (elsewhere) return impossible(options, store, context, 'BuiltElsewhere', elsewhere);
  const nowhere = builtIn(options, store) ? undefined : noSuchRegion(spec.region);
  if (nowhere && !deleting) return impossible(options, store, context, 'InvalidSpec', nowhere);
  // An earlier version did not refuse it, and made what belongs to no region: that is all there can be to take down.
  const region = nowhere ? usEast1 : spec.region;
  const newer = unknownHere(spec, deleting);
  if (newer) return impossible(options, store, context, 'OlderThanCrd', newer);
  const { namespace, name } = metadata;
  const succession = successionOf(options, store, region);
  if (succession instanceof Fault) return impossible(options, store, context, 'CannotTakeOver', succession);
  const { uid, refused } = succession;
  if (uid === undefined) return reading(options, store, context, known);
  if (refused) context.notice({ type: 'Warning', reason: 'CannotTakeOver', message: said(refused) });
  if (known.uid !== uid) forgive(known.memory);
  known.uid = uid;
  const owner: Owner = { installation: options.installation, namespace, name, uid };
  if (known.composed?.generation !== generation)
    known.composed = { generation, graph: composeOr(options, owner, spec) };
  const composed = known.composed.graph;
  if (composed instanceof Fault && !deleting) return impossible(options, store, context, 'UnknownError', composed);
  if (!deleting && mode === 'Enforce') await store.addFinalizer();
  const askedAgainAt = noteRequest(options, store, known, owner, region);
  const order: Order = {
    owner,
    region,
    graph: composed instanceof Fault ? { nodes: new Map() } : composed,
    act: mode === 'Enforce',
    applied: known.applied === generation,
    mayReplace: new Set(spec.policy.replace ?? []),
    journal: store.journal,
    data: dataPolicy(store, spec),
    kept: (statusOn(store)?.retained ?? []).map(({ type = '', ...kept }) => ({ ...kept, type }) as Kept),
    previous: previousIds(statusOn(store)),
    confirm: onceAPass(async () => store.confirm(context.signal)),
  };
  const engine: Engine = { ...options, cloud: boundBy(options, context) };
  const verdict = await (deleting ? teardown : reconcile)(engine, order, known.memory);
  options.observe?.(verdict);
  tell(options, context, owner, verdict);
  tellObstacle(context, known, verdict);
  tellWaiting(options, context, known, verdict);
  return conclude({
    options,
    store,
    owner,
    known,
    verdict,
    askedAgainAt,
    deleting,
    generation,
    spec,
    graph: order.graph,
  });
}

/**
 * Why nothing may be done although the store is ours: by the credentials of another account, or the tags of another
 * installation, nothing of it is found. It would be built a second time, or called gone while all of it runs on.
 */
function builtElsewhere({ cloud, installation }: OperateOptions, store: OpenStore): Fault | undefined {
  const built = statusOn(store) ?? {};
  const { namespace, name } = store.object.metadata;
  const differ = (
    [
      ['account', built.account, cloud.account, "give the operator's role of that account back"],
      ['installation', built.installation, installation, 'set ECOM_INSTALLATION back'],
    ] as const
  ).find(([, was, is]) => was !== undefined && was !== is);
  if (!differ) return undefined;
  const [what, was, is, remedy] = differ;
  const patch = `'{"status":{"${what}":null}}'`;
  return new Fault('refused', `the store was built in ${what} ${was}, and this operator works in ${is}`, {
    remedy: `${remedy}; if nothing of the store is left there: kubectl patch store -n ${namespace} ${name} --subresource=status --type=merge -p ${patch}`,
  });
}

/**
 * Why nothing may be done although the spec is in order: it says what this version does not know. Without that it would
 * take away what a newer one has made, and call the store as wanted. A deletion waits only for what is said of data.
 */
function unknownHere(spec: EcomStoreSpec, deleting: boolean): Fault | undefined {
  const unknown = newerThanThis(spec).filter((path) => !deleting || path.startsWith('spec.policy'));
  if (unknown.length === 0) return undefined;
  const message = `this operator is older than the CRD: it does not know ${unknown.slice(0, 5).join(', ')}, and does nothing rather than leave it out`;
  const remedy =
    'run the operator of that CRD; or take it out of Git, apply the CRD of this operator, which drops it from all stores, and restart the operator';
  return new Fault('refused', message, { remedy });
}

/** Which store this one is in AWS, or why it can be none. */
function successionOf({ successions }: PassOptions, store: OpenStore, region: string): Succession | Fault {
  const { namespace, name, uid, annotations, deletionTimestamp } = store.object.metadata;
  const granted = statusOn(store)?.takenOver;
  const isLeaving = deletionTimestamp !== undefined;
  try {
    return successions.of({
      ...{ namespace, name, uid, region, isLeaving, granted },
      asked: annotations?.[takeOverAnnotation],
    });
  } catch (error) {
    return asFault(error);
  }
}

/** Whose what runs is, is known from AWS alone. */
async function reading(
  options: OperateOptions,
  store: OpenStore,
  context: PassContext,
  known: Known,
): Promise<PassOutcome> {
  const { clock, settings } = options;
  const { generation = 0, uid } = store.object.metadata;
  const obstacle = obstacleOf(options, uid);
  tellObstacle(context, known, { obstacle, nodes: [], leaving: [] });
  const reason = obstacle?.isStall ? cannotRead : 'Reading';
  const message = `what the store is to take over is not known: ${unread({ obstacle })}`;
  const ready = { status: 'Unknown', reason, message } as const;
  const stalled = obstacle?.isStall ? ({ status: 'True', reason, message } as const) : undefined;
  await store.writeStatus(statusWithout(statusOn(store) ?? {}, { generation, ready, stalled, now: clock.now() }));
  return { outcome: stalled ? 'stalled' : 'waiting', again: settings.soon[1] };
}

/**
 * Whether something of the store lies in its region, as status remembers it. Then there is that region, whether this
 * version of the operator has heard of it or not: what a later one built is neither forsaken nor called gone.
 */
const builtIn = ({ registry }: OperateOptions, store: OpenStore): boolean =>
  (statusOn(store)?.resources ?? []).some(
    ({ id, type }) => id !== undefined && registry.resources.some((one) => one.name === type && isRegional(one)),
  );

/**
 * What becomes of the store's data, and whether a person has confirmed it: for this very store when it goes, and for this
 * very spec when it stays. What was confirmed for a section once is not for the same section a year later.
 */
function dataPolicy({ object: { metadata } }: OpenStore, { policy }: EcomStoreSpec): DataPolicy {
  const { namespace, name, uid, generation, deletionTimestamp, annotations } = metadata;
  const what = deletionTimestamp === undefined ? `${uid}/${generation}` : uid;
  return {
    deletion: policy.deletion,
    confirmed: annotations?.[confirmAnnotation] === what,
    confirmation: `kubectl annotate store --overwrite -n ${namespace} ${name} ${confirmAnnotation}=${what}`,
  };
}

const hasBuilt = (store: OpenStore): boolean => (statusOn(store)?.resources ?? []).some(({ id }) => id !== undefined);

/** The status that `statusOf` wrote before; typed here, loose in the kube room. */
const statusOn = (store: OpenStore): Status | undefined => store.object.status as Status | undefined;

interface Conclusion {
  readonly options: OperateOptions;
  readonly store: OpenStore;
  readonly owner: Owner;
  readonly known: Known;
  readonly verdict: Verdict;
  /** When a request that came too soon after another has its turn, milliseconds since the epoch. */
  readonly askedAgainAt: number;
  readonly deleting: boolean;
  readonly generation: number;
  readonly spec: EcomStoreSpec;
  readonly graph: Graph;
}

/** Writes down what the pass came to, and lets the store go when nothing of it is left. */
async function conclude(conclusion: Conclusion): Promise<PassOutcome> {
  const { options, store, owner, known, verdict, deleting, generation, spec, graph } = conclusion;
  const reports = [...verdict.nodes, ...verdict.leaving];
  const settled = verdict.known && reports.every(({ standing }) => standing === 'ready');
  if (settled && !deleting) known.applied = generation;
  // Uses of permissions stay on record for months: as long as nothing is new, nobody has to be asked.
  if (!isDeepStrictEqual(verdict.intents, store.journal.intents)) await store.journal.write(verdict.intents);
  if (verdict.gone) {
    await store.removeFinalizer();
    return { outcome: 'deleted' };
  }
  known.hasTold ||= !isFirstReading(conclusion);
  const told: ToReport = {
    previous: statusOn(store) ?? {},
    generation,
    account: options.cloud.account,
    installation: options.installation,
    takenOver: owner.uid === store.object.metadata.uid ? undefined : owner.uid,
    host: spec.domain.host,
    graph,
    verdict,
    deleting,
    held: deleting && spec.policy.mode !== 'Enforce' ? heldBy(spec.policy.mode) : undefined,
    acknowledged: acknowledged(options, owner, known),
    now: options.clock.now(),
  };
  if (known.hasTold) await writeStatus(options, store, known, told);
  const stalled = verdict.obstacle?.isStall || reports.some(({ standing }) => standing === 'stalled');
  const again = Math.max(0, Math.min(verdict.wakeAt, conclusion.askedAgainAt) - options.clock.now());
  return {
    outcome: settled ? 'settled' : stalled ? 'stalled' : 'waiting',
    again,
    priority: deleting ? 'delete' : settled ? 'scan' : known.applied === generation ? 'heal' : 'change',
  };
}

/** The lists of an earlier CRD hold less; one that is brought up to date is tried when the operator starts again. */
async function writeStatus({ log }: OperateOptions, store: OpenStore, known: Known, told: ToReport): Promise<void> {
  const fitting = (): Status => statusOf({ ...told, bounds: known.bounds });
  try {
    await store.writeStatus({ ...fitting() });
  } catch (error) {
    if (known.bounds !== bounds || !failedAs(error, 'invalid') || !isBeyond(earlierBounds, fitting())) throw error;
    known.bounds = earlierBounds;
    log.warn(
      { store: keyOf(store.object.metadata), error, remedy: 'apply crds/ecomstores.ecom.io.yaml of this version' },
      'the API server refuses the status of a store for its length: its lists are cut to what an earlier CRD takes',
    );
    await store.writeStatus({ ...fitting() });
  }
}

const isBeyond = (most: Bounds, { resources = [], retained = [] }: Status): boolean =>
  resources.length > most.resources || retained.length > most.retained;

/**
 * A process that begins reads all of AWS anew. Of a store that was Ready what status says, and when it says that each
 * thing was read, holds meanwhile: that we were started again is no news of it. It holds no longer than what exists goes
 * unread otherwise.
 */
function isFirstReading({ options: { clock, settings }, known, verdict, deleting, generation }: Conclusion): boolean {
  // Before all is read nobody knows what is wanted no more.
  const reports = [...verdict.nodes, ...(verdict.known ? verdict.leaving : [])];
  return (
    !deleting &&
    known.applied === generation &&
    clock.now() - known.since <= settings.beats.existence &&
    verdict.happenings.length === 0 &&
    reports.some(isBeingRead) &&
    reports.every((one) => one.standing === 'ready' || isBeingRead(one) || one.reason === 'WaitingForDependency')
  );
}

/** A second leader is harmless only while it is sure to lead: asked before every write to AWS. */
function mustLead(context: PassContext): void {
  if (context.signal.aborted || !context.leads()) throw new Fault('busy', 'this replica does not lead any more');
}

/** AWS for one pass: as long as it leads and goes on, and without long waits. */
function boundBy({ cloud, clock, settings }: OperateOptions, context: PassContext): Cloud {
  const until = clock.now() + settings.turns;
  const patience = (): number => Math.max(0, until - clock.now());
  return guarded(cloud, () => mustLead(context), { signal: context.signal, patience });
}

const onceAPass = (confirm: () => Promise<void>): (() => Promise<void>) => {
  let confirmed: Promise<void> | undefined;
  return () => (confirmed ??= confirm());
};

function composeOr({ cloud, boundary }: OperateOptions, owner: Owner, spec: EcomStoreSpec): Graph | Fault {
  try {
    return compose({ owner, account: cloud.account, spec, boundary });
  } catch (error) {
    return asFault(error);
  }
}

/** A mode that writes nothing deletes nothing either: the finalizer stays until a person decides. */
const heldBy = (mode: string): string =>
  `the deletion waits because policy.mode is ${mode} - set it to Enforce to let the deletion go on`;

const tellHeld = (context: PassContext, mode: string): void =>
  context.notice({ type: 'Warning', reason: 'DeletionWaiting', message: heldBy(mode) });

async function paused(
  { clock }: Pick<OperateOptions, 'clock'>,
  store: OpenStore,
  generation: number,
): Promise<PassOutcome> {
  const deleting = store.object.metadata.deletionTimestamp !== undefined;
  const message = deleting ? heldBy('Paused') : 'policy.mode is Paused: AWS is neither read nor changed for this store';
  const ready = { status: 'Unknown', reason: 'Paused', message } as const;
  const previous = statusOn(store) ?? {};
  await store.writeStatus(statusWithout(previous, { generation, ready, now: clock.now() }));
  return { outcome: 'paused' };
}

const said = ({ message, facts }: Fault): string => explained({ ...facts, message });

/** Tells at a store that nothing is done for it: whether it is ready, and why it is stalled. */
async function tellStalled(
  { clock }: Pick<OperateOptions, 'clock'>,
  store: OpenStore,
  context: PassContext,
  readiness: 'False' | 'Unknown',
  why: { readonly reason: StallReason; readonly message: string },
): Promise<void> {
  context.notice({ type: 'Warning', reason: 'Stalled', message: why.message });
  const { generation = 0 } = store.object.metadata;
  const [ready, stalled] = [{ status: readiness, ...why } as const, { status: 'True', ...why } as const];
  await store.writeStatus(statusWithout(statusOn(store) ?? {}, { generation, ready, stalled, now: clock.now() }));
}

async function impossible(
  { clock, log }: OperateOptions,
  store: OpenStore,
  context: PassContext,
  reason: StallReason,
  fault: Fault,
): Promise<PassOutcome> {
  const { namespace, name, uid } = store.object.metadata;
  log.warn(
    { store: `${namespace}/${name}`, uid, kind: fault.kind, field: fault.facts.field, err: fault },
    'nothing can be done for the store',
  );
  await tellStalled({ clock }, store, context, 'False', { reason, message: said(fault) });
  return { outcome: 'stalled' };
}

/**
 * A new value of the annotation: what failed may be tried at once, and all lists are read anew. Whoever may write to a store
 * may write a new value each second, and the account's calls are everybody's: what comes too soon after another waits, and
 * the last of it is heard. Answers when, or never.
 */
function noteRequest(
  { clock, inventory, registry, settings }: OperateOptions,
  store: OpenStore,
  known: Known,
  owner: Owner,
  region: string,
): number {
  const value = store.object.metadata.annotations?.[reconcileAnnotation];
  const status = statusOn(store);
  if (value === undefined || value === known.asked?.value || value === status?.acknowledgedReconcile) return Infinity;
  const from = (known.asked?.at ?? -Infinity) + settings.onRequest;
  if (clock.now() < from) return from;
  known.asked = { value, at: clock.now() };
  retry(known.memory);
  inventory.watch(owner.uid, region);
  for (const type of registry.resources) inventory.requestAll(owner.uid, type, clock.now());
  return Infinity;
}

function acknowledged({ inventory }: OperateOptions, { uid }: Owner, { asked }: Known): string | undefined {
  return asked && inventory.unread(uid, () => asked.at).length === 0 ? asked.value : undefined;
}

/** The mirror of ids in status: never the truth, only what tells incarnations apart. */
const previousIds = (status: Status | undefined): Map<NodeId, string> =>
  new Map(
    (status?.resources ?? []).flatMap(({ node, id }) => (id === undefined ? [] : [[node as NodeId, id] as const])),
  );

const warnings: readonly Happening['kind'][] = ['Stalled', 'DriftSeen'];

function tell(options: OperateOptions, context: PassContext, owner: Owner, verdict: Verdict): void {
  const { log, registry } = options;
  const store = `${owner.namespace}/${owner.name}`;
  for (const { kind, node, message } of verdict.happenings)
    log[warnings.includes(kind) ? 'warn' : 'info']({ store, uid: owner.uid, node, happening: kind }, message);
  for (const [kind, told] of byKind(verdict.happenings))
    context.notice({ type: warnings.includes(kind) ? 'Warning' : 'Normal', reason: kind, ...together(kind, told) });
  if (!verdict.gone) return;
  const { retained } = verdict;
  const message =
    retained.length > 0
      ? `all else is gone; kept: ${listOf(registry, retained)}`
      : 'everything of the store is gone from AWS';
  log.info({ store, uid: owner.uid, retained }, message);
  context.notice({ type: 'Normal', reason: retained.length > 0 ? 'Retained' : 'Deleted', message });
  tellEarlier(options, context, owner);
}

/** That a store is gone does not mean that nothing of its name runs. */
function tellEarlier({ log, inventory }: OperateOptions, context: PassContext, owner: Owner): void {
  const left = leftByEarlier(inventory, owner);
  const [one] = left;
  if (!one) return;
  const uid = one.entry.found.owner?.uid;
  const warning = `${left.length} resources of an earlier store of this name run on, as ${one.shelf.type.name} ${one.entry.found.id}: they carry the tag ${tagKeys.uid}=${uid} (docs/operating.md, "The cluster is lost")`;
  const store = `${owner.namespace}/${owner.name}`;
  log.warn({ store, uid: owner.uid, earlier: uid, left: left.length }, 'an earlier store of this name runs on');
  context.notice({ type: 'Warning', reason: 'EarlierRunsOn', message: warning });
}

/**
 * An event holds 1,024 characters, and outlives the store by an hour: data is named first, then what is refused, with why;
 * what data stands on is only counted.
 */
function listOf({ resources }: Registry, retained: Verdict['retained']): string {
  const named = retained.filter(({ isGround }) => !isGround);
  const isRefused = (type: string): boolean => resources.some(({ name, data }) => name === type && !data);
  const data = named.filter(({ type }) => !isRefused(type)).map(({ node, id }) => `${node} (${id})`);
  const refused = named.filter(({ type }) => isRefused(type)).map(({ node, id, why }) => `${node} (${id}): ${why}`);
  const ground = retained.length - named.length;
  const stand = `and ${ground} ${ground === 1 ? 'resource' : 'resources'} ${data.length === 1 ? 'it stands' : 'they stand'} on`;
  return [[...data, ...(ground > 0 ? [stand] : [])].join(', '), ...refused].filter(Boolean).join('; ');
}

/** Tells once that a list which the store needs cannot be read, where that is not told of a resource of the list. */
function tellObstacle(
  context: PassContext,
  known: Known,
  verdict: Pick<Verdict, 'obstacle' | 'nodes' | 'leaving'>,
): void {
  const { obstacle, nodes, leaving } = verdict;
  const isTold = [...nodes, ...leaving].some(
    ({ standing, message }) => standing === 'stalled' && message === obstacle?.message,
  );
  const isObstructed = obstacle?.isStall === true;
  if (isObstructed && !known.isObstructed && !isTold)
    context.notice({ type: 'Warning', reason: 'Stalled', message: unread(verdict) });
  known.isObstructed = isObstructed;
}

/** Tells once what a store, or its deletion, has been waiting for. */
function tellWaiting({ clock, settings }: OperateOptions, context: PassContext, known: Known, verdict: Verdict): void {
  const open = [...verdict.nodes, ...verdict.leaving].find(
    ({ standing }) => standing === 'progressing' || standing === 'deleting',
  );
  if (open?.node !== known.waiting?.node) known.waiting = open && { node: open.node, since: clock.now(), told: false };
  // Most things AWS makes sooner than its lists may lag; what takes longer is worth an event.
  const patience = settings.readLag;
  if (!open || !known.waiting || known.waiting.told || clock.now() - known.waiting.since < patience) return;
  known.waiting.told = true;
  const reason = open.standing === 'deleting' ? 'DeletionWaiting' : 'Waiting';
  context.notice({ type: 'Normal', reason, message: `${open.node}: ${open.message}`, key: `${reason} ${open.node}` });
}

const byKind = (happenings: readonly Happening[]): Map<Happening['kind'], Happening[]> => {
  const kinds = new Map<Happening['kind'], Happening[]>();
  for (const happening of happenings) kinds.set(happening.kind, [...(kinds.get(happening.kind) ?? []), happening]);
  return kinds;
};

/** What happened in one pass is one event a kind: building a store is not forty events. */
function together(kind: Happening['kind'], told: readonly Happening[]): { message: string; key: string } {
  const nodes = told.map(({ node }) => node);
  const [only] = told;
  const message =
    told.length === 1 && only ? `${only.node}: ${only.message}` : `${told.length} resources: ${nodes.join(', ')}`;
  return { message, key: `${kind} ${nodes.join(' ')}` };
}
