import type { AutoScalingGroup, InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import { Fault, orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { FailedChange, Overdue, Replaced } from '../../model/resource-type.ts';
import {
  begun,
  begunFrom,
  begunTag,
  configurationOf,
  desiredConfiguration,
  fingerprint,
  rolloutTag,
  type Configuration,
} from './configuration.ts';
import { isGivenUp, whyNotAgain } from './given-up.ts';

/** What is known of a group's rollouts: what it is told to run, what AWS is doing about it, and what AWS gave up. */
export interface Rollout {
  readonly configuration: Partial<Configuration>;
  /** What AWS is at, when it is at work on a rollout. */
  readonly activity?: string;
  /** Left out while AWS is at work: it gives up by itself. */
  readonly overdue?: Overdue;
  readonly failed: readonly FailedChange[];
}

const active = ['Pending', 'InProgress', 'Baking'];

/** The instance refreshes of a group, the last one first: AWS keeps six weeks of them and documents no order. */
async function refreshesOf(aws: Aws, AutoScalingGroupName: string): Promise<InstanceRefresh[]> {
  const read = (NextToken?: string) =>
    aws.autoscaling('DescribeInstanceRefreshes', { AutoScalingGroupName, NextToken });
  const all: InstanceRefresh[] = [];
  for await (const page of pages(read, (answer) => answer.NextToken)) all.push(...(page.InstanceRefreshes ?? []));
  // One that has not begun yet has no start; one that was called off before it began has an end.
  const began = ({ StartTime, EndTime }: InstanceRefresh): number =>
    (StartTime ?? EndTime)?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return all.sort((a, b) => began(b) - began(a));
}

/** What a group runs, is being changed to, and could not be changed to. */
export async function readRollout(aws: Aws, group: AutoScalingGroup, now: number): Promise<Rollout> {
  const current = configurationOf(group);
  const asked = tagOf(group, rolloutTag);
  if (asked === fingerprint(current) && isAlike(group, current)) return { configuration: current, failed: [] };
  const [last, ...earlier] = await refreshesOf(aws, group.AutoScalingGroupName ?? '');
  const why = last && isGivenUp(last) ? await whyNotAgain(aws, [last, ...earlier], now) : undefined;
  return rolloutFrom(group, last, why);
}

const tagOf = ({ Tags = [] }: AutoScalingGroup, key: string): string | undefined =>
  Tags.find((tag) => tag.Key === key)?.Value;

/** What AWS has begun, given up and forgotten. Instances that are not alike were left so: they are made alike. */
function forgotten(group: AutoScalingGroup, current: Configuration): FailedChange[] {
  const { from, to } = begunFrom(tagOf(group, begunTag));
  const isBack = from === fingerprint(current) && isAlike(group, current);
  return isBack ? failedChanges(current, to, 'the rollout was given up: AWS has no record of why any more') : [];
}

/**
 * Whether the group says of a rollout of ours that it was begun: a process may have ended, or a reply been lost, before. Of
 * one that makes its instances alike there is nothing to say.
 */
const isNoted = (group: AutoScalingGroup, target: Configuration): boolean =>
  tagOf(group, rolloutTag) !== fingerprint(target) ||
  fingerprint(configurationOf(group)) === fingerprint(target) ||
  fingerprint(begunFrom(tagOf(group, begunTag)).to) === fingerprint(target);

/** `why`: of one that AWS gave up, why it is not begun again. */
function rolloutFrom(group: AutoScalingGroup, refresh: InstanceRefresh | undefined, why: string | undefined): Rollout {
  const current = configurationOf(group);
  if (!refresh) return { configuration: unlessMixed(group, current), failed: forgotten(group, current) };
  const target = refresh.DesiredConfiguration ? configurationOf(refresh.DesiredConfiguration) : current;
  const { Status: status = '', StatusReason: told, PercentageComplete: percent = 0 } = refresh;
  const words = told ? `: ${told}` : '';
  if (active.includes(status)) {
    const activity = `rolling out, ${percent} % of the instances are replaced${words}`;
    const configuration = isNoted(group, target) ? target : { ...target, launchTemplateVersion: undefined };
    return { configuration, activity, failed: [] };
  }
  const failed = why === undefined ? [] : failedChanges(current, target, why);
  if (status === 'RollbackInProgress') {
    const activity = `rolling back, ${percent} % of the instances are still replaced${words}`;
    return { configuration: current, activity, failed };
  }
  if (status === 'Cancelling') return { configuration: current, activity: 'a rollout is being cancelled', failed };
  return { configuration: unlessMixed(group, current), failed };
}

const failedChanges = (current: Configuration, target: Configuration, reason: string): FailedChange[] =>
  (['launchTemplateId', 'launchTemplateVersion', 'instanceTypes'] as const)
    .filter((field) => String(current[field]) !== String(target[field]))
    .map((field) => ({ field, value: target[field], reason }));

/**
 * A rollout that was cut short leaves instances of two versions. Then the group has no one version: the value is told
 * as not set, differs from whatever is wanted, and a refresh makes all instances alike.
 */
const unlessMixed = (group: AutoScalingGroup, current: Configuration): Partial<Configuration> =>
  isAlike(group, current) ? current : { ...current, launchTemplateVersion: undefined };

const isAlike = (group: AutoScalingGroup, current: Configuration): boolean =>
  (group.Instances ?? [])
    .filter(({ LifecycleState: state = '' }) => !state.startsWith('Terminat') && !state.startsWith('Detach'))
    .every(({ LaunchTemplate: from }) => isFrom(current, from?.LaunchTemplateId, from?.Version));

const isFrom = (current: Configuration, id?: string, version?: string): boolean =>
  id === undefined || (id === current.launchTemplateId && version === current.launchTemplateVersion);

/**
 * Brings a group's instances to a configuration by an instance refresh, which keeps the healthy minimum and rolls back
 * when it fails. AWS runs one refresh a group: an older one with another target is cancelled first, as it documents, and
 * the new one begins once that is done.
 */
export async function rollOut(
  aws: Aws,
  group: { readonly name: string; readonly hasPolicy: boolean },
  wanted: Configuration & { readonly minHealthyPercent?: number },
): Promise<void> {
  const [last] = await refreshesOf(aws, group.name);
  const status = last?.Status ?? '';
  const target = last?.DesiredConfiguration && configurationOf(last.DesiredConfiguration);
  if (active.includes(status) && target && fingerprint(target) === fingerprint(wanted)) {
    // The reply to our own start was lost.
    await noteBegun(aws, group.name, await groupOf(aws, group.name), target);
    return;
  }
  await tagGroup(aws, group.name, rolloutTag, fingerprint(wanted));
  const found = await groupOf(aws, group.name);
  if (found && configurationOf(found).launchTemplateVersion.startsWith('$')) {
    // Somebody has the group take whatever version is the latest, or the default one.
    // A refresh with auto rollback needs a numbered version to go back to. Instances that are not alike roll out next.
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
    const configuration = desiredConfiguration(wanted, group.hasPolicy);
    await aws.autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: group.name, ...configuration });
    return;
  }
  if (status === 'Cancelling')
    throw new Fault('busy', `an earlier rollout of ${group.name} is still being cancelled`, {
      action: 'autoscaling:StartInstanceRefresh',
    });
  if (active.includes(status) || status === 'RollbackInProgress') {
    await orAbsent(aws.autoscaling('CancelInstanceRefresh', { AutoScalingGroupName: group.name }));
    return;
  }
  const DesiredConfiguration = desiredConfiguration(wanted, group.hasPolicy);
  await aws.autoscaling('StartInstanceRefresh', {
    AutoScalingGroupName: group.name,
    Strategy: 'Rolling',
    DesiredConfiguration,
    Preferences: {
      MinHealthyPercentage: wanted.minHealthyPercent ?? 100,
      // Said explicitly it means more than its default: where the minimum leaves no room, AWS launches before it terminates.
      MaxHealthyPercentage: 100,
      AutoRollback: true,
      SkipMatching: true,
    },
  });
  await noteBegun(aws, group.name, found, configurationOf(DesiredConfiguration));
}

