import type { Tag, TagSpecification, ResourceType as TaggedType, Filter } from '@aws-sdk/client-ec2';
import { ownerFromTags, tagKeys, type NodeOwner, type Tags } from '../../model/identity.ts';

/** The owner tags inside the create call itself: EC2 makes the resource with them or not at all. */
export const tagSpecification = (type: TaggedType, tags: Tags): TagSpecification[] => [
  { ResourceType: type, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
];

/** Narrows a describe call to what this installation owns. */
export const ownedBy = (installation: string): Filter[] => [
  { Name: `tag:${tagKeys.installation}`, Values: [installation] },
];

export const ownerOf = (tags: readonly Tag[] = []): NodeOwner | undefined =>
  ownerFromTags(Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? ''])));
