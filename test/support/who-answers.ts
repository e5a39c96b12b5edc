import type { VirtualWorld } from './virtual-world.ts';

interface Balancer {
  readonly LoadBalancerArn: string;
  readonly DNSName: string;
  readonly Scheme: string;
  readonly State: { readonly Code: string };
  readonly SecurityGroups: readonly string[];
}

interface Permission {
  readonly FromPort: number;
  readonly ToPort: number;
  readonly IpRanges: readonly { readonly CidrIp: string }[];
  readonly PrefixListIds: readonly unknown[];
}

/** Where the alias record of a host points to now; undefined when there is none. */
export async function targetOf(world: VirtualWorld, host: string): Promise<string | undefined> {
  const { HostedZones } = await world.other<{ HostedZones: { Id: string }[] }>('route53', 'ListHostedZones', {});
  for (const { Id } of HostedZones) {
    const { ResourceRecordSets } = await world.other<{
      ResourceRecordSets: { Name: string; Type: string; AliasTarget?: { DNSName: string } }[];
    }>('route53', 'ListResourceRecordSets', { HostedZoneId: Id.replace('/hostedzone/', '') });
    const record = ResourceRecordSets.find(({ Name, Type }) => Name === `${host}.` && Type === 'A');
    if (record?.AliasTarget) return record.AliasTarget.DNSName.replace(/[.]$/, '');
  }
  return undefined;
}

/**
 * Why whoever asks the store by this DNS name gets no answer of an instance, or could not have got one of so many, by what
 * AWS tells of everything on the way; undefined when it gets one.
 */
export async function whyNoAnswer(
  world: VirtualWorld,
  host: string,
  dnsName: string,
  instances = 1,
): Promise<string | undefined> {
  if (!dnsName.endsWith('.cloudfront.net')) return throughBalancer(world, dnsName, 'internet-facing', instances);
  const { origin, why } = await throughDistribution(world, host, dnsName);
  return why ?? throughBalancer(world, origin ?? '', 'internal', instances);
}

/** The domain name of the origin behind a distribution, or why it is not reached. */
async function throughDistribution(
  world: VirtualWorld,
  host: string,
  dnsName: string,
): Promise<{ readonly origin?: string; readonly why?: string }> {
  const { DistributionList } = await world.other<{
    DistributionList: {
      Items?: {
        ARN: string;
        DomainName: string;
        Enabled: boolean;
        Aliases: { Items: string[] };
        DefaultCacheBehavior: { TargetOriginId: string };
        Origins: { Items: { Id: string; DomainName: string; VpcOriginConfig?: { VpcOriginId: string } }[] };
      }[];
    };
  }>('cloudfront', 'ListDistributions', {});
  const found = DistributionList.Items?.find(({ DomainName }) => DomainName === dnsName);
  if (!found) return { why: `there is no distribution ${dnsName}` };
  if (!found.Enabled) return { why: `distribution ${dnsName} is disabled` };
  if (!found.Aliases.Items.includes(host)) return { why: `distribution ${dnsName} does not serve ${host}` };
  const origin = found.Origins.Items.find(({ Id }) => Id === found.DefaultCacheBehavior.TargetOriginId);
  const content = found.Origins.Items.find(({ DomainName }) => DomainName.includes('.s3.'));
  if (content && !(await policyOf(world, content.DomainName)).includes(found.ARN))
    return { why: `the bucket does not let distribution ${dnsName} in` };
  const { VpcOriginList } = await world.other<{ VpcOriginList: { Items?: { Id: string; Status: string }[] } }>(
    ...(['cloudfront', 'ListVpcOrigins', {}] as const),
  );
  const way = VpcOriginList.Items?.find(({ Id }) => Id === origin?.VpcOriginConfig?.VpcOriginId);
  if (way?.Status !== 'Deployed') return { why: `the VPC origin of ${dnsName} is ${way?.Status ?? 'gone'}` };
  return { origin: origin?.DomainName };
}

/** Of the bucket with this domain name, as `ecom-acme.s3.eu-central-1.amazonaws.com`. */
async function policyOf(world: VirtualWorld, domainName: string): Promise<string> {
  const Bucket = domainName.slice(0, domainName.indexOf('.s3.'));
  return (await world.other<{ Policy: string }>('s3', 'GetBucketPolicy', { Bucket })).Policy;
}

async function throughBalancer(
  world: VirtualWorld,
  dnsName: string,
  scheme: string,
  instances: number,
): Promise<string | undefined> {
  const { LoadBalancers } = await world.other<{ LoadBalancers: Balancer[] }>('elbv2', 'DescribeLoadBalancers', {});
  const balancer = LoadBalancers.find(({ DNSName }) => DNSName === dnsName);
  if (!balancer) return `there is no load balancer ${dnsName}`;
  if (balancer.Scheme !== scheme) return `load balancer ${dnsName} is ${balancer.Scheme}`;
  if (balancer.State.Code !== 'active') return `load balancer ${dnsName} is ${balancer.State.Code}`;
  const { LoadBalancerArn } = balancer;
  const { SecurityGroups } = await world.other<{ SecurityGroups: { IpPermissions: Permission[] }[] }>(
    ...(['ec2', 'DescribeSecurityGroups', { GroupIds: balancer.SecurityGroups }] as const),
  );
  const letsIn = SecurityGroups.flatMap(({ IpPermissions }) => IpPermissions).some(
    ({ FromPort, ToPort, IpRanges, PrefixListIds }) =>
      FromPort <= 443 &&
      ToPort >= 443 &&
      (scheme === 'internal' ? PrefixListIds.length > 0 : IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0')),
  );
  if (!letsIn) return `the security group of load balancer ${dnsName} lets nobody in`;
  const { Listeners } = await world.other<{ Listeners: { Port: number; ListenerArn: string }[] }>(
    ...(['elbv2', 'DescribeListeners', { LoadBalancerArn }] as const),
  );
  const ListenerArn = Listeners.find(({ Port }) => Port === 443)?.ListenerArn;
  if (ListenerArn === undefined) return `load balancer ${dnsName} has no listener for HTTPS`;
  for (const group of await ledTo(world, ListenerArn)) {
    const states = await statesOf(world, group);
    const healthy = states.filter((state) => state === 'healthy').length;
    if (healthy < instances) return `${healthy} instances behind ${dnsName} are healthy (${states.join(', ')})`;
  }
  return undefined;
}

/** The target groups that get requests by some rule of a listener, its default one among them. */
async function ledTo(world: VirtualWorld, ListenerArn: string): Promise<string[]> {
  const { Rules } = await world.other<{ Rules: { Actions: Action[] }[] }>('elbv2', 'DescribeRules', { ListenerArn });
  const forwards = Rules.flatMap(({ Actions }) =>
    Actions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []),
  );
  return [...new Set(forwards.filter(({ Weight }) => Weight > 0).map(({ TargetGroupArn }) => TargetGroupArn))];
}

interface Action {
  readonly ForwardConfig?: { readonly TargetGroups: { readonly TargetGroupArn: string; readonly Weight: number }[] };
}

async function statesOf(world: VirtualWorld, TargetGroupArn: string): Promise<string[]> {
  const { TargetHealthDescriptions } = await world.other<{
    TargetHealthDescriptions: { TargetHealth: { State: string } }[];
  }>('elbv2', 'DescribeTargetHealth', { TargetGroupArn });
  return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth.State);
}
