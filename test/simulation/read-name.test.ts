import { describe, expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { vpcs } from '../../simulator/aws/ec2/vpc.ts';
import { instances, type Instance } from '../../simulator/aws/rds/kinds.ts';
import { resolveWithin } from '../../simulator/aws/route53/resolve.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const file = 'examples/mysql.yaml';
const reader = 'database-reader.acme-mysql.shops.ecom.internal';

const withReplicas =
  (readReplicas: number) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
    ...spec,
    database: { ...(spec.database as NonNullable<EcomStoreManifestSpec['database']>), readReplicas },
  });

async function built(replicas: number) {
  const world = new VirtualWorld();
  const store = world.add(file, withReplicas(replicas));
  await world.settle(store);
  return { world, store };
}

const all = (world: VirtualWorld): readonly Instance[] => world.aws.world.collection(homeRegion, instances).all();

const hostOf = ({ name, resourceId }: Instance): string =>
  `${name}.${resourceId.slice(3, 15).toLowerCase()}.${homeRegion}.rds.amazonaws.com`;

/** The hosts of the database, by their node. */
const hosts = (world: VirtualWorld): Record<string, string> =>
  Object.fromEntries(all(world).map((one) => [one.tags['ecom.io/node'] ?? '', hostOf(one)]));

/** What the instances of the store are answered, in the order of their names. */
function answers(world: VirtualWorld, name = reader): string[] {
  const own = world.aws.world.collection(homeRegion, vpcs).all();
  const id = own.find(({ tags }) => tags['ecom.io/node'] === 'network/vpc')?.id ?? '';
  return resolveWithin(world.aws.world, { id, region: homeRegion }, name).sort();
}

const leadsTo = (world: VirtualWorld, ...nodes: string[]): void =>
  expect(answers(world)).toEqual(nodes.map((node) => hosts(world)[node]).sort());

/** Time passes, and the store is looked at whenever something is due. */
async function minutes(world: VirtualWorld, store: VirtualStore, count: number): Promise<void> {
  const until = world.clock.now() + count * 60_000;
  while (world.clock.now() < until) {
    const { wakeAt } = await world.pass(store);
    const due = Math.min(wakeAt, world.engine.inventory.nextDue(), until);
    world.clock.advance(Math.max(200, due - world.clock.now()));
  }
  await world.pass(store);
}

const nameOf = (world: VirtualWorld, node: string): string | undefined =>
  all(world).find((one) => one.tags['ecom.io/node'] === node)?.name;

