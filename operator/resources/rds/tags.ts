import { orAbsent } from '../../model/faults.ts';
import {
  ownerFromTags,
  splitTags,
  tagPairs,
  tagsFromPairs,
  type NodeOwner,
  type TagChanges,
} from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import type { Aws } from '../../model/ports.ts';
import type { Scope } from '../../model/resource-type.ts';

/** Lists of groups carry no tags: they are asked for one by one. */
export const ownerOf = (aws: Aws, scope: Scope, arn: string): Promise<NodeOwner | undefined> =>
  learntOwner(scope, arn, async () => {
    const answer = await orAbsent(aws.rds('ListTagsForResource', { ResourceName: arn }));
    return ownerFromTags(tagsFromPairs(answer?.TagList));
  });

export async function retagResource(aws: Aws, ResourceName: string, tags: TagChanges): Promise<void> {
  const { given, taken } = splitTags(tags);
  if (Object.keys(given).length > 0) await aws.rds('AddTagsToResource', { ResourceName, Tags: tagPairs(given) });
  if (taken.length > 0) await aws.rds('RemoveTagsFromResource', { ResourceName, TagKeys: [...taken] });
}
