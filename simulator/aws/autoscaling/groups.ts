import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { subnets } from '../ec2/subnets.ts';
import { activities } from './activities.ts';
import { checkedConfiguration } from './configuration.ts';
import { groupTold } from './group-told.ts';
import {
  groupOf,
  groups,
  invalid,
  membersOf,
  paged,
  type Configuration,
  type Group,
  type GroupTag,
  type Paged,
} from './kinds.ts';
import { because, dismiss } from './members-of-groups.ts';
import { activeRefresh, refreshes } from './refresh-state.ts';
import { filteredByTags, givenTags, type GivenTag, type TagFilter } from './tagging.ts';
import { tend, tendSoon } from './tending.ts';
import { checkTargetGroups } from './traffic.ts';

interface Settings extends Configuration {
  readonly AutoScalingGroupName: string;
  readonly MinSize?: number;
  readonly MaxSize?: number;
  readonly DesiredCapacity?: number;
  readonly DefaultCooldown?: number;
  readonly VPCZoneIdentifier?: string;
  readonly AvailabilityZones?: readonly string[];
  readonly HealthCheckType?: string;
  readonly HealthCheckGracePeriod?: number;
  readonly DefaultInstanceWarmup?: number;
  readonly NewInstancesProtectedFromScaleIn?: boolean;
  readonly TerminationPolicies?: readonly string[];
  readonly DeletionProtection?: string;
  readonly MaxInstanceLifetime?: number;
  readonly InstanceMaintenancePolicy?: object;
  readonly AvailabilityZoneDistribution?: object;
  readonly LaunchConfigurationName?: string;
  readonly PlacementGroup?: string;
}

interface Create extends Settings {
  readonly TargetGroupARNs?: readonly string[];
  readonly TrafficSources?: readonly { readonly Identifier: string; readonly Type?: string }[];
  readonly Tags?: readonly GivenTag[];
  readonly InstanceId?: string;
  readonly LoadBalancerNames?: readonly string[];
  readonly LifecycleHookSpecificationList?: readonly object[];
}

/** What the simulator does not act on is refused: silence would be a lie. */
function checkScope(input: Create): void {
  const unsimulated = [
    ['LaunchConfigurationName', input.LaunchConfigurationName],
    ['InstanceId', input.InstanceId],
    ['PlacementGroup', input.PlacementGroup],
    ['LoadBalancerNames', input.LoadBalancerNames?.length || undefined],
    ['LifecycleHookSpecificationList', input.LifecycleHookSpecificationList?.length || undefined],
  ].find(([, value]) => value !== undefined && value !== '');
  if (unsimulated) throw new AwsError('UnsupportedOperation', `${unsimulated[0]} is not simulated`, 501);
}

type Sized = Pick<Group, 'min' | 'max' | 'desired'>;

function checkSizes({ min, max, desired }: Sized): void {
  if (max < min) throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max)
    throw invalid(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
}

