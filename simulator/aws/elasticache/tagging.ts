import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { clusters, notFound, parameterGroups, replicationGroups, subnetGroups, userGroups, users } from './kinds.ts';

interface Tagged {
  readonly tags: TagMap;
  readonly status?: string;
}

const erased = (kind: unknown): Kind<Tagged> => kind as Kind<Tagged>;

/** By the word in an ARN: which kind it is of, and what is said of one that is not there. */
const kinds: Readonly<Record<string, { readonly kind: Kind<Tagged>; readonly lacking: (name: string) => AwsError }>> = {
  subnetgroup: { kind: erased(subnetGroups), lacking: notFound.subnetGroup },
  parametergroup: { kind: erased(parameterGroups), lacking: notFound.parameterGroup },
  user: { kind: erased(users), lacking: notFound.user },
  usergroup: { kind: erased(userGroups), lacking: notFound.userGroup },
  replicationgroup: { kind: erased(replicationGroups), lacking: notFound.replicationGroup },
  cluster: { kind: erased(clusters), lacking: notFound.cluster },
};

/**
 * "If the cluster is not in the available state, ListTagsForResource returns an error."
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ListTagsForResource.html
 */
function held(request: Request, arn: string): { readonly all: Collection<Tagged>; readonly name: string } {
  const [, word = '', name = ''] = /^arn:aws:elasticache:[^:]+:\d+:([a-z]+):(.+)$/.exec(arn) ?? [];
  const known = kinds[word];
  if (!known) throw new AwsError('InvalidARN', `The ARN ${arn} is not valid.`);
  const all = request.in(known.kind);
  const found = all.get(name);
  if (!found) throw known.lacking(name);
  if (word === 'cluster' && found.status !== 'available')
    throw new AwsError('CacheClusterNotFound', `${name} is either not present or not available.`, 404);
  if (word === 'replicationgroup' && found.status !== 'available')
    throw new AwsError('InvalidReplicationGroupState', 'Cluster not in available state to perform tagging operations.');
  return { all, name };
}

const told = (all: Collection<Tagged>, name: string) => ({ TagList: toTagPairs(all.get(name)?.tags ?? {}) });

export const taggingOperations: Operations = {
  AddTagsToResource: ({ ResourceName, Tags }: { ResourceName: string; Tags: TagPair[] }, request) => {
    const { all, name } = held(request, ResourceName);
    all.change(name, { tags: { ...all.get(name)?.tags, ...toTagMap(Tags) } });
    return told(all, name);
  },
  RemoveTagsFromResource: ({ ResourceName, TagKeys }: { ResourceName: string; TagKeys: string[] }, request) => {
    const { all, name } = held(request, ResourceName);
    all.change(name, { tags: withoutTags(all.get(name)?.tags ?? {}, TagKeys) });
    return told(all, name);
  },
  ListTagsForResource: ({ ResourceName }: { ResourceName: string }, request) => {
    if (/:(user|parametergroup):default/.test(ResourceName)) return { TagList: [] };
    const { all, name } = held(request, ResourceName);
    return told(all, name);
  },
};
