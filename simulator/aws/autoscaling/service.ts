import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { SimulatedService } from '../core/service.ts';
import { activities, activityOperations, activityTold } from './activities.ts';
import { memberTold } from './group-told.ts';
import { groupOperations } from './groups.ts';
import { groupOf, groups, invalid, members, paged, type Member, type Paged } from './kinds.ts';
import { because, dismiss } from './members-of-groups.ts';
import { policyOperations } from './policies.ts';
import { refreshOperations } from './refreshes.ts';
import { taggingOperations } from './tagging.ts';
import { tendSoon } from './tending.ts';
import { trafficOperations } from './traffic.ts';

function memberOf(request: Request, id: string | undefined): Member {
  const found = request.in(members).get(id ?? '');
  if (!found) throw invalid(`Instance Id not found - No managed instance found for instance ID: ${id}`);
  return found;
}

function terminate(input: { InstanceId?: string; ShouldDecrementDesiredCapacity: boolean }, request: Request) {
  const member = memberOf(request, input.InstanceId);
  const group = groupOf(request, member.group);
  if (input.ShouldDecrementDesiredCapacity) {
    if (group.desired <= group.min)
      throw invalid(
        `Currently, desiredSize equals minSize (${group.min}). Terminating instance without replacement will violate group's min size constraint.`,
      );
    request.in(groups).change(group.name, { desired: group.desired - 1 });
  }
  dismiss(request, member, because(request, 'instance was taken out of service in response to a user request.'));
  tendSoon(request, group.name);
  const { activityId } = memberOf(request, member.id);
  const activity = request.in(activities).get(activityId);
  return activity ? { Activity: activityTold(request, activity) } : {};
}

const memberOperations: Operations = {
  DescribeAutoScalingInstances: (input: Paged & { InstanceIds?: string[] }, request) => {
    const found = request.listed(members).filter(({ id }) => input.InstanceIds?.includes(id) ?? true);
    const { items, next } = paged(request, found, input);
    return {
      AutoScalingInstances: items.map((member) => ({
        ...memberTold(member),
        AutoScalingGroupName: member.group,
        HealthStatus: member.healthy ? 'HEALTHY' : 'UNHEALTHY',
      })),
      NextToken: next,
    };
  },
  TerminateInstanceInAutoScalingGroup: terminate,
  SetInstanceHealth: (input: { InstanceId: string; HealthStatus: string }, request) => {
    const member = memberOf(request, input.InstanceId);
    request.in(members).change(member.id, { healthy: input.HealthStatus !== 'Unhealthy' });
    tendSoon(request, member.group);
  },
  SetInstanceProtection: (input: { InstanceIds: string[]; ProtectedFromScaleIn: boolean }, request) => {
    for (const { id } of input.InstanceIds.map((one) => memberOf(request, one)))
      request.in(members).change(id, { protectedFromScaleIn: input.ProtectedFromScaleIn });
    return {};
  },
};

const processes = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
];

interface Processes {
  readonly AutoScalingGroupName: string;
  readonly ScalingProcesses?: readonly string[];
}

interface Metrics {
  readonly AutoScalingGroupName: string;
  readonly Metrics?: readonly string[];
}

const metricNames = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
];

const settingOperations: Operations = {
  SuspendProcesses: ({ AutoScalingGroupName, ScalingProcesses = processes }: Processes, request) => {
    const { name, suspended } = groupOf(request, AutoScalingGroupName);
    request.in(groups).change(name, { suspended: [...new Set([...suspended, ...ScalingProcesses])] });
  },
  ResumeProcesses: ({ AutoScalingGroupName, ScalingProcesses = processes }: Processes, request) => {
    const { name, suspended } = groupOf(request, AutoScalingGroupName);
    request.in(groups).change(name, { suspended: suspended.filter((one) => !ScalingProcesses.includes(one)) });
    tendSoon(request, name);
  },
  EnableMetricsCollection: ({ AutoScalingGroupName, Metrics = metricNames }: Metrics, request) => {
    const { name, metrics } = groupOf(request, AutoScalingGroupName);
    request.in(groups).change(name, { metrics: [...new Set([...metrics, ...Metrics])] });
  },
  DisableMetricsCollection: ({ AutoScalingGroupName, Metrics = metricNames }: Metrics, request) => {
    const { name, metrics } = groupOf(request, AutoScalingGroupName);
    request.in(groups).change(name, { metrics: metrics.filter((one) => !Metrics.includes(one)) });
  },
};

/** Nobody can make these here, so every group has none. */
const noneOf =
  (member: string) =>
  ({ AutoScalingGroupName: name }: { AutoScalingGroupName?: string }, request: Request): object => {
    if (name !== undefined) groupOf(request, name);
    return { [member]: [] };
  };

const notSimulated = (what: string) => (): never => {
  throw new AwsError('UnsupportedOperation', `${what} are not simulated`, 501);
};

const emptyOperations: Operations = {
  DescribeLifecycleHooks: noneOf('LifecycleHooks'),
  PutLifecycleHook: notSimulated('Lifecycle hooks'),
  DescribeScheduledActions: noneOf('ScheduledUpdateGroupActions'),
  PutScheduledUpdateGroupAction: notSimulated('Scheduled actions'),
  DescribeNotificationConfigurations: () => ({ NotificationConfigurations: [] }),
  PutNotificationConfiguration: notSimulated('Notifications'),
  DescribeWarmPool: noneOf('Instances'),
  PutWarmPool: notSimulated('Warm pools'),
  DescribeLaunchConfigurations: () => ({ LaunchConfigurations: [] }),
  DescribeAccountLimits: (_input, request) => ({
    MaxNumberOfAutoScalingGroups: request.world.quotas.get('Auto Scaling groups per region') ?? 500,
    NumberOfAutoScalingGroups: request.in(groups).all().length,
    MaxNumberOfLaunchConfigurations: 200,
    NumberOfLaunchConfigurations: 0,
  }),
};

/** EC2 Auto Scaling: groups that keep their instances running, spread, healthy and of one configuration. */
export const autoscaling: SimulatedService = {
  operations: {
    ...groupOperations,
    ...memberOperations,
    ...settingOperations,
    ...emptyOperations,
    ...trafficOperations,
    ...policyOperations,
    ...refreshOperations,
    ...activityOperations,
    ...taggingOperations,
  },
};
