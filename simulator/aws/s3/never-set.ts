import { AwsError } from '../core/aws-error.ts';
import type { Operations } from '../core/request.ts';
import { bucketOf, type OfBucket } from './kinds.ts';

const absent = (code: string, message: string) => (input: OfBucket, request: Parameters<typeof bucketOf>[0]) => {
  bucketOf(request, input);
  throw new AwsError(code, message, 404);
};

/** Settings that no store has: told as they are of a bucket on which nobody set them. Setting them is not simulated. */
export const neverSetOperations: Operations = {
  GetBucketAccelerateConfiguration: (input: OfBucket, request) => void bucketOf(request, input),
  GetBucketRequestPayment: (input: OfBucket, request) => {
    bucketOf(request, input);
    return { Payer: 'BucketOwner' };
  },
  GetBucketWebsite: absent('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
  GetBucketReplication: absent('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
  GetObjectLockConfiguration: absent(
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ),
  /** With ACLs off, the owner has all, and the owner's is all that is told. */
  GetBucketAcl: (input: OfBucket, request) => {
    bucketOf(request, input);
    // The account's canonical user id, of 64 hexadecimal digits.
    const Owner = { ID: request.account.padStart(64, '0') };
    return { Owner, Grants: [{ Grantee: { Type: 'CanonicalUser', ...Owner }, Permission: 'FULL_CONTROL' }] };
  },
};
