import { managedKeyArn } from '../core/managed-keys.ts';
import type { Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { instances, subnetGroups, type Instance, type Settings } from './kinds.ts';
import { speedOf } from './storage.ts';
import { subnetGroupTold } from './subnet-groups.ts';

/** Names of the members that `PendingModifiedValues` has. */
const pendingMembers = [
  'DBInstanceClass',
  'AllocatedStorage',
  'BackupRetentionPeriod',
  'MultiAZ',
  'EngineVersion',
  'StorageType',
  'Iops',
  'IAMDatabaseAuthenticationEnabled',
] as const satisfies readonly (keyof Settings)[];

const windowed = ({ pending }: Instance) =>
  Object.fromEntries(pendingMembers.flatMap((name) => (name in pending ? [[name, pending[name]]] : [])));

/** Endpoints are known once the instance has been made. */
const endpointTold = (one: Instance, region: string) =>
  one.status === 'creating'
    ? {}
    : {
        Endpoint: {
          Address: `${one.name}.${one.resourceId.slice(3, 15).toLowerCase()}.${region}.rds.amazonaws.com`,
          Port: one.port,
          HostedZoneId: 'Z1RLNUO7B9Q6NB',
        },
      };

/** "RDS uploads transaction logs for DB instances to Amazon S3 every five minutes." */
const logsEvery = 5 * 60_000;

const restorable = ({ status, settings }: Instance, now: number) =>
  status === 'creating' || settings.BackupRetentionPeriod === 0
    ? {}
    : { LatestRestorableTime: new Date(Math.floor(now / logsEvery) * logsEvery) };

const replicationTold = ({ lagging }: Instance) => ({
  StatusType: 'read replication',
  Normal: lagging === undefined,
  Status: lagging?.status ?? 'replicating',
  Message: lagging?.message,
});

export function instanceTold(one: Instance, request: Request) {
  const { settings } = one;
  const group = request.in(subnetGroups).get(one.subnetGroup);
  const replicas = request
    .in(instances)
    .all()
    .filter(({ sourceName }) => sourceName === one.name);
  return {
    DBInstanceIdentifier: one.name,
    DBInstanceArn: one.arn,
    DbiResourceId: one.resourceId,
    DBInstanceClass: settings.DBInstanceClass,
    Engine: one.engine,
    EngineVersion: settings.EngineVersion,
    DBInstanceStatus: one.status,
    MasterUsername: one.masterUsername,
    DBName: one.databaseName,
    ...endpointTold(one, request.region),
    AllocatedStorage: settings.AllocatedStorage,
    MaxAllocatedStorage: settings.MaxAllocatedStorage,
    StorageType: settings.StorageType,
    ...speedOf(settings),
    StorageEncrypted: one.encrypted,
    KmsKeyId: one.kmsKeyId,
    InstanceCreateTime: one.status === 'creating' ? undefined : new Date(one.createdAt),
    ...restorable(one, request.now),
    PreferredBackupWindow: settings.PreferredBackupWindow,
    PreferredMaintenanceWindow: settings.PreferredMaintenanceWindow,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    DBSecurityGroups: [],
    VpcSecurityGroups: settings.groupIds.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    DBParameterGroups: [{ DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: one.parameterStatus }],
    AvailabilityZone: one.status === 'creating' ? undefined : one.zone,
    SecondaryAvailabilityZone: one.secondaryZone,
    ...(group ? { DBSubnetGroup: subnetGroupTold(group, request) } : {}),
    PendingModifiedValues: windowed(one),
    MultiAZ: settings.MultiAZ,
    AutoMinorVersionUpgrade: settings.AutoMinorVersionUpgrade,
    ReadReplicaSourceDBInstanceIdentifier: one.sourceName,
    ReadReplicaDBInstanceIdentifiers: replicas.map(({ name }) => name),
    ReadReplicaDBClusterIdentifiers: [],
    LicenseModel: one.engine === 'postgres' ? 'postgresql-license' : 'general-public-license',
    OptionGroupMemberships: [],
    PubliclyAccessible: settings.PubliclyAccessible,
    StatusInfos: one.sourceName === undefined ? [] : [replicationTold(one)],
    DbInstancePort: 0,
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    DomainMemberships: [],
    CopyTagsToSnapshot: settings.CopyTagsToSnapshot,
    MonitoringInterval: 0,
    IAMDatabaseAuthenticationEnabled: settings.IAMDatabaseAuthenticationEnabled,
    PerformanceInsightsEnabled: settings.PerformanceInsightsEnabled,
    EnabledCloudwatchLogsExports: [...settings.logs],
    DeletionProtection: settings.DeletionProtection,
    AssociatedRoles: [],
    TagList: toTagPairs(one.tags),
    CustomerOwnedIpEnabled: false,
    NetworkType: 'IPV4',
    ActivityStreamStatus: 'stopped',
    BackupTarget: 'region',
    AwsBackupRecoveryPointArn: one.recoveryPointArn,
    ...(one.secretArn === undefined
      ? {}
      : {
          MasterUserSecret: {
            SecretArn: one.secretArn,
            SecretStatus: one.status === 'creating' ? 'creating' : 'active',
            KmsKeyId: managedKeyArn(request, 'secretsmanager'),
          },
        }),
  };
}
