import type { SimulatedService } from './core/service.ts';
import type { ServiceId } from './core/service-model.ts';
import { cognito } from './cognito/service.ts';
import { autoscaling } from './autoscaling/service.ts';
import { cloudfront } from './cloudfront/service.ts';
import { cloudwatch } from './cloudwatch/service.ts';
import { ec2 } from './ec2/service.ts';
import { elasticache } from './elasticache/service.ts';
import { elbv2 } from './elbv2/service.ts';
import { iam } from './iam/service.ts';
import { acm } from './acm/service.ts';
import { lambda } from './lambda/service.ts';
import { rds } from './rds/service.ts';
import { route53 } from './route53/service.ts';
import { s3 } from './s3/service.ts';
import { s3control } from './s3/account.ts';
import { secretsmanager } from './secretsmanager/service.ts';
import { sns } from './sns/service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm/service.ts';
import { logs } from './logs/service.ts';
import { sts } from './sts/service.ts';

/** Every simulated service. */
export const services: Readonly<Record<ServiceId, SimulatedService>> = {
  sts,
  ec2,
  autoscaling,
  elbv2,
  iam,
  acm,
  route53,
  ssm,
  logs,
  rds,
  elasticache,
  s3,
  s3control,
  cloudfront,
  'cognito-idp': cognito,
  sns,
  sqs,
  lambda,
  cloudwatch,
  secretsmanager,
};
