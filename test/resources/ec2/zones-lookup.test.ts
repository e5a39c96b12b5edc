import { expect, test } from 'vitest';
import { zonesLookup } from '../../../operator/resources/ec2/zones-lookup.ts';
import { homeRegion } from '../../../simulator/account.ts';
import { VirtualWorld } from '../../support/virtual-world.ts';

test('a region that has fewer zones than are wanted says so, and blames no instance type', async () => {
  const aws = new VirtualWorld().cloud.at(homeRegion);
  await expect(zonesLookup.lookup(aws, { instanceTypes: ['m5.large'], count: 4 })).rejects.toMatchObject({
    message: `the region has 3 zones (${homeRegion}a, ${homeRegion}b, ${homeRegion}c), 4 are wanted`,
    facts: { field: 'spec.network.zones', remedy: 'ask for 3 at most' },
  });
});
