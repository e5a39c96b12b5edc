import type { Address } from '@aws-sdk/client-ec2';
import { Fault, faultOf, orAbsent } from '../../model/faults.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** A public address that stays: partners may have let it through their firewalls, so a NAT gateway keeps it. */
export type ElasticIpProps = Record<never, never>;

export interface ElasticIpOutputs {
  readonly allocationId: string;
  readonly publicIp: string;
}

export const elasticIp: ResourceType<ElasticIpProps, ElasticIpOutputs> = {
  name: 'ec2/elastic-ip',
  fields: {},
  needs: [],
  replace: 'refuse',
  once: 'journal', // AllocateAddress knows neither a client token nor a unique name.
  endedBy: 'ReleaseAddress',
  beat: 'exposure',
  scope: 'regional',

  async *list(aws, { installation }) {
    // DescribeAddresses answers everything at once.
    const { Addresses = [] } = await aws.ec2('DescribeAddresses', { Filters: ownedBy(installation) });
    yield Addresses.map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeAddresses', { AllocationIds: [id] }));
    return (answer?.Addresses ?? []).length > 0;
  },

  async create(aws, _props, birth) {
    const made = await aws.ec2('AllocateAddress', {
      Domain: 'vpc',
      TagSpecifications: tagSpecification('elastic-ip', birth.tags),
    });
    return { ...told(made), owner: birth.owner };
  },

  async update() {
    // It has no props: there is nothing to change.
  },

  async delete(aws, found) {
    // While a NAT gateway has it, and for some seconds after that is gone, EC2 says so in the words of a missing right;
    // one that is missing is called UnauthorizedOperation. https://github.com/eformat/sno-for-100/issues/9
    const held = await faultOf(orAbsent(aws.ec2('ReleaseAddress', { AllocationId: found.id })), 'denied');
    if (held?.facts.code === 'AuthFailure')
      throw new Fault('busy', `${found.id} is not free yet: ${held.message}`, {
        ...held.facts,
        remedy: undefined,
        passing: true,
      });
    if (held) throw held;
  },
};

function told(found: Address): Found<ElasticIpProps, ElasticIpOutputs> {
  const { AllocationId: id = '', PublicIp: publicIp } = found;
  return {
    id,
    owner: ownerOf(found.Tags),
    state: { is: 'ready' },
    props: {},
    outputs: { allocationId: id, publicIp },
  };
}
