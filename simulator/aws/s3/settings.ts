import { AwsError } from '../core/aws-error.ts';
import type { Operations } from '../core/request.ts';
import { toTagMap, toTagPairs, type TagPair } from '../core/tags.ts';
import { standardEncryption } from './buckets.ts';
import { bucketOf, buckets, changeBucket, everyBucket, type OfBucket, type PublicAccessBlock } from './kinds.ts';
import { blockOn, isPublic } from './public.ts';

/** What is not set is no empty answer, but an error of its own. */
function set<T>(value: T | undefined, code: string, message: string): T {
  if (value === undefined) throw new AwsError(code, message, 404);
  return value;
}

function checkedPolicy(Policy: string): string {
  let told: { Statement?: unknown };
  try {
    told = JSON.parse(Policy) as { Statement?: unknown };
  } catch {
    throw new AwsError('MalformedPolicy', 'This policy contains invalid Json');
  }
  if (!told.Statement) throw new AwsError('MalformedPolicy', 'Missing required field Statement');
  return Policy;
}

interface LifecycleRule {
  readonly Expiration?: {
    readonly Days?: number;
    readonly Date?: Date;
    readonly ExpiredObjectDeleteMarker?: boolean;
  };
}

/** Objects go after days, at a date, or as markers that hide nothing any more: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html */
function checkLifecycle(rules: readonly LifecycleRule[]): void {
  const ways = ({ Days, Date, ExpiredObjectDeleteMarker }: NonNullable<LifecycleRule['Expiration']>) =>
    [Days, Date, ExpiredObjectDeleteMarker].filter((way) => way !== undefined).length;
  if (rules.some(({ Expiration }) => Expiration && ways(Expiration) !== 1))
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
}

interface CorsRule {
  readonly AllowedOrigins?: readonly string[];
  readonly AllowedHeaders?: readonly string[];
}

/** One star each: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html */
function checkCors(rules: readonly CorsRule[]): void {
  for (const { AllowedOrigins = [], AllowedHeaders = [] } of rules)
    for (const [what, values] of Object.entries({ AllowedOrigin: AllowedOrigins, AllowedHeader: AllowedHeaders })) {
      const wrong = values.find((value) => value.split('*').length > 2);
      if (wrong !== undefined)
        throw new AwsError('InvalidRequest', `${what} "${wrong}" can not have more than one wildcard.`);
    }
}

type With<K extends string, T> = OfBucket & Readonly<Record<K, T>>;
type Rules<R = object> = { readonly Rules: readonly R[] };

