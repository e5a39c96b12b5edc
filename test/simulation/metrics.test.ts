import { expect, test } from 'vitest';
import { storePath } from '../../operator/kube/store-object.ts';
import type { FaultRule } from '../../simulator/aws/core/faults.ts';
import { VirtualOperator, type StoreHandle, type VirtualProcess } from '../support/virtual-operator.ts';

const minimal = 'examples/minimal.yaml';
const minute = 60_000;

/** By type, how old what a process knows of AWS is, in seconds, as its metrics say. */
async function ages(process: VirtualProcess): Promise<Map<string, number>> {
  const lines = (await process.metrics()).matchAll(/^ecom_sweep_age_seconds{type="([^"]+)".*} (\S+)$/gm);
  return new Map([...lines].map(([, type = '', age]) => [type, Number(age)]));
}

test('how old what is known of AWS is, is told of what a store rests on, and by who leads', async () => {
  const world = new VirtualOperator({ leaderElection: true, restartMillis: 'never' });
  const process = world.start();
  const store = await world.apply(minimal);
  await world.ready(store);
  await world.advance(20 * minute);
  const known = await ages(process);
  expect([...known].filter(([, age]) => age > 16 * 60)).toEqual([]);
  expect([...known.keys()]).toEqual(expect.arrayContaining(['ec2/vpc', 'elbv2/listener']));
  await world.remove(store);
  await world.gone(store);
  await world.advance(minute);
  expect(await ages(process)).toEqual(new Map());
});

/** What a process says of stalled stores, by why. */
async function stalls(process: VirtualProcess): Promise<Record<string, number>> {
  const lines = (await process.metrics()).matchAll(/^ecom_stores_stalled{reason="([^"]+)"} (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, reason = '', count]) => [reason, Number(count)]));
}

test('stalled stores are counted by why, by who leads, for as long as they are stalled and there', async () => {
  const world = new VirtualOperator({ leaderElection: true, restartMillis: 'never' });
  const leader = world.start();
  await world.advance(minute);
  const standby = world.start();
  const denied: FaultRule = { service: 'ec2', operation: 'CreateVpc', error: 'deny' };
  world.aws.world.faults.add(denied);
  const isStalled = (store: StoreHandle) => () => world.condition(store, 'Stalled')?.status === 'True';
  const store = await world.apply(minimal);
  await world.until(isStalled(store), 'the store is stalled');
  expect([await stalls(leader), await stalls(standby)]).toEqual([{ AccessDenied: 1 }, {}]);
  world.aws.world.faults.remove(denied);
  await world.askToReconcile(store);
  await world.ready(store);
  expect(await stalls(leader)).toEqual({});
  world.aws.world.faults.add(denied);
  const other = await world.apply('examples/gitops/tenants/garden/plants.yaml');
  await world.until(isStalled(other), 'the other store is stalled');
  expect(await stalls(leader)).toEqual({ AccessDenied: 1 });
  await world.remove(other);
  await world.patch(other, { metadata: { finalizers: null } });
  await world.advance(minute);
  expect(await stalls(leader)).toEqual({});
});

test('a reason that only another version knows is counted as one of others', async () => {
  const world = new VirtualOperator();
  world.aws.world.faults.add({ error: 'timeout' });
  const store = await world.apply(minimal);
  const process = world.start();
  const lastTransitionTime = new Date(world.timers.now()).toISOString();
  const stalled = { type: 'Stalled', status: 'True', reason: 'Newer', message: '', lastTransitionTime };
  const path = `${storePath(store)}/status`;
  await world.user.request({ method: 'PATCH', path, body: { status: { conditions: [stalled] } } });
  await world.advance(minute);
  expect(await stalls(process)).toEqual({ Other: 1 });
});

test('who led before tells nothing of AWS', async () => {
  const world = new VirtualOperator({ leaderElection: true, restartMillis: 'never' });
  const process = world.start();
  await world.ready(await world.apply(minimal));
  expect((await ages(process)).size).toBeGreaterThan(0);
  void process.stop();
  await world.advance(minute);
  expect(await ages(process)).toEqual(new Map());
});
