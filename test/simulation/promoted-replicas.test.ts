import { describe, expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import { homeRegion } from '../../simulator/account.ts';
import { instances } from '../../simulator/aws/rds/kinds.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

type Deletion = 'Retain' | 'Snapshot' | 'Delete';

interface Built {
  readonly world: VirtualWorld;
  readonly store: VirtualStore;
  readonly primary: string;
  readonly replica: string;
}

/** A store with a database that one read replica follows. */
async function built(deletion: Deletion): Promise<Built> {
  const world = new VirtualWorld();
  const store = world.add('examples/mysql.yaml', (spec) => ({ ...spec, policy: { ...spec.policy, deletion } }));
  await world.settle(store);
  const idOf = (node: string): string => world.idOf(store, node);
  return { world, store, primary: idOf('database/primary'), replica: idOf('database/replica-1') };
}

const named = (world: VirtualWorld, id: string) =>
  world.aws.world
    .collection(homeRegion, instances)
    .all()
    .find(({ resourceId }) => resourceId === id);

/** Somebody deletes the database, and all that follows from it happens. */
async function lose({ world, store, primary }: Built): Promise<void> {
  const DBInstanceIdentifier = named(world, primary)?.name;
  await world.other('rds', 'CreateDBSnapshot', { DBInstanceIdentifier, DBSnapshotIdentifier: 'yesterday' });
  world.clock.advance(15 * 60_000);
  await world.other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, DeletionProtection: false });
  await world.other('rds', 'DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true });
  await wait(world, store, 45);
}

async function wait(world: VirtualWorld, store: VirtualStore, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i++) {
    await world.pass(store);
    world.clock.advance(60_000);
  }
}

function restore({ store }: Built): void {
  const { database, policy } = store.spec;
  store.spec = {
    ...store.spec,
    database: { ...(database as typeof database & object), restoreSnapshotId: 'yesterday' },
    policy: { ...policy, replace: ['database/primary'] },
  };
  store.applied = false;
}

const destroyed = (world: VirtualWorld): string[] =>
  world.ledger.history().flatMap((one) => (one.type === 'rds/instance' && one.destroyed !== undefined ? [one.id] : []));

describe('a read replica that RDS has made a database of its own', () => {
  test.each<Deletion>(['Retain', 'Snapshot', 'Delete'])(
    'stays, with policy %s, and a restored database gets another replica beside it',
    async (deletion) => {
      const whole = await built(deletion);
      const { world, store, primary, replica } = whole;
      const lost = named(world, primary)?.name;
      await lose(whole);
      expect(named(world, replica)?.sourceName).toBeUndefined();
      restore(whole);
      const { retained } = await world.settle(store, undefined, 90);
      expect(destroyed(world)).toEqual([lost]);
      const [again, other] = [world.idOf(store, 'database/primary'), world.idOf(store, 'database/replica-1')];
      expect(named(world, other)?.sourceName).toBe(named(world, again)?.name);
      expect(retained).toMatchObject([
        { node: 'database/replica-1', id: replica, why: expect.stringContaining('adopt') as unknown },
      ]);
      expect(named(world, replica)?.tags['ecom.io/retained']).toBe('true');
      expect(await world.leftAlone(store)).toEqual([]);
    },
  );

  test('is told of in an event, once', async () => {
    const whole = await built('Retain');
    const { world, store, replica } = whole;
    await lose(whole);
    restore(whole);
    const told: string[] = [];
    await world.settle(
      store,
      async (...given) => {
        const verdict = await reconcile(...given);
        for (const { kind, message } of verdict.happenings) if (kind === 'Retained') told.push(message);
        return verdict;
      },
      90,
    );
    expect(told).toEqual([expect.stringContaining(replica)]);
  });

  test('is followed by another one when somebody has promoted it', async () => {
    const { world, store, replica, primary } = await built('Snapshot');
    const DBInstanceIdentifier = named(world, replica)?.name;
    await world.other('rds', 'PromoteReadReplica', { DBInstanceIdentifier });
    await wait(world, store, 5);
    await world.settle(store, undefined, 90);
    expect(destroyed(world)).toEqual([]);
    expect(named(world, world.idOf(store, 'database/replica-1'))?.sourceName).toBe(named(world, primary)?.name);
    expect(world.existing('rds/instance')).toHaveLength(3);
  });

  test('is closed again when somebody opens it while the store waits for people', async () => {
    const whole = await built('Retain');
    const { world, store, replica } = whole;
    await lose(whole);
    const DBInstanceIdentifier = named(world, replica)?.name;
    await world.other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, PubliclyAccessible: true });
    await wait(world, store, 4);
    expect(named(world, replica)?.settings.PubliclyAccessible).toBe(false);
  });

  test('goes with the store as its policy says', async () => {
    const whole = await built('Snapshot');
    const { world, store } = whole;
    await lose(whole);
    restore(whole);
    await world.settle(store, undefined, 90);
    const { retained } = await world.remove(store);
    expect(world.existing('rds/instance')).toEqual([]);
    expect(retained.map(({ type }) => type)).toEqual(['rds/snapshot', 'rds/snapshot']);
  });
});
