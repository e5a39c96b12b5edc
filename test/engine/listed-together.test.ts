import { expect, test } from 'vitest';
import { Inventory } from '../../operator/engine/inventory.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import { instance } from '../../operator/resources/rds/instance.ts';
import { readReplica } from '../../operator/resources/rds/read-replica.ts';
import { createSimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { SimulatedCloud } from '../support/simulated-cloud.ts';

function world() {
  const clock = new VirtualClock();
  const simulated = createSimulatedAws({ clock });
  const inventory = new Inventory({
    ...{ cloud: new SimulatedCloud(simulated), clock, registry: { resources: [instance, readReplica], lookups: [] } },
    ...{ installation: 'default', settings: defaultSettings, wake: () => undefined },
  });
  return { clock, simulated, inventory };
}

test('types whose lists are made of the same answers are read by one call, and both are known by it', async () => {
  const { clock, simulated, inventory } = world();
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

test('so are their details, where one call tells those of all', async () => {
  const { clock, simulated, inventory } = world();
  inventory.watch('uid-acme', 'eu-central-1');
  await inventory.readDue();
  const servers = [
    [instance, 'database/primary'],
    [readReplica, 'database/replica-1'],
  ] as const;
  const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'uid-acme' };
  for (const [type, node] of servers)
    inventory.shelf(type, 'eu-central-1').created(
      {
        ...{ id: node, key: node, owner: { ...owner, node: node as NodeId } },
        ...{ state: { is: 'ready' }, props: {}, outputs: {} },
      },
      clock.now(),
    );
  const read = () => simulated.world.ledger.calls().filter(({ operation }) => operation === 'DescribeLogGroups');
  inventory.request(readReplica, 'eu-central-1', 'uid-acme', clock.now(), { id: 'database/replica-1' });
  await inventory.readDue();
  expect(read()).toHaveLength(1);
  for (const [type, id] of servers)
    expect(inventory.shelf(type, 'eu-central-1').get(id)?.found.props).toEqual({ logRetentionDays: {} });
  clock.advance(defaultSettings.beats.settings);
  await inventory.readDue();
  expect(read()).toHaveLength(2);
});