export const settingOperations: Operations = {
  PutPublicAccessBlock: (input: With<'PublicAccessBlockConfiguration', Partial<PublicAccessBlock>>, request) => {
    const off = {
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    };
    changeBucket(request, input, { block: { ...off, ...input.PublicAccessBlockConfiguration } });
  },
  GetPublicAccessBlock: (input: OfBucket, request) => ({
    PublicAccessBlockConfiguration: set(
      bucketOf(request, input).block,
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
    ),
  }),
  DeletePublicAccessBlock: (input: OfBucket, request) => changeBucket(request, input, { block: undefined }),

  PutBucketPolicy: (input: With<'Policy', string>, request) => {
    const policy = checkedPolicy(input.Policy);
    if (blockOn(request.world, bucketOf(request, input)).BlockPublicPolicy && isPublic(policy))
      throw new AwsError(
        'AccessDenied',
        'User is not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the BlockPublicPolicy block public access setting.',
        403,
      );
    changeBucket(request, input, { policy });
  },
  GetBucketPolicy: (input: OfBucket, request) => ({
    Policy: set(bucketOf(request, input).policy, 'NoSuchBucketPolicy', 'The bucket policy does not exist'),
  }),
  GetBucketPolicyStatus: (input: OfBucket, request) => {
    const policy = set(bucketOf(request, input).policy, 'NoSuchBucketPolicy', 'The bucket policy does not exist');
    return { PolicyStatus: { IsPublic: isPublic(policy) } };
  },
  DeleteBucketPolicy: (input: OfBucket, request) => changeBucket(request, input, { policy: undefined }),

  PutBucketVersioning: (input: With<'VersioningConfiguration', { Status?: 'Enabled' | 'Suspended' }>, request) =>
    changeBucket(request, input, { versioning: input.VersioningConfiguration.Status }),
  GetBucketVersioning: (input: OfBucket, request) => ({ Status: bucketOf(request, input).versioning }),

  PutBucketEncryption: (input: With<'ServerSideEncryptionConfiguration', Rules>, request) =>
    changeBucket(request, input, {
      encryption: input.ServerSideEncryptionConfiguration.Rules.map((rule) => ({ BucketKeyEnabled: false, ...rule })),
    }),
  GetBucketEncryption: (input: OfBucket, request) => ({
    ServerSideEncryptionConfiguration: { Rules: bucketOf(request, input).encryption },
  }),
  DeleteBucketEncryption: (input: OfBucket, request) =>
    changeBucket(request, input, { encryption: standardEncryption }),

  /** Unless it is told otherwise, S3 moves nothing of less than 128 KB: since September 2024, in any class of storage. */
  PutBucketLifecycleConfiguration: (
    {
      TransitionDefaultMinimumObjectSize: smallestMoved = 'all_storage_classes_128K',
      ...input
    }: With<'LifecycleConfiguration', Rules<LifecycleRule>> & { TransitionDefaultMinimumObjectSize?: string },
    request,
  ) => {
    checkLifecycle(input.LifecycleConfiguration.Rules);
    changeBucket(request, input, { lifecycle: { rules: input.LifecycleConfiguration.Rules, smallestMoved } });
    return { TransitionDefaultMinimumObjectSize: smallestMoved };
  },
  GetBucketLifecycleConfiguration: (input: OfBucket, request) => {
    const { rules, smallestMoved } = set(
      bucketOf(request, input).lifecycle,
      'NoSuchLifecycleConfiguration',
      'The lifecycle configuration does not exist',
    );
    return { Rules: rules, TransitionDefaultMinimumObjectSize: smallestMoved };
  },
  DeleteBucketLifecycle: (input: OfBucket, request) => changeBucket(request, input, { lifecycle: undefined }),

  PutBucketCors: (input: With<'CORSConfiguration', { CORSRules: readonly CorsRule[] }>, request) => {
    checkCors(input.CORSConfiguration.CORSRules);
    changeBucket(request, input, { cors: input.CORSConfiguration.CORSRules });
  },
  GetBucketCors: (input: OfBucket, request) => ({
    CORSRules: set(bucketOf(request, input).cors, 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  }),
  DeleteBucketCors: (input: OfBucket, request) => changeBucket(request, input, { cors: undefined }),

  PutBucketLogging: (input: With<'BucketLoggingStatus', { LoggingEnabled?: { TargetBucket: string } }>, request) => {
    const { LoggingEnabled } = input.BucketLoggingStatus;
    const target = everyBucket(request.world).find(({ name }) => name === LoggingEnabled?.TargetBucket);
    if (LoggingEnabled && target?.region !== request.region)
      throw new AwsError(
        'InvalidTargetBucketForLogging',
        'The target bucket for logging does not exist, is not owned by you, or does not have the appropriate grants for the log-delivery group.',
      );
    changeBucket(request, input, { logging: LoggingEnabled });
  },
  GetBucketLogging: (input: OfBucket, request) => ({ LoggingEnabled: bucketOf(request, input).logging }),

  PutBucketOwnershipControls: (
    input: With<'OwnershipControls', { Rules: readonly { ObjectOwnership: string }[] }>,
    request,
  ) => changeBucket(request, input, { ownership: input.OwnershipControls.Rules[0]?.ObjectOwnership }),
  GetBucketOwnershipControls: (input: OfBucket, request) => ({
    OwnershipControls: {
      Rules: [
        {
          ObjectOwnership: set(
            bucketOf(request, input).ownership,
            'OwnershipControlsNotFoundError',
            'The bucket ownership controls were not found',
          ),
        },
      ],
    },
  }),
  DeleteBucketOwnershipControls: (input: OfBucket, request) => changeBucket(request, input, { ownership: undefined }),

  PutBucketTagging: (input: With<'Tagging', { TagSet: TagPair[] }>, request) =>
    changeBucket(request, input, { tags: toTagMap(input.Tagging.TagSet) }),
  GetBucketTagging: (input: OfBucket, request) => {
    const { name } = bucketOf(request, input);
    const pairs = toTagPairs(request.in(buckets).get(name)?.tags ?? {});
    return { TagSet: set(pairs.length > 0 ? pairs : undefined, 'NoSuchTagSet', 'The TagSet does not exist') };
  },
  DeleteBucketTagging: (input: OfBucket, request) => changeBucket(request, input, { tags: {} }),
};
