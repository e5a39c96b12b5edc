import type { CreateAutoScalingGroupCommandInput } from '@aws-sdk/client-auto-scaling';
import { beforeEach, describe, expect, test } from 'vitest';
import { images } from '../../../../simulator/aws/ec2/images.ts';
import { capacityOf, standardVcpus } from '../../../../simulator/aws/ec2/launching.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { brokenImage, goodImage, makeNetwork, type SimulatedNetwork } from '../../../support/simulated-network.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
let network: SimulatedNetwork;
let template: string;
let targetGroup: string;
let ec2: ReturnType<typeof callsTo<'ec2'>>;
let elbv2: ReturnType<typeof callsTo<'elbv2'>>;
let autoscaling: ReturnType<typeof callsTo<'autoscaling'>>;
const name = 'shop';
const minute = 60_000;

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  [ec2, elbv2, autoscaling] = [callsTo(aws, 'ec2'), callsTo(aws, 'elbv2'), callsTo(aws, 'autoscaling')];
  network = await makeNetwork(aws);
  template = await makeTemplate();
  targetGroup = await makeBalancer();
});

const makeTemplate = async (): Promise<string> => {
  const SecurityGroupIds = [network.appGroupId];
  const LaunchTemplateData = { ImageId: goodImage, InstanceType: 'm4.large', SecurityGroupIds } as const;
  const made = await ec2('CreateLaunchTemplate', {
    LaunchTemplateName: 'app',
    LaunchTemplateData: { ...LaunchTemplateData, SecurityGroupIds },
  });
  return made.LaunchTemplate?.LaunchTemplateId ?? '';
};

const makeBalancer = async (): Promise<string> => {
  const lb = await elbv2('CreateLoadBalancer', {
    Name: 'shop',
    Subnets: [...network.subnetIds],
    SecurityGroups: [network.albGroupId],
  });
  const LoadBalancerArn = lb.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const settings = { Port: 8080, Protocol: 'HTTP', VpcId: network.vpcId, HealthCheckIntervalSeconds: 10 } as const;
  const made = await elbv2('CreateTargetGroup', { Name: 'app', ...settings, HealthyThresholdCount: 2 });
  const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
  await elbv2('ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
  });
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }];
  await elbv2('CreateListener', { LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions });
  return TargetGroupArn;
};

const newVersion = async (data: { ImageId?: string; InstanceType?: 'm5.large' }): Promise<string> => {
  const input = { LaunchTemplateId: template, SourceVersion: '$Latest', LaunchTemplateData: data };
  return String((await ec2('CreateLaunchTemplateVersion', input)).LaunchTemplateVersion?.VersionNumber);
};
const at = (Version: string) => ({ LaunchTemplate: { LaunchTemplateId: template, Version } });
const create = (more: Partial<CreateAutoScalingGroupCommandInput> = {}) =>
  autoscaling('CreateAutoScalingGroup', {
    AutoScalingGroupName: name,
    ...(more.MixedInstancesPolicy ? {} : at('1')),
    MinSize: 2,
    MaxSize: 4,
    VPCZoneIdentifier: network.subnetIds.join(','),
    TargetGroupARNs: [targetGroup],
    HealthCheckType: 'ELB',
    HealthCheckGracePeriod: 120,
    DefaultInstanceWarmup: 30,
    ...more,
  });
const group = async () =>
  (await autoscaling('DescribeAutoScalingGroups', { AutoScalingGroupNames: [name] })).AutoScalingGroups?.[0];
