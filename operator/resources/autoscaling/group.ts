import type { Tag } from '@aws-sdk/client-auto-scaling';
import { isDeepStrictEqual } from 'node:util';
import { sameMembers, sparing, without } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { tagKeys, type Tags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { cpuPolicyName, listGroups } from './group-found.ts';
import { whyShort } from './group-health.ts';
import { desiredConfiguration, fingerprint, rolloutTag } from './configuration.ts';
import { instancesReplaced, rollOut } from './rollout.ts';

/** Keeps a store's instances running: as many as the load asks for, in all its zones, from one launch template version. */
export interface GroupProps {
  readonly launchTemplateId: string;
  /** A number: `$Latest` would let instances differ without anyone asking. */
  readonly launchTemplateVersion: string;
  /** The launch template's own type first; further ones are fallbacks when capacity lacks. */
  readonly instanceTypes: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  /** At birth, within the bounds; `minSize` when left out. The autoscaler's from then on. */
  readonly desiredCapacity?: number;
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  /** How long a new instance may answer badly before it is replaced. */
  readonly healthCheckGraceSeconds: number;
  /** The mean CPU the group is scaled to. */
  readonly targetCpuPercent: number;
  /** How much of the group a rollout keeps in service; only rollouts read it. All of it when left out. */
  readonly minHealthyPercent?: number;
  /** How long until a new instance counts: for the mean CPU and for rollouts. */
  readonly warmupSeconds: number;
  /** Tags of the instances beside the owner tags; running instances keep the ones of their launch. */
  readonly instanceTags: Tags;
  /** What of the group CloudWatch is told every minute: nothing unless somebody asks for it. */
  readonly groupMetrics?: readonly string[];
  /**
   * What the group does not do: nothing, of what is wanted. People suspend processes; AWS does when a group could launch
   * nothing for a day, and leaves it so when the cause is gone.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
   */
  readonly suspendedProcesses: readonly string[];
}

export interface GroupOutputs {
  readonly groupName: string;
}

type GroupFound = Found<GroupProps, GroupOutputs>;

export const group: ResourceType<GroupProps, GroupOutputs> = {
  name: 'autoscaling/group',
  fields: {
    launchTemplateId: 'live',
    launchTemplateVersion: 'live',
    instanceTypes: { mode: 'live', equal: sameTypes },
    minSize: 'live',
    maxSize: 'live',
    desiredCapacity: { mode: 'seed', inherited: true },
    subnetIds: { mode: 'live', equal: sameMembers },
    targetGroupArns: { mode: 'live', equal: sameMembers, spare: sparing() },
    healthCheckGraceSeconds: 'live',
    targetCpuPercent: 'live',
    minHealthyPercent: 'seed',
    warmupSeconds: 'live',
    instanceTags: { mode: 'live', equal: sameInstanceTags },
    suspendedProcesses: { mode: 'live', equal: sameMembers },
    // Further ones cost nothing, and somebody may want them.
    groupMetrics: { mode: 'live', equal: (wanted, found) => without(wanted, found).length === 0 },
  },
  needs: ['ec2/launch-template', 'ec2/subnet', 'ec2/security-group', 'elbv2/target-group', 'iam/instance-profile'],
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteAutoScalingGroup',
  drains: 300_000, // As long as AWS lets the requests of a target end where it is told nothing else.
  beat: 'exposure', // Because of where its instances start and what from: either can give them public addresses.
  takes: { making: 60_000, deleting: 40_000 }, // Instances boot and prove their health; or end.
  scope: 'regional',
  key: (_props, name) => name,

  list: listGroups,

  async create(aws, props, birth) {
    const { name: AutoScalingGroupName, tags } = birth;
    const propagated = { ...tags, ...beyondIdentity(props.instanceTags) };
    const Tags = [
      ...Object.entries(propagated).map(([key, value]) => asTag(AutoScalingGroupName, key, value, true)),
      asTag(AutoScalingGroupName, rolloutTag, fingerprint(props), false),
    ];
    await aws.autoscaling('CreateAutoScalingGroup', {
      AutoScalingGroupName,
      ...desiredConfiguration(props, false),
      MinSize: props.minSize,
      MaxSize: props.maxSize,
      DesiredCapacity: atBirth(props),
      VPCZoneIdentifier: props.subnetIds.join(','),
      TargetGroupARNs: [...props.targetGroupArns],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: props.healthCheckGraceSeconds,
      DefaultInstanceWarmup: props.warmupSeconds,
      Tags,
    });
    // The call answers nothing: a group that was made has what it was asked for, and no scaling policy yet.
    const { minHealthyPercent: _, ...asked } = props;
    return {
      id: AutoScalingGroupName,
      key: AutoScalingGroupName,
      owner: birth.owner,
      state: { is: 'changing', reason: `0 of ${props.minSize} instances in service` },
      props: {
        ...asked,
        instanceTypes: props.instanceTypes.length > 1 ? props.instanceTypes : [],
        subnetIds: [...props.subnetIds].sort(),
        targetGroupArns: [...props.targetGroupArns].sort(),
        targetCpuPercent: undefined,
        instanceTags: propagated,
        groupMetrics: [],
        suspendedProcesses: [],
      },
      outputs: { groupName: AutoScalingGroupName },
    };
  },

  async update(aws, found, props, fields) {
    if (fields.has('suspendedProcesses')) {
      const ScalingProcesses = without(found.props.suspendedProcesses ?? [], props.suspendedProcesses);
      await aws.autoscaling('ResumeProcesses', { AutoScalingGroupName: found.id, ScalingProcesses });
    }
    await updateSettings(aws, found.id, props, fields);
    if (fields.has('targetGroupArns')) await updateTargetGroups(aws, found, props);
    if (fields.has('instanceTags')) await updateTags(aws, found, props);
    if (fields.has('groupMetrics'))
      await aws.autoscaling('EnableMetricsCollection', {
        ...{ AutoScalingGroupName: found.id, Metrics: [...(props.groupMetrics ?? [])], Granularity: '1Minute' },
      });
    if (fields.has('targetCpuPercent')) await putCpuPolicy(aws, found.id, props.targetCpuPercent);
    if (rolloutFields.some((field) => fields.has(field)))
      await rollOut(aws, { name: found.id, hasPolicy: (found.props.instanceTypes ?? []).length > 0 }, props);
  },

  replaces(found, wanted, fields) {
    if (!rolloutFields.some((field) => fields.has(field))) return undefined;
    // The section gives these as they are.
    const { instanceTypes = [], minHealthyPercent } = wanted as Partial<GroupProps>;
    const isSameTemplate = !fields.has('launchTemplateId') && !fields.has('launchTemplateVersion');
    return instancesReplaced(found.props, { instanceTypes, minHealthyPercent }, isSameTemplate);
  },

  whyNotServing: whyShort,

  async delete(aws, found) {
    // ForceDelete takes the instances along; without it a group must be emptied first.
    await orAbsent(aws.autoscaling('DeleteAutoScalingGroup', { AutoScalingGroupName: found.id, ForceDelete: true }));
  },
};

const atBirth = ({ desiredCapacity = 0, minSize, maxSize }: GroupProps): number =>
  Math.min(Math.max(desiredCapacity, minSize), maxSize);

const rolloutFields = ['launchTemplateId', 'launchTemplateVersion', 'instanceTypes'] as const;

/** A group without a mixed-instances policy names no types: its launch template has the one. */
function sameTypes(wanted: readonly string[], found: readonly string[]): boolean {
  return (wanted.length === 1 && found.length === 0) || isDeepStrictEqual([...wanted], [...found]);
}

/** The identity of the group is not changed through the tags of its instances. */
const beyondIdentity = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(tagKeys).includes(key)));

