import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import type { Kind, World } from '../core/world.ts';

/** IAM has no regions. */
export const global = <T extends object>(request: Request, kind: Kind<T>): Collection<T> =>
  request.world.collection('global', kind);

export const noEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);

/** IAM answers documents URL-encoded by RFC 3986. */
export const encoded = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Refuses what is no policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export function checkDocument(text: string): void {
  const bad = (why: string): AwsError => new AwsError('MalformedPolicyDocument', why);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw bad(`This policy contains invalid Json (${error instanceof Error ? error.message : ''})`);
  }
  const { Statement } = (document ?? {}) as { Statement?: unknown };
  const statements = Array.isArray(Statement) ? (Statement as unknown[]) : [Statement];
  for (const statement of statements) {
    const { Effect, Action, NotAction } = (statement ?? {}) as Record<string, unknown>;
    if (Effect !== 'Allow' && Effect !== 'Deny') throw bad('Syntax errors in policy: Effect is missing.');
    if (Action === undefined && NotAction === undefined) throw bad('Policy statement must contain actions.');
  }
}

export interface Marked {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** A page as IAM has them. */
export function markerPage<T>(world: World, all: readonly T[], { Marker, MaxItems }: Marked) {
  const { items, next } = pageOf(world, all, { token: Marker, size: MaxItems, most: 100 });
  return { items, IsTruncated: next !== undefined, Marker: next };
}
