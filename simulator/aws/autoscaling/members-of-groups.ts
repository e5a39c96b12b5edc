import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { fromTemplate } from '../ec2/instance-operations.ts';
import { instances, terminate, type Instance } from '../ec2/instances.ts';
import { launch } from '../ec2/launching.ts';
import { subnets } from '../ec2/subnets.ts';
import { targetGroups } from '../elbv2/kinds.ts';
import { deregister, register, targets } from '../elbv2/targets.ts';
import { loadBalancersOf } from '../elbv2/usage.ts';
import { begin, end, moment } from './activities.ts';
import { resolved, typesOf } from './configuration.ts';
import { activeMembers, groupOf, groups, members, type Configuration, type Group, type Member } from './kinds.ts';

/** Where a group misses instances most: its subnets, the emptiest zone first. */
function placesFor(request: Request, group: Group): { subnetId: string; zone: string }[] {
  const active = activeMembers(request, group.name);
  return group.subnetIds
    .map((subnetId) => ({ subnetId, zone: request.in(subnets).get(subnetId)?.zone ?? '' }))
    .map((place) => ({ ...place, used: active.filter(({ zone }) => zone === place.zone).length }))
    .sort((a, b) => a.used - b.used);
}

/** With these another type or zone is tried; anything else fails the launch. */
const elsewhere = ['InsufficientInstanceCapacity', 'Unsupported', 'InsufficientFreeAddressesInSubnet'];

/** Launches one instance into a group. Answers false when that fails, which is noted as an activity. */
export function launchMember(request: Request, name: string, configuration: Configuration, why: string): boolean {
  const group = groupOf(request, name);
  let failure = new AwsError('ValidationError', 'The group has no subnet to launch into.');
  let place = '';
  for (const { subnetId, zone } of placesFor(request, group)) {
    place = JSON.stringify({ 'Subnet ID': subnetId, 'Availability Zone': zone });
    for (const type of safeTypes(request, configuration))
      try {
        const instance = launchInto(request, group, configuration, { subnetId, type });
        join(request, group, instance, { why, place });
        return true;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failure = error;
        if (!elsewhere.includes(error.code)) return failed(request, group, { failure, why, place });
      }
  }
  return failed(request, group, { failure, why, place });
}

/** A template that is gone has no types; the launch then tells that it is gone. */
function safeTypes(request: Request, configuration: Configuration): (string | undefined)[] {
  try {
    return typesOf(request, configuration);
  } catch (error) {
    if (error instanceof AwsError) return [undefined];
    throw error;
  }
}

function launchInto(
  request: Request,
  group: Group,
  configuration: Configuration,
  { subnetId, type }: { subnetId: string; type: string | undefined },
): Instance {
  const { template, version } = resolved(request, configuration);
  const { data, tags } = fromTemplate(request, { LaunchTemplateId: template.id, Version: String(version.number) });
  const propagated = group.tags.filter(({ PropagateAtLaunch }) => PropagateAtLaunch);
  return launch(request, {
    data: { ...data, InstanceType: type },
    subnetId,
    reservationId: request.id('r'),
    tags: {
      ...Object.fromEntries(propagated.map(({ Key, Value }) => [Key, Value])),
      ...tags,
      'aws:autoscaling:groupName': group.name,
    },
  });
}

function join(
  request: Request,
  group: Group,
  instance: Instance,
  { why, place }: { why: string; place: string },
): void {
  const activity = begin(request, {
    group: group.name,
    description: `Launching a new EC2 instance: ${instance.id}`,
    cause: why,
    status: 'PreInService',
    details: place,
  });
  const { 'aws:ec2launchtemplate:id': id = '', 'aws:ec2launchtemplate:version': Version = '' } = instance.tags;
  const { template } = resolved(request, { LaunchTemplate: { LaunchTemplateId: id } });
  request.in(members).put(instance.id, {
    id: instance.id,
    group: group.name,
    type: instance.type,
    zone: instance.zone,
    template: { LaunchTemplateId: id, LaunchTemplateName: template.name, Version },
    lifecycle: 'Pending',
    healthy: true,
    failedChecks: false,
    protectedFromScaleIn: group.protectsNew,
    launchedAt: request.now,
    inServiceAt: undefined,
    activityId: activity.id,
  });
  request.in(groups).change(group.name, { failures: 0 });
}

function failed(
  request: Request,
  group: Group,
  { failure, why, place }: { failure: AwsError; why: string; place: string },
): false {
  const message = `${failure.message}${failure.message.endsWith('.') ? '' : '.'} Launching EC2 instance failed.`;
  begin(request, {
    group: group.name,
    description: `Launching a new EC2 instance.  Status Reason: ${message}`,
    cause: why,
    status: 'Failed',
    message,
    details: place,
  });
  const pause = Math.min(durations.autoscalingRetry * 2 ** group.failures, durations.autoscalingRetryMost);
  request.in(groups).change(group.name, { failures: group.failures + 1, retryAt: request.now + pause });
  return false;
}

/** An instance that runs takes requests from now on. */
export function enterService(request: Request, member: Member): void {
  const group = groupOf(request, member.group);
  request.in(members).change(member.id, { lifecycle: 'InService', inServiceAt: request.now });
  end(request, member.activityId, 'Successful');
  for (const arn of group.targetGroupArns) {
    const target = request.in(targetGroups).get(arn);
    if (target) register(request, target, [{ Id: member.id }]);
  }
}

/**
 * Takes an instance out: first from its target groups, whose deregistration delay is waited for, then it is terminated.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
 */
export function dismiss(request: Request, member: Member, cause: string, atOnce = false): void {
  if (member.lifecycle === 'Terminating') return;
  const group = groupOf(request, member.group);
  const drained = group.targetGroupArns.filter((arn) => isRegistered(request, arn, member.id));
  const delays = drained.map((arn) => leave(request, arn, member.id));
  const running = request.in(instances).get(member.id)?.state === 'running';
  const delay = atOnce || !running ? 0 : Math.max(0, ...delays);
  const activity = begin(request, {
    group: member.group,
    description: `Terminating EC2 instance: ${member.id}${delay > 0 ? ' - Waiting For ELB Connection Draining.' : ''}`,
    cause,
    status: delay > 0 ? 'WaitingForELBConnectionDraining' : 'InProgress',
    details: JSON.stringify({ 'Availability Zone': member.zone }),
  });
  end(request, member.activityId, 'Cancelled');
  request.in(members).change(member.id, { lifecycle: 'Terminating', activityId: activity.id });
  const go = (): void => {
    const instance = request.in(instances).get(member.id);
    if (instance && instance.state !== 'terminated') terminate(request, instance);
    else depart(request, member.id);
  };
  if (delay > 0) request.world.schedule(delay, go);
  else go();
}

const isRegistered = (request: Request, groupArn: string, instanceId: string): boolean =>
  request
    .in(targets)
    .all()
    .some((target) => target.groupArn === groupArn && target.instanceId === instanceId);

/** Answers how long the target group lets it finish. */
function leave(request: Request, arn: string, instanceId: string): number {
  const group = request.in(targetGroups).get(arn);
  if (!group) return 0;
  deregister(request, group, [{ Id: instanceId }]);
  if (loadBalancersOf(request, arn).length === 0) return 0;
  return Number(group.attributes['deregistration_delay.timeout_seconds']) * 1000;
}

/** The instance is no more. */
export function depart(request: Request, id: string): void {
  const member = request.in(members).get(id);
  if (!member) return;
  end(request, member.activityId, 'Successful');
  request.in(members).remove(id);
}

export const because = (request: Request, what: string): string => `At ${moment(request)} ${what}`;
