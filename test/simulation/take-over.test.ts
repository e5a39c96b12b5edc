import { fail } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownerTags } from '../../operator/model/identity.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import type { FaultRule } from '../../simulator/aws/core/faults.ts';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

const minute = 60_000;
const nobodys = '00000000-0000-4000-8000-000000000000';
const file = 'examples/minimal.yaml';
const manifest = parse(readFileSync(file, 'utf8')) as {
  metadata: { namespace: string; name: string };
  spec: EcomStoreManifestSpec;
};

interface Told {
  readonly items: readonly { readonly reason: string; readonly count: number }[];
}

let world: VirtualOperator;
let store: StoreHandle;
let calls: number;

/** What AWS was asked to change since the store was whole. */
const written = (): string[] =>
  world.exchange.calls
    .slice(calls)
    .filter(({ to, write }) => to === 'aws' && write)
    .map(({ what }) => what);

/** The cluster is lost, with what the object had in AWS still there; the manifest is applied to another one. */
async function lose(): Promise<void> {
  world.kill();
  await world.patch(store, { metadata: { finalizers: null } });
  await world.remove(store);
  calls = world.exchange.calls.length;
}

const again = (annotations: object, name = manifest.metadata.name, spec = manifest.spec): Promise<StoreHandle> => {
  const metadata = { ...manifest.metadata, name, annotations };
  return world.post(metadata, spec);
};

/** It is deleted with its data, and leaves nothing. */
async function goesWhole(one: StoreHandle): Promise<void> {
  await world.patch(one, { spec: { policy: { deletion: 'Delete' } } });
  await world.annotate(one, { 'ecom.io/confirm-deletion': one.uid });
  await world.remove(one);
  await world.gone(one);
  expect(world.ledger.existing()).toEqual([]);
}

const stall = (one: StoreHandle): string => world.condition(one, 'Stalled')?.message ?? '';

beforeEach(async () => {
  world = new VirtualOperator({ seed: 5, restartMillis: 2_000 });
  world.start();
  store = await world.apply(file);
  await world.ready(store);
}, 60_000);

test('a list that cannot be read is told of a store that is to take over, and holds it up no longer than it lasts', async () => {
  await lose();
  const denied: FaultRule = { service: 'rds', operation: 'DescribeDBInstances', error: 'deny' };
  world.aws.world.faults.add(denied);
  const heir = await again({ 'ecom.io/take-over': store.uid });
  await world.until(() => stall(heir) !== '', 'the heir is stalled');
  expect(world.condition(heir, 'Stalled')?.reason).toBe('CannotRead');
  expect(stall(heir)).toMatch(/take over.*rds:DescribeDBInstances/);
  await world.advance(5 * minute);
  const { items } = await world.user.request<Told>({ method: 'GET', path: '/api/v1/namespaces/shops/events' });
  expect(items.flatMap(({ reason, count }) => (reason === 'Stalled' ? [count] : []))).toEqual([1]);
  world.aws.world.faults.remove(denied);
  await world.ready(heir);
  expect(written()).toEqual([]);
});

test('a store made anew goes on with what the earlier one has, and AWS is not changed for it', async () => {
  await lose();
  const heir = await again({ 'ecom.io/take-over': store.uid });
  await world.ready(heir);
  expect(written()).toEqual([]);
  expect(world.status(heir)?.takenOver).toBe(store.uid);
  await world.advance(60 * minute);
  const process = world.processes.find(({ state }) => state === 'runs');
  expect(await process?.metrics()).not.toMatch(/ecom_orphaned_resources\{.*\} [1-9]/);
  // Git knows nothing of the annotation, and what a store has is healed, changed and removed by the next process as well.
  await world.annotate(heir, { 'ecom.io/take-over': null });
  world.kill();
  await world.advance(minute);
  await world.patch(heir, { spec: { compute: { scaling: { max: 5 } } } });
  await world.ready(heir);
  expect(new Set(written())).toEqual(new Set(['autoscaling:UpdateAutoScalingGroup']));
  await goesWhole(heir);
});

test('it is asked for in vain where it was not given from the start, until it is', async () => {
  await lose();
  const heir = await again({});
  await world.advance(30 * minute);
  expect(written()).toEqual([]);
  expect(stall(heir)).toMatch(`ecom.io/take-over=${store.uid}`);
  await world.annotate(heir, { 'ecom.io/take-over': store.uid });
  await world.ready(heir, 5);
  expect(written()).toEqual([]);
});

