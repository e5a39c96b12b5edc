import { isInUse } from '../engine/earlier.ts';
import { Inventory } from '../engine/inventory.ts';
import { retain } from '../engine/keeping.ts';
import { freshMemory } from '../engine/order.ts';
import { reconcile } from '../engine/reconcile.ts';
import { defaultSettings } from '../engine/settings.ts';
import { Fault } from '../model/faults.ts';
import type { Clock, Cloud } from '../model/ports.ts';
import type { Registry } from '../model/resource-type.ts';
import type { Verdict } from '../model/verdict.ts';
import { oneBoundary } from '../resources/iam/role.ts';
import { compose } from '../store/compose.ts';
import { boundaryOf } from '../store/sections/iam.ts';
import type { EcomStoreSpec } from '../store/spec.ts';
import { asCostly, changesOf, type Change } from './changes.ts';
import { costOfPlan, type CostChange } from './cost/of-plan.ts';
import type { Costed } from './cost/rules.ts';
import type { Foresight } from './following.ts';
import { besides, notesOf } from './notes.ts';

export interface Plan {
  readonly store: string;
  readonly region: string;
  readonly account: string;
  readonly changes: readonly Change[];
  /** Resources that match already. */
  readonly unchanged: number;
  /** What the changes wait for, what data goes or stays, and what of the store's name the plan leaves out; for people. */
  readonly notes: readonly string[];
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
  const uid = store.uid ?? uidOf(inventory, store, installation);
  const owner = { installation, namespace: store.namespace, name: store.name, uid };
  oneBoundary({ permissionsBoundaryArn: boundaryOf({ spec: store.spec, boundary }) });
  const graph = compose({ owner, account: cloud.account, spec: store.spec, boundary });
  const memory = freshMemory();
  const mayReplace = new Set(store.spec.policy.replace ?? []);
  const look = (): Promise<Verdict> =>
    reconcile(
      engine,
      {
        ...{ owner, region, graph, act: false, applied: false, previous: new Map() },
        data: { ...retain, deletion: store.spec.policy.deletion, confirmed: true },
        kept: [],
        mayReplace,
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
  const changes = changesOf({ graph, verdict, mayReplace, foundOf: foundIn(inventory, uid) });
  return {
    ...{ store: `${store.namespace}/${store.name}`, region, account: cloud.account, changes },
    unchanged: unchangedOf(verdict, changes),
    notes: [...notesOf(registry, store, verdict, changes), ...besides(inventory, owner)],
    cost: costOfPlan(region, graph, existingOf(inventory, uid), changes.map(asCostly)) ?? null,
  };
}

/** What AWS has of what a report tells of. */
const foundIn = (inventory: Inventory, uid: string): Foresight['foundOf'] => {
  const found = new Map(
    inventory.ownedBy(uid).map(({ entry, shelf }) => [`${shelf.type.name} ${entry.found.id}`, entry.found]),
  );
  return ({ type, id }) => found.get(`${type} ${id}`);
};

const unchangedOf = ({ nodes }: Verdict, changes: readonly Change[]): number => {
  const changed = new Set(changes.map(({ node }) => node));
  return nodes.filter(({ node, standing, id }) => standing === 'ready' && id !== undefined && !changed.has(node))
    .length;
};

/** The store of this name that has something in AWS. */
function uidOf(inventory: Inventory, { namespace, name }: StoreToPlan, installation: string): string {
  const uids = [...inventory.uidsOf({ namespace, name })].filter((uid) =>
    inventory.ownedBy(uid).some((one) => isInUse(one, installation)),
  );
  if (uids.length > 1)
    throw new Fault(
      'rejected',
      `resources of ${uids.length} stores called ${namespace}/${name} exist: ${uids.join(', ')}`,
      {
        remedy: 'name the store with --uid (kubectl get store -o jsonpath={.metadata.uid})',
      },
    );
  return uids[0] ?? '00000000-0000-0000-0000-000000000000';
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
