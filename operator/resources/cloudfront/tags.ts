import type { Tags as CloudFrontTags } from '@aws-sdk/client-cloudfront';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import type { Aws } from '../../model/ports.ts';
import type { Scope } from '../../model/resource-type.ts';

/** The owner tags as CloudFront's create calls take them. */
export const asTags = (tags: Tags): CloudFrontTags => ({
  Items: tagPairs(tags),
});

/** Whose something is: as was learnt earlier, else as its tags tell. Lists of CloudFront's have none. */
export const ownerOf = (
  aws: Aws,
  scope: Scope,
  id: string,
  Resource: string | undefined,
): Promise<NodeOwner | undefined> =>
  learntOwner(scope, id, async () => {
    const answer = await orAbsent(aws.cloudfront('ListTagsForResource', { Resource }));
    return ownerFromTags(tagsFromPairs(answer?.Tags?.Items));
  });
