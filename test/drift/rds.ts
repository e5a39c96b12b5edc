import { instance, passwordTag } from '../../operator/resources/rds/instance.ts';
import { parameterGroup } from '../../operator/resources/rds/parameter-group.ts';
import { readReplica } from '../../operator/resources/rds/read-replica.ts';
import { subnetGroup } from '../../operator/resources/rds/subnet-group.ts';
import { homeRegion } from '../../simulator/account.ts';
import { instances } from '../../simulator/aws/rds/kinds.ts';
import {
  driftsOf,
  fixedInAws,
  flag,
  notInAws,
  oneValue,
  refusedByAws,
  value,
  type Drift,
  type PropertyDrifts,
} from './drift.ts';
import type { Place } from './place.ts';

const nameOf = (place: Place, node: string): string => place.out(node, 'instanceName');
const groupOf = (place: Place): string => place.out('database/subnet-group', 'subnetGroupName');
const parametersOf = (place: Place): string => place.out('database/parameters', 'parameterGroupName');

type Change = Readonly<Record<string, unknown>>;

/** RDS takes some minutes for a change, and again for changing it back. */
const modified =
  (node: string) =>
  (what: string, change: Change | ((place: Place) => Change), more: Partial<Drift> = {}): Drift => ({
    what,
    make: async (place) => {
      await place.rds('ModifyDBInstance', {
        DBInstanceIdentifier: nameOf(place, node),
        ApplyImmediately: true,
        ...(typeof change === 'function' ? change(place) : change),
      });
      place.world.clock.advance(300_000);
      place.world.aws.world.settle();
    },
    awsMinutes: 10,
    ...more,
  });

const nowhere = (why: string): PropertyDrifts => {
  const cell = notInAws(why);
  return { changed: cell, removed: cell, extra: cell };
};

/** The log group that RDS makes for a log of the database. */
const logOf = (place: Place, node: string, log: string) => ({
  logGroupName: `/aws/rds/instance/${nameOf(place, node)}/${log}`,
});

/** What somebody does to an instance or a replica alike. */
function serverDrifts(node: string) {
  const by = modified(node);
  const tidies = (log: string) => ({
    tidy: (place: Place) => place.logs('DeleteLogGroup', logOf(place, node, log)),
  });
  // A log that is exported no more leaves its group behind, which may be given its retention meanwhile.
  const alsoExports = (log: string): Partial<Drift> => ({ ...tidies(log), writes: 2 });
  // A replica that does not answer meanwhile leaves the read name, and comes back into it.
  const interrupted = node === 'database/primary' ? {} : { writes: 3 };
  const groups = (...names: string[]) => ({
    VpcSecurityGroupIds: names,
  });
  return {
    engine: settled(
      refusedByAws('RDS refuses another engine', 'InvalidParameterCombination', (place) =>
        place.rds('ModifyDBInstance', { DBInstanceIdentifier: nameOf(place, node), Engine: 'mariadb' }),
      ),
    ),
    engineVersion: settled(
      refusedByAws('RDS goes back to no older version', 'InvalidParameterCombination', (place) =>
        place.rds('ModifyDBInstance', {
          DBInstanceIdentifier: nameOf(place, node),
          EngineVersion: '8.0',
          AllowMajorVersionUpgrade: true,
        }),
      ),
    ),
    allowMajorUpgrade: nowhere('it is told with an upgrade only'),
    storageGib: value(
      by('more of it', { AllocatedStorage: 100 }, { ends: 'left', why: 'RDS lets storage grow, and never shrink' }),
    ),
    maxStorageGib: value(by('another ceiling', { MaxAllocatedStorage: 4000 })),
    storageType: value(by('another type', { StorageType: 'gp2' }, interrupted)),
    instanceClass: value(by('a larger class', { DBInstanceClass: 'db.r6g.4xlarge' }, interrupted)),
    securityGroupIds: {
      changed: by('another group', (place) => groups(place.id('network/sg-app')), { exposes: true }),
      removed: notInAws('RDS takes no empty list'),
      extra: by('one more group', (place) => groups(...place.ids('network/sg-app', 'network/sg-data')), {
        exposes: true,
      }),
    },
    parameterGroupName: value(by('the default one', { DBParameterGroupName: 'default.mysql8.4' })),
    publiclyAccessible: flag(by('turned on', { PubliclyAccessible: true }, { exposes: true })),
    autoMinorVersionUpgrade: flag(by('turned off', { AutoMinorVersionUpgrade: false })),
    copyTagsToSnapshot: flag(by('turned off', { CopyTagsToSnapshot: false })),
    iamAuthentication: flag(by('turned off', { EnableIAMDatabaseAuthentication: false })),
    performanceInsights: flag(by('turned on', { EnablePerformanceInsights: true }, interrupted)),
    logExports: {
      changed: by(
        'another log',
        { CloudwatchLogsExportConfiguration: { EnableLogTypes: ['general'], DisableLogTypes: ['error'] } },
        alsoExports('general'),
      ),
      removed: by('no log', { CloudwatchLogsExportConfiguration: { DisableLogTypes: ['error', 'slowquery'] } }),
      extra: by(
        'one more log',
        { CloudwatchLogsExportConfiguration: { EnableLogTypes: ['audit'] } },
        alsoExports('audit'),
      ),
    },
    logRetentionDays: {
      changed: {
        what: 'a day for one of its logs',
        make: (place: Place) =>
          place.logs('PutRetentionPolicy', { ...logOf(place, node, 'error'), retentionInDays: 1 }),
      },
      removed: {
        what: 'for ever',
        make: async (place: Place) => {
          for (const log of ['error', 'slowquery']) await place.logs('DeleteRetentionPolicy', logOf(place, node, log));
        },
        writes: 2,
      },
      extra: {
        what: 'one more group below its name, for ever',
        make: (place: Place) => place.logs('CreateLogGroup', logOf(place, node, 'audit')),
        ...tidies('audit'),
      },
    },
    maintenanceWindow: value(by('another window', { PreferredMaintenanceWindow: 'mon:12:00-mon:13:00' })),
    running: flag({
      what: 'stopped',
      make: async (place) =>
        place.world.aws.world.collection(homeRegion, instances).change(nameOf(place, node), { status: 'stopped' }),
      awsMinutes: 10,
      ...interrupted,
    }),
  };
}

