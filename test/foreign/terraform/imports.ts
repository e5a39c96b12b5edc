import type { NodeId } from '../../../operator/model/ref.ts';
import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';
import { importsOfRules } from './rule-imports.ts';
import { sectionPlaces } from './section-imports.ts';
import { importOfType } from './type-imports.ts';
import { webTierPlaces } from './web-tier-imports.ts';

/** What Terraform is told of a resource that exists: its address in the module, and the id that its type is imported by. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

/** What the last pass told of a store, by node. */
export interface Told {
  readonly id: (node: string) => string;
  readonly out: (node: string, output: string) => string;
}

/** By address in the module, the id that its type is imported by. */
export type Addresses = Readonly<Record<string, string>>;

/**
 * By node, where a resource stands in the module. One of ours may be several of Terraform's: a route table with its
 * routes and associations, a bucket with its settings.
 */
export type Places = Readonly<Record<string, (told: Told) => Addresses>>;

export const toldOf = (world: VirtualWorld, store: VirtualStore): Told => ({
  id: (node) => world.idOf(store, node),
  out: (node, output) => String(store.last?.outputs.get(node as NodeId)?.[output]),
});

/** All that the operator made for a store, as Terraform imports it. */
export async function importsOf(world: VirtualWorld, store: VirtualStore): Promise<ReadonlyMap<string, Import[]>> {
  const told = toldOf(world, store);
  const rules = await importsOfRules(world, store);
  const places = { ...webTierPlaces(store.spec.domain.host), ...sectionPlaces };
  const imports = new Map<string, Import[]>();
  for (const { node, type, id } of store.last?.nodes ?? []) {
    if (id === undefined) continue; // What is only looked up has no id of the store's.
    const addresses: Addresses = {
      ...places[node]?.(told),
      ...rules.get(node),
      ...(await importOfType(world, store, { node, type, id })),
    };
    const listed = Object.entries(addresses).map(([to, its]) => ({ to, id: its }));
    if (listed.length > 0) imports.set(node, listed);
  }
  return imports;
}
