import type { SimulatedService } from '../core/service.ts';
import { secretOperations } from './operations.ts';

/** Secrets Manager: our own secrets, and those that other services keep there. Versions and rotation are not simulated. */
export const secretsmanager: SimulatedService = { operations: secretOperations };
