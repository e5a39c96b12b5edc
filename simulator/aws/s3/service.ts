import type { SimulatedService } from '../core/service.ts';
import { bucketOperations } from './buckets.ts';
import { objectOperations } from './objects.ts';
import { exposedBuckets } from './public.ts';
import { settingOperations } from './settings.ts';

/** S3: buckets with their settings, and objects with their versions. ACLs and multipart uploads are not simulated. */
export const s3: SimulatedService = {
  operations: { ...bucketOperations, ...settingOperations, ...objectOperations },
  install: (world) => world.addExposureRule(exposedBuckets),
};
