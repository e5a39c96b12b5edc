import { fail } from 'node:assert/strict';
import type { Timers } from '../../operator/model/timers.ts';
import { Heap } from './heap.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
  calledOff: boolean;
}

/** One turn of the real event loop: sockets and promises get on, virtual time stands still. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that moves only when a test says so. */
export class VirtualTimers implements Timers {
  #elapsed = 0;
  #orders = 0;
  #waiting = 0;
  /** What the wall clock shows may be set apart from what has passed. */
  wall: number;
  readonly #timers = new Heap<Timer>((a, b) => a.at - b.at || a.order - b.order);
  readonly #quiet: () => Promise<void>;

  /** @param quiet resolves when all that a timer has set going is done; one turn of the event loop unless told. */
  constructor(start = Date.UTC(2026, 0, 1), quiet = turn) {
    this.wall = start;
    this.#quiet = quiet;
  }

  now(): number {
    return this.wall + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(millis: number, call: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, millis), order: this.#orders++, call, calledOff: false };
    this.#timers.add(timer);
    this.#waiting++;
    return () => {
      if (!timer.calledOff) this.#waiting--;
      timer.calledOff = true;
    };
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Milliseconds to the next timer, if any. */
  get next(): number | undefined {
    const first = this.#first();
    return first && first.at - this.#elapsed;
  }

  /** Moves time on, firing what falls due in order, and lets everything else get on in between. */
  async advance(millis: number): Promise<void> {
    await this.advanceUntil(() => false, millis);
  }

  /** Moves time on until something holds, looking after every timer; false when it does not within so many milliseconds. */
  async advanceUntil(holds: () => boolean, mostMillis: number): Promise<boolean> {
    const end = this.#elapsed + mostMillis;
    await this.#quiet();
    for (let first = this.#first(); first && first.at <= end; first = this.#first()) {
      if (holds()) return true;
      this.#elapsed = Math.max(this.#elapsed, first.at);
      this.#timers.take();
      this.#waiting--;
      first.calledOff = true;
      first.call();
      await this.#quiet();
    }
    if (holds()) return true;
    this.#elapsed = end;
    await this.#quiet();
    return holds();
  }

  /** The process stands still: time passes, and no timer fires until it wakes. */
  freeze(millis: number): void {
    this.#elapsed += millis;
  }

  #first(): Timer | undefined {
    while (this.#timers.first?.calledOff) this.#timers.take();
    return this.#timers.first;
  }
}

/** Waits, on the real event loop, until something holds; time stands still meanwhile. */
export async function until(holds: () => boolean, what = 'the expected state'): Promise<void> {
  for (let turns = 0; turns < 200_000; turns++) {
    if (holds()) return;
    await turn();
  }
  fail(`${what} did not come about`);
}
