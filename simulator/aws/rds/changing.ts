import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { networkInterfaces, removeInterface } from '../ec2/network-interfaces.ts';
import { subnets } from '../ec2/subnets.ts';
import { makeManagedSecret, removeManagedSecret } from '../secretsmanager/secrets.ts';
import { compareVersions, engineOf, familyOf, isMajorUpgrade, versionOf, type Engine } from './engines.ts';
import { exportLogs } from './exported-logs.ts';
import {
  automatedBackups,
  combination,
  instanceOf,
  instances,
  invalid,
  subnetGroups,
  type Instance,
  type Settings,
} from './kinds.ts';
import { checkSettings, checkUpgrade, occupy } from './making.ts';
import { parameterGroupOf } from './parameter-groups.ts';
import { takeSnapshot } from './snapshots.ts';
import { checkStorage } from './storage.ts';
import { instanceTold } from './told.ts';

interface Modify {
  readonly DBInstanceIdentifier: string;
  readonly ApplyImmediately?: boolean;
  readonly AllowMajorVersionUpgrade?: boolean;
  readonly DBInstanceClass?: string;
  readonly AllocatedStorage?: number;
  readonly MaxAllocatedStorage?: number;
  readonly StorageType?: string;
  readonly Iops?: number;
  readonly MultiAZ?: boolean;
  readonly EngineVersion?: string;
  readonly BackupRetentionPeriod?: number;
  readonly PreferredBackupWindow?: string;
  readonly PreferredMaintenanceWindow?: string;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly PubliclyAccessible?: boolean;
  readonly DeletionProtection?: boolean;
  readonly CopyTagsToSnapshot?: boolean;
  readonly EnableIAMDatabaseAuthentication?: boolean;
  readonly EnablePerformanceInsights?: boolean;
  readonly CloudwatchLogsExportConfiguration?: {
    readonly EnableLogTypes?: string[];
    readonly DisableLogTypes?: string[];
  };
  readonly VpcSecurityGroupIds?: string[];
  readonly DBParameterGroupName?: string;
  readonly Engine?: string;
  readonly DBSubnetGroupName?: string;
  readonly ManageMasterUserPassword?: boolean;
  readonly MasterUserPassword?: string;
}

/** What is simulated of it: one that moves nowhere is refused as AWS refuses it, one that would move is not simulated. */
function checkPlace({ Engine, DBSubnetGroupName }: Modify, one: Instance): void {
  if (Engine !== undefined && Engine !== one.engine)
    throw combination(`You can't change the engine of ${one.name} from ${one.engine} to ${Engine}`);
  if (DBSubnetGroupName === undefined) return;
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.VPC2VPC.html: only to another VPC, and only Single-AZ.
  throw new AwsError(
    'InvalidVPCNetworkStateFault',
    `You cannot move DB instance ${one.name} to subnet group ${DBSubnetGroupName}. The specified DB subnet group and DB instance are in the same VPC. Choose a DB subnet group in different VPC than the specified DB instance and try again.`,
  );
}

/** Sets the master password, hands it over to RDS, or takes it back: then the secret goes. */
function changeSecret(
  { ManageMasterUserPassword: manage, MasterUserPassword }: Modify,
  one: Instance,
  request: Request,
): void {
  const all = request.in(instances);
  const isManaged = one.secretArn !== undefined;
  if (MasterUserPassword !== undefined) {
    if (manage ?? isManaged)
      throw combination("You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.");
    if (one.sourceName !== undefined) throw combination('Cannot change master user password on a Read Replica');
    all.change(one.name, { masterPassword: MasterUserPassword });
  }
  if (manage === undefined || manage === isManaged) return;
  if (!manage && MasterUserPassword === undefined)
    throw combination('You must specify a new master password when you stop managing it in Secrets Manager.');
  // Not documented: it would be a database that RDS makes no replicas of, and that has some.
  if (manage && all.all().some(({ sourceName }) => sourceName === one.name))
    throw combination(`ManageMasterUserPassword can't be enabled for ${one.name}, which has read replicas.`);
  if (!manage) removeManagedSecret(request, one.secretArn as string);
  const secretArn = manage ? makeManagedSecret(request, one.arn, one.resourceId, one.masterUsername) : undefined;
  all.change(one.name, { secretArn, ...(manage ? { masterPassword: undefined } : {}) });
}

