import { describe, expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { instances } from '../../simulator/aws/rds/kinds.ts';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

type Deletion = NonNullable<NonNullable<EcomStoreManifestSpec['policy']>['deletion']>;

const database: EcomStoreManifestSpec['database'] = { engine: 'postgres' };

/** What the message says is done. */
async function confirm(world: VirtualOperator, store: StoreHandle): Promise<void> {
  await world.until(() => world.condition(store, 'Stalled')?.message.includes('confirm-deletion=') ?? false, 'it asks');
  const [, value = ''] = /confirm-deletion=([^\s;]+)/.exec(world.condition(store, 'Stalled')?.message ?? '') ?? [];
  await world.annotate(store, { 'ecom.io/confirm-deletion': value });
}

/** A store whose database section is taken out. */
async function takenOut(deletion: Deletion, confirmed = false) {
  const world = new VirtualOperator();
  world.start();
  const store = await world.apply('examples/minimal.yaml', (spec) => ({ ...spec, database, policy: { deletion } }));
  await world.ready(store);
  await world.patch(store, { spec: { database: null } });
  if (confirmed) await confirm(world, store);
  const all = () => world.aws.world.collection(homeRegion, instances).all();
  const idOf = () => world.status(store)?.resources?.find(({ node }) => node === 'database/primary')?.id;
  return {
    world,
    store,
    idOf,
    first: idOf(),
    statusOfFirst: () => all()[0]?.status,
    count: () => all().length,
    addAgain: () => world.patch(store, { spec: { database } }),
  };
}

/** The processes die, and another one begins. */
async function another(world: VirtualOperator): Promise<void> {
  world.kill();
  await world.advance(5_000);
}

describe('a database whose section is taken out and added again', () => {
  test.each(['while it is being deleted', 'when it is gone, before anybody has told so'])(
    'is built anew, empty, once the old one is gone: %s',
    async (when) => {
      const { world, store, idOf, first, statusOfFirst, count, addAgain } = await takenOut('Delete', true);
      await world.until(() => statusOfFirst() === 'deleting', 'it is being deleted');
      if (when === 'while it is being deleted') await addAgain();
      else {
        world.kill();
        await world.until(() => count() === 0, 'it is gone');
        await addAgain();
        await world.advance(5_000);
      }
      await world.ready(store);
      expect(idOf()).not.toBe(first);
      expect(count()).toBe(1);
    },
    60_000,
  );

  test('asks again when it is taken out again: what was confirmed once is done', async () => {
    const { world, store, idOf, count, addAgain } = await takenOut('Delete', true);
    await world.until(() => count() === 0, 'the old one is gone');
    await addAgain();
    await world.ready(store);
    const second = idOf();
    await world.patch(store, { spec: { database: null } });
    await world.until(() => world.condition(store, 'Stalled')?.status === 'True', 'it asks again');
    await world.advance(60 * 60_000);
    expect(count()).toBe(1);
    await world.annotate(store, { 'ecom.io/confirm-deletion': store.uid });
    await world.advance(60 * 60_000);
    expect([count(), idOf()]).toEqual([1, second]);
    await confirm(world, store);
    await world.until(() => count() === 0, 'it goes');
  }, 60_000);

  test('is so by another process too, and the snapshot of the old one is told as ever', async () => {
    const { world, store, idOf, first, statusOfFirst, count, addAgain } = await takenOut('Snapshot');
    const snapshots = () => world.ledger.existing({ type: 'rds/snapshot' }).length;
    await world.until(() => snapshots() === 1, 'its final snapshot is being taken');
    await another(world);
    await world.until(() => statusOfFirst() === 'deleting', 'it is being deleted');
    await addAgain();
    await another(world);
    await world.until(() => count() === 0, 'the old one is gone');
    await another(world);
    await world.ready(store);
    expect(idOf()).not.toBe(first);
    expect(snapshots()).toBe(1);
    expect(world.status(store)?.retained?.map(({ type }) => type)).toEqual(['rds/snapshot']);
    expect(world.status(store)).not.toHaveProperty('journal');
  }, 60_000);

  test.each([
    ['its final snapshot is being taken', 'Snapshot'],
    ['its end waits for people', 'Delete'],
  ] as const)(
    'is the same one while %s, and is told as lost when somebody else deletes it then',
    async (_, deletion) => {
      const { world, store, idOf, first, addAgain } = await takenOut(deletion);
      await world.advance(20_000);
      await addAgain();
      await world.ready(store);
      expect(idOf()).toBe(first);
      await world.advance(10 * 60_000);
      const [one] = world.aws.world.collection(homeRegion, instances).all();
      const DBInstanceIdentifier = one?.name;
      await world.other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, DeletionProtection: false });
      await world.other('rds', 'DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true });
      await world.until(
        () => world.condition(store)?.message.includes('is gone, and nobody here') ?? false,
        'it is told',
      );
    },
    60_000,
  );
});

