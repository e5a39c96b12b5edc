/** Equality of lists that AWS treats as sets: it answers them in an order of its own. */
export const sameMembers = (wanted: readonly string[], found: readonly string[]): boolean => {
  const [a, b] = [new Set(wanted), new Set(found)];
  return a.size === b.size && [...a].every((member) => b.has(member));
};

/** The members of one list that the other lacks. */
export const without = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((member) => !other.includes(member));
