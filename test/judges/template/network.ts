import type { addresses } from '../../../simulator/aws/ec2/addresses.ts';
import type { flowLogs } from '../../../simulator/aws/ec2/flow-logs.ts';
import type { internetGateways } from '../../../simulator/aws/ec2/gateways.ts';
import type { NatGateway } from '../../../simulator/aws/ec2/nat-gateways.ts';
import type { Rule } from '../../../simulator/aws/ec2/permissions.ts';
import type { Route, RouteTable } from '../../../simulator/aws/ec2/route-tables.ts';
import type { SecurityGroup } from '../../../simulator/aws/ec2/security-groups.ts';
import type { Subnet } from '../../../simulator/aws/ec2/subnets.ts';
import type { vpcEndpoints } from '../../../simulator/aws/ec2/vpc-endpoints.ts';
import type { Vpc } from '../../../simulator/aws/ec2/vpc.ts';
import { document, tagPairs, type Mapping, type Of, type Part } from './part.ts';

export const vpc: Mapping<Vpc> = ({ id, cidr, tenancy, dnsSupport, dnsHostnames, tags }) => [
  {
    type: 'AWS::EC2::VPC',
    ids: { [id]: 'Ref' },
    properties: {
      CidrBlock: cidr,
      InstanceTenancy: tenancy,
      EnableDnsSupport: dnsSupport,
      EnableDnsHostnames: dnsHostnames,
      Tags: tagPairs(tags),
    },
  },
];

export const subnet: Mapping<Subnet> = ({ id, vpcId, cidr, zone, mapPublicIp, tags }) => [
  {
    type: 'AWS::EC2::Subnet',
    ids: { [id]: 'Ref' },
    properties: {
      VpcId: vpcId,
      CidrBlock: cidr,
      AvailabilityZone: zone,
      MapPublicIpOnLaunch: mapPublicIp,
      Tags: tagPairs(tags),
    },
  },
];

export const internetGateway: Mapping<Of<typeof internetGateways>> = ({ id, vpcId, tags }) => [
  { type: 'AWS::EC2::InternetGateway', ids: { [id]: 'Ref' }, properties: { Tags: tagPairs(tags) } },
  ...(vpcId === undefined
    ? []
    : [
        {
          type: 'AWS::EC2::VPCGatewayAttachment',
          suffix: 'attachment',
          properties: { VpcId: vpcId, InternetGatewayId: id },
        } as const,
      ]),
];

export const elasticIp: Mapping<Of<typeof addresses>> = ({ id, tags }) => [
  { type: 'AWS::EC2::EIP', ids: { [id]: 'AllocationId' }, properties: { Domain: 'vpc', Tags: tagPairs(tags) } },
];

export const natGateway: Mapping<NatGateway> = ({ id, subnetId, allocationId, tags }) => [
  {
    type: 'AWS::EC2::NatGateway',
    ids: { [id]: 'Ref' },
    properties: { SubnetId: subnetId, AllocationId: allocationId, ConnectivityType: 'public', Tags: tagPairs(tags) },
  },
];

/** A route by what its target is; the local one and those of endpoints come by themselves. */
function routeOf(tableId: string, { destination, target }: Route, at: number): Part[] {
  const by = target.startsWith('igw-') ? 'GatewayId' : target.startsWith('nat-') ? 'NatGatewayId' : undefined;
  if (target === 'local' || target.startsWith('vpce-')) return [];
  if (by === undefined) throw new Error(`test/judges/template/network.ts does not know a route to ${target}`);
  const where = destination.includes(':') ? 'DestinationIpv6CidrBlock' : 'DestinationCidrBlock';
  return [
    {
      type: 'AWS::EC2::Route',
      suffix: `route-${at}`,
      properties: { RouteTableId: tableId, [where]: destination, [by]: target },
    },
  ];
}

export const routeTable: Mapping<RouteTable> = ({ id, vpcId, routes, associations, tags }) => [
  { type: 'AWS::EC2::RouteTable', ids: { [id]: 'Ref' }, properties: { VpcId: vpcId, Tags: tagPairs(tags) } },
  ...routes.flatMap((route, at) => routeOf(id, route, at)),
  ...associations.flatMap(({ subnetId }, at): Part[] =>
    subnetId === undefined
      ? []
      : [
          {
            type: 'AWS::EC2::SubnetRouteTableAssociation',
            suffix: `subnet-${at}`,
            properties: { RouteTableId: id, SubnetId: subnetId },
          },
        ],
  ),
];

const inlineRule = ({ egress, protocol, fromPort, toPort, source, description }: Rule) => ({
  ...{ IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, Description: description },
  ...{ CidrIp: source.cidr, CidrIpv6: source.cidr6 },
  [egress ? 'DestinationPrefixListId' : 'SourcePrefixListId']: source.prefixListId,
});

/** Groups that name each other would be a circle: such rules are resources of their own. */
const ruleApart = (groupId: string, rule: Rule, at: number): Part => ({
  type: rule.egress ? 'AWS::EC2::SecurityGroupEgress' : 'AWS::EC2::SecurityGroupIngress',
  suffix: `rule-${at}`,
  properties: {
    ...{ GroupId: groupId, IpProtocol: rule.protocol, FromPort: rule.fromPort, ToPort: rule.toPort },
    Description: rule.description,
    [rule.egress ? 'DestinationSecurityGroupId' : 'SourceSecurityGroupId']: rule.source.groupId,
  },
});

export const securityGroup: Mapping<SecurityGroup> = ({ id, name, description, vpcId, rules, tags }) => {
  const inline = rules.filter(({ source }) => source.groupId === undefined);
  return [
    {
      type: 'AWS::EC2::SecurityGroup',
      ids: { [id]: 'GroupId' },
      properties: {
        ...{ GroupName: name, GroupDescription: description, VpcId: vpcId, Tags: tagPairs(tags) },
        SecurityGroupIngress: inline.filter(({ egress }) => !egress).map(inlineRule),
        SecurityGroupEgress: inline.filter(({ egress }) => egress).map(inlineRule),
      },
    },
    ...rules.filter(({ source }) => source.groupId !== undefined).map((rule, at) => ruleApart(id, rule, at)),
  ];
};

export const flowLog: Mapping<Of<typeof flowLogs>> = (log) => [
  {
    type: 'AWS::EC2::FlowLog',
    properties: {
      ...{ ResourceId: log.resourceId, ResourceType: 'VPC', TrafficType: log.trafficType },
      ...{ LogGroupName: log.logGroupName, LogDestination: log.destination, LogDestinationType: log.destinationType },
      ...{ DeliverLogsPermissionArn: log.roleArn, MaxAggregationInterval: log.aggregationSeconds },
      Tags: tagPairs(log.tags),
    },
  },
];

export const vpcEndpoint: Mapping<Of<typeof vpcEndpoints>> = (endpoint) => [
  {
    type: 'AWS::EC2::VPCEndpoint',
    ids: { [endpoint.id]: 'Ref' },
    properties: {
      ...{ VpcId: endpoint.vpcId, ServiceName: endpoint.serviceName, VpcEndpointType: 'Gateway' },
      ...{ RouteTableIds: endpoint.routeTableIds, PolicyDocument: document(endpoint.policy) },
      Tags: tagPairs(endpoint.tags),
    },
  },
];
