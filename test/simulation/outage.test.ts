import { describe, expect, test } from 'vitest';
import { quotas, subjects } from '../../bench/subjects.ts';
import { tagKeys } from '../../operator/model/identity.ts';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { groups, type Group } from '../../simulator/aws/autoscaling/kinds.ts';
import { refreshes } from '../../simulator/aws/autoscaling/refresh-state.ts';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

const minute = 60_000;
const count = 4;

/** Web tiers, Ready and left alone for a while. */
async function fewStores() {
  const world = new VirtualOperator({ latencyMillis: [50, 150] });
  for (const quota of quotas) world.aws.world.quotas.set(quota, 100);
  world.start();
  const stores: StoreHandle[] = [];
  for (let i = 0; i < count; i++)
    stores.push(await world.post({ namespace: `tenant-${i}`, name: 'acme' }, subjects['web-tier'].spec(i)));
  await world.until(() => stores.every((store) => world.isReady(store)), 'all are ready');
  await world.advance(40 * minute);
  return { world, stores };
}

/** How many passes the last process has made. */
async function passesOf({ processes }: VirtualOperator): Promise<number> {
  const told = (await processes.at(-1)?.metrics()) ?? '';
  const counts = [...told.matchAll(/^ecom_pass_seconds_count\{.*\} (\d+)$/gm)].map(([, passes]) => Number(passes));
  return counts.reduce((sum, passes) => sum + passes, 0);
}

const outOf = (world: VirtualOperator, service: string): void =>
  world.aws.world.faults.add({ service, error: 'internal' });

describe.each(['elbv2', 'ec2'])('while %s answers nobody', (service) => {
  test('a store is looked at when something of it changes, and not whenever a reading of another fails', async () => {
    const { world, stores } = await fewStores();
    const all = (type: string, status: string) => (): boolean =>
      stores.every((store) => world.condition(store, type)?.status === status);
    outOf(world, service);
    const before = await passesOf(world);
    const began = world.timers.monotonic();
    // Three beats without a list of what exists, and the pause of the reading that finds it out.
    await world.until(all('Ready', 'False'), 'none is called ready', 8);
    await world.until(all('Stalled', 'True'), 'all are told as stalled', 6);
    await world.advance(30 * minute - (world.timers.monotonic() - began));
    expect((await passesOf(world)) - before).toBeLessThan(45 * count);
    world.aws.world.faults.clear();
    await world.until(() => stores.every((store) => world.isReady(store)), 'all are ready again', 3);
    expect(all('Stalled', 'False')()).toBe(true);
  });

  test('a process that begins then tells what it cannot read, and waits for that no busier', async () => {
    const { world, stores } = await fewStores();
    outOf(world, service);
    world.kill();
    await world.advance(5_000);
    const stalled = (): boolean => stores.every((store) => world.condition(store, 'Stalled')?.status === 'True');
    await world.until(stalled, 'all are told as stalled', 7);
    await world.advance(24 * minute);
    expect(await passesOf(world)).toBeLessThan(90 * count);
    world.aws.world.faults.clear();
    await world.until(() => stores.every((store) => world.isReady(store)), 'all are ready again', 3);
  });
});

/** The group of a store, as AWS has it. */
const groupOf = (world: VirtualOperator, { uid }: StoreHandle): Group | undefined =>
  world.aws.world
    .collection(homeRegion, groups)
    .all()
    .find(({ tags }) => tags.some(({ Key, Value }) => Key === tagKeys.uid && Value === uid));

const more = { spec: { compute: { scaling: { min: 3 } } } };

test('while targets tell nothing of their health, groups of stores that wait for none are healed and changed', async () => {
  const { world, stores } = await fewStores();
  const [alpha, beta] = stores as [StoreHandle, StoreHandle];
  world.aws.world.faults.add({ operation: 'DescribeTargetHealth', error: 'internal' });
  await world.patch(alpha, more);
  await world.advance(10 * minute);
  expect(groupOf(world, alpha)?.min).toBe(3);
  await world.patch(beta, more);
  await world.until(() => groupOf(world, beta)?.min === 3, 'the other group has its least', 2);
  world.aws.world.faults.clear();
  await world.until(() => [alpha, beta].every((store) => world.isReady(store)), 'both are ready again', 5);
});

test('while AWS does not tell of the rollout of one group, that one says so, and the others are healed and changed', async () => {
  const { world, stores } = await fewStores();
  const [alpha, beta, gamma] = stores as [StoreHandle, StoreHandle, StoreHandle];
  await world.patch(alpha, { spec: { compute: { image: { ssmParameter: null, id: seededImages.broken } } } });
  const isRollingOut = (): boolean => world.aws.world.collection(homeRegion, refreshes).all().length > 0;
  await world.until(isRollingOut, 'a rollout has begun', 2);
  world.aws.world.faults.add({ operation: 'DescribeInstanceRefreshes', error: 'internal' });
  await world.advance(10 * minute);
  expect(world.condition(alpha, 'Ready')).toMatchObject({ status: 'False' });
  expect(world.condition(alpha, 'ComputeReady')?.message).toContain(
    'AWS does not tell how its instances are being changed',
  );
  await world.patch(beta, more);
  await world.until(() => groupOf(world, beta)?.min === 3, 'another group has its least', 2);
  expect(world.isReady(gamma)).toBe(true);
  // What is known of the one that waits is healed as well.
  await world.patch(alpha, more);
  await world.until(() => groupOf(world, alpha)?.min === 3, 'its group has its least', 2);
  world.aws.world.faults.clear();
  const isGivenUp = (): boolean =>
    world.condition(alpha, 'ComputeReady')?.message?.includes('the rollout was given up') === true;
  await world.until(
    () => world.isReady(beta) && isGivenUp(),
    'one is ready, of the other is told what became of it',
    40,
  );
  expect(world.aws.world.collection(homeRegion, refreshes).all()).toHaveLength(1);
});
