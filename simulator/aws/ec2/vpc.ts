import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { parseCidr } from './addresses-of.ts';
import { gone, onDependants } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { makeDefaultNetworkAcl } from './network-acls.ts';
import { makeMainRouteTable } from './route-tables.ts';
import { makeDefaultSecurityGroup } from './security-groups.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';

export interface Vpc extends Tagged {
  readonly cidr: string;
  readonly state: 'pending' | 'available';
  readonly tenancy: string;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly metrics: boolean;
  readonly associationId: string;
}

export const vpcs = kind<Vpc>('vpc');

export const noVpc = (id: string): AwsError =>
  new AwsError('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);

/** The VPC as it truly is, or EC2's error. */
export function vpcOf(request: Request, id: string): Vpc {
  const found = request.in(vpcs).get(id);
  if (!found) throw noVpc(id);
  return found;
}

const filters: FilterTable<Vpc> = {
  'vpc-id': ({ id }) => [id],
  cidr: ({ cidr }) => [cidr],
  'cidr-block-association.cidr-block': ({ cidr }) => [cidr],
  state: ({ state }) => [state],
  'is-default': () => ['false'],
  'owner-id': () => [],
};

const told = (vpc: Vpc, { account }: Request) => ({
  VpcId: vpc.id,
  CidrBlock: vpc.cidr,
  State: vpc.state,
  InstanceTenancy: vpc.tenancy,
  DhcpOptionsId: 'dopt-00000000000000000',
  IsDefault: false,
  OwnerId: account,
  CidrBlockAssociationSet: [
    { AssociationId: vpc.associationId, CidrBlock: vpc.cidr, CidrBlockState: { State: 'associated' } },
  ],
  Ipv6CidrBlockAssociationSet: [],
  Tags: toTagPairs(vpc.tags),
});

interface CreateVpc {
  readonly CidrBlock?: string;
  readonly InstanceTenancy?: string;
  readonly TagSpecifications?: TagSpecification[];
  readonly AmazonProvidedIpv6CidrBlock?: boolean;
}

function createVpc(input: CreateVpc, request: Request) {
  const all = request.in(vpcs);
  const cidr = input.CidrBlock ?? '';
  const block = parseCidr(cidr);
  if (input.CidrBlock === undefined)
    throw new AwsError('MissingParameter', 'Either cidrBlock or ipv4IpamPoolId should be provided.');
  if (!block)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  if (block.prefix < 16 || block.prefix > 28) throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);
  // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
  request.withinQuota(
    'VPCs per Region',
    5,
    all.all().length,
    'VpcLimitExceeded',
    'The maximum number of VPCs has been reached.',
  );
  const id = request.id('vpc');
  const vpc = all.put(id, {
    id,
    cidr,
    tags: tagsAtBirth(input.TagSpecifications, 'vpc'),
    state: 'pending',
    tenancy: input.InstanceTenancy ?? 'default',
    dnsSupport: true,
    dnsHostnames: false,
    metrics: false,
    associationId: request.id('vpc-cidr-assoc'),
  });
  request.world.schedule(durations.vpcPending, () => {
    if (all.get(id)) all.change(id, { state: 'available' });
  });
  makeDefaultSecurityGroup(request, id);
  makeDefaultNetworkAcl(request, id);
  makeMainRouteTable(request, id, cidr);
  return { Vpc: told(vpc, request) };
}

function describeVpcs(
  input: { VpcIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
  request: Request,
) {
  const listed = byIds(request.listed(vpcs), input.VpcIds, ({ id }) => id, noVpc);
  const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
  const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
  return { Vpcs: items.map((vpc) => told(vpc, request)), NextToken: next };
}

interface Flag {
  readonly Value?: boolean;
}

function modifyVpcAttribute(
  input: { VpcId: string; EnableDnsSupport?: Flag; EnableDnsHostnames?: Flag; EnableNetworkAddressUsageMetrics?: Flag },
  request: Request,
) {
  const { id } = vpcOf(request, input.VpcId);
  const { EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics } = input;
  const given = [EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics].filter(Boolean);
  // "You cannot modify the DNS resolution and DNS hostnames attributes in the same request."
  if (given.length !== 1) throw new AwsError('InvalidParameterCombination', 'Exactly one attribute has to be given');
  request.in(vpcs).change(id, {
    ...(EnableDnsSupport ? { dnsSupport: EnableDnsSupport.Value === true } : {}),
    ...(EnableDnsHostnames ? { dnsHostnames: EnableDnsHostnames.Value === true } : {}),
    ...(EnableNetworkAddressUsageMetrics ? { metrics: EnableNetworkAddressUsageMetrics.Value === true } : {}),
  });
}

function describeVpcAttribute(input: { VpcId: string; Attribute: string }, request: Request) {
  const vpc = byIds(request.listed(vpcs), [input.VpcId], ({ id }) => id, noVpc)[0] as Vpc;
  const attributes: Record<string, object> = {
    enableDnsSupport: { EnableDnsSupport: { Value: vpc.dnsSupport } },
    enableDnsHostnames: { EnableDnsHostnames: { Value: vpc.dnsHostnames } },
    enableNetworkAddressUsageMetrics: { EnableNetworkAddressUsageMetrics: { Value: vpc.metrics } },
  };
  return { VpcId: vpc.id, ...attributes[input.Attribute] };
}

function deleteVpc({ VpcId }: { VpcId: string }, request: Request) {
  vpcOf(request, VpcId);
  const dependant = onDependants(request, 'vpc', VpcId);
  if (dependant !== undefined)
    throw new AwsError('DependencyViolation', `The vpc '${VpcId}' has dependencies and cannot be deleted.`);
  request.in(vpcs).remove(VpcId);
  gone(request, 'vpc', VpcId);
}

export const vpcOperations: Operations = {
  CreateVpc: createVpc,
  DescribeVpcs: describeVpcs,
  ModifyVpcAttribute: modifyVpcAttribute,
  DescribeVpcAttribute: describeVpcAttribute,
  DeleteVpc: deleteVpc,
};
