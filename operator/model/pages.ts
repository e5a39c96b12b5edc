/** Follows an AWS listing to its last page: `read` is given the token of the page, undefined for the first. */
export async function* pages<T extends object>(
  read: (token: string | undefined) => Promise<T>,
  next: (page: T) => string | undefined,
): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    const page: T = await read(token);
    yield page;
    token = next(page) || undefined;
  } while (token !== undefined);
}

/** A list in parts of so many at most, for calls that take no more. */
export const batches = <T>(list: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / most) }, (_, at) => list.slice(at * most, (at + 1) * most));