const inService = async () =>
  ((await group())?.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService');
const versions = async () => (await inService()).map(({ LaunchTemplate }) => LaunchTemplate?.Version);
const activities = async () =>
  (await autoscaling('DescribeScalingActivities', { AutoScalingGroupName: name })).Activities ?? [];
const healthy = async () =>
  ((await elbv2('DescribeTargetHealth', { TargetGroupArn: targetGroup })).TargetHealthDescriptions ?? []).filter(
    ({ TargetHealth }) => TargetHealth?.State === 'healthy',
  );

/** Lets time pass in steps, and tells the least number of healthy targets on the way. */
const pass = async (millis: number): Promise<number> => {
  let least = Infinity;
  for (let left = millis; left > 0; left -= 5_000) {
    clock.advance(5_000);
    least = Math.min(least, (await healthy()).length);
  }
  return least;
};

describe('a group', () => {
  test('brings its instances into service over its zones, and registers them', async () => {
    await create({ Tags: [{ Key: 'role', Value: 'app', PropagateAtLaunch: true }] });
    expect((await group())?.Instances).toEqual([]);
    clock.advance(10_000);
    expect((await group())?.Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual(['Pending', 'Pending']);
    clock.advance(3 * minute);
    expect((await inService()).map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      'eu-central-1a',
      'eu-central-1b',
    ]);
    expect(await healthy()).toHaveLength(2);
    const { Reservations = [] } = await ec2('DescribeInstances', {});
    for (const { Instances = [] } of Reservations) {
      expect(Instances[0]?.Tags).toContainEqual({ Key: 'role', Value: 'app' });
      expect(Instances[0]?.Tags).toContainEqual({ Key: 'aws:autoscaling:groupName', Value: name });
    }
    expect(await activities()).toMatchObject([{ StatusCode: 'Successful' }, { StatusCode: 'Successful' }]);
  });

  test('replaces an instance that was terminated behind its back', async () => {
    await create();
    clock.advance(3 * minute);
    const [lost] = await inService();
    await ec2('TerminateInstances', { InstanceIds: [lost?.InstanceId ?? ''] });
    clock.advance(5 * minute);
    const left = await inService();
    expect(left).toHaveLength(2);
    expect(left.map(({ InstanceId }) => InstanceId)).not.toContain(lost?.InstanceId);
    expect((await activities()).map(({ Cause }) => Cause).join()).toContain('terminated or stopped');
  });

  test('replaces what the load balancer finds unhealthy, after the grace period', async () => {
    await create(at(await newVersion({ ImageId: brokenImage })));
    clock.advance(minute);
    const first = (await inService()).map(({ InstanceId }) => InstanceId);
    expect(first).toHaveLength(2);
    clock.advance(4 * minute);
    const second = ((await group())?.Instances ?? []).map(({ InstanceId }) => InstanceId);
    expect(second.filter((id) => first.includes(id))).toEqual([]);
    expect((await activities()).map(({ Cause }) => Cause).join()).toContain('ELB system health check failure');
  });

  test('grows and shrinks to what is desired, within its bounds', async () => {
    await create();
    clock.advance(3 * minute);
    await autoscaling('SetDesiredCapacity', { AutoScalingGroupName: name, DesiredCapacity: 4 });
    clock.advance(3 * minute);
    expect(await inService()).toHaveLength(4);
    await autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: name, MinSize: 1, MaxSize: 3 });
    expect((await group())?.DesiredCapacity).toBe(3);
    clock.advance(3 * minute);
    expect(await inService()).toHaveLength(3);
    const beyond = autoscaling('SetDesiredCapacity', { AutoScalingGroupName: name, DesiredCapacity: 9 });
    await expect(beyond).rejects.toMatchObject({ code: 'ValidationError' });
  });

  test('lets an instance finish its requests before it is terminated', async () => {
    await create();
    clock.advance(3 * minute);
    const [leaving] = await inService();
    await autoscaling('TerminateInstanceInAutoScalingGroup', {
      InstanceId: leaving?.InstanceId,
      ShouldDecrementDesiredCapacity: false,
    });
    const state = async () => {
      const { Reservations } = await ec2('DescribeInstances', { InstanceIds: [leaving?.InstanceId ?? ''] });
      return Reservations?.[0]?.Instances?.[0]?.State?.Name;
    };
    clock.advance(15_000);
    expect(await state()).toBe('running');
    const waiting = (await activities()).map(({ StatusCode }) => StatusCode);
    expect(waiting).toContain('WaitingForELBConnectionDraining');
    clock.advance(10_000);
    expect(await state()).toBe('shutting-down');
  });

  test('tells why launches fail, and tries again', async () => {
    await create();
    aws.world.quotas.set(standardVcpus, 2);
    clock.advance(minute);
    const failed = (await activities()).find(({ StatusCode }) => StatusCode === 'Failed');
    expect(failed?.StatusMessage).toMatch(/more vCPU capacity than your current vCPU limit of 2 allows/);
    aws.world.quotas.set(standardVcpus, 100);
    clock.advance(10 * minute);
    expect(await inService()).toHaveLength(2);
  });

  test('tells of an image that has gone', async () => {
    await create();
    aws.world.collection('eu-central-1', images).remove(goodImage);
    clock.advance(minute);
    expect((await activities())[0]).toMatchObject({
      StatusCode: 'Failed',
      StatusMessage: `The image id '[${goodImage}]' does not exist. Launching EC2 instance failed.`,
    });
  });

  test('takes another type where capacity lacks, if it has one', async () => {
    for (const zone of ['eu-central-1a', 'eu-central-1b']) aws.world.quotas.set(capacityOf('m4.large', zone), 0);
    const LaunchTemplateSpecification = at('1').LaunchTemplate;
    const Overrides = [{ InstanceType: 'm4.large' }, { InstanceType: 'm5.large' }];
    await create({ MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification, Overrides } } });
    clock.advance(3 * minute);
    expect((await inService()).map(({ InstanceType }) => InstanceType)).toEqual(['m5.large', 'm5.large']);
  });

  test('goes with its instances when forced, and only empty otherwise', async () => {
    await create();
    const remove = (ForceDelete: boolean) =>
      autoscaling('DeleteAutoScalingGroup', { AutoScalingGroupName: name, ForceDelete });
    clock.advance(10_000);
    await expect(remove(false)).rejects.toMatchObject({ code: 'ScalingActivityInProgress' });
    clock.advance(3 * minute);
    await expect(remove(false)).rejects.toMatchObject({ code: 'ResourceInUse' });
    await remove(true);
    expect((await group())?.Status).toBe('Delete in progress');
    clock.advance(3 * minute);
    expect(await group()).toBeUndefined();
    expect(aws.world.ledger.existing().filter(({ type }) => /instance|autoscaling/.test(type))).toEqual([]);
    await expect(remove(true)).rejects.toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(/not found/) as string,
    });
  });

  test.each([
    ['a name that is taken', {}, 'AlreadyExists'],
    ['a maximum below the minimum', { AutoScalingGroupName: 'b', MaxSize: 1 }, 'ValidationError'],
    ['no subnet', { AutoScalingGroupName: 'b', VPCZoneIdentifier: undefined }, 'ValidationError'],
    [
      'a target group that is not there',
      { AutoScalingGroupName: 'b', TargetGroupARNs: ['arn:none'] },
      'ValidationError',
    ],
    [
      'a template that is not there',
      { AutoScalingGroupName: 'b', LaunchTemplate: { LaunchTemplateId: 'lt-0' } },
      'ValidationError',
    ],
  ])('is refused for %s', async (_why, more, code) => {
    await newVersion({ ImageId: 'ami-00000000000000000' });
    await create();
    await expect(create(more)).rejects.toMatchObject({ code });
  });

  test('has policies that go with it', async () => {
    await create();
    const PredefinedMetricSpecification = { PredefinedMetricType: 'ASGAverageCPUUtilization' } as const;
    const TargetTrackingConfiguration = { PredefinedMetricSpecification, TargetValue: 50 };
    const put = await autoscaling('PutScalingPolicy', {
      AutoScalingGroupName: name,
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration,
    });
    expect(put.Alarms?.map(({ AlarmName }) => AlarmName)).toEqual([
      expect.stringMatching(/^TargetTracking-shop-AlarmHigh-/),
      expect.stringMatching(/^TargetTracking-shop-AlarmLow-/),
    ]);
    expect((await autoscaling('DescribePolicies', {})).ScalingPolicies).toMatchObject([
      { TargetTrackingConfiguration },
    ]);
    await autoscaling('DeleteAutoScalingGroup', { AutoScalingGroupName: name, ForceDelete: true });
    clock.advance(3 * minute);
    expect((await autoscaling('DescribePolicies', {})).ScalingPolicies).toEqual([]);
  });

  test('takes target groups on and lets go of them', async () => {
    await create({ TargetGroupARNs: [] });
    clock.advance(3 * minute);
    const TrafficSources = [{ Identifier: targetGroup, Type: 'elbv2' }];
    await autoscaling('AttachTrafficSources', { AutoScalingGroupName: name, TrafficSources });
    clock.advance(3 * minute);
    expect(await healthy()).toHaveLength(2);
    const told = await autoscaling('DescribeTrafficSources', { AutoScalingGroupName: name });
    expect(told.TrafficSources).toMatchObject([{ Identifier: targetGroup, State: 'InService' }]);
    await autoscaling('DetachTrafficSources', { AutoScalingGroupName: name, TrafficSources });
    clock.advance(3 * minute);
    expect(await healthy()).toEqual([]);
  });
});

