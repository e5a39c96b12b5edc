import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { checkUpgrade, engineOf, versionOf, type Engine } from './engines.ts';
import {
  combination,
  invalid,
  replicationGroupOf,
  replicationGroups,
  type GroupSettings,
  type Member,
  type ReplicationGroup,
} from './kinds.ts';
import { groupsOf, guard, vacate } from './placing.ts';
import { addMembers, becomes, checkActive, checkGroupSettings, refuseUnsimulated } from './replication-groups.ts';
import { subnetGroupOf } from './subnet-groups.ts';
import { groupTold } from './told.ts';

interface Modify {
  readonly ReplicationGroupId: string;
  readonly ReplicationGroupDescription?: string;
  readonly PrimaryClusterId?: string;
  readonly AutomaticFailoverEnabled?: boolean;
  readonly MultiAZEnabled?: boolean;
  readonly SecurityGroupIds?: string[];
  readonly PreferredMaintenanceWindow?: string;
  readonly CacheParameterGroupName?: string;
  readonly ApplyImmediately?: boolean;
  readonly Engine?: string;
  readonly EngineVersion?: string;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly SnapshotRetentionLimit?: number;
  readonly SnapshottingClusterId?: string;
  readonly SnapshotWindow?: string;
  readonly CacheNodeType?: string;
  readonly UserGroupIdsToAdd?: string[];
  readonly UserGroupIdsToRemove?: string[];
  readonly TransitEncryptionEnabled?: boolean;
  readonly TransitEncryptionMode?: 'required' | 'preferred';
}

/** Only what rests is changed. */
export function available(request: Request, name: string): ReplicationGroup {
  const one = replicationGroupOf(request, name);
  if (one.status !== 'available')
    throw new AwsError('InvalidReplicationGroupState', `Replication group ${one.name} is not in available state.`);
  return one;
}

/**
 * From in the clear to encrypted, and back, it goes over `preferred`, where both are served.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html
 */
function transitOf(input: Modify, has: GroupSettings['TransitEncryptionMode']): GroupSettings['TransitEncryptionMode'] {
  const { TransitEncryptionEnabled: on, TransitEncryptionMode: mode } = input;
  if (on === false) {
    if (has === 'required') throw combination('To disable in-transit encryption, set its mode to preferred first.');
    return undefined;
  }
  if (has === undefined && on !== true) {
    if (mode !== undefined) throw combination('TransitEncryptionMode needs in-transit encryption to be enabled.');
    return undefined;
  }
  const wanted = mode ?? has;
  if (has === undefined && wanted !== 'preferred')
    throw combination('To enable in-transit encryption, set its mode to preferred first.');
  return wanted;
}

/**
 * From Redis to Valkey, and never back: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html.
 */
function engineAfter({ Engine, EngineVersion }: Modify, { engine: has }: ReplicationGroup): Engine {
  const engine = engineOf(Engine ?? has);
  if (engine.name === has) return engine;
  if (has !== 'redis' || engine.name !== 'valkey')
    throw combination(`The engine cannot be changed from ${has} to ${engine.name}.`);
  if (EngineVersion === undefined) throw combination('A change of the engine needs its version.');
  return engine;
}

function wanted(input: Modify, one: ReplicationGroup, engine: Engine, request: Request): Partial<GroupSettings> {
  const group = subnetGroupOf(request, one.subnetGroup);
  const { userGroupIds } = one.settings;
  // https://github.com/aws-controllers-k8s/community/issues/1846
  const turnsOn = one.settings.SnapshotRetentionLimit === 0 && (input.SnapshotRetentionLimit ?? 0) > 0;
  if (turnsOn && input.SnapshottingClusterId === undefined)
    throw combination('Must specify both SnapshotRetentionLimit and SnapshottingClusterId to turn on snapshots.');
  const removed = (input.UserGroupIdsToRemove ?? []).map((id) => id.toLowerCase());
  const added = (input.UserGroupIdsToAdd ?? []).map((id) => id.toLowerCase());
  const unknown = removed.find((id) => !userGroupIds.includes(id));
  if (unknown !== undefined) throw invalid(`User group ${unknown} is not associated with ${one.name}.`);
  const given: Partial<Record<keyof GroupSettings, unknown>> = {
    CacheNodeType: input.CacheNodeType,
    EngineVersion: input.EngineVersion === undefined ? undefined : versionOf(engine, input.EngineVersion),
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow?.toLowerCase(),
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
    groupIds: input.SecurityGroupIds && groupsOf(request, group.vpcId, input.SecurityGroupIds),
    parameterGroup: input.CacheParameterGroupName?.toLowerCase(),
    SnapshotRetentionLimit: input.SnapshotRetentionLimit,
    SnapshotWindow: input.SnapshotWindow,
    AutomaticFailoverEnabled: input.AutomaticFailoverEnabled,
    MultiAZEnabled: input.MultiAZEnabled,
    userGroupIds:
      added.length + removed.length > 0
        ? [...userGroupIds.filter((id) => !removed.includes(id)), ...added.filter((id) => !userGroupIds.includes(id))]
        : undefined,
  };
  const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const mode = transitOf(input, one.settings.TransitEncryptionMode);
  // https://github.com/aws-controllers-k8s/community/issues/2536
  if (mode !== one.settings.TransitEncryptionMode && added.length + removed.length > 0)
    throw combination('Modification of transit encryption is not supported for access control enabled clusters.');
  return mode === one.settings.TransitEncryptionMode ? change : { ...change, TransitEncryptionMode: mode };
}

/** What waits for the maintenance window unless it is applied at once. */
const windowed = new Set<string>(['CacheNodeType', 'EngineVersion']);

