import { beforeEach, describe, expect, test } from 'vitest';
import { seedHostedZone } from '../../../../simulator/aws/route53/hosted-zones.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { makeNetwork } from '../../../support/simulated-network.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
const acm = (operation: string, input: object) => callsTo(aws, 'acm')(operation, input as never) as Promise<object>;

interface Wanted {
  readonly Name: string;
  readonly Type: string;
  readonly Value: string;
}
interface Detail {
  readonly Status: string;
  readonly FailureReason?: string;
  readonly DomainValidationOptions: readonly { ResourceRecord?: Wanted; ValidationStatus: string }[];
}

const request = async (more: object = {}): Promise<string> => {
  const input = { DomainName: 'shop.example.com', ValidationMethod: 'DNS', ...more };
  return ((await acm('RequestCertificate', input)) as { CertificateArn: string }).CertificateArn;
};
const detail = async (CertificateArn: string): Promise<Detail> =>
  ((await acm('DescribeCertificate', { CertificateArn })) as { Certificate: Detail }).Certificate;
const put = (Name: string, Type: string, Value: string) => {
  const ResourceRecordSet = { Name, Type, TTL: 300, ResourceRecords: [{ Value }] };
  const ChangeBatch = { Changes: [{ Action: 'UPSERT', ResourceRecordSet }] };
  return callsTo(aws, 'route53')('ChangeResourceRecordSets', { HostedZoneId: 'ZONE', ChangeBatch } as never);
};
/** Adds the records that a certificate asks for. */
const prove = async (arn: string): Promise<void> => {
  clock.advance(10_000);
  for (const { ResourceRecord } of (await detail(arn)).DomainValidationOptions)
    await put(ResourceRecord?.Name ?? '', 'CNAME', ResourceRecord?.Value ?? '');
};

beforeEach(() => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  seedHostedZone(aws.world, { id: 'ZONE', name: 'example.com' });
});