describe('an instance refresh', () => {
  const start = async (version: string, more: object = {}) =>
    autoscaling('StartInstanceRefresh', {
      AutoScalingGroupName: name,
      DesiredConfiguration: at(version),
      Preferences: {
        MinHealthyPercentage: 100,
        MaxHealthyPercentage: 100,
        SkipMatching: true,
        AutoRollback: true,
        ...more,
      },
    });
  const last = async () =>
    (await autoscaling('DescribeInstanceRefreshes', { AutoScalingGroupName: name })).InstanceRefreshes?.[0];

  beforeEach(async () => {
    await create();
    clock.advance(3 * minute);
  });

  test('replaces all instances, never below the minimum, and then the group has the new configuration', async () => {
    await start(await newVersion({ InstanceType: 'm5.large' }));
    expect(await last()).toMatchObject({ Status: 'Pending', PercentageComplete: 0 });
    expect((await group())?.LaunchTemplate?.Version).toBe('1');
    expect(await pass(10 * minute)).toBeGreaterThanOrEqual(2);
    expect(await last()).toMatchObject({ Status: 'Successful', PercentageComplete: 100 });
    expect(await versions()).toEqual(['2', '2']);
    expect((await group())?.LaunchTemplate?.Version).toBe('2');
    expect((await group())?.DesiredCapacity).toBe(2);
  });

  test('waits until a new instance has warmed up', async () => {
    await autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: name, DefaultInstanceWarmup: 900 });
    await start(await newVersion({ InstanceType: 'm5.large' }));
    await pass(15 * minute);
    expect(await last()).toMatchObject({ Status: 'InProgress', PercentageComplete: 0 });
    await pass(20 * minute);
    expect(await last()).toMatchObject({ Status: 'Successful' });
  });

  test('begins with patience anew, whatever failed before it', async () => {
    const version = await newVersion({ InstanceType: 'm5.large' });
    aws.world.quotas.set(standardVcpus, 2);
    await autoscaling('SetDesiredCapacity', { AutoScalingGroupName: name, DesiredCapacity: 4 });
    clock.advance(20 * minute);
    await start(version);
    clock.advance(20_000);
    expect(await last()).toMatchObject({ Status: 'InProgress' });
  });

  test('goes below what is desired where the minimum allows it', async () => {
    await start(await newVersion({ InstanceType: 'm5.large' }), {
      MinHealthyPercentage: 50,
      MaxHealthyPercentage: undefined,
    });
    expect(await pass(10 * minute)).toBe(1);
    expect(await last()).toMatchObject({ Status: 'Successful' });
  });

  test('is rolled back when the new instances never answer', async () => {
    await start(await newVersion({ ImageId: brokenImage }));
    expect(await pass(30 * minute)).toBeGreaterThanOrEqual(2);
    expect(await last()).toMatchObject({
      Status: 'RollbackSuccessful',
      StatusReason: expect.stringMatching(/failed their health checks/) as string,
    });
    expect(await versions()).toEqual(['1', '1']);
    expect((await group())?.LaunchTemplate?.Version).toBe('1');
  });

  test('fails without a rollback when none was asked for', async () => {
    await start(await newVersion({ ImageId: brokenImage }), { AutoRollback: false });
    await pass(20 * minute);
    expect(await last()).toMatchObject({ Status: 'Failed' });
    expect((await group())?.LaunchTemplate?.Version).toBe('1');
  });

  test('that could launch nothing is rolled back at once: nothing was replaced', async () => {
    aws.world.quotas.set(standardVcpus, 4);
    await start(await newVersion({ ImageId: goodImage }));
    await pass(10 * minute);
    const { Status, EndTime = new Date(0), RollbackDetails } = (await last()) ?? {};
    expect(Status).toBe('RollbackSuccessful');
    expect(EndTime.getTime() - (RollbackDetails?.RollbackStartTime?.getTime() ?? 0)).toBeLessThan(minute);
  });

  test('is alone, until it is cancelled', async () => {
    const [two, three] = [await newVersion({ InstanceType: 'm5.large' }), await newVersion({ ImageId: goodImage })];
    await start(two);
    await expect(start(three)).rejects.toMatchObject({ code: 'InstanceRefreshInProgress' });
    const cancel = () => autoscaling('CancelInstanceRefresh', { AutoScalingGroupName: name });
    await cancel();
    expect(await last()).toMatchObject({ Status: 'Cancelling' });
    clock.advance(minute);
    await expect(cancel()).rejects.toMatchObject({ code: 'ActiveInstanceRefreshNotFound' });
    await start(three);
    await pass(10 * minute);
    expect(await versions()).toEqual(['3', '3']);
  });

  test('forbids to change by other ways what it changes', async () => {
    const version = await newVersion({ InstanceType: 'm5.large' });
    await start(version);
    const update = autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: name, ...at(version) });
    await expect(update).rejects.toMatchObject({
      message: expect.stringMatching(/An active instance refresh/) as string,
    });
  });

  test('has nothing to do where everything matches', async () => {
    await start('1');
    clock.advance(minute);
    expect(await last()).toMatchObject({ Status: 'Successful', PercentageComplete: 100 });
    expect((await activities()).length).toBe(2);
  });
});
