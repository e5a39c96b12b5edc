import { windowBeside, windowsRefused } from '../core/windows.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { toTagMap } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { engineOf, knowsIam, versionOf, type Engine } from './engines.ts';
import {
  combination,
  identifier,
  invalid,
  replicationGroupOf,
  replicationGroups,
  type CreateMembers,
  type GroupSettings,
  type Member,
  type ReplicationGroup,
} from './kinds.ts';
import { parameterGroupOf } from './parameter-groups.ts';
import { checkNodeType, checkWindows, groupsOf, place, vacate, zonesOf } from './placing.ts';
import { subnetGroupOf } from './subnet-groups.ts';
import { groupTold } from './told.ts';
import { userGroupOf } from './user-groups.ts';
import { userOf } from './users.ts';

interface Create extends CreateMembers {
  readonly ReplicationGroupId: string;
  readonly ReplicationGroupDescription: string;
  readonly AutomaticFailoverEnabled?: boolean;
  readonly MultiAZEnabled?: boolean;
  readonly NumCacheClusters?: number;
  readonly PreferredCacheClusterAZs?: string[];
  readonly SnapshotRetentionLimit?: number;
  readonly SnapshotWindow?: string;
  readonly TransitEncryptionMode?: 'required' | 'preferred';
  readonly AtRestEncryptionEnabled?: boolean;
  readonly KmsKeyId?: string;
  readonly UserGroupIds?: string[];
}

/** What stands in a request, and is known to AWS but not here. */
const notSimulated = [
  ...['GlobalReplicationGroupId', 'PrimaryClusterId', 'NumNodeGroups', 'ReplicasPerNodeGroup', 'SnapshotArns'],
  ...['NodeGroupConfiguration', 'SnapshotName', 'AuthToken', 'LogDeliveryConfigurations', 'DataTieringEnabled'],
  ...['NotificationTopicArn', 'ServerlessCacheSnapshotName', 'CacheSecurityGroupNames'],
];

export function refuseUnsimulated(input: object, names: readonly string[] = notSimulated): void {
  const given = Object.keys(input).find((name) => names.includes(name));
  if (given !== undefined) throw new AwsError('InvalidAction', `${given} is not simulated`, 501);
}

const snapshotWindowBeside = (weekly: string): string =>
  windowBeside(['03:00-04:00', '13:00-14:00'], (one) => windowsRefused(one, weekly, 60, 'Snapshot'));

/** The rules that hold for settings however they come about. */
export function checkGroupSettings(request: Request, engine: Engine, settings: GroupSettings, count: number): void {
  checkNodeType(settings.CacheNodeType);
  checkWindows(settings);
  // "AutomaticFailoverEnabled must be enabled for Multi-AZ", and there must be somebody to fail over to.
  if (settings.AutomaticFailoverEnabled && count < 2)
    throw combination('Replication group with automatic failover enabled must have at least one replica.');
  if (settings.MultiAZEnabled && !settings.AutomaticFailoverEnabled)
    throw combination('Must have automatic failover enabled to turn on Multi-AZ.');
  if (settings.SnapshotRetentionLimit < 0 || settings.SnapshotRetentionLimit > 35)
    throw invalid(`Snapshot retention limit must be between 0 and 35: ${settings.SnapshotRetentionLimit}`);
  const family = engine.family(settings.EngineVersion);
  const parameters = parameterGroupOf(request, settings.parameterGroup);
  if (parameters.family !== family)
    throw combination(
      `The parameter group ${parameters.name} of the family ${parameters.family} cannot be used with ${engine.name} ${settings.EngineVersion}: it needs ${family}.`,
    );
  if (settings.userGroupIds.length > 1) throw combination('A replication group has one user group at most.');
  for (const id of settings.userGroupIds) checkUsers(request, engine, settings, id);
}

/** Users are let in over encrypted connections only. */
function checkUsers(request: Request, engine: Engine, settings: GroupSettings, id: string): void {
  const group = userGroupOf(request, id);
  if (settings.TransitEncryptionMode === undefined)
    throw combination('User group based access control requires encryption-in-transit to be enabled.');
  if (engine.name === 'redis' && group.engine !== 'redis')
    throw combination(`The user group ${id} of the engine ${group.engine} cannot be used with redis.`);
  const hasIam = group.userIds.some((user) => userOf(request, user).authentication === 'iam');
  if (hasIam && !knowsIam(engine, settings.EngineVersion))
    throw combination(`IAM authentication is not supported by ${engine.name} ${settings.EngineVersion}.`);
}

/** A user group that is being changed lets nobody be associated with it. */
export function checkActive(request: Request, ids: readonly string[]): void {
  for (const id of ids) {
    const { status } = userGroupOf(request, id);
    if (status !== 'active') throw new AwsError('InvalidUserGroupState', `User group ${id} is not in an active state.`);
  }
}

function transitOf({ TransitEncryptionEnabled: on, TransitEncryptionMode: mode }: Create) {
  if (mode !== undefined && on !== true)
    throw combination('TransitEncryptionMode can only be set with TransitEncryptionEnabled.');
  return on === true ? (mode ?? 'required') : undefined;
}

