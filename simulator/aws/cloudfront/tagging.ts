import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs, withoutTags, type TagMap } from '../core/tags.ts';
import { global, tagsGiven, type TagsInput } from './kinds.ts';
import { distributions, vpcOrigins } from './stored.ts';

interface Tagged {
  readonly arn: string;
  readonly tags: TagMap;
}

interface ByArn {
  readonly Resource: string;
}

/** What an ARN names, with the collection it lies in. */
function taggedBy(request: Request, arn: string): { all: Collection<Tagged>; id: string; tags: TagMap } {
  const id = arn.split('/')[1] ?? '';
  for (const kind of [distributions, vpcOrigins]) {
    const all = global(request, kind as never) as Collection<Tagged>;
    const found = all.get(id);
    if (found?.arn === arn) return { all, id, tags: found.tags };
  }
  throw new AwsError('NoSuchResource', 'A resource that was specified is not valid.', 404);
}

export const taggingOperations: Operations = {
  ListTagsForResource: ({ Resource }: ByArn, request) => ({
    Tags: { Items: toTagPairs(taggedBy(request, Resource).tags) },
  }),
  TagResource: ({ Resource, Tags }: ByArn & { Tags: TagsInput }, request) => {
    const { all, id, tags } = taggedBy(request, Resource);
    all.change(id, { tags: { ...tags, ...tagsGiven(Tags) } });
  },
  UntagResource: ({ Resource, TagKeys }: ByArn & { TagKeys: { Items?: string[] } }, request) => {
    const { all, id, tags } = taggedBy(request, Resource);
    all.change(id, { tags: withoutTags(tags, TagKeys.Items ?? []) });
  },
};
