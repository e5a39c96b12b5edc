import { describe, expect, test } from 'vitest';
import { Fault } from '../../../operator/model/faults.ts';
import { tagKeys } from '../../../operator/model/identity.ts';
import { instance, type InstanceOutputs, type InstanceProps } from '../../../operator/resources/rds/instance.ts';
import { parameterGroup } from '../../../operator/resources/rds/parameter-group.ts';
import { readReplica, type ReadReplicaProps } from '../../../operator/resources/rds/read-replica.ts';
import { subnetGroup } from '../../../operator/resources/rds/subnet-group.ts';
import { isNewer, servesVersion } from '../../../operator/resources/rds/versions.ts';
import type { AnyResourceType, Found } from '../../../operator/model/resource-type.ts';
import { passwordIn } from '../../../operator/resources/secretsmanager/secret.ts';
import { instances, snapshots } from '../../../simulator/aws/rds/kinds.ts';
import { makeNetwork } from '../../support/simulated-network.ts';
import { Court, laws, region } from '../laws.ts';

const inThirdZone = async (court: Court, VpcId: string): Promise<string> => {
  const input = { VpcId, CidrBlock: '10.0.9.0/24', AvailabilityZone: `${region}c` };
  return (await court.other<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', input)).Subnet.SubnetId;
};

const otherGroup = async (court: Court): Promise<string> => {
  const { Vpcs } = await court.other<{ Vpcs: { VpcId: string; CidrBlock: string }[] }>('ec2', 'DescribeVpcs', {});
  const VpcId = Vpcs.find(({ CidrBlock }) => CidrBlock === '10.0.0.0/16')?.VpcId;
  const input = { GroupName: 'another', Description: 'another', VpcId };
  return (await court.other<{ GroupId: string }>('ec2', 'CreateSecurityGroup', input)).GroupId;
};

const otherParameters = async (court: Court): Promise<string> => {
  await court.other('rds', 'CreateDBParameterGroup', {
    DBParameterGroupName: 'another',
    DBParameterGroupFamily: 'postgres16',
    Description: 'another',
  });
  return 'another';
};

laws(subnetGroup, {
  ground: async (court) => ({
    subnetIds: [...(await makeNetwork(court.simulated)).subnetIds],
    description: 'for databases',
  }),
  live: {
    subnetIds: async ({ subnetIds }, court) => {
      const { Subnets } = await court.other<{ Subnets: { VpcId: string }[] }>('ec2', 'DescribeSubnets', {
        SubnetIds: subnetIds,
      });
      return [...subnetIds, await inThirdZone(court, Subnets[0]?.VpcId ?? '')];
    },
  },
  fixed: {},
  foreign: async (court, { subnetIds }) =>
    void (await court.other('rds', 'CreateDBSubnetGroup', {
      DBSubnetGroupName: court.birth().name,
      DBSubnetGroupDescription: 'theirs',
      SubnetIds: subnetIds,
    })),
});

laws(parameterGroup, {
  ground: async () => ({
    family: 'postgres16',
    parameters: { 'rds.force_ssl': '1', max_connections: '200' },
    description: 'for databases',
  }),
  live: { parameters: () => ({ 'rds.force_ssl': '1', work_mem: '64000' }) },
  writes: { parameters: 2 },
  fixed: { family: 'postgres17' },
  foreign: async (court) =>
    void (await court.other('rds', 'CreateDBParameterGroup', {
      DBParameterGroupName: court.birth().name,
      DBParameterGroupFamily: 'postgres16',
      Description: 'theirs',
    })),
});

describe('a parameter group', () => {
  const description = 'for databases';

  // https://github.com/hashicorp/terraform-provider-aws/pull/3182
  test.each(['postgres14', 'postgres16'])('keeps to TLS in %s, whether or not that is its default', async (family) => {
    const court = new Court(parameterGroup);
    const props = { family, parameters: { 'rds.force_ssl': '1', log_statement: 'none' }, description };
    await court.settle(props);
    const changes = court.cloud.writes().filter((call) => call.includes('ModifyDBParameterGroup'));
    expect(changes).toHaveLength(family === 'postgres14' ? 1 : 0);
    await court.other('rds', 'ModifyDBParameterGroup', {
      DBParameterGroupName: court.birth().name,
      Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: '0', ApplyMethod: 'immediate' }],
    });
    const [open] = await court.own(props);
    expect(court.decide(props, open)).toEqual({ do: 'update', fields: ['parameters'] });
    await court.settle(props);
  });

  test('takes a word for a switch, which AWS tells as 1 or 0', async () => {
    const court = new Court(parameterGroup);
    const parameters = { slow_query_log: 'ON', performance_schema: 'false', sql_mode: 'ANSI' };
    const found = await court.settle({ family: 'mysql8.4', parameters, description });
    expect(found.props).toMatchObject({ parameters: { slow_query_log: '1', performance_schema: '0' } });
    const [now] = await court.own({});
    const off = { family: 'mysql8.4', parameters: { ...parameters, slow_query_log: 'off' }, description };
    expect(court.decide(off, now)).toEqual({ do: 'update', fields: ['parameters'] });
  });
});

const makeSecret = async (court: Court): Promise<string> => {
  const SecretString = JSON.stringify({ username: 'shopadmin', password: 'made-up-by-a-test' });
  return (await court.other<{ ARN: string }>('secretsmanager', 'CreateSecret', { Name: 'password', SecretString })).ARN;
};

