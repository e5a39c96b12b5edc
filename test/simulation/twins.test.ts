import { expect, test } from 'vitest';
import { ownerTags, type NodeOwner } from '../../operator/model/identity.ts';
import { freshMemory } from '../../operator/engine/order.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

// Two processes that both take themselves for the leader may each make one of what AWS makes twice when it is asked
// twice. Of these the elder stays, whatever the younger has got hold of meanwhile.

const tagsOf = (store: VirtualStore, node: NodeOwner['node']) => ownerTags({ ...store.owner, node });

const listOf = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

test('of two user pools the one that goes gives up the domain, and the other serves', async () => {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml', (spec) => ({
    ...spec,
    identity: { domainPrefix: 'acme-signs-in' },
  }));
  const made = async () => {
    const { UserPool } = await world.other<{ UserPool: { Id: string } }>('cognito-idp', 'CreateUserPool', {
      ...{ PoolName: 'acme', UserPoolTags: tagsOf(store, 'identity/pool'), UsernameAttributes: ['email'] },
      ...{ UsernameConfiguration: { CaseSensitive: false } },
      Schema: [{ Name: 'email', AttributeDataType: 'String', Required: true, Mutable: true }],
    });
    return UserPool.Id;
  };
  const elder = await made();
  world.clock.advance(1_000);
  const UserPoolId = await made();
  await world.other('cognito-idp', 'CreateUserPoolDomain', { UserPoolId, Domain: 'acme-signs-in' });
  await world.settle(store);
  expect(world.existing('cognito/user-pool').map(({ id }) => id)).toEqual([elder]);
  expect(await world.other('cognito-idp', 'DescribeUserPoolDomain', { Domain: 'acme-signs-in' })).toMatchObject({
    DomainDescription: { UserPoolId: elder },
  });
  expect(await world.leftAlone(store)).toEqual([]);
});

test('of two internet gateways the one that goes gives up the network, and the other serves', async () => {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml');
  const { Vpc } = await world.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', {
    CidrBlock: store.spec.network.cidr,
    TagSpecifications: [{ ResourceType: 'vpc', Tags: listOf(tagsOf(store, 'network/vpc')) }],
  });
  const made = async () => {
    const Tags = listOf(tagsOf(store, 'network/internet-gateway'));
    const { InternetGateway } = await world.other<{ InternetGateway: { InternetGatewayId: string } }>(
      ...([
        'ec2',
        'CreateInternetGateway',
        { TagSpecifications: [{ ResourceType: 'internet-gateway', Tags }] },
      ] as const),
    );
    return InternetGateway.InternetGatewayId;
  };
  const [stays = '', goes = ''] = [await made(), await made()].sort();
  await world.other('ec2', 'AttachInternetGateway', { InternetGatewayId: goes, VpcId: Vpc.VpcId });
  await world.settle(store);
  expect(world.existing('ec2/internet-gateway').map(({ id }) => id)).toEqual([stays]);
  expect(await world.leftAlone(store)).toEqual([]);
});

/** It has not seen that names were given up and taken again in the meantime: lists tell no owners. */
test('a process that led before finds whose what bears its names is by now', async () => {
  const world = new VirtualWorld();
  const before = world.add('examples/minimal.yaml');
  await world.settle(before);
  const elder = world.engine;
  world.restart();
  await world.remove(before);
  const anew = world.add('examples/minimal.yaml');
  await world.settle(anew);
  world.engine = elder;
  anew.memory = freshMemory();
  await world.settle(anew);
  expect(await world.leftAlone(anew)).toEqual([]);
});
