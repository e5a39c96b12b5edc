import { expect, test } from 'vitest';
import { cluster, type ClusterProps } from '../../../operator/resources/elasticache/cluster.ts';
import { clusters } from '../../../simulator/aws/elasticache/kinds.ts';
import { Court, laws, owner, region } from '../laws.ts';
import { groundOfCache, parameters, securityGroup } from './ground.ts';

const ground = async (court: Court): Promise<ClusterProps> => ({
  ...(await groundOfCache(court, 'memcached1.6')),
  engineVersion: '1.6.17',
  nodes: 2,
  encryptedInTransit: true,
});

const foreign = async (court: Court, name: string, CacheSubnetGroupName: string): Promise<void> =>
  void (await court.other('elasticache', 'CreateCacheCluster', {
    ...{ CacheClusterId: name, Engine: 'memcached', CacheNodeType: 'cache.t4g.micro', NumCacheNodes: 1 },
    CacheSubnetGroupName,
  }));

laws(cluster, {
  ground,
  live: {
    nodeType: () => 'cache.m7g.large',
    securityGroupIds: async (_props, court) => [await securityGroup(court)],
    parameterGroupName: (_props, court) => parameters(court, 'another', 'memcached1.6'),
    autoMinorVersionUpgrade: () => false,
    maintenanceWindow: () => 'mon:03:00-mon:04:00',
    nodes: () => 4,
  },
  notDrifted: ['engineVersion'],
  fixed: { subnetGroupName: 'other', encryptedInTransit: false },
  foreign: async (court, { subnetGroupName }) => {
    await foreign(court, court.birth().name, subnetGroupName);
    court.clock.advance(600_000);
  },
});

const truth = (court: Court) => court.simulated.world.collection(region, clusters).get(court.birth().name);

test('a cluster is known as ours, and another in our subnets is not, while AWS tells nobody their tags', async () => {
  const court = new Court(cluster);
  const props = await ground(court);
  await court.type.create(court.aws, props, court.birth());
  await foreign(court, 'theirs', props.subnetGroupName);
  expect((await court.list(props)).map((found) => [found.key, found.owner])).toEqual([
    [court.birth().name, owner],
    ['theirs', undefined],
  ]);
});

test('fewer nodes: the youngest go; more: over the zones, and not together with anything else', async () => {
  const court = new Court(cluster);
  const props = { ...(await ground(court)), nodes: 3 };
  await court.settle(props);
  await court.settle({ ...props, nodes: 1, nodeType: 'cache.m7g.large' });
  expect(truth(court)?.nodes.map(({ name }) => name)).toEqual(['0001']);
  expect(truth(court)?.settings.CacheNodeType).toBe('cache.m7g.large');
  await court.settle({ ...props, nodes: 2, nodeType: 'cache.m7g.large' });
  expect(new Set(truth(court)?.nodes.map(({ zone }) => zone)).size).toBe(2);
});

test('an older version than it has is refused, with what to do', async () => {
  const court = new Court(cluster);
  const props = await ground(court);
  const found = await court.settle(props);
  await expect(
    court.type.update(court.aws, found, { ...props, engineVersion: '1.6.12' }, new Set(['engineVersion'])),
  ).rejects.toMatchObject({ kind: 'refused', facts: { field: 'spec.cache.version' } });
});
