import { AwsError } from './aws-error.ts';
import type { World } from './world.ts';

export interface PageRequest {
  readonly token: string | undefined;
  readonly size: number | undefined;
  /** The largest page, and the usual one. */
  readonly most: number;
  readonly badToken?: AwsError;
}

/** One page of a list, and the token of the next one. */
export function pageOf<T>(
  world: World,
  all: readonly T[],
  page: PageRequest,
): { items: T[]; next: string | undefined } {
  const start = page.token === undefined ? 0 : offsetOf(page);
  const size = Math.min(page.size ?? page.most, page.most, world.pageSize);
  const items = all.slice(start, start + size);
  const next = start + size < all.length ? tokenOf(start + size) : undefined;
  return { items, next };
}

const tokenOf = (offset: number): string => Buffer.from(`page:${offset}`).toString('base64');

function offsetOf({ token, badToken }: PageRequest): number {
  const matched = /^page:(\d+)$/.exec(Buffer.from(token as string, 'base64').toString());
  if (!matched) throw badToken ?? new AwsError('InvalidNextToken', `The token '${token}' is invalid`);
  return Number(matched[1]);
}
