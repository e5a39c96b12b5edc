import type { Operations, Request } from '../core/request.ts';
import type { Kind } from '../core/world.ts';
import { groupOf, groups, paged, type Paged } from './kinds.ts';

/** One launch or termination, as DescribeScalingActivities tells it. */
export interface Activity {
  readonly id: string;
  readonly group: string;
  readonly description: string;
  readonly cause: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly status:
    'PreInService' | 'InProgress' | 'WaitingForELBConnectionDraining' | 'Successful' | 'Failed' | 'Cancelled';
  readonly message: string | undefined;
  readonly details: string;
}

export const activities: Kind<Activity> = { type: 'autoscaling/activity', tags: () => ({}), exists: () => false };

export type NewActivity = Pick<Activity, 'group' | 'description' | 'cause' | 'status' | 'details'> & {
  readonly message?: string;
};

export function begin(request: Request, activity: NewActivity): Activity {
  const { random } = request.world;
  const id = [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-');
  const endedAt = activity.status === 'Failed' ? request.now : undefined;
  return request.in(activities).put(id, { message: undefined, ...activity, id, startedAt: request.now, endedAt });
}

export function end(request: Request, id: string, status: 'Successful' | 'Cancelled'): void {
  const found = request.in(activities).get(id);
  if (!found || found.endedAt !== undefined) return;
  const description = found.description.replace(' - Waiting For ELB Connection Draining.', '');
  request.in(activities).change(id, { status, description, endedAt: request.now });
}

/** `2026-01-01T00:00:00Z`, as causes have it. */
export const moment = ({ now }: Request): string => `${new Date(now).toISOString().slice(0, 19)}Z`;

/** AWS's model has room for 255 characters of a status message. */
export const activityTold = (request: Request, activity: Activity) => ({
  ActivityId: activity.id,
  AutoScalingGroupName: activity.group,
  AutoScalingGroupARN: request.in(groups).get(activity.group)?.arn,
  Description: activity.description,
  Cause: activity.cause,
  StartTime: new Date(activity.startedAt),
  ...(activity.endedAt === undefined ? {} : { EndTime: new Date(activity.endedAt) }),
  StatusCode: activity.status,
  ...(activity.message === undefined ? {} : { StatusMessage: activity.message.slice(0, 255) }),
  Progress: activity.endedAt === undefined ? 50 : 100,
  Details: activity.details,
});

/** "Activities are sorted by start time. Activities still in progress are described first." Six weeks are kept. */
function describe(
  input: Paged & { AutoScalingGroupName?: string; ActivityIds?: string[]; IncludeDeletedGroups?: boolean },
  request: Request,
) {
  const { AutoScalingGroupName: name, ActivityIds: ids } = input;
  if (name !== undefined && !input.IncludeDeletedGroups) groupOf(request, name);
  const since = request.now - 42 * 24 * 3_600_000;
  const known = request
    .listed(activities)
    .filter(
      ({ group, id, startedAt }) => (name ?? group) === group && (ids?.includes(id) ?? true) && startedAt >= since,
    )
    .filter(({ group }) => input.IncludeDeletedGroups === true || request.in(groups).get(group) !== undefined)
    .sort((a, b) => Number(a.endedAt !== undefined) - Number(b.endedAt !== undefined) || b.startedAt - a.startedAt);
  const { items, next } = paged(request, known, input, 100);
  return { Activities: items.map((activity) => activityTold(request, activity)), NextToken: next };
}

export const activityOperations: Operations = { DescribeScalingActivities: describe };
