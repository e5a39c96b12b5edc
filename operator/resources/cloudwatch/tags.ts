import { Fault, orAbsent, type FaultKind } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner, type Tags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, Scope } from '../../model/resource-type.ts';

/** The owner tags as CloudWatch's create calls take them; updates ignore them. */
export const asTagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Whose something is: as was learnt earlier, else as its tags tell. Lists of CloudWatch's have none. */
export async function ownerOf(aws: Aws, scope: Scope, id: string, arn = ''): Promise<NodeOwner | undefined> {
  const known = scope.known(id);
  if (known !== undefined) return known === 'foreign' ? undefined : known;
  return ownerFromTags((await tagsOf(aws, arn)) ?? {});
}

/** Undefined when it is gone. */
async function tagsOf(aws: Aws, ResourceARN: string): Promise<Tags | undefined> {
  const answer = await orAbsent(aws.cloudwatch('ListTagsForResource', { ResourceARN }));
  return answer && Object.fromEntries((answer.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
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
  throw new Fault(kind, `${what} ${found.id} does not carry our tags any more; it is left alone`, {
    remedy: 'remove it, or put back the ecom.io tags of this store',
  });
}

/** Throws unless an update would change what is there, and is ours: else it would make another, without our tags. */
export async function demandOwn(aws: Aws, what: string, found: Named): Promise<void> {
  if (!(await stands(aws, what, found, 'foreign'))) throw new Fault('absent', `${what} ${found.id} is gone`);
}

/** Whether there is something of ours to delete. */
export const mayDelete = (aws: Aws, what: string, found: Named): Promise<boolean> =>
  stands(aws, what, found, 'refused');
