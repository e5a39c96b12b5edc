import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../operator/model/faults.ts';
import { registry } from '../../operator/resources/index.ts';
import type { Io, StoreReader } from '../../operator/cli/io.ts';
import { program } from '../../operator/cli/program.ts';
import type { EcomStore } from '../../operator/store/spec.ts';
import { neverWaits, offlineIo } from '../support/offline-io.ts';
import { StoreCluster } from '../support/store-cluster.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
const never = () => Promise.reject(new Error('orphans reads all stores, and no single one'));

/** A store as the cluster has it, once the operator has looked at it. */
const inCluster = ({ owner, spec }: VirtualStore, status: object = {}): EcomStore =>
  ({
    metadata: { namespace: owner.namespace, name: owner.name, uid: owner.uid },
    spec,
    status: { account: '111122223333', installation: 'default', ...status },
  }) as unknown as EcomStore;

/** Runs `ecomstore orphans` against AWS and a cluster with these stores; answers what it printed and how it ended. */
async function orphans(world: VirtualWorld, stores: readonly EcomStore[], ...args: string[]) {
  const printed: string[] = [];
  let [code, closed]: [number | undefined, number] = [undefined, 0];
  const cluster: StoreReader = {
    ...{ namespace: undefined, read: never, watch: never },
    all: async () => [...stores],
    close: async () => void closed++,
  };
  const io: Io = {
    ...offlineIo('orphans'),
    out: (line) => void printed.push(line),
    note: (line) => void printed.push(line),
    read: async () => never(),
    exit: (given) => void (code = given),
    connect: async () => world.cloud,
    cluster: async () => cluster,
    timers: { ...neverWaits, now: () => world.clock.now() },
  };
  const before = world.cloud.writes().length;
  const running = program(io, 'ecomstore', '0').parseAsync(['orphans', ...args], { from: 'user' });
  await running.finally(() => {
    expect(world.cloud.writes().slice(before)).toEqual([]);
    expect(closed).toBe(1);
  });
  return { code, text: printed.join('\n') };
}

interface Told {
  readonly orphaned: readonly { readonly store: string; readonly uid: string; readonly resources: readonly Listed[] }[];
  readonly retained: Told['orphaned'];
  readonly unread: readonly object[];
}
interface Listed {
  readonly type: string;
  readonly id: string;
  readonly data: boolean;
}

/** By the ledger, the types of what a store has, as far as lists of a whole region tell it. */
const typesOf = (world: VirtualWorld, { owner }: VirtualStore): string[] =>
  world.ledger
    .existing({ tag: ['ecom.io/uid', owner.uid] })
    .map(({ type }) => type)
    .filter((type) => registry.resources.some((one) => one.name === type && !one.parentOf))
    .sort();

describe('ecomstore orphans', () => {
  test('lists all that a store has left which is not in the cluster, and ends with 2', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => ({ ...spec, database: { engine: 'postgres' } }));
    await world.settle(store);
    const { code, text } = await orphans(world, [], '--region', 'eu-central-1', '--output', 'json');
    const { orphaned, retained, unread } = JSON.parse(text) as Told;
    expect([code, retained, unread]).toEqual([2, [], []]);
    expect(orphaned.map((one) => [one.store, one.uid])).toEqual([['shops/acme', store.owner.uid]]);
    const listed = orphaned[0]?.resources ?? [];
    // The ledger knows one type of zone.
    const types = listed.map(({ type }) => type.replace('private-zone', 'hosted-zone')).sort();
    expect(types).toEqual(expect.arrayContaining(typesOf(world, store)));
    expect(listed.filter(({ data }) => data).map(({ type }) => type)).toEqual(['rds/instance']);
    const { text: table } = await orphans(world, [], '--region', 'eu-central-1');
    expect(table).toContain(`  shops/acme  UID ${store.owner.uid}  ${listed.length} resources\n`);
    expect(table).toMatch(/ {4}database\/primary +rds\/instance +eu-central-1 +db-\w+ +holds data\n/);
    expect(table).toContain('see "What no store has" in docs/operating.md');
  });

  test('has nothing to tell of the stores of the cluster, nor of other installations, and ends with 0', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    const { code, text } = await orphans(world, [inCluster(store)]);
    expect(text).toContain('Installation default in account 111122223333, eu-central-1 and global services');
    expect(text).toContain('Nothing here is without a store');
    expect(code).toBe(0);
    const blue = await orphans(world, [], '--region', 'eu-central-1', '--installation', 'blue');
    expect(blue.code).toBe(0);
  });

  test('tells what is kept on purpose apart', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => ({ ...spec, database: { engine: 'postgres' } }));
    await world.settle(store);
    await world.remove(store);
    const kept = world.ledger.existing({ tag: ['ecom.io/retained', 'true'] });
    const { code, text } = await orphans(world, [], '--region', 'eu-central-1', '-o', 'json');
    const { orphaned, retained } = JSON.parse(text) as Told;
    expect([code, orphaned]).toEqual([0, []]);
    expect(retained.map(({ resources }) => resources.length)).toEqual([kept.length]);
    expect((await orphans(world, [], '--region', 'eu-central-1')).text).toContain(
      'Kept on purpose, of stores that are gone:',
    );
  });

  test('says which lists could not be read, and ends with 1', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    world.aws.world.faults.add({ service: 'elbv2', operation: 'DescribeLoadBalancers', error: 'deny' });
    const { code, text } = await orphans(world, [inCluster(store)]);
    expect(code).toBe(1);
    expect(text).toMatch(/These could not be read, so this is not all:\n {2}elbv2\/load-balancer in eu-central-1: /);
    expect(text).not.toContain('Nothing here is without a store');
  });

  test('refuses credentials of another account than that of the stores, and regions that there are not', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    const elsewhere = [inCluster(store, { account: '999999999999' })];
    await expect(orphans(world, elsewhere)).rejects.toThrow(/built in account 999999999999, and these credentials are/);
    await expect(orphans(world, [])).rejects.toThrow('name the regions to read with --region');
    await expect(orphans(world, [], '--region', 'eu-nowhere-1')).rejects.toThrow(/--region: AWS has no region/);
    const two = [inCluster(store), inCluster(store, { installation: 'blue' })];
    await expect(orphans(world, two)).rejects.toThrow(/choose one of default, blue with --installation/);
  });
});

describe('the stores of the cluster', () => {
  let cluster: StoreCluster;
  beforeEach(async () => void (cluster = await StoreCluster.start()));
  afterEach(() => cluster.stop());

  const all = async () => {
    const reader = cluster.reader();
    return reader.all().finally(() => reader.close());
  };

  test('are all of them, page by page', async () => {
    const names = Array.from({ length: 45 }, (_, n) => `store-${n}`).sort();
    for (const name of names) await cluster.create(name);
    expect((await all()).map(({ metadata }) => metadata.name).sort()).toEqual(names);
  });

  test('are not taken for none where they may not be listed, or there is no CRD', async () => {
    cluster.kubernetes.faults.answer({ count: 1, answer: 403 });
    const remedy = expect.stringContaining('ask for list on ecomstores.ecom.io in all namespaces') as string;
    await expect(all()).rejects.toMatchObject({ kind: 'denied', facts: { remedy } });
    const whole = cluster;
    cluster = await StoreCluster.start({ crds: [] });
    await expect(all()).rejects.toBeInstanceOf(Fault);
    await whole.stop();
  });
});
