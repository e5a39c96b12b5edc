import type { SimulatedService } from '../core/service.ts';
import { bucketOperations } from './buckets.ts';
import { neverSetOperations } from './never-set.ts';
import { objectOperations } from './objects.ts';
import { exposedBuckets } from './public.ts';
import { settingOperations } from './settings.ts';

/** S3: buckets with their settings, and objects with their versions. Multipart uploads and ACLs of others than the owner are not simulated. */
export const s3: SimulatedService = {
  operations: { ...bucketOperations, ...settingOperations, ...objectOperations, ...neverSetOperations },
  install: (world) => world.addExposureRule(exposedBuckets),
};