test('what an earlier store does not have is made for its heir', async () => {
  await lose();
  const heir = await again({ 'ecom.io/take-over': store.uid }, undefined, { ...manifest.spec, notifications: {} });
  await world.ready(heir);
  expect(written()).toContain('sns:CreateTopic');
  expect(world.ledger.existing().filter(({ id }) => id.startsWith('vpc-'))).toHaveLength(1);
});

test('nothing is made beside it, be it something that the earlier one did not have', async () => {
  await lose();
  const heir = await again({}, undefined, { ...manifest.spec, notifications: {} });
  await world.advance(30 * minute);
  expect(written()).toEqual([]);
  expect(stall(heir)).toMatch('nothing is made beside it');
});

test.each([
  ['another store has', 'acme-other', () => store.uid, 'is not all of an earlier store of this name'],
  ['nothing has', manifest.metadata.name, () => nobodys, 'nothing in eu-central-1 carries'],
])('a UID that %s is taken over by nobody', async (_, name, uid, why) => {
  await lose();
  const heir = await again({ 'ecom.io/take-over': uid() }, name);
  await world.advance(30 * minute);
  expect(written()).toEqual([]);
  expect(stall(heir)).toMatch(why);
  await world.remove(heir);
  await world.gone(heir);
  expect(written()).toEqual([]);
});

test('a store that has something of its own takes nothing over', async () => {
  await lose();
  const heir = await again({});
  await world.advance(minute);
  const tags = ownerTags({ installation: 'default', ...heir, node: 'network/vpc' });
  await world.other('ec2', 'CreateVpc', {
    CidrBlock: '10.9.0.0/16',
    TagSpecifications: [{ ResourceType: 'vpc', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
  });
  await world.advance(5 * minute);
  await world.annotate(heir, { 'ecom.io/take-over': store.uid });
  await world.advance(5 * minute);
  expect(stall(heir)).toMatch('was made for this store already');
  expect(written()).toEqual([]);
});

interface Told {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What people are warned of. */
const warnings = (): string[] =>
  ([...world.kube.world.storage.at('/events').values()] as unknown as Told[])
    .filter(({ type }) => type === 'Warning')
    .map(({ reason, message }) => `${reason}: ${message}`);

/** Somebody changes the store in AWS, and five minutes later it is as it was. */
async function healed(): Promise<void> {
  const groups = () =>
    world.other<{ AutoScalingGroups: { AutoScalingGroupName: string; MaxSize: number }[] }>(
      'autoscaling',
      'DescribeAutoScalingGroups',
      {},
    );
  const [{ AutoScalingGroupName, MaxSize } = fail()] = (await groups()).AutoScalingGroups;
  await world.other('autoscaling', 'UpdateAutoScalingGroup', { AutoScalingGroupName, MaxSize: MaxSize + 1 });
  await world.advance(5 * minute);
  expect((await groups()).AutoScalingGroups).toMatchObject([{ AutoScalingGroupName, MaxSize }]);
}

test('a store that runs is warned of an annotation that names nothing, and kept as it is', async () => {
  await world.annotate(store, { 'ecom.io/take-over': nobodys });
  await world.advance(minute);
  await healed();
  expect(warnings()).toContainEqual(expect.stringContaining(`carries the UID ${nobodys}`));
  expect(world.condition(store)).toMatchObject({ status: 'True' });
  // Nor does it hold up what people want of the store.
  await goesWhole(store);
});

test('a store that goes on as an earlier one does so whatever the annotation names since', async () => {
  await lose();
  const heir = await again({ 'ecom.io/take-over': store.uid });
  await world.ready(heir);
  await world.annotate(heir, { 'ecom.io/take-over': nobodys });
  await world.advance(minute);
  await healed();
  expect(warnings()).toContainEqual(expect.stringContaining(`cannot take over what ${nobodys} has`));
  expect(world.status(heir)?.takenOver).toBe(store.uid);
});

test('whose deletion leaves an earlier store of the name running is told so', async () => {
  await lose();
  const heir = await again({});
  await world.advance(10 * minute);
  await world.remove(heir);
  await world.gone(heir);
  expect(written()).toEqual([]);
  const told = world.processes.flatMap(({ log }) => log.entries.filter(({ message }) => message.includes('runs on')));
  expect(told).toHaveLength(1);
});
