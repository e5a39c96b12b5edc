import { expect, test } from 'vitest';
import { VirtualWorld } from '../support/virtual-world.ts';

test('a store whose object was made anew while it runs gets nothing beside it, and says why', async () => {
  const world = new VirtualWorld();
  const whole = 'examples/mysql.yaml';
  const store = world.add(whole, (spec) => ({ ...spec, policy: { deletion: 'Delete' } }));
  store.confirmed = true;
  await world.settle(store);
  const before = world.cloud.writes().length;
  world.restart();
  // The same manifest in another cluster: all is the same but the UID.
  const again = world.add(whole, (spec) => ({ ...spec, policy: { deletion: 'Delete' } }));
  again.confirmed = true;
  for (let minute = 0; minute < 30; minute++) {
    await world.pass(again);
    world.clock.advance(60_000);
  }
  expect(world.cloud.writes().slice(before)).toEqual([]);
  const { message, remedy } = again.last?.nodes.find(({ standing }) => standing === 'stalled') ?? {};
  expect(message).toMatch('was made for an earlier store of this name and still runs: nothing is made beside it');
  expect(remedy).toMatch(store.owner.uid);
  // What has been let go of stands in nobody's way.
  await world.remove(store);
  await world.settle(again);
  await world.remove(again);
  expect(world.existing()).toEqual([]);
});
