import { elasticIp } from '../../operator/resources/ec2/elastic-ip.ts';
import { flowLog } from '../../operator/resources/ec2/flow-log.ts';
import { natGateway } from '../../operator/resources/ec2/nat-gateway.ts';
import { routeTable } from '../../operator/resources/ec2/route-table.ts';
import { vpcEndpoint } from '../../operator/resources/ec2/vpc-endpoint.ts';
import { driftsOf, fixedInAws } from './drift.ts';
import type { Place } from './place.ts';

export const elasticIpDrifts = driftsOf(elasticIp, {
  in: 'production',
  node: 'network/nat-address-a',
  properties: {},
  deleted: {
    what: 'its NAT gateway goes first',
    make: async (place) => {
      await place.ec2('DeleteNatGateway', { NatGatewayId: place.id('network/nat-a') });
      place.world.clock.advance(60_000);
      await place.ec2('ReleaseAddress', { AllocationId: place.id('network/nat-address-a') });
    },
    awsMinutes: 8,
    writes: 5,
  },
});

export const natGatewayDrifts = driftsOf(natGateway, {
  in: 'production',
  node: 'network/nat-a',
  properties: {
    subnetId: fixedInAws('ec2', 'NatGatewayId', 'SubnetId'),
    allocationId: fixedInAws('ec2', 'NatGatewayId', 'AllocationId'),
  },
  deleted: {
    what: 'its address stays; the routes lead nowhere until it is back',
    make: (place) => place.ec2('DeleteNatGateway', { NatGatewayId: place.id('network/nat-a') }),
    awsMinutes: 8,
    writes: 3,
  },
});

const everywhere = '0.0.0.0/0';

async function associationOf(place: Place, subnet: string): Promise<string> {
  const Filters = [{ Name: 'association.subnet-id', Values: [place.id(subnet)] }];
  const { RouteTables = [] } = await place.ec2('DescribeRouteTables', { Filters });
  const all = RouteTables.flatMap(({ Associations = [] }) => Associations);
  return all.find(({ SubnetId }) => SubnetId === place.id(subnet))?.RouteTableAssociationId ?? '';
}

const moveSubnet = async (place: Place, subnet: string, table: string) =>
  place.ec2('ReplaceRouteTableAssociation', {
    AssociationId: await associationOf(place, subnet),
    RouteTableId: place.id(table),
  });

