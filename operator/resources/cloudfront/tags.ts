import type { Tags as CloudFrontTags } from '@aws-sdk/client-cloudfront';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner, type Tags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Scope } from '../../model/resource-type.ts';

/** The owner tags as CloudFront's create calls take them. */
export const asTags = (tags: Tags): CloudFrontTags => ({
  Items: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

/** Whose something is: as was learnt earlier, else as its tags tell. Lists of CloudFront's have none. */
export async function ownerOf(
  aws: Aws,
  scope: Scope,
  id: string,
  Resource: string | undefined,
): Promise<NodeOwner | undefined> {
  const known = scope.known(id);
  if (known !== undefined) return known === 'foreign' ? undefined : known;
  const answer = await orAbsent(aws.cloudfront('ListTagsForResource', { Resource }));
  return ownerFromTags(Object.fromEntries((answer?.Tags?.Items ?? []).map(({ Key = '', Value = '' }) => [Key, Value])));
}
