import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind, World } from '../core/world.ts';

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: number;
  readonly ownership: string | undefined;
  readonly versioning: 'Enabled' | 'Suspended' | undefined;
  readonly block: PublicAccessBlock | undefined;
  readonly policy: string | undefined;
  readonly encryption: readonly object[];
  readonly lifecycle: { readonly rules: readonly object[]; readonly smallestMoved: string } | undefined;
  readonly cors: readonly object[] | undefined;
  readonly logging: object | undefined;
  readonly tags: TagMap;
}

/** One version of an object, or the marker that it was deleted. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** `null` where the bucket was not versioned when it was written. */
  readonly versionId: string;
  readonly isMarker: boolean;
  readonly at: number;
  readonly body: Uint8Array;
  readonly etag: string;
  readonly contentType: string | undefined;
}

/** A name that nobody may take: another account's bucket has it, or it was deleted a moment ago. */
export interface TakenName {
  readonly name: string;
  readonly why: 'elsewhere' | 'deleted';
}

export const buckets: Kind<Bucket> = { type: 's3/bucket', tags: ({ tags }) => tags };
/** In the ledger the bucket stands for all that is in it. */
export const versions: Kind<ObjectVersion> = { type: 's3/object-version', tags: () => ({}), exists: () => false };
export const accountBlocks: Kind<PublicAccessBlock> = {
  type: 's3/account-block',
  tags: () => ({}),
  exists: () => false,
};
export const takenNames: Kind<TakenName> = { type: 's3/taken-name', tags: () => ({}), exists: () => false };

/** Names of buckets are one space over all regions. */
export const everyBucket = (world: World): Bucket[] =>
  world.regions.flatMap((region) => world.collection(region, buckets).all());

export interface OfBucket {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
}

/** The bucket that a call is about: asked of another region than its own, it is redirected. */
export function bucketOf(request: Request, { Bucket, ExpectedBucketOwner = request.account }: OfBucket): Bucket {
  const found = everyBucket(request.world).find(({ name }) => name === Bucket);
  const elsewhere = request.world.collection('global', takenNames).get(Bucket)?.why === 'elsewhere';
  if (elsewhere || (found && ExpectedBucketOwner !== request.account))
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  if (!found) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  if (found.region !== request.region)
    throw new AwsError(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      301,
    );
  return found;
}

export const changeBucket = (request: Request, input: OfBucket, part: Partial<Bucket>): void => {
  request.in(buckets).change(bucketOf(request, input).name, part);
};
