import type { NatGateway } from '@aws-sdk/client-ec2';
import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** The way out for instances: outwards only, from an address that stays. */
export interface NatGatewayProps {
  /** A public subnet. */
  readonly subnetId: string;
  /** The elastic IP it speaks from. */
  readonly allocationId: string;
}

export interface NatGatewayOutputs {
  readonly natGatewayId: string;
}

export const natGateway: ResourceType<NatGatewayProps, NatGatewayOutputs> = {
  name: 'ec2/nat-gateway',
  fields: { subnetId: 'fixed', allocationId: 'fixed' },
  needs: ['ec2/subnet', 'ec2/elastic-ip', 'ec2/internet-gateway'],
  replace: 'delete-first', // The new one needs the address that the old one holds.
  once: 'token',
  endedBy: 'DeleteNatGateway',
  beat: 'existence',
  takes: { making: 60_000, deleting: 30_000 },
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) => aws.ec2('DescribeNatGateways', { Filter: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      // "A deleted NAT gateway remains visible for about an hour": it is gone all the same.
      yield (page.NatGateways ?? []).filter(({ State }) => State !== 'deleted').map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeNatGateways', { NatGatewayIds: [id] }));
    return (answer?.NatGateways ?? []).some(({ State }) => State === 'available' || State === 'pending');
  },

  async create(aws, props, birth) {
    const { NatGateway: made = {} } = await aws.ec2('CreateNatGateway', {
      SubnetId: props.subnetId,
      AllocationId: props.allocationId,
      ConnectivityType: 'public',
      ClientToken: birth.token,
      TagSpecifications: tagSpecification('natgateway', birth.tags),
    });
    return { ...told(made), owner: birth.owner };
  },

  async update() {
    // Every prop is fixed: decide never asks for this.
  },

  async delete(aws, found) {
    await orAbsent(aws.ec2('DeleteNatGateway', { NatGatewayId: found.id }));
  },
};

function told(found: NatGateway): Found<NatGatewayProps, NatGatewayOutputs> {
  const id = found.NatGatewayId ?? '';
  return {
    id,
    owner: ownerOf(found.Tags),
    state: stateOf(found),
    props: { subnetId: found.SubnetId, allocationId: found.NatGatewayAddresses?.[0]?.AllocationId },
    outputs: { natGatewayId: id },
    bornAt: found.CreateTime?.getTime(),
  };
}

function stateOf({ State, FailureCode, FailureMessage }: NatGateway): State {
  switch (State) {
    case 'available':
      return { is: 'ready' };
    case 'failed':
      return { is: 'failed', reason: `${FailureCode}: ${FailureMessage}` };
    case 'deleting':
    case 'deleted':
      return { is: 'deleting', reason: 'NAT gateway is being deleted' };
    default:
      return { is: 'pending', reason: 'NAT gateway is being made, which takes a minute or two' };
  }
}
