import type { CreateLoadBalancerCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { brokenImage, goodImage, makeNetwork, type SimulatedNetwork } from '../../../support/simulated-network.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
let network: SimulatedNetwork;
let ec2: ReturnType<typeof callsTo<'ec2'>>;
let elbv2: ReturnType<typeof callsTo<'elbv2'>>;

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  [ec2, elbv2] = [callsTo(aws, 'ec2'), callsTo(aws, 'elbv2')];
  network = await makeNetwork(aws);
});

const Tags = [{ Key: 'team', Value: 'shops' }];
const makeLoadBalancer = async (more: Partial<CreateLoadBalancerCommandInput> = {}): Promise<string> => {
  const Subnets = [...network.subnetIds];
  const SecurityGroups = [network.albGroupId];
  const made = await elbv2('CreateLoadBalancer', { Name: 'shop', Subnets, SecurityGroups, Tags, ...more });
  return made.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
};
const makeTargetGroup = async (Name = 'app'): Promise<string> => {
  const settings = { Port: 8080, Protocol: 'HTTP', VpcId: network.vpcId, HealthCheckIntervalSeconds: 10 } as const;
  const made = await elbv2('CreateTargetGroup', { Name, ...settings, HealthyThresholdCount: 2 });
  return made.TargetGroups?.[0]?.TargetGroupArn ?? '';
};
const listen = async (LoadBalancerArn: string, TargetGroupArn: string, Port = 80): Promise<string> => {
  const DefaultActions = [{ Type: 'forward', TargetGroupArn }] as const;
  const made = await elbv2('CreateListener', {
    LoadBalancerArn,
    Port,
    Protocol: 'HTTP',
    DefaultActions: [...DefaultActions],
  });
  return made.Listeners?.[0]?.ListenerArn ?? '';
};
const run = async (ImageId = goodImage): Promise<string> => {
  const SubnetId = network.subnetIds[0];
  const SecurityGroupIds = [network.appGroupId];
  const launched = await ec2('RunInstances', {
    MinCount: 1,
    MaxCount: 1,
    ImageId,
    InstanceType: 'm4.large',
    SubnetId,
    SecurityGroupIds,
  });
  clock.advance(30_000);
  return launched.Instances?.[0]?.InstanceId ?? '';
};
const healthOf = async (TargetGroupArn: string) =>
  (await elbv2('DescribeTargetHealth', { TargetGroupArn })).TargetHealthDescriptions?.map(({ TargetHealth }) => [
    TargetHealth?.State,
    TargetHealth?.Reason,
  ]);

