import type { AutoScalingGroup, ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagsFromPairs, type Tags } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, Scope, State } from '../../model/resource-type.ts';
import type { GroupOutputs, GroupProps } from './group.ts';
import { configurationOf } from './configuration.ts';
import { healthRevision, isShort, serviceOf, targetGroupsOf, untold, type Service } from './group-health.ts';
import { readRollout, type Rollout } from './rollout.ts';

type GroupFound = Found<GroupProps, GroupOutputs>;

/** The name of a group's target tracking policy; names of policies are unique within a group. */
export const cpuPolicyName = 'cpu';

/** All groups of the region: ours with what AWS is doing about them, others by name and owner only. */
export async function* listGroups(aws: Aws, scope: Scope): AsyncGenerator<GroupFound[]> {
  const policies = await cpuPolicies(aws);
  // Unfiltered: a group that has our name but not our tags must be seen too.
  const read = (NextToken?: string) => aws.autoscaling('DescribeAutoScalingGroups', { NextToken });
  for await (const { AutoScalingGroups = [] } of pages(read, (answer) => answer.NextToken)) {
    const found = await Promise.all(AutoScalingGroups.map((group) => inFull(aws, scope, group, policies)));
    yield found.filter((one) => one !== undefined);
  }
}

/** Undefined when the group went away between the reads. */
async function inFull(
  aws: Aws,
  scope: Scope,
  group: AutoScalingGroup,
  policies: ReadonlyMap<string, ScalingPolicy>,
): Promise<GroupFound | undefined> {
  const plain: Rollout = { configuration: configurationOf(group), failed: [] };
  const ours = ownerFromTags(tagsOf(group))?.installation === scope.installation && !group.Status;
  const rollout = ours ? await knownRollout(aws, group, scope.now) : plain;
  if (!rollout) return undefined;
  const { AutoScalingGroupName: name = '' } = group;
  const before = scope.last(name);
  const revision = revisionOf(group, rollout);
  // Who is being replaced need not be healthy, and how many are in service is told without asking.
  const asks = ours && (rollout.activity === undefined || isShort(group));
  const { askedAt = 0 } = before ?? {};
  if (before && isStillSo(before, revision, scope))
    return { ...told(group, policies.get(name), rollout, before.state), askedAt };
  const state = stateOf(group, rollout, asks ? await serviceOf(aws, group, scope.now) : {});
  return { ...told(group, policies.get(name), rollout, state), askedAt: scope.now };
}

/** Where AWS does not tell whether it rolls something out, nothing is known of what the instances are to be made from. */
const knownRollout = (aws: Aws, group: AutoScalingGroup, now: number): Promise<Rollout | undefined> =>
  orAbsent(readRollout(aws, group, now)).catch((error: unknown) => {
    const { reason, overdue } = untold(group, 'how its instances are being changed', error);
    return { configuration: {}, activity: reason, overdue, failed: [] };
  });

/**
 * Whether what was told of a group's instances holds without asking: that they serve for as long as they are the same,
 * that they do not yet for a moment, whichever they are by then.
 */
function isStillSo({ state, revision, askedAt = 0 }: Found, now: string | undefined, scope: Scope): boolean {
  if (revision === undefined || now === undefined) return false;
  return state.is === 'ready' ? revision === now : askedAt > scope.recently;
}

/** A rollout tells its progress: what was told of it before does not hold. */
const revisionOf = (group: AutoScalingGroup, { activity }: Rollout): string | undefined =>
  activity === undefined && !group.Status ? healthRevision(group) : undefined;

/** Our CPU policies by the name of their group: one bulk read for all groups. */
async function cpuPolicies(aws: Aws): Promise<Map<string, ScalingPolicy>> {
  const policies = new Map<string, ScalingPolicy>();
  const read = (NextToken?: string) =>
    aws.autoscaling('DescribePolicies', { PolicyTypes: ['TargetTrackingScaling'], NextToken });
  for await (const { ScalingPolicies = [] } of pages(read, (answer) => answer.NextToken))
    for (const policy of ScalingPolicies)
      if (policy.PolicyName === cpuPolicyName) policies.set(policy.AutoScalingGroupName ?? '', policy);
  return policies;
}

/**
 * A group that lacks instances is `changing`, not `pending`: a better image or type must be able to reach a group that
 * never gets one into service.
 */
function stateOf(group: AutoScalingGroup, rollout: Rollout, { shortfall, notice }: Service): State {
  if (group.Status) return { is: 'deleting', reason: `${group.Status}: its instances are terminated first` };
  // How long a rollout may take nobody knows; AWS gives up by itself one that does not come forward.
  const { activity, overdue } = rollout;
  if (activity !== undefined)
    return { is: 'changing', reason: [activity, ...(shortfall ? [shortfall.reason] : [])].join('; '), overdue };
  if (shortfall) return { is: 'changing', ...shortfall };
  return notice ? { is: 'ready', notice } : { is: 'ready' };
}

const tagsOf = ({ Tags: tags = [] }: AutoScalingGroup): Tags => tagsFromPairs(tags);

/** The tags that instances get at launch. */
const instanceTagsOf = ({ Tags: tags = [], ...group }: AutoScalingGroup): Tags =>
  tagsOf({ ...group, Tags: tags.filter(({ PropagateAtLaunch }) => PropagateAtLaunch) });

/** The target of our policy; undefined when it was made to do something else, which then differs and heals. */
const cpuTarget = ({ Enabled, TargetTrackingConfiguration: tracking }: ScalingPolicy = {}): number | undefined =>
  Enabled !== false &&
  tracking?.PredefinedMetricSpecification?.PredefinedMetricType === 'ASGAverageCPUUtilization' &&
  !tracking.DisableScaleIn
    ? tracking.TargetValue
    : undefined;

function told(group: AutoScalingGroup, policy: ScalingPolicy | undefined, rollout: Rollout, state: State): GroupFound {
  const id = group.AutoScalingGroupName ?? '';
  return {
    id,
    key: id,
    owner: ownerFromTags(tagsOf(group)),
    state,
    props: {
      ...rollout.configuration,
      minSize: group.MinSize,
      maxSize: group.MaxSize,
      desiredCapacity: group.DesiredCapacity,
      subnetIds: (group.VPCZoneIdentifier ?? '').split(',').sort(),
      targetGroupArns: targetGroupsOf(group),
      // A grace period means something only for checks by the load balancer: with others the two are wrong together.
      healthCheckGraceSeconds: group.HealthCheckType === 'ELB' ? group.HealthCheckGracePeriod : undefined,
      targetCpuPercent: cpuTarget(policy),
      warmupSeconds: group.DefaultInstanceWarmup,
      instanceTags: instanceTagsOf(group),
      suspendedProcesses: (group.SuspendedProcesses ?? []).map(({ ProcessName = '' }) => ProcessName).sort(),
      groupMetrics: (group.EnabledMetrics ?? []).map(({ Metric = '' }) => Metric).sort(),
    },
    outputs: { groupName: id },
    bornAt: group.CreatedTime?.getTime(),
    failedChanges: rollout.failed,
    revision: revisionOf(group, rollout),
  };
}
