import { describe, expect, test } from 'vitest';
import {
  replicationGroup,
  type ReplicationGroupProps,
} from '../../../operator/resources/elasticache/replication-group.ts';
import { servesVersion } from '../../../operator/resources/elasticache/versions.ts';
import type { Found } from '../../../operator/model/resource-type.ts';
import { replicationGroups } from '../../../simulator/aws/elasticache/kinds.ts';
import { Court, laws, owner, region } from '../laws.ts';
import { groundOfCache, parameters, securityGroup, users } from './ground.ts';

const ground = async (court: Court): Promise<ReplicationGroupProps> => ({
  ...(await groundOfCache(court, 'valkey8')),
  engine: 'valkey',
  engineVersion: '8.0',
  replicas: 1,
  failover: true,
  inTransit: 'required',
  encryptedAtRest: true,
  userGroupId: await users(court, 'valkey', 'shoppers'),
  snapshotDays: 1,
  snapshotWindow: '01:00-02:00',
});

laws(replicationGroup, {
  ground,
  live: {
    nodeType: () => 'cache.m7g.large',
    securityGroupIds: async (_props, court) => [await securityGroup(court)],
    parameterGroupName: (_props, court) => parameters(court, 'another', 'valkey8'),
    autoMinorVersionUpgrade: () => false,
    maintenanceWindow: () => 'mon:03:00-mon:04:00',
    replicas: () => 3,
    failover: () => false,
    inTransit: () => 'preferred' as const,
    userGroupId: (_props, court) => users(court, 'valkey', 'others'),
    snapshotDays: () => 7,
    snapshotWindow: () => '05:00-06:00',
  },
  notDrifted: ['engine', 'engineVersion'], // There is no way back to Redis, nor to a lower version.
  fixed: { subnetGroupName: 'other', encryptedAtRest: false },
  foreign: async (court, { subnetGroupName }) =>
    void (await court.other('elasticache', 'CreateReplicationGroup', {
      ReplicationGroupId: court.birth().name,
      ReplicationGroupDescription: 'theirs',
      Engine: 'valkey',
      CacheNodeType: 'cache.t4g.micro',
      CacheSubnetGroupName: subnetGroupName,
    })),
});