function placesIn(request: Request, identifier: string | undefined): Pick<Group, 'subnetIds' | 'zones'> {
  const subnetIds = (identifier ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (subnetIds.length === 0) throw invalid('At least one Availability Zone or VPC Subnet is required.');
  const zones = subnetIds.map((id) => {
    const subnet = request.in(subnets).get(id);
    if (!subnet) throw invalid(`The subnet ID '${id}' does not exist`);
    return subnet.zone;
  });
  return { subnetIds, zones: [...new Set(zones)].sort() };
}

const othersIn = (input: Settings): Readonly<Record<string, unknown>> => ({
  ...(input.MaxInstanceLifetime === undefined ? {} : { MaxInstanceLifetime: input.MaxInstanceLifetime }),
  ...(input.InstanceMaintenancePolicy ? { InstanceMaintenancePolicy: input.InstanceMaintenancePolicy } : {}),
  ...(input.AvailabilityZoneDistribution ? { AvailabilityZoneDistribution: input.AvailabilityZoneDistribution } : {}),
});

/** "The default is balanced-best-effort": https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AvailabilityZoneDistribution.html */
const bornWith = { AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' } };

function create(input: Create, request: Request): void {
  checkScope(input);
  const { AutoScalingGroupName: name, MinSize: min = 0, MaxSize: max = 0, DesiredCapacity: desired = min } = input;
  const all = request.in(groups);
  if (all.get(name))
    throw new AwsError(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  checkSizes({ min, max, desired });
  const [quota, used] = ['Auto Scaling groups per region', all.all().length];
  request.withinQuota(quota, 500, used, 'LimitExceeded', 'The maximum number of Auto Scaling groups has been reached.');
  const sources = (input.TrafficSources ?? []).map(({ Identifier }) => Identifier);
  const uuid = [8, 4, 4, 4, 12].map((length) => request.world.random.hex(length)).join('-');
  all.put(name, {
    name,
    arn: request.arn(`autoScalingGroup:${uuid}:autoScalingGroupName/${name}`),
    createdAt: request.now,
    configuration: checkedConfiguration(request, only(input)),
    min,
    max,
    desired,
    surge: 0,
    cooldown: input.DefaultCooldown ?? 300,
    ...placesIn(request, input.VPCZoneIdentifier),
    targetGroupArns: checkTargetGroups(request, [...(input.TargetGroupARNs ?? []), ...sources]),
    healthCheckType: input.HealthCheckType ?? 'EC2',
    graceSeconds: input.HealthCheckGracePeriod ?? 0,
    warmupSeconds: input.DefaultInstanceWarmup,
    protectsNew: input.NewInstancesProtectedFromScaleIn ?? false,
    terminationPolicies: input.TerminationPolicies ?? ['Default'],
    deletionProtection: input.DeletionProtection ?? 'none',
    tags: givenTags(name, input.Tags),
    suspended: [],
    metrics: [],
    deleting: false,
    failures: 0,
    retryAt: 0,
    others: { ...bornWith, ...othersIn(input) },
  });
  tendSoon(request, name);
}

const only = ({ LaunchTemplate, MixedInstancesPolicy }: Configuration): Configuration => ({
  LaunchTemplate,
  MixedInstancesPolicy,
});

/** A minimum above what there is raises what is desired, a maximum below it lowers it, as documented. */
function sizesAfter(group: Group, input: Settings): Sized {
  const { MinSize: min = group.min, MaxSize: max = group.max, DesiredCapacity } = input;
  return { min, max, desired: DesiredCapacity ?? Math.min(Math.max(group.desired, min), Math.max(max, min)) };
}

function update(input: Settings, request: Request): void {
  checkScope(input);
  const group = groupOf(request, input.AutoScalingGroupName);
  if (group.deleting) throw new AwsError('ScalingActivityInProgress', `The group ${group.name} is being deleted.`);
  const changesConfiguration = input.LaunchTemplate !== undefined || input.MixedInstancesPolicy !== undefined;
  if (changesConfiguration && activeRefresh(request, group.name)?.desired)
    throw invalid(
      'An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.',
    );
  const sizes = sizesAfter(group, input);
  checkSizes(sizes);
  request.in(groups).change(group.name, {
    ...sizes,
    ...(changesConfiguration ? { configuration: checkedConfiguration(request, only(input)) } : {}),
    ...(input.VPCZoneIdentifier === undefined ? {} : placesIn(request, input.VPCZoneIdentifier)),
    cooldown: input.DefaultCooldown ?? group.cooldown,
    healthCheckType: input.HealthCheckType ?? group.healthCheckType,
    graceSeconds: input.HealthCheckGracePeriod ?? group.graceSeconds,
    warmupSeconds: input.DefaultInstanceWarmup ?? group.warmupSeconds,
    protectsNew: input.NewInstancesProtectedFromScaleIn ?? group.protectsNew,
    terminationPolicies: input.TerminationPolicies ?? group.terminationPolicies,
    deletionProtection: input.DeletionProtection ?? group.deletionProtection,
    others: { ...group.others, ...othersIn(input) },
    ...(changesConfiguration ? { failures: 0, retryAt: 0 } : {}),
  });
  tendSoon(request, group.name);
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html */
function remove(input: { AutoScalingGroupName: string; ForceDelete?: boolean }, request: Request): void {
  const group = groupOf(request, input.AutoScalingGroupName);
  const { name, deletionProtection: protection } = group;
  if (protection === 'prevent-all-deletion' || (protection === 'prevent-force-deletion' && input.ForceDelete === true))
    throw new AwsError('ResourceInUse', `The group ${name} is protected from deletion (${protection}).`);
  if (!input.ForceDelete) checkIdle(request, group);
  request.in(groups).change(name, { deleting: true, desired: 0, min: 0, surge: 0 });
  const cause = because(request, 'a user request force deleted AutoScalingGroup, changing the desired capacity to 0.');
  for (const member of membersOf(request, name)) dismiss(request, member, cause, true);
  const running = activeRefresh(request, name);
  if (running) request.in(refreshes).change(running.id, { status: 'Cancelled', endedAt: request.now });
  tend(request, name);
}

function checkIdle(request: Request, { name }: Group): void {
  const atWork = request
    .in(activities)
    .all()
    .some((one) => one.group === name && one.endedAt === undefined);
  if (atWork)
    throw new AwsError(
      'ScalingActivityInProgress',
      'You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.',
    );
  if (membersOf(request, name).length > 0)
    throw new AwsError(
      'ResourceInUse',
      'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
    );
}

function describe(input: Paged & { AutoScalingGroupNames?: string[]; Filters?: TagFilter[] }, request: Request) {
  const { AutoScalingGroupNames: names = [] } = input;
  const named = request.listed(groups).filter(({ name }) => names.length === 0 || names.includes(name));
  const found = filteredByTags(named, ({ tags }): readonly GroupTag[] => tags, input.Filters);
  const { items, next } = paged(request, found, input);
  return { AutoScalingGroups: items.map((group) => groupTold(group, request)), NextToken: next };
}

function setDesired(
  { AutoScalingGroupName: name, DesiredCapacity: desired }: { AutoScalingGroupName: string; DesiredCapacity: number },
  request: Request,
): void {
  const { min, max } = groupOf(request, name);
  if (desired < min || desired > max)
    throw invalid(
      desired < min
        ? `New SetDesiredCapacity value ${desired} is below min value ${min} for the AutoScalingGroup.`
        : `New SetDesiredCapacity value ${desired} is above max value ${max} for the AutoScalingGroup.`,
    );
  request.in(groups).change(name, { desired });
  tendSoon(request, name);
}

export const groupOperations: Operations = {
  CreateAutoScalingGroup: create,
  UpdateAutoScalingGroup: update,
  DeleteAutoScalingGroup: remove,
  DescribeAutoScalingGroups: describe,
  SetDesiredCapacity: setDesired,
};
