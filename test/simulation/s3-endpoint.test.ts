import { expect, test } from 'vitest';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';

function withoutRoom(nat: 'none' | 'single' | 'perZone') {
  const world = new VirtualWorld();
  world.aws.world.quotas.set('Gateway VPC endpoints per Region', 0);
  return { world, store: world.add(minimal, (spec) => ({ ...spec, network: { nat } })) };
}

test.each(['single', 'perZone'] as const)('with NAT (%s) instances start without the S3 endpoint', async (nat) => {
  const { world, store } = withoutRoom(nat);
  await expect(world.settle(store)).rejects.toThrow('network/s3-endpoint is stalled');
  expect(world.existing('autoscaling/group')).toHaveLength(1);
  expect(store.last?.nodes.find(({ node }) => node === 'compute/group')?.standing).toBe('ready');
  world.aws.world.quotas.clear();
  await world.settle(store);
});

test('without NAT they wait for it: there is no other way to S3', async () => {
  const { world, store } = withoutRoom('none');
  await expect(world.settle(store)).rejects.toThrow('network/s3-endpoint is stalled');
  expect(world.existing('autoscaling/group')).toEqual([]);
});
