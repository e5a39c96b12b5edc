import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Change } from '../../operator/cli/changes.ts';
import type { Io } from '../../operator/cli/io.ts';
import { program } from '../../operator/cli/program.ts';
import { withDefaults, type EcomStoreManifestSpec, type EcomStoreSpec } from '../../operator/store/spec.ts';
import { seededImages } from '../../simulator/account.ts';
import { patched } from '../judges/changes.ts';
import { neverWaits, offlineIo } from '../support/offline-io.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';
import { watchWrites } from '../support/writes-by-node.ts';

/** What `ecomstore plan -o json` tells of a store whose manifest has this spec. */
async function planOf(world: VirtualWorld, { owner }: VirtualStore, spec: EcomStoreSpec): Promise<Change[]> {
  const printed: string[] = [];
  const { namespace, name } = owner;
  const manifest = { apiVersion: 'ecom.io/v1alpha1', kind: 'EcomStore', metadata: { namespace, name }, spec };
  const io: Io = {
    ...offlineIo('plan'),
    out: (line) => void printed.push(line),
    note: () => undefined,
    read: async () => JSON.stringify(manifest),
    exit: () => undefined,
    connect: async () => world.cloud,
    timers: { ...neverWaits, now: () => world.clock.now() },
  };
  await program(io, 'ecomstore', '0').parseAsync(['node', 'ecomstore', 'plan', '-o', 'json', '-']);
  return (JSON.parse(printed.join('\n')) as { changes: Change[] }).changes;
}

type Section = Exclude<keyof EcomStoreSpec, 'region' | 'domain' | 'compute'>;

const leftOut =
  (section: Section) =>
  (spec: EcomStoreSpec): EcomStoreSpec =>
    withDefaults(
      Object.fromEntries(Object.entries(spec).filter(([name]) => name !== section)) as EcomStoreManifestSpec,
    );

const added =
  (sections: object) =>
  (spec: EcomStoreSpec): EcomStoreSpec =>
    withDefaults({ ...spec, ...sections });

/** An e-mail address that has confirmed nothing: AWS forgets it by itself, and there is nothing to delete. */
const unconfirmed = (node: string): boolean => /^(monitoring|notifications)\/subscription-/.test(node);

interface Case {
  readonly what: string;
  readonly change: (spec: EcomStoreSpec) => EcomStoreSpec;
}

const ofEverything: readonly Case[] = [
  { what: 'another port', change: patched({ compute: { port: 9090 } }) },
  { what: 'another host', change: patched({ domain: { host: 'market.example.com' } }) },
  { what: 'an alias less', change: patched({ domain: { aliases: [] } }) },
  {
    what: 'a newer major version of the database',
    change: patched({ database: { version: '17', allowMajorUpgrade: true, applyImmediately: true } }),
  },
  { what: 'a larger class of the database', change: patched({ database: { instanceClass: 'db.r7g.large' } }) },
  { what: 'a read replica more', change: patched({ database: { readReplicas: 3 } }) },
  { what: 'a read replica less', change: patched({ database: { readReplicas: 1 } }) },
  { what: 'no database', change: leftOut('database') },
  { what: 'a cache more', change: patched({ cache: { replicas: 3 } }) },
  { what: 'no CDN', change: leftOut('cdn') },
  { what: 'another page to sign in at', change: patched({ identity: { domainPrefix: 'market-shop' } }) },
  { what: 'nobody signs in', change: leftOut('identity') },
];

const ofMinimal: readonly Case[] = [
  { what: 'nothing', change: (spec) => spec },
  {
    what: 'another image',
    change: patched({ compute: { image: { id: seededImages.next, ssmParameter: undefined } } }),
  },
  { what: 'another instance type', change: patched({ compute: { instanceTypes: ['m5.large'] } }) },
  { what: 'a fallback more', change: patched({ compute: { instanceTypes: ['m4.large', 'm5.large'] } }) },
  { what: 'other user data', change: patched({ compute: { userData: '#!/bin/bash\ntrue\n' } }) },
  { what: 'more instances', change: patched({ compute: { scaling: { min: 3, max: 9 } } }) },
  { what: 'another health path', change: patched({ compute: { healthPath: '/alive' } }) },
  { what: 'no sticky sessions', change: patched({ loadBalancer: { stickiness: { enabled: false } } }) },
  { what: 'a CDN', change: added({ content: {}, cdn: {} }) },
  { what: 'a database with replicas', change: added({ database: { engine: 'postgres', readReplicas: 2 } }) },
  { what: 'a cache', change: added({ cache: { engine: 'valkey' } }) },
  { what: 'sign-in', change: added({ identity: {} }) },
  { what: 'monitoring', change: added({ monitoring: { notify: { emails: ['night@example.com'] } } }) },
  { what: 'no way out', change: patched({ network: { nat: 'none' } }) },
  {
    what: 'a third zone, with a type that is there, too',
    change: patched({ compute: { instanceTypes: ['m5.large'] }, network: { zones: 3 } }),
  },
];

const ofCache: readonly Case[] = [
  { what: 'another engine in the same cache', change: patched({ cache: { engine: 'valkey', version: '8.0' } }) },
];

afterEach(() => vi.restoreAllMocks());

/** Builds a store, plans a change of it, makes the change, and compares. */
async function compare(file: string, before: (spec: EcomStoreSpec) => EcomStoreSpec, { change }: Case) {
  const world = new VirtualWorld();
  const store = world.add(file);
  store.spec = before(store.spec);
  await world.settle(store, undefined, 180);
  const spec = change(store.spec);
  const plan = await planOf(world, store, spec);
  const ran = new Set(world.existing('ec2/instance').map(({ id }) => id));
  const { written, unexplained } = watchWrites(world);
  Object.assign(store, { spec, applied: false });
  await world.settle(store, undefined, 400);
  // Instances that are on their way out need a while, and the last of a rollout goes after its end.
  await world.leftAlone(store, 0.5);
  const left = world.existing('ec2/instance').filter(({ id }) => ran.has(id));
  return { plan, written, unexplained: unexplained(), replaced: ran.size - left.length };
}

describe.each([
  ['a store with everything', 'examples/everything.yaml', (spec: EcomStoreSpec) => spec, ofEverything],
  ['a small store', 'examples/minimal.yaml', (spec: EcomStoreSpec) => spec, ofMinimal],
  ['a small store with redis', 'examples/minimal.yaml', added({ cache: { engine: 'redis' } }), ofCache],
] as const)('of %s', (_, file, before, cases) => {
  test.each(cases)(
    'all that is written was foretold, and all that was foretold is written: $what',
    async (one) => {
      const { plan, written, unexplained, replaced } = await compare(file, before, one);
      const told = plan.map(({ node }) => node);
      expect([...written.keys()].filter((node) => !told.includes(node))).toEqual([]);
      expect(plan.filter(({ node }) => !written.has(node) && !unconfirmed(node))).toEqual([]);
      expect(unexplained).toEqual([]);
      // Instances of a group that goes are not replaced: it takes them along.
      const group = plan.find(({ type }) => type === 'autoscaling/group');
      if (group?.action !== 'create' && group?.action !== 'delete') expect(replaced).toBe(group?.instances?.most ?? 0);
    },
    60_000,
  );
});
