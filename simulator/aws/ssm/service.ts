import type { SimulatedService } from '../core/service.ts';
import { parameterOperations } from './parameters.ts';

/** Systems Manager: its parameter store. */
export const ssm: SimulatedService = { operations: parameterOperations };
