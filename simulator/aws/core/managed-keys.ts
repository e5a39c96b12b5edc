import { createHash } from 'node:crypto';
import type { Request } from './request.ts';

/**
 * The key that AWS keeps for a service in an account and region, `alias/aws/rds`. Descriptions tell the key by its id,
 * and never by its alias. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 */
export function managedKeyArn(request: Request, service: string): string {
  const digest = createHash('sha256')
    .update(request.arn(`alias/aws/${service}`, 'kms'))
    .digest('hex');
  const [, ...groups] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(digest) ?? [];
  return request.arn(`key/${groups.join('-')}`, 'kms');
}
