import type { SimulatedService } from '../core/service.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { exposedTopics, topicOperations } from './topics.ts';

/** SNS: topics and who gets their messages. Topics that keep an order, and messages to phones and devices, are not simulated. */
export const sns: SimulatedService = {
  operations: { ...topicOperations, ...subscriptionOperations },
  install: (world) => world.addExposureRule(exposedTopics),
};
