import type { SimulatedService } from '../core/service.ts';
import { hostedZoneOperations } from './hosted-zones.ts';
import { recordSetOperations } from './record-sets.ts';

/** Route 53: public hosted zones and their records. */
export const route53: SimulatedService = { operations: { ...hostedZoneOperations, ...recordSetOperations } };
