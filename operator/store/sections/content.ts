import type { Handle } from '../../model/graph.ts';
import { handle } from '../../model/graph.ts';
import type { NodeId, Ref } from '../../model/ref.ts';
import { originAccessControl } from '../../resources/cloudfront/origin-access-control.ts';
import type { BucketOutputs } from '../../resources/s3/bucket-props.ts';
import { bucket } from '../../resources/s3/bucket.ts';
import type { Site } from '../site.ts';
import type { BucketOrigin } from './cdn.ts';
import { allow, publish, type Offer } from './offer.ts';

type ContentSpec = NonNullable<Site['spec']['content']>;

const id: NodeId = 'content/bucket';

/** The bucket of the store. Nobody reaches it but the application, and the distribution where there is one. */
export function composeContent(site: Site, distributionArn: Ref<string> | undefined): Offer {
  const { graph, spec } = site;
  const content = spec.content as ContentSpec;
  const made = graph.add(
    bucket,
    id,
    {
      region: spec.region,
      publicAccessBlocked: true,
      aclsDisabled: true,
      policy: policyOf(handle<BucketOutputs>(id), distributionArn),
      versioning: content.versioning,
      encryption: 'AES256',
      lifecycle: lifecycleOf(content),
      cors: corsOf(content),
    },
    {
      adopt: content.adopt,
      specFields: {
        ...(content.adopt === undefined ? {} : { adopt: 'spec.content.adopt' }),
        lifecycle: 'spec.content.lifecycle',
        cors: 'spec.content.cors',
      },
    },
  );
  return {
    parameters: [publish(site, 'content', 'content/bucket', made.out('bucketName'), 'Name of the bucket')],
    policies: {
      'content-objects': allow(
        ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        [made.out('objectsArn')],
      ),
      'content-list': allow(['s3:ListBucket', 's3:GetBucketLocation'], [made.out('bucketArn')]),
    },
  };
}

/** Where the distribution finds the bucket, and how it proves itself there. */
export function contentOrigin({ graph, spec }: Site): BucketOrigin | undefined {
  if (!spec.content) return undefined;
  const access = graph.add(originAccessControl, 'cdn/access-control', { originType: 's3', signing: 'always' });
  return {
    domainName: handle<BucketOutputs>(id).out('regionalDomainName'),
    originAccessControlId: access.out('originAccessControlId'),
  };
}

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html.
 * CloudFront may list as well, or a file that is missing would be told as forbidden.
 */
const policyOf = (own: Handle<BucketOutputs>, distributionArn: Ref<string> | undefined) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [own.out('bucketArn'), own.out('objectsArn')],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    ...(distributionArn
      ? [
          {
            Sid: 'Distribution',
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Action: ['s3:GetObject', 's3:ListBucket'],
            Resource: [own.out('bucketArn'), own.out('objectsArn')],
            Condition: { StringEquals: { 'AWS:SourceArn': distributionArn } },
          },
        ]
      : []),
  ],
});

/**
 * A marker stays when the versions that it hid are gone, until a rule takes markers: one that says no days.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html#lifecycle-config-conceptual-ex7
 */
const lifecycleOf = ({ lifecycle }: ContentSpec) => [
  {
    ID: 'tidy',
    Status: 'Enabled' as const,
    Filter: { Prefix: '' },
    Expiration: { ExpiredObjectDeleteMarker: true },
    NoncurrentVersionExpiration: { NoncurrentDays: lifecycle.noncurrentVersionDays },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: lifecycle.abortUploadDays },
  },
  ...lifecycle.expire.map(({ prefix, days }) => ({
    ID: `expire ${prefix}`,
    Status: 'Enabled' as const,
    Filter: { Prefix: prefix },
    Expiration: { Days: days },
  })),
];

const corsOf = ({ cors }: ContentSpec) =>
  cors.map(({ origins, methods = ['GET', 'HEAD'], headers = [], exposeHeaders = [], maxAgeSeconds = 3600 }) => ({
    AllowedOrigins: [...origins],
    AllowedMethods: [...methods],
    ...(headers.length > 0 ? { AllowedHeaders: [...headers] } : {}),
    ...(exposeHeaders.length > 0 ? { ExposeHeaders: [...exposeHeaders] } : {}),
    MaxAgeSeconds: maxAgeSeconds,
  }));
