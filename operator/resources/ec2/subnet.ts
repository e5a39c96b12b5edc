import type { Subnet } from '@aws-sdk/client-ec2';
import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, retagResource, tagSpecification } from './tags.ts';

/** One zone's share of a tier of the network: public, app or data. */
export interface SubnetProps {
  readonly vpcId: string;
  readonly cidr: string;
  /** Where it was first made; which zones a region offers may change later, a subnet cannot move. */
  readonly availabilityZone: string;
  /** Whether instances get public addresses by themselves: never wanted (EC2.15). */
  readonly mapPublicIp: boolean;
}

export interface SubnetOutputs {
  readonly subnetId: string;
  readonly availabilityZone: string;
}

export const subnet: ResourceType<SubnetProps, SubnetOutputs> = {
  name: 'ec2/subnet',
  fields: { vpcId: 'fixed', cidr: 'fixed', availabilityZone: 'seed', mapPublicIp: 'live' },
  needs: ['ec2/vpc'],
  replace: 'refuse',
  // No token, but AWS refuses a second subnet with the same addresses (InvalidSubnet.Conflict).
  once: 'name',
  endedBy: 'DeleteSubnet',
  key: ({ vpcId, cidr }) => `${vpcId}/${cidr}`,
  beat: 'exposure', // Because of public addresses.
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) => aws.ec2('DescribeSubnets', { Filters: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) yield (page.Subnets ?? []).map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeSubnets', { SubnetIds: [id] }));
    return (answer?.Subnets ?? []).length > 0;
  },

  async create(aws, props, birth) {
    const { Subnet: made = {} } = await aws.ec2('CreateSubnet', {
      VpcId: props.vpcId,
      CidrBlock: props.cidr,
      AvailabilityZone: props.availabilityZone,
      TagSpecifications: tagSpecification('subnet', birth.tags),
    });
    return { ...told(made), owner: birth.owner };
  },

  async update(aws, found, props) {
    await aws.ec2('ModifySubnetAttribute', { SubnetId: found.id, MapPublicIpOnLaunch: { Value: props.mapPublicIp } });
  },

  async delete(aws, found) {
    await orAbsent(aws.ec2('DeleteSubnet', { SubnetId: found.id }));
  },

  retag: (aws, { id }, tags) => retagResource(aws, id, tags),
};

function told(found: Subnet): Found<SubnetProps, SubnetOutputs> {
  const { SubnetId: id = '', VpcId = '', CidrBlock = '', AvailabilityZone = '' } = found;
  return {
    id,
    key: `${VpcId}/${CidrBlock}`,
    owner: ownerOf(found.Tags),
    state: found.State === 'available' ? { is: 'ready' } : { is: 'pending', reason: `subnet is ${found.State}` },
    props: {
      vpcId: VpcId,
      cidr: CidrBlock,
      availabilityZone: AvailabilityZone,
      mapPublicIp: found.MapPublicIpOnLaunch ?? false,
    },
    outputs: { subnetId: id, availabilityZone: AvailabilityZone },
  };
}
