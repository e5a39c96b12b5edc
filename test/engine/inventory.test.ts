import { expect, test } from 'vitest';
import { Inventory } from '../../operator/engine/inventory.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { Fault } from '../../operator/model/faults.ts';
import { registryOf, ToyCloud, toyType } from '../support/toy-cloud.ts';

const minute = 60_000;

/** An inventory that watches one store, and whose every list fails while `broken` says so. */
function inventoryOf() {
  const clock = { time: 1_000_000, now: () => clock.time };
  const cloud = new ToyCloud(clock);
  const state = { broken: false, why: 'the security token included in the request is expired', lists: 0, wakes: 0 };
  const yard = toyType(cloud, 'toy/yard');
  const owner = {
    installation: 'default',
    namespace: 'shops',
    name: 'acme',
    uid: 'uid-acme',
    node: 'net/yard' as const,
  };
  cloud.put({ type: 'toy/yard', owner, props: {}, readyAt: 0 });
  const failing: typeof yard = {
    ...yard,
    async *list(...given) {
      state.lists += 1;
      if (state.broken) throw new Fault('denied', state.why);
      yield* yard.list(...given);
    },
  };
  const inventory = new Inventory({
    cloud,
    clock,
    registry: registryOf(failing),
    installation: 'default',
    settings: defaultSettings,
    wake: (uids) => void (state.wakes += uids.size),
  });
  inventory.watch('uid-acme', 'eu-central-1');
  /** Reads whatever falls due, a step of the clock at a time. */
  const readFor = async (millis: number): Promise<void> => {
    for (const end = clock.time + millis; clock.time < end; clock.time += 500) await inventory.readDue();
  };
  return { state, inventory, readFor };
}

test('a list that cannot be read any more is tried once a minute, however old its last reading is', async () => {
  const { state, readFor } = inventoryOf();
  await readFor(minute);
  expect(state.lists).toBe(1);
  state.broken = true;
  await readFor(10 * minute);
  state.lists = 0;
  await readFor(60 * minute);
  expect(state.lists).toBeGreaterThanOrEqual(55);
  expect(state.lists).toBeLessThanOrEqual(61);
});

test('who rests on a list that fails is woken when it counts as unseen, when the fault is another, and when it is over', async () => {
  const { state, readFor } = inventoryOf();
  await readFor(minute);
  [state.broken, state.wakes] = [true, 0];
  // A beat until it is read again, and two more in which what was read still stands.
  await readFor(4.5 * minute);
  expect(state.wakes).toBe(0);
  await readFor(2 * minute);
  expect(state.wakes).toBe(1);
  await readFor(60 * minute);
  expect(state.wakes).toBe(1);
  state.why = 'not authorized';
  await readFor(2 * minute);
  expect(state.wakes).toBe(2);
  state.broken = false;
  await readFor(2 * minute);
  expect(state.wakes).toBe(3);
});

test('who waits for a list that never could be read is woken by its first failure, and by its first answer', async () => {
  const { state, readFor } = inventoryOf();
  state.broken = true;
  await readFor(30 * minute);
  expect(state.wakes).toBe(1);
  state.broken = false;
  await readFor(2 * minute);
  expect(state.wakes).toBe(2);
});

test('a list that never could be read is tried once a minute too', async () => {
  const { state, readFor } = inventoryOf();
  state.broken = true;
  await readFor(10 * minute);
  state.lists = 0;
  await readFor(60 * minute);
  expect(state.lists).toBeLessThanOrEqual(61);
});

test('a store that asks again and again for a list that fails does not make it more often', async () => {
  const { state, inventory, readFor } = inventoryOf();
  state.broken = true;
  await readFor(10 * minute);
  state.lists = 0;
  for (let i = 0; i < 20 * 6; i++) {
    inventory.watch('uid-acme', 'eu-central-1');
    await readFor(minute / 6);
  }
  expect(state.lists).toBeLessThanOrEqual(21);
});