/** Our tags of the instances as they should be and as they are; others are people's, as those for their bills. */
function ourTags(wanted: Tags, found: Tags): { readonly wanted: Tags; readonly found: Tags } {
  const ours = Object.entries(beyondIdentity(found)).filter(([key]) => key in wanted || key.startsWith('ecom.io/'));
  return { wanted: beyondIdentity(wanted), found: Object.fromEntries(ours) };
}

function sameInstanceTags(wanted: Tags, found: Tags): boolean {
  const ours = ourTags(wanted, found);
  return isDeepStrictEqual(ours.wanted, ours.found);
}

const asTag = (ResourceId: string, Key: string, Value: string, PropagateAtLaunch: boolean): Tag => ({
  ResourceId,
  ResourceType: 'auto-scaling-group',
  Key,
  Value,
  PropagateAtLaunch,
});

const settingFields = ['minSize', 'maxSize', 'subnetIds', 'healthCheckGraceSeconds', 'warmupSeconds'] as const;

async function updateSettings(aws: Aws, name: string, props: GroupProps, fields: ReadonlySet<string>): Promise<void> {
  if (!settingFields.some((field) => fields.has(field))) return;
  const wants = <T>(field: (typeof settingFields)[number], value: T): T | undefined =>
    fields.has(field) ? value : undefined;
  await aws.autoscaling('UpdateAutoScalingGroup', {
    AutoScalingGroupName: name,
    MinSize: wants('minSize', props.minSize),
    MaxSize: wants('maxSize', props.maxSize),
    VPCZoneIdentifier: wants('subnetIds', props.subnetIds.join(',')),
    HealthCheckType: wants('healthCheckGraceSeconds', 'ELB'),
    HealthCheckGracePeriod: wants('healthCheckGraceSeconds', props.healthCheckGraceSeconds),
    DefaultInstanceWarmup: wants('warmupSeconds', props.warmupSeconds),
  });
}

/** The new target groups come before the old ones go, so that no moment is without one. */
async function updateTargetGroups(aws: Aws, { id, props: has }: GroupFound, props: GroupProps): Promise<void> {
  const sources = (arns: readonly string[]) => arns.map((Identifier) => ({ Identifier, Type: 'elbv2' }));
  const [attach, detach] = [
    sources(without(props.targetGroupArns, has.targetGroupArns ?? [])),
    sources(without(has.targetGroupArns ?? [], props.targetGroupArns)),
  ];
  if (attach.length > 0)
    await aws.autoscaling('AttachTrafficSources', { AutoScalingGroupName: id, TrafficSources: attach });
  if (detach.length > 0)
    await aws.autoscaling('DetachTrafficSources', { AutoScalingGroupName: id, TrafficSources: detach });
}

async function updateTags(aws: Aws, { id, props: has }: GroupFound, { instanceTags }: GroupProps): Promise<void> {
  const { wanted, found } = ourTags(instanceTags, has.instanceTags ?? {});
  const put = Object.entries(wanted).filter(([key, value]) => found[key] !== value);
  const drop = without(Object.keys(found), Object.keys(wanted));
  if (put.length > 0)
    await aws.autoscaling('CreateOrUpdateTags', { Tags: put.map(([key, value]) => asTag(id, key, value, true)) });
  if (drop.length > 0)
    await aws.autoscaling('DeleteTags', {
      Tags: drop.map((Key) => ({ ResourceId: id, ResourceType: 'auto-scaling-group', Key })),
    });
}

const putCpuPolicy = (aws: Aws, AutoScalingGroupName: string, TargetValue: number): Promise<unknown> =>
  aws.autoscaling('PutScalingPolicy', {
    AutoScalingGroupName,
    PolicyName: cpuPolicyName,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue,
    },
  });