describe('a load balancer', () => {
  test('is set up in minutes, in its subnets, with public addresses under its groups', async () => {
    const arn = await makeLoadBalancer();
    const state = async () => (await elbv2('DescribeLoadBalancers', {})).LoadBalancers?.[0]?.State?.Code;
    expect(await state()).toBe('provisioning');
    clock.advance(300_000);
    expect(await state()).toBe('active');
    const description = `ELB ${arn.split(':loadbalancer/')[1]}`;
    const Filters = [{ Name: 'description', Values: [description] }];
    const { NetworkInterfaces = [] } = await ec2('DescribeNetworkInterfaces', { Filters });
    expect(NetworkInterfaces.map(({ SubnetId }) => SubnetId)).toEqual(network.subnetIds);
    for (const { Groups, Association } of NetworkInterfaces) {
      expect(Groups).toEqual([{ GroupId: network.albGroupId }]);
      expect(Association?.PublicIp).toMatch(/^18\./);
    }
  });

  test('is made once, however often it is asked for with the same settings', async () => {
    expect(await makeLoadBalancer()).toBe(await makeLoadBalancer());
    await expect(makeLoadBalancer({ Scheme: 'internal' })).rejects.toMatchObject({ code: 'DuplicateLoadBalancerName' });
    expect(aws.world.ledger.existing({ type: 'elbv2/load-balancer' })).toHaveLength(1);
  });

  test('holds its subnets, groups and the gateway until some time after it is gone', async () => {
    const LoadBalancerArn = await makeLoadBalancer();
    await elbv2('DeleteLoadBalancer', { LoadBalancerArn });
    await elbv2('DeleteLoadBalancer', { LoadBalancerArn });
    expect((await elbv2('DescribeLoadBalancers', {})).LoadBalancers).toEqual([]);
    const [SubnetId] = network.subnetIds;
    await expect(ec2('DeleteSubnet', { SubnetId })).rejects.toMatchObject({ code: 'DependencyViolation' });
    clock.advance(60_000);
    await ec2('DeleteSubnet', { SubnetId });
  });

  test('goes only after its protection was lifted', async () => {
    const LoadBalancerArn = await makeLoadBalancer();
    const protect = (Value: string) =>
      elbv2('ModifyLoadBalancerAttributes', {
        LoadBalancerArn,
        Attributes: [{ Key: 'deletion_protection.enabled', Value }],
      });
    await protect('true');
    const goes = elbv2('DeleteLoadBalancer', { LoadBalancerArn });
    await expect(goes).rejects.toMatchObject({ code: 'OperationNotPermitted' });
    await protect('false');
    await elbv2('DeleteLoadBalancer', { LoadBalancerArn });
  });

  test('moves between subnets and groups', async () => {
    const LoadBalancerArn = await makeLoadBalancer();
    const AvailabilityZone = 'eu-central-1c';
    const { Subnet } = await ec2('CreateSubnet', { VpcId: network.vpcId, CidrBlock: '10.0.3.0/24', AvailabilityZone });
    const Subnets = [network.subnetIds[0], Subnet?.SubnetId ?? ''];
    await elbv2('SetSubnets', { LoadBalancerArn, Subnets });
    await elbv2('SetSecurityGroups', { LoadBalancerArn, SecurityGroups: [network.appGroupId] });
    const { NetworkInterfaces = [] } = await ec2('DescribeNetworkInterfaces', {});
    expect(NetworkInterfaces.map(({ SubnetId, Groups }) => [SubnetId, Groups?.[0]?.GroupId])).toEqual(
      Subnets.map((id) => [id, network.appGroupId]),
    );
  });

  test.each([
    ['one zone only', () => ({ Subnets: [network.subnetIds[0]] }), 'ValidationError'],
    ['a subnet that is not there', () => ({ Subnets: [network.subnetIds[0], 'subnet-0'] }), 'SubnetNotFound'],
    ['a group that is not there', () => ({ SecurityGroups: ['sg-0'] }), 'InvalidSecurityGroup'],
    ['a name that is too long', () => ({ Name: 'x'.repeat(33) }), 'ValidationError'],
    ['a name that ends in a hyphen', () => ({ Name: 'shop-' }), 'ValidationError'],
  ])('is refused for %s', async (_why, more, code) => {
    await expect(makeLoadBalancer(more())).rejects.toMatchObject({ code });
  });

  test('is refused where the internet cannot be reached, and beyond the quota', async () => {
    const [gateway] = (await ec2('DescribeInternetGateways', {})).InternetGateways ?? [];
    aws.world.quotas.set('Application Load Balancers per Region', 0);
    await expect(makeLoadBalancer()).rejects.toMatchObject({ code: 'TooManyLoadBalancers' });
    await ec2('DetachInternetGateway', { VpcId: network.vpcId, InternetGatewayId: gateway?.InternetGatewayId });
    await expect(makeLoadBalancer()).rejects.toMatchObject({ code: 'InvalidSubnet' });
  });

  test('knows its attributes, and refuses others', async () => {
    const LoadBalancerArn = await makeLoadBalancer();
    const { Attributes = [] } = await elbv2('DescribeLoadBalancerAttributes', { LoadBalancerArn });
    expect(Attributes).toContainEqual({ Key: 'idle_timeout.timeout_seconds', Value: '60' });
    const set = (Key: string, Value: string) =>
      elbv2('ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes: [{ Key, Value }] });
    await expect(set('colour', 'red')).rejects.toMatchObject({
      message: "Load balancer attribute key 'colour' is not recognized",
    });
    await expect(set('idle_timeout.timeout_seconds', '4001')).rejects.toMatchObject({ code: 'ValidationError' });
    await expect(set('access_logs.s3.enabled', 'true')).rejects.toMatchObject({ code: 'InvalidConfigurationRequest' });
  });
});

describe('a target group', () => {
  test('has the settings AWS documents at birth', async () => {
    await elbv2('CreateTargetGroup', { Name: 'app', Port: 80, Protocol: 'HTTP', VpcId: network.vpcId });
    expect((await elbv2('DescribeTargetGroups', { Names: ['app'] })).TargetGroups).toMatchObject([
      {
        HealthCheckIntervalSeconds: 30,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: '200' },
      },
    ]);
  });

  test('cannot go while a listener forwards to it', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    const ListenerArn = await listen(lb, TargetGroupArn);
    await expect(elbv2('DeleteTargetGroup', { TargetGroupArn })).rejects.toMatchObject({ code: 'ResourceInUse' });
    await elbv2('DeleteListener', { ListenerArn });
    await elbv2('DeleteTargetGroup', { TargetGroupArn });
    await elbv2('DeleteTargetGroup', { TargetGroupArn });
  });

  test('refuses a timeout that is no shorter than the interval', async () => {
    const TargetGroupArn = await makeTargetGroup();
    const change = elbv2('ModifyTargetGroup', { TargetGroupArn, HealthCheckTimeoutSeconds: 10 });
    await expect(change).rejects.toMatchObject({ code: 'ValidationError' });
  });
});

