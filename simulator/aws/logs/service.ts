import type { SimulatedService } from '../core/service.ts';
import { logGroupOperations } from './groups.ts';

/** CloudWatch Logs: log groups. */
export const logs: SimulatedService = { operations: logGroupOperations };
