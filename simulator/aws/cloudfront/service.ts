import type { SimulatedService } from '../core/service.ts';
import { distributionOperations } from './distributions.ts';
import { originAccessControlOperations } from './origin-access-controls.ts';
import { policyOperations } from './policies.ts';
import { taggingOperations } from './tagging.ts';
import { vpcOriginOperations } from './vpc-origins.ts';

/** CloudFront: distributions, the way into a VPC, and who signs for a bucket. */
export const cloudfront: SimulatedService = {
  operations: {
    ...distributionOperations,
    ...vpcOriginOperations,
    ...originAccessControlOperations,
    ...policyOperations,
    ...taggingOperations,
  },
};
