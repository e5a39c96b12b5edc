import type { DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { seedCertificate } from '../../../../simulator/aws/acm/certificates.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import {
  cachingDisabled,
  certificateArn,
  makeInternalBalancer,
  makeVpcOrigin,
  seedEdgeCertificate,
} from '../../../support/simulated-edge.ts';
import { makeNetwork, type SimulatedNetwork } from '../../../support/simulated-network.ts';

const otherCertificate = certificateArn.replace(/1$/, '2');
let clock: VirtualClock;
let aws: SimulatedAws;
let network: SimulatedNetwork;
let balancer: { readonly arn: string; readonly dnsName: string };
let vpcOriginId: string;
const cloudfront = <O extends string>(operation: O, input: object) =>
  callsTo(aws, 'cloudfront')(operation, input as never) as Promise<Record<string, never>>;
const minutes = (count: number): void => clock.advance(count * 60_000);

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  network = await makeNetwork(aws);
  seedEdgeCertificate(aws);
  balancer = await makeInternalBalancer(aws, network);
  minutes(5);
  vpcOriginId = await makeVpcOrigin(aws, balancer.arn);
});

const config = (more: Partial<DistributionConfig> = {}): DistributionConfig => ({
  CallerReference: 'one',
  Comment: 'a shop',
  Enabled: true,
  Aliases: { Quantity: 1, Items: ['shop.example.com'] },
  Origins: {
    Quantity: 1,
    Items: [{ Id: 'app', DomainName: balancer.dnsName, VpcOriginConfig: { VpcOriginId: vpcOriginId } }],
  },
  DefaultCacheBehavior: {
    TargetOriginId: 'app',
    ViewerProtocolPolicy: 'redirect-to-https',
    CachePolicyId: cachingDisabled,
  },
  ViewerCertificate: {
    ACMCertificateArn: certificateArn,
    SSLSupportMethod: 'sni-only',
    MinimumProtocolVersion: 'TLSv1.2_2021',
  },
  ...more,
});
interface Made {
  readonly Distribution: {
    readonly Id: string;
    readonly ARN: string;
    readonly Status: string;
    readonly DistributionConfig: DistributionConfig;
  };
  readonly ETag: string;
}
const make = async (more: Partial<DistributionConfig> = {}): Promise<Made> =>
  (await cloudfront('CreateDistributionWithTags', {
    DistributionConfigWithTags: {
      DistributionConfig: config(more),
      Tags: { Items: [{ Key: 'whose', Value: 'ours' }] },
    },
  })) as unknown as Made;
const statusOf = async (Id: string): Promise<string> =>
  ((await cloudfront('GetDistribution', { Id })) as unknown as Made).Distribution.Status;
const refused = (code: string) => expect.objectContaining({ code }) as unknown;

