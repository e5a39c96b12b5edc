import { expect, test } from 'vitest';
import { Inventory } from '../../operator/engine/inventory.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { instance } from '../../operator/resources/rds/instance.ts';
import { readReplica } from '../../operator/resources/rds/read-replica.ts';
import { createSimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { SimulatedCloud } from '../support/simulated-cloud.ts';

test('types whose lists are made of the same answers are read by one call, and both are known by it', async () => {
  const clock = new VirtualClock();
  const simulated = createSimulatedAws({ clock });
  const inventory = new Inventory({
    ...{ cloud: new SimulatedCloud(simulated), clock, registry: { resources: [instance, readReplica], lookups: [] } },
    ...{ installation: 'default', settings: defaultSettings, wake: () => undefined },
  });
  inventory.watch('uid-acme', 'eu-central-1');
  await inventory.readDue();
  const read = () => simulated.world.ledger.calls().map(({ operation }) => operation);
  expect(read()).toEqual(['DescribeDBInstances']);
  expect(inventory.unread('uid-acme')).toEqual([]);
  clock.advance(defaultSettings.beats.settings);
  await inventory.readDue();
  expect(read()).toEqual(['DescribeDBInstances', 'DescribeDBInstances']);
  inventory.request(readReplica, 'eu-central-1', 'uid-acme', clock.now());
  await inventory.readDue();
  expect(read()).toHaveLength(3);
});
