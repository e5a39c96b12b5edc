import { AwsError } from './aws-error.ts';
import type { World } from './world.ts';

export interface PageRequest {
  readonly token: string | undefined;
  readonly size: number | undefined;
  /** The largest page, and the usual one. */
  readonly most: number;
  /** What a token is refused with that is none of ours; made only then. */
  readonly badToken?: () => AwsError;
}

/**
 * One page of a list, and the token of the next one. A token continues the list as it was when its first page was told:
 * what is made and removed meanwhile moves nothing from page to page.
 */
export function pageOf<T>(
  world: World,
  all: readonly T[],
  page: PageRequest,
): { items: T[]; next: string | undefined } {
  const { list, start } = page.token === undefined ? { list: all, start: 0 } : continued<T>(world, page);
  const size = Math.min(page.size ?? page.most, page.most, world.pageSize);
  const items = list.slice(start, start + size);
  const next = start + size < list.length ? tokenOf(world.continued.keep(list), start + size) : undefined;
  return { items, next };
}

const tokenOf = (list: number, start: number): string => Buffer.from(`page:${list}:${start}`).toString('base64');

function continued<T>(world: World, { token, badToken }: PageRequest): { list: readonly T[]; start: number } {
  const [, number, start] = /^page:(\d+):(\d+)$/.exec(Buffer.from(token as string, 'base64').toString()) ?? [];
  const list = world.continued.get(Number(number)) as readonly T[] | undefined;
  if (!list) throw badToken?.() ?? new AwsError('InvalidNextToken', `The token '${token}' is invalid`);
  return { list, start: Number(start) };
}

/** The lists of which pages are still to be told; of very many only the younger ones. */
export class ContinuedLists {
  readonly #lists = new Map<number, readonly unknown[]>();
  readonly #numbers = new WeakMap<readonly unknown[], number>();
  #last = 0;

  keep(list: readonly unknown[]): number {
    const known = this.#numbers.get(list);
    if (known !== undefined) return known;
    const number = ++this.#last;
    this.#numbers.set(list, number);
    this.#lists.set(number, list);
    this.#lists.delete(number - mostLists);
    return number;
  }

  get(number: number): readonly unknown[] | undefined {
    return this.#lists.get(number);
  }
}

const mostLists = 1_000;