const server = {
  publiclyAccessible: false,
  autoMinorVersionUpgrade: true,
  copyTagsToSnapshot: true,
  iamAuthentication: true,
  performanceInsights: true,
  logExports: ['postgresql', 'upgrade'],
  logRetentionDays: { postgresql: 30, upgrade: 30 },
  maintenanceWindow: 'sun:03:00-sun:04:00',
  deletionProtection: true,
  running: true,
};

async function groundOfInstance(court: Court): Promise<InstanceProps> {
  const { subnetIds, appGroupId } = await makeNetwork(court.simulated);
  await court.other('rds', 'CreateDBSubnetGroup', {
    DBSubnetGroupName: 'data',
    DBSubnetGroupDescription: 'data',
    SubnetIds: subnetIds,
  });
  await court.other('rds', 'CreateDBParameterGroup', {
    DBParameterGroupName: 'ours',
    DBParameterGroupFamily: 'postgres16',
    Description: 'ours',
  });
  return {
    ...server,
    engine: 'postgres',
    engineVersion: '16',
    allowMajorUpgrade: false,
    instanceClass: 'db.m6g.large',
    subnetGroupName: 'data',
    parameterGroupName: 'ours',
    securityGroupIds: [appGroupId],
    storageGib: 50,
    maxStorageGib: 200,
    storageType: 'gp3',
    encrypted: true,
    multiAz: true,
    backupRetentionDays: 7,
    backupWindow: '01:00-02:00',
    databaseName: 'shop',
    masterUsername: 'shopadmin',
    passwordSecretArn: null,
    snapshotId: null,
    applyImmediately: true,
  };
}

const liveOfServer = {
  instanceClass: () => 'db.m6g.xlarge',
  securityGroupIds: async (_props: unknown, court: Court) => [await otherGroup(court)],
  parameterGroupName: async (_props: unknown, court: Court) => otherParameters(court),
  publiclyAccessible: () => true,
  autoMinorVersionUpgrade: () => false,
  copyTagsToSnapshot: () => false,
  iamAuthentication: () => false,
  performanceInsights: () => false,
  logExports: () => ['postgresql'],
  logRetentionDays: () => ({ postgresql: 30, upgrade: 7 }),
  maintenanceWindow: () => 'mon:03:00-mon:04:00',
  deletionProtection: () => false,
};

laws(instance, {
  ground: groundOfInstance,
  live: {
    ...liveOfServer,
    maxStorageGib: () => null,
    storageType: () => 'gp2',
    multiAz: () => false,
    backupRetentionDays: () => 14,
    backupWindow: () => '05:00-06:00',
    passwordSecretArn: (_props, court) => makeSecret(court),
  },
  // Which secret it was taken from, RDS does not tell: it stands in a tag.
  writes: { passwordSecretArn: 2 },
  // A version and a storage that were raised cannot be lowered again; and RDS is asked to start, never to stop.
  notDrifted: ['engineVersion', 'storageGib', 'running'],
  fixed: { engine: 'mysql', subnetGroupName: 'other', encrypted: false },
  foreign: async (court, { subnetGroupName }) =>
    void (await court.other('rds', 'CreateDBInstance', {
      DBInstanceIdentifier: court.birth().name,
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'theirs',
      ManageMasterUserPassword: true,
      DBSubnetGroupName: subnetGroupName,
    })),
});

async function groundOfReplica(court: Court): Promise<ReadReplicaProps> {
  const { securityGroupIds, parameterGroupName, subnetGroupName, instanceClass } = await groundOfInstance(court);
  await court.other('rds', 'CreateDBInstance', {
    DBInstanceIdentifier: 'source',
    DBInstanceClass: 'db.m6g.large',
    Engine: 'postgres',
    EngineVersion: '16.4',
    AllocatedStorage: 20,
    MasterUsername: 'shopadmin',
    MasterUserPassword: 'made-up-by-a-test',
    DBSubnetGroupName: subnetGroupName,
    VpcSecurityGroupIds: securityGroupIds,
    DBParameterGroupName: parameterGroupName,
    BackupRetentionPeriod: 7,
  });
  const sourceName = 'source';
  const storage = { storageGib: 20, maxStorageGib: 100, storageType: 'gp3' };
  const version = { engine: 'postgres', engineVersion: '16', allowMajorUpgrade: false };
  return {
    ...server,
    ...storage,
    ...version,
    sourceName,
    instanceClass,
    securityGroupIds,
    parameterGroupName,
    availabilityZone: `${region}b`,
  };
}

laws(readReplica, {
  ground: groundOfReplica,
  live: {
    ...liveOfServer,
    engineVersion: () => '16.9',
    storageGib: () => 30,
    maxStorageGib: () => 200,
    storageType: () => 'gp2',
  },
  // What was begun stands in a tag.
  writes: { engineVersion: 2 },
  notDrifted: ['running'],
  fixed: { sourceName: 'another' },
});

describe('a read replica', () => {
  test('for which its zone has no room is made where RDS has some', async () => {
    const court = new Court(readReplica);
    const props = await groundOfReplica(court);
    court.clock.advance(20 * 60_000);
    const operation = 'CreateDBInstanceReadReplica';
    const error = { code: 'InsufficientDBInstanceCapacity', status: 400 };
    court.simulated.world.faults.add({ operation, error, count: 1 });
    await readReplica.create(court.aws, props, court.birth());
    expect(court.cloud.sent.filter((call) => call.operation === operation)).toHaveLength(2);
    const replicas = court.simulated.world.collection(region, instances).all();
    expect(replicas.filter(({ sourceName }) => sourceName === 'source')).toHaveLength(1);
    court.simulated.world.faults.add({ operation, error });
    await expect(readReplica.create(court.aws, props, court.birth('b'))).rejects.toMatchObject({ kind: 'capacity' });
  });
});

