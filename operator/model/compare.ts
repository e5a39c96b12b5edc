import { isDeepStrictEqual } from 'node:util';

/** Equality of lists that AWS treats as sets: it answers them in an order of its own. */
export const sameMembers = (wanted: readonly string[], found: readonly string[]): boolean => {
  const [a, b] = [new Set(wanted), new Set(found)];
  return a.size === b.size && [...a].every((member) => b.has(member));
};

/** The members of one list that the other lacks. */
export const without = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((member) => !other.includes(member));

/** A wanted list, with those members of the one found that pass and are not in it. */
export const sparing =
  <T>(alike: (a: T, b: T) => boolean = isDeepStrictEqual) =>
  (wanted: readonly T[], found: readonly T[], serves: (part: unknown) => boolean): T[] => [
    ...wanted,
    ...found.filter((one) => serves(one) && !wanted.some((other) => alike(other, one))),
  ];

/** AWS treats one string and a list of one alike, and a list as a set. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.length === 1 ? items[0] : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(known.map(([key, part]) => [key, canonical(part)]));
}

/** Whether two documents in AWS's own words mean the same, however they are spelt and ordered. */
export const sameDocument = (a: unknown, b: unknown): boolean => isDeepStrictEqual(canonical(a), canonical(b));
