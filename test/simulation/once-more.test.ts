import { describe, expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
type Part = Partial<EcomStoreManifestSpec>;
const policy = { deletion: 'Delete' as const };

/** A store with this part beside the least, and a way to another part in its stead. */
async function built(part: Part) {
  const world = new VirtualWorld();
  const store = world.add(minimal, (spec) => ({ ...spec, ...part }));
  const { monitoring: _monitoring, database: _database, cdn: _cdn, ...bare } = store.spec;
  store.confirmed = true;
  await world.settle(store);
  const become = (next: Part, run = reconcile): Promise<unknown> => {
    store.spec = withDefaults({ ...bare, ...next } as EcomStoreManifestSpec);
    store.applied = false;
    return world.settle(store, run, 120);
  };
  return { world, store, become };
}

describe('what was taken out is made again, although AWS remembers its caller reference', () => {
  test.each<[string, string, Part, Part]>([
    ['monitoring', 'route53/health-check', { monitoring: {} }, {}],
    [
      'its health check',
      'route53/health-check',
      { monitoring: {} },
      { monitoring: { healthCheck: { enabled: false } } },
    ],
    ['the private zone of a database', 'route53/hosted-zone', { database: {}, policy }, { policy }],
    ['a distribution', 'cloudfront/distribution', { cdn: {} }, {}],
  ])('%s', async (_what, type, part, without) => {
    const { world, store, become } = await built(part);
    for (let i = 0; i < 2; i++) {
      await become(without);
      expect(world.existing(type)).toEqual([]);
      // Another process knows nothing of the references that this one has used.
      world.restart();
      await become(part);
      expect(world.existing(type)).toHaveLength(1);
    }
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test('a health check whose interval is turned to and fro', async () => {
    const { world, become } = await built({ monitoring: {} });
    for (const intervalSeconds of [10, 30, 10, 30] as const) {
      await become({ monitoring: { healthCheck: { intervalSeconds } } });
      expect(world.existing('route53/health-check')).toHaveLength(1);
    }
  });

  test('a health check, once, although lists lag, the reply is lost, the process dies, and the next wants another', async () => {
    const { world, store, become } = await built({ monitoring: {} });
    await become({});
    world.aws.world.readLagMillis = 20_000;
    const creations = () => world.cloud.writes().filter((call) => call === 'route53:CreateHealthCheck').length;
    // The first one is refused, and the answer to the second one is lost.
    const fatal = creations() + 2;
    world.aws.world.faults.add({ operation: 'CreateHealthCheck', skip: 1, count: 1, when: 'after', error: 'timeout' });
    let isDead = false;
    await become({ monitoring: {} }, async (...given) => {
      const verdict = await reconcile(...given);
      if (!isDead && creations() === fatal) {
        isDead = true;
        world.restart();
        store.spec = withDefaults({ ...store.spec, monitoring: { healthCheck: { failureThreshold: 5 } } });
      }
      return verdict;
    });
    expect(isDead).toBe(true);
    expect(world.ledger.history().filter(({ type }) => type === 'route53/health-check')).toHaveLength(2);
  });
});
