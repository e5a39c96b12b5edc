import type { RoleProps } from '../../resources/iam/role.ts';
import type { Site } from '../site.ts';

/** The trust policy of a role that one AWS service takes on. */
export const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

/**
 * The ceiling over every role of the store. Where the installation has one, the operator may make no role without it: a
 * store that wants another is told so at its roles, rather than that it gets what it did not ask for.
 */
export function boundaryOf({
  spec: { policy },
  boundary,
}: Pick<Site, 'spec' | 'boundary'>): RoleProps['permissionsBoundaryArn'] {
  const { permissionsBoundaryArn: own = boundary } = policy;
  if (own === undefined) return null;
  return boundary === undefined || own === boundary ? own : { stores: own, installations: boundary };
}
