import { orUnread } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';
import { isAllBlocked } from './bucket-settings.ts';

/**
 * Whether the account blocks public access to all its buckets, whatever their own settings are: S3 applies the most
 * restrictive combination of both. It is not ours, and is never changed. Where the account has none, or we may not read
 * it, it protects nobody.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export async function isAccountBlocked(aws: Aws, AccountId: string): Promise<boolean> {
  const answer = await orUnread(aws.s3control('GetPublicAccessBlock', { AccountId }));
  return isAllBlocked(answer?.PublicAccessBlockConfiguration);
}
