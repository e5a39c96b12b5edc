import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import { dashboardsOf } from './dashboards.ts';
import { alarms } from './kinds.ts';
import { invalidValue } from './refusals.ts';

/** The tags of what an ARN names, and how to change them. */
function taggedBy(request: Request, arn: string): { readonly tags: TagMap; readonly set: (tags: TagMap) => void } {
  const [, , service, region, , kind = '', ...rest] = arn.split(':');
  if (service !== 'cloudwatch') throw invalidValue('The ARN that was specified is not valid.');
  const name = kind === 'alarm' ? rest.join(':') : kind.slice('dashboard/'.length);
  const all = kind === 'alarm' ? request.in(alarms) : dashboardsOf(request.world);
  const found = kind === 'alarm' && region !== request.region ? undefined : all.get(name);
  if (!found)
    throw new AwsError('ResourceNotFoundException', 'The named resource does not exist.', 404, {
      ResourceType: kind === 'alarm' ? 'Alarm' : 'Dashboard',
      ResourceId: arn,
    });
  const set = (tags: TagMap): void => {
    if (Object.keys(tags).length > 50) throw invalidValue('A resource has no more than 50 tags.');
    all.change(name, { tags });
  };
  return { tags: found.tags, set };
}

export const taggingOperations: Operations = {
  ListTagsForResource: ({ ResourceARN }: { ResourceARN: string }, request) => ({
    Tags: toTagPairs(taggedBy(request, ResourceARN).tags),
  }),
  TagResource: ({ ResourceARN, Tags }: { ResourceARN: string; Tags: readonly TagPair[] }, request) => {
    const { tags, set } = taggedBy(request, ResourceARN);
    set({ ...tags, ...toTagMap(Tags) });
    return {};
  },
  UntagResource: ({ ResourceARN, TagKeys }: { ResourceARN: string; TagKeys: readonly string[] }, request) => {
    const { tags, set } = taggedBy(request, ResourceARN);
    set(withoutTags(tags, TagKeys));
    return {};
  },
};