describe('a target', () => {
  test('becomes healthy once it is used, has started and was checked often enough', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await elbv2('RegisterTargets', { TargetGroupArn, Targets: [{ Id: await run() }] });
    expect(await healthOf(TargetGroupArn)).toEqual([['unused', 'Target.NotInUse']]);
    await listen(lb, TargetGroupArn);
    expect(await healthOf(TargetGroupArn)).toEqual([['initial', 'Elb.InitialHealthChecking']]);
    clock.advance(120_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['healthy', undefined]]);
  });

  test('with a broken image never does', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await listen(lb, TargetGroupArn);
    await elbv2('RegisterTargets', { TargetGroupArn, Targets: [{ Id: await run(brokenImage) }] });
    clock.advance(600_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['unhealthy', 'Target.ResponseCodeMismatch']]);
  });

  test('is unhealthy while a group is shut between it and the load balancer', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await listen(lb, TargetGroupArn);
    await elbv2('RegisterTargets', { TargetGroupArn, Targets: [{ Id: await run() }] });
    clock.advance(120_000);
    const GroupId = network.appGroupId;
    const UserIdGroupPairs = [{ GroupId: network.albGroupId }];
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs }];
    await ec2('RevokeSecurityGroupIngress', { GroupId, IpPermissions });
    clock.advance(60_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['unhealthy', 'Target.Timeout']]);
    await ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    clock.advance(60_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['healthy', undefined]]);
  });

  test('is unhealthy while the load balancer may not send to it', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await listen(lb, TargetGroupArn);
    await elbv2('RegisterTargets', { TargetGroupArn, Targets: [{ Id: await run() }] });
    const everywhere = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await ec2('RevokeSecurityGroupEgress', { GroupId: network.albGroupId, IpPermissions: [everywhere] });
    clock.advance(120_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['unhealthy', 'Target.Timeout']]);
  });

  test('has to answer several checks in a row', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await listen(lb, TargetGroupArn);
    const Id = await run();
    clock.advance(60_000);
    await elbv2('RegisterTargets', { TargetGroupArn, Targets: [{ Id }] });
    clock.advance(11_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['initial', 'Elb.InitialHealthChecking']]);
    clock.advance(10_000);
    expect(await healthOf(TargetGroupArn)).toEqual([['healthy', undefined]]);
  });

  test('is forgotten when its instance is terminated', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await listen(lb, TargetGroupArn);
    const Id = await run();
    await elbv2('RegisterTargets', { TargetGroupArn, Targets: [{ Id }] });
    await ec2('TerminateInstances', { InstanceIds: [Id] });
    expect(await healthOf(TargetGroupArn)).toEqual([['unused', 'Target.InvalidState']]);
    clock.advance(120_000);
    expect(await healthOf(TargetGroupArn)).toEqual([]);
  });

  test('drains before it is forgotten', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    await listen(lb, TargetGroupArn);
    const Targets = [{ Id: await run() }];
    await elbv2('RegisterTargets', { TargetGroupArn, Targets });
    await elbv2('DeregisterTargets', { TargetGroupArn, Targets });
    expect(await healthOf(TargetGroupArn)).toEqual([['draining', 'Target.DeregistrationInProgress']]);
    clock.advance(301_000);
    expect(await healthOf(TargetGroupArn)).toEqual([]);
    const { TargetHealthDescriptions } = await elbv2('DescribeTargetHealth', { TargetGroupArn, Targets });
    expect(TargetHealthDescriptions).toMatchObject([{ TargetHealth: { Reason: 'Target.NotRegistered' } }]);
  });

  test('has to be a running instance', async () => {
    const register = elbv2('RegisterTargets', { TargetGroupArn: await makeTargetGroup(), Targets: [{ Id: 'i-0' }] });
    await expect(register).rejects.toMatchObject({ code: 'InvalidTarget' });
  });
});

