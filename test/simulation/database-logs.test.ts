import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../operator/engine/settings.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { logGroups } from '../../simulator/aws/logs/groups.ts';
import { instances } from '../../simulator/aws/rds/kinds.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const file = 'examples/mysql.yaml';
const atOnce = 10_000;

const keeping =
  (logRetentionDays: 7 | 90, more: Partial<EcomStoreManifestSpec> = {}) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({ ...spec, monitoring: { logRetentionDays }, ...more });

async function built(change = (spec: EcomStoreManifestSpec) => spec) {
  const world = new VirtualWorld();
  const store = world.add(file, change);
  await world.settle(store);
  const servers = world.aws.world
    .collection(homeRegion, instances)
    .all()
    .map(({ name }) => name);
  /** By name without the path that they have in common, how many days each keeps what it has. */
  const kept = () =>
    Object.fromEntries(
      world.aws.world
        .collection(homeRegion, logGroups)
        .all()
        .filter(({ name }) => name.startsWith('/aws/rds/'))
        .map(({ name, retentionDays }) => [name.slice('/aws/rds/instance/'.length), retentionDays]),
    );
  const all = (days: number) =>
    Object.fromEntries(servers.flatMap((name) => ['error', 'slowquery'].map((log) => [`${name}/${log}`, days])));
  return { world, store, servers, kept, all };
}

/** Passes for so long, whatever comes of them. */
async function goOn(world: VirtualWorld, store: VirtualStore, millis: number): Promise<void> {
  const until = world.clock.now() + millis;
  while (world.clock.now() < until) {
    await world.pass(store);
    world.clock.advance(5_000);
  }
}

describe('the logs that RDS exports', () => {
  test('are kept for thirty days, those of the database and those of its replica, when the store is ready', async () => {
    const { world, store, kept, all, servers } = await built();
    expect(servers).toHaveLength(2);
    expect(kept()).toEqual(all(30));
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test('are kept so within the settings beat where RDS has something to export only later', async () => {
    const { world, store, servers, kept, all } = await built();
    const logGroupName = `/aws/rds/instance/${servers[0]}/error`;
    await world.other('logs', 'DeleteLogGroup', { logGroupName });
    expect(await world.leftAlone(store)).toEqual([]);
    await world.other('logs', 'CreateLogGroup', { logGroupName });
    const before = world.cloud.writes().length;
    await goOn(world, store, defaultSettings.beats.settings + atOnce);
    expect(kept()).toEqual(all(30));
    expect(world.cloud.writes().slice(before)).toEqual(['logs:PutRetentionPolicy']);
  });

  test('are kept for as long as monitoring says', async () => {
    const { world, store, kept, all } = await built(keeping(7));
    expect(kept()).toEqual(all(7));
    store.spec = world.add(file, keeping(90)).spec;
    const before = world.cloud.writes().length;
    await world.settle(store);
    expect(kept()).toEqual(all(90));
    const databases = world.cloud.writes().filter((call, at) => at >= before && call.startsWith('rds:'));
    expect(databases).toEqual([]);
  });

  test('stay when their database goes, and go by themselves', async () => {
    const { world, store, kept, all } = await built((spec) => ({ ...spec, policy: { deletion: 'Delete' } }));
    store.confirmed = true;
    await world.remove(store);
    expect(world.aws.world.collection(homeRegion, instances).all()).toEqual([]);
    expect(kept()).toEqual(all(30));
    expect(world.existing()).toEqual([]);
  });

  test('are kept as the store says that adopts the database', async () => {
    const { world, store, kept, all, servers } = await built();
    const adopt = world.idOf(store, 'database/primary');
    await world.remove(store);
    const heir = world.add(file, (spec) => keeping(7, { database: { ...spec.database, adopt } })(spec));
    heir.owner = { ...heir.owner, name: 'heir' };
    await world.settle(heir);
    const [primary = ''] = servers;
    const ofPrimary = (days: object) => Object.entries(days).filter(([name]) => name.startsWith(primary));
    expect(ofPrimary(kept())).toEqual(ofPrimary(all(7)));
    // Those of the replica that is no more stay as they were.
    expect(kept()).toMatchObject(
      Object.fromEntries(Object.entries(all(30)).filter(([name]) => !name.startsWith(primary))),
    );
  });

  test('keep nobody from closing the database where the role may not set their retention', async () => {
    const { world, store, servers, kept, all } = await built();
    const [DBInstanceIdentifier = ''] = servers;
    world.aws.world.faults.add({ operation: 'PutRetentionPolicy', error: 'deny' });
    await world.other('logs', 'DeleteRetentionPolicy', {
      logGroupName: `/aws/rds/instance/${DBInstanceIdentifier}/error`,
    });
    await goOn(world, store, 2 * defaultSettings.beats.settings);
    const told = store.last?.nodes.find(({ node }) => node === 'database/primary');
    expect(told).toMatchObject({ standing: 'stalled', reason: 'AccessDenied' });
    for (let i = 0; i < 3; i++) {
      await world.other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, PubliclyAccessible: true });
      await goOn(world, store, defaultSettings.beats.exposure + atOnce);
      const found = world.aws.world.collection(homeRegion, instances).get(DBInstanceIdentifier);
      expect([i, found?.settings.PubliclyAccessible]).toEqual([i, false]);
      await goOn(world, store, 120_000);
    }
    world.aws.world.faults.clear();
    await world.settle(store);
    expect(kept()).toEqual(all(30));
  });
});