test('a list that fails is asked for no more once nobody wants to know', async () => {
  const { state, inventory, readFor } = inventoryOf();
  state.broken = true;
  await readFor(10 * minute);
  inventory.forget('uid-acme');
  state.lists = 0;
  await readFor(60 * minute);
  expect(state.lists).toBeLessThanOrEqual(1);
  expect(inventory.nextDue()).toBe(Infinity);
});

test('what keeps a list from being read is told with since when, until it was read', async () => {
  const { state, inventory, readFor } = inventoryOf();
  state.broken = true;
  const since = 1_000_000;
  await readFor(10 * minute);
  expect(inventory.obstacle('uid-acme')).toMatchObject({ since, fault: { kind: 'denied' } });
  state.broken = false;
  await readFor(2 * minute);
  expect(inventory.obstacle('uid-acme')).toBeUndefined();
});

test('once a list can be read again, its beat is what it was', async () => {
  const { state, readFor } = inventoryOf();
  state.broken = true;
  await readFor(10 * minute);
  state.broken = false;
  await readFor(2 * minute);
  state.lists = 0;
  await readFor(60 * minute);
  expect(state.lists).toBe(30);
});

test('a list in which no store has anything is read on the slowest beat, and on its own once one has', async () => {
  const clock = { time: 1_000_000, now: () => clock.time };
  const cloud = new ToyCloud(clock);
  const gate = toyType(cloud, 'toy/gate', { beat: 'exposure' });
  const inventory = new Inventory({
    ...{ cloud, clock, registry: registryOf(gate), installation: 'default', settings: defaultSettings },
    wake: () => undefined,
  });
  inventory.watch('uid-acme', 'eu-central-1');
  const listsIn = async (millis: number): Promise<number> => {
    const before = cloud.log.length;
    for (const end = clock.time + millis; clock.time < end; clock.time += 1_000) await inventory.readDue();
    return cloud.log.length - before;
  };
  expect(await listsIn(60 * minute)).toBe(4);
  const owner = {
    installation: 'default',
    namespace: 'shops',
    name: 'acme',
    uid: 'uid-acme',
    node: 'net/gate' as const,
  };
  const thing = cloud.put({ type: 'toy/gate', owner, props: {}, readyAt: 0 });
  const props = { size: 1 };
  inventory
    .shelf(gate, 'eu-central-1')
    .created({ id: thing.id, owner, state: { is: 'ready' }, props, outputs: {} }, clock.time);
  inventory.request(gate, 'eu-central-1', 'uid-acme', clock.time);
  expect(await listsIn(60 * minute)).toBeGreaterThanOrEqual(59);
});

test('a list that cannot be read grows old, whatever is read by name meanwhile', async () => {
  const clock = { time: 1_000_000, now: () => clock.time };
  const cloud = new ToyCloud(clock);
  const yard = toyType(cloud, 'toy/yard', { named: true });
  const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'uid-acme' };
  cloud.put({ type: 'toy/yard', owner: { ...owner, node: 'net/yard' }, props: {}, readyAt: 0 });
  const kinds: string[] = [];
  let broken = false;
  const failing: typeof yard = {
    ...yard,
    async *list(...given) {
      if (broken) throw new Fault('denied', 'not for you');
      yield* yard.list(...given);
    },
  };
  const inventory = new Inventory({
    ...{ cloud, clock, registry: registryOf(failing), installation: 'default', settings: defaultSettings },
    wake: () => undefined,
    observe: ({ kind, fault }) => kinds.push(`${kind} ${fault?.kind ?? 'read'}`),
  });
  inventory.watch('uid-acme', 'eu-central-1');
  await inventory.readDue();
  const [id = ''] = inventory.ownedBy('uid-acme').map(({ entry }) => entry.found.id);
  [broken, clock.time] = [true, clock.time + 20 * minute];
  inventory.request(failing, 'eu-central-1', 'uid-acme', clock.time, { ids: [id] });
  await inventory.readDue();
  expect(kinds.sort()).toEqual(['list denied', 'list read', 'named read']);
  const sight = { type: 'toy/yard', region: 'eu-central-1', found: 1, ageMillis: 20 * minute };
  expect(inventory.sights()).toEqual([sight]);
  inventory.forget('uid-acme');
  expect(inventory.sights()).toEqual([]);
});
