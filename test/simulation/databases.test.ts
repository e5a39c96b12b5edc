import { describe, expect, test } from 'vitest';
import { forgive } from '../../operator/engine/order.ts';
import { reconcile, teardown } from '../../operator/engine/reconcile.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { upgradeTag } from '../../operator/resources/rds/upgrade.ts';
import { instances } from '../../simulator/aws/rds/kinds.ts';
import { homeRegion } from '../../simulator/account.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';
import { otherAccount } from '../support/other-account.ts';
import { letsRead } from '../support/secret-policy.ts';

const file = 'examples/mysql.yaml';
type Deletion = 'Retain' | 'Snapshot' | 'Delete';

const withPolicy =
  (deletion: Deletion) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({ ...spec, policy: { ...spec.policy, deletion } });

async function built(deletion: Deletion = 'Retain') {
  const world = new VirtualWorld();
  const store = world.add(file, withPolicy(deletion));
  await world.settle(store);
  return { world, store };
}

const typesOf = (world: VirtualWorld): string[] =>
  world
    .existing()
    .map(({ type }) => type)
    .sort();
const kept = [
  'ec2/security-group',
  'ec2/subnet',
  'ec2/subnet',
  'ec2/vpc',
  'rds/instance',
  'rds/parameter-group',
  'rds/subnet-group',
  'secretsmanager/secret',
];

/** The password of the primary, and what lies in the secret that the application is told of. */
async function passwords(world: VirtualWorld, store: VirtualStore) {
  const primary = world.aws.world
    .collection(homeRegion, instances)
    .all()
    .find(({ sourceName }) => sourceName === undefined);
  const told = await world.other<{ Parameter: { Value: string } }>('ssm', 'GetParameter', {
    Name: world.idOf(store, 'database/parameter-database-secret-arn'),
  });
  const SecretId = told.Parameter.Value;
  const value = await world.other<{ SecretString: string }>('secretsmanager', 'GetSecretValue', { SecretId });
  const { password } = JSON.parse(value.SecretString) as { password: string };
  return { set: primary?.masterPassword, isManaged: primary?.secretArn === SecretId, password };
}

const day = 24 * 60 * 60_000;

async function untilSnapshots(world: VirtualWorld, store: VirtualStore, count: number): Promise<void> {
  for (let i = 0; world.existing('rds/snapshot').length < count && i < 1_000; i++) {
    await world.pass(store);
    world.clock.advance(10_000);
  }
}

