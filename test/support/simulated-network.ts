import { seedImage } from '../../simulator/aws/ec2/images.ts';
import type { SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { callsTo } from './simulated-calls.ts';

/** What a load balancer and instances stand on. */
export interface SimulatedNetwork {
  readonly vpcId: string;
  /** One in each of two zones. */
  readonly subnetIds: readonly [string, string];
  /** Open to the world on 443. */
  readonly albGroupId: string;
  /** Open to the load balancer on 8080. */
  readonly appGroupId: string;
}

export const goodImage = 'ami-0123456789abcdef0';
/** Boots, but what runs on it never answers. */
export const brokenImage = 'ami-0bbbbbbbbbbbbbbb0';

/** A VPC with a way to the internet, two subnets and two groups; the images of the account. */
export async function makeNetwork(aws: SimulatedAws, region = 'eu-central-1'): Promise<SimulatedNetwork> {
  const ec2 = callsTo(aws, 'ec2', region);
  seedImage(aws.world, region, { id: goodImage, name: 'good' });
  seedImage(aws.world, region, { id: brokenImage, name: 'broken', broken: true });
  const vpcId = (await ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? '';
  const { InternetGateway } = await ec2('CreateInternetGateway', {});
  await ec2('AttachInternetGateway', { VpcId: vpcId, InternetGatewayId: InternetGateway?.InternetGatewayId });
  const subnetIn = async (letter: string, CidrBlock: string): Promise<string> => {
    const AvailabilityZone = `${region}${letter}`;
    return (await ec2('CreateSubnet', { VpcId: vpcId, CidrBlock, AvailabilityZone })).Subnet?.SubnetId ?? '';
  };
  const group = async (GroupName: string): Promise<string> =>
    (await ec2('CreateSecurityGroup', { GroupName, Description: GroupName, VpcId: vpcId })).GroupId ?? '';
  const [albGroupId, appGroupId] = [await group('alb'), await group('app')];
  const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  await ec2('AuthorizeSecurityGroupIngress', {
    GroupId: albGroupId,
    IpPermissions: [{ ...tcp(443), IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
  await ec2('AuthorizeSecurityGroupIngress', {
    GroupId: appGroupId,
    IpPermissions: [{ ...tcp(8080), UserIdGroupPairs: [{ GroupId: albGroupId }] }],
  });
  const subnetIds = [await subnetIn('a', '10.0.1.0/24'), await subnetIn('b', '10.0.2.0/24')] as const;
  return { vpcId, subnetIds, albGroupId, appGroupId };
}
