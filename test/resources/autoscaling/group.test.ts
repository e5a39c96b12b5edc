import { describe, expect, test } from 'vitest';
import { group, type GroupProps } from '../../../operator/resources/autoscaling/group.ts';
import type { Found } from '../../../operator/model/resource-type.ts';
import { images } from '../../../simulator/aws/ec2/images.ts';
import { capacityOf, standardVcpus } from '../../../simulator/aws/ec2/launching.ts';
import { callsTo } from '../../support/simulated-calls.ts';
import { brokenImage, goodImage, makeNetwork, type SimulatedNetwork } from '../../support/simulated-network.ts';
import { Court, laws, region } from '../laws.ts';

/** A target group that a load balancer forwards to: of no other is the health known. */
const makeTargetGroup = async (court: Court, network: SimulatedNetwork, Name: string): Promise<string> => {
  const elbv2 = callsTo(court.simulated, 'elbv2');
  const { TargetGroups } = await elbv2('CreateTargetGroup', {
    ...({ Name, Port: 8080, Protocol: 'HTTP', VpcId: network.vpcId } as const),
    ...{ HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2 },
  });
  const { LoadBalancers } = await elbv2('CreateLoadBalancer', {
    Name,
    Subnets: [...network.subnetIds],
    SecurityGroups: [network.albGroupId],
  });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  await elbv2('CreateListener', {
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn ?? '',
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  return TargetGroupArn;
};

const makeTemplate = async (court: Court, network: SimulatedNetwork, name = 'app'): Promise<string> => {
  const SecurityGroupIds = [network.appGroupId];
  const made = await callsTo(court.simulated, 'ec2')('CreateLaunchTemplate', {
    LaunchTemplateName: name,
    LaunchTemplateData: { ImageId: goodImage, InstanceType: 'm4.large', SecurityGroupIds },
  });
  return made.LaunchTemplate?.LaunchTemplateId ?? '';
};

const newVersion = async (court: Court, LaunchTemplateId: string, ImageId = goodImage): Promise<string> => {
  const input = { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { ImageId } };
  const made = await callsTo(court.simulated, 'ec2')('CreateLaunchTemplateVersion', input);
  return String(made.LaunchTemplateVersion?.VersionNumber);
};

const ground = async (court: Court): Promise<GroupProps> => {
  const network = await makeNetwork(court.simulated);
  return {
    launchTemplateId: await makeTemplate(court, network),
    launchTemplateVersion: '1',
    instanceTypes: ['m4.large'],
    minSize: 2,
    maxSize: 4,
    subnetIds: [...network.subnetIds].reverse(),
    targetGroupArns: [await makeTargetGroup(court, network, 'one')],
    healthCheckGraceSeconds: 60,
    targetCpuPercent: 50,
    warmupSeconds: 10,
    instanceTags: { Name: 'acme/app', 'ecom.io/tier': 'web' },
    suspendedProcesses: [],
    groupMetrics: ['GroupInServiceInstances'],
  };
};

/** The network that `ground` has made. */
const networkOf = async (court: Court): Promise<SimulatedNetwork> => {
  const ec2 = callsTo(court.simulated, 'ec2');
  const { Subnets = [] } = await ec2('DescribeSubnets', {});
  const { SecurityGroups = [] } = await ec2('DescribeSecurityGroups', {});
  const groupId = (name: string) => SecurityGroups.find(({ GroupName }) => GroupName === name)?.GroupId ?? '';
  const [one = '', two = ''] = Subnets.map(({ SubnetId = '' }) => SubnetId);
  return {
    vpcId: Subnets[0]?.VpcId ?? '',
    subnetIds: [one, two],
    albGroupId: groupId('alb'),
    appGroupId: groupId('app'),
  };
};

laws(group, {
  ground,
  live: {
    launchTemplateId: async (_, court) => makeTemplate(court, await networkOf(court), 'other'),
    launchTemplateVersion: ({ launchTemplateId }, court) => newVersion(court, launchTemplateId),
    instanceTypes: () => ['m4.large', 'm5.large'],
    minSize: () => 1,
    maxSize: () => 5,
    subnetIds: ({ subnetIds }) => subnetIds.slice(0, 1),
    targetGroupArns: async (_, court) => [await makeTargetGroup(court, await networkOf(court), 'two')],
    healthCheckGraceSeconds: () => 90,
    targetCpuPercent: () => 70,
    warmupSeconds: () => 20,
    instanceTags: () => ({ Name: 'acme/web' }),
    groupMetrics: () => ['GroupInServiceInstances', 'GroupMaxSize'],
  },
  notDrifted: ['suspendedProcesses'], // Processes are only ever resumed.
  // A rollout also tags what was asked for; a target group or tag that goes is another call than one that comes.
  writes: { launchTemplateId: 3, launchTemplateVersion: 3, instanceTypes: 3, targetGroupArns: 2, instanceTags: 2 },
  fixed: {},
  foreign: async (court, props) =>
    void (await callsTo(court.simulated, 'autoscaling')('CreateAutoScalingGroup', {
      AutoScalingGroupName: court.birth().name,
      LaunchTemplate: { LaunchTemplateId: props.launchTemplateId, Version: '1' },
      MinSize: 0,
      MaxSize: 1,
      VPCZoneIdentifier: props.subnetIds.join(','),
    })),
});

const one = async (court: Court, props: GroupProps): Promise<Found<GroupProps>> => {
  const [found] = await court.own(props);
  if (!found) throw new Error('there is no group');
  return found as Found<GroupProps>;
};

const rollOut = async (court: Court, props: GroupProps): Promise<void> => {
  const found = await one(court, props);
  const decision = court.decide(props, found);
  expect(decision.do).toBe('update');
  if (decision.do === 'update') await group.update(court.aws, found as never, props, new Set(decision.fields) as never);
};

const instancesOf = async (court: Court) => {
  const { AutoScalingGroups } = await callsTo(court.simulated, 'autoscaling')('DescribeAutoScalingGroups', {});
  const { Instances = [] } = AutoScalingGroups?.[0] ?? {};
  return Instances.filter(({ LifecycleState }) => LifecycleState !== 'Terminating');
};

/** Waits until AWS has given up what it rolls out, and has set the group back. */
const givenUp = async (court: Court) => {
  for (let turn = 0; turn < 500; turn++) {
    const { InstanceRefreshes = [] } = await callsTo(court.simulated, 'autoscaling')('DescribeInstanceRefreshes', {
      AutoScalingGroupName: court.birth().name,
    });
    const [last] = InstanceRefreshes;
    if (last?.EndTime) return last;
    court.clock.advance(15_000);
  }
  throw new Error('AWS does not give it up');
};

describe('a group', () => {
  test('says how many of its instances are in service, and may be changed meanwhile', async () => {
    const court = new Court(group);
    const props = await ground(court);
    await group.create(court.aws, props, court.birth());
    expect((await one(court, props)).state).toMatchObject({ is: 'changing', reason: '0 of 2 instances in service' });
    court.clock.advance(120_000);
    expect((await one(court, props)).state).toEqual({ is: 'ready' });
  });

  test('is not ready before its instances answer, whatever Auto Scaling calls them', async () => {
    const court = new Court(group);
    const props = await ground(court);
    await group.create(court.aws, props, court.birth());
    court.clock.advance(50_000);
    expect((await instancesOf(court)).map(({ LifecycleState }) => LifecycleState)).toEqual(['InService', 'InService']);
    expect((await one(court, props)).state).toMatchObject({
      is: 'changing',
      reason: expect.stringContaining('0 of 2 targets are healthy') as string,
      overdue: { after: 720_000, remedy: expect.stringContaining('log') as string },
    });
  });

  test('that no load balancer asks yet waits for no people', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const elbv2 = callsTo(court.simulated, 'elbv2');
    const { LoadBalancers: [{ LoadBalancerArn } = {}] = [] } = await elbv2('DescribeLoadBalancers', {});
    const { Listeners = [] } = await elbv2('DescribeListeners', { LoadBalancerArn });
    await elbv2('DeleteListener', { ListenerArn: Listeners[0]?.ListenerArn });
    await group.create(court.aws, props, court.birth());
    court.clock.advance(120_000);
    expect((await one(court, props)).state).toEqual({
      is: 'changing',
      reason: expect.stringContaining('0 of 2 targets are healthy (Target group is not') as string,
    });
  });

  test('whose instances do not answer yet is not asked about by every list that somebody waits for', async () => {
    const court = new Court(group);
    const props = await ground(court);
    await group.create(court.aws, props, court.birth());
    let last: Found | undefined;
    const asks = async (passed: number): Promise<number> => {
      court.clock.advance(passed);
      const before = court.cloud.sent.length;
      const known = last;
      for await (const [found] of group.list(court.aws, court.scope({ last: () => known }))) last = found as Found;
      return court.cloud.sent.slice(before).filter(({ operation }) => operation === 'DescribeTargetHealth').length;
    };
    // In service they are at some time of the next eight seconds.
    expect(await asks(26_000)).toBe(0);
    expect([await asks(8_000), last?.state]).toMatchObject([0, { reason: '0 of 2 instances in service' }]);
    expect(await asks(8_000)).toBe(1);
    const told = last?.state;
    expect(told).toMatchObject({ reason: expect.stringContaining('0 of 2 targets are healthy') as string });
    expect([await asks(8_000), last?.state]).toEqual([0, told]);
    expect(await asks(8_000)).toBe(1);
    expect([await asks(60_000), last?.state]).toEqual([1, { is: 'ready' }]);
  });

  test('whose instances boot is not asked why they do not serve, until one of them can have been found ill', async () => {
    const court = new Court(group);
    const props = { ...(await ground(court)), healthCheckGraceSeconds: 15 };
    await group.create(court.aws, props, court.birth());
    const asks = async (passed: number): Promise<number> => {
      court.clock.advance(passed);
      const before = court.cloud.sent.length;
      expect((await one(court, props)).state).toMatchObject({ reason: '0 of 2 instances in service' });
      return court.cloud.sent.slice(before).filter(({ operation }) => operation === 'DescribeScalingActivities').length;
    };
    expect(await asks(10_000)).toBe(0);
    expect(await asks(10_000)).toBe(1);
  });

  test('is asked again once more of its instances have to answer', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const found = await court.settle(props);
    const asks = async (): Promise<number> => {
      const before = court.cloud.sent.length;
      for await (const _ of group.list(court.aws, court.scope({ last: () => found }))) continue;
      return court.cloud.sent.slice(before).filter(({ operation }) => operation === 'DescribeTargetHealth').length;
    };
    expect(await asks()).toBe(0);
    await group.update(court.aws, found as never, { ...props, minSize: 1 }, new Set(['minSize']));
    expect(await asks()).toBe(1);
  });

  test('says why its launches fail', async () => {
    const court = new Court(group);
    const props = await ground(court);
    court.simulated.world.quotas.set(standardVcpus, 2);
    await group.create(court.aws, props, court.birth());
    court.clock.advance(120_000);
    const { state } = await one(court, props);
    expect(state).toMatchObject({ is: 'changing' });
    expect('reason' in state && state.reason).toMatch(
      /^1 of 2 instances in service; the last launch failed: You have requested more vCPU capacity/,
    );
  });

  test('says that its load asks for more instances than AWS gives it, and is ready all the same', async () => {
    const court = new Court(group);
    const props = await ground(court);
    court.simulated.world.quotas.set(standardVcpus, 4);
    let last: Found = await court.settle(props);
    const listed = async (): Promise<Found['state']> => {
      for await (const [found] of group.list(court.aws, court.scope({ last: () => last }))) last = found as Found;
      return last.state;
    };
    await callsTo(court.simulated, 'autoscaling')('SetDesiredCapacity', {
      ...{ AutoScalingGroupName: last.id, DesiredCapacity: 4, HonorCooldown: false },
    });
    court.clock.advance(30_000);
    const message = expect.stringMatching(
      /^2 of 4 instances that its load asks for; the last launch failed: You have requested more vCPU/,
    ) as string;
    const short = { is: 'ready', notice: { reason: 'FewerThanDesired', message } };
    expect(await listed()).toEqual(short);
    const before = court.cloud.sent.length;
    expect(await listed()).toEqual(short);
    expect(court.cloud.sent.slice(before).map(({ operation }) => operation)).toEqual([
      'DescribePolicies',
      'DescribeAutoScalingGroups',
    ]);
    court.simulated.world.quotas.set(standardVcpus, 100);
    court.clock.advance(10 * 60_000);
    expect(await listed()).toEqual({ is: 'ready' });
  });

  test('that lacks instances for a reason that AWS does not tell does not end the list of all', async () => {
    const court = new Court(group);
    const props = await ground(court);
    court.simulated.world.quotas.set(standardVcpus, 4);
    const last = await court.settle(props);
    await callsTo(court.simulated, 'autoscaling')('SetDesiredCapacity', {
      ...{ AutoScalingGroupName: last.id, DesiredCapacity: 4, HonorCooldown: false },
    });
    court.simulated.world.faults.add({ operation: 'DescribeScalingActivities', error: 'internal' });
    const reason = expect.stringMatching(/^AWS does not tell whether its instances serve: /) as string;
    expect((await one(court, props)).state).toMatchObject({ is: 'changing', reason });
  });

  test('tags its instances with the owner tags beside their own', async () => {
    const court = new Court(group);
    const props = await ground(court);
    await court.settle(props);
    const [instance] = court.simulated.world.ledger.existing({ type: 'ec2/instance' });
    expect(instance?.tags).toMatchObject({ ...court.birth().tags, Name: 'acme/app', 'ecom.io/tier': 'web' });
  });

  test('keeps the tags that people gave it, whether instances get them or not', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const { id } = await court.settle(props);
    const tag = { ResourceId: id, ResourceType: 'auto-scaling-group' };
    const theirs = [
      { ...tag, Key: 'cost-centre', Value: '42', PropagateAtLaunch: true },
      { ...tag, Key: 'team', Value: 'shop', PropagateAtLaunch: false },
    ];
    await callsTo(court.simulated, 'autoscaling')('CreateOrUpdateTags', { Tags: theirs });
    expect(court.decide(props, await one(court, props))).toEqual({ do: 'nothing' });
    // Ours that were changed and removed meanwhile are set back, and theirs stay.
    await callsTo(court.simulated, 'autoscaling')('CreateOrUpdateTags', {
      Tags: [{ ...tag, Key: 'Name', Value: 'other', PropagateAtLaunch: true }],
    });
    await callsTo(court.simulated, 'autoscaling')('DeleteTags', { Tags: [{ ...tag, Key: 'ecom.io/tier' }] });
    await court.settle(props);
    const { Tags = [] } = await callsTo(court.simulated, 'autoscaling')('DescribeTags', {});
    const has = Tags.map(({ Key, Value, PropagateAtLaunch }) => ({ Key, Value, PropagateAtLaunch }));
    expect(has).toEqual(
      expect.arrayContaining([
        { Key: 'Name', Value: 'acme/app', PropagateAtLaunch: true },
        { Key: 'ecom.io/tier', Value: 'web', PropagateAtLaunch: true },
        { Key: 'cost-centre', Value: '42', PropagateAtLaunch: true },
        { Key: 'team', Value: 'shop', PropagateAtLaunch: false },
      ]),
    );
  });

  test('is found among several, with its policy, on whatever page', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const found = await court.settle(props);
    for (const AutoScalingGroupName of ['a', 'b']) {
      await callsTo(court.simulated, 'autoscaling')('CreateAutoScalingGroup', {
        AutoScalingGroupName,
        LaunchTemplate: { LaunchTemplateId: props.launchTemplateId, Version: '1' },
        MinSize: 0,
        MaxSize: 1,
        VPCZoneIdentifier: props.subnetIds.join(','),
      });
      await group.update(
        court.aws,
        { ...found, id: AutoScalingGroupName } as never,
        props,
        new Set(['targetCpuPercent']),
      );
    }
    court.simulated.world.pageSize = 1;
    court.simulated.world.shuffleLists = true;
    const all = (await court.list(props)) as Found<GroupProps>[];
    expect(all.map(({ props: { targetCpuPercent } }) => targetCpuPercent)).toEqual([50, 50, 50]);
  });

  test('is deleting until its last instance is gone', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const found = await court.settle(props);
    await group.delete(court.aws, found as never);
    expect((await one(court, props)).state).toMatchObject({ is: 'deleting' });
    court.clock.advance(120_000);
    expect(await court.own(props)).toEqual([]);
    expect(court.simulated.world.ledger.existing({ type: 'ec2/instance' })).toEqual([]);
  });

  test('whose health checks were weakened behind our back is set back', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const { id } = await court.settle(props);
    const input = { AutoScalingGroupName: id, HealthCheckType: 'EC2' };
    await callsTo(court.simulated, 'autoscaling')('UpdateAutoScalingGroup', input);
    expect(court.decide(props, await one(court, props))).toEqual({ do: 'update', fields: ['healthCheckGraceSeconds'] });
    await court.settle(props);
  });

  test('whose policy was changed behind our back is set back', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const { id } = await court.settle(props);
    await callsTo(court.simulated, 'autoscaling')('PutScalingPolicy', {
      AutoScalingGroupName: id,
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: 50,
        DisableScaleIn: true,
      },
    });
    expect(court.decide(props, await one(court, props))).toEqual({ do: 'update', fields: ['targetCpuPercent'] });
    await court.settle(props);
  });
});

