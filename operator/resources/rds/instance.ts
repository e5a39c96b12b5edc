import type { DBInstance, Filter } from '@aws-sdk/client-rds';
import { Fault, faultOf, orAbsent } from '../../model/faults.ts';
import { ownerTags, tagKeys, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Birth, Found, ResourceType, Snapshot } from '../../model/resource-type.ts';
import { retentionsTold } from './exported-logs.ts';
import {
  foundOf,
  isAwsBackups,
  membersOf,
  outputsOf,
  serverChanges,
  serverDetailed,
  serverFields,
  serverTold,
  writeServer,
  type ServerOutputs,
  type ServerProps,
} from './instance-found.ts';
import { passwordIn } from '../secretsmanager/secret.ts';
import { noteRefusal, snapshotNamed, snapshotOf, snapshotOfToday, snapshotsKept, snapshotsNamed } from './snapshots.ts';
import { retagResource } from './tags.ts';
import { forbidden, isMajor, takesReplicasAlong, unreachable, upgradeTags, type Upgrade } from './upgrade.ts';
import { majorOf, servesVersion } from './versions.ts';
import { notAlone, takenBack, waitingOf } from './waiting.ts';

/** The database that is written to. */
export interface InstanceProps extends ServerProps {
  readonly subnetGroupName: string;
  readonly encrypted: boolean;
  readonly multiAz: boolean;
  readonly backupRetentionDays: number;
  readonly backupWindow?: string;
  /** Only told: AWS Backup keeps its backups. */
  readonly awsBackup?: boolean;
  readonly databaseName: string;
  readonly masterUsername: string;
  /**
   * The secret that the password is taken from. Null: RDS makes one up, keeps it in a secret of its own and changes it
   * every week, and nobody here ever reads it; but then RDS makes no read replicas of the database.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
   */
  readonly passwordSecretArn: string | null;
  /** Restored from this snapshot at birth; null for an empty one. */
  readonly snapshotId: string | null;
  /** What would wait for the maintenance window is made at once; parameters that need a reboot wait for one either way. */
  readonly applyImmediately: boolean;
}

export interface InstanceOutputs extends ServerOutputs {
  /** Its read replicas: by name, those in other regions by ARN. */
  readonly replicaNames: readonly string[];
  /** The secret of RDS's own, where it has one. */
  readonly secretArn: string;
  /** Where another value waits for the maintenance window: what the database has until then. */
  readonly waiting: Readonly<Record<string, unknown>>;
}

/** RDS does not tell passwords: which secret one was taken from stands in this tag. Without it, it is set again. */
export const passwordTag = 'ecom.io/password-secret';

/** Nor which snapshot a database was restored from: of one that is kept, it says whether that is the one wanted. */
export const snapshotTag = 'ecom.io/restored-from';

/**
 * With a continuous backup AWS Backup sets how long backups are kept and when they begin, and RDS refuses any other value
 * of anybody's. https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html,
 * https://github.com/crossplane-contrib/provider-aws/issues/1356, https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2167
 */
const orAwsBackups = <T>(wanted: T, found: T, beside: object): boolean =>
  wanted === found || (beside as Partial<InstanceProps>).awsBackup === true;

type InstanceFound = Found<InstanceProps, InstanceOutputs>;

