import { expect, test } from 'vitest';
import { VirtualOperator, type VirtualProcess } from '../support/virtual-operator.ts';

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

test('who led before tells nothing of AWS', async () => {
  const world = new VirtualOperator({ leaderElection: true, restartMillis: 'never' });
  const process = world.start();
  await world.ready(await world.apply(minimal));
  expect((await ages(process)).size).toBeGreaterThan(0);
  void process.stop();
  await world.advance(minute);
  expect(await ages(process)).toEqual(new Map());
});
