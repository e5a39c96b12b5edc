import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { contains, overlaps, parseCidr, type Block } from './addresses-of.ts';
import { gone, onDependants } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';
import { vpcOf } from './vpc.ts';
import { zonesOf } from './zones.ts';

export interface Subnet extends Tagged {
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  readonly mapPublicIp: boolean;
}

export const subnets = kind<Subnet>('subnet');

/** The zones that some subnets lie in, each once; a subnet that is gone lies in none. */
export const zonesIn = (request: Request, ids: readonly string[]): string[] => [
  ...new Set(ids.map((id) => request.in(subnets).get(id)?.zone ?? '').filter(Boolean)),
];

const noSubnet = (id: string): AwsError =>
  new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);

export function subnetOf(request: Request, id: string): Subnet {
  const found = request.in(subnets).get(id);
  if (!found) throw noSubnet(id);
  return found;
}

const filters: FilterTable<Subnet> = {
  'subnet-id': ({ id }) => [id],
  'vpc-id': ({ vpcId }) => [vpcId],
  cidr: ({ cidr }) => [cidr],
  'cidr-block': ({ cidr }) => [cidr],
  cidrBlock: ({ cidr }) => [cidr],
  state: () => ['available'],
  'availability-zone': ({ zone }) => [zone],
  availabilityZone: ({ zone }) => [zone],
  'map-public-ip-on-launch': ({ mapPublicIp }) => [String(mapPublicIp)],
  'default-for-az': () => ['false'],
};

function told(subnet: Subnet, request: Request) {
  const taken = request
    .in(networkInterfaces)
    .all()
    .filter(({ subnetId }) => subnetId === subnet.id).length;
  return {
    SubnetId: subnet.id,
    SubnetArn: request.arn(`subnet/${subnet.id}`),
    VpcId: subnet.vpcId,
    CidrBlock: subnet.cidr,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zonesOf(request.region).find(({ name }) => name === subnet.zone)?.id,
    // At once, as AWS's example has it: https://docs.aws.amazon.com/cli/latest/reference/ec2/create-subnet.html
    State: 'available',
    AvailableIpAddressCount: (parseCidr(subnet.cidr) as Block).size - 5 - taken,
    DefaultForAz: false,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    AssignIpv6AddressOnCreation: false,
    MapCustomerOwnedIpOnLaunch: false,
    EnableDns64: false,
    Ipv6Native: false,
    Ipv6CidrBlockAssociationSet: [],
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    OwnerId: request.account,
    Tags: toTagPairs(subnet.tags),
  };
}

interface CreateSubnet {
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly AvailabilityZone?: string;
  readonly TagSpecifications?: TagSpecification[];
}

function createSubnet(input: CreateSubnet, request: Request) {
  const vpc = vpcOf(request, input.VpcId);
  const { CidrBlock = '' } = input;
  const block = parseCidr(CidrBlock);
  if (!block)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${CidrBlock}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  if (block.prefix < 16 || block.prefix > 28 || !contains(parseCidr(vpc.cidr) as Block, block))
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${CidrBlock}' is invalid.`);
  const all = request.in(subnets);
  const siblings = all.all().filter(({ vpcId }) => vpcId === vpc.id);
  if (siblings.some(({ cidr }) => overlaps(parseCidr(cidr) as Block, block)))
    throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${CidrBlock}' conflicts with another subnet`);
  request.withinQuota(
    'Subnets per VPC',
    200,
    siblings.length,
    'SubnetLimitExceeded',
    'The maximum number of subnets has been reached.',
  );
  const names = zonesOf(request.region).map(({ name }) => name);
  const zone = input.AvailabilityZone ?? (names[0] as string);
  if (!names.includes(zone))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names.join(', ')}.`,
    );
  const id = request.id('subnet');
  const tags = tagsAtBirth(input.TagSpecifications, 'subnet');
  const subnet = all.put(id, { id, tags, vpcId: vpc.id, cidr: CidrBlock, zone, mapPublicIp: false });
  return { Subnet: told(subnet, request) };
}

export const subnetOperations: Operations = {
  CreateSubnet: createSubnet,
  DescribeSubnets: (
    input: { SubnetIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(subnets), input.SubnetIds, ({ id }) => id, noSubnet);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { Subnets: items.map((subnet) => told(subnet, request)), NextToken: next };
  },
  ModifySubnetAttribute: (
    { SubnetId, MapPublicIpOnLaunch }: { SubnetId: string; MapPublicIpOnLaunch?: { Value?: boolean } },
    request,
  ) => {
    subnetOf(request, SubnetId);
    if (MapPublicIpOnLaunch) request.in(subnets).change(SubnetId, { mapPublicIp: MapPublicIpOnLaunch.Value === true });
  },
  DeleteSubnet: ({ SubnetId }: { SubnetId: string }, request) => {
    subnetOf(request, SubnetId);
    if (onDependants(request, 'subnet', SubnetId) !== undefined)
      throw new AwsError('DependencyViolation', `The subnet '${SubnetId}' has dependencies and cannot be deleted.`);
    request.in(subnets).remove(SubnetId);
    gone(request, 'subnet', SubnetId);
  },
};
