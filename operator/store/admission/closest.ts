/** The known word that was most likely meant, or undefined when none is near. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const begun = known.find((candidate) => word.length > 2 && candidate.toLowerCase().startsWith(word.toLowerCase()));
  if (begun !== undefined) return begun;
  const near = known
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= Math.max(1, Math.floor(Math.min(word.length, candidate.length) / 3)))
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.candidate;
}

/** How many letters must be added, dropped or changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries())
      next.push(
        Math.min(
          (next[column] as number) + 1,
          (row[column + 1] as number) + 1,
          (row[column] as number) + (letter === other ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) as number;
}
