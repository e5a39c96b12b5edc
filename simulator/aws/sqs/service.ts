import type { SimulatedService } from '../core/service.ts';
import { exposedQueues, queueOperations } from './queues.ts';

/** SQS: queues, without the messages in them. Queues that keep an order are not simulated. */
export const sqs: SimulatedService = {
  operations: queueOperations,
  install: (world) => world.addExposureRule(exposedQueues),
};
