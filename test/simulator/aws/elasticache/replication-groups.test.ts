import { beforeEach, expect, test } from 'vitest';
import { CacheGround, iamUser, valkey, type Answer } from './ground.ts';

let ground: CacheGround;
beforeEach(async () => {
  ground = await CacheGround.made();
});

const shop = { ReplicationGroupId: 'shop' };
const modify = (change: object): Promise<Answer> =>
  ground.call('ModifyReplicationGroup', { ...shop, ApplyImmediately: true, ...change });
const refusedChange = (change: object, code = 'InvalidParameterCombination') =>
  ground.refused('ModifyReplicationGroup', { ...shop, ApplyImmediately: true, ...change }, code);
const told = async (): Promise<Readonly<Record<string, unknown>>> =>
  ((await ground.call('DescribeReplicationGroups', shop)).ReplicationGroups as object[])[0] as never;

test('is made in some minutes, with its hosts then and its nodes in two zones', async () => {
  await ground.call('CreateReplicationGroup', valkey);
  expect(await told()).toMatchObject({ Status: 'creating', NodeGroups: [], MemberClusters: ['shop-001', 'shop-002'] });
  ground.later();
  expect(await told()).toMatchObject({
    Status: 'available',
    TransitEncryptionMode: 'required',
    NodeGroups: [
      {
        PrimaryEndpoint: {
          Address: expect.stringMatching(/^master\.shop\..+\.euc1\.cache\.amazonaws\.com$/) as unknown,
          Port: 6379,
        },
        ReaderEndpoint: { Address: expect.stringMatching(/^replica\.shop\./) as unknown },
        NodeGroupMembers: [
          { CurrentRole: 'primary', PreferredAvailabilityZone: 'eu-central-1a' },
          { CurrentRole: 'replica', PreferredAvailabilityZone: 'eu-central-1b' },
        ],
      },
    ],
  });
  const { CacheClusters } = await ground.call('DescribeCacheClusters');
  expect(CacheClusters).toMatchObject([{ ReplicationGroupId: 'shop', EngineVersion: '8.0.1' }, {}]);
  const alone = { ShowCacheClustersNotInReplicationGroups: true };
  expect((await ground.call('DescribeCacheClusters', alone)).CacheClusters).toEqual([]);
  expect(ground.aws.world.ledger.exposures().filter(({ what }) => !what.includes('(alb)'))).toEqual([]);
});

test('a combination that could not work is refused', async () => {
  const refused = (more: object) =>
    ground.refused('CreateReplicationGroup', { ...valkey, ...more }, 'InvalidParameterCombination');
  await refused({ NumCacheClusters: 1 });
  await refused({ AutomaticFailoverEnabled: false });
  await refused({ TransitEncryptionEnabled: false, TransitEncryptionMode: 'required' });
  await refused({ CacheParameterGroupName: 'default.valkey7' });
  await refused({ PreferredCacheClusterAZs: ['eu-central-1a'] });
  await refused({ EngineVersion: '9.9' });
  await ground.refused('CreateReplicationGroup', { ...valkey, CacheNodeType: 'db.m6g.large' }, 'InvalidParameterValue');
  await ground.refused('CreateReplicationGroup', { ...valkey, AuthToken: 'a'.repeat(16) }, 'InvalidAction');
  await ground.refused(
    'CreateReplicationGroup',
    { ...valkey, CacheSubnetGroupName: 'no' },
    'CacheSubnetGroupNotFoundFault',
  );
});

test('a name is taken until its group is gone', async () => {
  await ground.valkey();
  await ground.refused('CreateReplicationGroup', valkey, 'ReplicationGroupAlreadyExists');
  await ground.call('DeleteReplicationGroup', shop);
  await ground.refused('CreateReplicationGroup', valkey, 'ReplicationGroupAlreadyExists');
  await ground.refused('DeleteReplicationGroup', shop, 'InvalidReplicationGroupState');
  ground.later();
  await ground.refused('DeleteReplicationGroup', shop, 'ReplicationGroupNotFoundFault');
  await ground.call('CreateReplicationGroup', valkey);
});

test('what is at work is neither changed nor tagged, and tells nobody its tags', async () => {
  const Tags = [{ Key: 'a', Value: 'b' }];
  const made = (await ground.call('CreateReplicationGroup', { ...valkey, Tags })).ReplicationGroup as Answer;
  const ResourceName = made.ARN as string;
  await refusedChange({ SnapshotRetentionLimit: 1 }, 'InvalidReplicationGroupState');
  await ground.refused('ListTagsForResource', { ResourceName }, 'InvalidReplicationGroupState', /not in available/);
  ground.later();
  expect((await ground.call('ListTagsForResource', { ResourceName })).TagList).toEqual(Tags);
});

test('an upgrade or another node type takes a while at once, else waits for the window; nothing goes down', async () => {
  await ground.valkey();
  await modify({ CacheNodeType: 'cache.m7g.large', EngineVersion: '8.1' });
  expect((await told()).Status).toBe('modifying');
  ground.later();
  expect(await told()).toMatchObject({ Status: 'available', CacheNodeType: 'cache.m7g.large' });
  await refusedChange({ EngineVersion: '8.0' });
  await modify({ CacheNodeType: 'cache.m7g.xlarge', ApplyImmediately: false });
  expect(await told()).toMatchObject({ Status: 'available', CacheNodeType: 'cache.m7g.large' });
  const { CacheClusters } = await ground.call('DescribeCacheClusters');
  expect(CacheClusters).toMatchObject([{ PendingModifiedValues: { CacheNodeType: 'cache.m7g.xlarge' } }, {}]);
});

