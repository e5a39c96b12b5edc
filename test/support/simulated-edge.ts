import { seedCertificate } from '../../simulator/aws/acm/certificates.ts';
import type { SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { callsTo } from './simulated-calls.ts';
import type { SimulatedNetwork } from './simulated-network.ts';

export const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
export const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000001';

/** An issued certificate for the names of a shop, where CloudFront looks for it. */
export const seedEdgeCertificate = ({ world }: SimulatedAws): void =>
  seedCertificate(world, 'us-east-1', {
    arn: certificateArn,
    domain: 'shop.example.com',
    names: ['shop.example.com', '*.example.com'],
  });

/** An internal load balancer in a network; usable some minutes later. */
export async function makeInternalBalancer(
  aws: SimulatedAws,
  { subnetIds, albGroupId }: SimulatedNetwork,
  Name = 'internal',
): Promise<{ readonly arn: string; readonly dnsName: string }> {
  const input = { Name, Scheme: 'internal', Subnets: [...subnetIds], SecurityGroups: [albGroupId] } as const;
  const { LoadBalancers: [made] = [] } = await callsTo(aws, 'elbv2')('CreateLoadBalancer', input as never);
  return { arn: made?.LoadBalancerArn ?? '', dnsName: made?.DNSName ?? '' };
}

/** A VPC origin for a load balancer that is active; deployed some minutes later. */
export async function makeVpcOrigin(aws: SimulatedAws, Arn: string, Name = 'origin'): Promise<string> {
  const VpcOriginEndpointConfig = {
    Name,
    Arn,
    HTTPPort: 80,
    HTTPSPort: 443,
    OriginProtocolPolicy: 'https-only',
  } as const;
  const { VpcOrigin } = await callsTo(aws, 'cloudfront')('CreateVpcOrigin', { VpcOriginEndpointConfig });
  return VpcOrigin?.Id ?? '';
}
