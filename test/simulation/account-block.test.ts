import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { shieldedStaleness, staleness } from '../../operator/engine/staleness.ts';
import { bucket as bucketType } from '../../operator/resources/s3/bucket.ts';
import type { FaultRule } from '../../simulator/aws/core/faults.ts';
import { buckets } from '../../simulator/aws/s3/kinds.ts';
import { homeRegion } from '../../simulator/account.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const second = 1_000;
const minute = 60 * second;
/** A pass that was begun before counts, and what is seen is written at once. */
const atOnce = 2 * second;

const exposure = staleness(bucketType, 'publicAccessBlocked', defaultSettings);
const shielded = shieldedStaleness(bucketType, 'publicAccessBlocked', defaultSettings) ?? 0;

const allFour = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** Stores with a bucket each, in one account. */
async function built(count = 2) {
  const world = new VirtualWorld();
  const stores = Array.from({ length: count }, (_, at) => {
    const store = world.add('examples/minimal.yaml', (spec) => ({
      ...spec,
      domain: { ...spec.domain, host: `shop-${at}.example.com` },
      content: {},
    }));
    store.owner = { ...store.owner, name: `store-${at}` };
    return store;
  });
  for (const store of stores) await world.settle(store);
  const AccountId = world.aws.world.account;
  const [store] = stores as [VirtualStore];
  const bucket = world.idOf(store, 'content/bucket');
  return {
    ...{ world, stores, store, bucket },
    blockAccount: (PublicAccessBlockConfiguration: object = allFour) =>
      world.other('s3control', 'PutPublicAccessBlock', { AccountId, PublicAccessBlockConfiguration }),
    unblockAccount: () => world.other('s3control', 'DeletePublicAccessBlock', { AccountId }),
    unblockBucket: () => world.other('s3', 'DeletePublicAccessBlock', { Bucket: bucket }),
    isBlocked: () => world.aws.world.collection(homeRegion, buckets).get(bucket)?.block !== undefined,
    exposed: () => world.ledger.exposures().filter(({ what }) => what.startsWith('bucket')),
    sentSince: (from: number) => world.cloud.sent.slice(from).map((one) => `${one.service}:${one.operation}`),
  };
}

/** Looks at the stores every second until something holds; answers after how long. */
async function until(world: VirtualWorld, stores: readonly VirtualStore[], holds: () => boolean): Promise<number> {
  const begun = world.clock.now();
  while (!holds() && world.clock.now() - begun < shielded + minute) await pass(world, stores, second);
  return world.clock.now() - begun;
}

/** Time goes by, and the stores are looked at four times a minute. */
async function watched(world: VirtualWorld, stores: readonly VirtualStore[], minutes: number): Promise<void> {
  for (let i = 0; i < 4 * minutes; i++) await pass(world, stores, minute / 4);
}

async function pass(world: VirtualWorld, stores: readonly VirtualStore[], millis: number): Promise<void> {
  world.clock.advance(millis);
  for (const store of stores) await world.pass(store);
}

const readsOf = (sent: readonly string[], service: string): number =>
  sent.filter((one) => one === `${service}:GetPublicAccessBlock`).length;

