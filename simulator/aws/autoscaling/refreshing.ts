import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { isFit } from '../elbv2/health.ts';
import { targets } from '../elbv2/targets.ts';
import { matches } from './configuration.ts';
import { activeMembers, groups, members, type Group, type Member } from './kinds.ts';
import { because, dismiss } from './members-of-groups.ts';
import {
  activeRefresh,
  isActive,
  percentOf,
  refreshes,
  targetOf,
  type Refresh,
  type RefreshStatus,
} from './refresh-state.ts';

/** New instances that may be found unhealthy, and launches that may fail, before a refresh gives up. */
const patience = { unhealthy: 2, failures: 3 };

/** Takes the group's refresh, if one runs, as far as it can go now. */
export function advanceRefresh(request: Request, name: string): void {
  const refresh = activeRefresh(request, name);
  if (!refresh || !['InProgress', 'RollbackInProgress'].includes(refresh.status)) return;
  const group = request.in(groups).get(name) as Group;
  const active = activeMembers(request, name);
  const noted = note(request, refresh, active);
  const outdated = active.filter((member) => isOutdated(request, noted, member));
  const renewed = active.filter((member) => !outdated.includes(member));
  const unready = renewed.filter((member) => !isReady(request, group, noted, member));
  const why = whyHopeless(request, group, noted);
  if (why !== undefined) return giveUp(request, noted, why);
  if (outdated.length === 0 && unready.length === 0 && active.length >= group.desired) return succeed(request, noted);
  replaceSome(request, group, noted, { outdated, active, unready });
}

/** Counts what is left, and the new instances that turned out bad. */
function note(request: Request, refresh: Refresh, active: readonly Member[]): Refresh {
  const left = active.filter((member) => isOutdated(request, refresh, member)).length;
  const bad = request
    .in(members)
    .all()
    .filter((member) => member.group === refresh.group && member.failedChecks && !isOutdated(request, refresh, member))
    .map(({ id }) => id);
  const badIds = [...new Set([...refresh.badIds, ...bad])];
  const progressedAt = left < refresh.left ? request.now : refresh.progressedAt;
  const reason = left === 0 ? undefined : `Waiting for remaining instances to be available.`;
  return request.in(refreshes).change(refresh.id, { left, badIds, progressedAt, reason });
}

const isOutdated = (request: Request, refresh: Refresh, member: Member): boolean =>
  !matches(request, targetOf(refresh), member) ||
  (!refresh.rollback && refresh.preferences.SkipMatching !== true && refresh.oldIds.includes(member.id));

/** In service, warmed up, and answering the load balancer where there is one. */
function isReady(request: Request, group: Group, { preferences }: Refresh, member: Member): boolean {
  const warmup = preferences.InstanceWarmup ?? group.warmupSeconds ?? group.graceSeconds;
  if (member.inServiceAt === undefined || request.now < member.inServiceAt + warmup * 1000) return false;
  return isHealthy(request, group, member);
}

function isHealthy(request: Request, group: Group, member: Member): boolean {
  if (member.lifecycle !== 'InService' || !member.healthy) return false;
  const registered = request
    .in(targets)
    .all()
    .filter(({ instanceId }) => instanceId === member.id);
  return !group.healthCheckType.includes('ELB') || registered.every((target) => isFit(request, target));
}

function whyHopeless(request: Request, group: Group, refresh: Refresh): string | undefined {
  if (refresh.badIds.length >= patience.unhealthy)
    return `Instance refresh has failed. New instances failed their health checks: ${refresh.badIds.join(', ')}.`;
  if (group.failures >= patience.failures) return 'Instance refresh has failed. Instances could not be launched.';
  if (request.now - refresh.progressedAt >= durations.instanceRefreshPatience)
    return 'Instance refresh has failed. No progress was made for one hour.';
  return undefined;
}