export const routeTableDrifts = driftsOf(routeTable, {
  in: 'production',
  node: 'network/routes-app-a',
  properties: {
    vpcId: fixedInAws('ec2', 'RouteTableId', 'VpcId'),
    routes: {
      changed: {
        what: 'the way out of an app subnet leads to the internet gateway',
        exposes: true,
        make: (place) =>
          place.ec2('ReplaceRoute', {
            RouteTableId: place.id('network/routes-app-a'),
            DestinationCidrBlock: everywhere,
            GatewayId: place.id('network/internet-gateway'),
          }),
      },
      removed: {
        what: 'the way out of an app subnet removed',
        make: (place) =>
          place.ec2('DeleteRoute', {
            RouteTableId: place.id('network/routes-app-a'),
            DestinationCidrBlock: everywhere,
          }),
      },
      extra: {
        what: 'a way to the internet gateway for the data subnets',
        exposes: true,
        node: 'network/routes-data',
        make: (place) =>
          place.ec2('CreateRoute', {
            RouteTableId: place.id('network/routes-data'),
            DestinationCidrBlock: everywhere,
            GatewayId: place.id('network/internet-gateway'),
          }),
      },
    },
    subnetIds: {
      changed: {
        what: 'a data subnet moved to the public table',
        exposes: true,
        node: 'network/routes-data',
        // Two tables differ, and both heal at once: one lets go, the other is refused, finds nothing to move and ties it anew.
        writes: 4,
        make: (place) => moveSubnet(place, 'network/data-a', 'network/routes-public'),
      },
      removed: {
        what: 'a subnet taken off its table',
        make: async (place) =>
          place.ec2('DisassociateRouteTable', { AssociationId: await associationOf(place, 'network/app-a') }),
      },
      extra: {
        what: 'an app subnet of another zone moved to it',
        writes: 4,
        make: (place) => moveSubnet(place, 'network/app-b', 'network/routes-app-a'),
      },
    },
  },
  more: [
    ...['network/routes-app-b', 'network/routes-public'].map((node) => ({
      property: 'routes',
      kind: 'removed' as const,
      drift: {
        what: `the way out of ${node.split('/')[1]} removed`,
        make: (place: Place) =>
          place.ec2('DeleteRoute', { RouteTableId: place.id(node), DestinationCidrBlock: everywhere }),
      },
    })),
    {
      property: 'routes',
      kind: 'extra',
      drift: {
        what: 'a way to the internet gateway over IPv6 for an app subnet',
        exposes: true,
        make: (place) =>
          place.ec2('CreateRoute', {
            RouteTableId: place.id('network/routes-app-b'),
            DestinationIpv6CidrBlock: '::/0',
            GatewayId: place.id('network/internet-gateway'),
          }),
      },
    },
    ...['data-b', 'public-b'].map((name) => ({
      property: 'subnetIds',
      kind: 'removed' as const,
      drift: {
        what: `${name} taken off its table`,
        make: async (place: Place) =>
          place.ec2('DisassociateRouteTable', { AssociationId: await associationOf(place, `network/${name}`) }),
      },
    })),
  ],
  deleted: {
    what: 'its subnets are taken off first',
    make: async (place) => {
      await place.ec2('DisassociateRouteTable', { AssociationId: await associationOf(place, 'network/app-a') });
      await place.ec2('DeleteRouteTable', { RouteTableId: place.id('network/routes-app-a') });
    },
    awsMinutes: 4,
    writes: 4,
  },
});

const endpoint = (place: Place) => place.id('network/s3-endpoint');

export const vpcEndpointDrifts = driftsOf(vpcEndpoint, {
  in: 'production',
  node: 'network/s3-endpoint',
  properties: {
    vpcId: fixedInAws('ec2', 'VpcEndpointId', 'VpcId'),
    serviceName: fixedInAws('ec2', 'VpcEndpointId', 'ServiceName'),
    routeTableIds: {
      changed: {
        what: 'tied to another table instead',
        make: (place) =>
          place.ec2('ModifyVpcEndpoint', {
            VpcEndpointId: endpoint(place),
            RemoveRouteTableIds: [place.id('network/routes-app-a')],
            AddRouteTableIds: [place.id('network/routes-data')],
          }),
      },
      removed: {
        what: 'taken off a table',
        make: (place) =>
          place.ec2('ModifyVpcEndpoint', {
            VpcEndpointId: endpoint(place),
            RemoveRouteTableIds: [place.id('network/routes-app-b')],
          }),
      },
      extra: {
        what: 'tied to the table of the data subnets too',
        make: (place) =>
          place.ec2('ModifyVpcEndpoint', {
            VpcEndpointId: endpoint(place),
            AddRouteTableIds: [place.id('network/routes-data')],
          }),
      },
    },
  },
  deleted: {
    what: 'made again, with its routes',
    make: (place) => place.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [endpoint(place)] }),
    awsMinutes: 2,
    writes: 1,
  },
});

export const flowLogDrifts = driftsOf(flowLog, {
  in: 'production',
  node: 'network/flow-log',
  properties: {
    vpcId: fixedInAws('ec2', 'FlowLogIds', 'ResourceIds'),
    logGroupName: fixedInAws('ec2', 'FlowLogIds', 'LogGroupName'),
    roleArn: fixedInAws('ec2', 'FlowLogIds', 'DeliverLogsPermissionArn'),
    trafficType: fixedInAws('ec2', 'FlowLogIds', 'TrafficType'),
  },
  deleted: {
    what: 'made again',
    make: (place) => place.ec2('DeleteFlowLogs', { FlowLogIds: [place.id('network/flow-log')] }),
    awsMinutes: 1,
    writes: 1,
  },
});
