import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { toTagMap } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { encryptsInTransit, engineOf, versionOf } from './engines.ts';
import {
  clusterOf,
  clusters,
  combination,
  identifier,
  invalid,
  marked,
  notFound,
  replicationGroups,
  type Cluster,
  type CreateMembers,
  type Marked,
  type Member,
  type Settings,
} from './kinds.ts';
import { available, drop } from './changing.ts';
import { parameterGroupOf } from './parameter-groups.ts';
import { checkNodeType, checkWindows, groupsOf, place, vacate } from './placing.ts';
import { refuseUnsimulated } from './replication-groups.ts';
import { subnetGroupOf } from './subnet-groups.ts';
import { clusterTold, memberTold } from './told.ts';

interface Create extends CreateMembers {
  readonly CacheClusterId: string;
  readonly AZMode?: 'single-az' | 'cross-az';
  readonly NumCacheNodes?: number;
}

const engine = engineOf('memcached');

export function checkSettings(request: Request, settings: Settings, count: number): void {
  checkNodeType(settings.CacheNodeType);
  checkWindows(settings);
  if (count < 1 || count > 40) throw invalid('NumCacheNodes must be between 1 and 40 for memcached.');
  const parameters = parameterGroupOf(request, settings.parameterGroup);
  if (parameters.family !== engine.family(settings.EngineVersion))
    throw combination(`The parameter group ${parameters.name} cannot be used with memcached.`);
}

/** Numbered as AWS does: `0001`. Over the zones where that is asked for, else all in the zone of the first. */
export function addNodes(
  request: Request,
  one: Pick<Cluster, 'subnetGroup' | 'nodes' | 'settings'>,
  count: number,
  mode?: string,
): Member[] {
  const group = subnetGroupOf(request, one.subnetGroup);
  const nodes = [...one.nodes];
  const spread = mode === 'cross-az' || new Set(nodes.map(({ zone }) => zone)).size > 1;
  while (nodes.length < count) {
    const last = Math.max(0, ...nodes.map(({ name }) => Number(name)));
    const zone = spread ? undefined : nodes[0]?.zone;
    const wanted = { name: String(last + 1).padStart(4, '0'), others: nodes, groupIds: one.settings.groupIds };
    nodes.push(place(request, group, { ...wanted, ...(zone === undefined ? {} : { zone }) }));
  }
  return nodes;
}

export function createCluster(input: Create, request: Request) {
  refuseUnsimulated(input, [
    ...['ReplicationGroupId', 'PreferredAvailabilityZone', 'PreferredAvailabilityZones', 'SnapshotArns', 'AuthToken'],
    ...['SnapshotName', 'SnapshotRetentionLimit', 'SnapshotWindow', 'CacheSecurityGroupNames', 'NotificationTopicArn'],
    ...['OutpostMode', 'PreferredOutpostArn', 'PreferredOutpostArns', 'LogDeliveryConfigurations', 'Port'],
  ]);
  if (input.Engine !== 'memcached')
    throw new AwsError('InvalidAction', 'Clusters of another engine than memcached are not simulated', 501);
  const name = identifier('CacheClusterId', input.CacheClusterId, 50);
  const all = request.in(clusters);
  if (all.get(name)) throw new AwsError('CacheClusterAlreadyExists', `Cache cluster ${name} already exists.`);
  const used = all.all().reduce((sum, { nodes }) => sum + nodes.length, 0);
  request.withinQuota('Nodes per Region', 300, used, 'NodeQuotaForCustomerExceeded', 'The quota of nodes is exceeded.');
  if (input.CacheSubnetGroupName === undefined)
    throw combination('No default VPC here: the request must name a subnet group.');
  const group = subnetGroupOf(request, input.CacheSubnetGroupName);
  const EngineVersion = versionOf(engine, input.EngineVersion);
  const count = input.NumCacheNodes ?? 1;
  if (input.AZMode === 'cross-az' && count < 2) throw combination('AZMode cross-az needs two nodes at least.');
  const encryptedInTransit = input.TransitEncryptionEnabled ?? false;
  if (encryptedInTransit && !encryptsInTransit(engine, EngineVersion))
    throw combination(`Encryption in transit is not supported by memcached ${EngineVersion}.`);
  const settings: Settings = {
    CacheNodeType: checkNodeType(input.CacheNodeType),
    EngineVersion,
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow?.toLowerCase() ?? 'sun:05:00-sun:06:00',
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    groupIds: groupsOf(request, group.vpcId, input.SecurityGroupIds),
    parameterGroup: (input.CacheParameterGroupName ?? `default.${engine.family(EngineVersion)}`).toLowerCase(),
  };
  checkSettings(request, settings, count);
  const one = all.put(name, {
    name,
    arn: request.arn(`cluster:${name}`),
    status: 'creating',
    createdAt: request.now,
    subnetGroup: group.name,
    encryptedInTransit,
    label: request.world.random.text('abcdefghijklmnopqrstuvwxyz0123456789', 6),
    nodes: addNodes(request, { subnetGroup: group.name, nodes: [], settings }, count, input.AZMode),
    settings,
    pending: {},
    tags: toTagMap(input.Tags),
  });
  request.world.schedule(durations.cacheClusterCreating, () => becomes(request, one, 'creating', {}));
  return { CacheCluster: clusterTold(one, request) };
}

