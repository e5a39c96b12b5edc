import { guarded } from './aws/guarded.ts';
import type { Inventory } from './engine/inventory.ts';
import type { DataPolicy, Kept } from './engine/keeping.ts';
import { forgive, freshMemory, type Memory, type Order } from './engine/order.ts';
import { isBeingRead } from './engine/looking.ts';
import { reconcile, teardown, type Engine } from './engine/reconcile.ts';
import type { Settings } from './engine/settings.ts';
import type { OpenStore } from './kube/open-store.ts';
import type { Pass, PassContext, PassOutcome } from './kube/pass.ts';
import { asFault, Fault } from './model/faults.ts';
import type { Graph } from './model/graph.ts';
import { digest, type Owner } from './model/identity.ts';
import type { Log } from './model/log.ts';
import type { Clock, Cloud } from './model/ports.ts';
import type { NodeId } from './model/ref.ts';
import type { Registry } from './model/resource-type.ts';
import type { Happening, Verdict } from './model/verdict.ts';
import { compose } from './store/compose.ts';
import { confirmAnnotation, reconcileAnnotation, type EcomStoreSpec } from './store/spec.ts';
import { statusOf, statusWithout, type Status } from './store/status.ts';

export interface OperateOptions {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly settings: Settings;
  readonly inventory: Inventory;
  readonly installation: string;
  readonly log: Log;
  /** Told of every verdict, for metrics. */
  observe?(verdict: Verdict): void;
}

/** What is remembered of one store between passes; losing it costs a few calls and nothing else. */
interface Known {
  readonly memory: Memory;
  generation: number;
  /** What the spec of a generation was composed to. */
  composed: { readonly generation: number; readonly graph: Graph | Fault } | undefined;
  /** The generation that AWS matched in full at some time: since then what differs has drifted. */
  applied: number | undefined;
  /** What the store has been waiting for, since when, and whether people were told. */
  waiting: { readonly node: string; readonly since: number; told: boolean } | undefined;
  /** A value of the reconcile annotation, and when it was first seen. */
  asked: { readonly value: string; readonly at: number } | undefined;
  /** When this process met the store, milliseconds since the epoch, and whether it has told status anything since. */
  readonly since: number;
  hasTold: boolean;
}

/** Connects a store in Kubernetes with the engine: spec to graph, verdict to status, events and finalizer. */
export function operate(options: OperateOptions): Pass {
  const known = new Map<string, Known>();
  return async (store, context) => {
    const { uid } = store.object.metadata;
    const knowledge = known.get(uid) ?? remember(store, options.clock.now());
    known.set(uid, knowledge);
    const outcome = await passOver(options, store, context, knowledge);
    if (outcome.outcome === 'deleted') {
      known.delete(uid);
      options.inventory.forget(uid);
    }
    return outcome;
  };
}

function remember(store: OpenStore, since: number): Known {
  const { metadata } = store.object;
  const ready = (statusOn(store)?.conditions ?? []).find(({ type }) => type === 'Ready');
  const matched = ready?.status === 'True' && ready.observedGeneration === metadata.generation;
  const generation = metadata.generation ?? 0;
  return {
    memory: freshMemory(),
    generation,
    composed: undefined,
    applied: matched ? generation : undefined,
    waiting: undefined,
    asked: undefined,
    since,
    hasTold: false,
  };
}

