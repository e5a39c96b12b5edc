import { Fault } from '../../model/faults.ts';
import type { LookupType } from '../../model/resource-type.ts';

/** A VPC of the user's, which is read and never changed. */
export interface VpcLookupProps {
  readonly vpcId: string;
}

export interface VpcLookupOutputs {
  readonly vpcId: string;
  readonly cidr: string;
}

export const vpcLookup: LookupType<VpcLookupProps, VpcLookupOutputs> = {
  name: 'ec2/vpc-lookup',
  scope: 'regional',

  async lookup(aws, { vpcId }) {
    const { Vpcs: [vpc] = [] } = await aws.ec2('DescribeVpcs', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
    if (!vpc)
      throw new Fault('absent', `there is no VPC ${vpcId} in this region and account`, {
        field: 'spec.network.existing.vpcId',
        remedy: 'give the id of a VPC in the region of the store',
      });
    return { vpcId, cidr: vpc.CidrBlock ?? '' };
  },
};
