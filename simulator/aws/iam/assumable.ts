import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { roles, type Role } from './roles.ts';

/**
 * The role of this ARN, when the service may assume it and knows of it by now: IAM is eventually consistent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export function assumable(request: Request, arn: string | undefined, service: string): Role | undefined {
  const role = request.world
    .collection('global', roles)
    .all()
    .find((one) => one.arn === arn);
  const isKnown = role !== undefined && request.now - role.createdAt >= durations.roleKnownToServices;
  return isKnown && role.trust.includes(service) ? role : undefined;
}
