import { AwsError } from '../core/aws-error.ts';
import type { Operations } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import type { World } from '../core/world.ts';
import { checksOf, healthCheckOf } from './health-checks.ts';
import { zoneOf, zonesOf } from './hosted-zones.ts';

interface Tagged {
  readonly tags: TagMap;
  readonly set: (tags: TagMap) => void;
}

/** Zones and health checks have tags; which of the two is meant, the request says. */
function taggedBy(world: World, ResourceType: string, id: string): Tagged {
  if (ResourceType === 'healthcheck') {
    const { tags } = healthCheckOf(world, id);
    return { tags, set: (changed) => void checksOf(world).change(id, { tags: changed }) };
  }
  const zone = zoneOf(world, id);
  return { tags: zone.tags, set: (changed) => void zonesOf(world).change(zone.id, { tags: changed }) };
}

interface Change {
  readonly ResourceType: string;
  readonly ResourceId: string;
  readonly AddTags?: readonly TagPair[];
  readonly RemoveTagKeys?: readonly string[];
}

const setOf = (world: World, ResourceType: string, ResourceId: string) => ({
  ...{ ResourceType, ResourceId },
  Tags: toTagPairs(taggedBy(world, ResourceType, ResourceId).tags),
});

export const taggingOperations: Operations = {
  ChangeTagsForResource: ({ ResourceType, ResourceId, AddTags, RemoveTagKeys = [] }: Change, { world }) => {
    const { tags, set } = taggedBy(world, ResourceType, ResourceId);
    set({ ...withoutTags(tags, RemoveTagKeys), ...toTagMap(AddTags) });
    return {};
  },
  ListTagsForResource: (input: { ResourceType: string; ResourceId: string }, { world }) => ({
    ResourceTagSet: setOf(world, input.ResourceType, input.ResourceId),
  }),
  ListTagsForResources: (input: { ResourceType: string; ResourceIds: readonly string[] }, { world }) => {
    if (input.ResourceIds.length > 10) throw new AwsError('InvalidInput', 'No more than 10 resources can be named.');
    return { ResourceTagSets: input.ResourceIds.map((id) => setOf(world, input.ResourceType, id)) };
  },
};
