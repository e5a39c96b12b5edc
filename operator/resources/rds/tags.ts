import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner, type Tags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';

interface TagPair {
  readonly Key?: string;
  readonly Value?: string;
}

export const tagPairs = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const ownerOf = (tags: readonly TagPair[] = []): NodeOwner | undefined =>
  ownerFromTags(Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])));

/** Lists of groups carry no tags: they are asked for one by one. */
export async function readOwner(aws: Aws, ResourceName: string): Promise<NodeOwner | undefined> {
  return ownerOf((await orAbsent(aws.rds('ListTagsForResource', { ResourceName })))?.TagList);
}

export async function retagResource(
  aws: Aws,
  ResourceName: string,
  tags: Readonly<Record<string, string | null>>,
): Promise<void> {
  const given = Object.entries(tags).filter((pair): pair is [string, string] => pair[1] !== null);
  const taken = Object.entries(tags).flatMap(([key, value]) => (value === null ? [key] : []));
  if (given.length > 0) await aws.rds('AddTagsToResource', { ResourceName, Tags: tagPairs(Object.fromEntries(given)) });
  if (taken.length > 0) await aws.rds('RemoveTagsFromResource', { ResourceName, TagKeys: taken });
}
