import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { instances, type Instance } from '../ec2/instances.ts';
import { securityGroups, watchRules } from '../ec2/security-groups.ts';
import { targetGroups, type LoadBalancer, type TargetGroup } from './kinds.ts';
import { targets, type Target } from './targets.ts';
import { loadBalancersOf } from './usage.ts';

/** Why a target does not answer, in Elastic Load Balancing's words. */
export interface Verdict {
  readonly reason: string;
  readonly description: string;
}

/** What a check finds: nothing when the target answers well. */
export interface Finding {
  /** Not checked at all. */
  readonly unused?: Verdict;
  readonly bad?: Verdict;
}

/** Told after every change of a target's health. */
export type HealthWatcher = (request: Request, target: Target) => void;

const watchers: HealthWatcher[] = [];

/** Auto Scaling replaces what load balancing finds unhealthy. */
export const watchHealth = (watcher: HealthWatcher): void => void watchers.push(watcher);

const notInUse = (description: string): Finding => ({ unused: { reason: 'Target.NotInUse', description } });

/** What one health check of a target would find now. */
export function probe(request: Request, group: TargetGroup, target: Target): Finding | undefined {
  const instance = request.in(instances).get(target.instanceId);
  const [lb] = loadBalancersOf(request, group.arn);
  if (!lb) return notInUse('Target group is not configured to receive traffic from the load balancer');
  if (!instance || instance.state !== 'running') {
    const description = `Target is in the ${instance?.state ?? 'terminated'} state`;
    return { unused: { reason: 'Target.InvalidState', description } };
  }
  if (!lb.places.some(({ zone }) => zone === instance.zone))
    return notInUse('Target is in an Availability Zone that is not enabled for the load balancer');
  return check(request, { lb, group, instance, port: target.port });
}

/** Healthy, or not checked by any load balancer. */
export function isFit(request: Request, target: Target): boolean {
  const group = groupOf(request, target.id);
  return target.state === 'healthy' || (group !== undefined && probe(request, group, target)?.unused !== undefined);
}

interface Checked {
  readonly lb: LoadBalancer;
  readonly group: TargetGroup;
  readonly instance: Instance;
  readonly port: number;
}

function check(request: Request, { lb, group, instance, port }: Checked): Finding | undefined {
  const checkPort = group.check.port === 'traffic-port' ? port : Number(group.check.port);
  if (!mayReach(request, lb, instance, checkPort))
    return { bad: { reason: 'Target.Timeout', description: 'Request timed out' } };
  const started = request.now - (instance.runningSince ?? request.now) >= durations.applicationStart;
  const listens = instance.listensOn === undefined || instance.listensOn === checkPort;
  if (!started || !listens)
    return { bad: { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' } };
  const code = codeOf(instance, group);
  if (code === 200) return undefined;
  const description = `Health checks failed with these codes: [${code}]`;
  return { bad: { reason: 'Target.ResponseCodeMismatch', description } };
}

const codeOf = ({ answers, answersAt }: Instance, { check: { path } }: TargetGroup): number => {
  if (!answers) return 503;
  return answersAt === undefined || answersAt.includes(path) ? 200 : 404;
};

/** Whether the groups of the load balancer let a request out and those of the instance let it in. */
function mayReach(request: Request, lb: LoadBalancer, instance: Instance, port: number): boolean {
  const allows = (ids: readonly string[], egress: boolean, peers: readonly string[]): boolean =>
    ids
      .flatMap((id) => request.in(securityGroups).get(id)?.rules ?? [])
      .filter((rule) => rule.egress === egress)
      .filter(({ protocol, fromPort = 0, toPort = 65_535 }) =>
        protocol === '-1' ? true : protocol === 'tcp' && fromPort <= port && port <= toPort,
      )
      .some(({ source }) => source.cidr !== undefined || peers.includes(source.groupId ?? ''));
  return allows(lb.groupIds, true, instance.groupIds) && allows(instance.groupIds, false, lb.groupIds);
}

/** Checks a target from now on, every interval, until it is settled: whoever changes something begins again. */
export function beginChecks(request: Request, id: string): void {
  const target = request.in(targets).get(id);
  if (!target || target.checking) return;
  request.in(targets).change(id, { checking: true });
  next(request, id);
}

/** Checks all targets of some groups, or of all: something changed that may let them answer, or no more. */
export function checkAgain(request: Request, groupArns?: readonly string[]): void {
  for (const { id, groupArn } of request.in(targets).all())
    if (!groupArns || groupArns.includes(groupArn)) beginChecks(request, id);
}

watchRules((request) => checkAgain(request));

function next(request: Request, id: string): void {
  const delay = (groupOf(request, id)?.check.intervalSeconds ?? 0) * 1000;
  request.world.schedule(delay, () => {
    const [target, group] = [request.in(targets).get(id), groupOf(request, id)];
    if (!target || !group) return;
    const settled = target.state === 'draining' || isSettled(request, count(request, group, target));
    if (settled) request.in(targets).change(id, { checking: false });
    else next(request, id);
  });
}

const groupOf = (request: Request, id: string): TargetGroup | undefined =>
  request.in(targetGroups).get(request.in(targets).get(id)?.groupArn ?? '');

/** Takes one check into account. */
function count(request: Request, group: TargetGroup, target: Target): Target {
  const found = probe(request, group, target);
  if (found?.unused) return request.in(targets).change(target.id, { successes: 0, failures: 0, state: 'initial' });
  const counted: Target = found?.bad
    ? { ...target, successes: 0, failures: target.failures + 1, verdict: found.bad }
    : { ...target, successes: target.successes + 1, failures: 0, verdict: undefined };
  const state = stateAfter(group, counted);
  const changed = request.in(targets).put(target.id, { ...counted, state });
  if (state !== target.state) for (const watcher of watchers) watcher(request, changed);
  return changed;
}

function stateAfter(
  { check: { healthyThreshold, unhealthyThreshold } }: TargetGroup,
  counted: Target,
): Target['state'] {
  if (counted.successes >= healthyThreshold) return 'healthy';
  return counted.failures >= unhealthyThreshold ? 'unhealthy' : counted.state;
}

/**
 * Nothing would be found that was not found before: a healthy target, one that is not checked, one whose image is broken.
 * Real checks go on for ever; here they begin again when something changes.
 */
function isSettled(request: Request, { state, instanceId, successes, failures }: Target): boolean {
  if (successes === 0 && failures === 0) return true;
  const { answers, answersAt } = request.in(instances).get(instanceId) ?? {};
  return (
    (state === 'healthy' && failures === 0) || (state === 'unhealthy' && (answers === false || answersAt !== undefined))
  );
}
