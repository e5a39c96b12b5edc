import { expect, test } from 'vitest';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minute = 60_000;

function inWorld(example: string) {
  const world = new VirtualWorld();
  const store = world.add(example, (spec) => ({ ...spec, policy: { ...spec.policy, deletion: 'Delete' } }));
  store.confirmed = true;
  return { world, store };
}

/** Removes the store, and answers what the operator has called meanwhile. */
async function removed(world: VirtualWorld, store: VirtualStore) {
  const before = world.ledger.calls().length;
  await world.remove(store);
  const calls = world.ledger.calls().slice(before);
  return calls.filter(({ principal }) => principal !== 'somebody').map((one) => `${one.service}:${one.operation}`);
}

const count = (calls: readonly string[], name: string): number => calls.filter((one) => one === name).length;

test('one list tells that the last of a kind is gone, and proves that none is left, where nothing waits for its end', async () => {
  const { world, store } = inWorld('examples/complete.yaml');
  await world.settle(store);
  const calls = await removed(world, store);
  expect(world.ledger.existing({ type: 'iam/role' })).toEqual([]);
  const lists = ['logs:DescribeLogGroups', 'rds:DescribeDBSubnetGroups', 'rds:DescribeDBParameterGroups'];
  expect(lists.map((list) => count(calls, list))).toEqual([1, 1, 1]);
});

test('a store that goes asks no more for what only its instances would follow from', async () => {
  const { world, store } = inWorld('examples/complete.yaml');
  await world.settle(store);
  world.clock.advance(20 * minute);
  const calls = await removed(world, store);
  expect(calls).toContain('ec2:DescribeSecurityGroups');
  expect(calls.filter((one) => one === 'ssm:GetParameter' || one === 'ec2:DescribeImages')).toEqual([]);
});
