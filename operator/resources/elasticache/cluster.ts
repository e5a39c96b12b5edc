import type { CacheCluster } from '@aws-sdk/client-elasticache';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, physicalName, tagPairs, type NodeOwner } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { NodeId } from '../../model/ref.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';
import {
  atRest,
  cacheBorn,
  cacheChanges,
  cacheFields,
  cacheTold,
  membersOf,
  stateOf,
  type CacheProps,
} from './cache-found.ts';
import { readTags } from './tags.ts';
import { checkUpward } from './versions.ts';

/** A cache of memcached: nodes that share the keys among them, each with its own, none of them twice. */
export interface ClusterProps extends CacheProps {
  readonly nodes: number;
  readonly encryptedInTransit: boolean;
}

export interface ClusterOutputs {
  readonly clusterId: string;
  readonly arn: string;
  /** Tells a client that discovers nodes by itself where they are. */
  readonly host: string;
  readonly port: string;
}

type ClusterFound = Found<ClusterProps, ClusterOutputs>;

export const cluster: ResourceType<ClusterProps, ClusterOutputs> = {
  name: 'elasticache/cluster',
  fields: { ...cacheFields, nodes: 'live', encryptedInTransit: 'fixed' },
  needs: ['elasticache/subnet-group', 'elasticache/parameter-group', 'ec2/security-group'],
  replace: 'create-first', // It may begin empty: so memcached begins whenever it is restarted.
  once: 'name',
  endedBy: 'DeleteCacheCluster',
  key: (_props, name) => name,
  beat: 'existence',
  takes: { making: 180_000, deleting: 120_000 },
  scope: 'regional',

  async *list(aws, scope) {
    const read = (Marker?: string) =>
      aws.elasticache('DescribeCacheClusters', { ShowCacheClustersNotInReplicationGroups: true, Marker });
    for await (const { CacheClusters = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(CacheClusters.map(async (found) => told(found, await ownerOf(aws, scope, found))));
  },

  async create(aws, props, birth) {
    const { CacheCluster: made } = await aws.elasticache('CreateCacheCluster', {
      CacheClusterId: birth.name,
      Engine: 'memcached',
      ...cacheBorn(props),
      NumCacheNodes: props.nodes,
      AZMode: modeOf(props.nodes),
      TransitEncryptionEnabled: props.encryptedInTransit,
      Tags: tagPairs(birth.tags),
    });
    return told(made ?? {}, birth.owner);
  },

  async update(aws, found, props, fields) {
    const CacheClusterId = found.outputs.clusterId;
    const members = cacheChanges(props);
    // Who may reach it goes first, by itself: AWS refuses a modification as a whole.
    if (fields.has('securityGroupIds')) {
      await aws.elasticache('ModifyCacheCluster', {
        CacheClusterId,
        ApplyImmediately: true,
        ...members.securityGroupIds,
      });
      return;
    }
    if (fields.has('engineVersion')) checkUpward('memcached', found.props.engineVersion, props.engineVersion);
    // AWS changes the count of nodes, or the nodes: what is left differs still when it is done.
    const change = fields.has('nodes')
      ? await countChange(aws, CacheClusterId, props.nodes)
      : membersOf(members, fields);
    await aws.elasticache('ModifyCacheCluster', { CacheClusterId, ApplyImmediately: true, ...change });
  },

  async delete(aws, found) {
    await orAbsent(aws.elasticache('DeleteCacheCluster', { CacheClusterId: found.outputs.clusterId }));
  },
};

/** Over the zones, as soon as there is more than one node. */
const modeOf = (nodes: number) => (nodes > 1 ? ('cross-az' as const) : ('single-az' as const));

/** Nodes that go have to be named: the youngest go. */
async function countChange(aws: Aws, CacheClusterId: string | undefined, nodes: number) {
  const { CacheClusters } = await aws.elasticache('DescribeCacheClusters', { CacheClusterId, ShowCacheNodeInfo: true });
  const ids = (CacheClusters?.[0]?.CacheNodes ?? []).map(({ CacheNodeId = '' }) => CacheNodeId).sort();
  return nodes < ids.length
    ? { NumCacheNodes: nodes, CacheNodeIdsToRemove: ids.slice(nodes) }
    : { NumCacheNodes: nodes, AZMode: modeOf(nodes) };
}

/** Whose a cluster is: as learnt earlier, as its tags say, or, while AWS does not tell them, as its place says. */
function ownerOf(aws: Aws, scope: Scope, found: CacheCluster): Promise<NodeOwner | undefined> {
  const { ARN: arn = '' } = found;
  return learntOwner(scope, arn, async () => {
    const tags = await readTags(aws, arn);
    return tags ? ownerFromTags(tags) : ownerByPlace(aws, found);
  });
}

/**
 * "If the cluster is not in the available state, ListTagsForResource returns an error", and a cluster has no description.
 * But it lives in the subnet group of its store, and bears a name that only a node of that store is given. So a process
 * that has just begun does not take its own for somebody else's, nor a store for removed that still has one.
 */
async function ownerByPlace(aws: Aws, { ARN = '', ...found }: CacheCluster): Promise<NodeOwner | undefined> {
  const { CacheSubnetGroupName: group = '', CacheClusterId: name = '' } = found;
  const ground = ownerFromTags((await readTags(aws, ARN.replace(/cluster:[^:]+$/, `subnetgroup:${group}`))) ?? {});
  const [, what] = /-([a-z0-9]+)-[0-9a-f]{10}$/.exec(name) ?? [];
  if (!ground || what === undefined) return undefined;
  const owner: NodeOwner = { ...ground, node: `${ground.node.split('/')[0]}/${what}` as NodeId };
  const withoutHash = (text: string): string => text.slice(0, -10);
  return withoutHash(physicalName(owner, '')) === withoutHash(name) ? owner : undefined;
}

function told(found: CacheCluster, owner: NodeOwner | undefined): ClusterFound {
  const { ConfigurationEndpoint: endpoint, PendingModifiedValues: pending } = found;
  const state = stateOf(found.CacheClusterStatus);
  const { subnetGroupName, ...live } = cacheTold(found);
  return {
    id: found.ARN ?? '',
    key: found.CacheClusterId,
    owner,
    state,
    props: atRest<ClusterProps>(
      state,
      { subnetGroupName, encryptedInTransit: found.TransitEncryptionEnabled ?? false },
      { ...live, nodes: pending?.NumCacheNodes ?? found.NumCacheNodes },
    ),
    outputs: {
      clusterId: found.CacheClusterId,
      arn: found.ARN,
      ...(endpoint?.Address ? { host: endpoint.Address, port: String(endpoint.Port) } : {}),
    },
    ...(found.CacheClusterCreateTime ? { bornAt: found.CacheClusterCreateTime.getTime() } : {}),
  };
}
