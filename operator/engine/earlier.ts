import { Fault } from '../model/faults.ts';
import { tagKeys } from '../model/identity.ts';
import type { Order } from './order.ts';
import type { Entry } from './shelf.ts';
import type { Tended } from './step.ts';

/**
 * What an earlier store of this name had for a node, and has still. A store is let go of when all of it is gone, but for data
 * that is marked as kept; so somebody has taken the object away without it: a cluster was lost, or a finalizer removed. What
 * it had runs on, and a second shop beside it, with an empty database, would be of no help to anybody.
 */
export function earlierOf({ owner }: Order, { node, shelf }: Tended): Entry | undefined {
  for (const entry of shelf.entries()) {
    const { owner: other, state } = entry.found;
    if (!other || other.node !== node.id || other.uid === owner.uid || other.retained !== undefined) continue;
    const isOfName =
      other.name === owner.name && other.namespace === owner.namespace && other.installation === owner.installation;
    if (isOfName && state.is !== 'deleting') return entry;
  }
  return undefined;
}

export const outlives = ({ type }: Tended, { found: { id, owner } }: Entry): Fault =>
  new Fault(
    'foreign',
    `${type.name} ${id} was made for an earlier store of this name and still runs: nothing is made beside it`,
    {
      remedy: `see "The cluster is lost" in docs/operating.md; its tag ${tagKeys.uid} has the UID of that store, ${owner?.uid}`,
    },
  );
