import { asFault, type Fault } from '../model/faults.ts';
import type { Owner } from '../model/identity.ts';
import type { Clock, Cloud } from '../model/ports.ts';
import {
  isLookup,
  type AnyLookupType,
  type AnyResourceType,
  type AnyType,
  type Beat,
  type Registry,
} from '../model/resource-type.ts';
import { Interests } from './interests.ts';
import { Lookups } from './lookups.ts';
import { blindAt, blindFrom, detailsFrom, onlookers, type Onlooker } from './onlookers.ts';
import { isStall, pauseAfter } from './order.ts';
import { placesOf, regionOf } from './places.ts';
import { kindOf, Reader } from './reader.ts';
import type { Settings } from './settings.ts';
import { Shelf, type Entry } from './shelf.ts';
import { isOfAll, partOf, tells, type Part, type Wish } from './wishes.ts';

/** How well a type is known in a region, for metrics. */
export interface Sight {
  readonly type: string;
  readonly region: string;
  readonly found: number;
  /** Of the oldest reading that counts. */
  readonly ageMillis: number;
}

/** What a sweep cost, for metrics. */
export interface Sweep {
  readonly type: string;
  readonly region: string;
  readonly kind: 'list' | 'named' | 'detail' | 'lookup';
  readonly found: number;
  readonly millis: number;
  readonly fault?: Fault;
}

export interface InventoryOptions {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly installation: string;
  readonly settings: Settings;
  /** Called with the UIDs of stores that should look again. */
  wake(uids: ReadonlySet<string>): void;
  observe?(sweep: Sweep): void;
  /** Called once for each list, and each kind of fault, that people have to do something about. */
  onUnreadable?(list: Unreadable): void;
}

/** A list that cannot be read. */
export interface Unreadable {
  readonly type: string;
  readonly region: string;
  readonly fault: Fault;
}

/** A reading that fails: since when, when it failed last, and when it may be tried again. */
interface Failing {
  readonly shelf: Shelf;
  readonly fault: Fault;
  readonly count: number;
  readonly since: number;
  readonly at: number;
  readonly notBefore: number;
  /** Of a list: whether people were told of it. */
  readonly isTold: boolean;
}

