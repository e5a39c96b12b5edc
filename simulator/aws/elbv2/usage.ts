import type { Request } from '../core/request.ts';
import { listeners, loadBalancers, rules, type Action, type LoadBalancer } from './kinds.ts';

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
