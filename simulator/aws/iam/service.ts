import type { SimulatedService } from '../core/service.ts';
import { findProfilesBy } from '../ec2/instance-profile.ts';
import { authorizationOperations } from './authorization-details.ts';
import { instanceProfileByArnOrName, instanceProfileOperations } from './instance-profiles.ts';
import { policyOperations } from './policies.ts';
import { roleOperations } from './roles.ts';

findProfilesBy(({ world, now }, name) => {
  const found = instanceProfileByArnOrName(world, name);
  return found && found.knownFrom <= now ? { arn: found.arn, id: found.id } : undefined;
});

/** IAM: roles, their policies, and instance profiles. */
export const iam: SimulatedService = {
  operations: { ...roleOperations, ...policyOperations, ...instanceProfileOperations, ...authorizationOperations },
};
