import { bucket } from '../../operator/resources/s3/bucket.ts';
import { byUpdate } from './by-update.ts';
import { alwaysSet, driftsOf, fixedInAws, flag, notInAws, oneValue, type Drift } from './drift.ts';
import type { Place } from './place.ts';

const made = byUpdate(bucket, 'content/bucket');
const named = (place: Place) => ({ Bucket: place.id('content/bucket') });

/** By a call that we never make. */
const taken = (what: string, operation: string): Drift => ({
  what,
  make: (place) => place.world.other('s3', operation, named(place)),
});

/** What everybody may read, as far as a policy is concerned. */
const forAll = (name: string) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${name}/*`,
  Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
});

export const bucketDrifts = driftsOf(bucket, {
  in: 'edge',
  node: 'content/bucket',
  properties: {
    region: fixedInAws('s3', 'Bucket', 'LocationConstraint'),
    publicAccessBlocked: {
      changed: made('one block of four taken away', 'publicAccessBlocked', () => false, { exposes: true }),
      removed: { ...taken('taken away', 'DeletePublicAccessBlock'), exposes: true },
      extra: notInAws('there are four'),
    },
    aclsDisabled: {
      changed: made('ACLs count again', 'aclsDisabled', () => false),
      removed: taken('no longer said', 'DeleteBucketOwnershipControls'),
      extra: oneValue,
    },
    policy: {
      changed: made('another account may read', 'policy', (has, place) => ({
        ...has,
        Statement: [forAll(place.id('content/bucket'))],
      })),
      removed: taken('none', 'DeleteBucketPolicy'),
      extra: made('another account may read as well', 'policy', (has, place) => ({
        ...has,
        Statement: [...(has['Statement'] as object[]), forAll(place.id('content/bucket'))],
      })),
    },
    versioning: flag(made('suspended', 'versioning', () => false)),
    encryption: {
      changed: made('by a key of KMS', 'encryption', () => 'aws:kms'),
      removed: alwaysSet,
      extra: oneValue,
    },
    lifecycle: {
      changed: made('old versions go after a day', 'lifecycle', (has) =>
        has.map((one) => ({
          ...one,
          ...(one.ID === 'tidy' ? { NoncurrentVersionExpiration: { NoncurrentDays: 1 } } : {}),
        })),
      ),
      removed: taken('none', 'DeleteBucketLifecycle'),
      extra: made('everything goes after a day', 'lifecycle', (has) => [
        ...has,
        { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } },
      ]),
    },
    cors: {
      changed: made('another site may ask', 'cors', (has) =>
        has.map((one) => ({ ...one, AllowedOrigins: ['https://elsewhere.example.com'] })),
      ),
      removed: made('none', 'cors', () => []),
      extra: made('another site may ask as well', 'cors', (has) => [
        ...has,
        { AllowedOrigins: ['https://elsewhere.example.com'], AllowedMethods: ['GET'] },
      ]),
    },
  },
  deleted: {
    what: 'not made anew, empty: people are told, and choose',
    ends: 'stalled',
    make: (place) => place.call('s3')('DeleteBucket', named(place)),
    awsMinutes: 1,
    writes: 0,
  },
});