export const instance: ResourceType<InstanceProps, InstanceOutputs> = {
  name: 'rds/instance',
  fields: {
    applyImmediately: 'seed',
    subnetGroupName: 'fixed',
    encrypted: 'fixed',
    passwordSecretArn: 'live',
    databaseName: 'seed',
    masterUsername: 'seed',
    snapshotId: 'seed',
    ...serverFields,
    multiAz: 'live',
    backupRetentionDays: { mode: 'live', equal: orAwsBackups },
    backupWindow: { mode: 'live', equal: orAwsBackups },
    awsBackup: 'seed',
  },
  moves: { iops: ['storageType'] },
  needs: ['rds/subnet-group', 'rds/parameter-group', 'ec2/security-group', 'secretsmanager/secret'],
  replace: 'refuse',
  once: 'name',
  endedBy: 'DeleteDBInstance',
  key: (_props, name) => name,
  beat: 'exposure', // Whether it can be reached from outside is told by the same list.
  takes: { making: 300_000, deleting: 120_000 },
  scope: 'regional',
  closed: () => ({ publiclyAccessible: false }),

  async *list(aws) {
    for await (const page of instancesOf(aws)) yield page.filter((one) => !isReplica(one)).map(told);
  },

  named: async (aws, ids) => (await instancesById(aws, ids)).filter((one) => !isReplica(one)).map(told),

  detailed: serverDetailed,
  details: retentionsTold,

  async create(aws, props, birth) {
    if (props.snapshotId !== null) await checkSnapshot(aws, props.snapshotId, birth.owner);
    const answer = await (props.snapshotId === null
      ? aws.rds('CreateDBInstance', { ...born(props, birth), ...(await passwordAtBirth(aws, props, birth)) })
      : aws.rds('RestoreDBInstanceFromDBSnapshot', restored(props, birth, props.snapshotId)));
    return { ...told(answer.DBInstance ?? {}), owner: birth.owner };
  },

  update: async (aws, found, props, fields, stays = () => undefined) =>
    writeServer(
      aws,
      found,
      props,
      fields,
      () => upgradeOf(aws, found, props, stays),
      (modified, upgraded) => modify(aws, found, props, modified, upgraded),
    ),

  async delete(aws, found, backups) {
    const DBInstanceIdentifier = found.outputs.instanceName;
    // What is protected in AWS is protected until the engine has decided, by the policy, that it goes.
    await orAbsent(aws.rds('ModifyDBInstance', { DBInstanceIdentifier, DeletionProtection: false }));
    await orAbsent(
      aws.rds('DeleteDBInstance', {
        DBInstanceIdentifier,
        SkipFinalSnapshot: true,
        DeleteAutomatedBackups: backups === 'delete',
      }),
    );
  },

  data: {
    snapshot: async (aws, found, name, tags) => {
      // RDS takes snapshots only of what is available, and this never will be again.
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html
      if (found.state.is === 'failed' && !(await snapshotNamed(aws, name)))
        throw beyondSnapshots(found.id, found.state);
      return snapshotOf(aws, found, name, tags);
    },
    snapshots: snapshotsKept,
  },

  retag: async (aws, { outputs }, tags) => retagResource(aws, outputs.arn ?? '', tags),
};

const beyondSnapshots = (id: string, { reason }: { readonly reason: string }): Fault =>
  new Fault('rejected', `${id} is not deleted without a snapshot, and cannot have one: ${reason}`, {
    remedy:
      'if its data is wanted, restore its backups to a point in time beside the store (aws rds restore-db-instance-to-point-in-time); then take its deletion protection off and delete it in AWS, with its automated backups kept; docs/operating.md, "The database is lost", has what comes then',
  });

/** A replica that was promoted is one no more. */
export const isReplica = (one: DBInstance): boolean => Boolean(one.ReadReplicaSourceDBInstanceIdentifier);

export async function* instancesOf(aws: Aws, Filters?: Filter[]): AsyncGenerator<DBInstance[]> {
  const read = (Marker?: string) => aws.rds('DescribeDBInstances', { Filters, Marker });
  for await (const { DBInstances = [] } of pages(read, (answer) => answer.Marker)) yield DBInstances;
}

/** The instances of these ids, a page of them a call. What is gone is left out: a filter that fits nothing is no error. */
export async function instancesById(aws: Aws, ids: readonly string[]): Promise<DBInstance[]> {
  const found: DBInstance[] = [];
  for (const Values of batches(ids, 100))
    for await (const page of instancesOf(aws, [{ Name: 'dbi-resource-id', Values }])) found.push(...page);
  return found;
}

/**
 * Who may write stores in one namespace must not get the data of another by the name of a snapshot: what is restored is
 * tagged as of a store of the namespace. RDS copies the tags of our databases to their snapshots.
 */
async function checkSnapshot(aws: Aws, name: string, { namespace }: NodeOwner): Promise<void> {
  const snapshot = await snapshotNamed(aws, name);
  if (tagsFromPairs(snapshot?.TagList)[tagKeys.store]?.startsWith(`${namespace}/`)) return;
  throw new Fault('rejected', `there is no snapshot ${name} of a store of namespace ${namespace}`, {
    field: 'spec.database.restoreSnapshotId',
    remedy: `give the name of one; another snapshot of this account and region is let in by its tag ${tagKeys.store}, with a value that begins with ${namespace}/`,
  });
}

/** What creation and restoring are told alike. */
const common = (props: InstanceProps, birth: Birth) => ({
  DBInstanceIdentifier: birth.name,
  DBInstanceClass: props.instanceClass,
  DBSubnetGroupName: props.subnetGroupName,
  VpcSecurityGroupIds: [...props.securityGroupIds],
  DBParameterGroupName: props.parameterGroupName,
  MultiAZ: props.multiAz,
  PubliclyAccessible: props.publiclyAccessible,
  AutoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
  CopyTagsToSnapshot: props.copyTagsToSnapshot,
  EnableIAMDatabaseAuthentication: props.iamAuthentication,
  EnableCloudwatchLogsExports: [...props.logExports],
  DeletionProtection: props.deletionProtection,
  StorageType: props.storageType,
  BackupRetentionPeriod: props.backupRetentionDays,
  PreferredBackupWindow: props.backupWindow,
  Tags: tagPairs(birth.tags),
});