describe('a listener', () => {
  test('tells its action in full', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    const ListenerArn = await listen(lb, TargetGroupArn);
    const RedirectConfig = { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } as const;
    const told = async () => (await elbv2('DescribeListeners', { LoadBalancerArn: lb })).Listeners?.[0]?.DefaultActions;
    expect(await told()).toMatchObject([
      { TargetGroupArn, ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight: 1 }] } },
    ]);
    await elbv2('ModifyListener', { ListenerArn, DefaultActions: [{ Type: 'redirect', RedirectConfig }] });
    expect(await told()).toEqual([
      {
        Type: 'redirect',
        RedirectConfig: { ...RedirectConfig, Host: '#{host}', Path: '/#{path}', Query: '#{query}' },
      },
    ]);
    await elbv2('DeleteTargetGroup', { TargetGroupArn });
  });

  test('is alone on its port', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    expect(await listen(lb, TargetGroupArn)).toBe(await listen(lb, TargetGroupArn));
    await expect(listen(lb, await makeTargetGroup('other'))).rejects.toMatchObject({ code: 'DuplicateListener' });
  });

  test('with TLS wants an issued certificate and a policy that exists', async () => {
    const [LoadBalancerArn, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    const tls = (Certificates?: { CertificateArn: string }[]) =>
      elbv2('CreateListener', {
        LoadBalancerArn,
        Port: 443,
        Protocol: 'HTTPS',
        Certificates,
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      });
    await expect(tls()).rejects.toMatchObject({ code: 'ValidationError' });
    await expect(tls([{ CertificateArn: 'arn:aws:acm:eu-central-1:1:certificate/none' }])).rejects.toMatchObject({
      code: 'CertificateNotFound',
    });
  });

  test('does not redirect to itself', async () => {
    const ListenerArn = await listen(await makeLoadBalancer(), await makeTargetGroup());
    const DefaultActions = [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }] as const;
    const loop = elbv2('ModifyListener', { ListenerArn, DefaultActions: [...DefaultActions] });
    await expect(loop).rejects.toMatchObject({ code: 'InvalidLoadBalancerAction' });
  });

  test('that shares requests between target groups keeps people to one of them where a group keeps them to a target', async () => {
    const [one, other] = [await makeTargetGroup('one'), await makeTargetGroup('other')];
    const ListenerArn = await listen(await makeLoadBalancer(), one);
    const TargetGroups = [one, other].map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 }));
    const shares = (Enabled: boolean) =>
      elbv2('ModifyListener', {
        ListenerArn,
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled, DurationSeconds: 60 } },
          },
        ],
      });
    const Attributes = [{ Key: 'stickiness.enabled', Value: 'true' }];
    await shares(false);
    await expect(elbv2('ModifyTargetGroupAttributes', { TargetGroupArn: other, Attributes })).rejects.toThrow(
      /You must enable group stickiness before enabling target stickiness/,
    );
    await shares(true);
    await elbv2('ModifyTargetGroupAttributes', { TargetGroupArn: other, Attributes });
    await expect(shares(false)).rejects.toMatchObject({ name: 'InvalidLoadBalancerAction' });
  });

  test('has rules, the default one last', async () => {
    const [lb, TargetGroupArn] = [await makeLoadBalancer(), await makeTargetGroup()];
    const ListenerArn = await listen(lb, TargetGroupArn);
    const Conditions = [{ Field: 'path-pattern', Values: ['/admin/*'] }];
    const Actions = [{ Type: 'forward', TargetGroupArn }] as const;
    const add = () => elbv2('CreateRule', { ListenerArn, Priority: 10, Conditions, Actions: [...Actions] });
    await add();
    await expect(add()).rejects.toMatchObject({ code: 'PriorityInUse' });
    const { Rules } = await elbv2('DescribeRules', { ListenerArn });
    expect(Rules?.map(({ Priority, IsDefault }) => [Priority, IsDefault])).toEqual([
      ['10', false],
      ['default', true],
    ]);
  });
});

test('tags are told for twenty at once, and never for what is gone', async () => {
  const arn = await makeLoadBalancer();
  expect((await elbv2('DescribeTags', { ResourceArns: [arn] })).TagDescriptions).toEqual([{ ResourceArn: arn, Tags }]);
  const many = elbv2('DescribeTags', { ResourceArns: Array.from({ length: 21 }, () => arn) });
  await expect(many).rejects.toMatchObject({ code: 'ValidationError' });
  await elbv2('DeleteLoadBalancer', { LoadBalancerArn: arn });
  await expect(elbv2('DescribeTags', { ResourceArns: [arn] })).rejects.toMatchObject({ code: 'LoadBalancerNotFound' });
});
