import type { ListenerProps } from '../../../operator/resources/elbv2/listener.ts';
import { loadBalancer, type LoadBalancerProps } from '../../../operator/resources/elbv2/load-balancer.ts';
import { targetGroup, type TargetGroupProps } from '../../../operator/resources/elbv2/target-group.ts';
import { seedCertificate } from '../../../simulator/aws/acm/certificates.ts';
import { makeNetwork } from '../../support/simulated-network.ts';
import { Court, region } from '../laws.ts';

export const groundOfLoadBalancer = async (court: Court): Promise<LoadBalancerProps> => {
  const { subnetIds, albGroupId } = await makeNetwork(court.simulated);
  return {
    subnetIds: [...subnetIds].reverse(),
    securityGroupIds: [albGroupId],
    scheme: 'internet-facing',
    deletionProtection: true,
    idleTimeoutSeconds: 120,
    dropInvalidHeaders: true,
    desyncMode: 'defensive',
    accessLogs: null,
  };
};

export const groundOfTargetGroup = async (court: Court): Promise<TargetGroupProps> => ({
  vpcId: (await makeNetwork(court.simulated)).vpcId,
  port: 8080,
  protocol: 'HTTP',
  targetType: 'instance',
  healthPath: '/healthz',
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  intervalSeconds: 10,
  timeoutSeconds: 5,
  matcher: '200',
  stickinessEnabled: true,
  stickinessSeconds: 3600,
  deregistrationDelaySeconds: 30,
});

export const certificate = (id: string): string => `arn:aws:acm:${region}:111122223333:certificate/${id}`;

export const groundOfListener = async (court: Court): Promise<ListenerProps> => {
  for (const id of ['one', 'two'])
    seedCertificate(court.simulated.world, region, { arn: certificate(id), domain: 'shop.test', names: ['shop.test'] });
  const balancer = await loadBalancer.create(court.aws, await groundOfLoadBalancer(court), court.birth('lb'));
  const [vpcId] = await vpcIds(court);
  const group = await targetGroup.create(
    court.aws,
    { ...(await groundOfTargetGroup(new Court(targetGroup))), vpcId: vpcId as string },
    court.birth('tg'),
  );
  return {
    loadBalancerArn: balancer.id,
    port: 443,
    protocol: 'HTTPS',
    certificateArn: certificate('one'),
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    action: { forward: group.id },
  };
};

export const vpcIds = async (court: Court): Promise<string[]> =>
  (await court.other<{ Vpcs: { VpcId: string }[] }>('ec2', 'DescribeVpcs', {})).Vpcs.map(({ VpcId }) => VpcId);
