import { describe, expect, test } from 'vitest';
import { registry } from '../../operator/resources/index.ts';
import { VirtualOperator, type StoreHandle, type VirtualProcess } from '../support/virtual-operator.ts';

const minimal = 'examples/minimal.yaml';
const inGarden = 'examples/gitops/tenants/garden/plants.yaml';
const minute = 60_000;
/** As long as it takes to be sure: every list was read again. */
const surely = 20 * minute;

const uidOfNobody = '99999999-0000-4000-8000-000000000000';

const tagsOf = (store: string, tags: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    'ecom.io/installation': 'default',
    'ecom.io/store': store,
    'ecom.io/uid': uidOfNobody,
    'ecom.io/node': 'network/vpc',
    ...tags,
  }).map(([Key, Value]) => ({ Key, Value }));

/** Somebody's VPC with the owner tags of a store. */
async function vpcOf(world: VirtualOperator, store: string, tags: Readonly<Record<string, string>> = {}) {
  const Tags = tagsOf(store, tags);
  const { Vpc } = await world.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', {
    CidrBlock: '10.9.0.0/16',
    TagSpecifications: [{ ResourceType: 'vpc', Tags }],
  });
  return Vpc.VpcId;
}

/** The object goes at once, as it does when people take its finalizer off: nothing is taken down. */
async function forceOff(world: VirtualOperator, store: StoreHandle): Promise<void> {
  await world.remove(store);
  await world.patch(store, { metadata: { finalizers: null } });
  expect(world.object(store)).toBeUndefined();
}

const warnings = ({ log }: VirtualProcess) =>
  log.entries.filter(({ level, message }) => level === 'warn' && message.startsWith('resources of '));

/** What the metrics of a process say, by region. */
async function gauge({ metrics }: VirtualProcess, name: 'orphaned' | 'retained'): Promise<Record<string, number>> {
  const lines = (await metrics()).matchAll(new RegExp(`^ecom_${name}_resources{region="([^"]+)"} (\\S+)$`, 'gm'));
  return Object.fromEntries([...lines].map(([, region = '', count]) => [region, Number(count)]));
}

const home = 'eu-central-1';
const isListedWhole = (type: string): boolean => registry.resources.some((one) => one.name === type && !one.parentOf);

/** By the ledger, what of a store exists that is listed without knowing what it lies below. */
const leftOf = (world: VirtualOperator, { uid }: StoreHandle): string[] =>
  world.ledger.existing({ tag: ['ecom.io/uid', uid] }).flatMap(({ type }) => (isListedWhole(type) ? [type] : []));

describe('a store that was forced out of the cluster', () => {
  test('is told once, with all that it has left, and once more by the next process', async () => {
    const world = new VirtualOperator({ readLagMillis: 20_000 });
    const first = world.start();
    const [acme, garden] = [await world.apply(minimal), await world.apply(inGarden)];
    await world.ready(acme);
    await world.ready(garden);
    await forceOff(world, acme);
    await world.advance(10 * minute);
    expect(warnings(first)).toEqual([]);
    await world.advance(surely);
    const left = leftOf(world, acme);
    expect(warnings(first).map(({ fields }) => fields)).toEqual([
      {
        ...{ store: 'shops/acme', uid: acme.uid, resources: left.length },
        regions: expect.arrayContaining([home, 'us-east-1']) as string[],
        types: expect.arrayContaining(['1 ec2/vpc', '6 ec2/subnet', '1 elbv2/load-balancer']) as string[],
        remedy: expect.stringContaining('"What no store has" in docs/operating.md') as string,
      },
    ]);
    const counted = await gauge(first, 'orphaned');
    expect(Object.values(counted).reduce((one, other) => one + other)).toBe(left.length);
    expect(counted[home]).toBeGreaterThan(0);
    await world.advance(2 * 60 * minute);
    expect(warnings(first)).toHaveLength(1);
    world.kill();
    await world.advance(minute + surely);
    const [, second] = world.processes as [VirtualProcess, VirtualProcess];
    expect(warnings(second).map(({ fields }) => fields)).toEqual(warnings(first).map(({ fields }) => fields));
    expect(await gauge(second, 'orphaned')).toEqual(counted);
    expect(leftOf(world, acme)).toEqual(left);
  }, 120_000);

  test('is told although it was the last of its region, which is not read any more', async () => {
    const world = new VirtualOperator();
    const process = world.start();
    const acme = await world.apply(minimal);
    await world.ready(acme);
    await forceOff(world, acme);
    await world.advance(surely);
    expect(warnings(process)).toHaveLength(1);
    const before = world.exchange.calls.length;
    await world.advance(3 * surely);
    expect((await gauge(process, 'orphaned'))[home]).toBeGreaterThan(0);
    expect(world.exchange.calls.slice(before).filter(({ to }) => to === 'aws')).toEqual([]);
  });
});

