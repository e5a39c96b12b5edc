import type { Orphan } from './engine/orphans.ts';
import type { Log } from './model/log.ts';
import { pause, type Timers } from './model/timers.ts';

/** How many resources of stores that the cluster does not have are in one region. */
export interface OrphanCount {
  readonly region: string;
  /** Nobody looks after them, and nobody has decided that they stay. */
  readonly orphaned: number;
  /** Kept on purpose when their store went, as `policy.deletion` said. */
  readonly retained: number;
}

export interface OrphanWatchOptions {
  /** All of this installation's that was read and is of none of these stores. */
  readonly orphans: (isStore: (uid: string) => boolean) => Iterable<Orphan>;
  /** The regions of which any list was read. */
  readonly regions: () => ReadonlySet<string>;
  /** The UIDs of the stores that the cluster has. */
  readonly stores: () => ReadonlySet<string>;
  /** Whether the stores of a namespace are known: of those of another one nothing can be told. */
  readonly isListed: (namespace: string) => boolean;
  /** How long a store has to be none of the cluster's: as long as it takes to read again what was read before it went. */
  readonly patienceMillis: number;
  readonly timers: Timers;
  readonly log: Log;
  /** Divides how long it waits between two looks. */
  readonly speed: number;
}

/** What is left of one store, in numbers: they take little memory, however much it is. */
interface Remains {
  readonly store: string;
  readonly uid: string;
  /** By region, and in it by type. */
  readonly orphaned: Map<string, Map<string, number>>;
  readonly retained: Map<string, number>;
}

/** Remains that were seen before. */
interface Seen {
  readonly since: number;
  /** The regions of which people were told. */
  readonly told: Set<string>;
}

const lookMillis = 60_000;
/** So many stores are told with a line each; of more there is one line for all others. */
const mostLines = 20;

const remedy =
  'find out why before you delete anything, because it may be a shop that still serves: "What no store has" in docs/operating.md; "ecomstore orphans" lists all of it';

/**
 * Tells of resources that carry the tags of this installation and belong to no store of the cluster: a finalizer was
 * removed by hand, or a cluster was lost. Nobody looks after them, and they cost. It looks at what is read for the stores
 * that there are, asks AWS nothing, and changes nothing.
 */
export class OrphanWatch {
  readonly #options: OrphanWatchOptions;
  /** By UID: only what is there now, so that it grows no larger than the inventory. */
  readonly #seen = new Map<string, Seen>();
  /** Since when each region is known. */
  readonly #regions = new Map<string, number>();
  #counts: readonly OrphanCount[] = [];

  constructor(options: OrphanWatchOptions) {
    this.#options = options;
  }

  /** Of the regions that have been known for long enough to tell: the others are not among them. */
  get counts(): readonly OrphanCount[] {
    return this.#counts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { timers, speed } = this.#options;
    while (!signal.aborted) {
      await pause(timers, lookMillis / speed, signal);
      if (!signal.aborted) this.#look();
    }
  }

  #look(): void {
    const { timers, regions } = this.#options;
    const now = timers.monotonic();
    const all = this.#remains();
    for (const uid of [...this.#seen.keys()]) if (!all.has(uid)) this.#seen.delete(uid);
    for (const uid of all.keys()) if (!this.#seen.has(uid)) this.#seen.set(uid, { since: now, told: new Set() });
    for (const region of regions()) if (!this.#regions.has(region)) this.#regions.set(region, now);
    const isLongAgo = (since = now): boolean => now - since >= this.#options.patienceMillis;
    const sure = [...all.values()].filter(({ uid }) => isLongAgo(this.#seen.get(uid)?.since));
    this.#counts = [...this.#regions].flatMap(([region, since]) => (isLongAgo(since) ? [countIn(region, sure)] : []));
    this.#tell(sure);
  }

  #remains(): Map<string, Remains> {
    const { orphans, stores, isListed } = this.#options;
    const there = stores();
    const all = new Map<string, Remains>();
    for (const { owner, shelf } of orphans((uid) => there.has(uid))) {
      const { uid, namespace, name } = owner;
      if (!isListed(namespace)) continue;
      let remains = all.get(uid);
      if (!remains)
        all.set(uid, (remains = { store: `${namespace}/${name}`, uid, orphaned: new Map(), retained: new Map() }));
      const { region, type } = shelf;
      if (owner.retained) add(remains.retained, region);
      else {
        let ofRegion = remains.orphaned.get(region);
        if (!ofRegion) remains.orphaned.set(region, (ofRegion = new Map<string, number>()));
        add(ofRegion, type.name);
      }
    }
    return all;
  }

  /** Once for each store, and once more when some of it comes to light in a region that was not read before. */
  #tell(sure: readonly Remains[]): void {
    const { log } = this.#options;
    const isNew = ({ uid, orphaned }: Remains): boolean =>
      [...orphaned.keys()].some((region) => !this.#seen.get(uid)?.told.has(region));
    const news = sure.filter(isNew);
    for (const { uid, orphaned } of news) for (const region of orphaned.keys()) this.#seen.get(uid)?.told.add(region);
    for (const { store, uid, orphaned } of news.slice(0, mostLines))
      log.warn(
        { store, uid, resources: total([orphaned]), regions: [...orphaned.keys()], types: typesOf(orphaned), remedy },
        'resources of a store that is not in the cluster: nobody looks after them, and they cost',
      );
    const others = news.slice(mostLines);
    if (others.length > 0)
      log.warn(
        { stores: others.length, resources: total(others.map(({ orphaned }) => orphaned)), remedy },
        'resources of more stores that are not in the cluster',
      );
  }
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const sum = (counts: Iterable<number>): number => [...counts].reduce((one, other) => one + other, 0);

const total = (remains: readonly Remains['orphaned'][]): number =>
  sum(remains.flatMap((orphaned) => [...orphaned.values()].map((types) => sum(types.values()))));

const countIn = (region: string, remains: readonly Remains[]): OrphanCount => ({
  region,
  orphaned: sum(remains.map(({ orphaned }) => sum(orphaned.get(region)?.values() ?? []))),
  retained: sum(remains.map(({ retained }) => retained.get(region) ?? 0)),
});

/** As text: the log hides values of fields whose names look secret, and `secretsmanager/secret` does. */
function typesOf(orphaned: Remains['orphaned']): string[] {
  const counts = new Map<string, number>();
  for (const types of orphaned.values())
    for (const [type, count] of types) counts.set(type, (counts.get(type) ?? 0) + count);
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, count]) => `${count} ${type}`);
}
