import type { SimulatedService } from '../core/service.ts';
import { secretOperations } from './secrets.ts';

/** Secrets Manager: the secrets that other services keep there. Their values are not simulated. */
export const secretsmanager: SimulatedService = { operations: secretOperations };