interface Sight {
  readonly outdated: readonly Member[];
  readonly active: readonly Member[];
  readonly unready: readonly Member[];
}

/** Replaces as many as the minimum allows; where it allows none, launches one first if the maximum was given. */
function replaceSome(request: Request, group: Group, refresh: Refresh, { outdated, active, unready }: Sight): void {
  const { MinHealthyPercentage = 90, MaxHealthyPercentage } = refresh.preferences;
  const minimum = Math.ceil((group.desired * MinHealthyPercentage) / 100);
  const healthy = active.filter((member) => isHealthy(request, group, member) && !unready.includes(member));
  const ailing = outdated.filter((member) => !healthy.includes(member) && member.lifecycle === 'InService');
  const why = because(request, 'an instance was taken out of service in response to an instance refresh.');
  for (const member of ailing) dismiss(request, member, why);
  const candidates = outdated.filter((member) => healthy.includes(member) && !member.protectedFromScaleIn);
  const spare = healthy.length - minimum;
  const batch = candidates.slice(0, Math.max(0, spare));
  for (const member of batch) dismiss(request, member, why);
  const stuck = batch.length === 0 && candidates.length > 0 && unready.length === 0;
  if (stuck && active.length >= group.desired + group.surge) {
    const [first] = candidates;
    if (MaxHealthyPercentage === undefined) dismiss(request, first as Member, why);
    else request.in(groups).change(group.name, { surge: 1 });
  }
  if (batch.length > 0 && group.surge > 0) request.in(groups).change(group.name, { surge: 0 });
}

/** The group takes over the configuration; what was launched beside it for the while goes. */
function succeed(request: Request, refresh: Refresh): void {
  const configuration = targetOf(refresh);
  request.in(groups).change(refresh.group, { configuration, surge: 0 });
  const bake = (refresh.preferences.BakeTime ?? 0) * 1000;
  if (refresh.rollback) return finish(request, refresh, 'RollbackSuccessful', refresh.rollback.reason);
  if (bake === 0) return finish(request, refresh, 'Successful');
  request.in(refreshes).change(refresh.id, { status: 'Baking' });
  request.world.schedule(bake, () => {
    if (request.in(refreshes).get(refresh.id)?.status === 'Baking') finish(request, refresh, 'Successful');
  });
}

function finish(request: Request, { id }: Refresh, status: RefreshStatus, reason?: string): void {
  request.in(refreshes).change(id, { status, reason, endedAt: request.now });
}

function giveUp(request: Request, refresh: Refresh, why: string): void {
  if (refresh.rollback) {
    request.in(groups).change(refresh.group, { surge: 0 });
    return finish(request, refresh, 'RollbackFailed', why);
  }
  if (refresh.preferences.AutoRollback === true) return rollBack(request, refresh, why);
  request.in(groups).change(refresh.group, { surge: 0 });
  finish(request, refresh, 'Failed', why);
}

/** Turns round: what was replaced is replaced back. */
export function rollBack(request: Request, refresh: Refresh, reason: string): void {
  const rollback = { reason, startedAt: request.now, percent: percentOf(refresh), left: refresh.left };
  const active = activeMembers(request, refresh.group);
  const turned: Refresh = {
    ...refresh,
    status: 'RollbackInProgress',
    reason,
    rollback,
    progressedAt: request.now,
    badIds: [],
  };
  const left = active.filter((member) => isOutdated(request, turned, member)).length;
  request.in(refreshes).put(refresh.id, { ...turned, left, total: left });
  request.in(groups).change(refresh.group, { failures: 0, retryAt: request.now, surge: 0 });
}

/** Looks again when the hour without progress is over. */
export function watchProgress(request: Request, id: string, look: () => void): void {
  request.world.schedule(durations.instanceRefreshPatience, () => {
    const refresh = request.in(refreshes).get(id);
    if (!refresh || !isActive(refresh)) return;
    look();
    watchProgress(request, id, look);
  });
}
