import type { AnyResourceType } from '../model/resource-type.ts';
import { placesOf, regionOf, usEast1 } from './places.ts';
import type { Entry, Shelf } from './shelf.ts';
import type { Wish } from './wishes.ts';

/** What one store makes the inventory read. */
interface Interest {
  readonly region: string;
  /** By type, the parents below which its resources are listed, with the region of each. */
  readonly parents: Map<string, Map<string, string>>;
}

/** A list that tells of a store: of a whole region, or below one parent. */
interface Reach {
  readonly region: string;
  readonly parent?: string;
}

/** Which lists the stores rest on that are watched, by UID. */
export class Interests {
  readonly #of = new Map<string, Interest>();

  has(uid: string): boolean {
    return this.#of.has(uid);
  }

  add(uid: string, region: string): void {
    this.#of.set(uid, { region, parents: new Map() });
  }

  /** Notes that a store has resources below this parent, if it is watched. */
  addParent(uid: string, { name }: AnyResourceType, region: string, parent: string): void {
    const parents = this.#of.get(uid)?.parents;
    parents?.set(name, (parents.get(name) ?? new Map<string, string>()).set(parent, region));
  }

  remove(uid: string): void {
    this.#of.delete(uid);
  }

  /** The lists of a type that tell of a store. */
  reachOf(uid: string, type: AnyResourceType): Reach[] {
    const interest = this.#of.get(uid);
    if (!interest) return [];
    if (!type.parentOf) return placesOf(type, interest.region).map((region) => ({ region }));
    return [...(interest.parents.get(type.name) ?? [])].map(([parent, region]) => ({ parent, region }));
  }

  /** Whether any list of a type that tells of a store is such. Asked for every type in every pass: it makes nothing. */
  some(uid: string, type: AnyResourceType, is: (region: string, parent?: string) => boolean): boolean {
    const interest = this.#of.get(uid);
    if (!interest) return true;
    const { region, parents } = interest;
    if (!type.parentOf) {
      const place = regionOf(type, region);
      return is(place) || (type.alsoInUsEast1 === true && place !== usEast1 && is(usEast1));
    }
    for (const [parent, place] of parents.get(type.name) ?? []) if (is(place, parent)) return true;
    return false;
  }

  /** Whether any store has anything on a shelf. */
  isHeld(shelf: Shelf): boolean {
    for (const uid of this.#of.keys()) if (shelf.holds(uid)) return true;
    return false;
  }

  /** The lists of a shelf that any store rests on: by parent, `undefined` for the whole. */
  parentsIn({ type, region }: Shelf): ReadonlySet<string | undefined> {
    const watched = new Set<string | undefined>();
    for (const interest of this.#of.values())
      if (type.parentOf) {
        for (const [parent, place] of interest.parents.get(type.name) ?? [])
          if (regionOf(type, place) === region) watched.add(parent);
      } else if (placesOf(type, interest.region).includes(region)) return watched.add(undefined);
    return watched;
  }

  /** What lies on a shelf and is a watched store's. */
  entriesIn(shelf: Shelf): Entry[] {
    return [...shelf.entries()].filter(({ found: { owner } }) => owner && this.#of.has(owner.uid));
  }

  /** Whether any store wants to know what a wish is for. */
  areIn({ shelf, parent }: Wish): boolean {
    return parent === undefined ? this.watchers(shelf).length > 0 : this.parentsIn(shelf).has(parent);
  }

  /** The stores that rest on what is read there, or on the list below one parent. */
  watchers({ type, region: place }: Shelf, parent?: string): string[] {
    const isWatched = ({ region, parents }: Interest): boolean => {
      if (parent === undefined) return placesOf(type, region).includes(place);
      const at = parents.get(type.name)?.get(parent);
      return at !== undefined && regionOf(type, at) === place;
    };
    return [...this.#of].flatMap(([uid, interest]) => (isWatched(interest) ? [uid] : []));
  }
}