describe('a store with a database', () => {
  test('is never publicly accessible, and its replica lives in another zone than its primary', async () => {
    const { world } = await built();
    expect(world.ledger.exposures().filter(({ what }) => what.includes('database'))).toEqual([]);
    const all = world.aws.world.collection(homeRegion, instances).all();
    const [primary, replica] = ['primary', 'replica'].map((what) => all.find(({ name }) => name.includes(what)));
    expect(replica?.sourceName).toBe(primary?.name);
    expect(replica?.zone).not.toBe(primary?.zone);
  });

  test('gets back a replica that somebody deletes, and tells the application of it', async () => {
    const { world, store } = await built();
    const lost = world.idOf(store, 'database/replica-1');
    const name = world.aws.world
      .collection(homeRegion, instances)
      .all()
      .find((one) => one.resourceId === lost)?.name;
    await world.other('rds', 'DeleteDBInstance', { DBInstanceIdentifier: name, SkipFinalSnapshot: true });
    world.clock.advance(600_000);
    await world.settle(store);
    expect(world.idOf(store, 'database/replica-1')).not.toBe(lost);
    expect(world.existing('rds/instance')).toHaveLength(2);
  });

  // RDS makes no read replicas of a database whose password it keeps itself.
  test('has a password of RDS’s own without read replicas, and of a secret of the store’s with them', async () => {
    const world = new VirtualWorld();
    type Database = Partial<NonNullable<EcomStoreManifestSpec['database']>>;
    const like = (database: Database) => (spec: EcomStoreManifestSpec) => ({
      ...spec,
      database: { ...spec.database, ...database },
    });
    const store = world.add(file, like({ readReplicas: 0 }));
    await world.settle(store);
    expect(await passwords(world, store)).toMatchObject({ set: undefined, isManaged: true });
    const id = world.idOf(store, 'database/primary');
    const steps: readonly (readonly [Database, number])[] = [
      [{ readReplicas: 2 }, 2],
      [{ readReplicas: 0, masterSecret: 'store' }, 0],
      [{ readReplicas: 0 }, 0],
      [{ readReplicas: 1 }, 1],
    ];
    for (const [database, count] of steps) {
      store.spec = world.add(file, like(database)).spec;
      await world.settle(store);
      expect(world.idOf(store, 'database/primary')).toBe(id);
      expect(world.existing('rds/instance')).toHaveLength(1 + count);
      const isOurs = count > 0 || database.masterSecret === 'store';
      expect(world.existing('secretsmanager/secret')).toHaveLength(isOurs ? 1 : 0);
      const { set, isManaged, password } = await passwords(world, store);
      expect([isManaged, set]).toEqual(isOurs ? [false, password] : [true, undefined]);
    }
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test('waits for no reboot with the parameters it is born with, and says so of later ones, Ready all the while', async () => {
    const world = new VirtualWorld();
    const withStatic = (value: string) => (spec: EcomStoreManifestSpec) => ({
      ...spec,
      database: { ...spec.database, parameters: { performance_schema: value } },
    });
    const store = world.add(file, withStatic('1'));
    const said = async () => {
      await world.settle(store);
      expect(await world.leftAlone(store)).toEqual([]);
      const { nodes } = await world.pass(store);
      return nodes.filter(({ type }) => /^rds.(instance|read-replica)$/.test(type)).map(({ reason }) => reason);
    };
    expect(await said()).toEqual(['UpToDate', 'UpToDate']);
    store.spec = world.add(file, withStatic('0')).spec;
    expect(await said()).toEqual(['ParametersAwaitReboot', 'ParametersAwaitReboot']);
  });

  const versionsIn = (world: VirtualWorld): string[] =>
    world.aws.world
      .collection(homeRegion, instances)
      .all()
      .map(({ settings }) => `${settings.EngineVersion} ${settings.parameterGroup.slice(0, 8)}`);

  // RDS wants the replicas first, but for major versions of PostgreSQL, to which it takes them itself.
  test.each([
    ['postgres', '16.4', '16.9', false],
    ['postgres', '16.9', '17.4', true],
    ['mysql', '8.0.40', '8.0.41', false],
    ['mysql', '8.0.41', '8.4.4', true],
    ['mariadb', '10.11.10', '11.4.4', true],
  ] as const)('comes with its replicas from %s %s to %s', async (engine, from, to, allowMajorUpgrade) => {
    const world = new VirtualWorld();
    const at = (version: string, readReplicas: number) => (spec: EcomStoreManifestSpec) => ({
      ...spec,
      database: {
        ...spec.database,
        ...{ engine, version, readReplicas, allowMajorUpgrade, applyImmediately: true, parameters: {} },
      },
    });
    const store = world.add(file, at(from, 2));
    await world.settle(store);
    const [group] = world.existing('rds/parameter-group');
    const ids = world.existing('rds/instance').map(({ id }) => id);
    store.spec = world.add(file, at(to, 2)).spec;
    expect(await world.stallsOf(store)).toEqual([]);
    expect(new Set(versionsIn(world)).size).toBe(1);
    expect(versionsIn(world)[0]).toMatch(`${to} `);
    expect(world.existing('rds/instance').map(({ id }) => id)).toEqual(ids);
    expect(world.existing('rds/parameter-group').map(({ id }) => id === group?.id)).toEqual([!allowMajorUpgrade]);
    expect(await world.leftAlone(store)).toEqual([]);
  });

  // AWS deletes no parameter group that an instance names: it was asked to every minute.
  test('to whom another version is refused keeps its parameters, and is told once what else has changed', async () => {
    const world = new VirtualWorld();
    const like =
      (version: string, logRetentionDays: 30 | 60 | 90, allowMajorUpgrade = false) =>
      (spec: EcomStoreManifestSpec) => ({
        ...spec,
        database: { ...spec.database, version, allowMajorUpgrade, parameters: {}, readReplicas: 0 },
        monitoring: { ...spec.monitoring, logRetentionDays },
      });
    const store = world.add(file, like('8.0', 30));
    await world.settle(store);
    const [group] = world.existing('rds/parameter-group');
    const before = world.cloud.sent.length;
    const minutes = async (count: number): Promise<void> => {
      for (let minute = 0; minute < count; minute++) {
        await world.pass(store);
        world.clock.advance(60_000);
      }
    };
    const stalled = (): string[] =>
      [...(store.last?.nodes ?? []), ...(store.last?.leaving ?? [])]
        .filter(({ standing }) => standing === 'stalled')
        .map(({ node, reason }) => `${node} ${reason}`);
    store.spec = world.add(file, like('8.4', 60)).spec;
    await minutes(20);
    expect(stalled()).toEqual(['database/primary Refused']);
    const written = world.cloud.sent.slice(before).filter(({ write }) => write);
    const kept = written.filter(({ operation }) => operation === 'PutRetentionPolicy');
    expect(kept).toHaveLength(world.ledger.existing({ type: 'logs/group' }).length);
    // Allowed, begun and given up by RDS, as its tag says.
    const [primary] = world.aws.world.collection(homeRegion, instances).all();
    const Tags = [{ Key: upgradeTag, Value: `8.4 ${world.idOf(store, 'database/parameters').split(':pg:')[1]}` }];
    await world.other('rds', 'AddTagsToResource', { ResourceName: primary?.arn, Tags });
    store.spec = world.add(file, like('8.4', 60, true)).spec;
    forgive(store.memory); // As whenever the user changes the store.
    await minutes(5);
    expect(stalled()).toEqual(['database/primary Refused']);
    expect(store.last?.nodes.find(({ node }) => node === 'database/primary')?.message).toContain('gave it up');
    const sent = world.cloud.sent.slice(before).filter(({ operation }) => operation === 'DeleteDBParameterGroup');
    expect(sent).toEqual([]);
    expect(world.existing('rds/parameter-group').map(({ id }) => id)).toContain(group?.id);
  }, 120_000);

  // An older operator made them with another version: nobody has asked for an upgrade, and AWS cannot go back.
  test('whose store names no version keeps the one it was made with, and is told of it; a new one has the newest', async () => {
    const world = new VirtualWorld();
    const like = (version?: string) => (spec: EcomStoreManifestSpec) => ({
      ...spec,
      database: { ...spec.database, version, parameters: {}, readReplicas: 1 },
    });
    const store = world.add(file, like('8.0'));
    await world.settle(store);
    const groups = world.existing('rds/parameter-group').map(({ id }) => id);
    store.spec = world.add(file, like()).spec;
    const before = world.cloud.writes().length;
    expect(await world.stallsOf(store)).toEqual([]);
    expect(world.cloud.writes().slice(before)).toEqual([]);
    expect(versionsIn(world).map((one) => one.slice(0, 3))).toEqual(['8.0', '8.0']);
    expect(world.existing('rds/parameter-group').map(({ id }) => id)).toEqual(groups);
    const notices = (store.last?.nodes ?? []).filter(({ noticed }) => noticed);
    expect(notices.map(({ node, reason, standing }) => [node, reason, standing])).toEqual([
      ['database/parameters', 'VersionKept', 'ready'],
    ]);
    const other = new VirtualWorld();
    const young = other.add(file, like());
    await other.settle(young);
    expect(versionsIn(other).map((one) => one.slice(0, 3))).toEqual(['8.4', '8.4']);
    expect((young.last?.nodes ?? []).filter(({ noticed }) => noticed)).toEqual([]);
  }, 120_000);

  test('comes to another version although a replica that nobody wants any more does not', async () => {
    const world = new VirtualWorld();
    const at = (version: string, readReplicas: number) => (spec: EcomStoreManifestSpec) => ({
      ...spec,
      database: { ...spec.database, version, readReplicas, applyImmediately: true },
    });
    const store = world.add(file, at('8.4.3', 2));
    await world.settle(store);
    store.spec = world.add(file, at('8.4.4', 1)).spec;
    await world.settle(store);
    expect(versionsIn(world).map((one) => one.split(' ')[0])).toEqual(['8.4.4', '8.4.4']);
  });

  test('has replicas as large as it is itself, whenever it grows', async () => {
    const world = new VirtualWorld();
    const of = (gib: number, maxGib: number) => (spec: EcomStoreManifestSpec) => ({
      ...spec,
      database: { ...spec.database, applyImmediately: true, storage: { gib, maxGib } },
    });
    const store = world.add(file, of(50, 200));
    await world.settle(store);
    store.spec = world.add(file, of(80, 300)).spec;
    await world.settle(store);
    const all = world.aws.world.collection(homeRegion, instances).all();
    expect(all.map(({ settings }) => [settings.AllocatedStorage, settings.MaxAllocatedStorage])).toEqual([
      [80, 300],
      [80, 300],
    ]);
  });

  test('is left alone where its storage has grown up to its limit', async () => {
    const world = new VirtualWorld();
    const store = world.add(file, (spec) => ({
      ...spec,
      database: { ...spec.database, storage: { gib: 50, maxGib: 100 } },
    }));
    await world.settle(store);
    for (const { settings } of world.aws.world.collection(homeRegion, instances).all())
      Object.assign(settings, { AllocatedStorage: 100 });
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test('kept when its store goes, with what it stands on and nothing else', async () => {
    const { world, store } = await built();
    const { retained } = await world.remove(store);
    expect(typesOf(world)).toEqual(kept);
    expect(retained.map(({ type }) => type).sort()).toEqual(kept);
    const [primary] = world.aws.world.collection(homeRegion, instances).all();
    expect(primary?.settings.DeletionProtection).toBe(true);
    expect(primary?.tags['ecom.io/retained']).toBe('true');
  });

  test('goes with Snapshot after a whole snapshot of it, and leaves its backups', async () => {
    const { world, store } = await built('Snapshot');
    const { retained } = await world.remove(store);
    expect(typesOf(world)).toEqual(['rds/automated-backup', 'rds/snapshot']);
    expect(retained.map(({ type }) => type)).toEqual(['rds/snapshot']);
    const gone = world.ledger
      .history()
      .find(({ type, destroyed }) => type === 'rds/instance' && destroyed !== undefined);
    const snapshot = world.existing('rds/snapshot')[0];
    expect(snapshot?.created).toBeLessThan(gone?.destroyed ?? 0);
  });

  test('that RDS calls failed goes with Snapshot once people have deleted it: it can have none', async () => {
    const { world, store } = await built('Snapshot');
    const databases = world.aws.world.collection(homeRegion, instances);
    const [primary] = databases.all().filter(({ sourceName }) => sourceName === undefined);
    databases.change(primary?.name ?? '', { status: 'failed' });
    await expect(world.remove(store)).rejects.toThrow('cannot have one: RDS calls it failed');
    expect(store.last?.leaving.find(({ node }) => node === 'database/primary')).toMatchObject({
      ...{ standing: 'stalled', remedy: expect.stringContaining('automated backups kept') as string },
    });
    expect(world.existing('rds/instance')).toHaveLength(1);
    databases.change(primary?.name ?? '', { settings: { ...primary!.settings, DeletionProtection: false } });
    await world.other('rds', 'DeleteDBInstance', {
      ...{ DBInstanceIdentifier: primary?.name, SkipFinalSnapshot: true, DeleteAutomatedBackups: false },
    });
    await world.remove(store);
    expect(typesOf(world)).toEqual(['rds/automated-backup']);
  });

  // What was written since the first was begun would be lost with the database.
  test('goes with a snapshot of its own end, not with that of an end that was taken back', async () => {
    const { world, store } = await built('Snapshot');
    const whole = store.spec;
    const { database: _, ...rest } = whole;
    store.spec = rest;
    await untilSnapshots(world, store, 1);
    store.spec = whole;
    await world.settle(store);
    world.clock.advance(30 * day);
    await world.settle(store);
    const since = world.clock.now();
    store.spec = rest;
    await untilSnapshots(world, store, 2);
    // The process that begins it is not the one that ends it.
    world.restart();
    await world.settle(store);
    expect(world.existing('rds/instance')).toEqual([]);
    const taken = world.existing('rds/snapshot').filter(({ created }) => created >= since);
    expect(taken.map(({ id }) => id)).toEqual([store.last?.retained.at(-1)?.id]);
  });

  const at = (version: string) => (spec: EcomStoreManifestSpec) => ({
    ...spec,
    database: { ...spec.database, engine: 'postgres' as const, version, allowMajorUpgrade: true, parameters: {} },
  });

  test('is upgraded with a snapshot of that day, not with one of an upgrade that was taken back', async () => {
    const world = new VirtualWorld();
    const store = world.add(file, at('16.4'));
    await world.settle(store);
    const [older, newer] = [store.spec, world.add(file, at('17.4')).spec];
    store.spec = newer;
    await untilSnapshots(world, store, 1);
    store.spec = older;
    await world.settle(store);
    world.clock.advance(30 * day);
    store.spec = newer;
    const since = world.clock.now();
    await world.settle(store);
    expect(versionsIn(world)[0]).toContain('17.4');
    expect(world.existing('rds/snapshot').filter(({ created }) => created >= since)).toHaveLength(1);
  });

  // One a day was taken, for ever.
  test('to whom RDS offers no such version is told which there are, and no snapshot is taken', async () => {
    const world = new VirtualWorld();
    const store = world.add(file, at('16.4'));
    await world.settle(store);
    const before = world.cloud.writes().length;
    store.spec = world.add(file, at('19')).spec;
    for (let i = 0; i < 6; i++) {
      await world.pass(store);
      world.clock.advance(10 * 60_000);
    }
    expect(world.existing('rds/snapshot')).toEqual([]);
    expect(world.cloud.writes().slice(before)).not.toContain('rds:ModifyDBInstance');
    for (const what of ['primary', 'replica-1'])
      expect(store.last?.nodes.find(({ node }) => node === `database/${what}`)).toMatchObject({
        ...{ standing: 'stalled', reason: 'Refused', field: 'spec.database.version' },
        ...{ message: expect.stringContaining('from 16.4 to 19') as string },
        remedy: 'set version to one of 16.9, 17.2, 17.4, or back to "16"',
      });
  }, 60_000);

  test('that was never made, for its name, is made under another one once the section was taken out', async () => {
    const world = new VirtualWorld();
    const store = world.add(file, (spec) => ({ ...spec, database: { ...spec.database, databaseName: 'select' } }));
    await expect(world.settle(store, reconcile, 10)).rejects.toThrow('DBName select cannot be used');
    const { database: _, ...without } = store.spec;
    store.spec = without;
    await world.settle(store);
    expect(world.existing('rds/instance')).toEqual([]);
    store.spec = world.add(file).spec;
    await world.settle(store);
    expect(world.existing('rds/instance').length).toBeGreaterThan(0);
  });

  test('stays whole with Delete until people confirm; then nothing is left, not even backups', async () => {
    const { world, store } = await built('Delete');
    const before = world.cloud.writes().length;
    await expect(world.remove(store)).rejects.toThrow('nobody has confirmed');
    expect(world.cloud.writes().slice(before)).toEqual([]);
    store.confirmed = true;
    await world.remove(store);
    expect(typesOf(world)).toEqual([]);
  });

  // It held all of the customers' data, and nothing named it.
  test('leaves the snapshot of before its upgrade, whatever the policy: it is told, listed and marked as kept', async () => {
    const alone = (version: string) => (spec: EcomStoreManifestSpec) => {
      const { database, ...others } = at(version)(withPolicy('Delete')(spec));
      return { ...others, database: { ...database, readReplicas: 0 } };
    };
    const world = new VirtualWorld();
    const store = world.add(file, alone('16.4'));
    await world.settle(store);
    store.spec = world.add(file, alone('17.4')).spec;
    const told: string[] = [];
    await world.settle(store, async (...given) => {
      const verdict = await reconcile(...given);
      for (const { kind, message } of verdict.happenings) if (kind === 'SnapshotTaken') told.push(message);
      return verdict;
    });
    store.confirmed = true;
    await world.remove(store);
    expect(typesOf(world)).toEqual(['rds/snapshot']);
    const [snapshot] = world.existing('rds/snapshot');
    expect(snapshot?.tags).toMatchObject({ 'ecom.io/retained': 'true', 'ecom.io/uid': store.owner.uid });
    expect(store.last?.retained).toMatchObject([
      {
        node: 'database/primary',
        id: snapshot?.id,
        type: 'rds/snapshot',
        why: expect.stringContaining('17.4') as string,
      },
    ]);
    expect(told).toEqual([expect.stringContaining(snapshot?.id ?? '')]);
  }, 60_000);

  test('is healed while it waits for people to confirm its end, and nothing is made meanwhile', async () => {
    const { world, store } = await built('Delete');
    const GroupId = world.idOf(store, 'network/sg-data');
    const replica = world.idOf(store, 'database/replica-1');
    await expect(world.remove(store)).rejects.toThrow('nobody has confirmed');
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    const found = world.aws.world.collection(homeRegion, instances).all();
    const DBInstanceIdentifier = found.find(({ resourceId }) => resourceId === replica)?.name;
    await world.other('rds', 'DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true });
    const opened = world.clock.now();
    const before = world.cloud.writes().length;
    await expect(world.remove(store)).rejects.toThrow('nobody has confirmed');
    // The port is closed, and the read name lets go of the replica, which nobody makes again.
    expect(world.cloud.writes().slice(before).sort()).toEqual([
      'ec2:RevokeSecurityGroupIngress',
      'route53:ChangeResourceRecordSets',
    ]);
    const ssh = world.ledger.exposures().filter(({ what }) => what.includes(GroupId) && what.endsWith('tcp/22'));
    expect(ssh.map(({ from, until = Infinity }) => from >= opened && until - opened <= 90_000)).toEqual([true]);
  });

  test('of which the store wants no more is healed too, while people are asked whether it may go', async () => {
    const { world, store } = await built('Delete');
    const { database: _, ...spec } = store.spec;
    store.spec = spec;
    await expect(world.settle(store)).rejects.toThrow('nobody has confirmed');
    const all = world.aws.world.collection(homeRegion, instances).all();
    const primary = all.find(({ sourceName }) => sourceName === undefined);
    await world.other('rds', 'ModifyDBInstance', {
      ...{ DBInstanceIdentifier: primary?.name, ApplyImmediately: true },
      ...{ PubliclyAccessible: true, BackupRetentionPeriod: 0 },
    });
    await expect(world.settle(store)).rejects.toThrow('nobody has confirmed');
    expect(primary?.settings).toMatchObject({ PubliclyAccessible: false, BackupRetentionPeriod: 14 });
    store.confirmed = true;
    await world.settle(store);
    expect(world.existing('rds/instance')).toEqual([]);
  });

  test('of which a process knows nothing that began after it was taken out is closed while people are asked', async () => {
    const { world, store } = await built('Delete');
    const { database: _, ...spec } = store.spec;
    store.spec = spec;
    await expect(world.settle(store)).rejects.toThrow('nobody has confirmed');
    world.restart();
    await expect(world.settle(store)).rejects.toThrow('nobody has confirmed');
    const servers = world.aws.world.collection(homeRegion, instances);
    for (const { name: DBInstanceIdentifier } of servers.all())
      await world.other('rds', 'ModifyDBInstance', {
        ...{ DBInstanceIdentifier, ApplyImmediately: true },
        ...{ PubliclyAccessible: true },
      });
    const [SecretId] = world.existing('secretsmanager/secret').map(({ id }) => id);
    await world.other('secretsmanager', 'PutResourcePolicy', { SecretId, ResourcePolicy: letsRead(otherAccount) });
    const opened = world.clock.now();
    const before = world.cloud.writes().length;
    await expect(world.settle(store)).rejects.toThrow('nobody has confirmed');
    const exposed = world.ledger.exposures().filter(({ from }) => from >= opened);
    expect(exposed).not.toEqual([]);
    expect(exposed.filter(({ until }) => until === undefined)).toEqual([]);
    expect(new Set(world.cloud.writes().slice(before))).toEqual(
      new Set(['rds:ModifyDBInstance', 'secretsmanager:DeleteResourcePolicy']),
    );
    store.confirmed = true;
    await world.settle(store);
    expect(world.existing('rds/instance')).toEqual([]);
  });

  test('is closed again while it is taken down: a group that waits for its database is healed until it goes', async () => {
    const { world, store } = await built('Snapshot');
    const GroupId = world.idOf(store, 'network/sg-data');
    await expect(world.settle(store, teardown, 1)).rejects.toThrow('not settled');
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    const opened = world.clock.now();
    const before = world.cloud.writes().length;
    await world.remove(store);
    const ssh = world.ledger.exposures().filter(({ what }) => what.includes(GroupId) && what.endsWith('tcp/22'));
    expect(ssh.map(({ until = Infinity }) => until - opened <= 90_000)).toEqual([true]);
    const made = world.cloud.writes().slice(before);
    expect(made.filter((call) => /:(Authorize|Create(?!DBSnapshot)|Put|Attach)/.test(call))).toEqual([]);
    expect(typesOf(world)).toEqual(['rds/automated-backup', 'rds/snapshot']);
  });

  test('is adopted by another store with the network it lives in, and by no store that does not name it', async () => {
    const { world, store } = await built();
    const id = world.idOf(store, 'database/primary');
    await world.remove(store);
    const vpcs = (): number => world.existing('ec2/vpc').length;
    const heir = world.add(file, (spec) => ({ ...spec, database: { ...spec.database, adopt: id } }));
    heir.owner = { ...heir.owner, name: 'heir' };
    await world.settle(heir);
    expect(vpcs()).toBe(1);
    expect(world.idOf(heir, 'database/primary')).toBe(id);
    expect(world.ledger.history().filter(({ type }) => type === 'rds/instance')).toHaveLength(3);
    expect(world.ledger.history().filter(({ type }) => type === 'secretsmanager/secret')).toHaveLength(1);
    for (const { tags, type } of world.existing())
      if (kept.includes(type)) {
        expect([type, tags['ecom.io/uid']]).toEqual([type, heir.owner.uid]);
        expect(tags['ecom.io/retained']).toBeUndefined();
      }
    const stranger = world.add(file, (spec) => ({ ...spec, domain: { ...spec.domain, host: 'other.example.com' } }));
    await world.settle(stranger);
    expect(world.idOf(stranger, 'database/primary')).not.toBe(id);
    expect(vpcs()).toBe(2);
  });
});
