import type { Place } from './place.ts';

/** Somebody takes the store apart by hand, in the order that AWS demands. Time passes where AWS needs it, and no pass runs. */
const wait = (place: Place, seconds: number): void => place.world.clock.advance(seconds * 1_000);

const nodes = (place: Place, type: string): string[] =>
  (place.store.last?.nodes ?? []).flatMap((report) =>
    report.type === type && report.id !== undefined ? [report.id] : [],
  );

export async function deleteLoadBalancer(place: Place): Promise<void> {
  const [LoadBalancerArn = ''] = nodes(place, 'elbv2/load-balancer');
  await place.elbv2('ModifyLoadBalancerAttributes', {
    LoadBalancerArn,
    Attributes: [{ Key: 'deletion_protection.enabled', Value: 'false' }],
  });
  await place.elbv2('DeleteLoadBalancer', { LoadBalancerArn });
}

/** Load balancer and NAT gateways: all that has a public address. */
export async function deleteWaysOut(place: Place): Promise<void> {
  await deleteLoadBalancer(place);
  for (const NatGatewayId of nodes(place, 'ec2/nat-gateway')) await place.ec2('DeleteNatGateway', { NatGatewayId });
  wait(place, 60);
}

export async function deleteGroup(place: Place): Promise<void> {
  const [AutoScalingGroupName = ''] = nodes(place, 'autoscaling/group');
  await place.autoscaling('DeleteAutoScalingGroup', { AutoScalingGroupName, ForceDelete: true });
}

/** Every rule of every group that names another one. */
async function emptyGroups(place: Place): Promise<void> {
  const { SecurityGroups = [] } = await place.ec2('DescribeSecurityGroups', {
    GroupIds: nodes(place, 'ec2/security-group'),
  });
  for (const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } of SecurityGroups) {
    if (IpPermissions.length > 0) await place.ec2('RevokeSecurityGroupIngress', { GroupId, IpPermissions });
    if (IpPermissionsEgress.length > 0)
      await place.ec2('RevokeSecurityGroupEgress', { GroupId, IpPermissions: IpPermissionsEgress });
  }
}

export async function deleteNetwork(place: Place): Promise<void> {
  const { ec2 } = place;
  await deleteGroup(place);
  await deleteWaysOut(place);
  wait(place, 60);
  await ec2('DeleteVpcEndpoints', { VpcEndpointIds: nodes(place, 'ec2/vpc-endpoint') });
  await ec2('DeleteFlowLogs', { FlowLogIds: nodes(place, 'ec2/flow-log') });
  wait(place, 10);
  const { RouteTables = [] } = await ec2('DescribeRouteTables', { RouteTableIds: nodes(place, 'ec2/route-table') });
  for (const { RouteTableId, Associations = [] } of RouteTables) {
    for (const { RouteTableAssociationId: AssociationId } of Associations)
      await ec2('DisassociateRouteTable', { AssociationId });
    await ec2('DeleteRouteTable', { RouteTableId });
  }
  for (const SubnetId of nodes(place, 'ec2/subnet')) await ec2('DeleteSubnet', { SubnetId });
  await emptyGroups(place);
  for (const GroupId of nodes(place, 'ec2/security-group')) await ec2('DeleteSecurityGroup', { GroupId });
  const [InternetGatewayId = ''] = nodes(place, 'ec2/internet-gateway');
  const VpcId = place.id('network/vpc');
  await ec2('DetachInternetGateway', { InternetGatewayId, VpcId });
  await ec2('DeleteInternetGateway', { InternetGatewayId });
  await ec2('DeleteVpc', { VpcId });
}