describe('a rollout', () => {
  const begun = async () => {
    const court = new Court(group);
    const props = await ground(court);
    await court.settle(props);
    const next = { ...props, launchTemplateVersion: await newVersion(court, props.launchTemplateId) };
    await rollOut(court, next);
    return { court, props, next };
  };

  test('is under way with its target, and is not begun twice', async () => {
    const { court, next } = await begun();
    const found = await one(court, next);
    expect(found.state).toMatchObject({ is: 'changing' });
    expect(found.props.launchTemplateVersion).toBe('2');
    const before = court.cloud.writes().length;
    await group.update(court.aws, found as never, next, new Set(['launchTemplateVersion']));
    expect(court.writesSince(before)).toEqual([]);
    await court.settle(next);
    expect((await instancesOf(court)).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(['2', '2']);
  });

  test('is noted as begun by the next process where the reply to it was lost', async () => {
    const { court, next } = await begun();
    const noted = async () => (await one(court, next)).props.launchTemplateVersion;
    const { id } = await one(court, next);
    const tag = { ResourceId: id, ResourceType: 'auto-scaling-group', Key: 'ecom.io/rolled-out' };
    await callsTo(court.simulated, 'autoscaling')('DeleteTags', { Tags: [tag] });
    expect(await noted()).toBeUndefined();
    const before = court.cloud.writes().length;
    await rollOut(court, next);
    expect(court.writesSince(before)).toHaveLength(1);
    expect(await noted()).toBe('2');
  });

  test('that is overtaken by another is cancelled first', async () => {
    const { court, next } = await begun();
    const better = { ...next, launchTemplateVersion: await newVersion(court, next.launchTemplateId) };
    await rollOut(court, better);
    await expect(rollOut(court, better)).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(60_000);
    await rollOut(court, better);
    await court.settle(better);
    expect((await instancesOf(court)).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(['3', '3']);
  });

  test('goes on although AWS, or somebody, has suspended what it needs', async () => {
    const { court, next } = await begun();
    const { id } = await one(court, next);
    await callsTo(court.simulated, 'autoscaling')('SuspendProcesses', { AutoScalingGroupName: id });
    const found = await court.settle(next);
    expect(found.props).toMatchObject({ suspendedProcesses: [], launchTemplateVersion: '2' });
  });

  test('that is cancelled behind our back is taken up again', async () => {
    const { court, next } = await begun();
    court.clock.advance(60_000);
    const { id } = await one(court, next);
    await callsTo(court.simulated, 'autoscaling')('CancelInstanceRefresh', { AutoScalingGroupName: id });
    court.clock.advance(60_000);
    expect(court.decide(next, await one(court, next))).toEqual({ do: 'update', fields: ['launchTemplateVersion'] });
    await court.settle(next);
  });

  test('makes instances alike that somebody left behind with an older version', async () => {
    const court = new Court(group);
    const props = await ground(court);
    const { id } = await court.settle(props);
    const next = { ...props, launchTemplateVersion: await newVersion(court, props.launchTemplateId) };
    await callsTo(court.simulated, 'autoscaling')('UpdateAutoScalingGroup', {
      AutoScalingGroupName: id,
      LaunchTemplate: { LaunchTemplateId: props.launchTemplateId, Version: '2' },
    });
    const found = await one(court, next);
    expect(court.decide(next, found)).toEqual({ do: 'update', fields: ['launchTemplateVersion'] });
    expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['launchTemplateVersion'] });
    await rollOut(court, next);
    // Its configuration stays the same: there is none that AWS could bring it back to.
    const begunTags = { Filters: [{ Name: 'key', Values: ['ecom.io/rolled-out'] }] };
    expect((await callsTo(court.simulated, 'autoscaling')('DescribeTags', begunTags)).Tags).toEqual([]);
    const meanwhile = await one(court, next);
    expect(meanwhile.state).toMatchObject({ is: 'changing' });
    expect(court.decide(next, meanwhile)).toMatchObject({ do: 'wait' });
    await court.settle(next);
    expect((await instancesOf(court)).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(['2', '2']);
  });

  test('that fails is rolled back by AWS, told, and not tried again', async () => {
    const court = new Court(group);
    const network = await makeNetwork(court.simulated);
    const elbv2 = callsTo(court.simulated, 'elbv2');
    const targetGroupArn = await makeTargetGroup(court, network, 'behind');
    const props: GroupProps = {
      ...(await ground(new Court(group))),
      launchTemplateId: await makeTemplate(court, network),
      subnetIds: network.subnetIds,
      targetGroupArns: [targetGroupArn],
      healthCheckGraceSeconds: 120,
    };
    await court.settle(props);
    court.clock.advance(120_000);
    const bad = {
      ...props,
      launchTemplateVersion: await newVersion(court, props.launchTemplateId, brokenImage),
    };
    await rollOut(court, bad);
    let least = Infinity;
    for (let step = 0; step < 240; step++) {
      court.clock.advance(15_000);
      const { TargetHealthDescriptions = [] } = await elbv2('DescribeTargetHealth', { TargetGroupArn: targetGroupArn });
      const healthy = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
      least = Math.min(least, healthy.length);
    }
    expect(least).toBe(2);
    const { InstanceRefreshes } = await callsTo(court.simulated, 'autoscaling')('DescribeInstanceRefreshes', {
      AutoScalingGroupName: court.birth().name,
    });
    expect(InstanceRefreshes).toMatchObject([{ Status: 'RollbackSuccessful' }]);
    const found = await one(court, bad);
    expect(found.props.launchTemplateVersion).toBe('1');
    expect(found.failedChanges).toMatchObject([{ field: 'launchTemplateVersion', value: '2' }]);
    expect(court.decide(bad, found)).toMatchObject({ do: 'refuse', fields: ['launchTemplateVersion'] });
    expect(court.decide(props, found)).toEqual({ do: 'nothing' });
    // AWS keeps the record of an instance refresh for six weeks.
    court.clock.advance(50 * 86_400_000);
    const later = await one(court, bad);
    expect(court.decide(bad, later)).toMatchObject({ do: 'refuse', fields: ['launchTemplateVersion'] });
    // Somebody asks for it.
    await group.update(court.aws, later as never, bad, new Set(['launchTemplateVersion']));
    expect((await one(court, bad)).state).toMatchObject({
      is: 'changing',
      reason: expect.stringContaining('rolling') as unknown,
    });
    court.clock.advance(3_600_000);
    const fixed = { ...props, launchTemplateVersion: await newVersion(court, props.launchTemplateId) };
    await court.settle(fixed);
  });

  const zones = ['a', 'b'].map((letter) => `${region}${letter}`);
  const lacks = [
    ['machines', zones.map((zone) => capacityOf('m4.large', zone)), 1, 'sufficient m4.large capacity'],
    ['vCPUs', [standardVcpus], 4, 'You have requested more vCPU capacity'],
  ] as const;

  test.each(lacks)('that lacks %s is tried again after growing pauses', async (_what, quotas, most, words) => {
    const court = new Court(group);
    const props = await ground(court);
    await court.settle(props);
    const next = { ...props, launchTemplateVersion: await newVersion(court, props.launchTemplateId) };
    for (const quota of quotas) court.simulated.world.quotas.set(quota, most);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      await rollOut(court, next);
      const refresh = await givenUp(court);
      const { Status, EndTime = new Date(0) } = refresh;
      expect(Status).toBe('RollbackSuccessful');
      const { reason = '' } = (await one(court, next)).failedChanges?.[0] ?? {};
      expect(reason).toContain(words);
      const told = / it is tried again at about (.+) UTC$/.exec(reason)?.[1] ?? '';
      // Every process knows it, and the same each time.
      expect((await one(court, next)).failedChanges?.[0]?.reason).toBe(reason);
      while (court.decide(next, await one(court, next)).do === 'refuse') court.clock.advance(60_000);
      expect(Math.abs(court.clock.now() - Date.parse(`${told}Z`))).toBeLessThanOrEqual(120_000);
      pauses.push(Math.floor((court.clock.now() - EndTime.getTime()) / 900_000) * 15);
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 360, 360]);
    court.simulated.world.quotas.clear();
    await court.settle(next);
    expect((await instancesOf(court)).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(['2', '2']);
  });

  test('whose new instances were found ill is not tried again, although the last launch found no machine', async () => {
    const court = new Court(group);
    const props = await ground(court);
    await court.settle(props);
    court.clock.advance(120_000);
    const bad = { ...props, launchTemplateVersion: await newVersion(court, props.launchTemplateId, brokenImage) };
    await rollOut(court, bad);
    while ((await instancesOf(court)).length < 3) court.clock.advance(5_000);
    court.simulated.world.quotas.set(standardVcpus, 4);
    expect(await givenUp(court)).toMatchObject({ StatusReason: expect.stringContaining('not be launched') as string });
    const { reason } = (await one(court, bad)).failedChanges?.[0] ?? {};
    expect(reason).not.toContain('tried again');
    court.clock.advance(7 * 3_600_000);
    expect(court.decide(bad, await one(court, bad))).toMatchObject({ do: 'refuse', fields: ['launchTemplateVersion'] });
  });

  test('that went well long ago is no reason to leave alone what somebody has changed since', async () => {
    const { court, next } = await begun();
    const { id } = await court.settle(next);
    court.clock.advance(50 * 86_400_000);
    const { launchTemplateId } = next;
    const autoscaling = callsTo(court.simulated, 'autoscaling');
    for (const Version of ['$Latest', '1']) {
      const LaunchTemplate = { LaunchTemplateId: launchTemplateId, Version };
      await autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: id, LaunchTemplate });
      expect(court.decide(next, await one(court, next))).toEqual({ do: 'update', fields: ['launchTemplateVersion'] });
    }
  });

  test('reaches a group that never got an instance into service', async () => {
    const court = new Court(group);
    const props = await ground(court);
    await group.create(court.aws, props, court.birth());
    const other = 'ami-0aaaaaaaaaaaaaaa0';
    const all = court.simulated.world.collection(region, images);
    all.put(other, { ...(all.get(goodImage) as NonNullable<ReturnType<typeof all.get>>), id: other });
    all.remove(goodImage);
    court.clock.advance(120_000);
    expect(await instancesOf(court)).toEqual([]);
    const fixed = { ...props, launchTemplateVersion: await newVersion(court, props.launchTemplateId, other) };
    await court.settle(fixed);
    expect(await instancesOf(court)).toHaveLength(2);
  });

  test('costs no extra reads once it is over', async () => {
    const { court, next } = await begun();
    const found = await court.settle(next);
    const before = court.cloud.sent.length;
    for await (const _ of group.list(court.aws, court.scope({ last: () => found }))) continue;
    expect(court.cloud.sent.slice(before).map(({ operation }) => operation)).toEqual([
      'DescribePolicies',
      'DescribeAutoScalingGroups',
    ]);
  });
});

test('a group that names what is not there is a request to be changed, not something to wait for', async () => {
  const court = new Court(group);
  const props = { ...(await ground(court)), launchTemplateId: 'lt-0123456789abcdef0' };
  const refused = group.create(court.aws, props, court.birth());
  await expect(refused).rejects.toMatchObject({ kind: 'rejected' });
});
