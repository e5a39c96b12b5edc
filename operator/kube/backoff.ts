import type { Random } from '../model/timers.ts';

/** Waiting times that double from failure to failure, each with up to as much again on top, so that replicas spread. */
export class Backoff {
  #failures = 0;
  readonly #first: number;
  readonly #cap: number;
  readonly #random: Random;

  constructor(first: number, cap: number, random: Random) {
    this.#first = first;
    this.#cap = cap;
    this.#random = random;
  }

  /** The wait after one more failure. */
  next(): number {
    const wait = Math.min(this.#cap, this.#first * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return wait * (1 + this.#random());
  }

  reset(): void {
    this.#failures = 0;
  }
}
