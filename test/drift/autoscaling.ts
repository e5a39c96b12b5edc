import type { UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { group } from '../../operator/resources/autoscaling/group.ts';
import { alwaysSet, driftsOf, notInAws, oneValue, value, type Drift } from './drift.ts';
import { deleteGroup } from './demolition.ts';
import type { Place } from './place.ts';

const name = (place: Place): string => place.id('compute/group');

type Input = Omit<UpdateAutoScalingGroupType, 'AutoScalingGroupName'>;
const update = (what: string, input: (place: Place) => Input | Promise<Input>, more: Partial<Drift> = {}): Drift => ({
  what,
  make: async (place) =>
    place.autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: name(place), ...(await input(place)) }),
  ...more,
});

const metrics = (place: Place) => (operation: string, Metrics: string[]) =>
  place.world.other('autoscaling', operation, {
    ...{ AutoScalingGroupName: name(place), Metrics },
    ...(operation.startsWith('Enable') ? { Granularity: '1Minute' } : {}),
  });

/** What a group is made from goes back by an instance refresh, beside the tags that say which one was asked for and was begun. */
const byRefresh: Partial<Drift> = { exposes: true, writes: 3, awsMinutes: 60 };

/** Somebody's own launch template. */
async function strangersTemplate(place: Place): Promise<string> {
  const { LaunchTemplateVersions: [version] = [] } = await place.ec2('DescribeLaunchTemplateVersions', {
    LaunchTemplateId: place.id('compute/launch-template'),
    Versions: ['$Default'],
  });
  const { LaunchTemplate } = await place.ec2('CreateLaunchTemplate', {
    LaunchTemplateName: 'somebodys',
    LaunchTemplateData: version?.LaunchTemplateData as object,
  });
  return LaunchTemplate?.LaunchTemplateId ?? '';
}

const mixed = (LaunchTemplateId: string, Version: string, ...types: string[]): Input => ({
  MixedInstancesPolicy: {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId, Version },
      Overrides: types.map((InstanceType) => ({ InstanceType })),
    },
  },
});
const ours = (place: Place) => [place.id('compute/launch-template'), '1'] as const;
const types = (what: string, ...list: string[]): Drift =>
  update(what, (place) => mixed(...ours(place), ...list), byRefresh);

/** A version of our template that somebody made. */
async function strangersVersion(place: Place): Promise<string> {
  const { LaunchTemplateVersion } = await place.ec2('CreateLaunchTemplateVersion', {
    LaunchTemplateId: place.id('compute/launch-template'),
    SourceVersion: '1',
    LaunchTemplateData: { InstanceType: 'm5.xlarge' },
  });
  return String(LaunchTemplateVersion?.VersionNumber);
}

const subnets =
  (...nodes: string[]) =>
  (place: Place): Input => ({
    VPCZoneIdentifier: place.ids(...nodes).join(','),
  });

async function strangersTargets(place: Place): Promise<string> {
  const { TargetGroups: [made] = [] } = await place.elbv2('CreateTargetGroup', {
    ...{ Name: 'somebodys', VpcId: place.id('network/vpc'), Port: 80, Protocol: 'HTTP', TargetType: 'instance' },
  });
  return made?.TargetGroupArn ?? '';
}
const removeTargets = async (place: Place): Promise<void> => {
  const { TargetGroups: [made] = [] } = await place.elbv2('DescribeTargetGroups', { Names: ['somebodys'] });
  await place.elbv2('DeleteTargetGroup', { TargetGroupArn: made?.TargetGroupArn });
};
const sources = (...arns: string[]) => arns.map((Identifier) => ({ Identifier, Type: 'elbv2' }));

const tags = (what: string, Key: string, Value: string | undefined): Drift => ({
  what,
  make: (place) => {
    const tag = { ResourceId: name(place), ResourceType: 'auto-scaling-group', Key };
    return Value === undefined
      ? place.autoscaling('DeleteTags', { Tags: [tag] })
      : place.autoscaling('CreateOrUpdateTags', { Tags: [{ ...tag, Value, PropagateAtLaunch: true }] });
  },
});

const tracking = (TargetValue: number, PredefinedMetricType: 'ASGAverageCPUUtilization' | 'ASGAverageNetworkIn') => ({
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingConfiguration: { TargetValue, PredefinedMetricSpecification: { PredefinedMetricType } },
});

