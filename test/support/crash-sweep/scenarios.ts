import { seededImages } from '../../../simulator/account.ts';
import { confirmAnnotation, type EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import type { StoreHandle, VirtualOperator } from '../virtual-operator.ts';
import { peopleCome } from './data.ts';
import type { Scenario, Step } from './scenario.ts';
import { sectionChanges } from './section-changes.ts';

const minute = 60_000;
const minimal = 'examples/minimal.yaml';
const everything = 'examples/everything.yaml';

/** Until Ready, and what is written a little later, too: events, the last of the status. */
async function settled(world: VirtualOperator, store: StoreHandle): Promise<StoreHandle> {
  await world.ready(store);
  await world.advance(minute);
  return store;
}

type Change = (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec;

const built =
  (file: string, change?: Change) =>
  async (world: VirtualOperator): Promise<StoreHandle> =>
    settled(world, await world.apply(file, change));

/** A store that people use. */
const used =
  (change?: Change) =>
  async (world: VirtualOperator): Promise<StoreHandle> => {
    const store = await built(everything, change)(world);
    await peopleCome(world, store);
    return store;
  };

/** Something that happens to a store that there is. */
const step = (name: string, act: (world: VirtualOperator, store: StoreHandle) => Promise<unknown>): Step => ({
  name,
  act: async (world, store) => {
    if (!store) throw new Error(`${name}: there is no store`);
    await act(world, store);
  },
});

const patching = (name: string, spec: object): Step =>
  step(name, async (world, store) => {
    await world.patch(store, { spec });
    await settled(world, store);
    // A store is ready while its last old instances still drain: only when they have ended do two runs have the same.
    await world.advance(10 * minute);
  });

const goes = async (world: VirtualOperator, store: StoreHandle): Promise<void> => {
  await world.gone(store);
  await world.advance(minute);
};

const deletion = step('deleted', async (world, store) => {
  await world.remove(store);
  await goes(world, store);
});

const creating = (file: string): Scenario => ({
  name: `creating ${file}`,
  steps: [{ name: 'created', act: (world) => built(file)(world) }],
});

const changing: Scenario = {
  name: 'changing image, port, host, alias and NAT of a store',
  before: built(minimal),
  steps: [
    patching('changed', {
      domain: { host: 'store.example.com', aliases: ['www.example.com'] },
      network: { nat: 'perZone' },
      compute: { port: 9090, image: { id: seededImages.next, ssmParameter: null }, scaling: { max: 12 } },
    }),
  ],
};

const healing: Scenario = {
  name: 'healing what somebody changed and removed',
  before: built(minimal),
  steps: [
    step('healed', async (world, store) => {
      const { ledger } = world;
      const idOf = (node: string): string =>
        ledger.existing().find(({ tags }) => tags['ecom.io/node'] === node)?.id ?? `no ${node}`;
      await world.other('ec2', 'AuthorizeSecurityGroupIngress', {
        GroupId: idOf('network/sg-app'),
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
      });
      await world.other('logs', 'DeleteLogGroup', { logGroupName: idOf('compute/log-group') });
      await world.other('ssm', 'DeleteParameter', { Name: `/ecom/${store.namespace}/${store.name}/host` });
      await world.advance(20 * minute);
      await settled(world, store);
    }),
  ],
};

const deleting: Scenario = { name: 'deleting a store', before: built(minimal), steps: [deletion], leaves: [] };

const withPolicy =
  (deletion: 'Retain' | 'Snapshot' | 'Delete'): Change =>
  (spec) => ({ ...spec, policy: { ...spec.policy, deletion } });

/** A bucket with objects, a user pool with users, and all that is part of it. */
const bucketAndPool = [
  's3/bucket',
  'cognito/user-pool',
  'cognito/domain',
  ...['customer', 'merchant', 'admin'].map(() => 'cognito/group'),
  'cognito/user',
];

/** A database, and what it stands on. */
const database = [
  'rds/instance',
  'rds/parameter-group',
  'rds/subnet-group',
  'secretsmanager/secret',
  'ec2/security-group',
  'ec2/subnet',
  'ec2/subnet',
  'ec2/vpc',
];

/** By the name that a command line has for it. */
export const scenarios = {
  'minimal-create': creating(minimal),
  'minimal-change': changing,
  'minimal-heal': healing,
  'minimal-delete': deleting,
  'minimal-cdn': {
    name: 'a store that lives gets a CDN, and loses it',
    before: built(minimal, (spec) => ({ ...spec, content: {}, identity: {} })),
    steps: [patching('with a CDN', { cdn: {} }), patching('without it', { cdn: null })],
  },
  'everything-create': creating(everything),
  'everything-change': {
    name: `one change in each section of ${everything}`,
    before: used(),
    steps: Object.entries(sectionChanges).map(([section, change]) => patching(section, { [section]: change })),
  },
  'everything-retain': {
    name: `deleting ${everything}: Retain`,
    before: used(withPolicy('Retain')),
    steps: [deletion],
    leaves: [...bucketAndPool, ...database],
  },
  'everything-snapshot': {
    name: `deleting ${everything}: Snapshot`,
    before: used(withPolicy('Snapshot')),
    steps: [{ ...deletion, consent: 'for snapshots' }],
    leaves: [...bucketAndPool, 'rds/snapshot', 'rds/automated-backup'],
  },
  'everything-delete': {
    name: `deleting ${everything}: Delete, confirmed after a while`,
    before: used(withPolicy('Delete')),
    steps: [
      step('left whole', async (world, store) => {
        await world.remove(store);
        await world.advance(10 * minute);
      }),
      {
        ...step('confirmed', async (world, store) => {
          await world.annotate(store, { [confirmAnnotation]: store.uid });
          await goes(world, store);
        }),
        consent: 'all',
      },
    ],
    leaves: [],
  },
} as const satisfies Readonly<Record<string, Scenario>>;
