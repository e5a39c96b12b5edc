import type { Request } from '../core/request.ts';
import { listeners, loadBalancers, rules, type Action, type LoadBalancer, type TargetGroup } from './kinds.ts';

/** The target groups that an action forwards to. */
export const forwardsTo = ({ TargetGroupArn, ForwardConfig }: Action): string[] => {
  const weighted = (ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn ?? '');
  return [...new Set([...weighted, ...(TargetGroupArn === undefined ? [] : [TargetGroupArn])])];
};

/** The load balancers whose listeners or rules forward to a target group. */
export function loadBalancersOf(request: Request, targetGroupArn: string): LoadBalancer[] {
  const forwarding = request
    .in(rules)
    .all()
    .filter(({ actions }) => actions.some((action) => forwardsTo(action).includes(targetGroupArn)))
    .map(({ listenerArn }) => request.in(listeners).get(listenerArn)?.loadBalancerArn);
  return request
    .in(loadBalancers)
    .all()
    .filter(({ arn }) => forwarding.includes(arn));
}

/** Whether it leads whoever comes again to the same target. */
export const isSticky = (group: TargetGroup | undefined): boolean => group?.attributes['stickiness.enabled'] === 'true';

/** A listener or rule that shares requests between a target group and others, and does not keep people to one of them. */
export const sharesWithoutStickiness = (request: Request, targetGroupArn: string): string | undefined =>
  request
    .in(rules)
    .all()
    .find(({ actions }) =>
      actions.some((action) => {
        const groups = forwardsTo(action);
        const isKept = action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled === true;
        return groups.length > 1 && groups.includes(targetGroupArn) && !isKept;
      }),
    )?.arn;
