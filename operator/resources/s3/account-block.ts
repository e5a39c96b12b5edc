import { Fault } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';
import { isAllBlocked } from './bucket-settings.ts';

/**
 * Whether the account blocks public access to all its buckets, whatever their own settings are: S3 applies the most
 * restrictive combination of both. What is read is what is in effect, be it the account's or its organization's. It is
 * not ours, and is never changed. An account that has none, or does not let us read it, protects nobody.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export async function isAccountBlocked(aws: Aws, AccountId: string): Promise<boolean> {
  const answer = await orUntold(aws.s3control('GetPublicAccessBlock', { AccountId }));
  return isAllBlocked(answer?.PublicAccessBlockConfiguration);
}

/** What S3 Control answers where there is no such block, and where our role may not read it. */
const untold: readonly unknown[] = ['NoSuchPublicAccessBlockConfiguration', 'AccessDenied'];

/** Undefined for these two answers alone: whatever else goes wrong keeps the buckets from being read, and is told. */
async function orUntold<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Fault && untold.includes(error.facts.code)) return undefined;
    throw error;
  }
}