/** A restored database keeps the password of its snapshot until it is there; then it is changed. */
async function passwordAtBirth(aws: Aws, { passwordSecretArn }: InstanceProps, { tags }: Birth): Promise<object> {
  if (passwordSecretArn === null) return {};
  return {
    MasterUserPassword: await passwordIn(aws, passwordSecretArn),
    Tags: tagPairs({ ...tags, [passwordTag]: passwordSecretArn }),
  };
}

async function passwordChange(aws: Aws, found: InstanceFound, { passwordSecretArn }: InstanceProps): Promise<object> {
  if (passwordSecretArn === null) return { ManageMasterUserPassword: true };
  return {
    MasterUserPassword: await passwordIn(aws, passwordSecretArn),
    ...(found.props.passwordSecretArn === null ? { ManageMasterUserPassword: false } : {}),
  };
}

const born = (props: InstanceProps, birth: Birth) => ({
  ...common(props, birth),
  Engine: props.engine,
  EngineVersion: props.engineVersion,
  AllocatedStorage: props.storageGib,
  MaxAllocatedStorage: props.maxStorageGib ?? undefined,
  StorageEncrypted: props.encrypted,
  EnablePerformanceInsights: props.performanceInsights,
  PreferredMaintenanceWindow: props.maintenanceWindow,
  DBName: props.databaseName,
  MasterUsername: props.masterUsername,
  // Of the engines here it is said at birth and by a modification, not with a restore.
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
  ManageMasterUserPassword: props.passwordSecretArn === null,
});

/** A snapshot brings its engine, version, storage and users; what a restore cannot be told, an update adds. */
const restored = (props: InstanceProps, birth: Birth, DBSnapshotIdentifier: string) => ({
  ...common(props, birth),
  DBSnapshotIdentifier,
  Tags: tagPairs({ ...birth.tags, [snapshotTag]: DBSnapshotIdentifier }),
});

async function modify(
  aws: Aws,
  found: InstanceFound,
  props: InstanceProps,
  fields: ReadonlySet<keyof InstanceProps>,
  upgraded: object,
): Promise<void> {
  const setsPassword = fields.has('passwordSecretArn');
  const send = (change: object) =>
    aws.rds('ModifyDBInstance', {
      DBInstanceIdentifier: found.outputs.instanceName,
      ApplyImmediately: props.applyImmediately,
      ...change,
    });
  const { back, stays } = takenBack(found, props, fields);
  if (back.size > 0 && stays.length === 0) await send({ ...changesOf(found, props, back), ApplyImmediately: true });
  const rest = new Set([...fields].filter((field) => !back.has(field)));
  if (rest.size > 0) {
    const modified = send({
      ...(setsPassword ? await passwordChange(aws, found, props) : {}),
      ...changesOf(found, props, rest),
      ...upgraded,
    });
    await ('AllowMajorVersionUpgrade' in upgraded ? refusalNoted(aws, found, props, modified) : modified);
  }
  await retagResource(aws, found.outputs.arn ?? '', {
    ...(setsPassword ? { [passwordTag]: props.passwordSecretArn } : {}),
    ...upgradeTags(upgraded, props, fields),
  });
  if (back.size > 0 && stays.length > 0) throw notAlone([...back], stays);
}

/** What the snapshots are called that are taken before another major version. */
const prefixOf = ({ outputs }: InstanceFound, { engine, engineVersion }: InstanceProps): string =>
  `${outputs.instanceName}-before-${majorOf(engine, engineVersion).replaceAll('.', '-')}-`;

/** What AWS refuses now it may refuse for ever: a snapshot a day must not come of it. */
async function refusalNoted(
  aws: Aws,
  found: InstanceFound,
  props: InstanceProps,
  modified: Promise<unknown>,
): Promise<void> {
  const kinds = ['absent', 'busy', 'denied', 'quota', 'capacity', 'rejected', 'foreign', 'bug'] as const;
  const fault = await faultOf(modified, ...kinds);
  if (!fault) return;
  await noteRefusal(aws, found, prefixOf(found, props), props.engineVersion, fault);
  throw fault;
}

/**
 * To another major version only when that was asked for, and only with a whole snapshot: AWS cannot go back. `stays` is
 * told of it while it is taken and when it is whole, as the process that began it may have died before it said so.
 */