/** What waits for the maintenance window unless it is applied at once; all else takes effect as soon as it can be. */
const windowed = new Set<keyof Settings>([
  'DBInstanceClass',
  'AllocatedStorage',
  'StorageType',
  'Iops',
  'MultiAZ',
  'EngineVersion',
]);

/** What of a modification restarts or copies something, so that the instance is `modifying` for a while. */
const slow = new Set<keyof Settings>([...windowed, 'BackupRetentionPeriod', 'PerformanceInsightsEnabled']);

function wanted(input: Modify, one: Instance): Partial<Settings> {
  const { CloudwatchLogsExportConfiguration: logs } = input;
  const exported = new Set([...one.settings.logs, ...(logs?.EnableLogTypes ?? [])]);
  for (const log of logs?.DisableLogTypes ?? []) exported.delete(log);
  const engine = engineOf(one.engine);
  const given: Partial<Record<keyof Settings, unknown>> = {
    DBInstanceClass: input.DBInstanceClass,
    AllocatedStorage: input.AllocatedStorage,
    MaxAllocatedStorage: input.MaxAllocatedStorage,
    StorageType: input.StorageType,
    Iops: input.Iops,
    MultiAZ: input.MultiAZ,
    EngineVersion: input.EngineVersion === undefined ? undefined : versionOf(engine, input.EngineVersion),
    BackupRetentionPeriod: input.BackupRetentionPeriod,
    PreferredBackupWindow: input.PreferredBackupWindow,
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
    PubliclyAccessible: input.PubliclyAccessible,
    DeletionProtection: input.DeletionProtection,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights,
    logs: logs && [...exported].sort(),
    groupIds: input.VpcSecurityGroupIds,
    parameterGroup: input.DBParameterGroupName?.toLowerCase(),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Settings>;
}

export function modifyInstance(input: Modify, request: Request) {
  const one = instanceOf(request, input.DBInstanceIdentifier);
  if (!['available', 'storage-full', 'storage-optimization'].includes(one.status))
    throw new AwsError('InvalidDBInstanceState', `Database instance is not in available state.`);
  checkPlace(input, one);
  const change = wanted(input, one);
  const engine = engineOf(one.engine);
  if (change.EngineVersion !== undefined) checkVersion(input, request, one, change.EngineVersion);
  checkGroup(request, one, change, input.ApplyImmediately === true);
  if ((change.AllocatedStorage ?? Infinity) < one.settings.AllocatedStorage)
    throw new AwsError('InvalidParameterCombination', 'Invalid storage size: storage cannot be made smaller');
  checkStorage(one.engine, one.settings, change);
  checkStorageRest(request, one, change);
  checkAwsBackup(one, change);
  if (change.BackupRetentionPeriod === 0 && replicasOf(request, one).length > 0)
    throw new AwsError('InvalidDBInstanceState', 'Backups cannot be turned off while there are read replicas');
  checkSettings(engine, { ...one.settings, ...change });
  const names = Object.keys(change) as (keyof Settings)[];
  const later = names.filter(
    (name) => windowed.has(name) && input.ApplyImmediately !== true && change[name] !== one.settings[name],
  );
  const given = Object.fromEntries(names.filter((name) => !later.includes(name)).map((name) => [name, change[name]]));
  // "Any pending modifications are also applied immediately."
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
  const waiting = { ...one.pending, ...Object.fromEntries(later.map((name) => [name, change[name]])) };
  const [now, pending] = input.ApplyImmediately === true ? [{ ...waiting, ...given }, {}] : [given, waiting];
  const isSlow = Object.keys(now).some(
    (name) => slow.has(name as keyof Settings) && now[name] !== one.settings[name as keyof Settings],
  );
  changeSecret(input, one, request);
  apply(request, instanceOf(request, one.name), now, pending, isSlow);
  return { DBInstance: instanceTold(instanceOf(request, one.name), request) };
}

/** In AWS's words, as others have met them: https://github.com/hashicorp/terraform-provider-aws/issues/12493 */
function checkStorageRest({ now }: Request, one: Instance, change: Partial<Settings>): void {
  const { storageRestsUntil = 0, settings } = one;
  const of = ['AllocatedStorage', 'StorageType', 'Iops'] as const;
  const isChanged = of.some((name) => change[name] !== undefined && change[name] !== settings[name]);
  if (isChanged && now < storageRestsUntil)
    throw combination(
      "You can't currently modify the storage of this DB instance because the previous storage change is being optimized.",
    );
}

/**
 * In AWS's words, as others have met them: https://github.com/crossplane-contrib/provider-aws/issues/1356; of the window too:
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2167
 */
function checkAwsBackup({ name, recoveryPointArn, settings }: Instance, change: Partial<Settings>): void {
  if (recoveryPointArn === undefined) return;
  for (const member of ['BackupRetentionPeriod', 'PreferredBackupWindow'] as const)
    if (change[member] !== undefined && change[member] !== settings[member])
      throw invalid(
        `Your RDS instance ${name} is associated with an AWS Backup resource with id ${recoveryPointArn}. You can leave ${member} blank, or you can specify it only with the current value ${settings[member]}. For more details, see the AWS Backup documentation.`,
      );
}

const replicasOf = (request: Request, { name }: Instance): Instance[] =>
  request
    .in(instances)
    .all()
    .filter(({ sourceName }) => sourceName === name);

/** Of PostgreSQL alone, and of major versions alone, what follows a database goes with it. */
const goesAlong = (engine: Engine, from: string, to: string): boolean =>
  engine.name === 'postgres' && isMajorUpgrade(engine, from, to);

/**
 * Replicas are upgraded first; those of PostgreSQL to another major version not by themselves.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html; the code is
 * that of https://github.com/aws/aws-cdk/issues/26755
 */
function checkVersion(input: Modify, request: Request, one: Instance, version: string): void {
  const engine = engineOf(one.engine);
  const has = one.settings.EngineVersion;
  checkUpgrade(engine, has, version, input.AllowMajorVersionUpgrade === true);
  const along = goesAlong(engine, has, version);
  if (along && one.sourceName !== undefined)
    throw combination(`A read replica can't be upgraded to another major version by itself: ${one.name}`);
  const behind = replicasOf(request, one).filter(
    ({ settings }) => compareVersions(settings.EngineVersion, version) < 0,
  );
  if (behind.length > 0 && !along)
    throw new AwsError(
      'DBUpgradeDependencyFailure',
      `One or more of the DB Instance's read replicas need to be upgraded: ${behind.map(({ name }) => name).join(', ')}`,
    );
}

/**
 * A group is of the family of the version that runs, or that comes at once with it; of every family there is a default
 * group, which nobody can change. One that waits for the window with its version is refused, as others have found:
 * https://github.com/mitodl/ol-infrastructure/pull/2413
 */
function checkGroup(request: Request, one: Instance, change: Partial<Settings>, isAtOnce: boolean): void {
  const engine = engineOf(one.engine);
  const { EngineVersion: has, parameterGroup: current } = one.settings;
  const { EngineVersion: version = has, parameterGroup: given } = change;
  if (given === undefined) {
    if (isMajorUpgrade(engine, has, version) && !current.startsWith('default.'))
      throw combination(
        `The current DB Instance parameter group ${current} is custom. You must explicitly specify a new parameter group, either default or custom, for the engine version upgrade.`,
      );
    return;
  }
  const family = familyOf(engine, isAtOnce ? version : has);
  if (given !== `default.${family}` && parameterGroupOf(request, given).family !== family)
    throw combination(
      `The Parameter Group ${given} can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily ${family}`,
    );
}

function apply(
  request: Request,
  one: Instance,
  now: Partial<Settings>,
  pending: Partial<Settings>,
  isSlow: boolean,
): void {
  const all = request.in(instances);
  const hasNewGroup = now.parameterGroup !== undefined && now.parameterGroup !== one.settings.parameterGroup;
  if (!isSlow) {
    settle(request, one, now);
    all.change(one.name, { pending, ...(hasNewGroup ? { parameterStatus: 'pending-reboot' as const } : {}) });
    return;
  }
  // What is being done now stands among the pending values until it is done.
  const doing = Object.fromEntries(Object.entries(now).filter(([name]) => windowed.has(name as keyof Settings)));
  const atOnce = Object.fromEntries(Object.entries(now).filter(([name]) => !windowed.has(name as keyof Settings)));
  settle(request, one, atOnce);
  all.change(one.name, { status: 'modifying', pending: { ...pending, ...doing } });
  request.world.schedule(durations.databaseModifying, () => {
    const current = all.get(one.name);
    if (current?.status !== 'modifying') return;
    if (current.givesUpUpgrades === true && doing.EngineVersion !== undefined) {
      const { parameterGroup } = one.settings;
      all.change(one.name, { status: 'available', pending, settings: { ...current.settings, parameterGroup } });
      return;
    }
    takeAlong(request, current, doing.EngineVersion as string | undefined);
    settle(request, current, doing);
    all.change(one.name, { status: 'available', pending });
  });
}

/** What follows a database of PostgreSQL comes to its major version with it, and begins there with the parameters of RDS. */
function takeAlong(request: Request, one: Instance, version: string | undefined): void {
  const engine = engineOf(one.engine);
  if (version === undefined || !goesAlong(engine, one.settings.EngineVersion, version)) return;
  const parameterGroup = `default.${familyOf(engine, version)}`;
  for (const replica of replicasOf(request, one)) settle(request, replica, { EngineVersion: version, parameterGroup });
}

/** Writes settings, and moves what follows from them: interfaces, the standby, the log groups. */
function settle(request: Request, one: Instance, now: Partial<Settings>): void {
  const all = request.in(instances);
  const settings = { ...one.settings, ...now };
  const group = request.in(subnetGroups).get(one.subnetGroup);
  const moved = now.MultiAZ !== undefined || now.PubliclyAccessible !== undefined;
  const zones = group ? group.subnetIds : [];
  const secondaryZone = settings.MultiAZ ? (one.secondaryZone ?? otherZone(request, zones, one.zone)) : undefined;
  const changed = all.change(one.name, { settings, secondaryZone });
  if (now.logs) exportLogs(request, changed);
  if (now.groupIds)
    for (const id of one.interfaceIds) request.in(networkInterfaces).change(id, { groupIds: [...now.groupIds] });
  if (!moved || !group) return;
  for (const id of one.interfaceIds) removeInterface(request.world, request.region, id);
  all.change(one.name, { interfaceIds: occupy(request, changed, group) });
}

function otherZone(request: Request, subnetIds: readonly string[], zone: string): string {
  const told = subnetIds.map((id) => zoneOfSubnet(request, id));
  return told.find((one) => one !== zone) ?? zone;
}

const zoneOfSubnet = (request: Request, id: string): string => request.in(subnets).get(id)?.zone ?? '';

export function rebootInstance(
  { DBInstanceIdentifier, ForceFailover }: { DBInstanceIdentifier: string; ForceFailover?: boolean },
  request: Request,
) {
  const all = request.in(instances);
  const one = instanceOf(request, DBInstanceIdentifier);
  if (one.status !== 'available')
    throw new AwsError('InvalidDBInstanceState', 'Database instance is not in available state.');
  if (ForceFailover === true && one.secondaryZone === undefined)
    throw combination('Failover is only possible for Multi-AZ instances');
  const swapped = ForceFailover === true && one.secondaryZone !== undefined;
  all.change(one.name, {
    status: 'rebooting',
    ...(swapped ? { zone: one.secondaryZone as string, secondaryZone: one.zone } : {}),
  });
  request.world.schedule(durations.databaseRebooting, () => {
    if (all.get(one.name)?.status === 'rebooting')
      all.change(one.name, { status: 'available', parameterStatus: 'in-sync' });
  });
  return { DBInstance: instanceTold(instanceOf(request, one.name), request) };
}

/** AWS itself starts a stopped instance after seven days; here an instance is stopped only by a test. */
export function startInstance({ DBInstanceIdentifier }: { DBInstanceIdentifier: string }, request: Request) {
  const all = request.in(instances);
  const one = instanceOf(request, DBInstanceIdentifier);
  if (one.status !== 'stopped') throw new AwsError('InvalidDBInstanceState', `Instance ${one.name} is not stopped.`);
  all.change(one.name, { status: 'starting' });
  request.world.schedule(durations.databaseRebooting, () => {
    if (all.get(one.name)?.status === 'starting') all.change(one.name, { status: 'available' });
  });
  return { DBInstance: instanceTold(instanceOf(request, one.name), request) };
}

/** A replica that becomes an instance of its own. */
export function promote({ DBInstanceIdentifier }: { DBInstanceIdentifier: string }, request: Request) {
  const one = instanceOf(request, DBInstanceIdentifier);
  if (one.sourceName === undefined)
    throw new AwsError('InvalidDBInstanceState', `DB Instance ${one.name} is not a read replica.`);
  const changed = request.in(instances).change(one.name, { sourceName: undefined });
  return { DBInstance: instanceTold(changed, request) };
}

interface Delete {
  readonly DBInstanceIdentifier: string;
  readonly SkipFinalSnapshot?: boolean;
  readonly FinalDBSnapshotIdentifier?: string;
  readonly DeleteAutomatedBackups?: boolean;
}

/**
 * "If you delete a DB instance with read replicas in the same Region, each read replica is promoted to a standalone DB
 * instance." https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
 */
export function deleteInstance(input: Delete, request: Request) {
  const all = request.in(instances);
  const one = instanceOf(request, input.DBInstanceIdentifier);
  if (one.settings.DeletionProtection)
    throw combination('Cannot delete protected DB Instance, please disable deletion protection and try again.');
  if (one.status === 'deleting')
    throw new AwsError('InvalidDBInstanceState', `Instance ${one.name} is already being deleted.`);
  const skips = input.SkipFinalSnapshot === true;
  if (skips && input.FinalDBSnapshotIdentifier !== undefined)
    throw combination(
      'FinalDBSnapshotIdentifier can not be specified when deleting a DB instance with SkipFinalSnapshot',
    );
  if (!skips && one.sourceName === undefined) {
    if (input.FinalDBSnapshotIdentifier === undefined)
      throw combination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
    takeSnapshot(request, one, input.FinalDBSnapshotIdentifier, one.tags);
  }
  all.change(one.name, { status: 'deleting' });
  request.world.schedule(durations.databaseDeleting, () => end(request, one, input.DeleteAutomatedBackups !== false));
  return { DBInstance: instanceTold(instanceOf(request, one.name), request) };
}

function end(request: Request, one: Instance, withBackups: boolean): void {
  const all = request.in(instances);
  for (const replica of all.all())
    if (replica.sourceName === one.name) all.change(replica.name, { sourceName: undefined });
  for (const id of one.interfaceIds) removeInterface(request.world, request.region, id);
  if (one.secretArn !== undefined) removeManagedSecret(request, one.secretArn);
  const backups = request.in(automatedBackups);
  if (withBackups || one.sourceName !== undefined) backups.remove(one.resourceId);
  else if (backups.get(one.resourceId)) backups.change(one.resourceId, { status: 'retained' });
  all.remove(one.name);
}
