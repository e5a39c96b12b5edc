import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { addNodes, becomes, checkSettings, memberOf } from './clusters.ts';
import { checkUpgrade, engineOf, versionOf } from './engines.ts';
import { clusterOf, clusters, combination, invalid, type Cluster, type Member, type Settings } from './kinds.ts';
import { groupsOf, guard, vacate } from './placing.ts';
import { refuseUnsimulated } from './replication-groups.ts';
import { subnetGroupOf } from './subnet-groups.ts';
import { clusterTold } from './told.ts';

const engine = engineOf('memcached');

interface Modify {
  readonly CacheClusterId: string;
  readonly NumCacheNodes?: number;
  readonly CacheNodeIdsToRemove?: string[];
  readonly AZMode?: 'single-az' | 'cross-az';
  readonly SecurityGroupIds?: string[];
  readonly PreferredMaintenanceWindow?: string;
  readonly CacheParameterGroupName?: string;
  readonly ApplyImmediately?: boolean;
  readonly EngineVersion?: string;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly CacheNodeType?: string;
}

const windowed = new Set<string>(['CacheNodeType', 'EngineVersion']);

function wanted(input: Modify, one: Cluster, request: Request): Partial<Settings> {
  const { vpcId } = subnetGroupOf(request, one.subnetGroup);
  const given = {
    CacheNodeType: input.CacheNodeType,
    EngineVersion: input.EngineVersion === undefined ? undefined : versionOf(engine, input.EngineVersion),
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow?.toLowerCase(),
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
    groupIds: input.SecurityGroupIds && groupsOf(request, vpcId, input.SecurityGroupIds),
    parameterGroup: input.CacheParameterGroupName?.toLowerCase(),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** "If NumCacheNodes is less than the existing number, CacheNodeIdsToRemove must name the nodes to remove." */
function nodesAfter(input: Modify, one: Cluster, request: Request): readonly Member[] {
  const { NumCacheNodes: count = one.nodes.length, CacheNodeIdsToRemove: removed = [] } = input;
  if (count > one.nodes.length) return addNodes(request, one, count, input.AZMode);
  const unknown = removed.find((id) => !one.nodes.some(({ name }) => name === id));
  if (unknown !== undefined) throw invalid(`Cache node ${unknown} is not of the cluster ${one.name}.`);
  if (one.nodes.length - removed.length !== count)
    throw combination('CacheNodeIdsToRemove must name as many nodes as NumCacheNodes takes away.');
  return one.nodes.filter(({ name }) => !removed.includes(name));
}

export function modifyCluster(input: Modify, request: Request) {
  refuseUnsimulated(input, [
    ...['NewAvailabilityZones', 'CacheSecurityGroupNames', 'NotificationTopicArn', 'NotificationTopicStatus'],
    ...['SnapshotRetentionLimit', 'SnapshotWindow', 'AuthToken', 'AuthTokenUpdateStrategy', 'ScaleConfig', 'Engine'],
    ...['LogDeliveryConfigurations'],
  ]);
  const member = memberOf(request, input.CacheClusterId);
  if (member)
    throw combination(`${input.CacheClusterId} is a node of the replication group ${member.group.name}: modify that.`);
  const one = clusterOf(request, input.CacheClusterId);
  if (one.status !== 'available')
    throw new AwsError('InvalidCacheClusterState', `Cache cluster ${one.name} is not in available state.`);
  const change = wanted(input, one, request);
  if (change.EngineVersion !== undefined) checkUpgrade(engine, one.settings.EngineVersion, change.EngineVersion);
  checkSettings(request, { ...one.settings, ...change }, input.NumCacheNodes ?? one.nodes.length);
  const names = (Object.keys(change) as (keyof Settings)[]).filter((name) => change[name] !== one.settings[name]);
  const pick = (of: readonly string[]) => Object.fromEntries(of.map((name) => [name, change[name as keyof Settings]]));
  const atOnce = input.ApplyImmediately === true;
  const heavy = names.filter((name) => windowed.has(name));
  const counts = input.NumCacheNodes !== undefined && input.NumCacheNodes !== one.nodes.length;
  const waits = atOnce
    ? one.pending
    : { ...one.pending, ...pick(heavy), ...(counts ? { NumCacheNodes: input.NumCacheNodes as number } : {}) };
  const nodes = counts && atOnce ? nodesAfter(input, one, request) : one.nodes;
  if (change.groupIds) guard(request, one.nodes, change.groupIds);
  const isSlow = atOnce && (heavy.length > 0 || counts);
  const all = request.in(clusters);
  const changed = all.change(one.name, {
    settings: { ...one.settings, ...pick(names.filter((name) => !windowed.has(name))) },
    pending: {
      ...waits,
      ...(atOnce ? pick(heavy) : {}),
      ...(counts ? { NumCacheNodes: input.NumCacheNodes as number } : {}),
    },
    status: isSlow ? 'modifying' : one.status,
  });
  if (isSlow)
    request.world.schedule(durations.cacheModifying, () => {
      vacate(
        request,
        one.nodes.filter((node) => !nodes.includes(node)),
      );
      const settings = { ...(all.get(one.name)?.settings ?? changed.settings), ...pick(heavy) };
      becomes(request, one, 'modifying', { nodes, settings, pending: waits });
    });
  return { CacheCluster: clusterTold(changed, request) };
}
