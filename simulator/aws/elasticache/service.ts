import type { Operations, Request } from '../core/request.ts';
import type { SimulatedService } from '../core/service.ts';
import { decreaseReplicas, increaseReplicas, modifyGroup, testFailover } from './changing.ts';
import { modifyCluster } from './changing-clusters.ts';
import { createCluster, deleteCluster, describeClusters } from './clusters.ts';
import { allEngines } from './engines.ts';
import { marked, notFound, replicationGroups, type Marked } from './kinds.ts';
import { parameterGroupOperations } from './parameter-groups.ts';
import { createGroup, deleteGroup } from './replication-groups.ts';
import { subnetGroupOperations } from './subnet-groups.ts';
import { taggingOperations } from './tagging.ts';
import { groupTold } from './told.ts';
import { userGroupOperations } from './user-groups.ts';
import { userOperations } from './users.ts';

function describeGroups(input: Marked & { ReplicationGroupId?: string }, request: Request) {
  const named = input.ReplicationGroupId?.toLowerCase();
  const found = request.listed(replicationGroups).filter(({ name }) => named === undefined || name === named);
  if (named !== undefined && found.length === 0) throw notFound.replicationGroup(named);
  const { items, next } = marked(request, found, input);
  return { ReplicationGroups: items.map((one) => groupTold(one, request)), Marker: next };
}

interface Versions extends Marked {
  readonly Engine?: string;
  readonly EngineVersion?: string;
  readonly CacheParameterGroupFamily?: string;
}

function engineVersions(input: Versions, request: Request) {
  const all = allEngines().flatMap((engine) =>
    engine.versions.map((version) => ({
      Engine: engine.name,
      EngineVersion: version,
      CacheParameterGroupFamily: engine.family(version),
      CacheEngineDescription: engine.name,
      CacheEngineVersionDescription: `${engine.name} version ${version}`,
    })),
  );
  const fits = (has: string, asked: string | undefined) => asked === undefined || has === asked;
  const found = all.filter(
    (one) =>
      fits(one.Engine, input.Engine) &&
      fits(one.CacheParameterGroupFamily, input.CacheParameterGroupFamily) &&
      (fits(one.EngineVersion, input.EngineVersion) || one.EngineVersion.startsWith(`${input.EngineVersion}.`)),
  );
  const { items, next } = marked(request, found, input);
  return { CacheEngineVersions: items, Marker: next };
}

const operations: Operations = {
  ...subnetGroupOperations,
  ...parameterGroupOperations,
  ...userOperations,
  ...userGroupOperations,
  ...taggingOperations,
  CreateReplicationGroup: createGroup,
  ModifyReplicationGroup: modifyGroup,
  IncreaseReplicaCount: increaseReplicas,
  DecreaseReplicaCount: decreaseReplicas,
  TestFailover: testFailover,
  DeleteReplicationGroup: deleteGroup,
  DescribeReplicationGroups: describeGroups,
  CreateCacheCluster: createCluster,
  ModifyCacheCluster: modifyCluster,
  DeleteCacheCluster: deleteCluster,
  DescribeCacheClusters: describeClusters,
  DescribeCacheEngineVersions: engineVersions,
};

/**
 * ElastiCache: replication groups of Valkey and Redis without shards, clusters of memcached, and what they stand on. No
 * cache has an address that the internet could reach: "clusters are only accessible from inside their VPC".
 */
export const elasticache: SimulatedService = { operations };
