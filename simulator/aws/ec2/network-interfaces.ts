import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs, type TagMap } from '../core/tags.ts';
import type { World } from '../core/world.ts';
import { addressAt, parseCidr } from './addresses-of.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { subnets } from './subnets.ts';

/** A network interface that AWS makes for something else: an instance, a load balancer, a NAT gateway. */
export interface NetworkInterface extends Tagged {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly groupIds: readonly string[];
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly description: string;
  readonly interfaceType: string;
  /** The instance it belongs to, where it does. */
  readonly instanceId: string | undefined;
  /** Managed by an AWS service on our behalf. */
  readonly requesterManaged: boolean;
}

export const networkInterfaces = kind<NetworkInterface>('network-interface', {
  // Those that come and go with another resource are no resources of anyone's; the ledger counts their owners.
  exists: () => false,
});

export interface InterfaceToMake {
  readonly region: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
  readonly description: string;
  readonly interfaceType?: string;
  readonly publicIp?: string;
  readonly instanceId?: string;
  readonly tags?: TagMap;
}

/** Makes an interface with the next free address of its subnet. Throws when the subnet is full or gone. */
export function makeInterface(world: World, wanted: InterfaceToMake): NetworkInterface {
  const subnet = world.collection(wanted.region, subnets).get(wanted.subnetId);
  const block = subnet && parseCidr(subnet.cidr);
  if (!subnet || !block)
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${wanted.subnetId}' does not exist`);
  const all = world.collection(wanted.region, networkInterfaces);
  const taken = new Set(all.all().map(({ privateIp }) => privateIp));
  // AWS keeps the first four addresses and the last one of every subnet.
  let index = 4;
  while (index < block.size - 1 && taken.has(addressAt(block, index))) index += 1;
  if (index >= block.size - 1)
    throw new AwsError(
      'InsufficientFreeAddressesInSubnet',
      `There are not enough free addresses in subnet '${subnet.id}'`,
    );
  const id = `eni-0${world.random.hex(16)}`;
  return all.put(id, {
    id,
    tags: wanted.tags ?? {},
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    groupIds: [...wanted.groupIds],
    privateIp: addressAt(block, index),
    publicIp: wanted.publicIp,
    description: wanted.description,
    interfaceType: wanted.interfaceType ?? 'interface',
    instanceId: wanted.instanceId,
    requesterManaged: wanted.instanceId === undefined,
  });
}

export function removeInterface(world: World, region: string, id: string): void {
  world.collection(region, networkInterfaces).remove(id);
}

const filters: FilterTable<NetworkInterface> = {
  'network-interface-id': ({ id }) => [id],
  'subnet-id': ({ subnetId }) => [subnetId],
  'vpc-id': ({ vpcId }) => [vpcId],
  'availability-zone': ({ zone }) => [zone],
  'group-id': ({ groupIds }) => groupIds,
  description: ({ description }) => [description],
  'interface-type': ({ interfaceType }) => [interfaceType],
  status: () => ['in-use'],
  'attachment.instance-id': ({ instanceId }) => [instanceId],
  'attachment.instance-owner-id': ({ instanceId }) => [instanceId === undefined ? 'amazon-aws' : undefined],
  'requester-managed': ({ requesterManaged }) => [String(requesterManaged)],
  'private-ip-address': ({ privateIp }) => [privateIp],
  'association.public-ip': ({ publicIp }) => [publicIp],
};

const told = (one: NetworkInterface, { account }: Request) => ({
  NetworkInterfaceId: one.id,
  SubnetId: one.subnetId,
  VpcId: one.vpcId,
  AvailabilityZone: one.zone,
  Description: one.description,
  InterfaceType: one.interfaceType,
  Groups: one.groupIds.map((GroupId) => ({ GroupId })),
  OwnerId: account,
  PrivateIpAddress: one.privateIp,
  RequesterManaged: one.requesterManaged,
  Status: 'in-use',
  TagSet: toTagPairs(one.tags),
  Attachment: {
    Status: 'attached',
    ...(one.instanceId === undefined
      ? { InstanceOwnerId: 'amazon-aws' }
      : { InstanceId: one.instanceId, DeviceIndex: 0 }),
  },
  ...(one.publicIp === undefined ? {} : { Association: { PublicIp: one.publicIp } }),
});

const noInterface = (id: string): AwsError =>
  new AwsError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);

export const networkInterfaceOperations: Operations = {
  DescribeNetworkInterfaces: (
    input: { NetworkInterfaceIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(networkInterfaces), input.NetworkInterfaceIds, ({ id }) => id, noInterface);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { NetworkInterfaces: items.map((one) => told(one, request)), NextToken: next };
  },
};