describe("while the account's own public access block is on", () => {
  test('a bucket that loses its own is exposed at no instant, and has it back within fifteen minutes, by one write', async () => {
    const { world, stores, blockAccount, unblockBucket, isBlocked, exposed } = await built();
    await blockAccount();
    await watched(world, stores, 2);
    const writes = world.cloud.writes().length;
    await unblockBucket();
    const took = await until(world, stores, isBlocked);
    expect(took).toBeGreaterThan(exposure + atOnce);
    expect(took).toBeLessThanOrEqual(shielded + atOnce);
    await watched(world, stores, 20);
    expect(world.cloud.writes().slice(writes)).toEqual(['s3:PutPublicAccessBlock']);
    expect(exposed()).toEqual([]);
  });

  test('a bucket without its own is read and mended within a minute of the moment that the block is taken away', async () => {
    const { world, stores, blockAccount, unblockAccount, unblockBucket, isBlocked, exposed } = await built();
    await blockAccount();
    await watched(world, stores, 2);
    await unblockBucket();
    await watched(world, stores, 3);
    expect([isBlocked(), exposed()]).toEqual([false, []]);
    await unblockAccount();
    const took = await until(world, stores, isBlocked);
    expect(took).toBeLessThanOrEqual(exposure + atOnce);
    expect(exposed()).toMatchObject([{ until: world.clock.now() }]);
  });

  test('what was mended just before it came is not mended again: an older reading of the bucket is not believed', async () => {
    const { world, stores, blockAccount, unblockBucket, isBlocked, sentSince } = await built();
    // Details are read while the bucket has no block; the list mends it and reads it back.
    await unblockBucket();
    const before = world.cloud.sent.length;
    world.engine.inventory.request(bucketType, homeRegion, undefined, world.clock.now(), {
      id: world.idOf(stores[0] as VirtualStore, 'content/bucket'),
    });
    await world.engine.inventory.readDue();
    expect(readsOf(sentSince(before), 's3')).toBeGreaterThan(0);
    await until(world, stores, isBlocked);
    await watched(world, stores, 2);
    await blockAccount();
    const writes = world.cloud.writes().length;
    await watched(world, stores, 20);
    expect(world.cloud.writes().slice(writes)).toEqual([]);
  });
});

describe("buckets are read every minute as ever when the account's block", () => {
  const denied: FaultRule = { service: 's3control', error: 'deny' };
  const cases: readonly [string, (built: Awaited<ReturnType<typeof setUp>>) => unknown][] = [
    ['was never set', () => undefined],
    [
      'may not be read',
      async ({ blockAccount, world }) => {
        await blockAccount();
        world.aws.world.faults.add(denied);
      },
    ],
    [
      'has three of the four settings',
      ({ blockAccount }) => blockAccount({ ...allFour, RestrictPublicBuckets: false }),
    ],
    [
      'was taken away',
      async ({ blockAccount, unblockAccount }) => {
        await blockAccount();
        await unblockAccount();
      },
    ],
  ];
  const setUp = () => built();

  test.each(cases)('%s', async (_, change) => {
    const all = await setUp();
    const { world, stores, unblockBucket, isBlocked } = all;
    await change(all);
    await watched(world, stores, 2);
    await unblockBucket();
    expect(await until(world, stores, isBlocked)).toBeLessThanOrEqual(exposure + atOnce);
  });
});

describe('an hour of watching four buckets', () => {
  const hour = async (isAccountBlocked: boolean) => {
    const { world, stores, blockAccount, sentSince, exposed } = await built(4);
    if (isAccountBlocked) await blockAccount();
    await watched(world, stores, 5);
    const from = world.cloud.sent.length;
    await watched(world, stores, 60);
    expect(exposed()).toEqual([]);
    const sent = sentSince(from);
    return { account: readsOf(sent, 's3control'), buckets: readsOf(sent, 's3'), all: sent.length };
  };

  test("reads the account's block sixty times, and each bucket's own four times instead of sixty", async () => {
    const [open, blocked] = [await hour(false), await hour(true)];
    console.log(`calls in an hour: ${JSON.stringify({ open, blocked })}`);
    expect(open.account).toBe(60);
    expect(blocked.account).toBe(60);
    // Details, which are read every fifteen minutes and a little sooner, tell it in any case.
    expect(open.buckets).toBeGreaterThanOrEqual(4 * (60 + 4));
    expect(open.buckets).toBeLessThanOrEqual(4 * (60 + 5));
    expect(blocked.buckets).toBeGreaterThanOrEqual(4 * 4);
    expect(blocked.buckets).toBeLessThanOrEqual(4 * 5);
  });
});
