import type {
  CreateDBInstanceReadReplicaCommandInput,
  CreateDBInstanceReadReplicaCommandOutput,
  DBInstance,
} from '@aws-sdk/client-rds';
import { asFault, Fault, orAbsent } from '../../model/faults.ts';
import { tagPairs } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { retentionsTold } from './exported-logs.ts';
import {
  foundOf,
  outputsOf,
  serverChanges,
  serverDetailed,
  serverFields,
  serverTold,
  writeServer,
  type ServerOutputs,
  type ServerProps,
} from './instance-found.ts';
import { hasGrownTo } from './storage.ts';
import { instancesById, instancesOf, isReplica } from './instance.ts';
import { retagResource } from './tags.ts';
import { forbidden, isMajor, takesReplicasAlong, unreachable, upgradeTags, type Upgrade } from './upgrade.ts';

/** A copy of the database that is only read from. It holds nothing of its own. */
export interface ReadReplicaProps extends ServerProps {
  /** The instance it follows, by name. */
  readonly sourceName: string;
  /** Given at birth: in which zone it lives; a failover of AWS's may move it. */
  readonly availabilityZone?: string;
}

type ReplicaFound = Found<ReadReplicaProps, ServerOutputs>;

export const readReplica: ResourceType<ReadReplicaProps, ServerOutputs> = {
  name: 'rds/read-replica',
  fields: {
    sourceName: 'fixed',
    availabilityZone: 'seed',
    ...serverFields,
    // It has that of its source.
    engine: 'seed',
  },
  // A source that goes first leaves its replicas behind as databases of their own, under their names and with our tags.
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
  moves: { runs: ['engineVersion'], iops: ['storageType'] },
  needs: ['rds/instance', 'rds/parameter-group', 'ec2/security-group'],
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteDBInstance',
  key: (_props, name) => name,
  beat: 'exposure',
  takes: { making: 240_000, deleting: 120_000 },
  scope: 'regional',
  closed: () => ({ publiclyAccessible: false }),

  listedWith: 'rds/instance',

  async *list(aws) {
    for await (const page of instancesOf(aws)) yield page.filter(isReplica).map(told);
  },

  named: async (aws, ids) => (await instancesById(aws, ids)).filter(isReplica).map(told),

  detailed: serverDetailed,
  details: retentionsTold,

  async create(aws, props, birth) {
    const input = {
      DBInstanceIdentifier: birth.name,
      SourceDBInstanceIdentifier: props.sourceName,
      DBInstanceClass: props.instanceClass,
      // As large as its source by itself, which may have grown.
      StorageType: props.storageType,
      MaxAllocatedStorage: await limitAtBirth(aws, props),
      VpcSecurityGroupIds: [...props.securityGroupIds],
      // No parameter group: RDS takes one for replicas in other regions only, and uses that of the source.
      // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
      PubliclyAccessible: props.publiclyAccessible,
      AutoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
      CopyTagsToSnapshot: props.copyTagsToSnapshot,
      EnableIAMDatabaseAuthentication: props.iamAuthentication,
      EnablePerformanceInsights: props.performanceInsights,
      EnableCloudwatchLogsExports: [...props.logExports],
      DeletionProtection: props.deletionProtection,
      Tags: tagPairs(birth.tags),
    };
    const { DBInstance: made } = await madeWhereThereIsRoom(aws, input, props.availabilityZone);
    return { ...told(made ?? {}), owner: birth.owner };
  },

  update: async (aws, found, props, fields) =>
    writeServer(
      aws,
      found,
      props,
      fields,
      () => upgradeOf(aws, found, props),
      async (modified, upgraded) => {
        await aws.rds('ModifyDBInstance', {
          DBInstanceIdentifier: found.outputs.instanceName,
          // A replica serves reads only, and there are others: nobody waits for its window.
          ApplyImmediately: true,
          ...serverChanges(found, props, modified),
          ...upgraded,
        });
        await retagResource(aws, found.outputs.arn ?? '', upgradeTags(upgraded, props, modified));
      },
    ),

  async delete(aws, found) {
    const DBInstanceIdentifier = found.outputs.instanceName;
    if (found.props.deletionProtection !== false)
      await orAbsent(aws.rds('ModifyDBInstance', { DBInstanceIdentifier, DeletionProtection: false }));
    await orAbsent(aws.rds('DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true }));
  },
};

/**
 * In that zone; where RDS has no room for its class there, in one that RDS chooses: in whichever zone, it serves. RDS
 * refuses before it makes anything.
 * https://docs.aws.amazon.com/neptune/latest/userguide/insufficientDBInstancesAvailable.html
 */
async function madeWhereThereIsRoom(
  aws: Aws,
  input: Omit<CreateDBInstanceReadReplicaCommandInput, 'AvailabilityZone'>,
  AvailabilityZone: string | undefined,
): Promise<CreateDBInstanceReadReplicaCommandOutput> {
  try {
    return await aws.rds('CreateDBInstanceReadReplica', { ...input, AvailabilityZone });
  } catch (error) {
    if (AvailabilityZone === undefined || asFault(error).kind !== 'capacity') throw error;
    return aws.rds('CreateDBInstanceReadReplica', input);
  }
}

/** It begins as large as its source, which may have grown up to where RDS takes no such limit any more. */
async function limitAtBirth(aws: Aws, { sourceName, maxStorageGib }: ReadReplicaProps): Promise<number | undefined> {
  if (maxStorageGib === null) return undefined;
  const answer = await aws.rds('DescribeDBInstances', { DBInstanceIdentifier: sourceName });
  return hasGrownTo(maxStorageGib, answer.DBInstances?.[0]?.AllocatedStorage ?? 0) ? undefined : maxStorageGib;
}

async function upgradeOf(aws: Aws, found: ReplicaFound, props: ReadReplicaProps): Promise<Upgrade> {
  const { engine, engineVersion: EngineVersion } = props;
  const has = found.props.engineVersion ?? EngineVersion;
  const first = forbidden(props, has) ?? (await unreachable(aws, props, found.outputs.runs ?? has));
  if (first) return first;
  if (takesReplicasAlong(props, has))
    return new Fault('busy', `AWS takes it to ${engine} ${EngineVersion} together with ${props.sourceName}`);
  return { EngineVersion, ...(isMajor(props, has) ? { AllowMajorVersionUpgrade: true } : {}) };
}

const told = (found: DBInstance): ReplicaFound =>
  foundOf<ReadReplicaProps, ServerOutputs>(
    found,
    { ...serverTold(found), sourceName: found.ReadReplicaSourceDBInstanceIdentifier },
    outputsOf(found),
  );
