import type { Random } from '../../../simulator/random.ts';

/** Says a text in the words of every run: what AWS drew by lot, or what the clock showed, is masked. */
export type Mask = (text: string) => string;

/** Shorter texts are parts of what has a shape of its own: UUIDs. */
const shortest = 6;
/** So long is the part of an id that AWS draws for a database that its host name carries. */
const inHostNames = 12;

/**
 * Listens to what worlds draw by lot from now on: ids, labels, ETags, secrets. They differ between any two runs, and
 * mean nothing; whoever compares runs reads them as `#`.
 */
export function maskOf(...worlds: readonly Random[]): Mask {
  const drawn = new Set<string>();
  const heard = (one: string): string => {
    if (one.length < shortest) return one;
    drawn.add(one).add(one.toLowerCase());
    if (one.length > inHostNames) drawn.add(one.slice(0, inHostNames).toLowerCase());
    return one;
  };
  for (const random of worlds) {
    const text = random.text.bind(random);
    random.text = (alphabet, length) => heard(text(alphabet, length));
  }
  // A prefix may stand before it: `E…` of a distribution, `AROA…` of a role.
  const isDrawn = (word: string): boolean => [0, 1, 4].some((prefix) => drawn.has(word.slice(prefix)));
  return (said) =>
    said
      .replace(/\b\d{4}-\d\d-\d\d[T ][\d:.]+(Z| GMT)/g, 'a moment')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#')
      .replace(/\b\d+\.\d+\.\d+\.\d+\b(?!\/)/g, '#')
      .replace(/\b_?[0-9a-f]{10,}\b/g, '#')
      .replace(/[0-9A-Za-z]{6,}/g, (word) => (isDrawn(word) ? '#' : word));
}
