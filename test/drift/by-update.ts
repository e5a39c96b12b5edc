import type { Aws } from '../../operator/model/ports.ts';
import type { Found, ResourceType } from '../../operator/model/resource-type.ts';
import type { Drift } from './drift.ts';
import type { VirtualStore, VirtualWorld } from '../support/virtual-world.ts';
import type { Place } from './place.ts';

/** A store, and the world that it is in. */
interface Somewhere {
  readonly world: VirtualWorld;
  readonly store: VirtualStore;
}

/** AWS as somebody else reaches it, in the words of our own types: they know which calls change what. */
export const strangersAws = (world: VirtualWorld): Aws =>
  new Proxy({} as Aws, {
    get: (_target, service: string) => async (operation: string, input: object) =>
      world.other(service, operation, input),
  });

/** What AWS tells of a node's resource, as the last reading had it. */
export function foundOf<P extends object, O extends object>(
  { world, store }: Somewhere,
  type: ResourceType<P, O>,
  node: string,
): Found<P, O> {
  const shelf = world.engine.inventory.shelf(type, store.spec.region);
  const [entry] = shelf.ofNode(store.owner.uid, node as `${string}/${string}`);
  if (!entry) throw new Error(`nothing is known of ${node}`);
  return entry.found as Found<P, O>;
}

/** Somebody sets one property of a node's resource. */
export async function setByStranger<P extends object, O extends object, K extends keyof P & string>(
  somewhere: Somewhere,
  { type, node, field, value }: { type: ResourceType<P, O>; node: string; field: K; value: P[K] },
): Promise<void> {
  const found = foundOf(somewhere, type, node);
  await type.update(strangersAws(somewhere.world), found, { ...found.props, [field]: value } as P, new Set([field]));
}

/** Somebody sets one property to another value, by the calls that we would make for it. */
export const byUpdate =
  <P extends object, O extends object>(type: ResourceType<P, O>, node: string) =>
  <K extends keyof P & string>(
    what: string,
    field: K,
    value: (has: NonNullable<P[K]>, place: Place) => P[K] | Promise<P[K]>,
    more: Partial<Drift> = {},
  ): Drift => ({
    what,
    make: async (place) => {
      const at = more.node ?? node;
      const has = foundOf(place, type, at).props[field] as NonNullable<P[K]>;
      await setByStranger(place, { type, node: at, field, value: await value(has, place) });
    },
    ...more,
  });