describe('a database that is kept, and was born otherwise than the section that comes back says', () => {
  test.each([
    ['databaseName', { databaseName: 'other' }, 'databaseName is shop, not other'],
    ['restoreSnapshotId', { restoreSnapshotId: 'acme-old' }, 'snapshotId is none, not acme-old'],
  ] as const)(
    'is not taken back without a word about %s',
    async (field, other, why) => {
      const { world, store, idOf, first } = await takenOut('Retain');
      await world.ready(store);
      await world.patch(store, { spec: { database: { ...database, ...other } } });
      const told = () => world.status(store)?.resources?.find(({ node }) => node === 'database/primary')?.message ?? '';
      await world.until(() => told().includes(why), 'it is told', 5);
      expect(told()).toContain(`spec.database.${field}`);
      expect(world.condition(store, 'Stalled')?.status).toBe('True');
      await world.advance(60 * 60_000);
      const [one] = world.aws.world.collection(homeRegion, instances).all();
      expect(one?.tags['ecom.io/retained']).toBe('true');
      // As it says itself how: by what the database was born with.
      await world.patch(store, { spec: { database: null } });
      await world.ready(store);
      await world.patch(store, { spec: { database } });
      await world.ready(store);
      expect(idOf()).toBe(first);
    },
    60_000,
  );

  test('is taken back with the snapshot that it was restored from, and without', async () => {
    const { world, store, idOf, first } = await takenOut('Snapshot');
    await world.ready(store);
    const restoreSnapshotId = world.status(store)?.retained?.[0]?.id;
    await world.patch(store, {
      spec: { database: { ...database, restoreSnapshotId }, policy: { deletion: 'Retain' } },
    });
    await world.ready(store);
    const restored = idOf();
    expect(restored).not.toBe(first);
    for (const again of [{ ...database, restoreSnapshotId }, database]) {
      await world.patch(store, { spec: { database: null } });
      await world.ready(store);
      await world.patch(store, { spec: { database: again } });
      await world.ready(store);
      expect(idOf()).toBe(restored);
    }
  }, 60_000);

  test('is not adopted under another name either, and nothing is made beside it', async () => {
    const { world, store, first } = await takenOut('Retain');
    await world.remove(store);
    await world.gone(store);
    const adopting = (databaseName: string) =>
      world.apply('examples/minimal.yaml', (spec) => ({
        ...spec,
        database: { ...database, adopt: first, databaseName },
      }));
    const before = world.ledger.existing().length;
    const other = await adopting('other');
    await world.until(() => world.condition(other, 'Stalled')?.status === 'True', 'it is told', 10);
    expect(world.condition(other, 'Stalled')?.message).toContain('databaseName is shop, not other');
    expect(world.ledger.existing({ type: 'ec2/vpc' })).toHaveLength(1);
    await world.remove(other);
    await world.gone(other);
    expect(world.ledger.existing()).toHaveLength(before);
    await world.ready(await adopting('shop'));
  }, 60_000);
});
