import { durations } from '../durations.ts';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { bucketOf, buckets, everyBucket, takenNames, versions, type OfBucket } from './kinds.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  const isReserved = /^(\d+\.){3}\d+$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(
    name,
  );
  if (!wellFormed || isReserved) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
}

/** "S3 stores new objects encrypted with SSE-S3 by default", since January 2023. */
export const standardEncryption = [
  { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
];

interface Create {
  readonly Bucket: string;
  readonly ObjectOwnership?: string;
  readonly CreateBucketConfiguration?: { readonly LocationConstraint?: string; readonly Tags?: TagPair[] };
}

/** Since April 2023 new buckets have all public access blocked, and no ACLs. */
function create({ Bucket: name, ObjectOwnership, CreateBucketConfiguration: wanted = {} }: Create, request: Request) {
  checkName(name);
  const { LocationConstraint: constraint, Tags } = wanted;
  // us-east-1 is meant by leaving it out, and only so.
  if (constraint === 'us-east-1')
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid');
  if (constraint === undefined && request.region !== 'us-east-1')
    throw new AwsError(
      'IllegalLocationConstraintException',
      'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
    );
  if (constraint !== undefined && constraint !== request.region)
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  const taken = request.world.collection('global', takenNames).get(name)?.why;
  if (taken === 'deleted')
    throw new AwsError(
      'OperationAborted',
      'A conflicting conditional operation is currently in progress against this resource. Please try again.',
      409,
    );
  if (taken)
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      409,
    );
  const all = everyBucket(request.world);
  const own = all.find((bucket) => bucket.name === name);
  // "For legacy compatibility, if you re-create an existing bucket that you already own in us-east-1, S3 returns 200 OK".
  if (own && !(own.region === 'us-east-1' && request.region === 'us-east-1'))
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
    );
  if (!own) {
    request.withinQuota(
      'General purpose buckets',
      10_000,
      all.length,
      'TooManyBuckets',
      'You have attempted to create more buckets than allowed',
    );
    request.in(buckets).put(name, {
      name,
      region: request.region,
      createdAt: request.now,
      ownership: ObjectOwnership ?? 'BucketOwnerEnforced',
      versioning: undefined,
      block: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
      policy: undefined,
      encryption: standardEncryption,
      lifecycle: undefined,
      cors: undefined,
      logging: undefined,
      tags: toTagMap(Tags),
    });
  }
  return {
    Location: request.region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
    BucketArn: `arn:aws:s3:::${name}`,
  };
}

function remove(input: OfBucket, request: Request): void {
  const { name } = bucketOf(request, input);
  if (
    request
      .in(versions)
      .all()
      .some(({ bucket }) => bucket === name)
  )
    throw new AwsError(
      'BucketNotEmpty',
      'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
      409,
    );
  request.in(buckets).remove(name);
  const { world } = request;
  world.collection('global', takenNames).put(name, { name, why: 'deleted' });
  world.schedule(durations.bucketNameReserved, () => world.collection('global', takenNames).remove(name));
}

interface List {
  readonly MaxBuckets?: number;
  readonly ContinuationToken?: string;
  readonly Prefix?: string;
  readonly BucketRegion?: string;
}

/** In the order of their names, of all regions unless one is asked for. */
function list({ MaxBuckets, ContinuationToken, Prefix = '', BucketRegion }: List, { world, now, account }: Request) {
  const moment = world.readLagMillis > 0 ? now - world.readLagMillis : Infinity;
  const all = world.regions
    .filter((region) => BucketRegion === undefined || region === BucketRegion)
    .flatMap((region) => world.collection(region, buckets).asOf(moment))
    .filter(({ name }) => name.startsWith(Prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const badToken = () => new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
  const { items, next } = pageOf(world, all, { token: ContinuationToken, size: MaxBuckets, most: 10_000, badToken });
  return {
    Buckets: items.map(({ name, region, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt),
      BucketRegion: region,
      BucketArn: `arn:aws:s3:::${name}`,
    })),
    Owner: { ID: account.padEnd(64, '0') },
    ContinuationToken: next,
    ...(Prefix ? { Prefix } : {}),
  };
}

export const bucketOperations: Operations = {
  CreateBucket: create,
  DeleteBucket: remove,
  ListBuckets: list,
  HeadBucket: (input: OfBucket, request) => ({ BucketRegion: bucketOf(request, input).region }),
  GetBucketLocation: (input: OfBucket, request) => {
    const { region } = bucketOf(request, input);
    return { LocationConstraint: region === 'us-east-1' ? undefined : region };
  },
};
