import { beforeEach, expect, test } from 'vitest';
import { CacheGround } from './ground.ts';

let ground: CacheGround;
beforeEach(async () => {
  ground = await CacheGround.made();
});

const CacheClusterId = 'shop';
const memcached = {
  CacheClusterId,
  Engine: 'memcached',
  EngineVersion: '1.6.22',
  CacheNodeType: 'cache.t4g.small',
  CacheSubnetGroupName: 'data',
  NumCacheNodes: 2,
  AZMode: 'cross-az',
  TransitEncryptionEnabled: true,
} as const;
const told = async (): Promise<Readonly<Record<string, unknown>>> =>
  ((await ground.call('DescribeCacheClusters', { ShowCacheNodeInfo: true })).CacheClusters as object[])[0] as never;
const modify = (change: object) =>
  ['ModifyCacheCluster', { CacheClusterId, ApplyImmediately: true, ...change }] as const;

test('a cluster of memcached has one host for all its nodes, in two zones', async () => {
  await ground.call('CreateCacheCluster', memcached);
  expect((await told()).ConfigurationEndpoint).toBeUndefined();
  ground.later();
  expect(await told()).toMatchObject({
    CacheClusterStatus: 'available',
    ConfigurationEndpoint: { Address: expect.stringMatching(/^shop\..+\.cfg\.euc1\./) as unknown, Port: 11211 },
    PreferredAvailabilityZone: 'Multiple',
    TransitEncryptionEnabled: true,
    CacheNodes: [{ CacheNodeId: '0001' }, { CacheNodeId: '0002', CustomerAvailabilityZone: 'eu-central-1b' }],
  });
  await ground.refused('CreateCacheCluster', memcached, 'CacheClusterAlreadyExists');
});

test('encryption in transit needs 1.6.12, two zones need two nodes', async () => {
  const refused = (more: object) =>
    ground.refused('CreateCacheCluster', { ...memcached, ...more }, 'InvalidParameterCombination');
  await refused({ EngineVersion: '1.6.6' });
  await refused({ NumCacheNodes: 1 });
  await ground.refused('CreateCacheCluster', { ...memcached, NumCacheNodes: 41 }, 'InvalidParameterValue');
});

test('nodes are added by number, and taken away by name', async () => {
  await ground.call('CreateCacheCluster', memcached);
  await ground.refused(...modify({ NumCacheNodes: 3 }), 'InvalidCacheClusterState');
  ground.later();
  await ground.call(...modify({ NumCacheNodes: 3 }));
  ground.later();
  expect((await told()).NumCacheNodes).toBe(3);
  await ground.refused(...modify({ NumCacheNodes: 2 }), 'InvalidParameterCombination');
  await ground.refused(...modify({ NumCacheNodes: 2, CacheNodeIdsToRemove: ['0009'] }), 'InvalidParameterValue');
  await ground.call(...modify({ NumCacheNodes: 2, CacheNodeIdsToRemove: ['0001'] }));
  ground.later();
  expect(await told()).toMatchObject({ CacheNodes: [{ CacheNodeId: '0002' }, { CacheNodeId: '0003' }] });
});

test('a change that is not made at once waits', async () => {
  await ground.call('CreateCacheCluster', memcached);
  ground.later();
  await ground.call(...modify({ NumCacheNodes: 3, CacheNodeType: 'cache.t4g.medium', ApplyImmediately: false }));
  ground.later();
  expect(await told()).toMatchObject({
    NumCacheNodes: 2,
    CacheNodeType: 'cache.t4g.small',
    PendingModifiedValues: { NumCacheNodes: 3, CacheNodeType: 'cache.t4g.medium' },
  });
});

test('its tags are told once it is available only', async () => {
  const ResourceName = 'arn:aws:elasticache:eu-central-1:111122223333:cluster:shop';
  await ground.call('CreateCacheCluster', { ...memcached, Tags: [{ Key: 'a', Value: 'b' }] });
  await ground.refused('ListTagsForResource', { ResourceName }, 'CacheClusterNotFound', /not available/);
  ground.later();
  await ground.call('AddTagsToResource', { ResourceName, Tags: [{ Key: 'c', Value: 'd' }] });
  await ground.call('RemoveTagsFromResource', { ResourceName, TagKeys: ['a'] });
  expect((await ground.call('ListTagsForResource', { ResourceName })).TagList).toEqual([{ Key: 'c', Value: 'd' }]);
});

test('a cluster that is deleted is gone after some minutes, and its subnets are free', async () => {
  await ground.call('CreateCacheCluster', memcached);
  ground.later();
  await ground.call('DeleteCacheCluster', { CacheClusterId });
  await ground.refused('DeleteCacheSubnetGroup', { CacheSubnetGroupName: 'data' }, 'CacheSubnetGroupInUse');
  ground.later();
  await ground.refused('DeleteCacheCluster', { CacheClusterId }, 'CacheClusterNotFound');
  await ground.call('DeleteCacheSubnetGroup', { CacheSubnetGroupName: 'data' });
});

test('parameters of a group are known by name and bound, and the default groups stay as they are', async () => {
  const CacheParameterGroupName = 'ours';
  const create = { CacheParameterGroupName, CacheParameterGroupFamily: 'memcached1.6', Description: 'ours' };
  await ground.call('CreateCacheParameterGroup', create);
  await ground.refused('CreateCacheParameterGroup', create, 'CacheParameterGroupAlreadyExists');
  const set = (ParameterName: string, ParameterValue: string) =>
    [
      'ModifyCacheParameterGroup',
      { CacheParameterGroupName, ParameterNameValues: [{ ParameterName, ParameterValue }] },
    ] as const;
  await ground.refused(...set('maxmemory-policy', 'allkeys-lru'), 'InvalidParameterValue');
  await ground.refused(...set('cas_disabled', 'yes'), 'InvalidParameterValue');
  await ground.refused(...set('large_memory_pages', '1'), 'InvalidParameterValue');
  await ground.call(...set('cas_disabled', '1'));
  const set_ = { CacheParameterGroupName, Source: 'user' };
  expect((await ground.call('DescribeCacheParameters', set_)).Parameters).toMatchObject([
    { ParameterName: 'cas_disabled', ParameterValue: '1', ChangeType: 'requires-reboot' },
  ]);
  await ground.call('ResetCacheParameterGroup', { CacheParameterGroupName, ResetAllParameters: true });
  expect((await ground.call('DescribeCacheParameters', set_)).Parameters).toEqual([]);
  const standard = { CacheParameterGroupName: 'default.valkey8' };
  await ground.refused('DeleteCacheParameterGroup', standard, 'InvalidCacheParameterGroupState');
  expect((await ground.call('DescribeCacheParameterGroups', standard)).CacheParameterGroups).toHaveLength(1);
});

test('what is not simulated is refused, not done by half', async () => {
  await ground.refused('CreateSnapshot', { SnapshotName: 'a', CacheClusterId }, 'InvalidAction', /not simulated/);
  await ground.refused('CreateCacheCluster', { ...memcached, Engine: 'redis' }, 'InvalidAction', /not simulated/);
});
