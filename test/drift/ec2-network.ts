import { internetGateway } from '../../operator/resources/ec2/internet-gateway.ts';
import { subnet } from '../../operator/resources/ec2/subnet.ts';
import { vpc } from '../../operator/resources/ec2/vpc.ts';
import { driftsOf, type Drift, fixedInAws, flag, notInAws, refusedByAws } from './drift.ts';
import { deleteNetwork, deleteWaysOut } from './demolition.ts';
import type { Place } from './place.ts';

export const vpcDrifts = driftsOf(vpc, {
  in: 'production',
  node: 'network/vpc',
  properties: {
    cidr: fixedInAws('ec2', 'VpcId', 'CidrBlock'),
    dnsSupport: flag({
      what: 'turned off',
      make: (place) =>
        place.ec2('ModifyVpcAttribute', { VpcId: place.id('network/vpc'), EnableDnsSupport: { Value: false } }),
    }),
    dnsHostnames: flag({
      what: 'turned off',
      make: (place) =>
        place.ec2('ModifyVpcAttribute', { VpcId: place.id('network/vpc'), EnableDnsHostnames: { Value: false } }),
    }),
    defaultGroupRules: {
      changed: notInAws('it is a count: it changes by what is added'),
      removed: notInAws('none are wanted: there is nothing to remove'),
      extra: {
        what: 'SSH opened to the world in the default group',
        exposes: true,
        make: async (place) =>
          place.ec2('AuthorizeSecurityGroupIngress', {
            GroupId: await defaultGroup(place),
            IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          }),
      },
    },
  },
  deleted: {
    what: 'everything in it goes first',
    make: deleteNetwork,
    awsMinutes: 40,
    writes: 170,
  },
});

async function defaultGroup(place: Place): Promise<string> {
  const Filters = [
    { Name: 'vpc-id', Values: [place.id('network/vpc')] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups: [group] = [] } = await place.ec2('DescribeSecurityGroups', { Filters });
  return group?.GroupId ?? '';
}

const mapPublicIp = (node: string): Drift => ({
  what: `turned on for ${node.split('/')[1]}`,
  exposes: true,
  make: (place: Place) =>
    place.ec2('ModifySubnetAttribute', { SubnetId: place.id(node), MapPublicIpOnLaunch: { Value: true } }),
  node,
});

export const subnetDrifts = driftsOf(subnet, {
  in: 'production',
  node: 'network/app-a',
  properties: {
    vpcId: fixedInAws('ec2', 'SubnetId', 'VpcId'),
    cidr: fixedInAws('ec2', 'SubnetId', 'CidrBlock'),
    availabilityZone: fixedInAws('ec2', 'SubnetId', 'AvailabilityZone'),
    mapPublicIp: flag(mapPublicIp('network/app-a')),
  },
  more: ['app-b', 'public-a', 'public-b', 'data-a', 'data-b'].map((name) => ({
    ...{ property: 'mapPublicIp', kind: 'changed', drift: mapPublicIp(`network/${name}`) },
  })),
  deleted: {
    what: 'a subnet that nothing stands in; the route table loses it',
    node: 'network/data-a',
    make: (place) => place.ec2('DeleteSubnet', { SubnetId: place.id('network/data-a') }),
    awsMinutes: 1,
    // Route tables are read twice as often: the first association is tried with the subnet that is gone.
    writes: 3,
  },
});

/** While NAT gateways and the load balancer have public addresses, the door cannot be taken away. */
const detach = (place: Place) =>
  place.ec2('DetachInternetGateway', {
    InternetGatewayId: place.id('network/internet-gateway'),
    VpcId: place.id('network/vpc'),
  });

export const internetGatewayDrifts = driftsOf(internetGateway, {
  in: 'production',
  node: 'network/internet-gateway',
  properties: {
    vpcId: {
      changed: refusedByAws('AWS keeps it attached while anything has a public address', 'DependencyViolation', detach),
      removed: refusedByAws('AWS keeps it attached while anything has a public address', 'DependencyViolation', detach),
      extra: refusedByAws('AWS attaches it to one VPC', 'Resource.AlreadyAssociated', async (place) => {
        const { Vpc } = await place.ec2('CreateVpc', { CidrBlock: '10.99.0.0/16' });
        try {
          await place.ec2('AttachInternetGateway', {
            InternetGatewayId: place.id('network/internet-gateway'),
            VpcId: Vpc?.VpcId,
          });
        } finally {
          await place.ec2('DeleteVpc', { VpcId: Vpc?.VpcId });
        }
      }),
    },
  },
  deleted: {
    what: 'load balancer and NAT gateways go first',
    make: async (place) => {
      await deleteWaysOut(place);
      await detach(place);
      await place.ec2('DeleteInternetGateway', { InternetGatewayId: place.id('network/internet-gateway') });
    },
    awsMinutes: 25,
    writes: 40,
  },
});
