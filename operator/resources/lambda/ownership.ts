import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner, type Tags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';

/** An ARN is made of the name, which can be used again: so whose it is now is asked before anything is written. */
export async function isOwnFunction(
  aws: Aws,
  { id, owner }: { readonly id: string; readonly owner: NodeOwner | undefined },
): Promise<boolean> {
  const answer = await orAbsent(aws.lambda('ListTags', { Resource: id }));
  return answer === undefined || ownerFromTags((answer.Tags ?? {}) as Tags)?.uid === owner?.uid;
}
