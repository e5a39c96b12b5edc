import { Fault } from '../../model/faults.ts';
import { tagsFromPairs } from '../../model/identity.ts';
import { refuseOthers, type Tenant } from '../../model/ownership.ts';
import type { Aws } from '../../model/ports.ts';
import type { LookupType } from '../../model/resource-type.ts';
import { dnsOf } from './vpc-dns.ts';

/** A VPC of the user's, which is read and never changed. */
export interface VpcLookupProps {
  readonly vpcId: string;
  /** What needs names inside the VPC, as the spec calls it: without DNS a VPC that is good for all else is refused. */
  readonly namesFor?: string;
  readonly tenant: Tenant;
}

export interface VpcLookupOutputs {
  readonly vpcId: string;
  readonly cidr: string;
}

export const vpcLookup: LookupType<VpcLookupProps, VpcLookupOutputs> = {
  name: 'ec2/vpc-lookup',
  scope: 'regional',

  async lookup(aws, { vpcId, namesFor, tenant }) {
    const { Vpcs: [vpc] = [] } = await aws.ec2('DescribeVpcs', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
    const field = 'spec.network.existing.vpcId';
    if (!vpc)
      throw new Fault('absent', `there is no VPC ${vpcId} in this region and account`, {
        field,
        remedy: 'give the id of a VPC in the region of the store',
      });
    refuseOthers(tenant, `VPC ${vpcId}`, tagsFromPairs(vpc.Tags), { field });
    if (namesFor !== undefined) await refuseWithoutDns(aws, vpcId, namesFor);
    return { vpcId, cidr: vpc.CidrBlock ?? '' };
  },
};

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html */
async function refuseWithoutDns(aws: Aws, VpcId: string, namesFor: string): Promise<void> {
  const { dnsSupport, dnsHostnames } = await dnsOf(aws, VpcId);
  const off = [...(dnsSupport ? [] : ['enableDnsSupport']), ...(dnsHostnames ? [] : ['enableDnsHostnames'])];
  if (off.length > 0)
    throw new Fault(
      'rejected',
      `VPC ${VpcId} has ${off.join(' and ')} off: no name of ${namesFor} would be seen in it`,
      {
        field: 'spec.network.existing.vpcId',
        remedy: `turn ${off.join(' and ')} on for the VPC`,
      },
    );
}
