import type { SimulatedService } from '../core/service.ts';
import { clientOperations } from './clients.ts';
import { domainOperations } from './domains.ts';
import { memberOperations } from './members.ts';
import { poolOperations } from './pools.ts';

/** Cognito's user pools: who may sign in, and how. */
export const cognito: SimulatedService = {
  operations: { ...poolOperations, ...clientOperations, ...domainOperations, ...memberOperations },
};
