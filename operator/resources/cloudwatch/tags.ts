import { Fault, orAbsent, type FaultKind } from '../../model/faults.ts';
import { ownerFromTags, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner, stolen } from '../../model/ownership.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, Scope } from '../../model/resource-type.ts';

/** Whose something is: as was learnt earlier, else as its tags tell. Lists of CloudWatch's have none. */
export const ownerOf = (aws: Aws, scope: Scope, id: string, arn = ''): Promise<NodeOwner | undefined> =>
  learntOwner(scope, id, async () => ownerFromTags((await tagsOf(aws, arn)) ?? {}));

/** Undefined when it is gone. */
async function tagsOf(aws: Aws, ResourceARN: string): Promise<Tags | undefined> {
  const answer = await orAbsent(aws.cloudwatch('ListTagsForResource', { ResourceARN }));
  return answer && tagsFromPairs(answer.Tags);
}

type Named = Found<object, { readonly arn: string }>;

/**
 * Whether it is still there. A put makes or overwrites whatever has the name, and a name can be used again: so this is
 * asked before any write, and what has become somebody else's is left alone, with a fault of this kind.
 */
async function stands(aws: Aws, what: string, found: Named, kind: FaultKind): Promise<boolean> {
  const { arn } = found.outputs;
  if (arn === undefined) return true; // Made by us a moment ago, and not listed yet.
  const tags = await tagsOf(aws, arn);
  if (tags === undefined || ownerFromTags(tags)?.uid === found.owner?.uid) return tags !== undefined;
  throw stolen(kind, `${what} ${found.id}`);
}

/** Throws unless an update would change what is there, and is ours: else it would make another, without our tags. */
export async function demandOwn(aws: Aws, what: string, found: Named): Promise<void> {
  if (!(await stands(aws, what, found, 'foreign'))) throw new Fault('absent', `${what} ${found.id} is gone`);
}

/** Whether there is something of ours to delete. */
export const mayDelete = (aws: Aws, what: string, found: Named): Promise<boolean> =>
  stands(aws, what, found, 'refused');
