import type { NodeOwner } from '../model/identity.ts';
import type { Inventory } from './inventory.ts';
import type { Entry, Shelf } from './shelf.ts';

/** A resource of this installation whose store is none of the cluster's. */
export interface Orphan {
  readonly entry: Entry;
  readonly shelf: Shelf;
  readonly owner: NodeOwner;
}

/**
 * What was read of this installation's and belongs to no store of the cluster, of what `isStore` tells by UID. What is on
 * its way out is none, and what lies below other resources (listeners, rules, records, clients of a user pool) is not
 * among it: it is listed for the stores of the cluster only, and most of it goes with what it lies below.
 */
export function* orphansIn(
  inventory: Inventory,
  installation: string,
  isStore: (uid: string) => boolean,
): Generator<Orphan> {
  for (const shelf of inventory.wholeShelves())
    for (const uid of shelf.owners()) {
      if (isStore(uid)) continue;
      for (const entry of shelf.ofStore(uid)) {
        const { owner, state } = entry.found;
        if (owner?.installation === installation && state.is !== 'deleting') yield { entry, shelf, owner };
      }
    }
}