/**
 * How many instances a refresh to another configuration replaces, and in what way. It skips those that match: a list of
 * types that still has theirs replaces none.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh-skip-matching.html
 */
export function instancesReplaced(
  group: { readonly instanceTypes?: readonly string[]; readonly desiredCapacity?: number },
  wanted: { readonly instanceTypes: readonly string[]; readonly minHealthyPercent?: number },
  isSameTemplate: boolean,
): Replaced {
  const { desiredCapacity: all = 0, instanceTypes: types = [] } = group;
  const { minHealthyPercent = 100 } = wanted;
  const inService = Math.ceil((all * minHealthyPercent) / 100);
  const keepsTypes = types.every((type) => wanted.instanceTypes.includes(type));
  const [least, most] = isSameTemplate ? [0, keepsTypes ? 0 : all] : [all, all];
  const isLaunchedFirst = inService === all;
  return { least, most, atOnce: isLaunchedFirst ? 1 : all - inService, isLaunchedFirst, minHealthyPercent, inService };
}

async function groupOf(aws: Aws, name: string): Promise<AutoScalingGroup | undefined> {
  const answer = await aws.autoscaling('DescribeAutoScalingGroups', { AutoScalingGroupNames: [name] });
  return answer.AutoScalingGroups?.[0];
}

async function noteBegun(
  aws: Aws,
  name: string,
  found: AutoScalingGroup | undefined,
  target: Configuration,
): Promise<void> {
  const from = found && configurationOf(found);
  if (!from || fingerprint(from) === fingerprint(target)) return;
  const value = begun(from, target);
  if (tagOf(found, begunTag) !== value) await tagGroup(aws, name, begunTag, value);
}

const tagGroup = (aws: Aws, ResourceId: string, Key: string, Value: string): Promise<unknown> =>
  aws.autoscaling('CreateOrUpdateTags', {
    Tags: [{ ResourceId, ResourceType: 'auto-scaling-group', Key, Value, PropagateAtLaunch: false }],
  });
