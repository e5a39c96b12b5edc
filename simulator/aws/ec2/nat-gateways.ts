import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { once } from '../core/tokens.ts';
import { durations } from '../durations.ts';
import { addresses, addressOf, associate } from './addresses.ts';
import { addDependantRule } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { internetGateways } from './gateways.ts';
import { kind, type Tagged } from './kinds.ts';
import { makeInterface, networkInterfaces, removeInterface } from './network-interfaces.ts';
import { subnetOf, subnets } from './subnets.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';

export interface NatGateway extends Tagged {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly allocationId: string;
  readonly networkInterfaceId: string | undefined;
  readonly state: 'pending' | 'failed' | 'available' | 'deleting' | 'deleted';
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly createdAt: number;
  readonly deletedAt: number | undefined;
}

export const natGateways = kind<NatGateway>('nat-gateway', {
  exists: ({ state }) => state !== 'deleted' && state !== 'failed',
  dollarsPerHour: () => 0.052,
});

const noNat = (id: string): AwsError => new AwsError('NatGatewayNotFound', `The Nat Gateway ${id} was not found`);

addDependantRule((world, region, ground, id) => {
  const holds = ({ vpcId, subnetId, state }: NatGateway): boolean =>
    ['pending', 'available', 'deleting'].includes(state) && (ground === 'vpc' ? vpcId === id : subnetId === id);
  return ground === 'vpc' || ground === 'subnet'
    ? world.collection(region, natGateways).all().find(holds)?.id
    : undefined;
});

const filters: FilterTable<NatGateway> = {
  'nat-gateway-id': ({ id }) => [id],
  'subnet-id': ({ subnetId }) => [subnetId],
  'vpc-id': ({ vpcId }) => [vpcId],
  state: ({ state }) => [state],
};

function told(nat: NatGateway, request: Request) {
  const held =
    nat.networkInterfaceId === undefined ? undefined : request.in(networkInterfaces).get(nat.networkInterfaceId);
  return {
    NatGatewayId: nat.id,
    SubnetId: nat.subnetId,
    VpcId: nat.vpcId,
    State: nat.state,
    ConnectivityType: 'public',
    CreateTime: new Date(nat.createdAt),
    ...(nat.deletedAt === undefined ? {} : { DeleteTime: new Date(nat.deletedAt) }),
    ...(nat.failure ? { FailureCode: nat.failure.code, FailureMessage: nat.failure.message } : {}),
    NatGatewayAddresses: [
      {
        AllocationId: nat.allocationId,
        IsPrimary: true,
        Status: nat.state === 'available' ? 'succeeded' : 'associating',
        ...(held ? { NetworkInterfaceId: held.id, PrivateIp: held.privateIp, PublicIp: held.publicIp } : {}),
      },
    ],
    Tags: toTagPairs(nat.tags),
  };
}

interface CreateNat {
  readonly SubnetId: string;
  readonly AllocationId?: string;
  readonly ClientToken?: string;
  readonly ConnectivityType?: string;
  readonly TagSpecifications?: TagSpecification[];
}

/** What has failed or is gone does not count: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
function needsRoom(request: Request, zone: string): void {
  const counts = ({ subnetId, state }: NatGateway): boolean =>
    ['pending', 'available', 'deleting'].includes(state) && request.in(subnets).get(subnetId)?.zone === zone;
  const used = request.in(natGateways).all().filter(counts).length;
  // https://github.com/eksctl-io/eksctl/issues/560
  const code = 'NatGatewayLimitExceeded';
  const message = `Performing this operation would exceed the limit of NAT gateways in ${zone}`;
  request.withinQuota('NAT gateways per Availability Zone', 5, used, code, message);
}

function create(input: CreateNat, request: Request) {
  const { ClientToken, ...parameters } = input;
  const id = once(request, ClientToken, parameters, () => {
    const subnet = subnetOf(request, input.SubnetId);
    if (input.AllocationId === undefined)
      throw new AwsError('MissingParameter', 'The request must include the AllocationId parameter');
    const address = addressOf(request, input.AllocationId);
    needsRoom(request, subnet.zone);
    const made = request.id('nat');
    request.in(natGateways).put(made, {
      id: made,
      tags: tagsAtBirth(input.TagSpecifications, 'natgateway'),
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      allocationId: address.id,
      networkInterfaceId: undefined,
      state: 'pending',
      failure: undefined,
      createdAt: request.now,
      deletedAt: undefined,
    });
    request.world.schedule(durations.natGatewayPending, () => become(request, made));
    hold(request, made, address.id);
    return made;
  });
  return { ClientToken, NatGateway: told(request.in(natGateways).get(id) as NatGateway, request) };
}

/** Takes the address at once, as AWS does while the gateway is pending; fails where it is taken already. */
function hold(request: Request, id: string, allocationId: string): void {
  const all = request.in(natGateways);
  const nat = all.get(id) as NatGateway;
  if (addressOf(request, allocationId).associationId !== undefined) return;
  const held = makeInterface(request.world, {
    region: request.region,
    subnetId: nat.subnetId,
    groupIds: [],
    description: `Interface for NAT Gateway ${id}`,
    interfaceType: 'nat_gateway',
    publicIp: addressOf(request, allocationId).publicIp,
  });
  associate(request, allocationId, held.id);
  all.change(id, { networkInterfaceId: held.id });
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-failed */
function become(request: Request, id: string): void {
  const all = request.in(natGateways);
  const nat = all.get(id);
  if (nat?.state !== 'pending') return;
  const fail = (code: string, message: string): void => {
    free(request, nat);
    all.change(id, { state: 'failed', failure: { code, message }, networkInterfaceId: undefined });
    request.world.schedule(durations.natGatewayShown, () => all.remove(id));
  };
  if (nat.networkInterfaceId === undefined)
    return fail('Resource.AlreadyAssociated', `Elastic IP address [${nat.allocationId}] is already associated`);
  const attached = request
    .in(internetGateways)
    .all()
    .some(({ vpcId }) => vpcId === nat.vpcId);
  if (!attached) return fail('Gateway.NotAttached', `Network ${nat.vpcId} has no Internet gateway attached`);
  all.change(id, { state: 'available' });
}

function free(request: Request, nat: NatGateway): void {
  if (nat.networkInterfaceId === undefined) return;
  removeInterface(request.world, request.region, nat.networkInterfaceId);
  if (request.in(addresses).get(nat.allocationId))
    request.in(addresses).change(nat.allocationId, { associationId: undefined, networkInterfaceId: undefined });
}

function remove({ NatGatewayId }: { NatGatewayId: string }, request: Request) {
  const all = request.in(natGateways);
  const nat = all.get(NatGatewayId);
  if (!nat) throw noNat(NatGatewayId);
  if (nat.state === 'pending' || nat.state === 'available') {
    all.change(nat.id, { state: 'deleting' });
    request.world.schedule(durations.natGatewayDeleting, () => {
      free(request, nat);
      all.change(nat.id, { state: 'deleted', deletedAt: request.now, networkInterfaceId: undefined });
      request.world.schedule(durations.natGatewayShown, () => all.remove(nat.id));
    });
  }
  return { NatGatewayId };
}

export const natGatewayOperations: Operations = {
  CreateNatGateway: create,
  DeleteNatGateway: remove,
  DescribeNatGateways: (
    input: { NatGatewayIds?: string[]; Filter?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(natGateways), input.NatGatewayIds, ({ id }) => id, noNat);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filter, filters), page);
    return { NatGateways: items.map((nat) => told(nat, request)), NextToken: next };
  },
};
