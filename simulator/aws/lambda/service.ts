import type { SimulatedService } from '../core/service.ts';
import { functionOperations } from './functions.ts';
import { exposedFunctions, permissionOperations } from './permissions.ts';

/** Lambda: functions with their code, settings and policies. Versions, aliases and calls of a function are not simulated. */
export const lambda: SimulatedService = {
  operations: { ...functionOperations, ...permissionOperations },
  install: (world) => world.addExposureRule(exposedFunctions),
};
