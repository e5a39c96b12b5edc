import { describe, expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualOperator } from '../support/virtual-operator.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

type Database = NonNullable<EcomStoreManifestSpec['database']>;

const file = 'examples/mysql.yaml';

const at =
  (version: string, beside: Database = {}) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
    ...spec,
    policy: { ...spec.policy, deletion: 'Delete' },
    database: {
      ...{ engine: 'postgres', masterSecret: 'store', allowMajorUpgrade: true, multiAz: false, version },
      ...beside,
    },
  });

async function built() {
  const world = new VirtualWorld();
  const store = world.add(file, at('16.4'));
  await world.settle(store);
  return { world, store };
}

const snapshotsOf = (world: VirtualWorld) => world.existing('rds/snapshot').map(({ id }) => id);
const told = (store: VirtualStore) => (store.last?.retained ?? []).map(({ id }) => id);

/** All the customers' data lies in it, and it stays whatever the policy: somebody has to be told that it is there. */
describe('the snapshot of before another major version', () => {
  test.each<[string, Database]>([
    ['a standby', { multiAz: true }],
    ['a class', { instanceClass: 'db.m6g.large' }],
    ['how long backups are kept', { backups: { retentionDays: 35 } }],
    ['parameters', { parameters: { work_mem: '4096' } }],
    ['storage', { storage: { gib: 100 } }],
    ['all at once', { applyImmediately: true, multiAz: true, performanceInsights: true, storage: { gib: 100 } }],
  ])('is told and listed where more changes with the version: %s', async (_what, beside) => {
    const { world, store } = await built();
    store.spec = world.add(file, at('17.4', beside)).spec;
    const events: string[] = [];
    await world.settle(
      store,
      async (...given) => {
        const verdict = await reconcile(...given);
        for (const { kind, message } of verdict.happenings) if (kind === 'SnapshotTaken') events.push(message);
        return verdict;
      },
      24 * 60,
    );
    const [snapshot = 'none', ...others] = snapshotsOf(world);
    expect(others).toEqual([]);
    expect(told(store)).toEqual([snapshot]);
    expect(events).toEqual([expect.stringContaining(snapshot)]);
    store.confirmed = true;
    await world.remove(store);
    expect(told(store)).toEqual([snapshot]);
    expect(snapshotsOf(world)).toEqual([snapshot]);
  });

  /** Up to where it is taken, with nothing kept of what the pass that began it said. */
  async function begunUntold() {
    const { world, store } = await built();
    const before = store.spec;
    store.spec = world.add(file, at('17.4', { multiAz: true })).spec;
    for (let i = 0; snapshotsOf(world).length === 0 && i < 100; i++) {
      const { last } = store;
      await world.pass(store);
      if (snapshotsOf(world).length > 0) store.last = last;
      else world.clock.advance(10_000);
    }
    world.restart();
    expect(told(store)).toEqual([]);
    return { world, store, before };
  }

  test('is told by the next process where the one that began it died, and is whole by then', async () => {
    const { world, store } = await begunUntold();
    world.clock.advance(60 * 60_000);
    await world.settle(store);
    expect(told(store)).toEqual(snapshotsOf(world));
    expect(snapshotsOf(world)).toHaveLength(1);
  });

  test('is told by the next process although it is too old for the upgrade', async () => {
    const { world, store } = await begunUntold();
    world.clock.advance(30 * 60 * 60_000);
    await world.settle(store);
    expect(told(store).sort()).toEqual(snapshotsOf(world).sort());
    expect(snapshotsOf(world)).toHaveLength(2);
  });

  test('is told when the store goes, at the latest: its process died, and the version was taken back', async () => {
    const { world, store, before } = await begunUntold();
    store.spec = before;
    await world.settle(store);
    expect(told(store)).toEqual([]);
    store.confirmed = true;
    await world.remove(store);
    expect(told(store)).toEqual(snapshotsOf(world));
    expect(store.last?.retained).toMatchObject([{ node: 'database/primary', type: 'rds/snapshot' }]);
  });

  test('is in the status of the store that is killed right after it has begun it', async () => {
    const world = new VirtualOperator({ seed: 3 });
    world.start();
    const store = await world.apply(file, at('16.4'));
    await world.ready(store);
    world.exchange.disturbFirst(({ what }) => what === 'rds:CreateDBSnapshot', { kill: 'after-effect' });
    const { database } = at('17.4', { multiAz: true })({} as EcomStoreManifestSpec);
    await world.patch(store, { spec: { database } });
    await world.ready(store, 300);
    expect(world.processes).toHaveLength(2);
    const taken = world.ledger.existing({ type: 'rds/snapshot' }).map(({ id }) => id);
    expect(taken).toHaveLength(1);
    expect(world.status(store)?.retained?.map(({ id }) => id)).toEqual(taken);
  });
});
