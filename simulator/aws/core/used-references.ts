import type { Collection } from './collection.ts';
import type { Kind, World } from './world.ts';

interface Used {
  readonly reference: string;
}

const kindOf = (type: string): Kind<Used> => ({
  type: `${type}-reference`,
  tags: () => ({}),
  exists: () => false, // A reference is no resource: the ledger does not count it.
});

/**
 * The caller references of a global type that were used: they are refused even when what they made is gone. Route 53
 * forgets those of deleted health checks "after a number of days" (API_CreateHealthCheck), and nobody says of the others
 * that they are ever forgotten: here none is.
 */
export const usedReferences = (world: World, type: string): Collection<Used> =>
  world.collection('global', kindOf(type));
