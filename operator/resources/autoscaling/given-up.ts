import type { Activity, InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import { configurationOf, fingerprint } from './configuration.ts';

const statuses = ['Failed', 'RollbackInProgress', 'RollbackSuccessful', 'RollbackFailed'];

export const isGivenUp = ({ Status }: InstanceRefresh): boolean => statuses.includes(Status ?? '');

/** The first and the longest pause before a rollout that found no machines is begun again, in milliseconds. */
const [firstPause, longestPause] = [15 * 60_000, 6 * 3_600_000];

/**
 * Why a rollout that AWS gave up is not begun again now; undefined when it may be. Only one that found no machines, or too
 * few vCPUs, is: what it lacked comes from outside the store. All of it follows from what AWS tells, so that any process
 * says the same. `refreshes`: all of the group, the last one first.
 */
export async function whyNotAgain(
  aws: Aws,
  refreshes: readonly [InstanceRefresh, ...InstanceRefresh[]],
  now: number,
): Promise<string | undefined> {
  const [last] = refreshes;
  const { Status, StatusReason, EndTime } = last;
  const givenUp = `the rollout was given up: ${StatusReason ?? Status}`;
  const lack = await lackOfMachines(aws, last);
  if (lack === undefined) return givenUp;
  const why = `${givenUp}; the last launch failed: ${lack}`;
  if (Status === 'RollbackInProgress' || !EndTime) return `${why}; it is tried again a while after AWS has set it back`;
  const at = EndTime.getTime() + pauseAfter(timesInVain(refreshes));
  return now < at ? `${why}; it is tried again at about ${moment(at)}` : undefined;
}

const pauseAfter = (times: number): number => Math.min(longestPause, firstPause * 2 ** (times - 1));

/** How often in a row AWS has given up the same configuration. */
function timesInVain(refreshes: readonly [InstanceRefresh, ...InstanceRefresh[]]): number {
  const target = targetOf(refreshes[0]);
  const other = refreshes.findIndex((one) => !isGivenUp(one) || targetOf(one) !== target);
  return other < 0 ? refreshes.length : other;
}

const targetOf = ({ DesiredConfiguration = {} }: InstanceRefresh): string =>
  fingerprint(configurationOf(DesiredConfiguration));

/** `2026-12-01 06:15 UTC` */
const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * In AWS's words, of launches of several types or of one. What the account may run is a matter of Service Quotas.
 * https://github.com/kubernetes/kops/pull/15778
 */
const lacking = /InsufficientInstanceCapacity|VcpuLimitExceeded|not have sufficient .*capacity|more vCPU capacity than/;

/**
 * What AWS said of a rollout's last launch, where that found no machine. One whose new instances were found ill would fail
 * with machines as well. The status reason is meant for people: the activities tell which it was.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
 */
async function lackOfMachines(aws: Aws, refresh: InstanceRefresh): Promise<string | undefined> {
  const { RollbackDetails, EndTime } = refresh;
  const activities = await activitiesSince(aws, refresh);
  const until = (RollbackDetails?.RollbackStartTime ?? EndTime)?.getTime() ?? Infinity;
  const launches = activities.filter((one) => isLaunch(one) && beginOf(one) <= until);
  const launched = new Set(launches.map(instanceOf).filter((id) => id !== undefined));
  if (activities.some((one) => isEndOfIll(one) && launched.has(instanceOf(one) ?? ''))) return undefined;
  const last = launches.find(({ StatusCode = '' }) => ['Successful', 'Failed', 'Cancelled'].includes(StatusCode));
  const { StatusCode, StatusMessage = '' } = last ?? {};
  return StatusCode === 'Failed' && lacking.test(StatusMessage) ? StatusMessage : undefined;
}

/** What has happened in a group since a rollout began, the last first. */
async function activitiesSince(aws: Aws, refresh: InstanceRefresh): Promise<Activity[]> {
  const { AutoScalingGroupName, StartTime } = refresh;
  // One that never began has launched nothing.
  if (!StartTime) return [];
  const since = StartTime.getTime();
  const read = (NextToken?: string) =>
    aws.autoscaling('DescribeScalingActivities', { AutoScalingGroupName, NextToken });
  const all: Activity[] = [];
  for await (const { Activities = [] } of pages(read, (answer) => answer.NextToken)) {
    all.push(...Activities.filter((one) => beginOf(one) >= since));
    // What is in progress comes first, then the rest from the newest on.
    if (Activities.some((one) => one.EndTime && beginOf(one) < since)) break;
  }
  return all.sort((a, b) => beginOf(b) - beginOf(a));
}

const beginOf = ({ StartTime }: Activity): number => StartTime?.getTime() ?? 0;

const isLaunch = ({ Description = '' }: Activity): boolean => Description.startsWith('Launching');

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-healthchecks.html */
const isEndOfIll = ({ Description = '', Cause = '' }: Activity): boolean =>
  Description.startsWith('Terminating') && /check/.test(Cause);

const instanceOf = ({ Description = '' }: Activity): string | undefined => /\bi-[0-9a-f]+/.exec(Description)?.[0];
