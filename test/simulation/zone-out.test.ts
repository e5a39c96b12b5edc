import { describe, expect, test } from 'vitest';
import { statusOf } from '../../operator/store/status.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { groups } from '../../simulator/aws/autoscaling/kinds.ts';
import { subnets } from '../../simulator/aws/ec2/subnets.ts';
import { setZoneState } from '../../simulator/aws/ec2/zones.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
const [zoneA, zoneB, zoneC] = ['a', 'b', 'c'].map((letter) => `${homeRegion}${letter}`) as [string, string, string];
const quarter = 15 * 60_000;

const zonesReport = ({ last }: VirtualStore) => last?.nodes.find(({ node }) => node === 'network/zones');

const groupIn = (world: VirtualWorld) => {
  const [group] = world.aws.world.collection(homeRegion, groups).all();
  if (!group) throw new Error('there is no group');
  return group;
};

const subnetsOf = (world: VirtualWorld) =>
  world.existing('ec2/subnet').flatMap(({ id }) => world.aws.world.collection(homeRegion, subnets).get(id) ?? []);

const zonesOf = (world: VirtualWorld): string[] => [...new Set(subnetsOf(world).map(({ zone }) => zone))].sort();

const scaled = (store: VirtualStore, min: number): VirtualStore['spec'] => ({
  ...store.spec,
  compute: { ...store.spec.compute, scaling: { ...store.spec.compute.scaling, min } },
});

const another = (spec: EcomStoreManifestSpec, network: EcomStoreManifestSpec['network']): EcomStoreManifestSpec => ({
  ...spec,
  domain: { ...spec.domain, host: 'another.example.com' },
  compute: { ...spec.compute, instanceTypes: ['m5.large'] },
  network,
});

const suspendLaunch = async (world: VirtualWorld): Promise<void> => {
  await world.other('autoscaling', 'SuspendProcesses', {
    AutoScalingGroupName: groupIn(world).name,
    ScalingProcesses: ['Launch'],
  });
};

describe.each(['unavailable', 'constrained', 'impaired'] as const)('where a zone is %s', (state) => {
  test.each([{ zones: 2 }, { zoneNames: [zoneA, zoneB] }] as const)(
    'a store with %j goes on being healed in it',
    async (network) => {
      const world = new VirtualWorld();
      const store = world.add(minimal, (spec) => ({ ...spec, network }));
      await world.settle(store);
      setZoneState(world.aws.world, zoneB, state);
      world.clock.advance(quarter);
      await suspendLaunch(world);
      expect(await world.stallsOf(store)).toEqual([]);
      world.clock.advance(quarter);
      expect(await world.stallsOf(store)).toEqual([]);
      expect(groupIn(world).suspended).toEqual([]);
      [store.spec, store.applied] = [scaled(store, 3), false];
      expect(await world.stallsOf(store)).toEqual([]);
      expect(groupIn(world).min).toBe(3);
      expect(zonesReport(store)).toMatchObject({ standing: 'ready', reason: 'ZoneOut', noticed: true });
      expect(zonesReport(store)?.message).toContain(`zone ${zoneB} is ${state}`);
    },
  );

  test('a process that starts meanwhile heals it as well', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    setZoneState(world.aws.world, zoneB, state);
    await suspendLaunch(world);
    world.restart();
    expect(await world.stallsOf(store)).toEqual([]);
    expect(groupIn(world).suspended).toEqual([]);
    setZoneState(world.aws.world, zoneB, 'available');
    world.clock.advance(2 * quarter);
    await world.settle(store);
    expect(zonesReport(store)).toMatchObject({ reason: 'Found' });
  });

  test('a new store goes to the others', async () => {
    const world = new VirtualWorld();
    setZoneState(world.aws.world, zoneB, state);
    const store = world.add(minimal, (spec) => another(spec, { zones: 2 }));
    await world.settle(store);
    expect(zonesOf(world)).toEqual([zoneA, zoneC]);
    expect(zonesReport(store)).not.toHaveProperty('noticed');
  });

  test('a new store that names it waits until it is available', async () => {
    const world = new VirtualWorld();
    setZoneState(world.aws.world, zoneB, state);
    const store = world.add(minimal, (spec) => another(spec, { zoneNames: [zoneA, zoneB] }));
    await expect(world.settle(store)).rejects.toThrow('not settled');
    expect(zonesReport(store)).toMatchObject({ standing: 'stalled', field: 'spec.network.zoneNames' });
    expect(zonesReport(store)?.message).toContain(`zone ${zoneB} is ${state}`);
    setZoneState(world.aws.world, zoneB, 'available');
    await world.settle(store);
    expect(zonesOf(world)).toEqual([zoneA, zoneB]);
  });
});

test('a new store that finds too few zones says which are out, and to wait', async () => {
  const world = new VirtualWorld();
  setZoneState(world.aws.world, zoneB, 'unavailable');
  const store = world.add(minimal);
  await expect(world.settle(store)).rejects.toThrow('not settled');
  expect(zonesReport(store)?.message).toContain(`2 are wanted: ${zoneB} is unavailable`);
  expect(zonesReport(store)?.remedy).toContain(`wait until AWS calls ${zoneB} available`);
});

test('a store whose new instance type is refused has its subnets healed all the same', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, (spec) => ({
    ...spec,
    compute: { ...spec.compute, instanceTypes: ['m5.large'] },
    network: { zoneNames: [zoneA, zoneC] },
  }));
  await world.settle(store);
  [store.spec, store.applied] = [
    { ...store.spec, compute: { ...store.spec.compute, instanceTypes: ['m4.large'] } },
    false,
  ];
  await expect(world.settle(store)).rejects.toThrow('not settled');
  expect(zonesReport(store)?.message).toContain(`zone ${zoneC}, in which the store has subnets, has no m4.large`);
  const [{ id: SubnetId = '' } = {}] = subnetsOf(world);
  await world.other('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } });
  await expect(world.settle(store)).rejects.toThrow('not settled');
  expect(subnetsOf(world).map(({ mapPublicIp }) => mapPublicIp)).not.toContain(true);
});

test('the status of a store names its zone that is out', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  setZoneState(world.aws.world, zoneB, 'unavailable');
  world.clock.advance(quarter);
  const verdict = await world.settle(store);
  const { conditions = [] } = statusOf({
    ...{ previous: {}, generation: 1, account: world.cloud.account, installation: 'default', host: 'shop.example.com' },
    ...{ graph: undefined, verdict, deleting: false, acknowledged: undefined, now: world.clock.now() },
  });
  const ready = conditions.find(({ type }) => type === 'Ready');
  expect(ready).toMatchObject({ status: 'True', reason: 'AllResourcesMatch' });
  expect(ready?.message).toContain(`network/zones: AWS says that zone ${zoneB} is unavailable`);
});
