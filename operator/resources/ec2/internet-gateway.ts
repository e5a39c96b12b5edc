import type { InternetGateway } from '@aws-sdk/client-ec2';
import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** The network's door to the internet: for the load balancer inwards, for NAT outwards. */
export interface InternetGatewayProps {
  /** The VPC it is attached to. */
  readonly vpcId: string;
}

export interface InternetGatewayOutputs {
  readonly internetGatewayId: string;
}

type GatewayFound = Found<InternetGatewayProps, InternetGatewayOutputs>;

export const internetGateway: ResourceType<InternetGatewayProps, InternetGatewayOutputs> = {
  name: 'ec2/internet-gateway',
  fields: { vpcId: 'live' },
  needs: ['ec2/vpc'],
  replace: 'refuse',
  once: 'journal', // CreateInternetGateway knows neither a client token nor a unique name.
  endedBy: 'DeleteInternetGateway',
  beat: 'exposure',
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) =>
      aws.ec2('DescribeInternetGateways', { Filters: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) yield (page.InternetGateways ?? []).map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeInternetGateways', { InternetGatewayIds: [id] }));
    return (answer?.InternetGateways ?? []).length > 0;
  },

  async create(aws, _props, birth) {
    const { InternetGateway: made = {} } = await aws.ec2('CreateInternetGateway', {
      TagSpecifications: tagSpecification('internet-gateway', birth.tags),
    });
    return { ...told(made), owner: birth.owner };
  },

  async update(aws, found, props) {
    await detach(aws, found);
    await aws.ec2('AttachInternetGateway', { InternetGatewayId: found.id, VpcId: props.vpcId });
  },

  async delete(aws, found) {
    await detach(aws, found);
    await orAbsent(aws.ec2('DeleteInternetGateway', { InternetGatewayId: found.id }));
  },

  giveUp: detach,
};

async function detach(aws: Aws, { id, props }: GatewayFound): Promise<void> {
  const { vpcId: VpcId } = props;
  if (VpcId !== undefined) await orAbsent(aws.ec2('DetachInternetGateway', { InternetGatewayId: id, VpcId }));
}

function told(found: InternetGateway): GatewayFound {
  const { InternetGatewayId: id = '', Attachments: [attachment] = [] } = found;
  return {
    id,
    owner: ownerOf(found.Tags),
    state: { is: 'ready' },
    props: { vpcId: attachment?.VpcId },
    outputs: { internetGatewayId: id },
  };
}
