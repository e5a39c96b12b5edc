import { beforeEach, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { makeNetwork } from '../../../support/simulated-network.ts';

let aws: SimulatedAws;
let clock: VirtualClock;
const rds = (operation: string, input: object = {}) =>
  callsTo(aws, 'rds')(operation as never, input as never) as Promise<unknown> as Promise<Answer>;

interface Told {
  readonly DBInstanceIdentifier: string;
  readonly DbiResourceId: string;
  readonly Iops: number;
  readonly StorageThroughput: number;
}

interface Answer {
  readonly DBInstances: readonly Told[];
}

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  const { subnetIds } = await makeNetwork(aws);
  await rds('CreateDBSubnetGroup', {
    ...{ DBSubnetGroupName: 'shop', DBSubnetGroupDescription: 'shop', SubnetIds: [...subnetIds] },
  });
  for (const [DBInstanceIdentifier, AllocatedStorage] of [
    ['small', 50],
    ['large', 400],
  ] as const)
    await rds('CreateDBInstance', {
      ...{ DBInstanceIdentifier, AllocatedStorage, DBSubnetGroupName: 'shop', Engine: 'postgres' },
      ...{ DBInstanceClass: 'db.t4g.medium', StorageType: 'gp3' },
      ...{ MasterUsername: 'shop', ManageMasterUserPassword: true },
    });
});

const found = async (Name: string, value: string): Promise<string[]> => {
  const { DBInstances } = await rds('DescribeDBInstances', { Filters: [{ Name, Values: [value] }] });
  return DBInstances.map((one) => one.DBInstanceIdentifier);
};

test('an instance is found by what a filter says of it, and a filter that RDS does not have is refused', async () => {
  const { DBInstances } = await rds('DescribeDBInstances', { DBInstanceIdentifier: 'large' });
  expect(await found('dbi-resource-id', DBInstances[0]?.DbiResourceId ?? '')).toEqual(['large']);
  expect(await found('db-instance-id', 'small')).toEqual(['small']);
  expect(await found('engine', 'mysql')).toEqual([]);
  await expect(found('colour', 'red')).rejects.toMatchObject({ code: 'InvalidParameterValue' });
});

test('a list that has no filters refuses them all', async () => {
  const Filters = [{ Name: 'engine', Values: ['postgres'] }];
  await expect(rds('DescribeDBSubnetGroups', { Filters })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
});

test('a gp3 volume tells how fast it is: four times as fast from 400 GiB on', async () => {
  const { DBInstances } = await rds('DescribeDBInstances');
  const told = DBInstances.map((one) => [one.DBInstanceIdentifier, one.Iops, one.StorageThroughput]);
  expect(told.sort()).toEqual([
    ['large', 12_000, 500],
    ['small', 3000, 125],
  ]);
});

test('a restore cannot hand the password over to RDS: a modification does, once it is there', async () => {
  const DBSnapshotIdentifier = 'before';
  clock.advance(1_800_000);
  await rds('CreateDBSnapshot', { DBInstanceIdentifier: 'small', DBSnapshotIdentifier });
  clock.advance(1_800_000);
  const restored = { DBInstanceIdentifier: 'restored', DBSnapshotIdentifier, DBSubnetGroupName: 'shop' };
  await expect(
    rds('RestoreDBInstanceFromDBSnapshot', { ...restored, ManageMasterUserPassword: true }),
  ).rejects.toMatchObject({ code: 'InvalidParameterCombination' });
  await rds('RestoreDBInstanceFromDBSnapshot', restored);
  clock.advance(1_800_000);
  await rds('ModifyDBInstance', { DBInstanceIdentifier: 'restored', ManageMasterUserPassword: true });
});

test('a volume whose speed can be bought is changed by size and speed together, another by its size alone', async () => {
  clock.advance(1_800_000);
  const modify = async (DBInstanceIdentifier: string, change: object): Promise<Told | undefined> => {
    await rds('ModifyDBInstance', { DBInstanceIdentifier, ApplyImmediately: true, ...change });
    clock.advance(1_800_000);
    return (await rds('DescribeDBInstances', { DBInstanceIdentifier })).DBInstances[0];
  };
  const refused = (name: string, change: object, code = 'InvalidParameterCombination') =>
    expect(modify(name, change)).rejects.toMatchObject({ code });
  await refused('large', { AllocatedStorage: 500 });
  await refused('large', { Iops: 16_000 });
  await refused('large', { AllocatedStorage: 500, Iops: 3000 }, 'InvalidParameterValue');
  expect(await modify('large', { AllocatedStorage: 500, Iops: 16_000 })).toMatchObject({ Iops: 16_000 });
  await refused('small', { AllocatedStorage: 100, Iops: 3000 });
  expect(await modify('small', { AllocatedStorage: 100 })).toMatchObject({ Iops: 3000 });
  expect(await modify('small', { AllocatedStorage: 400 })).toMatchObject({ Iops: 12_000 });
  expect(await modify('small', { StorageType: 'gp2' })).not.toHaveProperty('Iops');
  await refused('small', { StorageType: 'gp3' });
  await modify('small', { StorageType: 'gp3', AllocatedStorage: 400, Iops: 12_000 });
});

const shop = {
  ...{ DBInstanceIdentifier: 'shop', AllocatedStorage: 20, DBSubnetGroupName: 'shop', Engine: 'postgres' },
  ...{ DBInstanceClass: 'db.t4g.medium', StorageType: 'gp3', MasterUsername: 'shop', ManageMasterUserPassword: true },
};

test('storage may grow by a tenth or more: that of 100 GiB to 110, and not to 109', async () => {
  const of = (AllocatedStorage: number, MaxAllocatedStorage: number) =>
    rds('CreateDBInstance', { ...shop, AllocatedStorage, MaxAllocatedStorage });
  await expect(of(100, 109)).rejects.toThrow('at least 10%');
  await of(100, 110);
});

test('a database is not named by a word that its engine reserves', async () => {
  await expect(rds('CreateDBInstance', { ...shop, DBName: 'select' })).rejects.toThrow('DBName select cannot be used');
});

test('windows are half an hour or longer, and do not overlap, whoever has chosen the other', async () => {
  const of = (PreferredBackupWindow: string, PreferredMaintenanceWindow: string) =>
    rds('CreateDBInstance', { ...shop, PreferredBackupWindow, PreferredMaintenanceWindow });
  await expect(of('02:00-02:10', 'sun:04:00-sun:05:00')).rejects.toThrow('Backup window must be at least 30 minutes');
  await expect(of('02:00-02:30', 'sun:04:00-sun:04:10')).rejects.toThrow('Maintenance window must be at least 30');
  await expect(of('02:00-03:00', 'sun:02:30-sun:03:30')).rejects.toThrow('must not overlap');
  clock.advance(1_800_000);
  const beside = { DBInstanceIdentifier: 'small', PreferredMaintenanceWindow: 'mon:23:00-mon:23:30' };
  await expect(rds('ModifyDBInstance', beside)).rejects.toThrow('must not overlap');
});
