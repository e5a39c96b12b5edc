import type { SecurityGroup, Vpc } from '@aws-sdk/client-ec2';
import { orAbsent } from '../../model/faults.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, retagResource, tagSpecification } from './tags.ts';
import { dnsOf } from './vpc-dns.ts';

/** A store's own network. Its default security group, which AWS makes with it and nobody may delete, is kept empty. */
export interface VpcProps {
  readonly cidr: string;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  /** How many rules the default security group has: none are wanted (CIS 6.5, EC2.2). */
  readonly defaultGroupRules: number;
}

export interface VpcOutputs {
  readonly vpcId: string;
  readonly cidr: string;
}

export const vpc: ResourceType<VpcProps, VpcOutputs> = {
  name: 'ec2/vpc',
  fields: { cidr: 'fixed', dnsSupport: 'live', dnsHostnames: 'live', defaultGroupRules: 'live' },
  needs: [],
  replace: 'refuse',
  once: 'journal', // CreateVpc knows neither a client token nor a unique name.
  endedBy: 'DeleteVpc',
  beat: 'exposure', // Because of the rules of the default group.
  scope: 'regional',

  async *list(aws, scope) {
    for await (const page of vpcPages(aws, scope)) {
      const ids = page.map((found) => found.VpcId ?? '');
      const groups = await defaultGroups(aws, ids);
      yield page.map((found) => told(found, groups.get(found.VpcId ?? '')));
    }
  },

  detailed: ['dnsSupport', 'dnsHostnames'],

  async detail(aws, found) {
    return { props: await dnsOf(aws, found.id) };
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeVpcs', { VpcIds: [id] }));
    return (answer?.Vpcs ?? []).length > 0;
  },

  async create(aws, props, birth) {
    const { Vpc: made = {} } = await aws.ec2('CreateVpc', {
      CidrBlock: props.cidr,
      TagSpecifications: tagSpecification('vpc', birth.tags),
    });
    const found = told(made, undefined);
    // As documented for CreateVpc: DNS support is on and DNS hostnames are off at birth in a VPC that is not the default one.
    return { ...found, owner: birth.owner, props: { ...found.props, dnsSupport: true, dnsHostnames: false } };
  },

  async update(aws, found, props, fields) {
    // ModifyVpcAttribute takes one attribute a call.
    if (fields.has('dnsSupport'))
      await aws.ec2('ModifyVpcAttribute', { VpcId: found.id, EnableDnsSupport: { Value: props.dnsSupport } });
    if (fields.has('dnsHostnames'))
      await aws.ec2('ModifyVpcAttribute', { VpcId: found.id, EnableDnsHostnames: { Value: props.dnsHostnames } });
    if (fields.has('defaultGroupRules')) await emptyDefaultGroup(aws, found.id);
  },

  async delete(aws, found) {
    await orAbsent(aws.ec2('DeleteVpc', { VpcId: found.id }));
  },

  retag: (aws, { id }, tags) => retagResource(aws, id, tags),
};

async function* vpcPages(aws: Aws, scope: Scope): AsyncGenerator<Vpc[]> {
  const read = (NextToken?: string) => aws.ec2('DescribeVpcs', { Filters: ownedBy(scope.installation), NextToken });
  for await (const page of pages(read, (answer) => answer.NextToken)) yield page.Vpcs ?? [];
}

/** The default security groups of some VPCs, by VPC id. A filter takes at most 200 values. */
async function defaultGroups(aws: Aws, vpcIds: readonly string[]): Promise<Map<string, SecurityGroup>> {
  const groups = new Map<string, SecurityGroup>();
  for (const some of batches(vpcIds, 200)) {
    const Filters = [
      { Name: 'group-name', Values: ['default'] },
      { Name: 'vpc-id', Values: some },
    ];
    const read = (NextToken?: string) => aws.ec2('DescribeSecurityGroups', { Filters, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      for (const group of page.SecurityGroups ?? []) groups.set(group.VpcId ?? '', group);
  }
  return groups;
}

async function emptyDefaultGroup(aws: Aws, vpcId: string): Promise<void> {
  const group = (await defaultGroups(aws, [vpcId])).get(vpcId);
  const [ingress = [], egress = []] = [group?.IpPermissions, group?.IpPermissionsEgress];
  if (ingress.length > 0)
    await aws.ec2('RevokeSecurityGroupIngress', { GroupId: group?.GroupId, IpPermissions: ingress });
  if (egress.length > 0) await aws.ec2('RevokeSecurityGroupEgress', { GroupId: group?.GroupId, IpPermissions: egress });
}

/** A VPC in the words of the graph. */
function told(found: Vpc, defaultGroup: SecurityGroup | undefined): Found<VpcProps, VpcOutputs> {
  const id = found.VpcId ?? '';
  const rules = (defaultGroup?.IpPermissions?.length ?? 0) + (defaultGroup?.IpPermissionsEgress?.length ?? 0);
  return {
    id,
    owner: ownerOf(found.Tags),
    state: found.State === 'available' ? { is: 'ready' } : { is: 'pending', reason: `VPC is ${found.State}` },
    props: { cidr: found.CidrBlock, ...(defaultGroup ? { defaultGroupRules: rules } : {}) },
    outputs: { vpcId: id, cidr: found.CidrBlock },
  };
}
