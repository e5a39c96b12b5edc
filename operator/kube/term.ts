import { setMaxListeners } from 'node:events';
import type { Timers } from '../model/timers.ts';

/** A leader's time: it lasts as long as it is extended, and its signal aborts the moment it ends. */
export class Term {
  readonly #timers: Timers;
  readonly #lasts: number;
  readonly #ended = new AbortController();
  #renewed: { readonly wall: number; readonly monotonic: number };
  #cancel: () => void = () => undefined;

  /** `began` is the instant before the lease was asked for: whatever the answer took counts as time gone by. */
  constructor(timers: Timers, lastsMillis: number, began: { readonly wall: number; readonly monotonic: number }) {
    this.#timers = timers;
    this.#lasts = lastsMillis;
    this.#renewed = began;
    // Every call to the API server listens; beyond ten Node takes that for a leak.
    setMaxListeners(0, this.signal);
    this.#watch();
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * Whether the lease is surely still ours. A process that stood still finds out here, before its timers fire: the
   * monotonic clock may stand still with a suspended machine, the wall clock may be set; the longer of the two counts.
   */
  get holds(): boolean {
    return !this.signal.aborted && this.#age() < this.#lasts;
  }

  extend(renewed: { readonly wall: number; readonly monotonic: number }): void {
    if (this.signal.aborted) return;
    this.#renewed = renewed;
    this.#watch();
  }

  end(reason: string): void {
    this.#cancel();
    this.#ended.abort(new Error(reason));
  }

  #age(): number {
    const { wall, monotonic } = this.#renewed;
    return Math.max(this.#timers.monotonic() - monotonic, this.#timers.now() - wall);
  }

  #watch(): void {
    this.#cancel();
    if (this.#age() >= this.#lasts) return this.end('the lease could not be renewed in time');
    this.#cancel = this.#timers.after(this.#lasts - this.#age(), () => this.#watch());
  }
}
