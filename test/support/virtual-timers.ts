import type { Timers } from '../../operator/model/timers.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** One turn of the real event loop: sockets and promises get on, virtual time stands still. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that moves only when a test says so. */
export class VirtualTimers implements Timers {
  #elapsed = 0;
  #orders = 0;
  /** What the wall clock shows may be set apart from what has passed. */
  wall: number;
  readonly #timers = new Set<Timer>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.wall = start;
  }

  now(): number {
    return this.wall + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(millis: number, call: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, millis), order: this.#orders++, call };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  /** Milliseconds to the next timer, if any. */
  get next(): number | undefined {
    const first = this.#first();
    return first && first.at - this.#elapsed;
  }

  /** Moves time on, firing what falls due in order, and lets everything else get on in between. */
  async advance(millis: number): Promise<void> {
    const end = this.#elapsed + millis;
    await turn();
    for (let first = this.#first(); first && first.at <= end; first = this.#first()) {
      this.#elapsed = Math.max(this.#elapsed, first.at);
      this.#timers.delete(first);
      first.call();
      await turn();
    }
    this.#elapsed = end;
    await turn();
  }

  /** The process stands still: time passes, and no timer fires until it wakes. */
  freeze(millis: number): void {
    this.#elapsed += millis;
  }

  #first(): Timer | undefined {
    return [...this.#timers].sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}

/** Waits, on the real event loop, until something holds; time stands still meanwhile. */
export async function until(holds: () => boolean, what = 'the expected state'): Promise<void> {
  for (let turns = 0; turns < 200_000; turns++) {
    if (holds()) return;
    await turn();
  }
  throw new Error(`${what} did not come about`);
}
