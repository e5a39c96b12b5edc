import type { EcomStoreSpec } from '../spec.ts';

/** The trust policy of a role that one AWS service takes on. */
export const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

export const boundary = ({ policy }: EcomStoreSpec): string | null => policy.permissionsBoundaryArn ?? null;
