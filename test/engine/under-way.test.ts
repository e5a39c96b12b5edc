import { beforeEach, expect, test } from 'vitest';
import { Inventory } from '../../operator/engine/inventory.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { registryOf, ToyCloud, toyType } from '../support/toy-cloud.ts';

const region = 'eu-central-1';
let clock: { time: number; now(): number };
let cloud: ToyCloud;
let inventory: Inventory;
let type: ReturnType<typeof toyType>;
let woken: string[];
/** Lets the list that is under way answer. */
let answer: () => void;

beforeEach(async () => {
  clock = { time: 1_000_000, now: () => clock.time };
  cloud = new ToyCloud(clock);
  woken = [];
  answer = () => undefined;
  const plain = toyType(cloud, 'toy/yard', { named: true });
  type = {
    ...plain,
    async *list(...given) {
      await new Promise<void>((resolve) => (answer = resolve));
      yield* plain.list(...given);
    },
    async named(aws, ids, scope) {
      await new Promise<void>((resolve) => (answer = resolve));
      return (await plain.named?.(aws, ids, scope)) ?? [];
    },
  };
  inventory = new Inventory({
    ...{ cloud, clock, registry: registryOf(type), installation: 'default', settings: defaultSettings },
    wake: (uids) => woken.push(...uids),
  });
  inventory.watch('uid-other', region);
  const first = inventory.readDue();
  answer();
  await first;
  [cloud.log.length, woken.length] = [0, 0];
});

/** Somebody else's reading begins, the store asks a moment later, and all that comes of it is read. */
async function askMeanwhile(since: number, running: { ids?: string[] } = {}, asked: { ids?: string[] } = running) {
  inventory.request(type, region, 'uid-other', clock.time, running);
  const reading = inventory.readDue();
  clock.time += 1_000;
  inventory.requestSince(since, type, region, 'uid-acme', clock.time + 2_000, asked);
  answer();
  await reading;
  clock.time += 3_000;
  const next = inventory.readDue();
  answer();
  await next;
}

test('a reading under way that knows of the write is waited for, and no other is made', async () => {
  await askMeanwhile(clock.time);
  expect(cloud.log).toHaveLength(1);
  expect(woken).toContain('uid-acme');
});

test('a reading that was begun before the write is followed by another', async () => {
  await askMeanwhile(clock.time + 500);
  expect(cloud.log).toHaveLength(2);
  expect(woken).toContain('uid-acme');
});

test('a reading of other resources is followed by one of those that were asked for', async () => {
  await askMeanwhile(clock.time, { ids: ['toy/yard-1'] }, { ids: ['toy/yard-2'] });
  expect(cloud.log).toEqual(['list toy/yard-1 of toy/yard', 'list toy/yard-2 of toy/yard']);
});

/** Somebody else's reading begins, and the store asks for one that may be as old as that; nothing more is due after it. */
async function askForOneAsOld(running: { ids?: string[] } = {}, asked: { ids?: string[] } = running) {
  const begun = clock.time;
  inventory.request(type, region, 'uid-other', begun, running);
  const reading = inventory.readDue();
  clock.time += 1_000;
  inventory.request(type, region, 'uid-acme', begun, asked);
  answer();
  await reading;
}

test('who asks meanwhile for a reading as old as the one under way is woken by that', async () => {
  await askForOneAsOld();
  expect(woken).toContain('uid-acme');
  expect(inventory.nextDue()).toBeGreaterThan(clock.time);
});

test('who asks meanwhile for what the reading under way does not tell has one of its own', async () => {
  await askForOneAsOld({ ids: ['toy/yard-1'] }, { ids: ['toy/yard-2'] });
  const next = inventory.readDue();
  answer();
  await next;
  expect(cloud.log).toEqual(['list toy/yard-1 of toy/yard', 'list toy/yard-2 of toy/yard']);
  expect(woken).toContain('uid-acme');
});

test('a beat that is reckoned while a reading is under way counts from that reading, not from the one before', async () => {
  const { settings } = defaultSettings.beats;
  clock.time += settings - 5_000;
  inventory.request(type, region, 'uid-other', clock.time);
  const reading = inventory.readDue();
  // Something else makes the beats be reckoned again.
  inventory.watch('uid-acme', region);
  inventory.nextDue();
  answer();
  await reading;
  expect(inventory.nextDue()).toBe(clock.time + settings);
});
