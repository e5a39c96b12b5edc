import { Fault, type FaultKind } from './faults.ts';
import type { NodeOwner } from './identity.ts';
import type { Scope } from './resource-type.ts';

/** The owner that was learnt of something: of what is nobody's of ours, none. */
export const asOwner = (learnt: NodeOwner | 'foreign' | undefined): NodeOwner | undefined =>
  learnt === 'foreign' ? undefined : learnt;

/**
 * Whose something is, where lists carry no tags: as was learnt earlier, else as is read now. Nobody is read twice. What
 * keeps its tags from us by a policy of its own is somebody's who has written one: it must not hold up the list.
 */
export const learntOwner = async (
  scope: Scope,
  id: string,
  read: () => Promise<NodeOwner | undefined>,
): Promise<NodeOwner | undefined> => asOwner(scope.known(id) ?? (await unlessDenied(read())));

/** What is read, or nothing where a policy of what is read keeps it from us: so it stands with that one alone. */
export async function unlessDenied<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Fault && error.facts.deniedByResource) return undefined;
    throw error;
  }
}

/** What bears the name of something of ours and is not ours any more: `what` is `queue https://…`. */
export const stolen = (kind: FaultKind, what: string): Fault =>
  new Fault(kind, `${what} does not carry our tags any more; it is left alone`, {
    remedy: 'remove it, or put back the ecom.io tags of this store',
  });
