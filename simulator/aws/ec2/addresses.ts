import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { addDependantRule, onDependants } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';

export interface Address extends Tagged {
  readonly publicIp: string;
  readonly associationId: string | undefined;
  readonly networkInterfaceId: string | undefined;
}

/** Every public IPv4 address costs, used or not: https://aws.amazon.com/vpc/pricing/ */
export const addresses = kind<Address>('elastic-ip', { dollarsPerHour: () => 0.005 });

const noAllocation = (id: string): AwsError =>
  new AwsError('InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);

export function addressOf(request: Request, id: string): Address {
  const found = request.in(addresses).get(id);
  if (!found) throw noAllocation(id);
  return found;
}

addDependantRule((world, region, ground, id) =>
  ground === 'address' ? world.collection(region, addresses).get(id)?.associationId : undefined,
);

const filters: FilterTable<Address> = {
  'allocation-id': ({ id }) => [id],
  'public-ip': ({ publicIp }) => [publicIp],
  'association-id': ({ associationId }) => [associationId],
  'network-interface-id': ({ networkInterfaceId }) => [networkInterfaceId],
  domain: () => ['vpc'],
};

function told(address: Address, request: Request) {
  const held =
    address.networkInterfaceId === undefined
      ? undefined
      : request.in(networkInterfaces).get(address.networkInterfaceId);
  return {
    AllocationId: address.id,
    PublicIp: address.publicIp,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: request.region,
    Tags: toTagPairs(address.tags),
    ...(held
      ? {
          AssociationId: address.associationId,
          NetworkInterfaceId: held.id,
          NetworkInterfaceOwnerId: request.account,
          PrivateIpAddress: held.privateIp,
        }
      : {}),
  };
}

/** Ties an address to an interface, as a NAT gateway does with its own. */
export function associate(request: Request, allocationId: string, networkInterfaceId: string): string {
  const associationId = request.id('eipassoc');
  request.in(addresses).change(allocationId, { associationId, networkInterfaceId });
  return associationId;
}

function allocate(input: { Domain?: string; TagSpecifications?: TagSpecification[] }, request: Request) {
  const all = request.in(addresses);
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html#using-instance-addressing-limit
  request.withinQuota(
    'Elastic IP addresses per Region',
    5,
    all.all().length,
    'AddressLimitExceeded',
    'The maximum number of addresses has been reached.',
  );
  const id = request.id('eipalloc');
  const { random } = request.world;
  const publicIp = [3, 64 + random.below(64), random.below(256), 1 + random.below(254)].join('.');
  const tags = tagsAtBirth(input.TagSpecifications, 'elastic-ip');
  all.put(id, { id, tags, publicIp, associationId: undefined, networkInterfaceId: undefined });
  return {
    AllocationId: id,
    PublicIp: publicIp,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: request.region,
  };
}

function release({ AllocationId = '' }: { AllocationId?: string }, request: Request): void {
  const { id, publicIp, networkInterfaceId = '' } = addressOf(request, AllocationId);
  // In the words that people have met: https://github.com/kubernetes/kops/issues/938
  if (request.in(networkInterfaces).get(networkInterfaceId)?.interfaceType === 'nat_gateway')
    throw new AwsError('AuthFailure', 'You do not have permission to access the specified resource.');
  if (onDependants(request, 'address', id) !== undefined)
    throw new AwsError('InvalidIPAddress.InUse', `Address ${publicIp} is in use.`);
  request.in(addresses).remove(id);
}

export const addressOperations: Operations = {
  AllocateAddress: allocate,
  DescribeAddresses: (input: { AllocationIds?: string[]; PublicIps?: string[]; Filters?: Filter[] }, request) => {
    const listed = byIds(request.listed(addresses), input.AllocationIds, ({ id }) => id, noAllocation);
    const named = byIds(
      listed,
      input.PublicIps,
      ({ publicIp }) => publicIp,
      (ip) => new AwsError('InvalidAddress.NotFound', `Address '${ip}' not found.`),
    );
    // DescribeAddresses has no pages.
    return { Addresses: filtered(named, input.Filters, filters).map((address) => told(address, request)) };
  },
  DescribeAddressesAttribute: (input: { AllocationIds?: string[] }, request) => ({
    Addresses: byIds(request.listed(addresses), input.AllocationIds, ({ id }) => id, noAllocation).map(
      ({ id, publicIp }) => ({
        AllocationId: id,
        PublicIp: publicIp,
      }),
    ),
  }),
  ReleaseAddress: release,
  AssociateAddress: (input: { AllocationId?: string; NetworkInterfaceId?: string }, request) => {
    const { id } = addressOf(request, input.AllocationId ?? '');
    const held = request.in(networkInterfaces).get(input.NetworkInterfaceId ?? '');
    if (!held)
      throw new AwsError(
        'InvalidNetworkInterfaceID.NotFound',
        `The networkInterface ID '${input.NetworkInterfaceId}' does not exist`,
      );
    request.in(networkInterfaces).change(held.id, { publicIp: addressOf(request, id).publicIp });
    return { AssociationId: associate(request, id, held.id) };
  },
  DisassociateAddress: ({ AssociationId }: { AssociationId?: string }, request) => {
    const address = request
      .in(addresses)
      .all()
      .find(({ associationId }) => associationId === AssociationId);
    if (!address)
      throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${AssociationId}' does not exist`);
    if (address.networkInterfaceId !== undefined && request.in(networkInterfaces).get(address.networkInterfaceId))
      request.in(networkInterfaces).change(address.networkInterfaceId, { publicIp: undefined });
    request.in(addresses).change(address.id, { associationId: undefined, networkInterfaceId: undefined });
  },
};
