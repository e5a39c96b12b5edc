import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, type TagMap, type TagPair } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { backupFilters, snapshotFilters } from './filters.ts';
import {
  automatedBackups,
  identifier,
  instanceOf,
  instances,
  marked,
  notFound,
  snapshots,
  subnetGroups,
  type AutomatedBackup,
  type Instance,
  type Marked,
  type Snapshot,
} from './kinds.ts';

const told = (one: Snapshot, request: Request) => ({
  DBSnapshotIdentifier: one.name,
  DBSnapshotArn: one.arn,
  DBInstanceIdentifier: one.instanceName,
  DbiResourceId: one.of.resourceId,
  SnapshotType: one.type,
  Status: one.status,
  PercentProgress: one.status === 'available' ? 100 : 0,
  SnapshotCreateTime: one.status === 'available' ? new Date(one.createdAt) : undefined,
  Engine: one.of.engine,
  EngineVersion: one.of.settings.EngineVersion,
  AllocatedStorage: one.of.settings.AllocatedStorage,
  Port: one.of.port,
  AvailabilityZone: one.of.zone,
  VpcId: request.in(subnetGroups).get(one.of.subnetGroup)?.vpcId,
  MasterUsername: one.of.masterUsername,
  StorageType: one.of.settings.StorageType,
  Encrypted: one.of.encrypted,
  KmsKeyId: one.of.kmsKeyId,
  IAMDatabaseAuthenticationEnabled: one.of.settings.IAMDatabaseAuthenticationEnabled,
  TagList: toTagPairs(one.tags),
});

/** Begins a manual snapshot of what the instance holds at this moment. */
export function takeSnapshot(request: Request, of: Instance, given: string, tags: TagMap): Snapshot {
  const name = identifier('DBSnapshotIdentifier', given, 255);
  const all = request.in(snapshots);
  if (all.get(name))
    throw new AwsError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because one with the identifier ${name} already exists.`,
    );
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
  const quota = ['Manual DB snapshots', 100, all.all().length, 'SnapshotQuotaExceeded'] as const;
  request.withinQuota(...quota, 'Cannot create more than 100 manual snapshots');
  const made = all.put(name, {
    name,
    arn: request.arn(`snapshot:${name}`),
    instanceName: of.name,
    type: 'manual',
    status: 'creating',
    createdAt: request.now,
    of,
    tags: of.settings.CopyTagsToSnapshot ? { ...of.tags, ...tags } : tags,
  });
  request.world.schedule(durations.databaseSnapshot, () => {
    if (all.get(name)?.status === 'creating') all.change(name, { status: 'available', createdAt: request.world.now() });
  });
  return made;
}

function create(
  input: { DBSnapshotIdentifier: string; DBInstanceIdentifier: string; Tags?: TagPair[] },
  request: Request,
) {
  const one = instanceOf(request, input.DBInstanceIdentifier);
  if (one.status !== 'available')
    throw new AwsError('InvalidDBInstanceState', `Database instance ${one.name} is not in available state.`);
  const made = takeSnapshot(request, one, input.DBSnapshotIdentifier, toTagMap(input.Tags));
  request.in(instances).change(one.name, { status: 'backing-up' });
  request.world.schedule(durations.databaseSnapshot, () => {
    if (request.in(instances).get(one.name)?.status === 'backing-up')
      request.in(instances).change(one.name, { status: 'available' });
  });
  return { DBSnapshot: told(made, request) };
}

interface Describe extends Marked {
  readonly DBInstanceIdentifier?: string;
  readonly DBSnapshotIdentifier?: string;
  readonly DbiResourceId?: string;
  readonly SnapshotType?: string;
}

function describe(input: Describe, request: Request) {
  const found = request
    .listed(snapshots)
    .filter(
      ({ name, instanceName, type, of }) =>
        (input.DBSnapshotIdentifier === undefined || input.DBSnapshotIdentifier.toLowerCase() === name) &&
        (input.DBInstanceIdentifier === undefined || input.DBInstanceIdentifier.toLowerCase() === instanceName) &&
        (input.DbiResourceId === undefined || input.DbiResourceId === of.resourceId) &&
        (input.SnapshotType === undefined || input.SnapshotType === type),
    );
  if (input.DBSnapshotIdentifier !== undefined && found.length === 0)
    throw notFound.snapshot(input.DBSnapshotIdentifier);
  const { items, next } = marked(request, found, input, snapshotFilters);
  return { DBSnapshots: items.map((one) => told(one, request)), Marker: next };
}

const backupTold = ({ arn, status, of }: AutomatedBackup) => ({
  DBInstanceAutomatedBackupsArn: arn,
  DBInstanceArn: of.arn,
  DbiResourceId: of.resourceId,
  DBInstanceIdentifier: of.name,
  Status: status,
  Engine: of.engine,
  EngineVersion: of.settings.EngineVersion,
  BackupRetentionPeriod: of.settings.BackupRetentionPeriod,
  Encrypted: of.encrypted,
  TagList: toTagPairs(of.tags),
});

export const snapshotOperations: Operations = {
  CreateDBSnapshot: create,
  DescribeDBSnapshots: describe,
  DeleteDBSnapshot: ({ DBSnapshotIdentifier }: { DBSnapshotIdentifier: string }, request) => {
    const found = request.in(snapshots).get(DBSnapshotIdentifier.toLowerCase());
    if (!found) throw notFound.snapshot(DBSnapshotIdentifier);
    if (found.status !== 'available')
      throw new AwsError('InvalidDBSnapshotState', `The snapshot ${found.name} is being created`);
    request.in(snapshots).remove(found.name);
    return { DBSnapshot: told(found, request) };
  },
  DescribeDBInstanceAutomatedBackups: (
    input: Marked & { DbiResourceId?: string; DBInstanceIdentifier?: string },
    request,
  ) => {
    const found = request
      .listed(automatedBackups)
      .filter(
        ({ of }) =>
          (input.DbiResourceId === undefined || input.DbiResourceId === of.resourceId) &&
          (input.DBInstanceIdentifier === undefined || input.DBInstanceIdentifier.toLowerCase() === of.name),
      );
    const { items, next } = marked(request, found, input, backupFilters);
    return { DBInstanceAutomatedBackups: items.map(backupTold), Marker: next };
  },
  DeleteDBInstanceAutomatedBackup: ({ DbiResourceId = '' }: { DbiResourceId?: string }, request) => {
    const found = request.in(automatedBackups).get(DbiResourceId);
    if (!found)
      throw new AwsError('DBInstanceAutomatedBackupNotFound', `There is no automated backup of ${DbiResourceId}`, 404);
    if (found.status === 'active')
      throw new AwsError(
        'InvalidDBInstanceAutomatedBackupState',
        'The automated backup of a live instance cannot be deleted',
      );
    request.in(automatedBackups).remove(DbiResourceId);
    return { DBInstanceAutomatedBackup: backupTold(found) };
  },
};
