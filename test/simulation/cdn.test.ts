import { describe, expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import { subnetsLookup, type SubnetsLookupProps } from '../../operator/resources/ec2/subnets-lookup.ts';
import { zonesLookup, type ZonesLookupProps } from '../../operator/resources/ec2/zones-lookup.ts';
import { compose } from '../../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { distributions, type Distribution } from '../../simulator/aws/cloudfront/stored.ts';
import { loadBalancers } from '../../simulator/aws/elbv2/kinds.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';

/**
 * Errors that CloudFront keeps, 10 seconds where nothing else is said, whatever Cache-Control the origin sends.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const kept = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];
const sorry = { errorCode: 503, path: '/static/sorry.html' } as const;
interface Answers {
  readonly Items: readonly { ErrorCode: number; ErrorCachingMinTTL: number; ResponsePagePath: string }[];
}

async function built(rest: Partial<EcomStoreManifestSpec> = {}) {
  const world = new VirtualWorld();
  const store = world.add(minimal, (spec) => ({ ...spec, cdn: {}, ...rest }));
  await world.settle(store);
  return { world, store };
}

describe('a store behind a CDN', () => {
  test('is built, left alone, and removed without a trace', async () => {
    const { world, store } = await built();
    expect(world.existing('cloudfront/distribution')).toHaveLength(1);
    expect(await world.leftAlone(store)).toEqual([]);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('has a load balancer inside its network, which nobody but CloudFront’s servers may ask', async () => {
    const { world, store } = await built();
    const { LoadBalancers } = await world.other<{ LoadBalancers: { Scheme: string; SecurityGroups: string[] }[] }>(
      'elbv2',
      'DescribeLoadBalancers',
      {},
    );
    expect(LoadBalancers.map(({ Scheme }) => Scheme)).toEqual(['internal']);
    expect(LoadBalancers[0]?.SecurityGroups).toEqual([world.idOf(store, 'network/sg-alb-internal')]);
    const { SecurityGroups } = await world.other<{ SecurityGroups: { IpPermissions: object[] }[] }>(
      'ec2',
      'DescribeSecurityGroups',
      { GroupIds: [world.idOf(store, 'network/sg-alb-internal')] },
    );
    expect(SecurityGroups[0]?.IpPermissions).toHaveLength(1);
    expect(SecurityGroups[0]?.IpPermissions[0]).toMatchObject({
      ...{ FromPort: 443, ToPort: 443, IpRanges: [], Ipv6Ranges: [], UserIdGroupPairs: [] },
      PrefixListIds: [{ Description: 'HTTPS from CloudFront' }],
    });
  });

  test('has its names lead to the distribution', async () => {
    const { world, store } = await built();
    const { HostedZones } = await world.other<{ HostedZones: { Id: string }[] }>('route53', 'ListHostedZones', {});
    const { ResourceRecordSets } = await world.other<{
      ResourceRecordSets: { Name: string; Type: string; AliasTarget?: { DNSName: string } }[];
    }>('route53', 'ListResourceRecordSets', { HostedZoneId: HostedZones[0]?.Id.replace('/hostedzone/', '') });
    const targets = ResourceRecordSets.flatMap(({ AliasTarget }) => AliasTarget?.DNSName ?? []);
    expect(targets).toHaveLength(2);
    for (const target of targets) expect(target).toMatch(/[.]cloudfront[.]net[.]?$/);
    expect(store.last?.outputs.get('cdn/distribution')?.['domainName']).toBeDefined();
  });

  test('keeps what the application answers on static paths, asked without cookies, so that none is handed to all', async () => {
    const { world } = await built();
    const summary = await world.other<{
      DistributionList: { Items: { CacheBehaviors: { Items: { OriginRequestPolicyId: string }[] } }[] };
    }>('cloudfront', 'ListDistributions', {});
    const kept = summary.DistributionList.Items.flatMap(({ CacheBehaviors }) => CacheBehaviors.Items);
    expect(kept).toHaveLength(2);
    for (const { OriginRequestPolicyId: Id } of kept) {
      const { OriginRequestPolicy } = await world.other<{
        OriginRequestPolicy: { OriginRequestPolicyConfig: object };
      }>('cloudfront', 'GetOriginRequestPolicy', { Id });
      expect(OriginRequestPolicy.OriginRequestPolicyConfig).toMatchObject({
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: { Items: ['host'] } },
      });
    }
  });

  test('keeps no error for whoever comes next, but where the store says so', async () => {
    const { world } = await built({ cdn: { errorPages: [{ errorCode: 404, cachingSeconds: 60 }, sorry] } });
    const { DistributionList } = await world.other<{
      DistributionList: { Items: { CustomErrorResponses: Answers }[] };
    }>(...(['cloudfront', 'ListDistributions', {}] as const));
    const { Items } = DistributionList.Items[0]?.CustomErrorResponses ?? { Items: [] };
    const seconds = (code: number) => Items.find(({ ErrorCode }) => ErrorCode === code)?.ErrorCachingMinTTL ?? 10;
    const others = kept.filter((code) => code !== 404);
    expect(Object.fromEntries(others.map((code) => [code, seconds(code)]))).toEqual(
      Object.fromEntries(others.map((code) => [code, 0])),
    );
    expect(seconds(404)).toBe(60);
    const withPage = Items.filter(({ ResponsePagePath }) => ResponsePagePath !== '');
    expect(withPage).toEqual([
      { ErrorCode: 503, ResponsePagePath: sorry.path, ResponseCode: '503', ErrorCachingMinTTL: 0 },
    ]);
  });

  test('waits for the application half a minute, or as long as the store says', async () => {
    const { world, store } = await built();
    const told = async () => {
      const { DistributionList } = await world.other<{
        DistributionList: { Items: { Origins: { Items: { VpcOriginConfig?: { OriginReadTimeout: number } }[] } }[] };
      }>('cloudfront', 'ListDistributions', {});
      return DistributionList.Items[0]?.Origins.Items.map(({ VpcOriginConfig }) => VpcOriginConfig?.OriginReadTimeout);
    };
    expect(await told()).toEqual([30]);
    store.spec = withDefaults({ ...store.spec, cdn: { originTimeoutSeconds: 55 } });
    await world.settle(store);
    expect(await told()).toEqual([55]);
  });

  test('lets its instances empty its own distribution, and no other', async () => {
    const { world, store } = await built();
    const { PolicyDocument } = await world.other<{ PolicyDocument: string }>('iam', 'GetRolePolicy', {
      ...{ RoleName: store.last?.outputs.get('compute/role')?.['roleName'], PolicyName: 'refresh-cdn' },
    });
    expect(JSON.parse(decodeURIComponent(PolicyDocument))).toMatchObject({
      Statement: [
        {
          Action: ['cloudfront:CreateInvalidation'],
          Resource: [`arn:aws:cloudfront::111122223333:distribution/${world.idOf(store, 'cdn/distribution')}`],
        },
      ],
    });
  });

  test('has one certificate for the load balancer and one at the edge, proven by the same records; in us-east-1 one is both', () => {
    const certificates = (region: string): unknown[] => {
      const { owner, spec } = new VirtualWorld().add(minimal, (wanted) => ({ ...wanted, region, cdn: {} }));
      const { nodes } = compose({ owner, account: '111122223333', spec });
      const proofs = [...nodes.keys()].filter((id) => id.startsWith('domain/validation-'));
      expect(proofs).toHaveLength(1);
      return [...nodes.values()]
        .filter(({ type }) => type.name === 'acm/certificate')
        .map((node) => [node.id, node.region]);
    };
    expect(certificates('eu-central-1')).toEqual([
      ['domain/certificate', undefined],
      ['cdn/certificate', 'us-east-1'],
    ]);
    expect(certificates('us-east-1')).toEqual([['domain/certificate', undefined]]);
  });

  // The records of the new certificate are told by its details alone, while the old one still stands beside it.
  test('takes one more name: another certificate takes the place of the first, proven by records of its own', async () => {
    const { world, store } = await built();
    const { domain } = store.spec;
    store.spec = { ...store.spec, domain: { ...domain, aliases: [...domain.aliases, `m.${domain.host}`] } };
    const stalls: string[] = [];
    const asked = new Set<string | undefined>();
    await world.settle(store, async (...pass) => {
      const verdict = await reconcile(...pass);
      const standing = (id: string) => verdict.nodes.find(({ node }) => node === id)?.standing;
      if (standing('cdn/distribution') !== 'ready') asked.add(standing('cdn/certificate'));
      stalls.push(...verdict.happenings.filter(({ kind }) => kind === 'Stalled').map(({ message }) => message));
      return verdict;
    });
    expect(stalls).toEqual([]);
    // CloudFront takes a name with a certificate for it: until that is issued it is not asked.
    expect([...asked]).toEqual(['ready']);
    expect(world.existing('acm/certificate')).toHaveLength(2);
    expect(world.existing('acm/certificate').map(({ region }) => region)).toContain('us-east-1');
  });

  // One of the three zones of us-east-1, use1-az3, has no VPC origins.
  test('lies in zones that have VPC origins', async () => {
    const chosen = (network: EcomStoreManifestSpec['network']) => {
      const world = new VirtualWorld();
      const { owner, spec } = world.add(minimal, ({ compute, ...rest }) => ({
        ...{ ...rest, region: 'us-east-1', cdn: {}, network },
        compute: { ...compute, instanceTypes: ['m5.large'] },
      }));
      const { nodes } = compose({ owner, account: '111122223333', spec });
      const props = nodes.get('network/zones' as NodeId)?.props as unknown as ZonesLookupProps;
      return zonesLookup.lookup(world.cloud.at('us-east-1'), { ...props, homes: [], typesNow: [] });
    };
    expect(await chosen({ zones: 2 })).toMatchObject({ zone0: 'us-east-1a', zone1: 'us-east-1b' });
    const lack = 'us-east-1c (use1-az3) has no VPC origins of CloudFront, which spec.cdn needs';
    await expect(chosen({ zoneNames: ['us-east-1b', 'us-east-1c'] })).rejects.toThrow(`zone ${lack}`);
    const few = 'only 2 zones will do (us-east-1a, us-east-1b), 3 are wanted';
    await expect(chosen({ zones: 3 })).rejects.toThrow(`${few}: ${lack}`);
  });

  // Else it could not get a CDN one day.
  test('takes a zone without VPC origins, where it has no CDN, only if there is no other', async () => {
    const aws = new VirtualWorld().cloud.at('us-east-1');
    const chosen = (count: number, avoided: readonly string[]) =>
      zonesLookup.lookup(aws, { instanceTypes: ['m5.large'], count, avoided });
    expect(await chosen(2, [])).toMatchObject({ zone0: 'us-east-1a', zone1: 'us-east-1b' });
    const first = (await aws.ec2('DescribeAvailabilityZones', {})).AvailabilityZones?.find(
      ({ ZoneName }) => ZoneName === 'us-east-1a',
    );
    expect(await chosen(2, [first?.ZoneId ?? ''])).toMatchObject({ zone0: 'us-east-1b', zone1: 'us-east-1c' });
    expect(await chosen(3, [first?.ZoneId ?? ''])).toMatchObject({ zone0: 'us-east-1a', zone2: 'us-east-1c' });
    const { owner, spec } = new VirtualWorld().add(minimal, (wanted) => ({ ...wanted, region: 'us-east-1' }));
    const { nodes } = compose({ owner, account: '111122223333', spec });
    expect(nodes.get('network/zones' as NodeId)?.props['avoided']).toEqual(['use1-az3']);
  });

  test('takes no subnets of yours in a zone without VPC origins', async () => {
    const world = new VirtualWorld();
    const ec2 = async <Answer>(operation: string, input: object): Promise<Answer> =>
      (await world.aws.handle({
        ...{ service: 'ec2', operation, input, region: 'us-east-1', principal: 'somebody' },
      })) as Answer;
    const { Vpc } = await ec2<{ Vpc: { VpcId: string } }>('CreateVpc', { CidrBlock: '10.9.0.0/16' });
    const subnetIds: string[] = [];
    for (const [i, zone] of ['b', 'c'].entries()) {
      const place = { AvailabilityZone: `us-east-1${zone}`, CidrBlock: `10.9.${i}.0/24` };
      const made = await ec2<{ Subnet: { SubnetId: string } }>('CreateSubnet', { VpcId: Vpc.VpcId, ...place });
      subnetIds.push(made.Subnet.SubnetId);
    }
    const network = {
      existing: { vpcId: Vpc.VpcId, publicSubnetIds: subnetIds, appSubnetIds: subnetIds, dataSubnetIds: subnetIds },
    };
    const { owner, spec } = world.add(minimal, (rest) => ({ ...rest, region: 'us-east-1', cdn: {}, network }));
    const { nodes } = compose({ owner, account: '111122223333', spec });
    const looked = (what: string) =>
      subnetsLookup.lookup(world.cloud.at('us-east-1'), {
        ...(nodes.get(`network/${what}-subnets` as NodeId)?.props as unknown as SubnetsLookupProps),
        ...{ vpcId: Vpc.VpcId, subnetIds },
      });
    expect(await looked('public')).toMatchObject({ subnetIds: [...subnetIds].sort() });
    expect(await looked('app')).toMatchObject({ subnetIds: [...subnetIds].sort() });
    await expect(looked('vpc-origin')).rejects.toThrow(
      `zone us-east-1c (use1-az3), in which ${subnetIds[1]} lies, has no VPC origins of CloudFront`,
    );
  });

  // CloudFront says the name to the load balancer that the VPC origin leads to: one beside the other's way is neither's.
  test('is led to another load balancer by one change, its name and the way to it together', async () => {
    const { world, store } = await built();
    const writes = world.cloud.writes().length;
    const origins = new Set<string>();
    const LoadBalancerArn = world.idOf(store, 'loadBalancer/internal');
    // AWS lets nobody delete it while a VPC origin leads to it: it is lost.
    world.aws.world.collection(homeRegion, loadBalancers).remove(LoadBalancerArn);
    world.clock.advance(600_000);
    await world.settle(store, async (...given) => {
      const verdict = await reconcile(...given);
      const [{ config }] = world.aws.world.collection('global', distributions).all() as [Distribution];
      for (const { DomainName, VpcOriginConfig } of config.Origins.Items)
        origins.add(`${DomainName} by ${VpcOriginConfig?.VpcOriginId}`);
      return verdict;
    });
    expect(world.idOf(store, 'loadBalancer/internal')).not.toBe(LoadBalancerArn);
    expect(origins.size).toBe(2);
    const changes = world.cloud.writes().slice(writes);
    expect(changes.filter((call) => call === 'cloudfront:UpdateDistribution')).toHaveLength(1);
    expect(changes.filter((call) => call === 'cloudfront:CreateVpcOrigin')).toHaveLength(1);
    expect(await world.leftAlone(store)).toEqual([]);
  }, 120_000);

  test('may give certificates of its own', async () => {
    const world = new VirtualWorld();
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-00000000abcd';
    const store = world.add(minimal, (spec) => ({ ...spec, cdn: { certificateArn } }));
    await expect(world.settle(store)).rejects.toThrow(`there is no certificate ${certificateArn}`);
  });
});