describe('a VPC origin', () => {
  test('is deployed after minutes, and nothing uses it before', async () => {
    await expect(make()).rejects.toMatchObject({ code: 'InvalidArgument' });
    minutes(11);
    expect((await make()).Distribution.Status).toBe('InProgress');
  });

  test('wants an active load balancer in a VPC with an internet gateway', async () => {
    const young = await makeInternalBalancer(aws, network, 'young');
    await expect(makeVpcOrigin(aws, young.arn, 'young')).rejects.toMatchObject({ code: 'InvalidArgument' });
    minutes(5);
    const ec2 = callsTo(aws, 'ec2');
    const { InternetGateways: [gateway] = [] } = await ec2('DescribeInternetGateways', {});
    await ec2('DetachInternetGateway', { InternetGatewayId: gateway?.InternetGatewayId, VpcId: network.vpcId });
    await expect(makeVpcOrigin(aws, young.arn, 'young')).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  test('holds its load balancer, brings a group of its own, and takes it along', async () => {
    const groups = async () =>
      (await callsTo(aws, 'ec2')('DescribeSecurityGroups', {})).SecurityGroups?.map(({ GroupName }) => GroupName);
    expect(await groups()).toContain('CloudFront-VPCOrigins-Service-SG');
    const remove = () => callsTo(aws, 'elbv2')('DeleteLoadBalancer', { LoadBalancerArn: balancer.arn });
    await expect(remove()).rejects.toMatchObject({ code: 'ResourceInUse' });
    minutes(11);
    const { ETag } = await cloudfront('GetVpcOrigin', { Id: vpcOriginId });
    await cloudfront('DeleteVpcOrigin', { Id: vpcOriginId, IfMatch: ETag });
    minutes(6);
    await remove();
    expect(await groups()).not.toContain('CloudFront-VPCOrigins-Service-SG');
  });

  test('stays while a distribution uses it', async () => {
    minutes(11);
    await make();
    const { ETag } = await cloudfront('GetVpcOrigin', { Id: vpcOriginId });
    const removed = cloudfront('DeleteVpcOrigin', { Id: vpcOriginId, IfMatch: ETag });
    await expect(removed).rejects.toMatchObject({ code: 'CannotDeleteEntityWhileInUse' });
  });
});

describe('a distribution', () => {
  beforeEach(() => minutes(11));

  test('is deployed everywhere after minutes, and again after each change', async () => {
    const { Distribution, ETag } = await make();
    minutes(6);
    expect(await statusOf(Distribution.Id)).toBe('Deployed');
    const DistributionConfig = { ...Distribution.DistributionConfig, Comment: 'another' };
    await cloudfront('UpdateDistribution', { Id: Distribution.Id, IfMatch: ETag, DistributionConfig });
    expect(await statusOf(Distribution.Id)).toBe('InProgress');
    minutes(6);
    expect(await statusOf(Distribution.Id)).toBe('Deployed');
  });

  test('is made once for one caller reference', async () => {
    await make();
    await expect(make({ Aliases: { Quantity: 0 } })).rejects.toMatchObject({ code: 'DistributionAlreadyExists' });
  });

  test('takes a policy of no name for none, as some clients say it', async () => {
    const DefaultCacheBehavior = { ...config().DefaultCacheBehavior, OriginRequestPolicyId: '' };
    const { Distribution } = await make({ DefaultCacheBehavior } as Partial<DistributionConfig>);
    expect(Distribution.DistributionConfig.DefaultCacheBehavior).not.toHaveProperty('OriginRequestPolicyId');
  });

  test('is changed as a whole: what a creation may leave out, a change may not', async () => {
    const { Distribution, ETag } = await make();
    const { OriginPath: _left, ...origin } = Distribution.DistributionConfig.Origins?.Items?.[0] as Origin;
    const change = (part: Partial<DistributionConfig>) =>
      cloudfront('UpdateDistribution', {
        Id: Distribution.Id,
        IfMatch: ETag,
        DistributionConfig: { ...Distribution.DistributionConfig, ...part },
      });
    await expect(change({ Origins: { Quantity: 1, Items: [origin] } })).rejects.toMatchObject({
      code: 'IllegalUpdate',
      message: 'OriginPath is required for updates.',
    });
    await expect(change({ WebACLId: undefined })).rejects.toMatchObject({ code: 'IllegalUpdate' });
    await change({});
  });

  test('is changed only by who has read it last, and keeps its caller reference', async () => {
    const {
      Distribution: { Id },
      ETag,
    } = await make();
    const change = (IfMatch: string | undefined, more: Partial<DistributionConfig> = {}) =>
      cloudfront('UpdateDistribution', { Id, IfMatch, DistributionConfig: config(more) });
    await expect(change('another')).rejects.toMatchObject({ code: 'PreconditionFailed', status: 412 });
    await expect(change(undefined)).rejects.toMatchObject({ code: 'InvalidIfMatchVersion' });
    await expect(change(ETag, { CallerReference: 'two' })).rejects.toMatchObject({ code: 'IllegalUpdate' });
  });

  test('goes only when it is disabled everywhere', async () => {
    const {
      Distribution: { Id, DistributionConfig: made },
      ETag,
    } = await make();
    const remove = (IfMatch: string) => cloudfront('DeleteDistribution', { Id, IfMatch });
    minutes(6);
    await expect(remove(ETag)).rejects.toMatchObject({ code: 'DistributionNotDisabled' });
    const DistributionConfig = { ...made, Enabled: false };
    const after = (await cloudfront('UpdateDistribution', {
      Id,
      IfMatch: ETag,
      DistributionConfig,
    })) as unknown as Made;
    await expect(remove(after.ETag)).rejects.toMatchObject({ code: 'DistributionNotDisabled' });
    minutes(6);
    await remove(after.ETag);
    await expect(cloudfront('GetDistribution', { Id })).rejects.toMatchObject({ code: 'NoSuchDistribution' });
    // Its caller reference stays used.
    await expect(make()).rejects.toMatchObject({ code: 'DistributionAlreadyExists' });
  });

  test.each([
    ['of a code that it has no pages for', { ErrorCode: 418, ResponsePagePath: '/sorry.html', ResponseCode: '503' }],
    ['that goes with another status', { ErrorCode: 503, ResponsePagePath: '/sorry.html', ResponseCode: '418' }],
    ['without its status', { ErrorCode: 503, ResponsePagePath: '/sorry.html' }],
    ['without its path', { ErrorCode: 503, ResponseCode: '503' }],
  ])('refuses an error page %s', async (_what, page) => {
    const made = make({ CustomErrorResponses: { Quantity: 1, Items: [page] } });
    await expect(made).rejects.toEqual(refused('InvalidArgument'));
  });

  // As the AWS CLI shows it: https://github.com/ansible/ansible/pull/19727
  test('keeps an error for as long as it is told, and shows no page for it', async () => {
    const CustomErrorResponses = { Quantity: 1, Items: [{ ErrorCode: 503, ErrorCachingMinTTL: 0 }] };
    const { Distribution } = await make({ CustomErrorResponses });
    expect(Distribution.DistributionConfig.CustomErrorResponses?.Items).toEqual([
      { ErrorCode: 503, ErrorCachingMinTTL: 0, ResponsePagePath: '', ResponseCode: '' },
    ]);
  });

  // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginConfig.html
  test('waits for an origin two minutes at most', async () => {
    const waiting = (OriginReadTimeout: number) => {
      const [origin] = config().Origins?.Items ?? [];
      const VpcOriginConfig = { ...origin?.VpcOriginConfig, OriginReadTimeout };
      return make({ Origins: { Quantity: 1, Items: [{ ...origin, VpcOriginConfig } as Origin] } });
    };
    await expect(waiting(121)).rejects.toEqual(refused('InvalidOriginReadTimeout'));
    await expect(waiting(0)).rejects.toEqual(refused('InvalidOriginReadTimeout'));
    await waiting(120);
  });

  test('takes no name that another has', async () => {
    await make();
    await expect(make({ CallerReference: 'two' })).rejects.toMatchObject({ code: 'CNAMEAlreadyExists' });
  });

  test.each([
    ['of another region', 'arn:aws:acm:eu-central-1:111122223333:certificate/0', ['shop.example.com']],
    ['that does not cover a name', certificateArn, ['shop.example.com', 'a.b.example.com']],
  ])('refuses a certificate %s', async (_what, ACMCertificateArn, Items) => {
    const ViewerCertificate = { ACMCertificateArn, SSLSupportMethod: 'sni-only' } as const;
    const made = make({ ViewerCertificate, Aliases: { Quantity: Items.length, Items } });
    await expect(made).rejects.toEqual(refused('InvalidViewerCertificate'));
  });

  test('does not see a certificate in the moment in which it was issued', async () => {
    seedCertificate(aws.world, 'us-east-1', {
      ...{ arn: otherCertificate, domain: 'shop.example.com', names: ['shop.example.com'] },
    });
    const ViewerCertificate = { ACMCertificateArn: otherCertificate, SSLSupportMethod: 'sni-only' } as const;
    await expect(make({ ViewerCertificate })).rejects.toEqual(refused('InvalidViewerCertificate'));
    minutes(1);
    await make({ ViewerCertificate });
  });

  test.each([
    ['without ACLs', 'eu-central-1', 'BucketOwnerEnforced', 'InvalidArgument'],
    ['of a region that CloudFront writes no logs to', 'eu-central-2', 'BucketOwnerPreferred', 'AccessDenied'],
  ])('writes no logs to a bucket %s', async (_what, region, ObjectOwnership, code) => {
    const CreateBucketConfiguration = { LocationConstraint: region };
    const input = { Bucket: 'acme-logs', ObjectOwnership, CreateBucketConfiguration };
    await callsTo(aws, 's3', region)('CreateBucket', input as never);
    const Logging = { Enabled: true, IncludeCookies: false, Bucket: 'acme-logs.s3.amazonaws.com', Prefix: '' };
    await expect(make({ Logging })).rejects.toEqual(refused(code));
    await make({ Logging: { ...Logging, Bucket: 'others-logs.s3.amazonaws.com' } });
  });

  test('keeps its certificate from being deleted', async () => {
    await make();
    const removed = callsTo(aws, 'acm', 'us-east-1')('DeleteCertificate', { CertificateArn: certificateArn });
    await expect(removed).rejects.toMatchObject({ code: 'ResourceInUseException' });
  });

  test('names only origins, policies and access controls that exist, and counts right', async () => {
    const behavior = config().DefaultCacheBehavior as object;
    const wrong: [string, object][] = [
      ['NoSuchOrigin', { DefaultCacheBehavior: { ...behavior, TargetOriginId: 'other' } }],
      ['NoSuchCachePolicy', { DefaultCacheBehavior: { ...behavior, CachePolicyId: 'none' } }],
      ['NoSuchOriginRequestPolicy', { DefaultCacheBehavior: { ...behavior, OriginRequestPolicyId: 'none' } }],
      ['InconsistentQuantities', { Aliases: { Quantity: 2, Items: ['shop.example.com'] } }],
    ];
    for (const [code, more] of wrong) await expect(make(more)).rejects.toMatchObject({ code });
  });

  test('holds the access control of its bucket', async () => {
    const OriginAccessControlConfig = {
      ...{ Name: 'content', SigningProtocol: 'sigv4', SigningBehavior: 'always', OriginAccessControlOriginType: 's3' },
    };
    const control = await cloudfront('CreateOriginAccessControl', { OriginAccessControlConfig });
    const {
      OriginAccessControl: { Id },
      ETag,
    } = control as unknown as { OriginAccessControl: { Id: string }; ETag: string };
    const twin = cloudfront('CreateOriginAccessControl', { OriginAccessControlConfig });
    await expect(twin).rejects.toMatchObject({ code: 'OriginAccessControlAlreadyExists' });
    const bucket = {
      Id: 'content',
      DomainName: 'shop-content.s3.eu-central-1.amazonaws.com',
      S3OriginConfig: { OriginAccessIdentity: '' },
    };
    const origins = (OriginAccessControlId: string) => ({
      Quantity: 2,
      Items: [...(config().Origins?.Items ?? []), { ...bucket, OriginAccessControlId }],
    });
    await expect(make({ Origins: origins('none') })).rejects.toMatchObject({ code: 'InvalidOriginAccessControl' });
    await make({ Origins: origins(Id) });
    const removed = cloudfront('DeleteOriginAccessControl', { Id, IfMatch: ETag });
    await expect(removed).rejects.toMatchObject({ code: 'OriginAccessControlInUse' });
  });

  test('has the tags of its birth, and is listed without its logging', async () => {
    const { Distribution } = await make();
    expect(await cloudfront('ListTagsForResource', { Resource: Distribution.ARN })).toEqual({
      Tags: { Items: [{ Key: 'whose', Value: 'ours' }] },
    });
    const { DistributionList } = (await cloudfront('ListDistributions', {})) as unknown as {
      DistributionList: { Items: object[] };
    };
    expect(DistributionList.Items[0]).toMatchObject({ Id: Distribution.Id, Comment: 'a shop', Enabled: true });
    expect(DistributionList.Items[0]).not.toHaveProperty('Logging');
  });
});

describe("CloudFront's prefix list", () => {
  test('is found by name, and weighs 55 rules', async () => {
    const ec2 = callsTo(aws, 'ec2');
    const Filters = [{ Name: 'prefix-list-name', Values: ['com.amazonaws.global.cloudfront.origin-facing'] }];
    const { PrefixLists: [list] = [] } = await ec2('DescribeManagedPrefixLists', { Filters });
    const open = (port: number) =>
      ec2('AuthorizeSecurityGroupIngress', {
        GroupId: network.appGroupId,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: port, ToPort: port, PrefixListIds: [{ PrefixListId: list?.PrefixListId }] },
        ],
      });
    await open(443);
    await expect(open(80)).rejects.toMatchObject({ code: 'RulesPerSecurityGroupLimitExceeded' });
  });

  test('tells its entries', async () => {
    const ec2 = callsTo(aws, 'ec2');
    const { PrefixLists: [list] = [] } = await ec2('DescribeManagedPrefixLists', {});
    const { Entries } = await ec2('GetManagedPrefixListEntries', { PrefixListId: list?.PrefixListId });
    expect(Entries).toContainEqual({ Cidr: '130.176.0.0/17' });
    const lost = ec2('GetManagedPrefixListEntries', { PrefixListId: 'pl-00000000' });
    await expect(lost).rejects.toMatchObject({ code: 'InvalidPrefixListID.NotFound' });
  });
});
