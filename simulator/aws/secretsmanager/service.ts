import type { SimulatedService } from '../core/service.ts';
import { secretOperations } from './operations.ts';
import { exposedSecrets } from './secrets.ts';

/** Secrets Manager: our own secrets, and those that other services keep there. Versions and rotation are not simulated. */
export const secretsmanager: SimulatedService = {
  operations: secretOperations,
  install: (world) => world.addExposureRule(exposedSecrets),
};
