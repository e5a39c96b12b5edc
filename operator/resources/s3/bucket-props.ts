import type { CORSRule, LifecycleRule } from '@aws-sdk/client-s3';
import type { PolicyDocument } from '../iam/policies.ts';

/** Where a store's files lie, private to it and to its distribution. What is in it is data. */
export interface BucketProps {
  readonly region: string;
  /** All four of S3's public access blocks. */
  readonly publicAccessBlocked: boolean;
  /** Whether objects belong to the bucket's owner alone (`BucketOwnerEnforced`), so that no ACL counts. */
  readonly aclsDisabled: boolean;
  /** Who may do what, beside the account's own roles; every bucket of a store has one. */
  readonly policy: PolicyDocument;
  /** Whether what is overwritten or deleted can be had back. */
  readonly versioning: boolean;
  readonly encryption: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** In S3's own words, one rule at the least. */
  readonly lifecycle: readonly LifecycleRule[];
  readonly cors: readonly CORSRule[];
}

export interface BucketOutputs {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** What policies call all objects in it. */
  readonly objectsArn: string;
  /** As `acme.s3.eu-central-1.amazonaws.com`: where CloudFront asks for it. */
  readonly regionalDomainName: string;
}
