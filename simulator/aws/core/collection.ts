import type { SimulatedClock } from '../../clock.ts';

interface Version<T> {
  readonly at: number;
  readonly value: T | undefined;
}

/** Told of every change, with the value before and after; undefined where there is none. */
export type Witness<T> = (id: string, before: T | undefined, after: T | undefined) => void;

/** No list lags further behind than this, so older versions are forgotten. */
const memoryMillis = 15 * 60_000;

/**
 * The objects of one kind in one region. Values are replaced, never changed in place, so each object's past is kept and
 * lists can tell of the world as it was.
 */
export class Collection<T extends object> {
  readonly #history = new Map<string, Version<T>[]>();
  /** What there is now; made anew after a change. */
  #present: readonly T[] | undefined;
  /** Grows with every change. */
  version = 0;
  readonly #clock: SimulatedClock;
  readonly #witness: Witness<T>;

  constructor(clock: SimulatedClock, witness: Witness<T>) {
    [this.#clock, this.#witness] = [clock, witness];
  }

  /** The truth about one object. */
  get(id: string): T | undefined {
    return this.#history.get(id)?.at(-1)?.value;
  }

  /** The truth about all, oldest first. */
  all(): readonly T[] {
    this.#present ??= [...this.#history.values()].flatMap((versions) => versions.at(-1)?.value ?? []);
    return this.#present;
  }

  /** The truth about all, with their ids. */
  entries(): (readonly [id: string, value: T])[] {
    return [...this.#history].flatMap(([id, versions]) => {
      const value = versions.at(-1)?.value;
      return value ? [[id, value] as const] : [];
    });
  }

  /** All as they were at a moment. */
  asOf(moment: number): T[] {
    if (moment === Infinity) return [...this.all()];
    return [...this.#history.values()].flatMap((versions) => versions.findLast(({ at }) => at <= moment)?.value ?? []);
  }

  put(id: string, value: T): T {
    this.#record(id, Object.freeze(value));
    return value;
  }

  /** Replaces some members; the object must exist. */
  change(id: string, part: Partial<T>): T {
    const before = this.get(id);
    if (!before) throw new Error(`there is no ${id} to change`);
    return this.put(id, { ...before, ...part });
  }

  remove(id: string): void {
    if (this.get(id)) this.#record(id, undefined);
  }

  #record(id: string, value: T | undefined): void {
    const [now, versions] = [this.#clock.now(), this.#history.get(id) ?? []];
    const before = versions.at(-1)?.value;
    const forget = versions.findLastIndex(({ at }) => at <= now - memoryMillis);
    this.#history.set(id, [...versions.slice(Math.max(0, forget)), { at: now, value }]);
    this.#present = undefined;
    this.version += 1;
    this.#witness(id, before, value);
  }
}
