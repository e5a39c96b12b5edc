import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { Kind } from '../core/world.ts';
import { instances, watchInstances } from '../ec2/instances.ts';
import { beginChecks, probe, type Verdict } from './health.ts';
import { targetGroups, the, type TargetGroup } from './kinds.ts';
import { loadBalancersOf } from './usage.ts';

/** One registration: an instance and a port in a target group, and what the health checks have found so far. */
export interface Target {
  readonly id: string;
  readonly groupArn: string;
  readonly instanceId: string;
  readonly port: number;
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** The last bad answer. */
  readonly verdict: Verdict | undefined;
  readonly successes: number;
  readonly failures: number;
  /** Whether the next check is already on its way. */
  readonly checking: boolean;
}

/** Registrations are no resources: the ledger does not count them. */
export const targets: Kind<Target> = { type: 'elbv2/target', tags: () => ({}), exists: () => false };

interface Given {
  readonly Id: string;
  readonly Port?: number;
}

const idOf = (group: TargetGroup, { Id, Port = group.port }: Given): string => `${group.arn}|${Id}|${Port}`;

/** Registers running instances of the group's VPC; those that are registered already stay as they are. */
export function register(request: Request, group: TargetGroup, given: readonly Given[]): void {
  for (const { Id } of given) {
    const instance = request.in(instances).get(Id);
    if (!instance || instance.state !== 'running')
      throw new AwsError(
        'InvalidTarget',
        `The following targets are not in a running state and cannot be registered: '${Id}'`,
      );
    if (instance.vpcId !== group.vpcId)
      throw new AwsError(
        'InvalidTarget',
        `The following targets are not in the target group VPC '${group.vpcId}': '${Id}'`,
      );
  }
  for (const one of given) {
    const id = idOf(group, one);
    if (request.in(targets).get(id) && request.in(targets).get(id)?.state !== 'draining') continue;
    request.in(targets).put(id, {
      id,
      groupArn: group.arn,
      instanceId: one.Id,
      port: one.Port ?? group.port,
      state: 'initial',
      verdict: undefined,
      successes: 0,
      failures: 0,
      checking: request.in(targets).get(id)?.checking ?? false,
    });
    beginChecks(request, id);
  }
}

/** A leaving target may finish its requests, where its group takes any. */
export function deregister(request: Request, group: TargetGroup, given: readonly Given[]): void {
  const all = request.in(targets);
  for (const one of given) {
    const leaving = all
      .all()
      .filter(
        ({ groupArn, instanceId, port }) =>
          groupArn === group.arn && instanceId === one.Id && port === (one.Port ?? port),
      );
    for (const { id, state } of leaving) {
      const delay = Number(group.attributes['deregistration_delay.timeout_seconds']) * 1000;
      if (state === 'draining') continue;
      if (loadBalancersOf(request, group.arn).length === 0 || delay === 0) {
        all.remove(id);
        continue;
      }
      all.change(id, { state: 'draining' });
      request.world.schedule(delay, () => {
        if (all.get(id)?.state === 'draining') all.remove(id);
      });
    }
  }
}

/** Load balancing forgets a terminated instance, and checks again whatever has changed its state. */
watchInstances((request, instance) => {
  for (const { id, instanceId } of request.in(targets).all()) {
    if (instanceId !== instance.id) continue;
    if (instance.state === 'terminated') request.in(targets).remove(id);
    else beginChecks(request, id);
  }
});

function healthTold(request: Request, group: TargetGroup, target: Target | undefined) {
  if (!target)
    return {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    };
  if (target.state === 'draining')
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  const unused = probe(request, group, target)?.unused;
  if (unused) return { State: 'unused', Reason: unused.reason, Description: unused.description };
  if (target.state === 'healthy') return { State: 'healthy' };
  if (target.state === 'initial')
    return { State: 'initial', Reason: 'Elb.InitialHealthChecking', Description: 'Initial health checks in progress' };
  return { State: 'unhealthy', Reason: target.verdict?.reason, Description: target.verdict?.description };
}

function describeHealth({ TargetGroupArn, Targets }: { TargetGroupArn: string; Targets?: Given[] }, request: Request) {
  const group = the(request, targetGroups, 'target-group', TargetGroupArn);
  const registered = request
    .in(targets)
    .all()
    .filter(({ groupArn }) => groupArn === group.arn);
  const asked: Given[] = Targets ?? registered.map(({ instanceId, port }) => ({ Id: instanceId, Port: port }));
  return {
    TargetHealthDescriptions: asked.map(({ Id, Port = group.port }) => ({
      Target: { Id, Port },
      HealthCheckPort: group.check.port === 'traffic-port' ? String(Port) : group.check.port,
      TargetHealth: healthTold(request, group, request.in(targets).get(idOf(group, { Id, Port }))),
    })),
  };
}

interface TargetsInput {
  readonly TargetGroupArn: string;
  readonly Targets: Given[];
}

export const targetOperations: Operations = {
  RegisterTargets: (input: TargetsInput, request) =>
    register(request, the(request, targetGroups, 'target-group', input.TargetGroupArn), input.Targets),
  DeregisterTargets: (input: TargetsInput, request) =>
    deregister(request, the(request, targetGroups, 'target-group', input.TargetGroupArn), input.Targets),
  DescribeTargetHealth: describeHealth,
};
