import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import type { Aws } from '../../model/ports.ts';
import type { Scope } from '../../model/resource-type.ts';

/** The tags of one resource; undefined where AWS does not tell them. No list of ElastiCache's carries tags. */
export async function readTags(aws: Aws, ResourceName: string): Promise<Tags | undefined> {
  const answer = await orAbsent(aws.elasticache('ListTagsForResource', { ResourceName }));
  return answer && tagsFromPairs(answer.TagList);
}

/** Whose a resource is: as learnt earlier, else as its tags say. */
export const ownerOf = (aws: Aws, scope: Scope, arn: string): Promise<NodeOwner | undefined> =>
  learntOwner(scope, arn, async () => ownerFromTags((await readTags(aws, arn)) ?? {}));
