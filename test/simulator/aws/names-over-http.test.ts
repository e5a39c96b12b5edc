import {
  ACMClient,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListTagsOfLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourcesCommand,
  Route53Client,
  type Change,
} from '@aws-sdk/client-route-53';
import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand as ListTagsOfParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judgedFront, type JudgedFront } from '../../support/judged-front.ts';
import { createSimulatedAws } from '../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../simulator/clock.ts';

let clock: VirtualClock;
let front: JudgedFront;
let clients: readonly { destroy(): void }[];
let iam: IAMClient;
let acm: ACMClient;
let route53: Route53Client;
let ssm: SSMClient;
let logs: CloudWatchLogsClient;

beforeEach(async () => {
  clock = new VirtualClock();
  front = await judgedFront({ aws: createSimulatedAws({ clock }) });
  const credentials = { accessKeyId: 'AKIASIMULATOR', secretAccessKey: 'secret' };
  const options = { endpoint: front.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
  [iam, acm, route53] = [new IAMClient(options), new ACMClient(options), new Route53Client(options)];
  [ssm, logs] = [new SSMClient(options), new CloudWatchLogsClient(options)];
  clients = [iam, acm, route53, ssm, logs];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await front.close();
});

const Tags = [{ Key: 'ecom.io/uid', Value: 'x + y' }];
const policy = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const trust = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });

test('IAM: a role with its policies and its instance profile', async () => {
  const made = await iam.send(
    new CreateRoleCommand({ RoleName: 'app', Path: '/ecom/', AssumeRolePolicyDocument: trust, Tags }),
  );
  expect(made.Role?.CreateDate).toEqual(new Date(clock.now()));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'app' }));
  expect(Role?.Tags).toEqual(Tags);
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
  const document = policy({ Effect: 'Allow', Action: ['logs:Put*', "logs:It's(not)!"], Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'app', PolicyName: 'logs', PolicyDocument: document }));
  const inline = await iam.send(new GetRolePolicyCommand({ RoleName: 'app', PolicyName: 'logs' }));
  expect(inline.PolicyDocument).not.toMatch(/[{"!'()*]/);
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(document);
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'app', PolicyArn }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'app' }));
  expect(AttachedPolicies).toEqual([{ PolicyArn, PolicyName: 'AmazonSSMManagedInstanceCore' }]);
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'app', Path: '/ecom/' }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'app', RoleName: 'app' }));
  const { InstanceProfiles } = await iam.send(new ListInstanceProfilesCommand({ PathPrefix: '/ecom/' }));
  expect(InstanceProfiles).toMatchObject([{ InstanceProfileName: 'app', Roles: [{ RoleName: 'app' }] }]);
  await expect(iam.send(new DeleteRoleCommand({ RoleName: 'app' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    $metadata: { httpStatusCode: 409 },
  });
  await expect(iam.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
});

test('Route 53 and ACM: a zone, and a certificate that its records prove', async () => {
  const zone = await route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'once' }));
  const HostedZoneId = zone.HostedZone?.Id ?? '';
  expect(HostedZoneId).toMatch(/^\/hostedzone\/Z[A-Z0-9]+$/);
  const tagged = { ResourceType: 'hostedzone', ResourceId: HostedZoneId.split('/')[2] } as const;
  await route53.send(new ChangeTagsForResourceCommand({ ...tagged, AddTags: Tags }));
  const told = await route53.send(
    new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: [tagged.ResourceId ?? ''] }),
  );
  expect(told.ResourceTagSets).toMatchObject([{ Tags }]);
  expect((await route53.send(new GetHostedZoneCommand({ Id: HostedZoneId }))).DelegationSet?.NameServers).toHaveLength(
    4,
  );
  const byName = await route53.send(new ListHostedZonesByNameCommand({ DNSName: 'example.com', MaxItems: 1 }));
  expect(byName).toMatchObject({ HostedZones: [{ Id: HostedZoneId }], IsTruncated: false });

  const wanted = { DomainName: 'shop.example.com', ValidationMethod: 'DNS', Tags } as const;
  const { CertificateArn } = await acm.send(new RequestCertificateCommand(wanted));
  clock.advance(10_000);
  const before = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
  const record = before.Certificate?.DomainValidationOptions?.[0]?.ResourceRecord;
  const change = (...Changes: Change[]) =>
    route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
  const proof: Change = {
    Action: 'CREATE',
    ResourceRecordSet: {
      Name: record?.Name,
      Type: 'CNAME',
      TTL: 300,
      ResourceRecords: [{ Value: record?.Value }],
    },
  };
  const alias: Change = {
    Action: 'CREATE',
    ResourceRecordSet: {
      Name: '*.example.com',
      Type: 'A',
      AliasTarget: {
        DNSName: 'shop-1.eu-central-1.elb.amazonaws.com',
        HostedZoneId: 'Z215JYRZR1TBD5',
        EvaluateTargetHealth: true,
      },
    },
  };
  expect((await change(proof, alias)).ChangeInfo).toMatchObject({ Status: 'PENDING' });
  const listed = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, MaxItems: 3 }));
  expect(listed).toMatchObject({ IsTruncated: true, NextRecordType: 'CNAME', MaxItems: 3 });
  expect(listed.ResourceRecordSets?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
    'example.com. NS',
    'example.com. SOA',
    '\\052.example.com. A',
  ]);
  expect(listed.ResourceRecordSets?.[2]?.AliasTarget).toEqual({
    ...alias.ResourceRecordSet?.AliasTarget,
    DNSName: 'shop-1.eu-central-1.elb.amazonaws.com.',
  });
  await expect(change(proof)).rejects.toMatchObject({
    name: 'InvalidChangeBatch',
    message: expect.stringMatching(/^\[Tried to create resource record set .* but it already exists\]$/) as string,
  });
  clock.advance(600_000);
  const after = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
  expect(after.Certificate).toMatchObject({ Status: 'ISSUED', IssuedAt: expect.any(Date) as Date });
  expect((await acm.send(new ListTagsForCertificateCommand({ CertificateArn }))).Tags).toEqual(Tags);
  const { CertificateSummaryList } = await acm.send(new ListCertificatesCommand({}));
  expect(CertificateSummaryList).toMatchObject([{ CertificateArn, Status: 'ISSUED', InUse: false }]);
});

test('Systems Manager: parameters with tags, by path', async () => {
  const Name = '/ecom/shops/acme/host';
  await ssm.send(new PutParameterCommand({ Name, Value: 'shop.example.com', Type: 'String', Tags }));
  const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: '/ecom', Recursive: true }));
  expect(Parameters).toMatchObject([
    { Name, Value: 'shop.example.com', Version: 1, LastModifiedDate: new Date(clock.now()) },
  ]);
  const tags = await ssm.send(new ListTagsOfParameterCommand({ ResourceType: 'Parameter', ResourceId: Name }));
  expect(tags.TagList).toEqual(Tags);
  await ssm.send(new DeleteParameterCommand({ Name }));
  await expect(ssm.send(new DeleteParameterCommand({ Name }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('CloudWatch Logs: a log group with tags and retention', async () => {
  const logGroupName = '/ecom/shops/acme/app';
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'shops' } }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecom/' }));
  expect(logGroups).toMatchObject([{ logGroupName, retentionInDays: 30, creationTime: clock.now() }]);
  const resourceArn = logGroups?.[0]?.logGroupArn;
  expect((await logs.send(new ListTagsOfLogGroupCommand({ resourceArn }))).tags).toEqual({ team: 'shops' });
  const again = logs.send(new CreateLogGroupCommand({ logGroupName }));
  await expect(again).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
});