test('replicas come and go by their count, the last one only without failover', async () => {
  await ground.valkey();
  const count = (operation: string, NewReplicaCount: number) =>
    [operation, { ...shop, NewReplicaCount, ApplyImmediately: true }] as const;
  await ground.refused(...count('IncreaseReplicaCount', 1), 'NoOperationFault');
  await ground.call(...count('IncreaseReplicaCount', 3));
  await ground.refused(...count('IncreaseReplicaCount', 4), 'InvalidReplicationGroupState');
  ground.later();
  expect((await told()).MemberClusters).toEqual(['shop-001', 'shop-002', 'shop-003', 'shop-004']);
  await ground.refused(...count('DecreaseReplicaCount', 0), 'InvalidParameterCombination');
  await ground.call(...count('DecreaseReplicaCount', 1));
  ground.later();
  await refusedChange({ AutomaticFailoverEnabled: false });
  await modify({ AutomaticFailoverEnabled: false, MultiAZEnabled: false });
  ground.later();
  await ground.call(...count('DecreaseReplicaCount', 0));
  ground.later();
  expect((await told()).MemberClusters).toEqual(['shop-001']);
  await refusedChange({ AutomaticFailoverEnabled: true });
});

test('a replica is deleted as the cluster that it is, the primary and the last one are not', async () => {
  await ground.valkey({ NumCacheClusters: 3 });
  await ground.refused('DeleteCacheCluster', { CacheClusterId: 'shop-001' }, 'InvalidCacheClusterState');
  await ground.call('DeleteCacheCluster', { CacheClusterId: 'shop-003' });
  ground.later();
  await ground.refused(
    'DeleteCacheCluster',
    { CacheClusterId: 'shop-002' },
    'InvalidCacheClusterState',
    /only read replica/,
  );
});

test('encryption in transit goes on and off over preferred only, and not while users are let in', async () => {
  await ground.valkey();
  await refusedChange({ TransitEncryptionEnabled: false });
  await modify({ TransitEncryptionMode: 'preferred' });
  ground.later();
  await modify({ TransitEncryptionEnabled: false });
  ground.later();
  await refusedChange({ TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' });
  await modify({ TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' });
  ground.later();
  await modify({ TransitEncryptionMode: 'required' });
  await ground.call('CreateUser', iamUser);
  await ground.call('CreateUserGroup', { UserGroupId: 'shop', Engine: 'valkey', UserIds: ['shop'] });
  ground.later();
  await modify({ UserGroupIdsToAdd: ['shop'] });
  ground.later();
  await modify({ TransitEncryptionMode: 'preferred' });
  ground.later();
  await refusedChange({ TransitEncryptionEnabled: false });
});

test('redis becomes valkey with a version of it, and never redis again', async () => {
  await ground.valkey({ Engine: 'redis', EngineVersion: '7.1' });
  await refusedChange({ Engine: 'valkey' });
  await refusedChange({ Engine: 'valkey', EngineVersion: '8.0' });
  await modify({ Engine: 'valkey', EngineVersion: '8.0', CacheParameterGroupName: 'default.valkey8' });
  expect((await told()).Engine).toBe('redis');
  ground.later();
  expect(await told()).toMatchObject({ Engine: 'valkey', Status: 'available' });
  await refusedChange({ Engine: 'redis', EngineVersion: '7.1' });
});

test('a failover makes a replica the primary', async () => {
  await ground.valkey();
  await ground.call('TestFailover', { ...shop, NodeGroupId: '0001' });
  ground.later();
  expect((await told()).MemberClusters).toEqual(['shop-002', 'shop-001']);
});

test('what a cache stands on cannot be deleted before it', async () => {
  await ground.call('CreateCacheParameterGroup', {
    ...{ CacheParameterGroupName: 'ours', CacheParameterGroupFamily: 'valkey8', Description: 'ours' },
  });
  await ground.valkey({ CacheParameterGroupName: 'ours' });
  await ground.refused('DeleteCacheSubnetGroup', { CacheSubnetGroupName: 'data' }, 'CacheSubnetGroupInUse');
  await ground.refused(
    'DeleteCacheParameterGroup',
    { CacheParameterGroupName: 'ours' },
    'InvalidCacheParameterGroupState',
  );
  await ground.call('DeleteReplicationGroup', shop);
  ground.later();
  await ground.call('DeleteCacheSubnetGroup', { CacheSubnetGroupName: 'data' });
  await ground.call('DeleteCacheParameterGroup', { CacheParameterGroupName: 'ours' });
  await ground.refused('DeleteCacheSubnetGroup', { CacheSubnetGroupName: 'data' }, 'CacheSubnetGroupNotFoundFault');
});

test('lists come in pages between 20 and 100', async () => {
  for (const ReplicationGroupId of ['a', 'b', 'c'])
    await ground.call('CreateReplicationGroup', { ...valkey, ReplicationGroupId });
  await ground.refused('DescribeReplicationGroups', { MaxRecords: 10 }, 'InvalidParameterValue');
  await ground.refused('DescribeReplicationGroups', { Marker: 'no' }, 'InvalidParameterValue');
  ground.aws.world.pageSize = 2;
  const first = await ground.call('DescribeReplicationGroups');
  const second = await ground.call('DescribeReplicationGroups', { Marker: first.Marker });
  expect([first.ReplicationGroups, second.ReplicationGroups].map((page) => (page as object[]).length)).toEqual([2, 1]);
  expect(second.Marker).toBeUndefined();
});
