import { Fault } from '../model/faults.ts';
import { tagKeys, type Owner } from '../model/identity.ts';
import type { Inventory } from './inventory.ts';
import type { Leaving } from './prune.ts';

/**
 * What an earlier store of this name had and has still. A store is let go of when all of it is gone, but for data that is
 * marked as kept; so somebody has taken the object away without it: a cluster was lost, or a finalizer removed. What it had
 * runs on, and a second shop beside it, with an empty database, would be of no help to anybody.
 */
export function leftByEarlier(inventory: Inventory, owner: Owner): Leaving[] {
  const uids = inventory.uidsOf(owner);
  uids.delete(owner.uid);
  return [...uids].flatMap((uid) =>
    inventory.ownedBy(uid).filter((one) => isInUse(one, owner.installation) && one.entry.found.state.is !== 'deleting'),
  );
}

/** Whether a store of this installation has it: data that is marked as kept is nobody's until somebody adopts it. */
export const isInUse = ({ entry: { found } }: Leaving, installation: string): boolean =>
  found.owner?.installation === installation && found.owner.retained === undefined;

/** Why nothing is made. */
export const outlives = ({ namespace, name }: Owner, { entry: { found }, shelf: { type } }: Leaving): Fault =>
  new Fault(
    'foreign',
    `${type.name} ${found.id} was made for an earlier store of this name and still runs: nothing is made beside it`,
    {
      remedy: `to go on with what that store has: kubectl annotate store -n ${namespace} ${name} ecom.io/take-over=${found.owner?.uid}, which is its tag ${tagKeys.uid} (docs/operating.md, "The cluster is lost")`,
    },
  );
