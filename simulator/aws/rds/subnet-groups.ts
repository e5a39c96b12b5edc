import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { subnets, type Subnet } from '../ec2/subnets.ts';
import { instances, marked, notFound, subnetGroups, type Marked, type SubnetGroup } from './kinds.ts';

/** "Must contain no more than 255 letters, numbers, periods, underscores, spaces, or hyphens. Must not be default." */
const nameOf = (given: string): string => given.toLowerCase();

export function subnetGroupOf(request: Request, name: string): SubnetGroup {
  const found = request.in(subnetGroups).get(nameOf(name));
  if (!found) throw notFound.subnetGroup(name);
  return found;
}

export const subnetGroupTold = (group: SubnetGroup, request: Request) => ({
  DBSubnetGroupName: group.name,
  DBSubnetGroupDescription: group.description,
  VpcId: group.vpcId,
  SubnetGroupStatus: 'Complete',
  DBSubnetGroupArn: group.arn,
  Subnets: group.subnetIds.map((id) => ({
    SubnetIdentifier: id,
    SubnetAvailabilityZone: { Name: request.in(subnets).get(id)?.zone ?? '' },
    SubnetOutpost: {},
    SubnetStatus: 'Active',
  })),
  SupportedNetworkTypes: ['IPV4'],
});

/** "DB subnet groups must contain at least one subnet in at least two AZs in the AWS Region", all of one VPC. */
function checked(request: Request, ids: readonly string[]): Subnet[] {
  const found = ids.map((id) => {
    const subnet = request.in(subnets).get(id);
    if (!subnet) throw new AwsError('InvalidSubnet', `Some input subnets in :[${ids.join(', ')}] are invalid.`);
    return subnet;
  });
  if (new Set(found.map(({ vpcId }) => vpcId)).size > 1)
    throw new AwsError('InvalidSubnet', 'The subnets of a DB subnet group must belong to one VPC.');
  if (new Set(found.map(({ zone }) => zone)).size < 2)
    throw new AwsError(
      'DBSubnetGroupDoesNotCoverEnoughAZs',
      'The DB subnet group doesn’t meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.',
    );
  return found;
}

interface Create {
  readonly DBSubnetGroupName: string;
  readonly DBSubnetGroupDescription: string;
  readonly SubnetIds: string[];
  readonly Tags?: TagPair[];
}

function create({ DBSubnetGroupName, DBSubnetGroupDescription, SubnetIds, Tags }: Create, request: Request) {
  const name = nameOf(DBSubnetGroupName);
  const all = request.in(subnetGroups);
  if (all.get(name)) throw new AwsError('DBSubnetGroupAlreadyExists', `The DB subnet group '${name}' already exists.`);
  const quota = ['DB subnet groups', 50, all.all().length, 'DBSubnetGroupQuotaExceeded'] as const;
  request.withinQuota(...quota, 'Cannot create more than 50 subnet groups');
  const found = checked(request, SubnetIds);
  const group = all.put(name, {
    name,
    arn: request.arn(`subgrp:${name}`),
    description: DBSubnetGroupDescription,
    vpcId: found[0]?.vpcId ?? '',
    subnetIds: [...new Set(SubnetIds)],
    tags: toTagMap(Tags),
  });
  return { DBSubnetGroup: subnetGroupTold(group, request) };
}

function modify(input: Omit<Create, 'Tags'> & { DBSubnetGroupDescription?: string }, request: Request) {
  const group = subnetGroupOf(request, input.DBSubnetGroupName);
  const found = checked(request, input.SubnetIds);
  if (found.some(({ vpcId }) => vpcId !== group.vpcId))
    throw new AwsError('InvalidSubnet', `Some input subnets are not in VPC ${group.vpcId}.`);
  const used = request
    .in(instances)
    .all()
    .filter((one) => one.subnetGroup === group.name);
  const lost = used.find(({ zone }) => !found.some((subnet) => subnet.zone === zone));
  if (lost)
    throw new AwsError('SubnetAlreadyInUse', `Subnet in ${lost.zone} is in use by the DB instance ${lost.name}.`);
  const changed = request.in(subnetGroups).change(group.name, {
    subnetIds: [...new Set(input.SubnetIds)],
    description: input.DBSubnetGroupDescription ?? group.description,
  });
  return { DBSubnetGroup: subnetGroupTold(changed, request) };
}

function remove({ DBSubnetGroupName }: { DBSubnetGroupName: string }, request: Request): void {
  const group = subnetGroupOf(request, DBSubnetGroupName);
  const user = request
    .in(instances)
    .all()
    .find((one) => one.subnetGroup === group.name);
  if (user)
    throw new AwsError(
      'InvalidDBSubnetGroupStateFault',
      `Cannot delete the subnet group '${group.name}' because at least one database instance: ${user.name} is still using it.`,
    );
  request.in(subnetGroups).remove(group.name);
}

export const subnetGroupOperations: Operations = {
  CreateDBSubnetGroup: create,
  ModifyDBSubnetGroup: modify,
  DeleteDBSubnetGroup: remove,
  DescribeDBSubnetGroups: (input: Marked & { DBSubnetGroupName?: string }, request) => {
    const named = input.DBSubnetGroupName;
    const listed = request.listed(subnetGroups).filter(({ name }) => named === undefined || name === nameOf(named));
    if (named !== undefined && listed.length === 0) throw notFound.subnetGroup(named);
    const { items, next } = marked(request, listed, input);
    return { DBSubnetGroups: items.map((group) => subnetGroupTold(group, request)), Marker: next };
  },
};
