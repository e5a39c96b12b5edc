import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import { sameMembers, without } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** A gateway endpoint: the way to S3 that needs neither NAT nor internet, and costs nothing. */
export interface VpcEndpointProps {
  readonly vpcId: string;
  /** `com.amazonaws.<region>.s3` */
  readonly serviceName: string;
  /** The tables that get a route to it. */
  readonly routeTableIds: readonly string[];
}

export interface VpcEndpointOutputs {
  readonly vpcEndpointId: string;
}

export const vpcEndpoint: ResourceType<VpcEndpointProps, VpcEndpointOutputs> = {
  name: 'ec2/vpc-endpoint',
  fields: { vpcId: 'fixed', serviceName: 'fixed', routeTableIds: { mode: 'live', equal: sameMembers } },
  needs: ['ec2/vpc', 'ec2/route-table'],
  replace: 'delete-first',
  once: 'token',
  endedBy: 'DeleteVpcEndpoints',
  beat: 'existence',
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) => aws.ec2('DescribeVpcEndpoints', { Filters: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      yield (page.VpcEndpoints ?? []).filter(({ State }) => lower(State) !== 'deleted').map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeVpcEndpoints', { VpcEndpointIds: [id] }));
    return (answer?.VpcEndpoints ?? []).some(({ State }) => !lower(State).startsWith('delet'));
  },

  async create(aws, props, birth) {
    const { VpcEndpoint: made = {} } = await aws.ec2('CreateVpcEndpoint', {
      VpcId: props.vpcId,
      ServiceName: props.serviceName,
      VpcEndpointType: 'Gateway',
      RouteTableIds: [...props.routeTableIds],
      ClientToken: birth.token,
      TagSpecifications: tagSpecification('vpc-endpoint', birth.tags),
    });
    return { ...told(made), owner: birth.owner };
  },

  async update(aws, found, props) {
    const has = found.props.routeTableIds ?? [];
    const [added, removed] = [without(props.routeTableIds, has), without(has, props.routeTableIds)];
    await aws.ec2('ModifyVpcEndpoint', {
      VpcEndpointId: found.id,
      AddRouteTableIds: added.length > 0 ? added : undefined,
      RemoveRouteTableIds: removed.length > 0 ? removed : undefined,
    });
  },

  async delete(aws, found) {
    // What does not exist is told in the answer, not as an error; a refusal shows at the next look.
    await orAbsent(aws.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [found.id] }));
  },
};

/** EC2 has written this state in both cases. */
const lower = (state: string | undefined): string => (state ?? '').toLowerCase();

function told(found: VpcEndpoint): Found<VpcEndpointProps, VpcEndpointOutputs> {
  const id = found.VpcEndpointId ?? '';
  return {
    id,
    owner: ownerOf(found.Tags),
    state: stateOf(found),
    props: {
      vpcId: found.VpcId,
      serviceName: found.ServiceName,
      routeTableIds: [...(found.RouteTableIds ?? [])].sort(),
    },
    outputs: { vpcEndpointId: id },
    bornAt: found.CreationTimestamp?.getTime(),
  };
}

function stateOf({ State: state, LastError }: VpcEndpoint): State {
  switch (lower(state)) {
    case 'available':
      return { is: 'ready' };
    case 'failed':
    case 'rejected':
    case 'expired':
      return {
        is: 'failed',
        reason: `${LastError?.Code ?? state}: ${LastError?.Message ?? 'the endpoint cannot be used'}`,
      };
    case 'deleting':
      return { is: 'deleting', reason: 'endpoint is being deleted' };
    default:
      return { is: 'pending', reason: `endpoint is ${lower(state)}` };
  }
}
