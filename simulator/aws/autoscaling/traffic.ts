import type { Operations, Request } from '../core/request.ts';
import { targetGroups } from '../elbv2/kinds.ts';
import { deregister, register, targets } from '../elbv2/targets.ts';
import { activeMembers, groupOf, groups, invalid, paged, type Group, type Paged } from './kinds.ts';

/** Refuses target groups that are not there. */
export function checkTargetGroups(request: Request, arns: readonly string[]): string[] {
  if (arns.some((arn) => !request.in(targetGroups).get(arn)))
    throw invalid('Provided Target Groups may not be valid. Please ensure they exist and try again.');
  return [...new Set(arns)];
}

/** What runs in the group is registered at once. */
function attach(request: Request, name: string, arns: readonly string[]): void {
  const group = groupOf(request, name);
  const added = checkTargetGroups(request, arns).filter((arn) => !group.targetGroupArns.includes(arn));
  request.in(groups).change(name, { targetGroupArns: [...group.targetGroupArns, ...added] });
  const running = activeMembers(request, name).filter(({ lifecycle }) => lifecycle === 'InService');
  for (const arn of added) {
    const target = request.in(targetGroups).get(arn);
    if (target)
      register(
        request,
        target,
        running.map(({ id }) => ({ Id: id })),
      );
  }
}

function detach(request: Request, name: string, arns: readonly string[]): void {
  const group = groupOf(request, name);
  const lost = arns.find((arn) => !group.targetGroupArns.includes(arn));
  if (lost !== undefined) throw invalid(`Trying to remove Target Groups that are not part of the group: ${lost}`);
  const left = group.targetGroupArns.filter((arn) => !arns.includes(arn));
  request.in(groups).change(name, { targetGroupArns: left });
  for (const arn of arns) {
    const target = request.in(targetGroups).get(arn);
    if (target)
      deregister(
        request,
        target,
        activeMembers(request, name).map(({ id }) => ({ Id: id })),
      );
  }
}

/** `Added` when all are registered, `InService` when one of them is healthy. */
function stateOf(request: Request, { name }: Group, arn: string): string {
  const ids = activeMembers(request, name).map(({ id }) => id);
  const registered = request
    .in(targets)
    .all()
    .filter((one) => one.groupArn === arn && ids.includes(one.instanceId));
  if (registered.some(({ state }) => state === 'healthy')) return 'InService';
  return registered.length >= ids.length ? 'Added' : 'Adding';
}

interface Sources {
  readonly AutoScalingGroupName: string;
  readonly TrafficSources: readonly { readonly Identifier: string; readonly Type?: string }[];
}

const arnsOf = ({ TrafficSources }: Sources): string[] => {
  const strange = TrafficSources.find(({ Type = 'elbv2' }) => Type !== 'elbv2');
  if (strange) throw invalid(`The traffic source type ${strange.Type} is not simulated`);
  return TrafficSources.map(({ Identifier }) => Identifier);
};

interface Arns {
  readonly AutoScalingGroupName: string;
  readonly TargetGroupARNs: readonly string[];
}

export const trafficOperations: Operations = {
  AttachTrafficSources: (input: Sources, request) => attach(request, input.AutoScalingGroupName, arnsOf(input)),
  DetachTrafficSources: (input: Sources, request) => detach(request, input.AutoScalingGroupName, arnsOf(input)),
  AttachLoadBalancerTargetGroups: (input: Arns, request) =>
    attach(request, input.AutoScalingGroupName, input.TargetGroupARNs),
  DetachLoadBalancerTargetGroups: (input: Arns, request) =>
    detach(request, input.AutoScalingGroupName, input.TargetGroupARNs),
  DescribeTrafficSources: (input: Paged & { AutoScalingGroupName: string; TrafficSourceType?: string }, request) => {
    const group = groupOf(request, input.AutoScalingGroupName);
    const kept = (input.TrafficSourceType ?? 'elbv2') === 'elbv2' ? group.targetGroupArns : [];
    const { items, next } = paged(request, kept, input);
    return {
      TrafficSources: items.map((Identifier) => ({
        Identifier,
        TrafficSource: Identifier,
        Type: 'elbv2',
        State: stateOf(request, group, Identifier),
      })),
      NextToken: next,
    };
  },
  DescribeLoadBalancerTargetGroups: (input: Paged & { AutoScalingGroupName: string }, request) => {
    const group = groupOf(request, input.AutoScalingGroupName);
    const { items, next } = paged(request, group.targetGroupArns, input);
    return {
      LoadBalancerTargetGroups: items.map((arn) => ({
        LoadBalancerTargetGroupARN: arn,
        State: stateOf(request, group, arn),
      })),
      NextToken: next,
    };
  },
  /** Classic load balancers cannot be attached here, so there are none. */
  DescribeLoadBalancers: ({ AutoScalingGroupName }: { AutoScalingGroupName: string }, request) => {
    groupOf(request, AutoScalingGroupName);
    return { LoadBalancers: [] };
  },
};
