import type { Activity, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { asFault, orAbsent } from '../../model/faults.ts';
import { digest } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Notice, Overdue } from '../../model/resource-type.ts';
import { healthInWords, healthOf, type TargetHealth } from '../elbv2/target-health.ts';

/** What a group lacks of the least that it is to have. */
export interface Shortfall {
  readonly reason: string;
  /** Left out while nobody could do anything about it: nothing asks its instances yet. */
  readonly overdue?: Overdue;
}

/** That many instances are booting. */
const booting = ({ Instances = [] }: AutoScalingGroup): number =>
  Instances.filter(({ LifecycleState = '' }) => LifecycleState.startsWith('Pending')).length;

const idsInService = ({ Instances = [] }: AutoScalingGroup): string[] =>
  Instances.filter(({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus !== 'Unhealthy')
    .map(({ InstanceId = '' }) => InstanceId)
    .sort();

export function targetGroupsOf({ TrafficSources = [], TargetGroupARNs = [] }: AutoScalingGroup): string[] {
  const sources = TrafficSources.filter(({ Type }) => Type === 'elbv2').map(({ Identifier }) => Identifier ?? '');
  return [...new Set([...sources, ...TargetGroupARNs])].sort();
}

/** Whether fewer instances are in service than the group is to have at the least. */
export const isShort = (group: AutoScalingGroup): boolean => idsInService(group).length < (group.MinSize ?? 0);

/** Whether nothing was launched for some of the instances that its autoscaler wants. */
const isLacking = ({ Instances = [], DesiredCapacity = 0 }: AutoScalingGroup): boolean =>
  Instances.filter(({ LifecycleState = '' }) => !LifecycleState.startsWith('Terminating')).length < DesiredCapacity;

/**
 * Another one whenever other instances are in service, more of them have to be healthy, or some cannot be launched. Those
 * that were healthy once are not asked about again: Auto Scaling takes an instance out of service once its checks fail.
 */
export const healthRevision = (group: AutoScalingGroup): string =>
  digest([group.MinSize, isLacking(group), ...targetGroupsOf(group), ...idsInService(group)].join('\n'), 16);

/** Whether a group's instances serve, as far as anything is to be said of it. */
export interface Service {
  readonly shortfall?: Shortfall;
  /** Of a group that has its least. */
  readonly notice?: Notice;
}

export const serviceOf = (aws: Aws, group: AutoScalingGroup, now: number): Promise<Service> =>
  askedService(aws, group, now).catch((error: unknown) => ({
    shortfall: untold(group, 'whether its instances serve', error),
  }));

/**
 * That AWS does not tell something of one group, where that may pass: the list of all groups must not end with it, and
 * this one waits. Every other error passes.
 */
export function untold(group: AutoScalingGroup, what: string, error: unknown): Shortfall {
  const fault = asFault(error);
  if (!['transient', 'throttled', 'denied'].includes(fault.kind)) throw fault;
  const reason = `AWS does not tell ${what}: ${fault.message}`;
  return { reason, overdue: overdue(group, fault.facts.remedy ?? 'wait until AWS tells it again') };
}

async function askedService(aws: Aws, group: AutoScalingGroup, now: number): Promise<Service> {
  const shortfall = await shortfallOf(aws, group, now);
  return shortfall ? { shortfall } : { notice: await lackOf(aws, group) };
}

/**
 * Whether as many instances as the group's least are in service, and healthy: an instance is in service as soon as it runs,
 * whatever it answers, and until its grace period is over. Where a way in is coming or going there are two target groups;
 * people are led to one of them, and the other need not be asked by anything.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
 */
async function shortfallOf(aws: Aws, group: AutoScalingGroup, now: number): Promise<Shortfall | undefined> {
  const [ids, least] = [idsInService(group), group.MinSize ?? 0];
  if (isShort(group)) {
    const { cause, remedy } = isOnItsWay(group, now) ? { remedy: unlaunched } : await troubleOf(aws, group);
    const reason = `${ids.length} of ${least} instances in service${cause === undefined ? '' : `; ${cause}`}`;
    return { reason, overdue: overdue(group, remedy) };
  }
  if (least === 0) return undefined;
  const shortfalls: Shortfall[] = [];
  for (const arn of targetGroupsOf(group)) {
    const targets = (await healthOf(aws, arn)).filter(({ instanceId }) => ids.includes(instanceId));
    if (targets.filter(isHealthy).length >= least) return undefined;
    const isChecked = targets.some(({ state }) => state !== 'unused');
    shortfalls.push({
      reason: healthInWords(targets, least),
      ...(isChecked ? { overdue: overdue(group, silent) } : {}),
    });
  }
  return shortfalls.find((one) => one.overdue) ?? shortfalls[0];
}

const isHealthy = ({ state }: TargetHealth): boolean => state === 'healthy';

const silent =
  "see in the application's log why it does not answer the health checks: what does not is replaced again and again, once its grace period is over";

/** An instance boots, is given its grace period and replaced, and so is the one after it. */
const overdue = ({ HealthCheckGracePeriod = 0 }: AutoScalingGroup, remedy: string): Overdue => ({
  after: 2 * HealthCheckGracePeriod * 1000 + 10 * 60_000,
  remedy,
});

/** That a group with its least in service gets no more of the instances that its load asks for, and why. */
async function lackOf(aws: Aws, group: AutoScalingGroup): Promise<Notice | undefined> {
  if (!isLacking(group)) return undefined;
  const { cause } = await troubleOf(aws, group);
  const message = `${idsInService(group).length} of ${group.DesiredCapacity} instances that its load asks for`;
  return { reason: 'FewerThanDesired', message: cause === undefined ? message : `${message}; ${cause}` };
}

/** What it lacks of all the instances that it wants, and not only of the least. */
export async function whyShort(aws: Aws, { id }: { readonly id: string }): Promise<string | undefined> {
  const answer = await aws.autoscaling('DescribeAutoScalingGroups', { AutoScalingGroupNames: [id] });
  const [group] = answer.AutoScalingGroups ?? [];
  if (!group) return `there is no group ${id}`;
  const [serving, wanted] = [idsInService(group).length, group.DesiredCapacity ?? 0];
  return serving < wanted ? `${serving} of ${wanted} instances in service` : undefined;
}

/**
 * Whether all that a group lacks was launched and is booting, and it is so young that none of its instances can have been
 * found ill: then there is nothing to ask why.
 */
function isOnItsWay(group: AutoScalingGroup, now: number): boolean {
  const { CreatedTime, HealthCheckGracePeriod = 0, MinSize = 0 } = group;
  const isYoung = now - (CreatedTime?.getTime() ?? 0) < HealthCheckGracePeriod * 1000;
  return isYoung && idsInService(group).length + booting(group) >= MinSize;
}

interface Trouble {
  readonly cause?: string;
  readonly remedy: string;
}

/**
 * Why a group lacks instances: the last launch failed (a bad image, a quota, no capacity), or what was launched did not
 * pass its checks. The first page is enough: DescribeScalingActivities documents what is in progress first, then the rest
 * from the newest on. The words: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-healthchecks.html
 */
async function troubleOf(aws: Aws, { AutoScalingGroupName }: AutoScalingGroup): Promise<Trouble> {
  const answer = await orAbsent(aws.autoscaling('DescribeScalingActivities', { AutoScalingGroupName, MaxRecords: 20 }));
  const lastOf = (kind: string, isMeant: (activity: Activity) => boolean): Activity | undefined =>
    answer?.Activities?.find((one) => one.Description?.startsWith(kind) && isMeant(one));
  const launch = lastOf('Launching', ({ StatusCode = '' }) =>
    ['Successful', 'Failed', 'Cancelled'].includes(StatusCode),
  );
  if (launch && launch.StatusCode !== 'Successful')
    return { cause: `the last launch failed: ${launch.StatusMessage}`, remedy: unlaunched };
  const isIll = lastOf('Terminating', () => true)?.Cause?.includes('ELB system health check failure');
  return isIll ? { cause: 'the last one did not pass its health checks', remedy: silent } : { remedy: unlaunched };
}

const unlaunched = 'look at the activity of the auto scaling group for why it has no more of them';
