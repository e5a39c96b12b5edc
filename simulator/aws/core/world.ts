import type { SimulatedClock } from '../../clock.ts';
import { Ledger } from '../../ledger.ts';
import { Random } from '../../random.ts';
import { Collection } from './collection.ts';
import { Faults } from './faults.ts';
import { ContinuedLists } from './paging.ts';

/** How a kind of object is noted in the ledger. */
export interface Kind<T> {
  /** `ec2/vpc`. */
  readonly type: string;
  tags(value: T): Readonly<Record<string, string>>;
  dollarsPerHour?(value: T): number;
  /** False for objects that are still shown but are no more: terminated instances, deleted NAT gateways. */
  exists?(value: T): boolean;
}

/** What makes something reachable from the internet, judged over the whole world. */
export type ExposureRule = (world: World, region: string) => readonly string[];

export interface WorldOptions {
  readonly clock: SimulatedClock;
  readonly seed?: number;
  readonly account?: string;
  /** How far lists lag behind writes, in milliseconds. */
  readonly readLagMillis?: number;
}

interface Event {
  readonly at: number;
  readonly effect: () => void;
}

/** One account of the simulated AWS: all its objects, its clock, and what is yet to happen. */
export class World {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly account: string;
  readonly ledger = new Ledger();
  readonly faults: Faults;
  /** Settable by tests. */
  readLagMillis: number;
  /** No page of any list holds more than this. */
  pageSize = Infinity;
  shuffleLists = false;
  readonly continued = new ContinuedLists();
  /** Quotas by AWS's name for them. */
  readonly quotas = new Map<string, number>();
  readonly #collections = new Map<string, Collection<object>>();
  readonly #exposureRules: ExposureRule[] = [];
  readonly #regions = new Set<string>();
  /** What was there before anybody came: the ledger is about the rest. */
  readonly #furniture = new Set<string>();
  #furnishing = false;
  /** Whether anything has changed since exposure was judged last. */
  #changed = true;
  /** By time; those of one moment in the order in which they were scheduled. */
  readonly #events: Event[] = [];
  #now: number | undefined;

  constructor({ clock, seed = 1, account = '111122223333', readLagMillis = 0 }: WorldOptions) {
    this.clock = clock;
    this.random = new Random(seed);
    this.faults = new Faults(new Random(seed + 1));
    [this.account, this.readLagMillis] = [account, readLagMillis];
  }

  /** The moment: of the event that runs just now, else of the clock. */
  now(): number {
    return this.#now ?? this.clock.now();
  }

  /** The objects of a kind in a region ('global' for services that have none). */
  collection<T extends object>(region: string, kind: Kind<T>): Collection<T> {
    const key = `${region}/${kind.type}`;
    let collection = this.#collections.get(key) as unknown as Collection<T> | undefined;
    if (!collection) {
      this.#regions.add(region);
      const clock = { now: () => this.now() };
      collection = new Collection<T>(clock, (id, _before, after) => this.#note(region, kind, id, after));
      this.#collections.set(key, collection as unknown as Collection<object>);
    }
    return collection;
  }

  /** Every object as it truly is, by `<region>/<type>`: for tests that compare one moment with another. */
  objects(): ReadonlyMap<string, readonly object[]> {
    return new Map([...this.#collections].map(([key, collection]) => [key, collection.all()]));
  }

  /** The truth about all that there is, by region, type and id. */
  everything(): Map<string, object> {
    const all = [...this.#collections].flatMap(([key, collection]) =>
      collection.entries().map(([id, value]) => [`${key}/${id}`, value] as const),
    );
    return new Map(all);
  }

  /** Where anything has ever been. */
  get regions(): string[] {
    return [...this.#regions];
  }

  /** Lets something happen later. Events run in order of time, when the world is next looked at. */
  schedule(delayMillis: number, effect: () => void): void {
    const at = this.now() + delayMillis;
    const before = this.#events.findLastIndex((event) => event.at <= at);
    this.#events.splice(before + 1, 0, { at, effect });
  }

  /** Runs all events that are due. */
  settle(): void {
    const until = this.clock.now();
    for (let next = this.#events[0]; next && next.at <= until; next = this.#events[0]) {
      this.#events.shift();
      this.#now = next.at;
      try {
        next.effect();
        this.judgeExposure();
      } finally {
        this.#now = undefined;
      }
    }
  }

  /** When the next event is due; undefined when nothing is going on. */
  nextEventAt(): number | undefined {
    return this.#events[0]?.at;
  }

  /** Puts things of the user's into the account: whatever is made meanwhile is none of the ledger's. */
  furnish(put: () => void): void {
    this.#furnishing = true;
    put();
    this.#furnishing = false;
  }

  /** Everything that exists now and was not there before anybody came, as its service keeps it. */
  contents(): { readonly type: string; readonly id: string; readonly value: object }[] {
    return this.ledger
      .existing()
      .map(({ type, id, region }) => ({ type, id, value: this.#collections.get(`${region}/${type}`)?.get(id) ?? {} }));
  }

  addExposureRule(rule: ExposureRule): void {
    this.#exposureRules.push(rule);
  }

  judgeExposure(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const whats = [...this.#regions].flatMap((region) => this.#exposureRules.flatMap((rule) => rule(this, region)));
    this.ledger.exposed(whats, this.now());
  }

  #note<T>(region: string, kind: Kind<T>, id: string, value: T | undefined): void {
    this.#changed = true;
    if (this.#furnishing) this.#furniture.add(id);
    if (this.#furniture.has(id)) return;
    const { type } = kind;
    if (value === undefined || kind.exists?.(value) === false) this.ledger.destroyed({ type, id, region }, this.now());
    else {
      const dollarsPerHour = kind.dollarsPerHour?.(value) ?? 0;
      this.ledger.existed({ type, id, region, tags: kind.tags(value), dollarsPerHour }, this.now());
    }
  }
}
