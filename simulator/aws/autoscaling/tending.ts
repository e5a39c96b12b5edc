import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { instances, isAlive, watchInstances } from '../ec2/instances.ts';
import { watchHealth } from '../elbv2/health.ts';
import { targets } from '../elbv2/targets.ts';
import { matches } from './configuration.ts';
import {
  activeMembers,
  groups,
  members,
  membersOf,
  policies,
  type Configuration,
  type Group,
  type Member,
} from './kinds.ts';
import { because, depart, dismiss, enterService, launchMember } from './members-of-groups.ts';
import { activeRefresh, targetOf } from './refresh-state.ts';
import { advanceRefresh } from './refreshing.ts';

/** Looks at a group a little later. */
export function tendSoon(request: Request, name: string, delay: number = durations.autoscalingReacts): void {
  request.world.schedule(delay, () => tend(request, name));
}

/** One look at a group: what is lost or unhealthy goes, what is missing comes, what is too much goes. */
export function tend(request: Request, name: string): void {
  const group = request.in(groups).get(name);
  if (!group) return;
  for (const member of membersOf(request, name)) follow(request, group, member);
  if (group.deleting) return finishDeletion(request, group);
  if (!group.suspended.includes('ReplaceUnhealthy'))
    for (const member of activeMembers(request, name)) if (!member.healthy) replace(request, member);
  const before = activeRefresh(request, name)?.status;
  advanceRefresh(request, name);
  // Where nothing was replaced yet, nothing else would have it looked at again.
  const turned = before !== 'RollbackInProgress' && activeRefresh(request, name)?.status === 'RollbackInProgress';
  if (turned) tendSoon(request, name);
  balance(request, name);
}

/** Takes over what has become of an instance. */
function follow(request: Request, group: Group, member: Member): void {
  const instance = request.in(instances).get(member.id);
  if (!instance || instance.state === 'terminated') {
    depart(request, member.id);
    return;
  }
  if (member.lifecycle === 'Terminating') return;
  if (!isAlive(instance)) request.in(members).change(member.id, { healthy: false });
  else if (member.lifecycle === 'Pending' && instance.state === 'running' && !group.deleting) {
    enterService(request, member);
    const { name, graceSeconds, warmupSeconds = graceSeconds } = group;
    tendSoon(request, name, graceSeconds * 1000);
    tendSoon(request, name, warmupSeconds * 1000);
  } else if (isUnhealthyForElb(request, group, member))
    request.in(members).change(member.id, { healthy: false, failedChecks: true });
}

/** What the load balancer finds unhealthy counts once the grace period is over. */
function isUnhealthyForElb(request: Request, group: Group, member: Member): boolean {
  if (!group.healthCheckType.split(',').includes('ELB') || member.inServiceAt === undefined) return false;
  if (request.now < member.inServiceAt + group.graceSeconds * 1000) return false;
  return request
    .in(targets)
    .all()
    .some((target) => target.instanceId === member.id && target.state === 'unhealthy');
}

function replace(request: Request, member: Member): void {
  const instance = request.in(instances).get(member.id);
  const lost = !instance || !isAlive(instance);
  dismiss(
    request,
    member,
    because(
      request,
      lost
        ? 'an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.'
        : 'an instance was taken out of service in response to an ELB system health check failure.',
    ),
  );
}

/** Launches what is missing and takes out what is too much. */
function balance(request: Request, name: string): void {
  const group = request.in(groups).get(name) as Group;
  const [active, wanted] = [activeMembers(request, name), group.desired + group.surge];
  if (active.length > wanted && !group.suspended.includes('Terminate')) {
    shrink(request, group, active, wanted);
    return;
  }
  if (active.length >= wanted || group.suspended.includes('Launch')) return;
  if (request.now < group.retryAt) return;
  const why = because(
    request,
    `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${active.length} to ${wanted}.`,
  );
  const configuration = configurationNow(request, group);
  for (let missing = wanted - active.length; missing > 0; missing--)
    if (!launchMember(request, name, configuration, why)) {
      const { retryAt } = request.in(groups).get(name) as Group;
      tendSoon(request, name, retryAt - request.now);
      return;
    }
}

/** While a rollout runs, whatever is launched is already what it rolls out. */
const configurationNow = (request: Request, group: Group): Configuration => {
  const refresh = activeRefresh(request, group.name);
  return refresh ? targetOf(refresh) : group.configuration;
};

/** The default policy: out of the fullest zone, the oldest template first. */
function shrink(request: Request, group: Group, active: readonly Member[], wanted: number): void {
  const why = because(
    request,
    `an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${active.length} to ${wanted}.`,
  );
  const configuration = configurationNow(request, group);
  let left = [...active];
  while (left.length > wanted) {
    const inZone = (zone: string): number => left.filter((one) => one.zone === zone).length;
    const [goes] = left
      .filter((one) => !one.protectedFromScaleIn)
      .sort(
        (a, b) =>
          Number(matches(request, configuration, a)) - Number(matches(request, configuration, b)) ||
          inZone(b.zone) - inZone(a.zone) ||
          a.launchedAt - b.launchedAt,
      );
    if (!goes) return;
    dismiss(request, goes, why);
    left = left.filter((one) => one !== goes);
  }
}

/** A group goes when its last instance is gone. */
function finishDeletion(request: Request, group: Group): void {
  const left = membersOf(request, group.name);
  if (left.length > 0) return;
  for (const policy of request.in(policies).all())
    if (policy.group === group.name) request.in(policies).remove(policy.id);
  request.in(groups).remove(group.name);
}

watchInstances((request, instance) => {
  const member = request.in(members).get(instance.id);
  if (!member) return;
  const lost = instance.state === 'shutting-down' || instance.state === 'stopping';
  tendSoon(request, member.group, lost ? durations.autoscalingNoticesLoss : durations.autoscalingReacts);
});

watchHealth((request, { instanceId }) => {
  const member = request.in(members).get(instanceId);
  if (member) tendSoon(request, member.group);
});
