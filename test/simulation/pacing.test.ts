import { describe, expect, test } from 'vitest';
import { quotas, subjects } from '../../bench/subjects.ts';
import { operations } from '../../operator/model/operations.ts';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { seedImage } from '../../simulator/aws/ec2/images.ts';
import { seedParameter } from '../../simulator/aws/ssm/parameters.ts';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

const elsewhere = 'eu-west-1';
const minute = 60_000;

/** Thirty stores are made where EC2 throttles nine writes of ten, and one where it does not. */
async function aThrottledRegion() {
  const world = new VirtualOperator({ latencyMillis: [50, 150] });
  world.aws.world.furnish(() => {
    seedImage(world.aws.world, elsewhere, { id: seededImages.storefront, name: 'storefront-1' });
    seedParameter(world.aws.world, elsewhere, '/ecom/images/storefront', seededImages.storefront);
  });
  for (const quota of quotas) world.aws.world.quotas.set(quota, 10_000);
  const process = world.start();
  for (const [operation, kind] of Object.entries(operations.ec2))
    if (kind === 'write')
      world.aws.world.faults.add({
        service: 'ec2',
        operation,
        region: homeRegion,
        probability: 0.9,
        error: 'throttle',
      });
  const many: StoreHandle[] = [];
  for (let i = 0; i < 30; i++)
    many.push(await world.post({ namespace: `tenant-${i}`, name: 'acme' }, subjects['web-tier'].spec(i)));
  await world.advance(2 * minute);
  const spec = { ...subjects['web-tier'].spec(99), region: elsewhere };
  const other = await world.post({ namespace: 'elsewhere', name: 'acme' }, spec);
  return { world, process, many, other };
}

describe('a region in which AWS throttles', () => {
  test('holds up no store of another one, and no pass hangs in it', async () => {
    const { world, process, many, other } = await aThrottledRegion();
    const began = world.timers.now();
    await world.until(() => world.isReady(other), 'the store elsewhere is ready');
    // Each of its steps may wait for a minute until a worker gives up its turn; alone it takes a quarter of that.
    expect(world.timers.now() - began).toBeLessThan(20 * minute);
    for (let passed = 0; passed < 6; passed++) {
      await world.advance(minute);
      expect(process.notLive()).toBeUndefined();
    }
    // It goes on meanwhile, and makes nothing twice.
    const vpcs = world.ledger.history().filter(({ type, region }) => type === 'ec2/vpc' && region === homeRegion);
    expect(vpcs.length).toBeGreaterThan(0);
    expect(vpcs.length).toBeLessThanOrEqual(many.length);
  }, 240_000);
});
