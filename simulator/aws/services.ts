import type { SimulatedService } from './core/service.ts';
import type { ServiceId } from './core/service-model.ts';
import { ec2 } from './ec2/service.ts';
import { elbv2 } from './elbv2/service.ts';
import { sts } from './sts/service.ts';

const none: SimulatedService = { operations: {} };

/** Every simulated service. */
export const services: Readonly<Record<ServiceId, SimulatedService>> = {
  sts,
  ec2,
  autoscaling: none,
  elbv2,
  iam: none,
  acm: none,
  route53: none,
  ssm: none,
  logs: none,
};
