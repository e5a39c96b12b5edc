import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import { toTagMap, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

/** What is changed only by who has read it last: every change makes another ETag. */
export interface Versioned {
  readonly id: string;
  readonly etag: string;
}

/** CloudFront has no regions. */
export const global = <T extends object>(request: Request, kind: Kind<T>): Collection<T> =>
  request.world.collection('global', kind);

/** As lists tell it: the world as it was a read lag ago. */
const seen = <T extends object>(request: Request, kind: Kind<T>): T[] => {
  const { readLagMillis, shuffleLists, random } = request.world;
  const all = global(request, kind).asOf(readLagMillis > 0 ? request.now - readLagMillis : Infinity);
  return shuffleLists ? random.shuffled(all) : all;
};

export const newId = (request: Request, prefix = 'E'): string =>
  prefix + request.world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 13);

export const arnOf = (request: Request, resource: string): string => request.arn(resource, 'cloudfront', '');

/** Refuses a change of what has changed since it was read. */
export function checkVersion({ etag }: Versioned, ifMatch: string | undefined): void {
  if (ifMatch === undefined)
    throw new AwsError(
      'InvalidIfMatchVersion',
      'The If-Match version is missing or not valid for the specified resource.',
    );
  if (ifMatch !== etag)
    throw new AwsError(
      'PreconditionFailed',
      'The request failed because it did not meet the preconditions in one or more request-header fields.',
      412,
    );
}

export interface Paged {
  readonly Marker?: string;
  readonly MaxItems?: string | number;
}

/** A page as CloudFront has them. */
export function listPage<T extends object>(
  request: Request,
  kind: Kind<T>,
  { Marker = '', MaxItems }: Paged,
  told: (one: T) => object,
) {
  const size = MaxItems === undefined ? undefined : Number(MaxItems);
  const page = { token: Marker === '' ? undefined : Marker, size, most: 100 };
  const { items, next } = pageOf(request.world, seen(request, kind), page);
  return {
    Marker,
    MaxItems: size ?? 100,
    IsTruncated: next !== undefined,
    Quantity: items.length,
    ...(items.length > 0 ? { Items: items.map(told) } : {}),
    ...(next === undefined ? {} : { NextMarker: next }),
  };
}

export interface TagsInput {
  readonly Items?: readonly TagPair[];
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tagging.html: what tags may be. */
export function tagsGiven({ Items = [] }: TagsInput = {}): TagMap {
  const tags = toTagMap(Items);
  const bad = Object.keys(tags).some((key) => key.startsWith('aws:')) || Items.length > 50;
  if (bad || Object.keys(tags).length < Items.length)
    throw new AwsError('InvalidTagging', 'The tagging specified is not valid.');
  return tags;
}