/**
 * All that is known of AWS: how every pass sees it. One paged list per type, account and region serves all stores; what
 * lists do not tell is read per resource, on a slower beat. Reading is done by `readDue`, never by a pass.
 */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #shelves: Shelf[] = [];
  /** The same by type and region: every pass asks for each of them many times. */
  readonly #shelfOf = new Map<string, Map<string, Shelf>>();
  /** Regions of which every list was read at least once: what was read stays read. */
  readonly #known = new Set<string>();
  readonly #wishes = new Map<string, Wish>();
  /** What is being read now, and since when: it is not begun a second time beside itself. */
  readonly #reading = new Map<string, { readonly wish: Wish; readonly begun: number }>();
  readonly #interests = new Interests();
  readonly #lookups: Lookups;
  readonly #reader: Reader;
  readonly #faults = new Map<string, Fault>();
  /** By wish, how often in a row it failed and when it may be tried again: a beat that is overdue does not hurry it. */
  readonly #failing = new Map<string, Failing>();

  /** Called whenever a reading may have become due sooner than `nextDue` last told. */
  onSooner: () => void = () => undefined;

  /** What was read or asked for since its beats were turned into wishes. */
  readonly #unplanned = new Set<Shelf>();

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#lookups = new Lookups(options);
    this.#reader = new Reader(options, (shelf) => this.#listedTogether(shelf), this.#interests);
  }

  shelf(type: AnyResourceType, region: string): Shelf {
    const place = regionOf(type, region);
    let ofType = this.#shelfOf.get(type.name);
    if (!ofType) this.#shelfOf.set(type.name, (ofType = new Map<string, Shelf>()));
    let shelf = ofType.get(place);
    if (!shelf) {
      ofType.set(place, (shelf = new Shelf(type, place, this.#options.settings.readLag)));
      this.#shelves.push(shelf);
    }
    return shelf;
  }

  /** Notes a store, so that its region is read. Lists that were never begun become due now. */
  watch(uid: string, region: string): void {
    if (!this.#interests.has(uid)) {
      this.#interests.add(uid, region);
      for (const shelf of this.#shelves) this.#unplanned.add(shelf);
      this.onSooner();
    }
    if (this.#known.has(region)) return;
    let isKnown = true;
    for (const type of this.#options.registry.resources)
      if (!type.parentOf)
        for (const place of placesOf(type, region))
          if (!this.shelf(type, place).reading()) {
            isKnown = false;
            this.request(type, place, uid, 0);
          }
    if (isKnown) this.#known.add(region);
  }

  /** Notes that a store has resources below this parent. */
  watchParent(uid: string, type: AnyResourceType, region: string, parent: string): void {
    if (!this.#interests.has(uid)) return;
    this.#interests.addParent(uid, type, region, parent);
    const shelf = this.shelf(type, region);
    if (shelf.reading(parent)) return;
    const born = this.#bornHere(type, region, parent);
    if (born === undefined) this.request(type, region, uid, 0, { parent });
    else shelf.list([], born, born, parent);
  }

  /** When we made a parent ourselves, in this life: then there was nothing below it. */
  #bornHere(type: AnyResourceType, region: string, parent: string): number | undefined {
    const parentType = this.#options.registry.resources.find(({ name }) => name === type.parentType);
    return parentType && this.shelf(parentType, region).get(parent)?.createdAt;
  }

  /** Asks for every list of a type that tells of a store. */
  requestAll(uid: string, type: AnyResourceType, at: number): void {
    for (const { region, parent } of this.#interests.reachOf(uid, type))
      this.request(type, region, uid, at, { parent });
  }

  forget(uid: string): void {
    this.#interests.remove(uid);
  }

  /**
   * Asks for a reading that is begun at `since` or later, as one that is under way may be: the store is woken when it is
   * done. Else for one at `at` or sooner.
   */
  requestSince(since: number, ...[type, region, uid, at, what = {}]: Parameters<Inventory['request']>): void {
    const part = partOf(type, what);
    const running = this.#reading.get(this.#keyOf(type, region, part));
    if (running && running.begun >= since && tells(running.wish, part) && uid !== undefined)
      running.wish.stores.add(uid);
    else this.request(type, region, uid, at, what);
  }

  /** Asks for a reading at `at` or sooner; the store, where one is named, is woken when it is done. */
  request(type: AnyResourceType, region: string, uid: string | undefined, at: number, what: Part = {}): void {
    const part = partOf(type, what);
    const key = this.#keyOf(type, region, part);
    const stores = uid === undefined ? [] : [uid];
    const wish = this.#wishes.get(key);
    const shelf = this.shelf(isOfAll(part) ? this.#lister(type) : type, region);
    this.#unplanned.add(shelf);
    const from = Math.max(at, this.#failing.get(key)?.notBefore ?? 0);
    if (wish) {
      wish.at = Math.min(wish.at, from);
      for (const store of stores) wish.stores.add(store);
      for (const id of part.ids ?? []) wish.ids?.add(id);
      for (const field of part.fields ?? []) wish.fields?.add(field);
    } else
      this.#wishes.set(key, {
        ...{ shelf, ...part, ids: part.ids && new Set(part.ids) },
        ...{ fields: part.fields && new Set(part.fields), at: from, stores: new Set(stores) },
      });
    this.onSooner();
  }

  /** Every entry that carries this store's UID, with the shelf it lies on. */
  ownedBy(uid: string): { readonly entry: Entry; readonly shelf: Shelf }[] {
    const owned: { readonly entry: Entry; readonly shelf: Shelf }[] = [];
    for (const shelf of this.#shelves)
      if (shelf.holds(uid)) for (const entry of shelf.ofStore(uid)) owned.push({ entry, shelf });
    return owned;
  }

  /** What was listed as a whole at some time, whichever store it was read for. */
  *wholeShelves(): Generator<Shelf> {
    for (const shelf of this.#shelves) if (!shelf.type.parentOf && shelf.reading()) yield shelf;
  }

  /** The UIDs of all stores of this name that own anything read so far: more than one when a store was made anew. */
  uidsOf(store: Pick<Owner, 'namespace' | 'name'>): Set<string> {
    return new Set(this.#shelves.flatMap((shelf) => [...shelf.uidsOf(store)]));
  }

  /** The types of which this store needs a list that was never read, or was begun before a time. */
  unread(uid: string, since: (type: AnyResourceType) => number = atAnyTime): readonly AnyResourceType[] {
    const isOlder = (type: AnyResourceType, from: number) => (place: string, parent?: string) =>
      (this.shelf(type, place).reading(parent)?.begun ?? -1) < from;
    return this.#options.registry.resources.filter((type) =>
      this.#interests.some(uid, type, isOlder(type, since(type))),
    );
  }

  /** Of the lists that a store needs and that were never read, what fails first of all, and since when. */
  obstacle(uid: string): { readonly fault: Fault; readonly since: number } | undefined {
    return this.unread(uid)
      .flatMap((type) =>
        this.#interests
          .reachOf(uid, type)
          .flatMap(
            ({ region, parent }) => this.#failing.get(this.#keyOf(type, region, partOf(type, { parent }))) ?? [],
          ),
      )
      .sort((one, other) => one.since - other.since)[0];
  }

  /** What last stopped a list of this type from being read, if it still does. */
  fault(type: AnyType, region: string): Fault | undefined {
    const { name } = isLookup(type) ? type : this.#lister(type);
    return this.#faults.get(`${name}@${regionOf(type, region)}`);
  }

  /** The type whose list tells this one's. */
  #lister(type: AnyResourceType): AnyResourceType {
    if (type.listedWith === undefined) return type;
    return this.#options.registry.resources.find(({ name }) => name === type.listedWith) ?? type;
  }

  /** The shelves that one list fills. */
  #listedTogether(shelf: Shelf): Shelf[] {
    const { name } = shelf.type;
    const others = this.#options.registry.resources.filter(({ listedWith }) => listedWith === name);
    return [shelf, ...others.map((type) => this.shelf(type, shelf.region))];
  }

  /** What two wishes for the same thing have in common. */
  #keyOf(type: AnyResourceType, region: string, part: Part): string {
    const { parent = '', ids, fields, id = '' } = part;
    const { name } = isOfAll(part) ? this.#lister(type) : type;
    const how = ids ? 'named' : fields ? 'in part' : '';
    return [name, regionOf(type, region), parent, how, id].join('\n');
  }

  /** What keeps a list, or the details of one entry, from being read, once three beats have gone by without it. */
  blind(
    type: AnyResourceType,
    region: string,
    parent: string | undefined,
    entry: Entry | undefined,
  ): Fault | undefined {
    const { clock, settings } = this.#options;
    const shelf = this.shelf(type, region);
    const failing = (beat: Beat, since: number | undefined, what: Part): Fault | undefined =>
      clock.now() > blindFrom(settings, beat, since)
        ? this.#failing.get(this.#keyOf(type, region, partOf(type, what)))?.fault
        : undefined;
    return (
      (type.beatByName && entry?.listedAt !== undefined
        ? failing(type.beat, entry.listedAt, {})
        : failing(type.beat, shelf.reading(parent)?.begun, { parent })) ??
      (entry && failing('settings', detailsFrom(shelf, entry), { id: entry.found.id }))
    );
  }

  /** A lookup's answer, shared by all stores that ask the same; asked anew on the settings beat, or slowly after a fault. */
  async ask(type: AnyLookupType, region: string, props: object, fresh = false): Promise<object> {
    return this.#lookups.ask(type, region, props, fresh);
  }

  /** When the next reading is due, milliseconds since the epoch. */
  nextDue(): number {
    this.#plan();
    let next = Infinity;
    for (const [key, { at }] of this.#wishes) if (at < next && !this.#reading.has(key)) next = at;
    return next;
  }

  /** Begins to read all that is due, side by side, and wakes the stores it concerns; resolves when it is read. */
  async readDue(): Promise<void> {
    this.#plan();
    const now = this.#options.clock.now();
    const due = [...this.#wishes].filter(([key, wish]) => wish.at <= now && !this.#reading.has(key));
    await Promise.all(
      due.map(async ([key, wish]) => {
        this.#wishes.delete(key);
        this.#reading.set(key, { wish, begun: now });
        await this.#read(key, wish);
        this.#reading.delete(key);
        for (const shelf of this.#listedTogether(wish.shelf)) this.#unplanned.add(shelf);
        const asked = this.#wishes.get(key);
        if (asked && asked.at <= now && tells(wish, asked)) {
          // It was asked for meanwhile, and may be as old as this one.
          this.#wishes.delete(key);
          this.#options.wake(asked.stores);
        }
        this.onSooner();
      }),
    );
  }

  /** How old what stores rest on is, by type and region. What nobody rests on is not read any more, and grows old. */
  sights(): Sight[] {
    const now = this.#options.clock.now();
    return this.#shelves.flatMap((shelf) => {
      const parents = [...this.#interests.parentsIn(shelf)];
      const lists = parents.flatMap((parent) => shelf.reading(parent)?.begun ?? []);
      const named = this.#interests.entriesIn(shelf).map(({ listedAt, createdAt = 0 }) => listedAt ?? createdAt);
      // What is read by name on its beat has lists that are never read again.
      const begun = shelf.type.beatByName ? named : lists;
      if (parents.length === 0 || begun.length === 0) return [];
      const found = [...shelf.entries()].length;
      return [{ type: shelf.type.name, region: shelf.region, found, ageMillis: now - Math.min(...begun) }];
    });
  }

  /** Turns beats into wishes: lists of what is watched, details of what is owned. */
  #plan(): void {
    const { beats } = this.#options.settings;
    for (const shelf of this.#unplanned) {
      // Where no store has anything, nothing can drift: what is made meanwhile is made by us, and lies here at once.
      const beat = this.#interests.isHeld(shelf) ? shelf.type.beat : 'settings';
      for (const parent of this.#interests.parentsIn(shelf)) {
        const reading = shelf.reading(parent);
        if (reading && shelf.type.beatByName) continue;
        const at = reading ? reading.begun + beats[beat] : 0;
        this.request(shelf.type, shelf.region, undefined, at, { parent });
      }
      if (shelf.type.beatByName) this.#planByName(shelf);
      this.#planDetails(shelf);
    }
    this.#unplanned.clear();
  }

  /** What is known is read again all at once, when the first of it is due. What is missing its store looks for. */
  #planByName(shelf: Shelf): void {
    const { type, region } = shelf;
    const present = this.#interests.entriesIn(shelf).filter(({ missingSince }) => missingSince === undefined);
    const read = present.map(({ listedAt, createdAt = 0 }) => listedAt ?? createdAt);
    if (read.length === 0) return;
    this.request(type, region, undefined, Math.min(...read) + this.#options.settings.beats[type.beat]);
  }

  #planDetails(shelf: Shelf): void {
    const { type, region } = shelf;
    if (!type.detail && !type.details) return;
    // Where one call tells the details of all, the soonest of them is the time for all.
    let soonest: { readonly at: number; readonly id: string } | undefined;
    for (const entry of shelf.entries()) {
      const { found, detailedAt } = entry;
      const isWatched = found.owner !== undefined && this.#interests.has(found.owner.uid);
      // Of what is not usable yet nobody needs details, but who asks for an output that is told early.
      const idle = found.state.is === 'deleting' || (found.state.is === 'pending' && detailedAt === undefined);
      if (!isWatched || idle || entry.detailsLast) continue;
      const at = this.#detailDue(shelf, entry);
      if (!type.details) this.request(type, region, undefined, at, { id: found.id });
      else if (!soonest || at < soonest.at) soonest = { at, id: found.id };
    }
    if (soonest) this.request(type, region, undefined, soonest.at, { id: soonest.id });
  }

  #detailDue({ type }: Shelf, { found, detailedAt, detailTriedAt, createdAt, writtenAt }: Entry): number {
    const { settle, beats, readBack, patience } = this.#options.settings;
    if (detailedAt !== undefined) return detailedAt + beats.settings * (type.details ? 1 : spread(found.id));
    if (detailTriedAt !== undefined) return detailTriedAt + settle;
    if (createdAt === undefined) return 0;
    // While what we wrote is still to be read back, who waits for that asks, once all of it is written.
    return createdAt + (writtenAt === undefined ? readBack : patience);
  }

  async #read(key: string, wish: Wish): Promise<void> {
    const { shelf } = wish;
    const { region } = shelf;
    const begun = this.#options.clock.now();
    const faultKey = `${shelf.type.name}@${region}`;
    const before = this.#failing.get(key);
    const lookedOn = before ? this.#onlookers(wish) : [];
    try {
      const changed = await this.#reader.read(wish, begun);
      this.#faults.delete(faultKey);
      // What only a beat has asked for meanwhile was reckoned from the reading before this one, and is reckoned anew.
      if (this.#wishes.get(key)?.stores.size === 0) this.#wishes.delete(key);
      this.#failing.delete(key);
      const sawAgain = blindAt(lookedOn, this.#options.clock.now());
      this.#options.wake(new Set([...changed, ...wish.stores, ...sawAgain]));
    } catch (error) {
      const fault = asFault(error);
      this.#faults.set(faultKey, fault);
      const at = this.#options.clock.now();
      const count = (before?.count ?? 0) + 1;
      const notBefore = begun + pauseAfter(this.#options.settings, 'soon', count);
      const since = before?.since ?? begun;
      const isTold = this.#tellUnreadable(wish, fault, at - since);
      this.#failing.set(key, { shelf, fault, count, since, at, notBefore, isTold });
      // What was wished for while this reading was under way waits as well.
      const meanwhile = this.#wishes.get(key);
      if (meanwhile) meanwhile.at = Math.max(meanwhile.at, notBefore);
      if (this.#interests.areIn(wish))
        for (const uid of [undefined, ...wish.stores]) this.request(shelf.type, region, uid, notBefore, wish);
      else this.#giveUp(key, faultKey);
      this.#reader.observe(kindOf(wish), shelf.type, region, begun, 0, fault);
      // Who has been told of this fault learns nothing by its repetition: else each store would look as often as the
      // readings of all others fail.
      const isKnown = before !== undefined && isAlikeFault(before.fault, fault);
      this.#options.wake(blindAt(this.#onlookers(wish), at, isKnown ? before.at : undefined));
    }
  }

  /** Lists below many parents fail alike, and all stores of a region wait for the same: all that is told once. */
  #tellUnreadable(wish: Wish, fault: Fault, lasting: number): boolean {
    if (kindOf(wish) !== 'list' || !isStall(this.#options.settings, fault, lasting)) return false;
    const { shelf } = wish;
    const isAlike = (one: Failing): boolean =>
      one.fault.kind === fault.kind && one.fault.facts.code === fault.facts.code;
    const isTold = [...this.#failing.values()].some((one) => one.isTold && one.shelf === shelf && isAlike(one));
    if (!isTold) this.#options.onUnreadable?.({ type: shelf.type.name, region: shelf.region, fault });
    return true;
  }

  #onlookers(wish: Wish): Onlooker[] {
    const { shelf } = wish;
    const shelves = isOfAll(wish) ? this.#listedTogether(shelf) : [shelf];
    return onlookers(wish, shelves, { interests: this.#interests, settings: this.#options.settings });
  }

  /** What nobody wants to know any more is not asked for again: who does later begins anew. */
  #giveUp(key: string, faultKey: string): void {
    this.#wishes.delete(key);
    this.#failing.delete(key);
    this.#faults.delete(faultKey);
  }
}

/** Between 0.9 and 1, by id: so that details of many resources do not fall due at once for ever. */
const spread = (id: string): number =>
  0.9 + [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_536, 7) / 655_360;

const atAnyTime = (): number => 0;

const isAlikeFault = (one: Fault, other: Fault): boolean => one.kind === other.kind && one.message === other.message;