/** What copies or restarts something, or tells every node of it: `modifying` for a while. */
const slow = new Set<string>([
  ...windowed,
  ...['AutomaticFailoverEnabled', 'MultiAZEnabled', 'TransitEncryptionMode', 'userGroupIds'],
]);

export function modifyGroup(input: Modify, request: Request) {
  refuseUnsimulated(input, [
    ...['PrimaryClusterId', 'NodeGroupId', 'CacheSecurityGroupNames', 'NotificationTopicArn'],
    ...['NotificationTopicStatus', 'AuthToken', 'AuthTokenUpdateStrategy', 'LogDeliveryConfigurations', 'ClusterMode'],
  ]);
  const one = available(request, input.ReplicationGroupId);
  const engine = engineAfter(input, one);
  const change = wanted(input, one, engine, request);
  const isOther = engine.name !== one.engine;
  if (change.EngineVersion !== undefined && !isOther)
    checkUpgrade(engine, one.settings.EngineVersion, change.EngineVersion);
  checkGroupSettings(request, engine, { ...one.settings, ...change }, one.members.length);
  checkActive(request, input.UserGroupIdsToAdd ?? []);
  const differs = Object.keys(change).filter((name) => {
    const key = name as keyof GroupSettings;
    return JSON.stringify(change[key]) !== JSON.stringify(one.settings[key]);
  });
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, change[name as keyof GroupSettings]]));
  if (isOther && input.ApplyImmediately !== true)
    throw new AwsError('InvalidAction', 'A change of the engine in the maintenance window is not simulated', 501);
  const later = differs.filter((name) => windowed.has(name) && input.ApplyImmediately !== true);
  const now = differs.filter((name) => !later.includes(name));
  // A parameter group of the new engine comes with it.
  const doing = now.filter((name) => slow.has(name) || (isOther && name === 'parameterGroup'));
  const all = request.in(replicationGroups);
  const waits = { ...one.pending, ...pick(later) };
  if (change.groupIds) guard(request, one.members, change.groupIds);
  const changed = all.change(one.name, {
    description: input.ReplicationGroupDescription ?? one.description,
    settings: { ...one.settings, ...pick(now.filter((name) => !doing.includes(name))) },
    pending: { ...waits, ...pick(doing) },
    status: doing.length > 0 ? 'modifying' : one.status,
  });
  if (doing.length > 0)
    request.world.schedule(durations.cacheModifying, () =>
      becomes(request, one, 'modifying', 'available', {
        engine: engine.name,
        settings: { ...(all.get(one.name)?.settings ?? changed.settings), ...pick(doing) },
        pending: waits,
      }),
    );
  return { ReplicationGroup: groupTold(changed, request) };
}

interface Count {
  readonly ReplicationGroupId: string;
  readonly NewReplicaCount?: number;
  readonly ApplyImmediately: boolean;
}

function counted(input: Count, request: Request): { one: ReplicationGroup; wants: number } {
  refuseUnsimulated(input, ['ReplicaConfiguration', 'ReplicasToRemove']);
  const one = available(request, input.ReplicationGroupId);
  if (!input.ApplyImmediately) throw invalid('ApplyImmediately must be true for a change of the replica count.');
  if (input.NewReplicaCount === undefined) throw combination('NewReplicaCount must be given.');
  if (input.NewReplicaCount < 0 || input.NewReplicaCount > 5) throw invalid('NewReplicaCount must be between 0 and 5.');
  if (input.NewReplicaCount === one.members.length - 1)
    throw new AwsError('NoOperationFault', 'The operation was not performed because no changes were required.');
  return { one, wants: input.NewReplicaCount };
}

export function increaseReplicas(input: Count, request: Request) {
  const { one, wants } = counted(input, request);
  if (wants < one.members.length - 1) throw invalid('NewReplicaCount must be more than the replicas that there are.');
  const members = addMembers(request, one, wants + 1);
  const changed = request.in(replicationGroups).change(one.name, { status: 'modifying', members });
  request.world.schedule(durations.cacheReplicaAdding, () => becomes(request, one, 'modifying', 'available'));
  return { ReplicationGroup: groupTold(changed, request) };
}

export function decreaseReplicas(input: Count, request: Request) {
  const { one, wants } = counted(input, request);
  if (wants > one.members.length - 1) throw invalid('NewReplicaCount must be less than the replicas that there are.');
  if (wants === 0 && one.settings.AutomaticFailoverEnabled)
    throw combination('The last replica cannot be removed while automatic failover is enabled.');
  return { ReplicationGroup: groupTold(drop(request, one, one.members.slice(wants + 1)), request) };
}

/** Some replicas go: the group is at work for a while, then their addresses are free. */
export function drop(request: Request, one: ReplicationGroup, going: readonly Member[]): ReplicationGroup {
  const all = request.in(replicationGroups);
  const members = one.members.filter((member) => !going.includes(member));
  const changed = all.change(one.name, { status: 'modifying', members });
  request.world.schedule(durations.cacheModifying, () => {
    vacate(request, going);
    becomes(request, one, 'modifying', 'available');
  });
  return changed;
}

/** A replica takes the place of the primary, and the primary comes back as a replica. */
export function testFailover({ ReplicationGroupId }: { ReplicationGroupId: string }, request: Request) {
  const one = available(request, ReplicationGroupId);
  if (!one.settings.AutomaticFailoverEnabled)
    throw new AwsError('TestFailoverNotAvailableFault', `Automatic failover of ${one.name} is not enabled.`);
  const [primary, next, ...rest] = one.members;
  const changed = request.in(replicationGroups).change(one.name, {
    status: 'modifying',
    members: [next, primary, ...rest].filter((member) => member !== undefined),
  });
  request.world.schedule(durations.cacheModifying, () => becomes(request, one, 'modifying', 'available'));
  return { ReplicationGroup: groupTold(changed, request) };
}
