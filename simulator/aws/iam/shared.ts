import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import type { Kind, World } from '../core/world.ts';

/** IAM has no regions. */
export const global = <T extends object>(request: Request, kind: Kind<T>): Collection<T> =>
  request.world.collection('global', kind);

/** As lists tell it: the world as it was a read lag ago. */
export const seen = <T extends object>(request: Request, kind: Kind<T>): T[] => {
  const { readLagMillis } = request.world;
  return global(request, kind).asOf(readLagMillis > 0 ? request.now - readLagMillis : Infinity);
};

export const noEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);

/** IAM answers documents URL-encoded by RFC 3986. */
export const encoded = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export interface Marked {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** A page as IAM has them. */
export function markerPage<T>(world: World, all: readonly T[], { Marker, MaxItems = 100 }: Marked, most = 100) {
  const { items, next } = pageOf(world, all, { token: Marker, size: MaxItems, most });
  return { items, IsTruncated: next !== undefined, Marker: next };
}
