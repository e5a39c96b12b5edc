import type { DBInstance, DBInstanceStatusInfo } from '@aws-sdk/client-rds';
import { sameMembers, without } from '../../model/compare.ts';
import { ownerFromTags, tagsFromPairs } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Fields, Found, Notice, Overdue, State } from '../../model/resource-type.ts';
import { keepFor, keptFor, type Retention } from './exported-logs.ts';
import { storageChanges, storageFields, storageTold, type StorageProps } from './storage.ts';
import { upgrade, upgradeGivenUp, versionFields, versionTold, type Upgrade, type VersionProps } from './upgrade.ts';

/** What a database instance and a read replica have in common. */
export interface ServerProps extends StorageProps, VersionProps {
  readonly instanceClass: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroupName: string;
  readonly publiclyAccessible: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly iamAuthentication: boolean;
  readonly performanceInsights: boolean;
  /** Logs that CloudWatch gets. */
  readonly logExports: readonly string[];
  readonly logRetentionDays: Retention;
  /** "wed:03:00-wed:04:00", in UTC; AWS chooses one where none is wanted. */
  readonly maintenanceWindow?: string;
  readonly deletionProtection: boolean;
  /** False for one that somebody has stopped: AWS itself would start it after seven days. */
  readonly running: boolean;
}

export interface ServerOutputs {
  /** The version that it runs, whatever it has been asked to take. */
  readonly runs: string;
  /** How fast its storage is: more than AWS gives by itself, where somebody has bought it. */
  readonly iops: number;
  readonly instanceName: string;
  readonly endpoint: string;
  /** The endpoint, only while it answers there. */
  readonly servingEndpoint: string;
  readonly port: string;
  readonly arn: string;
}

const minute = 60_000;

export const serverFields: Fields<ServerProps> = {
  ...versionFields,
  ...storageFields,
  instanceClass: { mode: 'live', interrupts: true },
  securityGroupIds: { mode: 'live', equal: sameMembers },
  parameterGroupName: 'live',
  publiclyAccessible: 'live',
  autoMinorVersionUpgrade: 'live',
  copyTagsToSnapshot: 'live',
  iamAuthentication: 'live',
  performanceInsights: 'live',
  logExports: { mode: 'live', equal: sameMembers },
  logRetentionDays: { mode: 'live', equal: keptFor },
  maintenanceWindow: 'live',
  deletionProtection: 'live',
  running: 'live',
};

/** The props that no list tells. */
export const serverDetailed = ['logRetentionDays'] as const;

/**
 * Writes what differs, in parts: AWS refuses a modification as a whole, and what it refuses of one part must hold up no
 * other. One that is stopped is started, and no more: RDS changes nothing of it yet. What keeps others out goes first.
 * `plan` is asked where another version is wanted.
 */
export async function writeServer<P extends ServerProps>(
  aws: Aws,
  { outputs, props }: Found<P, ServerOutputs>,
  wanted: P,
  fields: ReadonlySet<keyof P>,
  plan: () => Promise<Upgrade>,
  modify: (fields: ReadonlySet<keyof P>, upgraded: object) => Promise<void>,
): Promise<void> {
  if (fields.has('running')) {
    await aws.rds('StartDBInstance', { DBInstanceIdentifier: outputs.instanceName });
    return;
  }
  const modified = new Set(fields);
  const isKeptOtherwise = modified.delete('logRetentionDays');
  const [closing, others] = split(modified, closes);
  const [storage, unstored] = split(others, storing);
  const [windows, rest] = split(unstored, windowed);
  await inTurn([
    ...(closing.size > 0 ? [() => modify(closing, {})] : []),
    ...(windows.size > 0 ? [() => modify(windows, {})] : []),
    ...(rest.size > 0 ? [() => upgrade(outputs.runs, wanted, rest, plan, modify)] : []),
    ...(storage.size > 0 ? [() => modify(storage, {})] : []),
    ...(isKeptOtherwise
      ? [() => keepFor(aws, outputs.instanceName, props.logRetentionDays ?? {}, wanted.logRetentionDays)]
      : []),
  ]);
}