async function passOver(
  options: OperateOptions,
  store: OpenStore,
  context: PassContext,
  known: Known,
): Promise<PassOutcome> {
  const { metadata } = store.object;
  const spec = store.object.spec as unknown as EcomStoreSpec;
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
  if (mode === 'Paused') return paused(options, store, generation);
  const elsewhere = builtElsewhere(options, store);
  if (elsewhere) return impossible(options, store, context, 'BuiltElsewhere', elsewhere);
  const owner: Owner = {
    installation: options.installation,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
  };
  if (known.composed?.generation !== generation)
    known.composed = { generation, graph: composeOr(options, owner, spec) };
  const composed = known.composed.graph;
  if (composed instanceof Fault && !deleting)
    return impossible(options, store, context, composed.kind === 'rejected' ? 'InvalidSpec' : 'UnknownError', composed);
  if (!deleting && mode === 'Enforce') await store.addFinalizer();
  noteRequest(options, store, known, owner, spec.region);
  const order: Order = {
    owner,
    region: spec.region,
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
  tellWaiting(options, context, known, verdict);
  return conclude({ options, store, known, verdict, deleting, generation, spec, graph: order.graph });
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

/** What becomes of the store's data, and whether a person has confirmed it for this very store. */
function dataPolicy({ object: { metadata } }: OpenStore, { policy }: EcomStoreSpec): DataPolicy {
  const { namespace, name, uid, annotations } = metadata;
  return {
    deletion: policy.deletion,
    confirmed: annotations?.[confirmAnnotation] === uid,
    confirmation: `kubectl annotate store -n ${namespace} ${name} ${confirmAnnotation}=${uid}`,
  };
}

/** The status that `statusOf` wrote before; typed here, loose in the kube room. */
const statusOn = (store: OpenStore): Status | undefined => store.object.status as Status | undefined;

interface Conclusion {
  readonly options: OperateOptions;
  readonly store: OpenStore;
  readonly known: Known;
  readonly verdict: Verdict;
  readonly deleting: boolean;
  readonly generation: number;
  readonly spec: EcomStoreSpec;
  readonly graph: Graph;
}

/** Writes down what the pass came to, and lets the store go when nothing of it is left. */
async function conclude(conclusion: Conclusion): Promise<PassOutcome> {
  const { options, store, known, verdict, deleting, generation, spec, graph } = conclusion;
  const reports = [...verdict.nodes, ...verdict.leaving];
  const settled = verdict.known && reports.every(({ standing }) => standing === 'ready');
  if (settled && !deleting) known.applied = generation;
  await store.journal.write(verdict.intents);
  if (verdict.gone) {
    await store.removeFinalizer();
    return { outcome: 'deleted' };
  }
  known.hasTold ||= !isFirstReading(conclusion);
  const status = statusOf({
    previous: statusOn(store) ?? {},
    generation,
    account: options.cloud.account,
    installation: options.installation,
    host: spec.domain.host,
    graph,
    verdict,
    deleting,
    held: deleting && spec.policy.mode !== 'Enforce' ? heldBy(spec.policy.mode) : undefined,
    acknowledged: acknowledged(options, store, known),
    now: options.clock.now(),
  });
  if (known.hasTold) await store.writeStatus({ ...status });
  const stalled = reports.some(({ standing }) => standing === 'stalled');
  const again = Math.max(0, verdict.wakeAt - options.clock.now());
  return {
    outcome: settled ? 'settled' : stalled ? 'stalled' : 'waiting',
    again,
    priority: deleting ? 'delete' : settled ? 'scan' : known.applied === generation ? 'heal' : 'change',
  };
}

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

function composeOr({ cloud }: OperateOptions, owner: Owner, spec: EcomStoreSpec): Graph | Fault {
  try {
    return compose({ owner, account: cloud.account, spec });
  } catch (error) {
    return asFault(error);
  }
}

/** A mode that writes nothing deletes nothing either: the finalizer stays until a person decides. */
const heldBy = (mode: string): string =>
  `the deletion waits because policy.mode is ${mode} - set it to Enforce to let the deletion go on`;

const tellHeld = (context: PassContext, mode: string): void =>
  context.notice({ type: 'Warning', reason: 'DeletionWaiting', message: heldBy(mode) });

async function paused({ clock }: OperateOptions, store: OpenStore, generation: number): Promise<PassOutcome> {
  const deleting = store.object.metadata.deletionTimestamp !== undefined;
  const message = deleting ? heldBy('Paused') : 'policy.mode is Paused: AWS is neither read nor changed for this store';
  const ready = { status: 'Unknown', reason: 'Paused', message } as const;
  const previous = statusOn(store) ?? {};
  await store.writeStatus(statusWithout(previous, { generation, ready, now: clock.now() }));
  return { outcome: 'paused' };
}

async function impossible(
  { clock, log }: OperateOptions,
  store: OpenStore,
  context: PassContext,
  reason: string,
  fault: Fault,
): Promise<PassOutcome> {
  const { field, remedy } = fault.facts;
  const message = [fault.message, ...(field ? [`(${field})`] : []), ...(remedy ? [`- ${remedy}`] : [])].join(' ');
  const { namespace, name, uid, generation = 0 } = store.object.metadata;
  log.warn(
    { store: `${namespace}/${name}`, uid, kind: fault.kind, field, err: fault },
    'nothing can be done for the store',
  );
  context.notice({ type: 'Warning', reason: 'Stalled', message });
  const previous = statusOn(store) ?? {};
  const ready = { status: 'False', reason, message } as const;
  const stalled = { status: 'True', reason, message } as const;
  await store.writeStatus(statusWithout(previous, { generation, ready, stalled, now: clock.now() }));
  return { outcome: 'stalled' };
}

/** A new value of the annotation: what failed may be tried at once, and all lists are read anew. */
function noteRequest(
  { clock, inventory, registry }: OperateOptions,
  store: OpenStore,
  known: Known,
  owner: Owner,
  region: string,
): void {
  const given = store.object.metadata.annotations?.[reconcileAnnotation];
  // Status has no room for more, and would be written no more.
  const value = given !== undefined && given.length > 256 ? digest(given, 64) : given;
  const status = statusOn(store);
  if (value === undefined || value === known.asked?.value || value === status?.acknowledgedReconcile) return;
  known.asked = { value, at: clock.now() };
  forgive(known.memory);
  inventory.watch(owner.uid, region);
  for (const type of registry.resources) inventory.requestAll(owner.uid, type, clock.now());
}

function acknowledged({ inventory }: OperateOptions, store: OpenStore, { asked }: Known): string | undefined {
  return asked && inventory.unread(store.object.metadata.uid, () => asked.at).length === 0 ? asked.value : undefined;
}

/** The mirror of ids in status: never the truth, only what tells incarnations apart. */
const previousIds = (status: Status | undefined): Map<NodeId, string> =>
  new Map(
    (status?.resources ?? []).flatMap(({ node, id }) => (id === undefined ? [] : [[node as NodeId, id] as const])),
  );

const warnings: readonly Happening['kind'][] = ['Stalled', 'DriftSeen'];

function tell({ log }: OperateOptions, context: PassContext, owner: Owner, verdict: Verdict): void {
  const store = `${owner.namespace}/${owner.name}`;
  for (const { kind, node, message } of verdict.happenings)
    log.info({ store, uid: owner.uid, node, happening: kind }, message);
  for (const [kind, told] of byKind(verdict.happenings))
    context.notice({ type: warnings.includes(kind) ? 'Warning' : 'Normal', reason: kind, ...together(kind, told) });
  if (!verdict.gone) return;
  const kept = verdict.retained.map(({ node, id, why }) => `${node} (${id}): ${why}`);
  const message =
    kept.length > 0 ? `all else is gone; kept: ${kept.join('; ')}` : 'everything of the store is gone from AWS';
  log.info({ store, uid: owner.uid, retained: verdict.retained }, message);
  context.notice({ type: 'Normal', reason: kept.length > 0 ? 'Retained' : 'Deleted', message });
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
