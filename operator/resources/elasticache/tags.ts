import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner, type Tags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Scope } from '../../model/resource-type.ts';

export const tagPairs = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The tags of one resource; undefined where AWS does not tell them. No list of ElastiCache's carries tags. */
export async function readTags(aws: Aws, ResourceName: string): Promise<Tags | undefined> {
  const answer = await orAbsent(aws.elasticache('ListTagsForResource', { ResourceName }));
  return answer && Object.fromEntries((answer.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Whose a resource is: as learnt earlier, else as its tags say. */
export async function ownerOf(aws: Aws, scope: Scope, arn: string): Promise<NodeOwner | undefined> {
  const learnt = scope.known(arn);
  if (learnt !== undefined) return learnt === 'foreign' ? undefined : learnt;
  return ownerFromTags((await readTags(aws, arn)) ?? {});
}
