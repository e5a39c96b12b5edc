import { describe, expect, test } from 'vitest';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { parameters } from '../../simulator/aws/ssm/parameters.ts';
import { roles } from '../../simulator/aws/iam/roles.ts';
import { clusters, replicationGroups, userGroups, users } from '../../simulator/aws/elasticache/kinds.ts';
import { homeRegion } from '../../simulator/account.ts';
import { isSettled, VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

type Cache = NonNullable<EcomStoreManifestSpec['cache']>;

const withCache =
  (cache: Cache | undefined) =>
  ({ cache: _, ...spec }: EcomStoreManifestSpec): EcomStoreManifestSpec =>
    cache === undefined ? spec : { ...spec, cache };

async function built(cache: Cache) {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml', withCache(cache));
  await world.settle(store);
  return { world, store };
}

const groupsOf = ({ aws }: VirtualWorld) => aws.world.collection(homeRegion, replicationGroups).all();
const clustersOf = ({ aws }: VirtualWorld) => aws.world.collection(homeRegion, clusters).all();
const caches = (world: VirtualWorld) => world.existing().filter(({ type }) => type.startsWith('elasticache/'));

async function changed(world: VirtualWorld, store: VirtualStore, cache: Cache | undefined): Promise<void> {
  store.spec = withDefaults(withCache(cache)(store.spec as EcomStoreManifestSpec));
  store.applied = false;
  await world.settle(store);
}

/** Passes as they come, until something is so. */
async function passesUntil(world: VirtualWorld, store: VirtualStore, isSo: () => boolean): Promise<void> {
  const end = world.clock.now() + 3 * 3_600_000;
  while (!isSo() && world.clock.now() < end) {
    const { wakeAt } = await world.pass(store);
    const due = Math.min(wakeAt, world.engine.inventory.nextDue());
    if (!isSo()) world.clock.advance(Math.max(200, due - world.clock.now()));
  }
  expect(isSo()).toBe(true);
}

describe.each(['valkey', 'redis', 'memcached'] as const)('a store with a cache of %s', (engine) => {
  test('is built once, is never reachable from outside, and is quiet when left alone', async () => {
    const { world, store } = await built({ engine });
    expect(world.ledger.exposures().filter(({ what }) => !/sg-alb|ELB/.test(what))).toEqual([]);
    const before = world.cloud.writes().length;
    const later = world.clock.now() + 3_600_000;
    await passesUntil(world, store, () => world.clock.now() >= later);
    expect(world.cloud.writes().slice(before)).toEqual([]);
    const made = world.ledger.history().filter(({ type }) => type.startsWith('elasticache/'));
    expect(made).toHaveLength({ valkey: 5, redis: 6, memcached: 3 }[engine]);
  });

  test('is removed without a trace: a cache is no data', async () => {
    const { world, store } = await built({ engine });
    const { retained } = await world.remove(store);
    expect([retained, world.existing()]).toEqual([[], []]);
  });

  test('is not made twice by a process that begins while AWS tells nobody its tags', async () => {
    const world = new VirtualWorld();
    const store = world.add('examples/minimal.yaml', withCache({ engine }));
    const isMaking = () => [...groupsOf(world), ...clustersOf(world)].some(({ status }) => status === 'creating');
    await passesUntil(world, store, isMaking);
    world.restart();
    await world.settle(store);
    expect([...groupsOf(world), ...clustersOf(world)]).toHaveLength(1);
  });

  test('is not left behind by a process that begins while it is being made', async () => {
    const world = new VirtualWorld();
    const store = world.add('examples/minimal.yaml', withCache({ engine }));
    const isMaking = () => [...groupsOf(world), ...clustersOf(world)].some(({ status }) => status === 'creating');
    await passesUntil(world, store, isMaking);
    world.restart();
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });
});

describe('a cache', () => {
  test('lives in two zones in the data subnets, is encrypted, and lets in whom IAM knows', async () => {
    const { world } = await built({ engine: 'redis' });
    const [group] = groupsOf(world);
    expect(group).toMatchObject({
      encryptedAtRest: true,
      settings: { TransitEncryptionMode: 'required', MultiAZEnabled: true, SnapshotRetentionLimit: 1 },
    });
    expect(new Set(group?.members.map(({ zone }) => zone)).size).toBe(2);
    const all = world.aws.world.collection(homeRegion, users).all();
    expect(
      all.map(({ name, authentication, accessString }) => [name === 'default', authentication, accessString]),
    ).toEqual(
      expect.arrayContaining([
        [false, 'iam', 'on ~* &* +@all -@admin'],
        [true, 'no-password-required', 'off ~* -@all'],
      ]),
    );
  });

  test('tells the application where it is before an instance starts', async () => {
    const { world } = await built({});
    const [group] = groupsOf(world);
    const told = Object.fromEntries(
      world.aws.world
        .collection(homeRegion, parameters)
        .all()
        .filter(({ name }) => name.includes('/cache/'))
        .map(({ name, value }) => [name.replace(/.*[/]cache[/]/, ''), value]),
    );
    expect(told).toEqual({
      engine: 'valkey',
      name: group?.name,
      host: expect.stringContaining(`master.${group?.name}.`) as unknown,
      'reader-host': expect.stringContaining(`replica.${group?.name}.`) as unknown,
      port: '6379',
      user: expect.stringMatching(/^acme-user-/) as unknown,
    });
    const firstInstance = world.ledger.history().find(({ type }) => type === 'ec2/instance');
    const lastParameter = world.ledger
      .history()
      .filter(({ type }) => type === 'ssm/parameter')
      .at(-1);
    expect(firstInstance?.created).toBeGreaterThanOrEqual(lastParameter?.created ?? Infinity);
  });

  test('grows and is upgraded in place, and gives up failover with its last replica', async () => {
    const { world, store } = await built({ version: '7.2' });
    const id = world.idOf(store, 'cache/group');
    await changed(world, store, { version: '8.0', nodeType: 'cache.m7g.large', replicas: 2 });
    expect(groupsOf(world)).toMatchObject([
      { members: [{}, {}, {}], settings: { EngineVersion: '8.0.1', CacheNodeType: 'cache.m7g.large' } },
    ]);
    await changed(world, store, { version: '8.0', replicas: 0 });
    expect(groupsOf(world)).toMatchObject([{ members: [{}], settings: { AutomaticFailoverEnabled: false } }]);
    expect(world.idOf(store, 'cache/group')).toBe(id);
    expect(caches(world)).toHaveLength(5);
  });

  test('of Redis becomes one of Valkey in place, with other users and parameters, and does not go back', async () => {
    const { world, store } = await built({ engine: 'redis' });
    const id = world.idOf(store, 'cache/group');
    await changed(world, store, { engine: 'valkey' });
    expect(groupsOf(world)).toMatchObject([{ engine: 'valkey', status: 'available' }]);
    expect(world.idOf(store, 'cache/group')).toBe(id);
    expect(caches(world)).toHaveLength(5);
    await expect(changed(world, store, { engine: 'redis' })).rejects.toThrow('AWS cannot make it redis again');
    expect(groupsOf(world)).toMatchObject([{ engine: 'valkey', status: 'available' }]);
  });

  test('of Redis lets the application in by the user it is told, while it becomes one of Valkey', async () => {
    const { world, store } = await built({ engine: 'redis' });
    const known = (): string => {
      const all = world.aws.world.collection(homeRegion, parameters).all();
      return all.find(({ name }) => name.endsWith('/cache/user'))?.value ?? '';
    };
    const role = () => {
      const all = world.aws.world.collection('global', roles).all();
      return all.map(({ inline }) => inline['cache-connect'] ?? '').join('');
    };
    const letIn = (): string[] => {
      const all = world.aws.world.collection(homeRegion, userGroups).all();
      const ids = groupsOf(world).flatMap(({ settings }) => settings.userGroupIds);
      return all.filter(({ id }) => ids.includes(id)).flatMap(({ userIds }) => userIds);
    };
    const shutOut = new Set<number>();
    store.spec = withDefaults(withCache({ engine: 'valkey' })(store.spec as EcomStoreManifestSpec));
    await world.pass(store);
    await passesUntil(world, store, () => {
      if (!letIn().includes(known()) || !role().includes(`:user:${known()}"`)) shutOut.add(world.clock.now());
      return store.last !== undefined && isSettled(store.last);
    });
    // The application is told when the cache has left the old users.
    expect(Math.max(...shutOut) - Math.min(...shutOut)).toBeLessThan(60_000);
    expect(role().match(/:user:/g)).toHaveLength(1);
  });

  test('that a store wants no more goes with all that it stood on', async () => {
    const { world, store } = await built({});
    await changed(world, store, undefined);
    expect(caches(world)).toEqual([]);
  });

  test('of memcached follows the count of its nodes', async () => {
    const { world, store } = await built({ engine: 'memcached', nodes: 3 });
    await changed(world, store, { engine: 'memcached', nodes: 1 });
    expect(clustersOf(world)).toMatchObject([{ nodes: [{ name: '0001' }] }]);
    await changed(world, store, { engine: 'memcached', nodes: 2 });
    expect(clustersOf(world)).toMatchObject([{ nodes: [{ name: '0001' }, { name: '0002' }] }]);
  });
});
