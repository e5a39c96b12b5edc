import { Inventory } from '../../engine/inventory.ts';
import { orphansIn } from '../../engine/orphans.ts';
import { placesOf } from '../../engine/places.ts';
import { defaultSettings } from '../../engine/settings.ts';
import type { Clock, Cloud } from '../../model/ports.ts';
import type { Registry } from '../../model/resource-type.ts';

/** One resource that belongs to no store of the cluster. */
interface LeftResource {
  readonly node: string;
  readonly type: string;
  /** us-east-1 for global services. */
  readonly region: string;
  readonly id: string;
  readonly state: string;
  /** Whether resources of its type hold data of the shop. */
  readonly data: boolean;
}

/** What is left of one store. */
export interface Left {
  readonly store: string;
  readonly uid: string;
  readonly resources: readonly LeftResource[];
}

export interface Found {
  readonly account: string;
  readonly installation: string;
  readonly regions: readonly string[];
  /** How many stores the cluster has. */
  readonly stores: number;
  readonly orphaned: readonly Left[];
  /** Kept on purpose when their store went. */
  readonly retained: readonly Left[];
  /** Lists that could not be read: what they would tell is missing. */
  readonly unread: readonly { readonly type: string; readonly region: string; readonly message: string }[];
}

/** Where the operator would look, and what for. */
interface Search {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly installation: string;
  readonly regions: readonly string[];
}

type Piles = Map<string, Left & { readonly resources: LeftResource[] }>;

/** Reads these regions by the lists that the operator reads, then the UIDs of the stores that there are. */
export async function findOrphans(
  { cloud, clock, registry, installation, regions }: Search,
  storesNow: () => Promise<ReadonlySet<string>>,
): Promise<Found> {
  const settings = defaultSettings;
  const inventory = new Inventory({ cloud, clock, registry, installation, settings, wake: () => undefined });
  for (const region of regions) inventory.watch(`whoever is in ${region}`, region);
  await inventory.readDue();
  const stores = await storesNow();
  const orphaned: Piles = new Map();
  const retained: Piles = new Map();
  for (const { entry, shelf, owner } of orphansIn(inventory, installation, (uid) => stores.has(uid))) {
    const { uid, namespace, name, node } = owner;
    const { id, state } = entry.found;
    const { type, region } = shelf;
    const piles = owner.retained ? retained : orphaned;
    let left = piles.get(uid);
    if (!left) piles.set(uid, (left = { store: `${namespace}/${name}`, uid, resources: [] }));
    left.resources.push({ node, type: type.name, region, id, state: state.is, data: type.data !== undefined });
  }
  return {
    ...{ account: cloud.account, installation, regions, stores: stores.size },
    orphaned: inOrder(orphaned),
    retained: inOrder(retained),
    unread: unreadIn(inventory, registry, regions),
  };
}

const inOrder = (left: Piles): Left[] =>
  [...left.values()].sort((one, other) => compare(one.store, other.store) || compare(one.uid, other.uid));

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function unreadIn(inventory: Inventory, registry: Registry, regions: readonly string[]): Found['unread'] {
  const unread = new Map<string, Found['unread'][number]>();
  for (const type of registry.resources)
    for (const region of type.parentOf ? [] : regions.flatMap((one) => placesOf(type, one)))
      if (!inventory.shelf(type, region).reading()) {
        const message = inventory.fault(type, region)?.message ?? 'it was not read';
        unread.set(`${type.name}@${region}`, { type: type.name, region, message });
      }
  return [...unread.values()];
}
