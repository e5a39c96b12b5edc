import type { Fault } from '../model/faults.ts';
import type { Aws } from '../model/ports.ts';
import type { AnyType, Scope } from '../model/resource-type.ts';
import { answeringOnce } from './answering-once.ts';
import type { Interests } from './interests.ts';
import type { InventoryOptions, Sweep } from './inventory.ts';
import type { ErasedFound, Shelf } from './shelf.ts';
import { all, isWhole, type Wish } from './wishes.ts';

/** Whether what is known of a type is read by name, on its beat. */
export const isByBeat = (wish: Wish): boolean => wish.shelf.type.beatByName === true && isWhole(wish);

/** As what a reading counts in metrics. */
export const kindOf = (wish: Wish): Sweep['kind'] =>
  wish.id !== undefined ? 'detail' : wish.ids || isByBeat(wish) ? 'named' : 'list';

/** Asks AWS what a wish is for, and puts the answers on the shelves. */
export class Reader {
  readonly #options: InventoryOptions;
  readonly #listedTogether: (shelf: Shelf) => readonly Shelf[];
  readonly #interests: Interests;

  /** `listedTogether` tells the shelves that one list fills. */
  constructor(options: InventoryOptions, listedTogether: (shelf: Shelf) => readonly Shelf[], interests: Interests) {
    this.#options = options;
    this.#listedTogether = listedTogether;
    this.#interests = interests;
  }

  /** Answers the UIDs of the stores for which something changed. Throws what AWS's client throws. */
  async read(wish: Wish, begun: number): Promise<Set<string>> {
    return wish.id === undefined ? this.#list(wish, begun) : this.#detail(wish, wish.id, begun);
  }

  async #list(wish: Wish, begun: number): Promise<Set<string>> {
    const { shelf, parent } = wish;
    const { region } = shelf;
    const ids = isByBeat(wish) ? new Set(this.#interests.entriesIn(shelf).map(({ found }) => found.id)) : wish.ids;
    if (ids) return this.#named(shelf, ids, begun, parent);
    const shelves = parent === undefined ? this.#listedTogether(shelf) : [shelf];
    const aws = this.#answering(shelves, region);
    const lists = shelves.map(async (one) => {
      const found: ErasedFound[] = [];
      for await (const page of one.type.list(aws, this.#scope(one, parent))) found.push(...(page as ErasedFound[]));
      return { one, found };
    });
    const changed = new Set<string>();
    for (const { one, found } of await Promise.all(lists)) {
      this.observe('list', one.type, region, begun, found.length);
      for (const uid of one.list(found, begun, this.#options.clock.now(), parent)) changed.add(uid);
    }
    return changed;
  }

  async #named(shelf: Shelf, ids: ReadonlySet<string>, begun: number, parent?: string): Promise<Set<string>> {
    const { type, region } = shelf;
    if (ids.size === 0) return new Set();
    const aws = this.#options.cloud.at(region, 'scan');
    const found = ((await type.named?.(aws, [...ids], this.#scope(shelf, parent))) ?? []) as ErasedFound[];
    this.observe('named', type, region, begun, found.length);
    return shelf.named(ids, found, begun);
  }

  #scope(shelf: Shelf, parent: string | undefined): Scope {
    const { cloud, clock, installation, settings } = this.#options;
    return {
      installation,
      account: cloud.account,
      region: shelf.region,
      now: clock.now(),
      // Lists that many stores wait for come every few seconds: that often nothing is asked of each.
      recently: clock.now() - settings.readBack / 2,
      known: (id) => shelf.known(id),
      last: (id) => shelf.last(id),
      parents: parent === undefined ? [] : [parent],
    };
  }

  async #detail({ shelf, fields }: Wish, id: string, begun: number): Promise<Set<string>> {
    if (id === all) return this.#details(this.#listedTogether(shelf), begun);
    const { region } = shelf;
    const entry = shelf.get(id);
    if (!entry || !shelf.type.detail) return new Set();
    const told = await shelf.type.detail(this.#options.cloud.at(region, 'scan'), entry.found, fields);
    this.observe('detail', shelf.type, region, begun, told ? 1 : 0);
    return shelf.detail(id, told, begun, fields);
  }

  async #details(shelves: readonly Shelf[], begun: number): Promise<Set<string>> {
    const [{ region }] = shelves as [Shelf];
    const aws = this.#answering(shelves, region);
    const readings = shelves.map(async (shelf) => {
      const { type } = shelf;
      const owned = [...shelf.entries()].flatMap(({ found }) => (found.owner ? [found] : []));
      if (owned.length === 0 || !type.details) return [];
      const told = await type.details(aws, owned);
      this.observe('detail', type, region, begun, told.size);
      return owned.flatMap(({ id }) => [...shelf.detail(id, told.get(id), begun)]);
    });
    return new Set((await Promise.all(readings)).flat());
  }

  /** AWS for what is read together. */
  #answering(shelves: readonly Shelf[], region: string): Aws {
    const direct = this.#options.cloud.at(region, 'scan');
    return shelves.length > 1 ? answeringOnce(direct) : direct;
  }

  /** Tells metrics what a reading cost. */
  observe(kind: Sweep['kind'], type: AnyType, region: string, begun: number, found: number, fault?: Fault): void {
    this.#options.observe?.({ kind, type: type.name, region, found, millis: this.#options.clock.now() - begun, fault });
  }
}