describe('the name that a store reads its database by', () => {
  test('leads to each replica, and is what the application is told', async () => {
    const { world, store } = await built(2);
    leadsTo(world, 'database/replica-1', 'database/replica-2');
    const told = await world.other('ssm', 'GetParameter', { Name: '/ecom/shops/acme-mysql/database/reader' });
    expect(told).toMatchObject({ Parameter: { Value: reader } });
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test('leads to the primary where there are no replicas', async () => {
    const { world } = await built(0);
    leadsTo(world, 'database/primary');
  });

  test('takes a replica in when it is there, and not before', async () => {
    const { world, store } = await built(0);
    store.spec = world.add(file, withReplicas(1)).spec;
    await minutes(world, store, 2);
    expect(hosts(world)).toHaveProperty(['database/replica-1']);
    leadsTo(world, 'database/primary');
    await world.settle(store);
    leadsTo(world, 'database/replica-1');
  });

  test('a shop opens with it while RDS has room for no replica', async () => {
    const world = new VirtualWorld();
    const store = world.add(file, withReplicas(1));
    const operation = 'CreateDBInstanceReadReplica';
    const fault = { operation, error: { code: 'InsufficientDBInstanceCapacity', status: 400 } };
    world.aws.world.faults.add(fault);
    await minutes(world, store, 45);
    const standing = (node: string) => store.last?.nodes.find((one) => one.node === node)?.standing;
    expect(standing('database/replica-1')).toBe('stalled');
    expect(standing('compute/group')).toBe('ready');
    leadsTo(world, 'database/primary');
    expect(world.existing('autoscaling/group')).toHaveLength(1);
  });

  test('lets go of a replica before it is deleted', async () => {
    const { world, store } = await built(2);
    const before = world.cloud.writes().length;
    store.spec = world.add(file, withReplicas(1)).spec;
    await world.settle(store);
    const ends = world.cloud.writes().slice(before);
    expect(ends.indexOf('route53:ChangeResourceRecordSets')).toBeGreaterThanOrEqual(0);
    expect(ends.indexOf('route53:ChangeResourceRecordSets')).toBeLessThan(ends.indexOf('rds:DeleteDBInstance'));
    leadsTo(world, 'database/replica-1');
  });

  test('lets go within two minutes of a replica that somebody deletes, and takes in the one that is made again', async () => {
    const { world, store } = await built(2);
    const lost = hosts(world)['database/replica-2'];
    const DBInstanceIdentifier = nameOf(world, 'database/replica-2');
    await world.other('rds', 'DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true });
    await minutes(world, store, 2);
    leadsTo(world, 'database/replica-1');
    world.clock.advance(600_000);
    await world.settle(store);
    leadsTo(world, 'database/replica-1', 'database/replica-2');
    expect(answers(world)).not.toContain(lost);
  });

  test('leads to the primary while the only replica is stopped', async () => {
    const { world, store } = await built(1);
    const name = nameOf(world, 'database/replica-1') ?? '';
    world.aws.world.collection(homeRegion, instances).change(name, { status: 'stopped' });
    await minutes(world, store, 1);
    leadsTo(world, 'database/primary');
    world.clock.advance(600_000);
    await world.settle(store);
    leadsTo(world, 'database/replica-1');
  });

  test('comes back with its zone', async () => {
    const { world, store } = await built(1);
    const HostedZoneId = world.idOf(store, 'database/names');
    const { ResourceRecordSets } = await world.other<{ ResourceRecordSets: { Type: string }[] }>(
      'route53',
      'ListResourceRecordSets',
      { HostedZoneId },
    );
    const Changes = ResourceRecordSets.filter(({ Type }) => Type === 'CNAME').map((ResourceRecordSet) => ({
      ...{ Action: 'DELETE', ResourceRecordSet },
    }));
    await world.other('route53', 'ChangeResourceRecordSets', { HostedZoneId, ChangeBatch: { Changes } });
    await world.other('route53', 'DeleteHostedZone', { Id: HostedZoneId });
    world.clock.advance(600_000);
    await world.settle(store);
    leadsTo(world, 'database/replica-1');
    expect(world.idOf(store, 'database/names')).not.toBe(HostedZoneId);
  });

  test('leads to the primary again when there are no replicas any more, and to the next ones', async () => {
    const { world, store } = await built(2);
    for (const [replicas, ...nodes] of [
      [0, 'database/primary'],
      [1, 'database/replica-1'],
    ] as const) {
      // Where there were replicas, the password stays with the store until there are none: the CRD asks for it.
      store.spec = world.add(file, (spec) => {
        const { database, ...rest } = withReplicas(replicas)(spec);
        return { ...rest, database: database && { ...database, masterSecret: 'store' } };
      }).spec;
      await world.settle(store);
      leadsTo(world, ...nodes);
    }
  });

  test('ends before what it leads to, and before its VPC', async () => {
    const { world, store } = await built(1);
    store.spec = { ...store.spec, policy: { ...store.spec.policy, deletion: 'Delete' } };
    store.confirmed = true;
    const before = world.cloud.writes().length;
    await world.remove(store);
    const ends = world.cloud.writes().slice(before);
    const zone = ends.indexOf('route53:DeleteHostedZone');
    expect(zone).toBeGreaterThanOrEqual(0);
    for (const later of ['rds:DeleteDBInstance', 'ec2:DeleteVpc']) expect(ends.indexOf(later)).toBeGreaterThan(zone);
    expect(world.existing()).toEqual([]);
  });

  test('goes with its store although the database stays, and who adopts that reads by a name of its own', async () => {
    const { world, store } = await built(1);
    const adopt = world.idOf(store, 'database/primary');
    await world.remove(store);
    expect(world.existing('rds/instance')).toHaveLength(1);
    expect(world.existing('route53/hosted-zone')).toEqual([]);
    const heir = world.add(file, (spec) => ({ ...spec, database: { ...spec.database, adopt } }));
    heir.owner = { ...heir.owner, name: 'heir' };
    await world.settle(heir);
    leadsTo(world);
    expect(answers(world, 'database-reader.heir.shops.ecom.internal')).toEqual([hosts(world)['database/replica-1']]);
  });

  test.each([
    ['CreateHostedZone', 'after'],
    ['ChangeTagsForResource', 'before'],
  ] as const)('is made once although %s fails %s its effect, and the process with it', async (operation, when) => {
    const world = new VirtualWorld();
    const store = world.add(file, withReplicas(1));
    // Lists do not show it yet when it is made again.
    world.aws.world.readLagMillis = 25_000;
    world.aws.world.faults.add({ service: 'route53', operation, count: 1, when, error: 'reset' });
    while (!world.cloud.writes().includes(`route53:${operation}`)) {
      const { wakeAt } = await world.pass(store);
      const due = Math.min(wakeAt, world.engine.inventory.nextDue());
      world.clock.advance(Math.max(200, due - world.clock.now()));
    }
    world.restart();
    await world.settle(store);
    const made = world.ledger.history().filter(({ type }) => type === 'route53/hosted-zone');
    expect(made).toHaveLength(1);
    expect(made[0]?.tags).toMatchObject({ 'ecom.io/node': 'database/names', 'ecom.io/uid': store.owner.uid });
    leadsTo(world, 'database/replica-1');
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test.each([1, 2])(
    'costs %i stores two calls each in fifteen minutes to watch, and all of them one in two',
    async (several) => {
      const { world, store } = await built(1);
      const stores = [store];
      if (several === 2) {
        const other = world.add(file, (spec) => ({ ...spec, domain: { ...spec.domain, host: 'other.example.com' } }));
        other.owner = { ...other.owner, name: 'other' };
        await world.settle(other);
        stores.push(other);
      }
      await world.leftAlone(store);
      const before = world.cloud.sent.length;
      const until = world.clock.now() + 60 * 60_000;
      while (world.clock.now() < until) {
        for (const one of stores) await world.pass(one);
        world.clock.advance(10_000);
      }
      const sent = world.cloud.sent.slice(before).filter(({ service }) => service === 'route53');
      const count = (name: string) => sent.filter(({ operation }) => operation === name).length;
      // With it the records of the zone are listed.
      expect(count('GetHostedZone') / several).toBeLessThanOrEqual(5);
      // Of private zones every two minutes, of public ones hardly ever.
      expect(count('ListHostedZones')).toBeLessThanOrEqual(35);
      expect(sent.filter(({ write }) => write)).toEqual([]);
    },
  );
});
