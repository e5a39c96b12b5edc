import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { checkedConfiguration, matches, usesNumber } from './configuration.ts';
import { activeMembers, groupOf, groups, invalid, paged, type Configuration, type Group, type Paged } from './kinds.ts';
import { activeRefresh, percentOf, refreshes, refreshesOf, type Preferences, type Refresh } from './refresh-state.ts';
import { rollBack, watchProgress } from './refreshing.ts';
import { tend } from './tending.ts';

interface Start {
  readonly AutoScalingGroupName: string;
  readonly Strategy?: string;
  readonly DesiredConfiguration?: Configuration;
  readonly Preferences?: Preferences;
}

function start(input: Start, request: Request) {
  const group = groupOf(request, input.AutoScalingGroupName);
  if ((input.Strategy ?? 'Rolling') !== 'Rolling')
    throw new AwsError('UnsupportedOperation', `Strategy ${input.Strategy} is not simulated`, 501);
  if (activeRefresh(request, group.name))
    throw new AwsError(
      'InstanceRefreshInProgress',
      'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.',
    );
  const { Preferences: preferences = {} } = input;
  checkPreferences(group, preferences, input.DesiredConfiguration);
  const desired = input.DesiredConfiguration && checkedConfiguration(request, input.DesiredConfiguration);
  const active = activeMembers(request, group.name);
  const target = desired ?? group.configuration;
  const stale = active.filter((member) => preferences.SkipMatching !== true || !matches(request, target, member));
  const id = [8, 4, 4, 4, 12].map((length) => request.world.random.hex(length)).join('-');
  request.in(refreshes).put(id, {
    id,
    group: group.name,
    status: 'Pending',
    reason: undefined,
    startedAt: request.now,
    hasBegun: false,
    endedAt: undefined,
    preferences,
    desired,
    previous: group.configuration,
    total: stale.length,
    left: stale.length,
    oldIds: active.map((member) => member.id),
    badIds: [],
    progressedAt: request.now,
    rollback: undefined,
  });
  request.in(groups).change(group.name, { failures: 0, retryAt: 0 });
  request.world.schedule(durations.instanceRefreshPending, () => {
    if (request.in(refreshes).get(id)?.status !== 'Pending') return;
    request.in(refreshes).change(id, { status: 'InProgress', hasBegun: true });
    tend(request, group.name);
  });
  watchProgress(request, id, () => tend(request, group.name));
  return { InstanceRefreshId: id };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
function checkPreferences(group: Group, preferences: Preferences, desired: Configuration | undefined): void {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max, AutoRollback } = preferences;
  if (max !== undefined && min === undefined)
    throw invalid('MinHealthyPercentage must be specified when MaxHealthyPercentage is specified');
  if (max !== undefined && min !== undefined && max - min > 100)
    throw invalid('The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100');
  if (preferences.CheckpointPercentages?.length || preferences.AlarmSpecification)
    throw new AwsError('UnsupportedOperation', 'Checkpoints and alarms of instance refreshes are not simulated', 501);
  if (AutoRollback !== true) return;
  if (!desired) throw invalid('AutoRollback requires a desired configuration');
  if (!usesNumber(group.configuration))
    throw invalid('AutoRollback is not supported for a group whose launch template version is $Latest or $Default');
}

const noActive = (): AwsError =>
  new AwsError('ActiveInstanceRefreshNotFound', 'No in progress or pending Instance Refresh found.');

function cancel({ AutoScalingGroupName: name }: { AutoScalingGroupName: string }, request: Request) {
  groupOf(request, name);
  const refresh = activeRefresh(request, name);
  if (!refresh || refresh.status === 'Cancelling') throw noActive();
  request.in(refreshes).change(refresh.id, { status: 'Cancelling', reason: 'Cancelled due to user request.' });
  request.in(groups).change(name, { surge: 0 });
  request.world.schedule(durations.instanceRefreshCancelling, () => {
    if (request.in(refreshes).get(refresh.id)?.status === 'Cancelling')
      request.in(refreshes).change(refresh.id, { status: 'Cancelled', endedAt: request.now });
  });
  return { InstanceRefreshId: refresh.id };
}

function rollback({ AutoScalingGroupName: name }: { AutoScalingGroupName: string }, request: Request) {
  groupOf(request, name);
  const refresh = activeRefresh(request, name);
  if (!refresh || !['Pending', 'InProgress', 'Baking'].includes(refresh.status)) throw noActive();
  if (!refresh.desired || !usesNumber(refresh.previous))
    throw new AwsError('IrreversibleInstanceRefresh', 'The instance refresh cannot be rolled back.');
  rollBack(request, refresh, 'Rollback initiated by user request.');
  tend(request, name);
  return { InstanceRefreshId: refresh.id };
}

const told = (refresh: Refresh) => ({
  InstanceRefreshId: refresh.id,
  AutoScalingGroupName: refresh.group,
  Status: refresh.status,
  ...(refresh.reason === undefined ? {} : { StatusReason: refresh.reason }),
  ...(refresh.hasBegun ? { StartTime: new Date(refresh.startedAt) } : {}),
  ...(refresh.endedAt === undefined ? {} : { EndTime: new Date(refresh.endedAt) }),
  PercentageComplete: percentOf(refresh),
  InstancesToUpdate: refresh.left,
  Strategy: 'Rolling',
  Preferences: { MinHealthyPercentage: 90, SkipMatching: false, AutoRollback: false, ...refresh.preferences },
  ...(refresh.desired ? { DesiredConfiguration: refresh.desired } : {}),
  ...(refresh.rollback
    ? {
        RollbackDetails: {
          RollbackReason: refresh.rollback.reason,
          RollbackStartTime: new Date(refresh.rollback.startedAt),
          PercentageCompleteOnRollback: refresh.rollback.percent,
          InstancesToUpdateOnRollback: refresh.rollback.left,
        },
      }
    : {}),
});

/** Those of the last six weeks. */
function describe(input: Paged & { AutoScalingGroupName: string; InstanceRefreshIds?: string[] }, request: Request) {
  const { name } = groupOf(request, input.AutoScalingGroupName);
  const since = request.now - 42 * 24 * 3_600_000;
  const known = refreshesOf(request, name)
    .filter(({ id, startedAt }) => startedAt >= since && (input.InstanceRefreshIds?.includes(id) ?? true))
    .sort((a, b) => b.startedAt - a.startedAt);
  const { items, next } = paged(request, known, input);
  return { InstanceRefreshes: items.map(told), NextToken: next };
}

export const refreshOperations: Operations = {
  StartInstanceRefresh: start,
  CancelInstanceRefresh: cancel,
  RollbackInstanceRefresh: rollback,
  DescribeInstanceRefreshes: describe,
};
