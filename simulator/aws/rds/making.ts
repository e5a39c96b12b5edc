import { AwsError } from '../core/aws-error.ts';
import { managedKeyArn } from '../core/managed-keys.ts';
import type { Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { windowBeside, windowsRefused } from '../core/windows.ts';
import { durations } from '../durations.ts';
import { makeInterface } from '../ec2/network-interfaces.ts';
import { groupsIn } from '../ec2/security-groups.ts';
import { subnets, zonesIn } from '../ec2/subnets.ts';
import { internetGateways } from '../ec2/gateways.ts';
import { makeManagedSecret } from '../secretsmanager/secrets.ts';
import { engineOf, familyOf, isMajorUpgrade, upgradeTargets, versionOf, type Engine } from './engines.ts';
import { exportLogs } from './exported-logs.ts';
import {
  automatedBackups,
  combination,
  identifier,
  instanceOf,
  instances,
  invalid,
  notFound,
  snapshots,
  type Instance,
  type Settings,
  type SubnetGroup,
} from './kinds.ts';
import { parameterGroupOf } from './parameter-groups.ts';
import { subnetGroupOf } from './subnet-groups.ts';
import { instanceTold } from './told.ts';

/** What the three ways to make an instance have in common. */
interface Common {
  readonly DBInstanceIdentifier: string;
  readonly DBInstanceClass?: string;
  readonly DBSubnetGroupName?: string;
  readonly VpcSecurityGroupIds?: string[];
  readonly DBParameterGroupName?: string;
  readonly AvailabilityZone?: string;
  readonly MultiAZ?: boolean;
  readonly PubliclyAccessible?: boolean;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly CopyTagsToSnapshot?: boolean;
  readonly EnableIAMDatabaseAuthentication?: boolean;
  readonly EnableCloudwatchLogsExports?: string[];
  readonly EnablePerformanceInsights?: boolean;
  readonly DeletionProtection?: boolean;
  readonly StorageType?: string;
  readonly AllocatedStorage?: number;
  readonly MaxAllocatedStorage?: number;
  readonly BackupRetentionPeriod?: number;
  readonly PreferredBackupWindow?: string;
  readonly PreferredMaintenanceWindow?: string;
  readonly Tags?: TagPair[];
}

interface Create extends Common {
  readonly Engine: string;
  readonly EngineVersion?: string;
  readonly DBName?: string;
  readonly MasterUsername?: string;
  readonly MasterUserPassword?: string;
  readonly ManageMasterUserPassword?: boolean;
  readonly StorageEncrypted?: boolean;
  readonly KmsKeyId?: string;
}

/** In RDS's words, as others have met them: https://github.com/hashicorp/terraform-provider-aws/issues/49828 */
const windowsOf = (backup: string, maintenance: string) => windowsRefused(backup, maintenance, 30, 'Backup');

/** The rules that hold for settings however they come about. */
export function checkSettings(engine: Engine, settings: Settings): void {
  if (!/^db\.[a-z0-9]+\.[a-z0-9]+$/.test(settings.DBInstanceClass))
    throw invalid(`Invalid DB Instance class: ${settings.DBInstanceClass}`);
  if (settings.AllocatedStorage < 20 || settings.AllocatedStorage > 65_536)
    throw invalid('Invalid storage size for engine name and storage type: gp3');
  const { MaxAllocatedStorage: most } = settings;
  // "To disable storage autoscaling, set it to the allocated storage."
  if (most !== undefined && most !== settings.AllocatedStorage && most * 10 < settings.AllocatedStorage * 11)
    throw combination('Max storage size must be greater than storage size by at least 10%');
  if (settings.BackupRetentionPeriod < 0 || settings.BackupRetentionPeriod > 35)
    throw invalid(`Backup retention period must be between 0 and 35: ${settings.BackupRetentionPeriod}`);
  const refused = windowsOf(settings.PreferredBackupWindow, settings.PreferredMaintenanceWindow);
  if (refused !== undefined) throw invalid(refused);
  const unknown = settings.logs.find((log) => !engine.logs.includes(log));
  if (unknown !== undefined)
    throw combination(`You cannot use the log types '${unknown}' with engine version ${engine.name}.`);
}

const groupsOf = (request: Request, vpcId: string, given: readonly string[] | undefined): string[] =>
  groupsIn(request, vpcId, given, (id) => invalid(`Invalid security group , groupId= ${id}, groupName=.`));

/** The zones of an instance: its own, and that of its standby. */
function zonesFor(request: Request, group: SubnetGroup, wanted: string | undefined, multiAz: boolean): string[] {
  const zones = zonesIn(request, group.subnetIds);
  if (wanted !== undefined && !zones.includes(wanted))
    throw invalid(`Invalid availability zone: the DB subnet group has no subnet in ${wanted}.`);
  const [first = ''] = wanted === undefined ? zones : [wanted];
  const others = zones.filter((zone) => zone !== first);
  return multiAz ? [first, others[0] ?? first] : [first];
}

export function occupy(request: Request, one: Omit<Instance, 'interfaceIds'>, group: SubnetGroup): string[] {
  const zones = [one.zone, ...(one.secondaryZone === undefined ? [] : [one.secondaryZone])];
  return zones.map((zone) => {
    const subnetId = group.subnetIds.find((id) => request.in(subnets).get(id)?.zone === zone) ?? '';
    return makeInterface(request.world, {
      region: request.region,
      subnetId,
      groupIds: one.settings.groupIds,
      description: `RDSNetworkInterface ${one.name}`,
      ...(one.settings.PubliclyAccessible ? { publicIp: `203.0.113.${1 + request.world.random.below(250)}` } : {}),
    }).id;
  });
}

interface Origin {
  readonly engine: Engine;
  readonly version: string;
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly managed: boolean;
  readonly masterPassword: string | undefined;
  readonly sourceName: string | undefined;
  readonly gibUsed: number;
  /** What is taken where the request says nothing. */
  readonly settings: Partial<Settings>;
  readonly takes: number;
}

function make(request: Request, input: Common, origin: Origin) {
  const name = identifier('DBInstanceIdentifier', input.DBInstanceIdentifier);
  const all = request.in(instances);
  if (all.get(name)) throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists');
  const quota = ['DB instances', 40, all.all().length, 'InstanceQuotaExceeded'] as const;
  request.withinQuota(...quota, 'You have reached the DB instance quota of your account in this Region');
  const { engine, version } = origin;
  if (input.DBSubnetGroupName === undefined)
    throw combination('No default VPC here: the request must name a DB subnet group');
  const group = subnetGroupOf(request, input.DBSubnetGroupName);
  const parameterGroup =
    input.DBParameterGroupName ?? origin.settings.parameterGroup ?? `default.${familyOf(engine, version)}`;
  if (
    !parameterGroup.startsWith('default.') &&
    parameterGroupOf(request, parameterGroup).family !== familyOf(engine, version)
  )
    throw combination(
      `The Parameter Group ${parameterGroup} with DBParameterGroupFamily ${parameterGroupOf(request, parameterGroup).family} can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily ${familyOf(engine, version)}`,
    );
  const multiAz = input.MultiAZ ?? false;
  if (multiAz && input.AvailabilityZone !== undefined)
    throw combination('Requesting a specific availability zone is not valid for Multi-AZ instances.');
  const attached = request
    .in(internetGateways)
    .all()
    .some(({ vpcId }) => vpcId === group.vpcId);
  if (input.PubliclyAccessible === true && !attached)
    throw new AwsError('InvalidVPCNetworkStateFault', `VPC ${group.vpcId} has no internet gateway`);
  const before = origin.settings;
  const or = (window: string | undefined, ...others: string[]) => (window === undefined ? others : [window, ...others]);
  const weekly =
    input.PreferredMaintenanceWindow ??
    windowBeside(or(before.PreferredMaintenanceWindow, 'sun:04:00-sun:04:30', 'sun:14:00-sun:14:30'), (one) =>
      windowsOf(input.PreferredBackupWindow ?? '23:00-23:30', one),
    );
  const daily =
    input.PreferredBackupWindow ??
    windowBeside(or(before.PreferredBackupWindow, '23:00-23:30', '13:00-13:30'), (one) => windowsOf(one, weekly));
  const settings: Settings = {
    DBInstanceClass: input.DBInstanceClass ?? before.DBInstanceClass ?? '',
    AllocatedStorage: input.AllocatedStorage ?? before.AllocatedStorage ?? 20,
    MaxAllocatedStorage: input.MaxAllocatedStorage,
    StorageType: input.StorageType ?? before.StorageType ?? 'gp2',
    Iops: before.Iops,
    MultiAZ: multiAz,
    EngineVersion: version,
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? before.BackupRetentionPeriod ?? 1,
    PreferredBackupWindow: daily,
    PreferredMaintenanceWindow: weekly,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    PubliclyAccessible: input.PubliclyAccessible ?? false,
    DeletionProtection: input.DeletionProtection ?? false,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights ?? false,
    logs: [...(input.EnableCloudwatchLogsExports ?? [])].sort(),
    groupIds: groupsOf(request, group.vpcId, input.VpcSecurityGroupIds),
    parameterGroup: parameterGroup.toLowerCase(),
  };
  checkSettings(engine, settings);
  const [zone = '', secondaryZone] = zonesFor(request, group, input.AvailabilityZone, multiAz);
  const bare = {
    name,
    arn: request.arn(`db:${name}`),
    resourceId: `db-${request.world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 26)}`,
    engine: engine.name,
    status: 'creating',
    createdAt: request.now,
    ...{ zone, secondaryZone },
    subnetGroup: group.name,
    masterUsername: origin.masterUsername,
    databaseName: origin.databaseName,
    port: engine.port,
    encrypted: origin.encrypted,
    kmsKeyId: origin.kmsKeyId,
    secretArn: undefined as string | undefined,
    masterPassword: origin.masterPassword,
    sourceName: origin.sourceName,
    settings,
    pending: {},
    parameterStatus: 'in-sync' as const,
    gibUsed: origin.gibUsed,
    tags: toTagMap(input.Tags),
  };
  const secretArn = origin.managed
    ? makeManagedSecret(request, bare.arn, bare.resourceId, origin.masterUsername)
    : undefined;
  const one = all.put(name, { ...bare, secretArn, interfaceIds: occupy(request, bare, group) });
  request.in(automatedBackups).put(one.resourceId, {
    arn: request.arn(`auto-backup:ab-${one.resourceId.slice(3).toLowerCase()}`),
    status: 'active',
    of: one,
  });
  request.world.schedule(origin.takes + (multiAz ? durations.databaseStandby : 0), () => {
    if (all.get(name)?.resourceId === one.resourceId && all.get(name)?.status === 'creating')
      exportLogs(request, all.change(name, { status: 'available', createdAt: request.world.now() }));
  });
  return { DBInstance: instanceTold(one, request) };
}

export function createInstance(input: Create, request: Request) {
  const engine = engineOf(input.Engine);
  if (input.MasterUsername === undefined) throw combination('The parameter MasterUsername must be provided');
  if (input.ManageMasterUserPassword === true && input.MasterUserPassword !== undefined)
    throw combination("You can't specify MasterUserPassword if ManageMasterUserPassword is specified.");
  if (input.ManageMasterUserPassword !== true && input.MasterUserPassword === undefined)
    throw combination('The parameter MasterUserPassword must be provided and must not be blank.');
  if (/^(admin|rdsadmin|postgres_admin|user)$/i.test(input.MasterUsername) && engine.name === 'postgres')
    throw invalid(`MasterUsername ${input.MasterUsername} cannot be used as it is a reserved word used by the engine`);
  // A part of what the engines reserve.
  if (/^(select|table|order|from|where|group)$/i.test(input.DBName ?? ''))
    throw invalid(`DBName ${input.DBName} cannot be used. It is a reserved word for this engine`);
  if (input.AllocatedStorage === undefined) throw combination('The parameter AllocatedStorage must be provided');
  if (input.DBInstanceClass === undefined) throw combination('The parameter DBInstanceClass must be provided');
  return make(request, input, {
    engine,
    version: versionOf(engine, input.EngineVersion),
    masterUsername: input.MasterUsername,
    databaseName: input.DBName,
    encrypted: input.StorageEncrypted ?? false,
    kmsKeyId: input.StorageEncrypted === true ? (input.KmsKeyId ?? managedKeyArn(request, 'rds')) : undefined,
    managed: input.ManageMasterUserPassword === true,
    masterPassword: input.MasterUserPassword,
    sourceName: undefined,
    gibUsed: 1,
    settings: {},
    takes: durations.databaseCreating,
  });
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html: the source must be available and have backups. */
export function createReplica(input: Common & { SourceDBInstanceIdentifier?: string }, request: Request) {
  const source = instanceOf(request, input.SourceDBInstanceIdentifier ?? '');
  if (source.status !== 'available')
    throw new AwsError('InvalidDBInstanceState', `DB Instance is not in an available state: ${source.name}`);
  if (source.settings.BackupRetentionPeriod === 0)
    throw new AwsError(
      'InvalidDBInstanceState',
      'Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.',
    );
  // In the words of https://github.com/terraform-aws-modules/terraform-aws-rds/issues/532; the rule itself is in
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
  if (source.secretArn !== undefined)
    throw invalid(
      `Creating read replicas for source instance with engine ${source.engine} where ManageMasterUserPassword is enabled is not supported.`,
    );
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
  if (input.DBSubnetGroupName !== undefined)
    throw new AwsError(
      'DBSubnetGroupNotAllowedFault',
      'The DB subnet group should not be specified while creating read replicas that lie in the same region as the source instance.',
    );
  if (input.DBParameterGroupName !== undefined)
    throw combination('A parameter group is not supported for read replicas in the same Region as their source.');
  const siblings = request
    .in(instances)
    .all()
    .filter(({ sourceName }) => sourceName === source.name);
  if (siblings.length >= 15) throw new AwsError('InvalidDBInstanceState', `${source.name} has 15 read replicas`);
  return make(
    request,
    { DBSubnetGroupName: source.subnetGroup, ...input, AllocatedStorage: source.settings.AllocatedStorage },
    {
      engine: engineOf(source.engine),
      version: source.settings.EngineVersion,
      masterUsername: source.masterUsername,
      databaseName: source.databaseName,
      encrypted: source.encrypted,
      kmsKeyId: source.kmsKeyId,
      managed: false,
      masterPassword: source.masterPassword,
      sourceName: source.name,
      gibUsed: source.gibUsed,
      settings: { ...source.settings, BackupRetentionPeriod: 0 },
      takes: durations.replicaCreating,
    },
  );
}

export function restoreInstance(
  input: Common & { DBSnapshotIdentifier?: string; Engine?: string; ManageMasterUserPassword?: boolean },
  request: Request,
) {
  const name = input.DBSnapshotIdentifier ?? '';
  const snapshot = request.in(snapshots).get(name.split(':snapshot:').at(-1)?.toLowerCase() ?? '');
  if (!snapshot) throw notFound.snapshot(name);
  if (snapshot.status !== 'available')
    throw new AwsError('InvalidDBSnapshotState', `The snapshot ${snapshot.name} is not available`);
  const { of } = snapshot;
  // "Applies to RDS for Oracle only": https://github.com/aws/aws-cdk/issues/38175
  if (input.ManageMasterUserPassword !== undefined)
    throw combination(`ManageMasterUserPassword isn't supported for a restore of engine ${of.engine}.`);
  if (input.Engine !== undefined && input.Engine !== of.engine)
    throw combination(`The snapshot ${snapshot.name} holds ${of.engine}, not ${input.Engine}`);
  return make(request, input, {
    engine: engineOf(of.engine),
    version: of.settings.EngineVersion,
    masterUsername: of.masterUsername,
    databaseName: of.databaseName,
    encrypted: of.encrypted,
    kmsKeyId: of.kmsKeyId,
    managed: false,
    masterPassword: of.masterPassword,
    sourceName: undefined,
    gibUsed: of.gibUsed,
    settings: of.settings,
    takes: durations.databaseRestoring,
  });
}

/** Whether one version may be upgraded to another: never down, and to another major version only when that is asked for. */
export function checkUpgrade(engine: Engine, from: string, to: string, allowMajor: boolean): void {
  if (to !== from && !upgradeTargets(engine, from).includes(to))
    throw combination(`Cannot upgrade ${engine.name} from ${from} to ${to}`);
  if (isMajorUpgrade(engine, from, to) && !allowMajor)
    throw combination('The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.');
}
