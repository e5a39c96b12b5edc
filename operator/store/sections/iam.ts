import { Fault } from '../../model/faults.ts';
import type { Site } from '../site.ts';

/** The trust policy of a role that one AWS service takes on. */
export const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

/**
 * The ceiling over every role of the store. Where the installation has one, the operator may make no role without it: a
 * store that wants another is told so, rather than that it gets what it did not ask for.
 */
export function boundaryOf({ spec: { policy }, boundary }: Site): string | null {
  const own = policy.permissionsBoundaryArn;
  if (boundary !== undefined && own !== undefined && own !== boundary)
    throw new Fault('rejected', `the roles of this installation have the permissions boundary ${boundary}`, {
      field: 'spec.policy.permissionsBoundaryArn',
      remedy: 'leave it out, or name that one',
    });
  return boundary ?? own ?? null;
}
