import { expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

const minimal = 'examples/minimal.yaml';
const minute = 60_000;

interface Told {
  readonly items: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
}

/** What events warn of. Kubernetes forgets them after an hour: who waits for longer collects them on the way. */
async function warnings(world: VirtualOperator): Promise<string[]> {
  const { items } = await world.user.request<Told>({ method: 'GET', path: '/api/v1/namespaces/shops/events' });
  return items.flatMap(({ type, reason, message }) => (type === 'Warning' ? [`${reason} ${message}`] : []));
}

/** How often a process has logged that a store stalls. */
const stallsLogged = ({ processes }: VirtualOperator, process: number): number =>
  (processes[process]?.log.entries ?? []).filter(
    ({ fields }) => 'happening' in fields && fields.happening === 'Stalled',
  ).length;

/** What a process has logged of lists that it cannot read. */
const listsLogged = ({ processes }: VirtualOperator, process: number): object[] =>
  (processes[process]?.log.entries ?? []).flatMap(({ level, message, fields }) =>
    level === 'warn' && message.startsWith('a list of AWS cannot be read') ? [fields] : [],
  );

async function readyStore(world: VirtualOperator): Promise<StoreHandle> {
  world.start();
  const store = await world.apply(minimal);
  await world.ready(store);
  return store;
}

test('a deletion that AWS refuses is told in one event, and in one more by the next process', async () => {
  const world = new VirtualOperator();
  const store = await readyStore(world);
  const denied = { service: 'ec2', operation: 'DeleteVpc', error: 'deny' } as const;
  world.aws.world.faults.add(denied);
  await world.remove(store);
  await world.until(() => world.condition(store, 'Stalled')?.status === 'True', 'it stalls');
  await world.advance(50 * minute);
  expect(await warnings(world)).toEqual([expect.stringMatching(/^Stalled network\/vpc: .*ec2:DeleteVpc/)]);
  expect(stallsLogged(world, 0)).toBe(1);
  world.kill();
  await world.advance(50 * minute);
  expect(stallsLogged(world, 1)).toBe(1);
  world.aws.world.faults.remove(denied);
  await world.gone(store);
}, 60_000);

test('a list that AWS refuses from the start is told once at each store and once in the log', async () => {
  const world = new VirtualOperator();
  const stores = [await readyStore(world)];
  const { spec } = world.object(stores[0] as StoreHandle) as unknown as { spec: EcomStoreManifestSpec };
  const other = { ...spec, domain: { ...spec.domain, host: 'other.example.com' } };
  stores.push(await world.post({ namespace: 'shops', name: 'other' }, other));
  await world.until(() => stores.every((one) => world.isReady(one)), 'both are ready');
  const denied = { service: 'elasticache', operation: 'DescribeReplicationGroups', error: 'deny' } as const;
  world.aws.world.faults.add(denied);
  world.kill();
  const isStalled = (one: StoreHandle): boolean => world.condition(one, 'Stalled')?.status === 'True';
  await world.until(() => stores.every(isStalled), 'both stall');
  await world.advance(50 * minute);
  const message = expect.stringMatching(
    /^Stalled AWS has not been read in full yet: .*elasticache:DescribeReplicationGroups.* - /,
  ) as string;
  expect(await warnings(world)).toEqual([message, message]);
  const list = { type: 'elasticache/replication-group', region: 'eu-central-1', kind: 'denied' };
  expect(listsLogged(world, 1)).toEqual([expect.objectContaining(list)]);
  world.aws.world.faults.remove(denied);
  await world.until(() => stores.every((one) => world.isReady(one)), 'both are ready again', 20);
  expect(stores.some(isStalled)).toBe(false);
}, 60_000);

test('a deletion that waits for a list says so, and not that something takes the place of what goes', async () => {
  const world = new VirtualOperator();
  const store = await readyStore(world);
  const denied = { service: 'elasticache', operation: 'DescribeReplicationGroups', error: 'deny' } as const;
  world.aws.world.faults.add(denied);
  world.kill();
  await world.remove(store);
  await world.advance(10 * minute);
  const told = (world.status(store)?.resources ?? []).map(({ message }) => message);
  expect(new Set(told)).toEqual(
    new Set([expect.stringMatching(/^goes when AWS was read in full: .*elasticache:DescribeReplicationGroups/)]),
  );
  const { items } = await world.user.request<Told>({ method: 'GET', path: '/api/v1/namespaces/shops/events' });
  const waiting = items.filter(({ reason }) => reason === 'DeletionWaiting').map((event) => event.message);
  expect(waiting).toEqual([expect.stringContaining('goes when AWS was read in full: ')]);
  world.aws.world.faults.remove(denied);
  await world.gone(store);
}, 60_000);

test.each([
  ['refuses', { error: 'deny' }, 1],
  ['leaves unanswered for a moment', { error: 'internal', count: 1 }, 0],
] as const)(
  'of a lookup that AWS %s a deletion of nothing warns so often: %s',
  async (_what, fault, times) => {
    const world = new VirtualOperator();
    world.start();
    const store = await world.apply(minimal);
    await world.until(() => world.isHeld(store), 'it is taken up');
    world.kill();
    await world.remove(store);
    const rule = { service: 'route53', operation: 'ListHostedZonesByName', ...fault };
    world.aws.world.faults.add(rule);
    await world.advance(minute);
    const condition = world.condition(store, 'Stalled');
    expect(condition?.status).toBe(times > 0 ? 'True' : 'False');
    await world.advance(49 * minute);
    expect(await warnings(world)).toEqual(
      Array.from({ length: times }, () => expect.stringMatching(/^Stalled domain\/zone: .*route53/) as string),
    );
    world.aws.world.faults.remove(rule);
    await world.gone(store);
  },
  60_000,
);