/** Sends one part after the other, whatever becomes of those before; then throws the first fault. */
async function inTurn(parts: readonly (() => Promise<void>)[]): Promise<void> {
  const outcomes: PromiseSettledResult<void>[] = [];
  for (const part of parts) outcomes.push(...(await Promise.allSettled([part()])));
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Those of some fields that are in a part, and the others. */
function split<T>(fields: ReadonlySet<T>, part: ReadonlySet<unknown>): [ReadonlySet<T>, ReadonlySet<T>] {
  const all = [...fields];
  return [new Set(all.filter((field) => part.has(field))), new Set(all.filter((field) => !part.has(field)))];
}

/**
 * Within six hours of its last change, be that AWS's own growing, and until that is optimized, AWS refuses another one of
 * the storage, and takes all else.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
 */
const storing: ReadonlySet<unknown> = new Set(Object.keys(storageFields));

/** AWS refuses a window that meets the other one, which it may have chosen itself. They do not make it busy, and go first. */
const windowed: ReadonlySet<unknown> = new Set(['maintenanceWindow', 'backupWindow']);

/** What keeps others out. */
const closes: ReadonlySet<unknown> = new Set<keyof ServerProps>([
  'publiclyAccessible',
  'securityGroupIds',
  'deletionProtection',
]);

/** The members of a modification for the fields that differ. */
export function serverChanges(
  { props: found, outputs }: Found<ServerProps, ServerOutputs>,
  props: ServerProps,
  fields: ReadonlySet<string>,
): object {
  const has = found.logExports ?? [];
  const members: {
    readonly [
      K in keyof Omit<ServerProps, 'running' | 'logRetentionDays' | keyof StorageProps | keyof VersionProps>
    ]-?: object;
  } = {
    instanceClass: { DBInstanceClass: props.instanceClass },
    securityGroupIds: { VpcSecurityGroupIds: [...props.securityGroupIds] },
    parameterGroupName: { DBParameterGroupName: props.parameterGroupName },
    publiclyAccessible: { PubliclyAccessible: props.publiclyAccessible },
    autoMinorVersionUpgrade: { AutoMinorVersionUpgrade: props.autoMinorVersionUpgrade },
    copyTagsToSnapshot: { CopyTagsToSnapshot: props.copyTagsToSnapshot },
    iamAuthentication: { EnableIAMDatabaseAuthentication: props.iamAuthentication },
    performanceInsights: { EnablePerformanceInsights: props.performanceInsights },
    logExports: {
      CloudwatchLogsExportConfiguration: {
        EnableLogTypes: without(props.logExports, has),
        DisableLogTypes: without(has, props.logExports),
      },
    },
    maintenanceWindow: { PreferredMaintenanceWindow: props.maintenanceWindow },
    deletionProtection: { DeletionProtection: props.deletionProtection },
  };
  return { ...storageChanges(found, outputs.iops, props, fields), ...membersOf(members, fields) };
}

/** The members that belong to some fields, in one. */
export const membersOf = (members: object, fields: ReadonlySet<string>): object =>
  Object.assign(
    {},
    ...Object.entries(members).flatMap(([field, own]) => (fields.has(field) ? [own as object] : [])),
  ) as object;

/**
 * Statuses in which an instance serves although AWS is at work on it: nothing to wait for.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
 */
const serving = [
  'available',
  'backing-up',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'maintenance',
  'storage-config-upgrade',
  'storage-initialization',
  'storage-optimization',
  'resetting-master-credentials',
  'stopped',
];

/**
 * How a replica fails to follow its source, where it does: it goes on answering, with what it had when that began.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstanceStatusInfo.html
 */
const lagging = ({ StatusInfos = [] }: DBInstance): DBInstanceStatusInfo | undefined =>
  StatusInfos.find(({ StatusType, Normal }) => StatusType === 'read replication' && Normal === false);

/**
 * An error in it passes, or people mend it. After thirty days RDS ends it, and what is left follows nothing any more.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Monitoring.html
 */
function stateOfLagging({ Status = 'error', Message }: DBInstanceStatusInfo): State {
  const reason = [`RDS calls its replication ${Status}`, ...(Message ? [Message] : [])].join(': ');
  if (Status === 'terminated') return { is: 'failed', reason };
  const remedy = 'mend what RDS names, or delete the replica: another one is made in its place';
  return { is: 'changing', reason, overdue: { after: 10 * minute, remedy } };
}

const isServing = (found: DBInstance): boolean => {
  const { DBInstanceStatus: status = '' } = found;
  return serving.includes(status) && status !== 'stopped' && !lagging(found);
};

/** Static parameters, and all of another group, take effect at the next reboot only, whatever ApplyImmediately says. */
const waitsForReboot = ({ DBParameterGroups = [] }: DBInstance): boolean =>
  DBParameterGroups.some(({ ParameterApplyStatus }) => ParameterApplyStatus === 'pending-reboot');

const awaitsReboot = ({ DBInstanceIdentifier: name = '' }: DBInstance): Notice => ({
  reason: 'ParametersAwaitReboot',
  message: `parameters wait for a reboot: aws rds reboot-db-instance --db-instance-identifier ${name}`,
});

export const isAwsBackups = ({ AwsBackupRecoveryPointArn: arn }: DBInstance): boolean => Boolean(arn);

const backedUp = ({ BackupRetentionPeriod: days = 0 }: DBInstance): Notice => ({
  reason: 'BackedUpByAwsBackup',
  message: `AWS Backup keeps its backups, for ${days} days, by its own plan: spec.database.backups changes nothing`,
});

function noticeOf(found: DBInstance): Notice | undefined {
  if (waitsForReboot(found)) return awaitsReboot(found);
  return isAwsBackups(found) ? backedUp(found) : undefined;
}

const making = ['creating', 'restoring'];

/** What no waiting mends. */
const broken = /^(failed|inaccessible-encryption-credentials|incompatible-.*|restore-error)$/;

/**
 * What waits for people, and goes on once they have done this; nothing of it is lost.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Troubleshooting.html,
 * https://repost.aws/knowledge-center/rds-aurora-inaccessible-state
 */
const stuck = (name: string): Readonly<Record<string, Overdue>> => ({
  'storage-full': { after: 0, remedy: 'raise spec.database.storage.maxGib or storage.gib' },
  'insufficient-capacity': {
    after: 60 * minute,
    remedy: 'AWS has no room for its class in its zone now: wait, or choose another spec.database.instanceClass',
  },
  'incompatible-parameters': {
    after: 0,
    remedy: `its class or version cannot start with its parameters: mend spec.database.parameters, then aws rds reboot-db-instance --db-instance-identifier ${name}`,
  },
  'incompatible-network': {
    after: 0,
    remedy: `see that its subnets have free addresses and still exist, then aws rds start-db-instance --db-instance-identifier ${name}`,
  },
  'inaccessible-encryption-credentials-recoverable': {
    after: 0,
    remedy: `enable its KMS key within seven days, or RDS gives it up; then aws rds start-db-instance --db-instance-identifier ${name}`,
  },
});

export function stateOf(found: DBInstance): State {
  const { DBInstanceStatus: status = 'creating' } = found;
  const behind = serving.includes(status) ? lagging(found) : undefined;
  if (behind) return stateOfLagging(behind);
  if (serving.includes(status)) {
    const notice = noticeOf(found);
    return notice ? { is: 'ready', notice } : { is: 'ready' };
  }
  if (status === 'deleting') return { is: 'deleting', reason: 'being deleted' };
  if (making.includes(status)) return { is: 'pending', reason: status };
  const overdue = stuck(found.DBInstanceIdentifier ?? '')[status];
  // One that has no room when it is made is not there yet.
  if (overdue) return { is: found.Endpoint ? 'changing' : 'pending', reason: `RDS calls it ${status}`, overdue };
  if (broken.test(status)) return { is: 'failed', reason: `RDS calls it ${status}` };
  return { is: 'changing', reason: status };
}

/** What waits for the maintenance window is as good as done: AWS has taken it on, and it is not asked for again. */
export function serverTold(
  found: DBInstance,
): Omit<ServerProps, (typeof serverDetailed)[number] | 'allowMajorUpgrade'> {
  const pending = found.PendingModifiedValues ?? {};
  const logs = pending.PendingCloudwatchLogsExports;
  const exported = new Set([...(found.EnabledCloudwatchLogsExports ?? []), ...(logs?.LogTypesToEnable ?? [])]);
  for (const log of logs?.LogTypesToDisable ?? []) exported.delete(log);
  return {
    ...versionTold(found),
    ...storageTold(found),
    instanceClass: pending.DBInstanceClass ?? found.DBInstanceClass ?? '',
    securityGroupIds: (found.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId),
    parameterGroupName: found.DBParameterGroups?.[0]?.DBParameterGroupName ?? '',
    publiclyAccessible: found.PubliclyAccessible ?? false,
    autoMinorVersionUpgrade: found.AutoMinorVersionUpgrade ?? false,
    copyTagsToSnapshot: found.CopyTagsToSnapshot ?? false,
    iamAuthentication: pending.IAMDatabaseAuthenticationEnabled ?? found.IAMDatabaseAuthenticationEnabled ?? false,
    performanceInsights: found.PerformanceInsightsEnabled ?? false,
    logExports: [...exported],
    maintenanceWindow: found.PreferredMaintenanceWindow,
    deletionProtection: found.DeletionProtection ?? false,
    running: found.DBInstanceStatus !== 'stopped',
  };
}

/** Known once AWS has made it; where it answers, only while it does: not while it is stopped, restarted or changed. */
export function outputsOf(found: DBInstance): Partial<ServerOutputs> {
  const { Address, Port } = found.Endpoint ?? {};
  return {
    instanceName: found.DBInstanceIdentifier,
    runs: found.EngineVersion,
    iops: found.Iops,
    arn: found.DBInstanceArn,
    ...(Address === undefined ? {} : { endpoint: Address, port: String(Port) }),
    ...(isServing(found) ? { servingEndpoint: Address } : {}),
  };
}

/** Of an instance: its resource id is never used again, its name may be. */
export const foundOf = <P, O>(found: DBInstance, props: Partial<P>, outputs: Partial<O>): Found<P, O> => ({
  id: found.DbiResourceId ?? '',
  key: found.DBInstanceIdentifier,
  owner: ownerFromTags(tagsFromPairs(found.TagList)),
  state: stateOf(found),
  props,
  outputs,
  failedChanges: upgradeGivenUp(found),
  ...(found.InstanceCreateTime ? { bornAt: found.InstanceCreateTime.getTime() } : {}),
});