describe('a cache', () => {
  async function built() {
    const court = new Court(replicationGroup);
    const props = await ground(court);
    return { court, props, found: await court.settle(props) };
  }
  const truth = (court: Court) => court.simulated.world.collection(region, replicationGroups).get(court.birth().name);
  const update = (court: Court, found: Found, props: ReplicationGroupProps, fields: readonly string[]) =>
    court.type.update(court.aws, found, props, new Set(fields));

  test('is known as ours while AWS tells nobody its tags', async () => {
    const court = new Court(replicationGroup);
    await court.type.create(court.aws, await ground(court), court.birth());
    const [found] = await court.own({});
    expect(found).toMatchObject({ owner, state: { is: 'pending' } });
    expect(truth(court)?.tags).toMatchObject({ 'ecom.io/uid': owner.uid });
  });

  test('gives up failover before its last replica, and takes it up after the first', async () => {
    const { court, props } = await built();
    const alone = { ...props, replicas: 0, failover: false };
    await court.settle(alone);
    expect(truth(court)).toMatchObject({ members: [{}], settings: { AutomaticFailoverEnabled: false } });
    await court.settle(props);
    expect(truth(court)).toMatchObject({ members: [{}, {}], settings: { MultiAZEnabled: true } });
    expect(new Set(truth(court)?.members.map(({ zone }) => zone)).size).toBe(2);
    const counts = court.cloud.writes().filter((write) => write.includes('ReplicaCount'));
    expect(counts.map((write) => write.replace(/.*:/, ''))).toEqual(['DecreaseReplicaCount', 'IncreaseReplicaCount']);
  });

  test('is encrypted again in two steps when it was opened wholly', async () => {
    const { court, props } = await built();
    const all = court.simulated.world.collection(region, replicationGroups);
    const settings = { ...(truth(court)?.settings as NonNullable<ReturnType<typeof truth>>['settings']) };
    all.change(court.birth().name, { settings: { ...settings, TransitEncryptionMode: undefined } });
    await court.settle(props);
    expect(truth(court)?.settings.TransitEncryptionMode).toBe('required');
  });

  test('an upgrade goes up in place, with its parameter group; a way back is refused with what to do', async () => {
    const court = new Court(replicationGroup);
    const old = { engineVersion: '7.2', parameterGroupName: await parameters(court, 'old', 'valkey7') };
    const props = { ...(await ground(court)), ...old };
    await court.settle(props);
    const wanted = { ...props, engineVersion: '8.1', parameterGroupName: 'ours' };
    const found = await court.settle(wanted);
    expect(truth(court)?.settings).toMatchObject({ EngineVersion: '8.1.0', parameterGroup: 'ours' });
    await expect(update(court, found, { ...wanted, engineVersion: '7.2' }, ['engineVersion'])).rejects.toMatchObject({
      kind: 'refused',
      facts: { field: 'spec.cache.version' },
    });
  });

  test('Redis becomes Valkey in place, with a parameter group of it; the way back is refused with what to do', async () => {
    const court = new Court(replicationGroup);
    const valkey = { ...(await ground(court)), userGroupId: await users(court, 'redis', 'old') };
    const parameterGroupName = await parameters(court, 'redis', 'redis7');
    const redis = { ...valkey, engine: 'redis' as const, engineVersion: '7.1', parameterGroupName };
    await court.settle(redis);
    const found = await court.settle({ ...valkey, userGroupId: 'shoppers' });
    expect(truth(court)).toMatchObject({ engine: 'valkey', settings: { userGroupIds: ['shoppers'] } });
    await expect(update(court, found, redis, ['engine'])).rejects.toMatchObject({
      kind: 'refused',
      facts: { field: 'spec.cache.engine' },
    });
  });

  test('is closed before all else, whatever AWS or we refuse of the rest', async () => {
    const { court, props } = await built();
    const others = await users(court, 'valkey', 'others');
    const [found] = await court.own(props);
    const wanted = {
      ...props,
      engineVersion: '7.2',
      securityGroupIds: [await securityGroup(court)],
      userGroupId: others,
    };
    const all = ['engineVersion', 'securityGroupIds', 'userGroupId'] as const;
    await update(court, found as Found, wanted, all);
    expect(truth(court)?.settings.groupIds).toEqual(wanted.securityGroupIds);
    court.clock.advance(600_000);
    await update(court, found as Found, wanted, ['engineVersion', 'userGroupId']);
    court.clock.advance(600_000);
    expect((await court.own(wanted))[0]?.props).toMatchObject({ userGroupId: others });
    await expect(update(court, found as Found, wanted, ['engineVersion'])).rejects.toMatchObject({ kind: 'refused' });
  });

  test('gets encryption and users back one after the other', async () => {
    const { court, props } = await built();
    const others = await users(court, 'valkey', 'others');
    await court.settle({ ...props, inTransit: 'preferred', userGroupId: others });
    await court.settle(props);
  });

  test('without snapshots gets them again, of one of its nodes', async () => {
    const { court, props, found } = await built();
    await update(court, found, { ...props, snapshotDays: 0 }, ['snapshotDays']);
    court.clock.advance(600_000);
    expect((await court.own(props))[0]?.props).toMatchObject({ snapshotDays: 0 });
    expect((await court.settle(props)).props).toMatchObject({ snapshotDays: 1 });
  });

  test('what waits for its window is not asked for again', async () => {
    const { court, props } = await built();
    await court.other('elasticache', 'ModifyReplicationGroup', {
      ReplicationGroupId: court.birth().name,
      CacheNodeType: 'cache.m7g.large',
      ApplyImmediately: false,
    });
    const [now] = await court.own(props);
    expect(court.decide({ ...props, nodeType: 'cache.m7g.large' }, now)).toEqual({ do: 'nothing' });
  });

  test('a failover is no drift', async () => {
    const { court, props } = await built();
    await court.other('elasticache', 'TestFailover', { ReplicationGroupId: court.birth().name, NodeGroupId: '0001' });
    court.clock.advance(600_000);
    const [now] = await court.own(props);
    expect(court.decide(props, now)).toEqual({ do: 'nothing' });
  });
});

test.each([
  ['8.0', '8.0.1', true],
  ['8.0', '8.2.0', true],
  ['8.1', '8.0.1', false],
  ['7.2', '8.0.1', false],
  ['8.0', '7.2.6', false],
  ['1.6.12', '1.6.22', true],
  ['1.6.22', '1.6.12', false],
])('version %s is served by %s: %s', (wanted, found, serves) => expect(servesVersion(wanted, found)).toBe(serves));
