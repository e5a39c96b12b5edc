import type { StoreHandle, VirtualOperator } from './virtual-operator.ts';
import { seededImages } from '../../simulator/account.ts';

/** Something that a store goes through, and what went before it. */
export interface Scenario {
  readonly name: string;
  /** Nothing is disturbed here, and nothing lags. */
  before(world: VirtualOperator): Promise<StoreHandle>;
  /** Every write of this is disturbed once in every way. */
  act(world: VirtualOperator, store: StoreHandle): Promise<void>;
}

const minute = 60_000;

const built = (file: string) => async (world: VirtualOperator) => {
  const store = await world.apply(file);
  await world.ready(store);
  await world.advance(minute);
  return store;
};

/** Until Ready, and what is written a little later, too: events, the last of the status. */
async function settled(world: VirtualOperator, store: StoreHandle): Promise<void> {
  await world.ready(store);
  await world.advance(minute);
}

export const creating = (file: string): Scenario => ({
  name: `creating ${file}`,
  before: async () => ({ namespace: '', name: '', uid: '' }),
  act: async (world) => settled(world, await world.apply(file)),
});

export const changing: Scenario = {
  name: 'changing image, port, host, alias and NAT of a store',
  before: built('examples/minimal.yaml'),
  act: async (world, store) => {
    await world.patch(store, {
      spec: {
        domain: { host: 'store.example.com', aliases: ['www.example.com'] },
        network: { nat: 'perZone' },
        compute: { port: 9090, image: { id: seededImages.next, ssmParameter: null }, scaling: { max: 12 } },
      },
    });
    await settled(world, store);
  },
};

export const healing: Scenario = {
  name: 'healing what somebody changed and removed',
  before: built('examples/minimal.yaml'),
  act: async (world, store) => {
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
  },
};

export const deleting: Scenario = {
  name: 'deleting a store',
  before: built('examples/minimal.yaml'),
  act: async (world, store) => {
    await world.remove(store);
    await world.gone(store);
    await world.advance(minute);
  },
};
