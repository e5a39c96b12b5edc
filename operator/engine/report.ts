import type { NodeReport } from '../model/verdict.ts';
import type { Entry } from './shelf.ts';

/** What a report says of a resource that exists. */
export const entryFacts = (entry: Entry): Pick<NodeReport, 'id' | 'readAt'> => ({
  id: entry.found.id,
  readAt: readAt(entry),
});

/** What it is said to be was read then, or was told by a list since to be unchanged. */
const readAt = (entry: Entry): number | undefined => {
  const { listedAt, detailedAt } = entry;
  if (detailedAt === undefined || entry.detailsLast) return listedAt;
  return Math.min(listedAt ?? Infinity, detailedAt);
};
