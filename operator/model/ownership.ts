import { Fault, type FaultFacts, type FaultKind } from './faults.ts';
import { tagKeys, type NodeOwner, type Owner, type Tags } from './identity.ts';
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

/** Who may name what: the stores of one namespace share what is theirs. */
export type Tenant = Pick<Owner, 'installation' | 'namespace'>;

/**
 * Whom something belongs to that stores of this tenant may not use; undefined where they may. An id or a name is no secret,
 * and the operator may use all that stores have. The one tag is enough, so people can keep things of theirs for a namespace.
 */
export function othersThan({ installation, namespace }: Tenant, tags: Tags): string | undefined {
  const { [tagKeys.store]: store, [tagKeys.installation]: theirs = installation } = tags;
  if (store === undefined) return undefined;
  const [theirNamespace] = store.split('/');
  if (theirs !== installation) return `a store of namespace ${theirNamespace} of another installation, ${theirs}`;
  return theirNamespace === namespace ? undefined : `a store of namespace ${theirNamespace}`;
}

/** Throws where stores of this tenant may not use it: `what` is `VPC vpc-…`. */
export function refuseOthers(tenant: Tenant, what: string, tags: Tags, facts: FaultFacts = {}): void {
  const others = othersThan(tenant, tags);
  if (others !== undefined) throw ofOthers(what, others, facts);
}

export const ofOthers = (what: string, others: string, facts: FaultFacts): Fault =>
  new Fault('rejected', `${what} belongs to ${others}`, {
    remedy: `name one that no store of another namespace has; its tag ${tagKeys.store} tells whose it is`,
    ...facts,
  });

/** What bears the name of something of ours and is not ours any more: `what` is `queue https://…`. */
export const stolen = (kind: FaultKind, what: string): Fault =>
  new Fault(kind, `${what} does not carry our tags any more; it is left alone`, {
    remedy: 'remove it, or put back the ecom.io tags of this store',
  });
