import { describe, expect, test } from 'vitest';
import { quotas, subjects } from '../../bench/subjects.ts';
import { tagKeys } from '../../operator/model/identity.ts';
import { homeRegion } from '../../simulator/account.ts';
import { groups } from '../../simulator/aws/autoscaling/kinds.ts';
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

test('while targets tell nothing of their health, groups of stores that wait for none are healed and changed', async () => {
  const { world, stores } = await fewStores();
  const [alpha, beta] = stores as [StoreHandle, StoreHandle];
  const leastOf = ({ uid }: StoreHandle): number | undefined =>
    world.aws.world
      .collection(homeRegion, groups)
      .all()
      .find(({ tags }) => tags.some(({ Key, Value }) => Key === tagKeys.uid && Value === uid))?.min;
  world.aws.world.faults.add({ operation: 'DescribeTargetHealth', error: 'internal' });
  const more = { spec: { compute: { scaling: { min: 3 } } } };
  await world.patch(alpha, more);
  await world.advance(10 * minute);
  expect(leastOf(alpha)).toBe(3);
  await world.patch(beta, more);
  await world.until(() => leastOf(beta) === 3, 'the other group has its least', 2);
  world.aws.world.faults.clear();
  await world.until(() => [alpha, beta].every((store) => world.isReady(store)), 'both are ready again', 5);
});
