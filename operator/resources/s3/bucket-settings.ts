import type { Aws } from '../../model/ports.ts';
import type { PolicyDocument } from '../iam/policies.ts';
import type { BucketProps } from './bucket-props.ts';
import { orUnset } from './unset.ts';

/**
 * Every setting of a bucket is read and written by calls of its own. What is undefined has been taken away, or was never
 * set: so much for a bucket with nothing of it.
 */
type Settings = Omit<BucketProps, 'region'>;
export type Setting = keyof Settings;

/** What S3 gives every bucket at birth, since April 2023: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
export const newBorn: Settings = {
  publicAccessBlocked: true,
  aclsDisabled: true,
  policy: {},
  versioning: false,
  encryption: 'AES256',
  lifecycle: [],
  cors: [],
};

interface Dealings<K extends Setting> {
  read(aws: Aws, Bucket: string): Promise<Settings[K]>;
  write(aws: Aws, Bucket: string, wanted: Settings[K]): Promise<unknown>;
}

/** A public access block with all of its settings on. */
export const allBlocked = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

type Blocks = { readonly [K in keyof typeof allBlocked]?: boolean | undefined };

/** Whether all four are on: of a bucket, or of an account. */
export const isAllBlocked = (found: Blocks = {}): boolean =>
  Object.keys(allBlocked).every((block) => found[block as keyof typeof allBlocked] === true);

/** In the order in which they are written: nothing comes before the public access block. */
export const settings: { readonly [K in Setting]: Dealings<K> } = {
  publicAccessBlocked: {
    async read(aws, Bucket) {
      const answer = await orUnset(aws.s3('GetPublicAccessBlock', { Bucket }));
      return isAllBlocked(answer?.PublicAccessBlockConfiguration);
    },
    write: (aws, Bucket, wanted) =>
      aws.s3('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: wanted ? allBlocked : {} }),
  },
  aclsDisabled: {
    async read(aws, Bucket) {
      const answer = await orUnset(aws.s3('GetBucketOwnershipControls', { Bucket }));
      return answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced';
    },
    write: (aws, Bucket, wanted) =>
      aws.s3('PutBucketOwnershipControls', {
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: wanted ? 'BucketOwnerEnforced' : 'BucketOwnerPreferred' }] },
      }),
  },
  versioning: {
    read: async (aws, Bucket) => (await aws.s3('GetBucketVersioning', { Bucket })).Status === 'Enabled',
    write: (aws, Bucket, wanted) =>
      aws.s3('PutBucketVersioning', {
        Bucket,
        VersioningConfiguration: { Status: wanted ? 'Enabled' : 'Suspended' },
      }),
  },
  encryption: {
    async read(aws, Bucket) {
      const answer = await orUnset(aws.s3('GetBucketEncryption', { Bucket }));
      const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
      return (rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256') as Settings['encryption'];
    },
    write: (aws, Bucket, SSEAlgorithm) =>
      aws.s3('PutBucketEncryption', {
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }] },
      }),
  },
  lifecycle: {
    read: async (aws, Bucket) => (await orUnset(aws.s3('GetBucketLifecycleConfiguration', { Bucket })))?.Rules ?? [],
    write: (aws, Bucket, wanted) =>
      aws.s3('PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules: [...wanted] } }),
  },
  cors: {
    read: async (aws, Bucket) => (await orUnset(aws.s3('GetBucketCors', { Bucket })))?.CORSRules ?? [],
    write: (aws, Bucket, wanted) =>
      wanted.length > 0
        ? aws.s3('PutBucketCors', { Bucket, CORSConfiguration: { CORSRules: [...wanted] } })
        : aws.s3('DeleteBucketCors', { Bucket }),
  },
  // Written last: whom it lets in finds a bucket that keeps versions.
  policy: {
    async read(aws, Bucket) {
      const answer = await orUnset(aws.s3('GetBucketPolicy', { Bucket }));
      return JSON.parse(answer?.Policy ?? '{}') as PolicyDocument;
    },
    write: (aws, Bucket, wanted) => aws.s3('PutBucketPolicy', { Bucket, Policy: JSON.stringify(wanted) }),
  },
};
