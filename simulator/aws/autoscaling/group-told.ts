import type { Request } from '../core/request.ts';
import { membersOf, type Group, type Member } from './kinds.ts';

export const memberTold = (member: Member) => ({
  InstanceId: member.id,
  InstanceType: member.type,
  AvailabilityZone: member.zone,
  LifecycleState: member.lifecycle,
  HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
  LaunchTemplate: member.template,
  ProtectedFromScaleIn: member.protectedFromScaleIn,
});

export const tagTold = (name: string, tag: Group['tags'][number]) => ({
  ResourceId: name,
  ResourceType: 'auto-scaling-group',
  ...tag,
});

/** A group as DescribeAutoScalingGroups tells it. */
export const groupTold = (group: Group, request: Request) => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  ...group.configuration,
  MinSize: group.min,
  MaxSize: group.max,
  DesiredCapacity: group.desired,
  DefaultCooldown: group.cooldown,
  AvailabilityZones: [...group.zones],
  VPCZoneIdentifier: group.subnetIds.join(','),
  LoadBalancerNames: [],
  TargetGroupARNs: [...group.targetGroupArns],
  TrafficSources: group.targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
  HealthCheckType: group.healthCheckType,
  HealthCheckGracePeriod: group.graceSeconds,
  DefaultInstanceWarmup: group.warmupSeconds,
  Instances: membersOf(request, group.name).map(memberTold),
  CreatedTime: new Date(group.createdAt),
  SuspendedProcesses: group.suspended.map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
  EnabledMetrics: group.metrics.map((Metric) => ({ Metric, Granularity: '1Minute' })),
  Tags: group.tags.map((tag) => tagTold(group.name, tag)),
  TerminationPolicies: [...group.terminationPolicies],
  NewInstancesProtectedFromScaleIn: group.protectsNew,
  ServiceLinkedRoleARN: `arn:aws:iam::${request.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  CapacityRebalance: false,
  DeletionProtection: group.deletionProtection,
  ...group.others,
  ...(group.deleting ? { Status: 'Delete in progress' } : {}),
});
