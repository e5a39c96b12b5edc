import type { NodeReport } from '../model/verdict.ts';
import type { Entry } from './shelf.ts';

/** What a report says of a resource that exists. */
export const entryFacts = ({ found, listedAt, detailedAt }: Entry): Pick<NodeReport, 'id' | 'readAt'> => ({
  id: found.id,
  readAt: detailedAt === undefined ? listedAt : Math.min(listedAt ?? Infinity, detailedAt),
});
