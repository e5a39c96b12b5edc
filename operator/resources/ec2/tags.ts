import type { Tag, TagSpecification, ResourceType as TaggedType, Filter } from '@aws-sdk/client-ec2';
import type { Aws } from '../../model/ports.ts';
import {
  ownerFromTags,
  splitTags,
  tagKeys,
  tagPairs,
  tagsFromPairs,
  type NodeOwner,
  type TagChanges,
  type Tags,
} from '../../model/identity.ts';

/** The owner tags inside the create call itself: EC2 makes the resource with them or not at all. */
export const tagSpecification = (type: TaggedType, tags: Tags): TagSpecification[] => [
  { ResourceType: type, Tags: tagPairs(tags) },
];

/** Narrows a describe call to what this installation owns. */
export const ownedBy = (installation: string): Filter[] => [
  { Name: `tag:${tagKeys.installation}`, Values: [installation] },
];

export const ownerOf = (tags: readonly Tag[] = []): NodeOwner | undefined => ownerFromTags(tagsFromPairs(tags));

/** Writes these tags beside those it has; null takes a tag away. */
export async function retagResource(aws: Aws, id: string, tags: TagChanges): Promise<void> {
  const Resources = [id];
  const { given, taken } = splitTags(tags);
  if (Object.keys(given).length > 0) await aws.ec2('CreateTags', { Resources, Tags: tagPairs(given) });
  if (taken.length > 0) await aws.ec2('DeleteTags', { Resources, Tags: taken.map((Key) => ({ Key })) });
}
