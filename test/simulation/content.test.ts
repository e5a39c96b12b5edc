import { describe, expect, test } from 'vitest';
import { teardown } from '../../operator/engine/reconcile.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { buckets } from '../../simulator/aws/s3/kinds.ts';
import { homeRegion } from '../../simulator/account.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
type Deletion = 'Retain' | 'Snapshot' | 'Delete';

const withContent =
  (rest: Partial<EcomStoreManifestSpec> = {}, deletion: Deletion = 'Retain') =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
    ...spec,
    content: {},
    policy: { ...spec.policy, deletion },
    ...rest,
  });

async function built(rest: Partial<EcomStoreManifestSpec> = {}, deletion: Deletion = 'Retain') {
  const world = new VirtualWorld();
  const store = world.add(minimal, withContent(rest, deletion));
  await world.settle(store);
  return { world, store, bucket: world.idOf(store, 'content/bucket') };
}

const put = (world: VirtualWorld, Bucket: string, Key: string) =>
  world.other('s3', 'PutObject', { Bucket, Key, Body: new Uint8Array([1]) });
const stored = (world: VirtualWorld, name: string) => world.aws.world.collection(homeRegion, buckets).get(name);
const exposed = (world: VirtualWorld) => world.ledger.exposures().filter(({ what }) => what.startsWith('bucket'));

describe('a store with content', () => {
  test('has a bucket that nobody reaches at any instant; it is left alone, and goes with the store while nothing is in it', async () => {
    const { world, store, bucket } = await built();
    expect(stored(world, bucket)).toMatchObject({ versioning: 'Enabled', ownership: 'BucketOwnerEnforced' });
    expect(await world.leftAlone(store)).toEqual([]);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
    expect(exposed(world)).toEqual([]);
  });

  test('what is old goes without a trace: the markers that hide nothing any more go after the versions', async () => {
    const { world, bucket } = await built();
    expect(stored(world, bucket)?.lifecycle?.rules).toMatchObject([
      {
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
    ]);
  });

  test('a public access block that somebody takes away is back within a minute', async () => {
    const { world, store, bucket } = await built();
    await world.other('s3', 'DeletePublicAccessBlock', { Bucket: bucket });
    const taken = world.clock.now();
    while (stored(world, bucket)?.block === undefined && world.clock.now() < taken + 600_000) {
      await world.pass(store);
      world.clock.advance(1_000);
    }
    expect(world.clock.now() - taken).toBeLessThanOrEqual(61_000);
    expect(exposed(world)).toHaveLength(1);
  });

  test('behind a CDN the distribution alone may read it, and finds it in its own region', async () => {
    const { world, store, bucket } = await built({ cdn: {} });
    const distribution = world.idOf(store, 'cdn/distribution');
    const policy = JSON.parse(stored(world, bucket)?.policy ?? '{}') as {
      Statement: { Effect: string; Principal: unknown; Condition: Record<string, Record<string, string>> }[];
    };
    const allowed = policy.Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]?.Principal).toEqual({ Service: 'cloudfront.amazonaws.com' });
    expect(allowed[0]?.Condition.StringEquals?.['AWS:SourceArn']).toMatch(new RegExp(`distribution/${distribution}$`));
    const { Distribution } = await world.other<{
      Distribution: { DistributionConfig: { Origins: { Items: { DomainName: string }[] } } };
    }>('cloudfront', 'GetDistribution', { Id: distribution });
    expect(Distribution.DistributionConfig.Origins.Items.map(({ DomainName }) => DomainName)).toContain(
      `${bucket}.s3.${homeRegion}.amazonaws.com`,
    );
    expect(await world.leftAlone(store)).toEqual([]);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('objects outlive their store, and another store takes the bucket over', async () => {
    const { world, store, bucket } = await built();
    await put(world, bucket, 'images/shoe.png');
    await world.remove(store);
    expect(world.existing().map(({ id }) => id)).toEqual([bucket]);
    expect(store.last?.retained.map(({ id }) => id)).toEqual([bucket]);
    const heir = world.add(minimal, withContent({ content: { adopt: bucket } }));
    await world.settle(heir);
    expect(world.idOf(heir, 'content/bucket')).toBe(bucket);
    expect(world.existing('s3/bucket')).toHaveLength(1);
    expect(await world.leftAlone(heir)).toEqual([]);
  });

  test('that is to become another bucket stays what it is, says so, and is healed as ever', async () => {
    const { world, store, bucket } = await built();
    store.spec = world.add(minimal, withContent({ content: { adopt: 'ecom-another-0123456789' } })).spec;
    await expect(world.settle(store, undefined, 5)).rejects.toThrow(`is ${bucket} already`);
    await world.other('s3', 'DeletePublicAccessBlock', { Bucket: bucket });
    await expect(world.settle(store, undefined, 2)).rejects.toThrow(`is ${bucket} already`);
    expect(exposed(world).filter(({ until }) => until === undefined)).toEqual([]);
    expect(stored(world, bucket)?.block).toMatchObject({ BlockPublicAcls: true });
  });

  test('whose bucket may not be looked into says so while it is deleted, and goes once it may be', async () => {
    const { world, store } = await built();
    const rule = { service: 's3', operation: 'ListObjectVersions', error: 'deny' } as const;
    world.aws.world.faults.add(rule);
    let told: readonly string[] = [];
    const gone = world.settle(
      store,
      async (...given) => {
        const verdict = await teardown(...given);
        told = [...told, ...verdict.happenings.filter(({ kind }) => kind === 'Stalled').map(({ node }) => node)];
        return verdict;
      },
      10,
    );
    await expect(gone).rejects.toThrow('content/bucket is stalled: s3:ListObjectVersions');
    expect(told).toEqual(['content/bucket']);
    world.aws.world.faults.remove(rule);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('objects go only once that is confirmed, however many pages they are', async () => {
    const { world, store, bucket } = await built({}, 'Delete');
    world.aws.world.pageSize = 2;
    for (let i = 0; i < 7; i++) await put(world, bucket, `images/${i}.png`);
    await expect(world.remove(store)).rejects.toThrow('nobody has confirmed');
    expect(world.existing('s3/bucket')).toHaveLength(1);
    store.confirmed = true;
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('a store that no longer wants it keeps what is in it', async () => {
    const { world, store, bucket } = await built();
    await put(world, bucket, 'images/shoe.png');
    const { content, ...without } = store.spec;
    store.spec = withDefaults(without as EcomStoreManifestSpec);
    await world.settle(store);
    expect(world.existing('s3/bucket').map(({ id }) => id)).toEqual([bucket]);
    store.spec = { ...store.spec, content };
    await world.settle(store);
    expect(world.idOf(store, 'content/bucket')).toBe(bucket);
  });
});