async function upgradeOf(
  aws: Aws,
  found: InstanceFound,
  props: InstanceProps,
  stays: (snapshot: Snapshot) => void,
): Promise<Upgrade> {
  const { engine, engineVersion: EngineVersion } = props;
  const has = found.props.engineVersion ?? EngineVersion;
  const first =
    forbidden(props, has) ??
    (await unreachable(aws, props, found.outputs.runs ?? has)) ??
    (takesReplicasAlong(props, has) ? undefined : await replicasFirst(aws, found, props));
  if (first) return first;
  if (!isMajor(props, has)) return { EngineVersion };
  // It outlives the store, whatever the policy, until somebody deletes it.
  const tags: Tags = { ...(found.owner ? ownerTags(found.owner) : {}), [tagKeys.retained]: 'true' };
  const why = `snapshot of ${found.id}, taken before its upgrade to ${engine} ${EngineVersion}`;
  const prefix = prefixOf(found, props);
  const taken = await snapshotsNamed(aws, found, prefix);
  for (const { DBSnapshotIdentifier: id = '' } of taken) stays({ id, why });
  const name = await snapshotOfToday(aws, found, taken, prefix, EngineVersion);
  if (name instanceof Fault) return name;
  const isWhole = (await snapshotOf(aws, found, name, tags)) !== undefined;
  if (!taken.some(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier === name)) stays({ id: name, why });
  if (!isWhole)
    return new Fault('busy', `the snapshot ${name} is being taken before the upgrade to ${engine} ${EngineVersion}`);
  // At once, as its parameters are: those of another version beside an upgrade that waits for its window are refused.
  // https://github.com/mitodl/ol-infrastructure/pull/2413
  return { EngineVersion, AllowMajorVersionUpgrade: true, ApplyImmediately: true };
}

/** Why the replicas of a database keep it from the version that is wanted. Of those in other regions AWS tells ARNs. */
async function replicasFirst(aws: Aws, { outputs }: InstanceFound, props: InstanceProps): Promise<Fault | undefined> {
  const Values = (outputs.replicaNames ?? []).filter((name) => !name.startsWith('arn:'));
  if (Values.length === 0) return undefined;
  const behind: DBInstance[] = [];
  for await (const page of instancesOf(aws, [{ Name: 'db-instance-id', Values }]))
    behind.push(...page.filter(({ EngineVersion = '' }) => !servesVersion(props.engineVersion, EngineVersion)));
  if (behind.length === 0) return undefined;
  const names = behind.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier).sort();
  return new Fault(
    'busy',
    `${props.engine} ${props.engineVersion} is taken by its read replicas first: ${names.join(', ')}`,
    {
      // One that nobody here wants any more is upgraded by nobody, and goes only once nothing else is under way.
      passing: behind.every(({ DBInstanceStatus }) => DBInstanceStatus === 'available'),
    },
  );
}

/** The members of a modification for the fields that differ. */
function changesOf(found: InstanceFound, props: InstanceProps, fields: ReadonlySet<keyof InstanceProps>): object {
  const own: { readonly [K in keyof InstanceProps]?: object } = {
    multiAz: { MultiAZ: props.multiAz },
    backupRetentionDays: { BackupRetentionPeriod: props.backupRetentionDays },
    backupWindow: { PreferredBackupWindow: props.backupWindow },
  };
  return {
    ...serverChanges(found, props, fields),
    ...membersOf(own, fields),
  };
}

function told(found: DBInstance): InstanceFound {
  const pending = found.PendingModifiedValues ?? {};
  const secretArn = found.MasterUserSecret?.SecretArn;
  const tags = tagsFromPairs(found.TagList);
  return foundOf<InstanceProps, InstanceOutputs>(
    found,
    {
      ...serverTold(found),
      subnetGroupName: found.DBSubnetGroup?.DBSubnetGroupName,
      encrypted: found.StorageEncrypted ?? false,
      multiAz: pending.MultiAZ ?? found.MultiAZ ?? false,
      backupRetentionDays: pending.BackupRetentionPeriod ?? found.BackupRetentionPeriod,
      backupWindow: found.PreferredBackupWindow,
      awsBackup: isAwsBackups(found),
      passwordSecretArn: secretArn === undefined ? tags[passwordTag] : null,
      databaseName: found.DBName,
      snapshotId: tags[snapshotTag] ?? null,
    },
    {
      ...outputsOf(found),
      replicaNames: found.ReadReplicaDBInstanceIdentifiers ?? [],
      waiting: waitingOf(found),
      ...(secretArn === undefined ? {} : { secretArn }),
    },
  );
}