export function createGroup(input: Create, request: Request) {
  refuseUnsimulated(input);
  const name = identifier('ReplicationGroupId', input.ReplicationGroupId, 40);
  const all = request.in(replicationGroups);
  if (all.get(name)) throw new AwsError('ReplicationGroupAlreadyExists', `Replication group ${name} already exists.`);
  const nodes = all.all().reduce((sum, { members }) => sum + members.length, 0);
  request.withinQuota(
    'Nodes per Region',
    300,
    nodes,
    'NodeQuotaForCustomerExceeded',
    'The quota of nodes is exceeded.',
  );
  if (input.Engine === undefined) throw combination('The engine must be given.');
  const engine = engineOf(input.Engine);
  if (engine.name === 'memcached') throw combination('Replication groups are of redis or valkey.');
  const count = input.NumCacheClusters ?? 1;
  if (count < 1 || count > 6) throw invalid('NumCacheClusters must be between 1 and 6.');
  if (input.CacheSubnetGroupName === undefined)
    throw combination('No default VPC here: the request must name a subnet group.');
  const group = subnetGroupOf(request, input.CacheSubnetGroupName);
  const EngineVersion = versionOf(engine, input.EngineVersion);
  const weekly =
    input.PreferredMaintenanceWindow?.toLowerCase() ??
    windowBeside(['sun:05:00-sun:06:00', 'sun:15:00-sun:16:00'], (one) =>
      windowsRefused(input.SnapshotWindow ?? '03:00-04:00', one, 60, 'Snapshot'),
    );
  const settings: GroupSettings = {
    CacheNodeType: checkNodeType(input.CacheNodeType),
    EngineVersion,
    PreferredMaintenanceWindow: weekly,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    groupIds: groupsOf(request, group.vpcId, input.SecurityGroupIds),
    parameterGroup: (input.CacheParameterGroupName ?? `default.${engine.family(EngineVersion)}`).toLowerCase(),
    SnapshotRetentionLimit: input.SnapshotRetentionLimit ?? 0,
    SnapshotWindow: input.SnapshotWindow ?? snapshotWindowBeside(weekly),
    AutomaticFailoverEnabled: input.AutomaticFailoverEnabled ?? false,
    MultiAZEnabled: input.MultiAZEnabled ?? false,
    TransitEncryptionMode: transitOf(input),
    userGroupIds: (input.UserGroupIds ?? []).map((id) => id.toLowerCase()),
  };
  checkGroupSettings(request, engine, settings, count);
  checkActive(request, settings.userGroupIds);
  if (settings.MultiAZEnabled && zonesOf(request, group).length < 2)
    throw combination('Multi-AZ needs a subnet group with subnets in two zones at least.');
  const zones = input.PreferredCacheClusterAZs;
  if (zones && zones.length !== count)
    throw combination('PreferredCacheClusterAZs must name as many zones as there are clusters.');
  const one = all.put(name, {
    name,
    arn: request.arn(`replicationgroup:${name}`),
    description: input.ReplicationGroupDescription,
    engine: engine.name,
    status: 'creating',
    createdAt: request.now,
    subnetGroup: group.name,
    encryptedAtRest: input.AtRestEncryptionEnabled ?? false,
    kmsKeyId: input.KmsKeyId,
    label: request.world.random.text('abcdefghijklmnopqrstuvwxyz0123456789', 6),
    members: addMembers(request, { name, subnetGroup: group.name, settings, members: [] }, count, zones),
    settings,
    pending: {},
    tags: toTagMap(input.Tags),
  });
  request.world.schedule(durations.cacheCreating, () => becomes(request, one, 'creating', 'available'));
  return { ReplicationGroup: groupTold(one, request) };
}

type Home = Pick<ReplicationGroup, 'name' | 'subnetGroup' | 'settings' | 'members'>;

/** More nodes, each in the zone that has the fewest; numbered on as AWS does: `name-001`. */
export function addMembers(request: Request, home: Home, count: number, zones: readonly string[] = []): Member[] {
  const group = subnetGroupOf(request, home.subnetGroup);
  const members = [...home.members];
  while (members.length < count) {
    const numbers = members.map((one) => Number(one.name.slice(-3)));
    const free = Array.from({ length: count + 1 }, (_, at) => at + 1).find((number) => !numbers.includes(number)) ?? 1;
    const name = `${home.name}-${String(free).padStart(3, '0')}`;
    const zone = zones[members.length];
    const { groupIds } = home.settings;
    members.push(place(request, group, { name, others: members, groupIds, ...(zone === undefined ? {} : { zone }) }));
  }
  return members;
}

/** Later, unless something else has happened to it since. */
export function becomes(
  request: Request,
  { name, createdAt }: Pick<ReplicationGroup, 'name' | 'createdAt'>,
  from: string,
  to: string,
  with_: Partial<ReplicationGroup> = {},
): void {
  const all = request.in(replicationGroups);
  const now = all.get(name);
  if (now?.createdAt === createdAt && now.status === from) all.change(name, { status: to, ...with_ });
}

interface Delete {
  readonly ReplicationGroupId: string;
  readonly RetainPrimaryCluster?: boolean;
  readonly FinalSnapshotIdentifier?: string;
}

export function deleteGroup(input: Delete, request: Request) {
  refuseUnsimulated(input, ['FinalSnapshotIdentifier']);
  if (input.RetainPrimaryCluster === true)
    throw new AwsError('InvalidAction', 'RetainPrimaryCluster is not simulated', 501);
  const one = replicationGroupOf(request, input.ReplicationGroupId);
  if (!['available', 'create-failed'].includes(one.status))
    throw new AwsError(
      'InvalidReplicationGroupState',
      `Replication group ${one.name} has status ${one.status} which is not valid for deletion.`,
    );
  const all = request.in(replicationGroups);
  const going = all.change(one.name, { status: 'deleting' });
  request.world.schedule(durations.cacheDeleting, () => {
    vacate(request, all.get(one.name)?.members ?? []);
    all.remove(one.name);
  });
  return { ReplicationGroup: groupTold(going, request) };
}
