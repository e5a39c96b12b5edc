import type { Operations } from '../core/request.ts';
import type { SimulatedService } from '../core/service.ts';
import { checksOf, healthCheckOperations } from './health-checks.ts';
import { hostedZoneOperations, zonesOf } from './hosted-zones.ts';
import { privateZoneOperations } from './private-zones.ts';
import { recordSetOperations } from './record-sets.ts';
import { taggingOperations } from './tagging.ts';

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
const accountOperations: Operations = {
  GetAccountLimit: ({ Type }: { Type: string }, { world }) =>
    Type === 'MAX_HEALTH_CHECKS_BY_OWNER'
      ? { Limit: { Type, Value: 200 }, Count: checksOf(world).all().length }
      : { Limit: { Type, Value: 500 }, Count: zonesOf(world).all().length },
};

/** Route 53: hosted zones, public or private to VPCs, their records, and health checks of endpoints. */
export const route53: SimulatedService = {
  operations: {
    ...hostedZoneOperations,
    ...privateZoneOperations,
    ...recordSetOperations,
    ...healthCheckOperations,
    ...taggingOperations,
    ...accountOperations,
  },
};
