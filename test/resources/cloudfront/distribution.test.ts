import type { DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import { describe, expect, test } from 'vitest';
import type { DistributionProps } from '../../../operator/resources/cloudfront/distribution-props.ts';
import { distribution } from '../../../operator/resources/cloudfront/distribution.ts';
import { originAccessControl } from '../../../operator/resources/cloudfront/origin-access-control.ts';
import { vpcOrigin } from '../../../operator/resources/cloudfront/vpc-origin.ts';
import { seedCertificate } from '../../../simulator/aws/acm/certificates.ts';
import {
  cachingDisabled,
  certificateArn,
  makeInternalBalancer,
  makeVpcOrigin,
  seedEdgeCertificate,
} from '../../support/simulated-edge.ts';
import { makeNetwork } from '../../support/simulated-network.ts';
import { Court, laws } from '../laws.ts';

const otherCertificate = certificateArn.replace(/1$/, '2');

async function originIn(court: Court, name: string): Promise<{ arn: string; domainName: string; vpcOriginId: string }> {
  const network = await makeNetwork(court.simulated);
  const { arn, dnsName } = await makeInternalBalancer(court.simulated, network, name);
  court.clock.advance(600_000);
  const vpcOriginId = await makeVpcOrigin(court.simulated, arn, name);
  court.clock.advance(900_000);
  return { arn, domainName: dnsName, vpcOriginId };
}

async function ground(court: Court): Promise<DistributionProps> {
  seedEdgeCertificate(court.simulated);
  seedCertificate(court.simulated.world, 'us-east-1', {
    ...{ arn: otherCertificate, domain: '*.example.com', names: ['*.example.com'] },
  });
  const { domainName, vpcOriginId } = await originIn(court, 'app');
  return {
    aliases: ['shop.example.com'],
    certificateArn,
    minimumTls: 'TLSv1.2_2021',
    origins: [{ id: 'app', domainName, vpcOriginId, readTimeoutSeconds: 30 }],
    defaultBehavior: {
      originId: 'app',
      viewerProtocol: 'redirect-to-https',
      methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
      cachePolicyId: cachingDisabled,
      compress: true,
      functions: [],
    },
    behaviors: [],
    errorAnswers: [],
    comment: 'store shops/acme',
    priceClass: 'PriceClass_100',
    httpVersion: 'http2and3',
    ipv6: true,
    geoRestriction: 'none',
    enabled: true,
    logs: null,
    rootObject: '',
  };
}

laws(distribution, {
  ground,
  live: {
    aliases: () => ['shop.example.com', 'www.example.com'],
    certificateArn: () => otherCertificate,
    minimumTls: () => 'TLSv1.2_2025',
    origins: ({ origins }) => [
      ...origins,
      { id: 'content', domainName: 'content.s3.eu-central-1.amazonaws.com', originAccessControlId: '' },
    ],
    defaultBehavior: ({ defaultBehavior }) => ({ ...defaultBehavior, viewerProtocol: 'allow-all' as const }),
    behaviors: ({ defaultBehavior }) => [{ ...defaultBehavior, path: '/static/*', methods: ['GET', 'HEAD'] as const }],
    errorAnswers: () => [
      { errorCode: 404, cachingSeconds: 0 },
      { errorCode: 503, page: { path: '/static/sorry.html', responseCode: 503 }, cachingSeconds: 10 },
    ],
    comment: () => 'another',
    priceClass: () => 'PriceClass_All' as const,
    httpVersion: () => 'http2' as const,
    ipv6: () => false,
    geoRestriction: () => 'blacklist' as const,
    enabled: () => false,
    logs: () => ({ bucket: 'logs.s3.amazonaws.com', prefix: 'cdn/' }),
    rootObject: () => 'index.html',
  },
  fixed: {},
});

laws(originAccessControl, {
  ground: () => Promise.resolve({ originType: 's3', signing: 'always' } as const),
  live: { signing: () => 'never' as const },
  fixed: { originType: 'lambda' },
  foreign: async (court) => {
    const OriginAccessControlConfig = {
      ...{ Name: court.birth().name, SigningProtocol: 'sigv4', SigningBehavior: 'always' },
      OriginAccessControlOriginType: 's3',
    };
    await court.other('cloudfront', 'CreateOriginAccessControl', { OriginAccessControlConfig });
  },
});

laws(vpcOrigin, {
  ground: async (court) => {
    const network = await makeNetwork(court.simulated);
    const { arn } = await makeInternalBalancer(court.simulated, network);
    return { loadBalancerArn: arn, httpsPort: 443, protocolPolicy: 'https-only' } as const;
  },
  live: {},
  fixed: { loadBalancerArn: 'arn:aws:elasticloadbalancing:other', httpsPort: 8443, protocolPolicy: 'match-viewer' },
});

describe('a distribution', () => {
  test('has its error pages in whatever order the store names them: CloudFront tells them by their codes', async () => {
    const court = new Court(distribution);
    const page = { path: '/static/sorry.html', responseCode: 503 };
    const errorAnswers = [503, 404, 500].map((errorCode) => ({ errorCode, cachingSeconds: 10, page }));
    const props = { ...(await ground(court)), errorAnswers };
    await court.settle(props);
    const [told] = await court.own(props);
    expect(told?.props).toMatchObject({ errorAnswers: [{ errorCode: 404 }, { errorCode: 500 }, { errorCode: 503 }] });
    expect(court.decide(props, told)).toEqual({ do: 'nothing' });
    const [, ...fewer] = errorAnswers;
    const fewerWanted = court.decide({ ...props, errorAnswers: fewer }, told);
    expect(fewerWanted).toEqual({ do: 'update', fields: ['errorAnswers'] });
  });

  test('has errors without a page, which are kept for as long as the store says', async () => {
    const court = new Court(distribution);
    const errorAnswers = [{ errorCode: 404, cachingSeconds: 0 }];
    const props = { ...(await ground(court)), errorAnswers };
    const { id: Id } = await court.settle(props);
    const [told] = await court.own(props);
    expect(court.decide(props, told)).toEqual({ do: 'nothing' });
    const { Distribution } = await court.other<{ Distribution: { DistributionConfig: DistributionConfig } }>(
      ...(['cloudfront', 'GetDistribution', { Id }] as const),
    );
    expect(Distribution.DistributionConfig.CustomErrorResponses?.Items).toMatchObject([
      { ErrorCode: 404, ErrorCachingMinTTL: 0, ResponsePagePath: '' },
    ]);
  });

  test('keeps a web ACL that somebody has put before it', async () => {
    const court = new Court(distribution);
    const props = await ground(court);
    const found = await court.settle(props);
    const read = async () =>
      court.other<{ ETag: string; Distribution: { DistributionConfig: object } }>('cloudfront', 'GetDistribution', {
        Id: found.id,
      });
    const { ETag, Distribution } = await read();
    const DistributionConfig = { ...Distribution.DistributionConfig, WebACLId: 'arn:aws:wafv2:acl' };
    await court.other('cloudfront', 'UpdateDistribution', { Id: found.id, IfMatch: ETag, DistributionConfig });
    await court.settle({ ...props, comment: 'another' });
    expect((await read()).Distribution.DistributionConfig).toMatchObject({
      ...{ WebACLId: 'arn:aws:wafv2:acl', Comment: 'another' },
    });
  });

  test('keeps how long somebody lets a connection to an origin take, and whose signatures he trusts', async () => {
    const court = new Court(distribution);
    const props = await ground(court);
    const found = await court.settle(props);
    type Read = { ETag: string; Distribution: { DistributionConfig: DistributionConfig } };
    const read = async () => {
      const { ETag, Distribution } = await court.other<Read>('cloudfront', 'GetDistribution', { Id: found.id });
      return { ETag, config: Distribution.DistributionConfig };
    };
    const tuned = ({ VpcOriginConfig, ...one }: Origin): Origin => ({
      ...{ ...one, ConnectionTimeout: 4 },
      ...(VpcOriginConfig ? { VpcOriginConfig: { ...VpcOriginConfig, OriginKeepaliveTimeout: 60 } } : {}),
    });
    const { ETag, config } = await read();
    const { Origins, DefaultCacheBehavior } = config;
    const TrustedKeyGroups = { Enabled: true, Quantity: 1, Items: ['theirs'] };
    const DistributionConfig = {
      ...config,
      Origins: { ...Origins, Items: Origins?.Items?.map(tuned) },
      DefaultCacheBehavior: { ...DefaultCacheBehavior, TrustedKeyGroups },
    };
    await court.other('cloudfront', 'UpdateDistribution', { Id: found.id, IfMatch: ETag, DistributionConfig });
    await court.settle({ ...props, comment: 'another' });
    const now = (await read()).config;
    expect(now.Origins?.Items?.map(({ ConnectionTimeout }) => ConnectionTimeout)).toEqual(Origins?.Items?.map(() => 4));
    expect(now.Origins?.Items?.flatMap(({ VpcOriginConfig: one }) => one?.OriginKeepaliveTimeout ?? [])).toEqual([60]);
    expect(now).toMatchObject({ Comment: 'another', DefaultCacheBehavior: { TrustedKeyGroups } });
  });

  test('waits for the application as long as the store says, whatever somebody has set', async () => {
    const court = new Court(distribution);
    const props = await ground(court);
    await court.settle(props);
    const [told] = await court.own(props);
    const patient = { ...props, origins: props.origins.map((one) => ({ ...one, readTimeoutSeconds: 90 })) };
    expect(court.decide(patient, told)).toEqual({ do: 'update', fields: ['origins'] });
    await court.settle(patient);
    const [now] = await court.own(patient);
    expect(now?.props).toMatchObject({ origins: [{ readTimeoutSeconds: 90 }] });
    expect(court.decide(props, now)).toEqual({ do: 'update', fields: ['origins'] });
  });

  test('is disabled first, and asks no more than it must until it can be deleted', async () => {
    const court = new Court(distribution);
    const found = await court.settle(await ground(court));
    const before = court.cloud.writes().length;
    await expect(distribution.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'busy' });
    await expect(distribution.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(600_000);
    await distribution.delete(court.aws, found as never);
    expect(court.writesSince(before)).toEqual(['cloudfront:UpdateDistribution', 'cloudfront:DeleteDistribution']);
  });

  test('is not asked about while lists tell that it is being disabled', async () => {
    const court = new Court(distribution);
    const found = await court.settle(await ground(court));
    await expect(distribution.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'busy' });
    const [told] = await court.list({});
    const before = court.simulated.world.ledger.calls().length;
    await expect(distribution.delete(court.aws, told as never)).rejects.toMatchObject({ kind: 'busy' });
    expect(court.simulated.world.ledger.calls().slice(before)).toEqual([]);
  });

  test('is not changed on what was read before somebody else changed it', async () => {
    const court = new Court(distribution);
    const props = await ground(court);
    const found = await court.settle(props);
    const { ETag, Distribution } = await court.aws.cloudfront('GetDistribution', { Id: found.id });
    await distribution.update(court.aws, found as never, { ...props, comment: 'ours' }, new Set(['comment']));
    const late = court.aws.cloudfront('UpdateDistribution', {
      ...{ Id: found.id, IfMatch: ETag, DistributionConfig: Distribution?.DistributionConfig },
    });
    await expect(late).rejects.toMatchObject({ kind: 'busy', facts: { code: 'PreconditionFailed' } });
  });
});