/** Available later, unless something else has happened to it since. */
export function becomes(request: Request, { name, createdAt }: Cluster, from: string, with_: Partial<Cluster>): void {
  const all = request.in(clusters);
  const now = all.get(name);
  if (now?.createdAt === createdAt && now.status === from) all.change(name, { status: 'available', ...with_ });
}

export function memberOf(request: Request, given: string) {
  const name = given.toLowerCase();
  const group = request
    .in(replicationGroups)
    .all()
    .find(({ members }) => members.some((member) => member.name === name));
  const member = group?.members.find((one) => one.name === name);
  return group && member ? { group, member } : undefined;
}

/** A cluster of memcached, or one replica of a replication group. */
export function deleteCluster(input: { CacheClusterId: string }, request: Request) {
  refuseUnsimulated(input, ['FinalSnapshotIdentifier']);
  const found = memberOf(request, input.CacheClusterId);
  if (found) return deleteMember(request, found.group.name, found.member);
  const one = clusterOf(request, input.CacheClusterId);
  if (one.status !== 'available')
    throw new AwsError('InvalidCacheClusterState', `Cache cluster ${one.name} is not in available state.`);
  const all = request.in(clusters);
  const going = all.change(one.name, { status: 'deleting' });
  request.world.schedule(durations.cacheDeleting, () => {
    vacate(request, all.get(one.name)?.nodes ?? []);
    all.remove(one.name);
  });
  return { CacheCluster: clusterTold(going, request) };
}

function deleteMember(request: Request, groupName: string, member: Member) {
  const group = available(request, groupName);
  const cannot = (why: string) =>
    new AwsError('InvalidCacheClusterState', `Cannot delete the cache cluster ${member.name} ${why}`);
  if (group.members.length === 1)
    throw cannot('since it is the only member of a replication group. Delete the replication group instead.');
  if (group.members[0] === member) throw cannot('because it is the primary of a replication group.');
  if (group.members.length === 2 && group.settings.AutomaticFailoverEnabled)
    throw cannot(
      `because it is the only read replica for replication group ${group.name} which has autofailover enabled.`,
    );
  const changed = drop(request, group, [member]);
  return { CacheCluster: memberTold(member, changed, request) };
}

interface Describe extends Marked {
  readonly CacheClusterId?: string;
  readonly ShowCacheNodeInfo?: boolean;
  readonly ShowCacheClustersNotInReplicationGroups?: boolean;
}

export function describeClusters(input: Describe, request: Request) {
  const named = input.CacheClusterId?.toLowerCase();
  const members =
    input.ShowCacheClustersNotInReplicationGroups === true
      ? []
      : request
          .listed(replicationGroups)
          .flatMap((group) => group.members.map((one) => memberTold(one, group, request)));
  const own = request.listed(clusters).map((one) => clusterTold(one, request, input.ShowCacheNodeInfo));
  const found = [...members, ...own].filter((one) => named === undefined || one.CacheClusterId === named);
  if (named !== undefined && found.length === 0) throw notFound.cluster(named);
  const { items, next } = marked<object>(request, found, input);
  return { CacheClusters: items, Marker: next };
}