const primary = modified('database/primary');

/** The password is set once more, and the tag says so. */
const tagged = (what: string, make: (place: Place, arn: string) => Promise<unknown>): Drift => ({
  ...{ what, writes: 2, make: (place) => make(place, place.out('database/primary', 'arn')) },
});

export const databaseDrifts = driftsOf(instance, {
  in: 'mysql',
  node: 'database/primary',
  properties: {
    ...serverDrifts('database/primary'),
    applyImmediately: nowhere('it is told with a change only'),
    snapshotId: nowhere('it is told with a restore only'),
    subnetGroupName: settled(
      refusedByAws('RDS refuses another group of the same VPC', 'InvalidVPCNetworkStateFault', (place) =>
        place.rds('ModifyDBInstance', {
          DBInstanceIdentifier: nameOf(place, 'database/primary'),
          DBSubnetGroupName: groupOf(place),
        }),
      ),
    ),
    encrypted: nowhere('no call changes whether an instance is encrypted'),
    databaseName: nowhere('no call changes it'),
    masterUsername: nowhere('no call changes it'),
    // A tag says which secret the password was taken from. Whether it is still that one, RDS tells nobody.
    passwordSecretArn: {
      changed: tagged('the tag that names its secret names another', (place, ResourceName) =>
        place.rds('AddTagsToResource', { ResourceName, Tags: [{ Key: passwordTag, Value: 'arn:of:theirs' }] }),
      ),
      removed: tagged('the tag that names its secret taken away', (place, ResourceName) =>
        place.rds('RemoveTagsFromResource', { ResourceName, TagKeys: [passwordTag] }),
      ),
      extra: oneValue,
    },
    multiAz: flag(primary('the standby given up', { MultiAZ: false })),
    backupRetentionDays: value(primary('one day', { BackupRetentionPeriod: 1 })),
    backupWindow: value(primary('another window', { PreferredBackupWindow: '12:00-13:00' })),
    awsBackup: nowhere('it is told only: AWS Backup takes an instance into its care'),
    deletionProtection: flag(primary('turned off', { DeletionProtection: false })),
  },
  deleted: {
    what: 'not made anew, empty: people are told, and choose',
    ends: 'stalled',
    make: async (place) => {
      const [DBInstanceIdentifier, replica] = [nameOf(place, 'database/primary'), nameOf(place, 'database/replica-1')];
      await place.rds('DeleteDBInstance', { DBInstanceIdentifier: replica, SkipFinalSnapshot: true });
      await place.rds('ModifyDBInstance', { DBInstanceIdentifier, DeletionProtection: false, ApplyImmediately: true });
      await place.rds('DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true });
      place.world.clock.advance(600_000);
    },
    awsMinutes: 1,
    writes: 0,
  },
});

function settled(changed: PropertyDrifts['changed']): PropertyDrifts {
  const one = notInAws('it is one value, and AWS always has it');
  return { changed, removed: one, extra: one };
}

export const readReplicaDrifts = driftsOf(readReplica, {
  in: 'mysql',
  node: 'database/replica-1',
  properties: {
    ...serverDrifts('database/replica-1'),
    sourceName: nowhere('no call changes what a replica follows; one that is promoted is no replica any more'),
    availabilityZone: nowhere('given at birth; AWS moves it when a zone fails'),
    deletionProtection: flag(modified('database/replica-1')('turned on', { DeletionProtection: true })),
  },
  deleted: {
    what: 'made again from the primary',
    make: async (place) => {
      await place.rds('DeleteDBInstance', {
        DBInstanceIdentifier: nameOf(place, 'database/replica-1'),
        SkipFinalSnapshot: true,
      });
      place.world.clock.advance(600_000);
    },
    awsMinutes: 15,
    // The parameter that tells the application where it is follows; the read name lets go of it, and takes it in again.
    writes: 4,
  },
});

const set = (place: Place, ParameterName: string, ParameterValue: string) =>
  place.rds('ModifyDBParameterGroup', {
    DBParameterGroupName: parametersOf(place),
    Parameters: [{ ParameterName, ParameterValue, ApplyMethod: 'immediate' }],
  });

export const databaseParameterDrifts = driftsOf(parameterGroup, {
  in: 'mysql',
  node: 'database/parameters',
  properties: {
    family: fixedInAws('rds', 'DBParameterGroupName', 'DBParameterGroupFamily'),
    bornFamily: nowhere('it is told as the family'),
    description: nowhere('no call changes it'),
    parameters: {
      changed: {
        what: 'connections in the clear allowed',
        make: (place) => set(place, 'require_secure_transport', '0'),
      },
      removed: {
        what: "set back to the engine's own",
        make: (place) =>
          place.rds('ResetDBParameterGroup', { DBParameterGroupName: parametersOf(place), ResetAllParameters: true }),
      },
      extra: { what: 'another one set', make: (place) => set(place, 'wait_timeout', '10') },
    },
  },
  deleted: {
    what: 'AWS lets nobody delete it while the database uses it; without the database it is made again',
    ends: 'refused',
    code: 'InvalidDBParameterGroupState',
    make: (place) => place.rds('DeleteDBParameterGroup', { DBParameterGroupName: parametersOf(place) }),
    awsMinutes: 0,
    writes: 0,
  },
});

export const databaseSubnetGroupDrifts = driftsOf(subnetGroup, {
  in: 'mysql',
  node: 'database/subnet-group',
  properties: {
    subnetIds: {
      changed: {
        what: 'the app subnets instead',
        make: (place) =>
          place.rds('ModifyDBSubnetGroup', {
            DBSubnetGroupName: groupOf(place),
            SubnetIds: place.ids('network/app-a', 'network/app-b'),
          }),
      },
      removed: refusedByAws('AWS demands two zones', 'DBSubnetGroupDoesNotCoverEnoughAZs', (place) =>
        place.rds('ModifyDBSubnetGroup', {
          DBSubnetGroupName: groupOf(place),
          SubnetIds: [place.id('network/data-a')],
        }),
      ),
      extra: {
        what: 'a public subnet as well',
        make: (place) =>
          place.rds('ModifyDBSubnetGroup', {
            DBSubnetGroupName: groupOf(place),
            SubnetIds: place.ids('network/data-a', 'network/data-b', 'network/public-a'),
          }),
      },
    },
    description: {
      changed: {
        what: 'another text',
        make: (place) =>
          place.rds('ModifyDBSubnetGroup', {
            DBSubnetGroupName: groupOf(place),
            SubnetIds: place.ids('network/data-a', 'network/data-b'),
            DBSubnetGroupDescription: 'mine',
          }),
        ends: 'left',
        why: 'given at birth',
      },
      removed: notInAws('AWS always has one'),
      extra: notInAws('it is one value'),
    },
  },
  deleted: {
    what: 'AWS lets nobody delete it while the database uses it; without the database it is made again',
    ends: 'refused',
    code: 'InvalidDBSubnetGroupStateFault',
    make: (place) => place.rds('DeleteDBSubnetGroup', { DBSubnetGroupName: groupOf(place) }),
    awsMinutes: 0,
    writes: 0,
  },
});