export const groupDrifts = driftsOf(group, {
  in: 'production',
  node: 'compute/group',
  properties: {
    launchTemplateId: {
      changed: update(
        "somebody's own template",
        async (place) => mixed(await strangersTemplate(place), '1', 'm4.large', 'm5.large', 'm5a.large'),
        { ...byRefresh, tidy: (place) => place.ec2('DeleteLaunchTemplate', { LaunchTemplateName: 'somebodys' }) },
      ),
      removed: alwaysSet,
      extra: oneValue,
    },
    launchTemplateVersion: {
      changed: update(
        'a version that somebody made',
        async (place) => mixed(ours(place)[0], await strangersVersion(place), 'm4.large', 'm5.large', 'm5a.large'),
        byRefresh,
      ),
      removed: update(
        'whatever version is the latest',
        (place) => mixed(ours(place)[0], '$Latest', 'm4.large', 'm5.large', 'm5a.large'),
        byRefresh,
      ),
      extra: oneValue,
    },
    instanceTypes: {
      changed: types('other types', 'm5.large', 'm4.large', 'm5a.large'),
      removed: types('no fallbacks', 'm4.large'),
      extra: types('one more type', 'm4.large', 'm5.large', 'm5a.large', 'm5.xlarge'),
    },
    minSize: value(update('1', () => ({ MinSize: 1 }))),
    maxSize: value(update('50', () => ({ MaxSize: 50 }))),
    desiredCapacity: value({
      what: '5',
      ends: 'left',
      why: "the autoscaler's, within minimum and maximum",
      make: (place) =>
        place.autoscaling('SetDesiredCapacity', { AutoScalingGroupName: name(place), DesiredCapacity: 5 }),
    }),
    subnetIds: {
      changed: update('public subnets', subnets('network/public-a', 'network/public-b'), { exposes: true }),
      removed: update('one zone only', subnets('network/app-a')),
      extra: update('a public subnet too', subnets('network/app-a', 'network/app-b', 'network/public-a'), {
        exposes: true,
      }),
    },
    targetGroupArns: {
      changed: {
        what: "somebody's target group instead",
        writes: 2,
        awsMinutes: 1, // Its instances have to prove their health once more.
        make: async (place) => {
          const AutoScalingGroupName = name(place);
          const TrafficSources = sources(await strangersTargets(place));
          await place.autoscaling('AttachTrafficSources', { AutoScalingGroupName, TrafficSources });
          await place.autoscaling('DetachTrafficSources', {
            ...{ AutoScalingGroupName, TrafficSources: sources(place.id('loadBalancer/targets')) },
          });
        },
        tidy: removeTargets,
      },
      removed: {
        what: 'taken off its target group',
        make: (place) =>
          place.autoscaling('DetachTrafficSources', {
            ...{ AutoScalingGroupName: name(place), TrafficSources: sources(place.id('loadBalancer/targets')) },
          }),
      },
      extra: {
        what: "somebody's target group too",
        make: async (place) =>
          place.autoscaling('AttachTrafficSources', {
            ...{ AutoScalingGroupName: name(place), TrafficSources: sources(await strangersTargets(place)) },
          }),
        tidy: removeTargets,
      },
    },
    healthCheckGraceSeconds: {
      changed: update('an hour', () => ({ HealthCheckGracePeriod: 3600 })),
      removed: update('none', () => ({ HealthCheckGracePeriod: 0 })),
      extra: update('health by EC2 alone', () => ({ HealthCheckType: 'EC2' })),
    },
    targetCpuPercent: {
      changed: {
        what: '99',
        make: (place) =>
          place.autoscaling('PutScalingPolicy', {
            ...{ AutoScalingGroupName: name(place), PolicyName: 'cpu', ...tracking(99, 'ASGAverageCPUUtilization') },
          }),
      },
      removed: {
        what: 'the policy deleted',
        make: (place) => place.autoscaling('DeletePolicy', { AutoScalingGroupName: name(place), PolicyName: 'cpu' }),
      },
      extra: {
        what: 'one more policy, of their own',
        ends: 'left',
        why: 'it is theirs: both scale within minimum and maximum',
        make: (place) =>
          place.autoscaling('PutScalingPolicy', {
            ...{ AutoScalingGroupName: name(place), PolicyName: 'net', ...tracking(1e6, 'ASGAverageNetworkIn') },
          }),
        tidy: (place) => place.autoscaling('DeletePolicy', { AutoScalingGroupName: name(place), PolicyName: 'net' }),
      },
    },
    minHealthyPercent: {
      changed: notInAws('only our rollouts read it: the group does not keep it'),
      removed: notInAws('only our rollouts read it: the group does not keep it'),
      extra: notInAws('only our rollouts read it: the group does not keep it'),
    },
    warmupSeconds: {
      changed: update('none', () => ({ DefaultInstanceWarmup: 0 })),
      removed: update('not set', () => ({ DefaultInstanceWarmup: -1 })),
      extra: oneValue,
    },
    instanceTags: {
      changed: tags('another name', 'Name', 'other'),
      removed: tags('no name', 'Name', undefined),
      extra: {
        ...tags('one more tag for instances', 'cost-centre', '42'),
        ends: 'left',
        why: 'it is theirs',
        tidy: (place) => tags('no tag of theirs', 'cost-centre', undefined).make(place),
      },
    },
    suspendedProcesses: {
      changed: notInAws('a process is suspended or not'),
      removed: notInAws('none is'),
      extra: {
        what: 'instances that are not well are kept',
        make: (place) =>
          place.autoscaling('SuspendProcesses', {
            ...{ AutoScalingGroupName: name(place), ScalingProcesses: ['ReplaceUnhealthy', 'Launch'] },
          }),
      },
    },
    groupMetrics: {
      changed: notInAws('a metric is collected or not'),
      removed: {
        what: 'one is collected no more',
        make: (place) => metrics(place)('DisableMetricsCollection', ['GroupMaxSize']),
      },
      extra: {
        what: 'one more is collected',
        ends: 'left',
        why: 'it costs nothing, and somebody looks at it',
        make: (place) => metrics(place)('EnableMetricsCollection', ['GroupPendingInstances']),
        tidy: (place) => metrics(place)('DisableMetricsCollection', ['GroupPendingInstances']),
      },
    },
  },
  more: [{ property: 'instanceTags', kind: 'extra', drift: tags('one more tag of our kind', 'ecom.io/shop', 'other') }],
  deleted: {
    what: 'with all its instances',
    make: deleteGroup,
    awsMinutes: 20,
    writes: 3,
  },
});