describe('a database', () => {
  async function built(
    props: Partial<InstanceProps> = {},
  ): Promise<{ court: Court; props: InstanceProps; found: Found }> {
    const court = new Court(instance);
    const wanted = { ...(await groundOfInstance(court)), ...props };
    return { court, props: wanted, found: await court.settle(wanted) };
  }
  /** What is left for later because RDS is at work on the rest is told as busy. */
  const settleInParts = (court: Court, props: InstanceProps): Promise<Found> =>
    court.settle(props).catch((fault: unknown) => {
      expect(fault).toMatchObject({ kind: 'busy' });
      court.clock.advance(600_000);
      return court.settle(props);
    });
  const update = async (court: Court, found: Found, props: InstanceProps, field: keyof InstanceProps) =>
    court.type.update(court.aws, found, props, new Set([field]));

  test('is at no instant publicly accessible, and tells no secret', async () => {
    const { court, found } = await built();
    const exposed = court.simulated.world.ledger.exposures().map(({ what }) => what);
    expect(exposed.filter((what) => !what.includes('(alb) tcp/443'))).toEqual([]);
    expect(found.outputs).toMatchObject({ secretArn: expect.stringContaining(':secret:rds!db-') as unknown });
    const secretArn = (found.outputs as Partial<InstanceOutputs>).secretArn ?? '';
    expect(JSON.stringify(found)).not.toContain(await passwordIn(court.aws, secretArn));
    expect(masterPassword(court)).toBeUndefined();
  });

  const masterPassword = (court: Court) =>
    court.simulated.world.collection(region, instances).get(court.birth().name)?.masterPassword;

  test('takes its password from a secret of ours, and tells which, not what', async () => {
    const { court, props, found } = await built();
    const wanted = { ...props, passwordSecretArn: await makeSecret(court) };
    await court.settle(wanted);
    expect(masterPassword(court)).toBe('made-up-by-a-test');
    const [now] = await court.own(wanted);
    expect(now?.outputs).not.toHaveProperty('secretArn');
    expect(JSON.stringify([found, now])).not.toContain('made-up-by-a-test');
    // RDS made no replica before, and makes one now.
    await court.other('rds', 'CreateDBInstanceReadReplica', {
      ...{ DBInstanceIdentifier: 'reader', SourceDBInstanceIdentifier: court.birth().name },
    });
    await expect(update(court, now as Found, props, 'passwordSecretArn')).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('has it from its first moment, or once it is restored', async () => {
    const { court, found, props } = await built({ deletionProtection: false });
    const takes = { ...props, passwordSecretArn: await makeSecret(court) };
    await court.other('rds', 'CreateDBSnapshot', {
      ...{ DBInstanceIdentifier: court.birth().name, DBSnapshotIdentifier: 'before' },
    });
    court.clock.advance(600_000);
    for (const wanted of [takes, { ...takes, snapshotId: 'before' }]) {
      const [standing = found] = await court.own(wanted);
      await court.type.delete(court.aws, standing);
      court.clock.advance(600_000);
      await court.type.create(court.aws, wanted, court.birth());
      expect(masterPassword(court)).toBe(wanted.snapshotId === null ? 'made-up-by-a-test' : undefined);
      court.clock.advance(1_800_000);
      await settleInParts(court, wanted);
      expect(masterPassword(court)).toBe('made-up-by-a-test');
    }
  });

  test('is given to RDS to keep once it is restored, where RDS is to keep it', async () => {
    const { court, found, props } = await built({ deletionProtection: false });
    await court.other('rds', 'CreateDBSnapshot', {
      ...{ DBInstanceIdentifier: court.birth().name, DBSnapshotIdentifier: 'before' },
    });
    court.clock.advance(600_000);
    await court.type.delete(court.aws, found);
    court.clock.advance(600_000);
    const wanted = { ...props, snapshotId: 'before' };
    await court.type.create(court.aws, wanted, court.birth());
    court.clock.advance(1_800_000);
    const secretArn = expect.stringContaining('secret:rds!') as string;
    expect(await settleInParts(court, wanted)).toMatchObject({ outputs: { secretArn } });
  });

  test.each([
    ['another namespace', { 'ecom.io/store': 'tenants/acme' }],
    ['nobody of ours', {}],
    ['a store whose namespace begins alike', { 'ecom.io/store': 'shops-2/acme' }],
  ])('is restored from no snapshot of %s, until somebody lets it in', async (_whose, tags: object) => {
    const { court, found, props } = await built({ deletionProtection: false });
    const DBSnapshotIdentifier = 'theirs';
    await court.other('rds', 'CreateDBSnapshot', {
      ...{ DBInstanceIdentifier: court.birth().name, DBSnapshotIdentifier },
    });
    const of = court.simulated.world.collection(region, snapshots);
    of.change(DBSnapshotIdentifier, { tags: { ...tags } });
    court.clock.advance(600_000);
    await court.type.delete(court.aws, found);
    court.clock.advance(600_000);
    const wanted = { ...props, snapshotId: DBSnapshotIdentifier };
    const restored = () => court.type.create(court.aws, wanted, court.birth());
    const field = 'spec.database.restoreSnapshotId';
    await expect(restored()).rejects.toMatchObject({ kind: 'rejected', facts: { field } });
    const ResourceName = of.get(DBSnapshotIdentifier)?.arn;
    const Tags = [{ Key: 'ecom.io/store', Value: 'shops/let-in' }];
    await court.other('rds', 'AddTagsToResource', { ResourceName, Tags });
    await restored();
  });

  test('says which secret it cannot take one from', async () => {
    const { court, props } = await built();
    for (const SecretString of ['no JSON', '{"username":"shopadmin"}', '{"password":""}', 'null']) {
      const { ARN } = await court.other<{ ARN: string }>('secretsmanager', 'CreateSecret', {
        ...{ Name: `bad-${SecretString.length}`, SecretString },
      });
      await expect(court.type.create(court.aws, { ...props, passwordSecretArn: ARN }, court.birth())).rejects.toThrow(
        `the secret ${ARN} holds no password`,
      );
    }
  });

  test('what waits for its window is not asked for again', async () => {
    const { court, props, found } = await built({ applyImmediately: false });
    const wanted = { ...props, instanceClass: 'db.m6g.xlarge' };
    await update(court, found, wanted, 'instanceClass');
    const [now] = await court.own(wanted);
    expect(court.decide(wanted, now)).toEqual({ do: 'nothing' });
  });

  const waits = (court: Court) => court.simulated.world.collection(region, instances).get(court.birth().name)?.pending;

  test('what waits for its window is taken back, and all else waits for the next one', async () => {
    const { court, props } = await built({ applyImmediately: false });
    await court.settle({ ...props, multiAz: false, instanceClass: 'db.m6g.xlarge' });
    expect(waits(court)).toEqual({ MultiAZ: false, DBInstanceClass: 'db.m6g.xlarge' });
    const found = await court.settle({ ...props, backupRetentionDays: 9 });
    expect(found.props).toMatchObject({ multiAz: true, instanceClass: props.instanceClass, backupRetentionDays: 9 });
    expect(waits(court)).toEqual({});
  });

  test('what waits for its window is not taken back where something else would be had at once for it', async () => {
    const { court, props } = await built({ applyImmediately: false });
    const larger = { ...props, instanceClass: 'db.m6g.xlarge' };
    await court.settle({ ...larger, multiAz: false });
    const [now] = await court.own(larger);
    const both = new Set<keyof InstanceProps>(['multiAz', 'backupWindow']);
    const wanted = { ...larger, backupWindow: '01:00-01:30' };
    await expect(court.type.update(court.aws, now as Found, wanted, both)).rejects.toMatchObject({
      kind: 'rejected',
      facts: { field: 'spec.database.applyImmediately' },
    });
    expect(waits(court)).toEqual({ MultiAZ: false, DBInstanceClass: 'db.m6g.xlarge' });
    const [then] = await court.own(wanted);
    expect(then?.props).toMatchObject({ multiAz: false, backupWindow: '01:00-01:30' });
    const settled = await court.settle({ ...wanted, applyImmediately: true });
    expect(settled.props).toMatchObject({ multiAz: true });
  });

  test('a window that RDS refuses holds up nothing else', async () => {
    const { court, props } = await built();
    const wanted = { ...props, multiAz: !props.multiAz, backupWindow: '03:00-03:30' };
    const [now] = await court.own(wanted);
    const both = new Set<keyof InstanceProps>(['multiAz', 'backupWindow']);
    await expect(court.type.update(court.aws, now as Found, wanted, both)).rejects.toThrow('must not overlap');
    court.clock.advance(3_600_000);
    expect((await court.own(wanted))[0]?.props).toMatchObject({ multiAz: wanted.multiAz });
  });

  // https://github.com/crossplane-contrib/provider-aws/issues/1356
  test.each([35, 1])(
    'backups that AWS Backup keeps for %i days hold up nothing else, and people hear',
    async (days) => {
      const { court, props } = await built();
      const of = court.simulated.world.collection(region, instances);
      const one = of.get(court.birth().name);
      if (!one) throw new Error('there is no database');
      const settings = { ...one.settings, BackupRetentionPeriod: days, PreferredBackupWindow: '05:00-06:00' };
      const recoveryPointArn = `arn:aws:backup:${region}:111122223333:recovery-point:continuous:db-1`;
      of.change(one.name, { settings, recoveryPointArn });
      const refused = court.other('rds', 'ModifyDBInstance', {
        ...{ DBInstanceIdentifier: one.name, BackupRetentionPeriod: 7 },
      });
      await expect(refused).rejects.toThrow(`it only with the current value ${days}`);
      const message = expect.stringContaining(`for ${days} days`) as unknown;
      const [now] = await court.own(props);
      expect(now?.state).toEqual({ is: 'ready', notice: { reason: 'BackedUpByAwsBackup', message } });
      expect(court.decide(props, now)).toEqual({ do: 'nothing' });
      const larger = { ...props, instanceClass: 'db.m6g.xlarge' };
      expect((await court.settle(larger)).props).toMatchObject({ instanceClass: 'db.m6g.xlarge' });
    },
  );

  test('storage that has grown by itself is left alone', async () => {
    const { court, props } = await built();
    await court.other('rds', 'ModifyDBInstance', {
      DBInstanceIdentifier: court.birth().name,
      AllocatedStorage: 80,
      ApplyImmediately: true,
    });
    court.clock.advance(600_000);
    const [now] = await court.own(props);
    expect(court.decide(props, now)).toEqual({ do: 'nothing' });
  });

  test.each<[string, Partial<InstanceProps>, Partial<InstanceProps>]>([
    ['another version', { engineVersion: '16.9' }, { engineVersion: '16.9' }],
    ['backups', { backupRetentionDays: 21 }, { backupRetentionDays: 21 }],
    ['how long logs are kept', { logRetentionDays: { postgresql: 7, upgrade: 7 } }, {}],
    ['a version that may not be', { engineVersion: '17', backupRetentionDays: 21 }, { backupRetentionDays: 21 }],
  ])('storage that RDS does not change yet holds up nothing else: %s', async (_what, beside, done) => {
    const { court, props } = await built({ engineVersion: '16.4' });
    const rest = 6 * 3_600_000;
    const DBInstanceIdentifier = court.birth().name;
    const of = court.simulated.world.collection(region, instances);
    of.change(DBInstanceIdentifier, { storageRestsUntil: court.clock.now() + rest });
    const wanted = { ...props, ...beside, storageGib: 80 };
    const write = async (): Promise<unknown> => {
      const [now] = await court.own(wanted);
      const decision = court.decide(wanted, now);
      if (!now || decision.do !== 'update') throw new Error(`decided to ${decision.do}`);
      const fault: unknown = await court.type
        .update(court.aws, now, wanted, new Set(decision.fields))
        .catch((error: unknown) => error);
      court.clock.advance(600_000);
      return fault;
    };
    expect(await write()).toBeInstanceOf(Fault);
    const logRetentionDays = wanted.logRetentionDays;
    expect((await court.own(wanted))[0]?.props).toMatchObject({ ...done, logRetentionDays, storageGib: 50 });
    const storage = court.other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, AllocatedStorage: 80 });
    await expect(storage).rejects.toThrow('being optimized');
    court.clock.advance(rest);
    await write();
    expect((await court.own(wanted))[0]?.props).toMatchObject({ ...done, logRetentionDays, storageGib: 80 });
  });

  test('nor does what RDS refuses of the rest hold up its storage', async () => {
    const { court, props, found } = await built();
    const wanted = { ...props, storageGib: 80, engineVersion: '16.99' };
    const fields = new Set(['engineVersion', 'storageGib'] as const);
    await expect(court.type.update(court.aws, found, wanted, fields)).rejects.toMatchObject({ kind: 'rejected' });
    court.clock.advance(600_000);
    expect((await court.own(wanted))[0]?.props).toMatchObject({ storageGib: 80 });
  });

  test.each([
    [50, 100, 3000],
    [50, 500, 12_000],
    [500, 600, 12_000],
  ])('storage of %i GiB grows to %i, and is as fast as AWS makes it', async (storageGib, wanted, iops) => {
    const { court, props } = await built({ storageGib, maxStorageGib: 1000 });
    expect((await court.settle({ ...props, storageGib: wanted })).outputs).toMatchObject({ iops });
  });

  test('storage for which somebody has bought speed grows, and keeps it', async () => {
    const { court, props } = await built({ storageGib: 500, maxStorageGib: 1000 });
    await court.other('rds', 'ModifyDBInstance', {
      ...{ DBInstanceIdentifier: court.birth().name, ApplyImmediately: true },
      ...{ AllocatedStorage: 500, Iops: 16_000 },
    });
    court.clock.advance(600_000);
    const found = await court.settle({ ...props, storageGib: 600 });
    expect(found).toMatchObject({ props: { storageGib: 600 }, outputs: { iops: 16_000 } });
  });

  test('storage of any size becomes of another type, and of gp3 again', async () => {
    const { court, props } = await built({ storageGib: 50, maxStorageGib: 1000, storageType: 'gp2' });
    await court.settle({ ...props, storageType: 'gp3' });
    await court.settle({ ...props, storageGib: 500, storageType: 'gp2' });
    await court.settle({ ...props, storageType: 'gp3' });
    await court.settle({ ...props, storageType: 'gp2' });
    await court.settle({ ...props, storageGib: 600, storageType: 'gp3' });
  });

  test('is not taken to another major version unless that was asked for', async () => {
    const { court, props, found } = await built();
    const wanted = { ...props, engineVersion: '17' };
    await expect(update(court, found, wanted, 'engineVersion')).rejects.toMatchObject({ kind: 'refused' });
  });

  test.each([false, true])('one that has a newer version stays there, and no snapshot is taken: %s', async (allows) => {
    const { court, props } = await built();
    const of = court.simulated.world.collection(region, instances);
    const { settings } = of.get(court.birth().name) ?? {};
    if (!settings) throw new Error('there is no database');
    of.change(court.birth().name, {
      settings: { ...settings, EngineVersion: '17.4', parameterGroup: 'default.postgres17' },
    });
    const wanted = { ...props, allowMajorUpgrade: allows };
    const [newer] = await court.own(wanted);
    const decision = court.decide(wanted, newer);
    if (!newer || decision.do !== 'update') throw new Error(`decided to ${decision.do}`);
    const facts = { field: 'spec.database.version', remedy: 'set version to "17"' };
    const writes = court.cloud.writes().length;
    await expect(court.type.update(court.aws, newer, wanted, new Set(decision.fields))).rejects.toMatchObject({
      ...{ kind: 'refused', facts },
    });
    expect(court.cloud.writes().slice(writes)).toEqual([]);
  });

  test('what must not be upgraded is closed all the same when somebody has opened it', async () => {
    const { court, props } = await built();
    await court.other('rds', 'ModifyDBInstance', {
      ...{ DBInstanceIdentifier: court.birth().name, PubliclyAccessible: true, ApplyImmediately: true },
    });
    court.clock.advance(600_000);
    const wanted = { ...props, engineVersion: '17', parameterGroupName: 'of-17' };
    const [open] = await court.own(wanted);
    if (!open) throw new Error('the database is not told');
    const fields = new Set(['engineVersion', 'parameterGroupName', 'publiclyAccessible'] as const);
    await expect(court.type.update(court.aws, open, wanted, fields)).rejects.toMatchObject({ kind: 'refused' });
    court.clock.advance(600_000);
    expect((await court.own(wanted))[0]?.props).toMatchObject({ publiclyAccessible: false, engineVersion: '16.9' });
  });

  test('what AWS refuses of it keeps nothing open that somebody has opened', async () => {
    const { court, props, found } = await built();
    const DBInstanceIdentifier = court.birth().name;
    await court.other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, PubliclyAccessible: true });
    court.clock.advance(600_000);
    const wanted = { ...props, engineVersion: '16.99' };
    const fields = new Set(['engineVersion', 'publiclyAccessible'] as const);
    await expect(court.type.update(court.aws, found, wanted, fields)).rejects.toThrow('ModifyDBInstance');
    court.clock.advance(600_000);
    expect((await court.own(wanted))[0]?.props).toMatchObject({ publiclyAccessible: false });
  });

  test('a major upgrade that was asked for comes after a whole snapshot', async () => {
    const { court, props, found } = await built();
    await court.other('rds', 'CreateDBParameterGroup', {
      DBParameterGroupName: 'newer',
      DBParameterGroupFamily: 'postgres17',
      Description: 'newer',
    });
    const wanted = { ...props, engineVersion: '17', allowMajorUpgrade: true, parameterGroupName: 'newer' };
    const both = async (one: Found) =>
      court.type.update(court.aws, one, wanted, new Set(['engineVersion', 'parameterGroupName']));
    await expect(both(found)).rejects.toMatchObject({ kind: 'busy' });
    await expect(both(found)).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(600_000);
    await both(found);
    court.clock.advance(600_000);
    const [now] = await court.own(wanted);
    expect(now?.props).toMatchObject({ engineVersion: '17.4', parameterGroupName: 'newer' });
    const [snapshot, ...others] = court.simulated.world.ledger.existing({ type: 'rds/snapshot' });
    expect(others).toEqual([]);
    // The operator's role makes nothing without the first; by the second it is found.
    expect(snapshot?.tags).toMatchObject({ [tagKeys.installation]: 'default', [tagKeys.retained]: 'true' });
  });

  describe('a major upgrade that AWS refuses', () => {
    const denial = { service: 'rds', operation: 'ModifyDBInstance', error: 'deny' } as const;
    async function refused() {
      const { court, props, found } = await built();
      const newer = { DBParameterGroupName: 'newer', DBParameterGroupFamily: 'postgres17', Description: 'newer' };
      await court.other('rds', 'CreateDBParameterGroup', newer);
      const wanted = { ...props, engineVersion: '17', allowMajorUpgrade: true, parameterGroupName: 'newer' };
      const attempt = async (version = '17') =>
        court.type.update(
          court.aws,
          found,
          { ...wanted, engineVersion: version },
          new Set(['engineVersion', 'parameterGroupName']),
        );
      await expect(attempt()).rejects.toMatchObject({ kind: 'busy' });
      court.clock.advance(600_000);
      court.simulated.world.faults.add(denial);
      const taken = () => court.simulated.world.ledger.existing({ type: 'rds/snapshot' });
      const now = async () => (await court.own(wanted))[0];
      return { court, attempt, taken, now };
    }

    test('is tried again with the snapshot of that day', async () => {
      const { court, attempt, taken, now } = await refused();
      for (let hours = 0; hours < 20; hours += 4) {
        await expect(attempt()).rejects.toMatchObject({ kind: 'denied' });
        court.clock.advance(4 * 3_600_000);
      }
      court.simulated.world.faults.remove(denial);
      await attempt();
      court.clock.advance(600_000);
      expect(await now()).toMatchObject({ outputs: { runs: '17.4' } });
      expect(taken()).toHaveLength(1);
    });

    // One a day was taken, up to the limit of the account.
    test('has no other snapshot taken until people say that it was mended', async () => {
      const { court, attempt, taken, now } = await refused();
      await expect(attempt()).rejects.toMatchObject({ kind: 'denied' });
      const name = taken()[0]?.id ?? '';
      for (let days = 0; days < 5; days++) {
        court.clock.advance(24 * 3_600_000);
        const facts = { field: 'spec.database.version', remedy: expect.stringContaining(name) as string };
        await expect(attempt()).rejects.toMatchObject({
          ...{ kind: 'refused', facts },
          message: expect.stringMatching(`${name} .*rds:ModifyDBInstance`) as string,
        });
      }
      expect(taken().map(({ id }) => id)).toEqual([name]);
      court.simulated.world.faults.remove(denial);
      await court.other('rds', 'DeleteDBSnapshot', { DBSnapshotIdentifier: name });
      await expect(attempt()).rejects.toMatchObject({ kind: 'busy' });
      court.clock.advance(600_000);
      await attempt();
      court.clock.advance(600_000);
      expect(await now()).toMatchObject({ outputs: { runs: '17.4' } });
      expect(taken()).toHaveLength(1);
    });

    test('says nothing of the upgrade to another version', async () => {
      const { court, attempt, taken } = await refused();
      await expect(attempt()).rejects.toMatchObject({ kind: 'denied' });
      court.clock.advance(2 * 24 * 3_600_000);
      await expect(attempt('17.2')).rejects.toMatchObject({ kind: 'busy' });
      expect(taken()).toHaveLength(2);
    });
  });

  test('a major upgrade that RDS has no way to is refused before its snapshot', async () => {
    const { court, props, found } = await built();
    const wanted = { ...props, engineVersion: '17.3', allowMajorUpgrade: true };
    const writes = court.cloud.writes().length;
    await expect(update(court, found, wanted, 'engineVersion')).rejects.toMatchObject({
      ...{ kind: 'refused', message: 'RDS has no upgrade of postgres from 16.9 to 17.3' },
      facts: { field: 'spec.database.version', remedy: 'set version to one of 17.2, 17.4, or back to "16"' },
    });
    expect(court.cloud.writes().slice(writes)).toEqual([]);
  });

  test('an upgrade that RDS begins and gives up is begun once, and holds up nothing else', async () => {
    const { court, props, found } = await built();
    const newer = { DBParameterGroupName: 'newer', DBParameterGroupFamily: 'postgres17', Description: 'newer' };
    await court.other('rds', 'CreateDBParameterGroup', newer);
    court.simulated.world.collection(region, instances).change(court.birth().name, { givesUpUpgrades: true });
    const wanted = { ...props, engineVersion: '17', allowMajorUpgrade: true, parameterGroupName: 'newer' };
    const both = async (one: Found) =>
      court.type.update(court.aws, one, wanted, new Set(['engineVersion', 'parameterGroupName']));
    await expect(both(found)).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(600_000);
    await both(found);
    // It is at work on it, whatever the tag says.
    expect((await court.own(wanted))[0]?.failedChanges).toEqual([]);
    court.clock.advance(600_000);
    const [now] = await court.own(wanted);
    expect(now).toMatchObject({ outputs: { runs: '16.9' }, props: { parameterGroupName: 'ours' } });
    const fields = ['engineVersion', 'parameterGroupName'];
    const reason = expect.stringContaining('from 16.9 to 17 and gave it up') as unknown;
    expect(court.decide(wanted, now)).toEqual({ do: 'refuse', fields, reason, tried: true });
    const beside = { ...wanted, backupRetentionDays: 21 };
    expect(court.decide(beside, now)).toEqual({ do: 'update', fields: ['backupRetentionDays'] });
    // Another version is another upgrade, and none is as good as done.
    expect(court.decide({ ...wanted, engineVersion: '17.2' }, now)).toMatchObject({ fields: ['engineVersion'] });
    expect(court.decide(props, now)).toEqual({ do: 'nothing' });
  });

  test('a major upgrade waits for no window, as its parameters cannot; a minor one does', async () => {
    const { court, props } = await built({ engineVersion: '16.4', applyImmediately: false });
    const newer = { DBParameterGroupName: 'newer', DBParameterGroupFamily: 'postgres17', Description: 'newer' };
    await court.other('rds', 'CreateDBParameterGroup', newer);
    const [now] = await court.own(props);
    await update(court, now as Found, { ...props, engineVersion: '16.9' }, 'engineVersion');
    court.clock.advance(600_000);
    expect((await court.own(props))[0]).toMatchObject({ props: { engineVersion: '16.9' }, outputs: { runs: '16.4' } });
    const major = { ...props, engineVersion: '17', allowMajorUpgrade: true, parameterGroupName: 'newer' };
    await expect(court.settle(major)).rejects.toMatchObject({ kind: 'busy' }); // The snapshot.
    court.clock.advance(600_000);
    await court.settle(major);
    expect((await court.own(major))[0]).toMatchObject({
      props: { parameterGroupName: 'newer' },
      outputs: { runs: '17.4' },
    });
  });

  test('takes another class after the version that may be needed for it', async () => {
    const { court, props } = await built({ engineVersion: '16.4' });
    const wanted = { ...props, engineVersion: '16.9', instanceClass: 'db.m6g.xlarge' };
    const fields = new Set(['engineVersion', 'instanceClass'] as const);
    const [now] = await court.own(props);
    await expect(court.type.update(court.aws, now as Found, wanted, fields)).rejects.toMatchObject({ kind: 'busy' });
    expect((await court.own(wanted))[0]?.props).toMatchObject({ engineVersion: '16.9', instanceClass: 'db.m6g.large' });
    court.clock.advance(600_000);
    expect((await court.settle(wanted)).props).toMatchObject({ instanceClass: 'db.m6g.xlarge' });
  });

  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
  test.each([
    ['storage-full', 0, 'storage.maxGib'],
    ['insufficient-capacity', 3_600_000, 'spec.database.instanceClass'],
    ['incompatible-parameters', 0, 'aws rds reboot-db-instance'],
    ['incompatible-network', 0, 'aws rds start-db-instance'],
    ['inaccessible-encryption-credentials-recoverable', 0, 'KMS key'],
  ])('one that is %s waits for people, is not replaced, and its drift heals', async (status, after, what) => {
    const { court, props } = await built();
    court.simulated.world.collection(region, instances).change(court.birth().name, { status });
    const [now] = await court.own(props);
    const remedy = expect.stringContaining(what) as unknown;
    expect(now?.state).toEqual({ is: 'changing', reason: `RDS calls it ${status}`, overdue: { after, remedy } });
    expect(now?.outputs).not.toHaveProperty('servingEndpoint');
    expect(court.decide(props, now)).toMatchObject({ do: 'wait' });
    expect(court.decide({ ...props, backupRetentionDays: 21 }, now)).toMatchObject({ do: 'update' });
  });

  test.each(['failed', 'inaccessible-encryption-credentials', 'incompatible-restore'])(
    'one that is %s comes back by nothing',
    async (status) => {
      const { court, props } = await built();
      court.simulated.world.collection(region, instances).change(court.birth().name, { status });
      expect((await court.own(props))[0]?.state).toMatchObject({ is: 'failed' });
    },
  );

  test('one that somebody has stopped is started', async () => {
    const { court, props } = await built();
    court.simulated.world.collection(region, instances).change(court.birth().name, { status: 'stopped' });
    const [stopped] = await court.own(props);
    expect(court.decide(props, stopped)).toEqual({ do: 'update', fields: ['running'] });
    await court.settle(props);
  });

  test('leaves its automated backups when it is deleted, unless it is told not to', async () => {
    for (const backups of ['keep', 'delete'] as const) {
      const { court, found } = await built();
      await court.type.delete(court.aws, found, backups);
      court.clock.advance(600_000);
      await court.own({});
      const kept = court.simulated.world.ledger.existing({ type: 'rds/automated-backup' });
      expect(kept).toHaveLength(backups === 'keep' ? 1 : 0);
    }
  });

  test('a failover moves it to another zone, and is no drift', async () => {
    const { court, props } = await built();
    await court.other('rds', 'RebootDBInstance', { DBInstanceIdentifier: court.birth().name, ForceFailover: true });
    court.clock.advance(600_000);
    const [now] = await court.own(props);
    expect(court.decide(props, now)).toEqual({ do: 'nothing' });
  });
});

