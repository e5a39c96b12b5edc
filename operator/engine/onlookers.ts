import type { Beat } from '../model/resource-type.ts';
import type { Interests } from './interests.ts';
import { isByBeat } from './reader.ts';
import type { Settings } from './settings.ts';
import type { Entry, Shelf } from './shelf.ts';
import { all, type Wish } from './wishes.ts';

/** A store that a reading tells of, and from when on it is blind without a younger one. */
export interface Onlooker {
  readonly uid: string;
  readonly blindFrom: number;
}

/** One reading may fail, and the next; what is older than that is no knowledge of AWS any more. */
const beatsWithoutSight = 3;

/** From when on what was read at a time is no knowledge any more; what was never read is none. */
export const blindFrom = ({ beats }: Settings, beat: Beat, readAt = -Infinity): number =>
  readAt + beatsWithoutSight * beats[beat];

/** The time from which the details of an entry grow old. */
export const detailsFrom = (shelf: Shelf, { found, detailedAt, createdAt }: Entry): number | undefined =>
  detailedAt ?? createdAt ?? shelf.reading(shelf.type.parentOf?.(found.props))?.begun;

/**
 * Whom a reading keeps from seeing something for as long as it fails: who rests on a list, or owns what has details.
 * `shelves` are those that it fills. What is read by name beside a list keeps nobody: its list tells it as well.
 */
export function onlookers(
  wish: Wish,
  shelves: readonly Shelf[],
  { interests, settings }: { readonly interests: Interests; readonly settings: Settings },
): Onlooker[] {
  const { parent, id, ids, fields } = wish;
  if (ids || fields) return [];
  const owners = (entries: readonly (Entry | undefined)[], since: (entry: Entry) => number): Onlooker[] =>
    entries.flatMap((entry) => (entry?.found.owner ? [{ uid: entry.found.owner.uid, blindFrom: since(entry) }] : []));
  return shelves.flatMap((shelf) => {
    const { beat } = shelf.type;
    if (id !== undefined)
      return owners(id === all ? interests.entriesIn(shelf) : [shelf.get(id)], (entry) =>
        blindFrom(settings, 'settings', detailsFrom(shelf, entry)),
      );
    if (isByBeat(wish))
      return owners(interests.entriesIn(shelf), ({ listedAt, createdAt }) =>
        blindFrom(settings, beat, listedAt ?? createdAt),
      );
    const from = blindFrom(settings, beat, shelf.reading(parent)?.begun);
    return interests.watchers(shelf, parent).map((uid) => ({ uid, blindFrom: from }));
  });
}

/** The stores that are blind by now, and were not yet at `since`. */
export const blindAt = (these: readonly Onlooker[], now: number, since = -Infinity): Set<string> =>
  new Set(these.flatMap((one) => (one.blindFrom >= since && one.blindFrom < now ? [one.uid] : [])));
