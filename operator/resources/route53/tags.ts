import type { TagResourceType } from '@aws-sdk/client-route-53';
import { splitTags, tagPairs, tagsFromPairs, type TagChanges, type Tags } from '../../model/identity.ts';
import { batches } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found } from '../../model/resource-type.ts';

/** The tags of each, by id: Route 53's lists tell none. ListTagsForResources takes ten ids at a time. */
export async function tagsOf(aws: Aws, kind: TagResourceType, ids: readonly string[]): Promise<Map<string, Tags>> {
  const tags = new Map<string, Tags>();
  for (const ResourceIds of batches(ids, 10)) {
    const { ResourceTagSets = [] } = await aws.route53('ListTagsForResources', { ResourceType: kind, ResourceIds });
    for (const { ResourceId = '', Tags = [] } of ResourceTagSets) tags.set(ResourceId, tagsFromPairs(Tags));
  }
  return tags;
}

/** Writes tags, and takes away the ones without a value. Nothing of Route 53's is made with its tags. */
export async function retag(
  aws: Aws,
  kind: TagResourceType,
  { id: ResourceId }: Pick<Found, 'id'>,
  tags: TagChanges,
): Promise<void> {
  const { given, taken } = splitTags(tags);
  await aws.route53('ChangeTagsForResource', {
    ...{ ResourceType: kind, ResourceId, AddTags: Object.keys(given).length > 0 ? tagPairs(given) : undefined },
    RemoveTagKeys: taken.length > 0 ? [...taken] : undefined,
  });
}