// "The parameter group change will be applied after the DB instance reboots."
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBParameterGroupStatus.html
test.each([
  ['a database', instance, groundOfInstance],
  ['a replica', readReplica, groundOfReplica],
] as const)('%s says that parameters wait for its reboot, until there was one', async (_what, type, ground) => {
  const court = new Court(type as AnyResourceType);
  const props = await ground(court);
  court.clock.advance(1_800_000);
  const { state, outputs } = await court.settle(props);
  expect(state).toEqual({ is: 'ready' });
  const set = async (ParameterName: string, ParameterValue: string, ApplyMethod: string) => {
    await court.other('rds', 'ModifyDBParameterGroup', {
      DBParameterGroupName: 'ours',
      Parameters: [{ ParameterName, ParameterValue, ApplyMethod }],
    });
    return (await court.settle(props)).state;
  };
  expect(await set('work_mem', '64000', 'immediate')).toEqual({ is: 'ready' });
  const { instanceName: DBInstanceIdentifier = '' } = outputs as Partial<InstanceOutputs>;
  const message = expect.stringContaining(`--db-instance-identifier ${DBInstanceIdentifier}`) as unknown;
  const waits = { is: 'ready', notice: { reason: 'ParametersAwaitReboot', message } };
  expect(await set('max_connections', '200', 'pending-reboot')).toEqual(waits);
  await court.other('rds', 'RebootDBInstance', { DBInstanceIdentifier });
  court.clock.advance(600_000);
  expect((await court.settle(props)).state).toEqual({ is: 'ready' });
  // A static one that was set before waits for nothing when another is set.
  expect(await set('work_mem', '32000', 'immediate')).toEqual({ is: 'ready' });
});

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
test.each([
  [20, { storageGib: 20, maxStorageGib: 100 }],
  [95, { storageGib: 95, maxStorageGib: null }],
  [110, { storageGib: 110, maxStorageGib: null }],
])('a replica of a database that has grown to %i of 100 GiB is made', async (storageGib, found) => {
  const court = new Court(readReplica);
  const props = await groundOfReplica(court);
  court.clock.advance(1_800_000);
  const of = court.simulated.world.collection(region, instances);
  const settings = of.get('source')?.settings;
  if (!settings) throw new Error('there is no source');
  of.change('source', { settings: { ...settings, AllocatedStorage: storageGib } });
  expect((await court.settle(props)).props).toMatchObject(found);
});

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Monitoring.html
test.each([
  ['error', { is: 'changing', overdue: { after: 600_000 } }, 'wait'],
  ['terminated', { is: 'failed' }, 'replace'],
])('a replica whose replication is in %s serves nobody, and people hear why', async (status, state, does) => {
  const court = new Court(readReplica);
  const props = await groundOfReplica(court);
  court.clock.advance(1_800_000);
  expect((await court.settle(props)).outputs).toHaveProperty('servingEndpoint');
  const lagging = { status, message: 'a table is missing' };
  court.simulated.world.collection(region, instances).change(court.birth().name, { lagging });
  const [now] = await court.own(props);
  expect(now?.state).toMatchObject({ ...state, reason: `RDS calls its replication ${status}: a table is missing` });
  expect(now?.outputs).not.toHaveProperty('servingEndpoint');
  expect(court.decide(props, now).do).toBe(does);
});

test.each([
  ['16', '16.9', true],
  ['16', '17.2', false],
  ['16.3', '16.9', true],
  ['16.9', '16.3', false],
  ['16.3', '17.3', false],
  ['8.0', '8.0.41', true],
  ['8.0', '8.4.3', false],
  ['8.0.39', '8.0.41', true],
  ['10.11.9', '11.4.4', false],
])('version %s is served by %s: %s', (wanted, found, serves) => expect(servesVersion(wanted, found)).toBe(serves));

test.each([
  ['16', '17.4', true],
  ['16', '16.9', false],
  ['16', '15.12', false],
  ['16.4', '16.3', false],
  ['16.9', '17.2', true],
  ['17.2', '16.9', false],
  ['8.0', '8.4.3', true],
  ['8.4', '8.0.41', false],
])('where %s is wanted, %s is newer: %s', (wanted, found, newer) => expect(isNewer(wanted, found)).toBe(newer));
