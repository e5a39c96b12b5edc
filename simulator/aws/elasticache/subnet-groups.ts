import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { subnets, type Subnet } from '../ec2/subnets.ts';
import {
  clusters,
  identifier,
  marked,
  notFound,
  replicationGroups,
  subnetGroups,
  type Marked,
  type Member,
  type SubnetGroup,
} from './kinds.ts';

export function subnetGroupOf(request: Request, name: string): SubnetGroup {
  const found = request.in(subnetGroups).get(name.toLowerCase());
  if (!found) throw notFound.subnetGroup(name);
  return found;
}

const told = (group: SubnetGroup, request: Request) => ({
  CacheSubnetGroupName: group.name,
  CacheSubnetGroupDescription: group.description,
  VpcId: group.vpcId,
  Subnets: group.subnetIds.map((id) => ({
    SubnetIdentifier: id,
    SubnetAvailabilityZone: { Name: request.in(subnets).get(id)?.zone ?? '' },
    SupportedNetworkTypes: ['ipv4'],
  })),
  ARN: group.arn,
  SupportedNetworkTypes: ['ipv4'],
});

/** Existing subnets, all of one VPC. Unlike RDS, ElastiCache takes a group of one zone. */
function checked(request: Request, ids: readonly string[]): Subnet[] {
  const found = ids.map((id) => {
    const subnet = request.in(subnets).get(id);
    if (!subnet) throw new AwsError('InvalidSubnet', `Some input subnets in :[${ids.join(', ')}] are invalid.`);
    return subnet;
  });
  if (found.length === 0 || new Set(found.map(({ vpcId }) => vpcId)).size > 1)
    throw new AwsError('InvalidSubnet', 'The subnets of a cache subnet group must belong to one VPC.');
  return found;
}

/** The nodes that live in a group, with the cache they are of. */
const inhabitants = (
  request: Request,
  name: string,
): { readonly cache: string; readonly nodes: readonly Member[] }[] => [
  ...request
    .in(replicationGroups)
    .all()
    .filter(({ subnetGroup }) => subnetGroup === name)
    .map((one) => ({ cache: one.name, nodes: one.members })),
  ...request
    .in(clusters)
    .all()
    .filter(({ subnetGroup }) => subnetGroup === name)
    .map((one) => ({ cache: one.name, nodes: one.nodes })),
];

interface Create {
  readonly CacheSubnetGroupName: string;
  readonly CacheSubnetGroupDescription: string;
  readonly SubnetIds: string[];
  readonly Tags?: TagPair[];
}

function create(input: Create, request: Request) {
  const name = identifier('CacheSubnetGroupName', input.CacheSubnetGroupName, 255);
  const all = request.in(subnetGroups);
  if (all.get(name)) throw new AwsError('CacheSubnetGroupAlreadyExists', `Cache subnet group ${name} already exists.`);
  const quota = ['Subnet groups per Region', 150, all.all().length, 'CacheSubnetGroupQuotaExceeded'] as const;
  request.withinQuota(...quota, 'Cannot create more than 150 cache subnet groups');
  const found = checked(request, input.SubnetIds);
  const group = all.put(name, {
    name,
    arn: request.arn(`subnetgroup:${name}`),
    description: input.CacheSubnetGroupDescription,
    vpcId: found[0]?.vpcId ?? '',
    subnetIds: [...new Set(input.SubnetIds)],
    tags: toTagMap(input.Tags),
  });
  return { CacheSubnetGroup: told(group, request) };
}

function modify(input: Partial<Create> & { CacheSubnetGroupName: string }, request: Request) {
  const group = subnetGroupOf(request, input.CacheSubnetGroupName);
  const found = checked(request, input.SubnetIds ?? group.subnetIds);
  if (found.some(({ vpcId }) => vpcId !== group.vpcId))
    throw new AwsError('InvalidSubnet', `Some input subnets are not in VPC ${group.vpcId}.`);
  for (const { cache, nodes } of inhabitants(request, group.name)) {
    const lost = nodes.find(({ zone }) => !found.some((subnet) => subnet.zone === zone));
    if (lost) throw new AwsError('SubnetInUse', `The subnet in ${lost.zone} is in use by ${cache}.`);
  }
  const changed = request.in(subnetGroups).change(group.name, {
    subnetIds: found.map(({ id }) => id),
    description: input.CacheSubnetGroupDescription ?? group.description,
  });
  return { CacheSubnetGroup: told(changed, request) };
}

function remove({ CacheSubnetGroupName }: { CacheSubnetGroupName: string }, request: Request): void {
  const group = subnetGroupOf(request, CacheSubnetGroupName);
  const [used] = inhabitants(request, group.name);
  if (used)
    throw new AwsError(
      'CacheSubnetGroupInUse',
      `Cache subnet group ${group.name} is currently in use by a cache cluster: ${used.cache}.`,
    );
  request.in(subnetGroups).remove(group.name);
}

export const subnetGroupOperations: Operations = {
  CreateCacheSubnetGroup: create,
  ModifyCacheSubnetGroup: modify,
  DeleteCacheSubnetGroup: remove,
  DescribeCacheSubnetGroups: (input: Marked & { CacheSubnetGroupName?: string }, request) => {
    const named = input.CacheSubnetGroupName?.toLowerCase();
    const listed = request.listed(subnetGroups).filter(({ name }) => named === undefined || name === named);
    if (named !== undefined && listed.length === 0) throw notFound.subnetGroup(named);
    const { items, next } = marked(request, listed, input);
    return { CacheSubnetGroups: items.map((group) => told(group, request)), Marker: next };
  },
};
