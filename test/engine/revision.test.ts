import { expect, test } from 'vitest';
import { Inventory } from '../../operator/engine/inventory.ts';
import { entryFacts } from '../../operator/engine/report.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { registryOf, ToyCloud, toyType } from '../support/toy-cloud.ts';

const minute = 60_000;
const region = 'eu-central-1';

/** An inventory of one thing, whose list tells a revision and whose details tell its size. */
function worldOf(revision: string | undefined) {
  const clock = { time: 1_000_000, now: () => clock.time };
  const cloud = new ToyCloud(clock);
  const owner = {
    installation: 'default',
    namespace: 'shops',
    name: 'acme',
    uid: 'uid-acme',
    node: 'net/yard' as const,
  };
  const thing = cloud.put({ type: 'toy/yard', owner, props: {}, readyAt: 0 });
  const aws = { revision, size: 1, details: 0 };
  const plain = toyType(cloud, 'toy/yard');
  const type: typeof plain = {
    ...plain,
    async *list(...given) {
      for await (const page of plain.list(...given)) yield page.map((one) => ({ ...one, revision: aws.revision }));
    },
    async detail() {
      aws.details += 1;
      return { props: { size: aws.size } };
    },
  };
  const inventory = new Inventory({
    ...{ cloud, clock, registry: registryOf(type), installation: 'default', settings: defaultSettings },
    wake: () => undefined,
  });
  inventory.watch('uid-acme', region);
  /** How often details were read meanwhile. */
  const detailsIn = async (millis: number): Promise<number> => {
    const before = aws.details;
    for (const end = clock.time + millis; clock.time < end; clock.time += 1_000) await inventory.readDue();
    return aws.details - before;
  };
  const entry = () => inventory.shelf(type, region).get(thing.id);
  return { aws, clock, inventory, type, entry, detailsIn };
}

test('where lists tell no revision, details are read on the slowest beat', async () => {
  const { detailsIn } = worldOf(undefined);
  await detailsIn(minute);
  expect(await detailsIn(60 * minute)).toBeGreaterThanOrEqual(4);
});

test('while lists tell the same revision, details are not read again', async () => {
  const { detailsIn } = worldOf('one');
  // The first time may have been too early: AWS may have told the past.
  expect(await detailsIn(20 * minute)).toBe(2);
  expect(await detailsIn(24 * 60 * minute)).toBe(0);
});

test('another revision has details read at once, and again when even a late reply must know of it', async () => {
  const { aws, entry, detailsIn } = worldOf('one');
  await detailsIn(60 * minute);
  [aws.revision, aws.size] = ['two', 2];
  expect(await detailsIn(3 * minute)).toBe(1);
  expect(entry()?.found.props).toMatchObject({ size: 2 });
  expect(await detailsIn(20 * minute)).toBe(1);
  expect(await detailsIn(24 * 60 * minute)).toBe(0);
});

test('a reply that tells the past after a new revision is put right', async () => {
  const { aws, entry, detailsIn } = worldOf('one');
  await detailsIn(60 * minute);
  aws.revision = 'two';
  await detailsIn(3 * minute);
  expect(entry()?.found.props).toMatchObject({ size: 1 });
  aws.size = 2;
  await detailsIn(20 * minute);
  expect(entry()?.found.props).toMatchObject({ size: 2 });
});

test('our own write has details read again, whatever revision lists still tell', async () => {
  const { aws, clock, inventory, type, entry, detailsIn } = worldOf('one');
  await detailsIn(60 * minute);
  const known = entry();
  if (!known) throw new Error('the inventory has lost it');
  inventory.shelf(type, region).updated(known, { size: 3 }, clock.now());
  inventory.request(type, region, undefined, clock.now() + 20 * minute);
  aws.size = 3;
  expect(await detailsIn(30 * minute)).toBeGreaterThanOrEqual(1);
});

test('what a list told to be unchanged counts as read then', async () => {
  const { clock, entry, detailsIn } = worldOf('one');
  await detailsIn(3 * 60 * minute);
  const known = entry();
  if (!known) throw new Error('the inventory has lost it');
  expect(entryFacts(known).readAt).toBeGreaterThan(clock.now() - 3 * minute);
});
