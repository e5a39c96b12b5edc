import type { Operations } from './request.ts';
import type { World } from './world.ts';

/** One simulated service: its operations, and what it sets up in a new world. */
export interface SimulatedService {
  readonly operations: Operations;
  readonly install?: (world: World) => void;
}
