import type { SimulatedService } from '../core/service.ts';
import { listenerOperations } from './listeners.ts';
import { loadBalancerOperations } from './load-balancers.ts';
import { ruleOperations } from './rules.ts';
import { sslPolicyOperations } from './ssl-policies.ts';
import { taggingOperations } from './tagging.ts';
import { targetGroupOperations } from './target-groups.ts';
import { targetOperations } from './targets.ts';

/** Elastic Load Balancing: application load balancers, their listeners and rules, target groups and their health. */
export const elbv2: SimulatedService = {
  operations: {
    ...loadBalancerOperations,
    ...targetGroupOperations,
    ...targetOperations,
    ...listenerOperations,
    ...ruleOperations,
    ...sslPolicyOperations,
    ...taggingOperations,
    /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
    DescribeAccountLimits: (_input, { world }) => ({
      Limits: [
        ['application-load-balancers', world.quotas.get('Application Load Balancers per Region') ?? 50],
        ['target-groups', world.quotas.get('Target Groups per Region') ?? 3000],
        ['listeners-per-application-load-balancer', world.quotas.get('Listeners per Application Load Balancer') ?? 50],
        ['rules-per-application-load-balancer', world.quotas.get('Rules per Application Load Balancer') ?? 100],
      ].map(([Name, Max]) => ({ Name, Max: String(Max) })),
    }),
  },
};
