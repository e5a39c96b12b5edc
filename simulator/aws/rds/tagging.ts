import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { instances, invalid, parameterGroups, snapshots, subnetGroups } from './kinds.ts';

interface Tagged {
  readonly tags: TagMap;
}

/** By the word in an ARN, which kind it is of. */
const kinds: Readonly<Record<string, Kind<Tagged>>> = {
  db: instances as unknown as Kind<Tagged>,
  subgrp: subnetGroups as unknown as Kind<Tagged>,
  pg: parameterGroups as unknown as Kind<Tagged>,
  snapshot: snapshots as unknown as Kind<Tagged>,
};

function held(request: Request, arn: string): { readonly all: Collection<Tagged>; readonly name: string } {
  const [, word = '', name = ''] = /^arn:aws:rds:[^:]+:\d+:([a-z]+):(.+)$/.exec(arn) ?? [];
  const kind = kinds[word];
  if (!kind) throw invalid(`The specified resource name does not match an RDS resource in this region.`);
  const all = request.in(kind);
  if (!all.get(name))
    throw new AwsError(
      `${word === 'db' ? 'DBInstance' : word === 'snapshot' ? 'DBSnapshot' : 'DBParameterGroup'}NotFound`,
      `${arn} not found.`,
      404,
    );
  return { all, name };
}

export const taggingOperations: Operations = {
  AddTagsToResource: ({ ResourceName, Tags }: { ResourceName: string; Tags: TagPair[] }, request) => {
    const { all, name } = held(request, ResourceName);
    all.change(name, { tags: { ...all.get(name)?.tags, ...toTagMap(Tags) } });
  },
  RemoveTagsFromResource: ({ ResourceName, TagKeys }: { ResourceName: string; TagKeys: string[] }, request) => {
    const { all, name } = held(request, ResourceName);
    all.change(name, { tags: withoutTags(all.get(name)?.tags ?? {}, TagKeys) });
  },
  ListTagsForResource: ({ ResourceName }: { ResourceName: string }, request) => {
    const { all, name } = held(request, ResourceName);
    return { TagList: toTagPairs(all.get(name)?.tags ?? {}) };
  },
};