describe('what somebody deletes', () => {
  test('is counted no more, and told again when it comes again', async () => {
    const world = new VirtualOperator();
    const process = world.start();
    await world.ready(await world.apply(minimal));
    const VpcId = await vpcOf(world, 'shops/old');
    await world.advance(2 * surely);
    expect(await gauge(process, 'orphaned')).toEqual({ [home]: 1, 'us-east-1': 0 });
    await world.other('ec2', 'DeleteVpc', { VpcId });
    await world.advance(10 * minute);
    expect(await gauge(process, 'orphaned')).toEqual({ [home]: 0, 'us-east-1': 0 });
    expect(warnings(process)).toHaveLength(1);
    await vpcOf(world, 'shops/old');
    await world.advance(2 * surely);
    expect(warnings(process)).toHaveLength(2);
  });
});

describe('nobody is alarmed', () => {
  test('while stores are built, changed, watched by another process, and taken down with their data kept', async () => {
    const world = new VirtualOperator({ readLagMillis: 25_000, watchLagMillis: [0, 5_000] });
    world.start();
    await world.ready(await world.apply(inGarden));
    const counts = new Set<number>();
    const lookOn = async (holds: () => boolean, what: string): Promise<void> => {
      for (let passed = 0; !holds(); passed++) {
        if (passed > 180) throw new Error(`${what}: not within three hours`);
        await world.advance(minute);
        const process = world.processes.at(-1) as VirtualProcess;
        for (const count of Object.values(await gauge(process, 'orphaned'))) counts.add(count);
      }
    };
    const store = await world.apply(minimal, (spec) => ({ ...spec, database: { engine: 'postgres' } }));
    await lookOn(() => world.isReady(store), 'is ready');
    world.kill();
    await lookOn(() => world.processes.length === 2, 'another one runs');
    await world.remove(store);
    await lookOn(() => !world.object(store), 'is gone');
    let rest = 60;
    await lookOn(() => rest-- < 0, 'an hour');
    expect([...counts]).toEqual([0]);
    expect(world.processes.flatMap(warnings)).toEqual([]);
    const [, process] = world.processes as [VirtualProcess, VirtualProcess];
    const retained = world.ledger.existing({ tag: ['ecom.io/retained', 'true'] });
    expect(retained.length).toBeGreaterThan(0);
    expect(await gauge(process, 'retained')).toEqual({ [home]: retained.length, 'us-east-1': 0 });
  }, 120_000);

  test('by what another installation has, or nobody', async () => {
    const world = new VirtualOperator();
    const process = world.start();
    await world.ready(await world.apply(minimal));
    const blue = { 'ecom.io/installation': 'blue' };
    await vpcOf(world, 'shops/old', blue);
    // Topics are listed whoever has them.
    await world.other('sns', 'CreateTopic', { Name: 'orders-of-blue', Tags: tagsOf('shops/old', blue) });
    await vpcOf(world, 'shops');
    await world.advance(2 * surely);
    expect(await gauge(process, 'orphaned')).toEqual({ [home]: 0, 'us-east-1': 0 });
    expect(warnings(process)).toEqual([]);
  });

  test('by stores of namespaces that are not watched, or that could not be listed yet', async () => {
    const world = new VirtualOperator({ env: { ECOM_NAMESPACES: 'garden,shops' } });
    const first = world.start();
    const [garden, shops] = [await world.apply(inGarden), await world.apply(minimal)];
    await world.ready(garden);
    await world.ready(shops);
    await vpcOf(world, 'elsewhere/old');
    world.kube.faults.answer({
      count: Infinity,
      answer: 403,
      meets: ({ namespace, verb }) => namespace === 'shops' && ['list', 'watch'].includes(verb),
    });
    world.kill();
    await world.advance(2 * surely);
    const [, second] = world.processes as [VirtualProcess, VirtualProcess];
    expect([...warnings(first), ...warnings(second)]).toEqual([]);
    expect(Object.values(await gauge(second, 'orphaned'))).toEqual([0, 0]);
    world.kube.faults.clear();
    await world.advance(2 * surely);
    expect(warnings(second)).toEqual([]);
  });
});

test('who led before counts nothing, and nobody does before every list was read twice', async () => {
  const world = new VirtualOperator({ leaderElection: true, restartMillis: 'never' });
  const process = world.start();
  await vpcOf(world, 'shops/old');
  await world.ready(await world.apply(minimal));
  expect(await gauge(process, 'orphaned')).toEqual({});
  await world.advance(surely);
  expect(await gauge(process, 'orphaned')).toEqual({ [home]: 1, 'us-east-1': 0 });
  void process.stop();
  await world.advance(minute);
  expect(await gauge(process, 'orphaned')).toEqual({});
});
