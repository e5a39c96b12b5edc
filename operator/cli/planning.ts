import { Inventory } from '../engine/inventory.ts';
import { retain } from '../engine/keeping.ts';
import { freshMemory } from '../engine/order.ts';
import { reconcile } from '../engine/reconcile.ts';
import { defaultSettings } from '../engine/settings.ts';
import { Fault } from '../model/faults.ts';
import type { Graph } from '../model/graph.ts';
import type { Clock, Cloud } from '../model/ports.ts';
import type { Registry } from '../model/resource-type.ts';
import type { NodeReport, Verdict } from '../model/verdict.ts';
import { oneBoundary } from '../resources/iam/role.ts';
import { compose } from '../store/compose.ts';
import { boundaryOf } from '../store/sections/iam.ts';
import type { EcomStoreSpec } from '../store/spec.ts';
import { costOfPlan, type CostChange } from './cost/of-plan.ts';
import type { Costed } from './cost/rules.ts';

/** One line of a plan. */
export interface Change {
  readonly node: string;
  readonly type: string;
  readonly id?: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'refuse';
  readonly fields?: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
  readonly message?: string;
  readonly field?: string;
  readonly remedy?: string;
}

export interface Plan {
  readonly store: string;
  readonly region: string;
  readonly account: string;
  readonly changes: readonly Change[];
  /** Resources that match already. */
  readonly unchanged: number;
  /** What it does to the monthly cost; null where the price list lacks the region. */
  readonly cost: CostChange | null;
}

export interface StoreToPlan {
  readonly namespace: string;
  readonly name: string;
  /** The UID of the store in its cluster, where the user gives it. */
  readonly uid?: string;
  readonly spec: EcomStoreSpec;
}

/** The operator whose work is foretold. */
interface Operator {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly installation: string;
  /** The permissions boundary that it gives all roles. */
  readonly boundary?: string | undefined;
}

/**
 * What the operator would do for this store with AWS as it is: the operator's own engine, in a pass that may not write.
 * The store is recognised by the owner tags of what exists. Throws a `rejected` fault when those leave a choice.
 */
export async function planStore(
  { cloud, clock, registry, installation, boundary }: Operator,
  store: StoreToPlan,
): Promise<Plan> {
  const options = { cloud, clock, registry, installation, settings: defaultSettings, wake: () => undefined };
  const inventory = new Inventory(options);
  const engine = { ...options, inventory };
  const { region } = store.spec;
  inventory.watch('plan', region);
  await inventory.readDue();
  const uid = store.uid ?? uidOf(inventory, store);
  const owner = { installation, namespace: store.namespace, name: store.name, uid };
  oneBoundary({ permissionsBoundaryArn: boundaryOf({ spec: store.spec, boundary }) });
  const graph = compose({ owner, account: cloud.account, spec: store.spec, boundary });
  const memory = freshMemory();
  const look = (): Promise<Verdict> =>
    reconcile(
      engine,
      {
        ...{ owner, region, graph, act: false, applied: false, previous: new Map() },
        data: { ...retain, deletion: store.spec.policy.deletion, confirmed: true },
        kept: [],
        mayReplace: new Set(store.spec.policy.replace ?? []),
        journal: { intents: [], write: async () => undefined },
        confirm: async () => undefined,
      },
      memory,
    );
  inventory.watch(uid, region);
  let verdict = await look();
  // Each round may bring to light what the next one has to read: listeners below a load balancer, details of what was found.
  for (let round = 0; round < 10 && inventory.nextDue() <= clock.now(); round++) {
    await inventory.readDue();
    verdict = await look();
  }
  if (!verdict.known) throw unreadable(inventory, registry, uid, region);
  return planOf(verdict, store, cloud.account, { graph, existing: existingOf(inventory, uid) });
}

function uidOf(inventory: Inventory, { namespace, name }: StoreToPlan): string {
  const uids = inventory.uidsOf({ namespace, name });
  if (uids.size > 1)
    throw new Fault(
      'rejected',
      `resources of ${uids.size} stores called ${namespace}/${name} exist: ${[...uids].join(', ')}`,
      {
        remedy: 'name the store with --uid (kubectl get store -o jsonpath={.metadata.uid})',
      },
    );
  return [...uids][0] ?? '00000000-0000-0000-0000-000000000000';
}

function unreadable(inventory: Inventory, registry: Registry, uid: string, region: string): Fault {
  const [unread] = inventory.unread(uid);
  const fault = registry.resources.flatMap((type) => inventory.fault(type, region) ?? [])[0];
  return fault ?? new Fault('transient', `${unread?.name ?? 'AWS'} could not be read in full`);
}

/** What AWS has of a store now, in the words of its graph. */
const existingOf = (inventory: Inventory, uid: string): Costed[] =>
  inventory
    .ownedBy(uid)
    .filter(({ entry }) => entry.found.state.is !== 'deleting')
    .map(({ entry, shelf }) => ({
      node: entry.found.owner?.node ?? entry.found.id,
      type: shelf.type.name,
      props: entry.found.props,
    }));

function planOf(
  verdict: Verdict,
  { namespace, name, spec }: StoreToPlan,
  account: string,
  { graph, existing }: { readonly graph: Graph; readonly existing: readonly Costed[] },
): Plan {
  const { region } = spec;
  const reports = [...verdict.nodes, ...verdict.leaving];
  const changes = reports.flatMap((report) => changeOf(report) ?? []);
  const unchanged = verdict.nodes.filter(({ standing, id }) => standing === 'ready' && id !== undefined).length;
  const cost = costOfPlan(region, graph, existing, changes) ?? null;
  return { store: `${namespace}/${name}`, region, account, changes, unchanged, cost };
}

function changeOf(report: NodeReport): Change | undefined {
  const { node, type, id, action, standing, message, field, remedy } = report;
  const named = { node, type, ...(id === undefined ? {} : { id }) };
  if (standing === 'stalled') return { ...named, action: 'refuse', message, field, remedy };
  if (standing === 'deleting' || action === 'delete') return { ...named, action: 'delete' };
  if (action === undefined || standing === 'ready' || standing === 'progressing') return undefined;
  const fields = report.fields?.map((name) => ({
    field: name,
    from: report.found?.[name] ?? null,
    to: report.wanted?.[name] ?? null,
  }));
  return { ...named, action, ...(fields ? { fields } : {}) };
}