describe('a certificate', () => {
  test('tells its records some seconds after it was requested', async () => {
    const arn = await request({ SubjectAlternativeNames: ['www.example.com'] });
    expect((await detail(arn)).DomainValidationOptions.map(({ ResourceRecord }) => ResourceRecord)).toEqual([
      undefined,
      undefined,
    ]);
    clock.advance(10_000);
    expect(await detail(arn)).toMatchObject({
      Status: 'PENDING_VALIDATION',
      SubjectAlternativeNames: ['shop.example.com', 'www.example.com'],
      DomainValidationOptions: ['shop', 'www'].map((label) => ({
        DomainName: `${label}.example.com`,
        ResourceRecord: {
          Name: expect.stringMatching(new RegExp(`^_[0-9a-f]{32}\\.${label}\\.example\\.com\\.$`)) as string,
          Type: 'CNAME',
          Value: expect.stringMatching(/^_[0-9a-f]{32}\..*acm-validations\.aws\.$/) as string,
        },
      })),
    });
  });

  test('is issued some minutes after all its records exist, and not before', async () => {
    const arn = await request({ SubjectAlternativeNames: ['www.example.com'] });
    clock.advance(3_600_000);
    const [first, second] = (await detail(arn)).DomainValidationOptions;
    await put(first?.ResourceRecord?.Name ?? '', 'CNAME', first?.ResourceRecord?.Value ?? '');
    clock.advance(3_600_000);
    expect((await detail(arn)).Status).toBe('PENDING_VALIDATION');
    await put(second?.ResourceRecord?.Name ?? '', 'CNAME', second?.ResourceRecord?.Value ?? '');
    expect((await detail(arn)).Status).toBe('PENDING_VALIDATION');
    clock.advance(600_000);
    expect(await detail(arn)).toMatchObject({
      Status: 'ISSUED',
      DomainValidationOptions: [{ ValidationStatus: 'SUCCESS' }, { ValidationStatus: 'SUCCESS' }],
    });
  });

  test('is not issued for a record of another value', async () => {
    const arn = await request();
    clock.advance(10_000);
    const [option] = (await detail(arn)).DomainValidationOptions;
    await put(option?.ResourceRecord?.Name ?? '', 'CNAME', '_wrong.acm-validations.aws.');
    clock.advance(3_600_000);
    expect((await detail(arn)).Status).toBe('PENDING_VALIDATION');
  });

  test('times out after three days without its records', async () => {
    const arn = await request();
    clock.advance(72 * 3_600_000 + 1);
    expect((await detail(arn)).Status).toBe('VALIDATION_TIMED_OUT');
    await prove(arn);
    clock.advance(3_600_000);
    expect((await detail(arn)).Status).toBe('VALIDATION_TIMED_OUT');
  });

  test.each([
    ['0 issue "letsencrypt.org"', { Status: 'FAILED', FailureReason: 'CAA_ERROR' }],
    ['0 issue "amazon.com"', { Status: 'ISSUED' }],
    ['0 iodef "mailto:security@example.com"', { Status: 'ISSUED' }],
  ])('of a domain with the CAA record %s is %j', async (record, outcome) => {
    await put('example.com', 'CAA', record);
    const arn = await request();
    await prove(arn);
    clock.advance(3_600_000);
    expect(await detail(arn)).toMatchObject(outcome);
  });

  test('asks for the same record whenever the same name is asked for', async () => {
    const [one, two] = [await request(), await request()];
    clock.advance(10_000);
    expect(one).not.toBe(two);
    expect((await detail(one)).DomainValidationOptions).toEqual((await detail(two)).DomainValidationOptions);
  });

  test('is one for one token within an hour', async () => {
    const IdempotencyToken = 'token';
    const first = await request({ IdempotencyToken });
    clock.advance(3_000_000);
    expect(await request({ IdempotencyToken })).toBe(first);
    clock.advance(3_000_000);
    expect(await request({ IdempotencyToken })).not.toBe(first);
  });

  test('is not deleted while a load balancer serves it', async () => {
    const arn = await request();
    await prove(arn);
    clock.advance(600_000);
    const { subnetIds, albGroupId, vpcId } = await makeNetwork(aws);
    const elbv2 = callsTo(aws, 'elbv2');
    const { LoadBalancers } = await elbv2('CreateLoadBalancer', {
      Name: 'shop',
      Subnets: [...subnetIds],
      SecurityGroups: [albGroupId],
    });
    const { TargetGroups } = await elbv2('CreateTargetGroup', {
      Name: 'app',
      Port: 80,
      Protocol: 'HTTP',
      VpcId: vpcId,
    });
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
    const { Listeners } = await elbv2('CreateListener', {
      LoadBalancerArn,
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: arn }],
      DefaultActions: [{ Type: 'forward', TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }],
    });
    expect(await detail(arn)).toMatchObject({ InUseBy: [LoadBalancerArn] });
    const remove = () => acm('DeleteCertificate', { CertificateArn: arn });
    await expect(remove()).rejects.toMatchObject({ code: 'ResourceInUseException' });
    await elbv2('DeleteListener', { ListenerArn: Listeners?.[0]?.ListenerArn });
    await remove();
    await expect(detail(arn)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('is known in its own region only', async () => {
    const CertificateArn = await request();
    const elsewhere = callsTo(aws, 'acm', 'us-east-1')('DescribeCertificate', { CertificateArn });
    await expect(elsewhere).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('a list of certificates', () => {
  test('lacks those with keys that are not asked for', async () => {
    const arn = await request({ KeyAlgorithm: 'EC_prime256v1' });
    expect(await acm('ListCertificates', {})).toMatchObject({ CertificateSummaryList: [] });
    const listed = await acm('ListCertificates', { Includes: { keyTypes: ['EC_prime256v1'] } });
    expect(listed).toMatchObject({ CertificateSummaryList: [{ CertificateArn: arn }] });
    expect(listed).not.toMatchObject({ CertificateSummaryList: [{ Tags: expect.anything() as unknown }] });
  });

  test('tells no tags: those are asked for one by one', async () => {
    const arn = await request({ Tags: [{ Key: 'team', Value: 'shops' }] });
    expect(await acm('ListTagsForCertificate', { CertificateArn: arn })).toEqual({
      Tags: [{ Key: 'team', Value: 'shops' }],
    });
  });
});

test('a certificate covers ten names at most', async () => {
  const names = Array.from({ length: 11 }, (_, i) => `n${i}.example.com`);
  await expect(request({ SubjectAlternativeNames: names })).rejects.toMatchObject({ code: 'LimitExceededException' });
});
