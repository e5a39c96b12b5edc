/** Time as the simulator reads it: milliseconds since the epoch. */
export interface SimulatedClock {
  now(): number;
}

/** Time that moves only when a test says so. */
export class VirtualClock implements SimulatedClock {
  #now: number;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(millis: number): void {
    this.#now += millis;
  }
}

/** The real clock, running `speed` times as fast since it was made; it may be pushed ahead. */
export class FastClock implements SimulatedClock {
  readonly #began = Date.now();
  readonly #speed: number;
  #pushed = 0;

  constructor(speed = 1) {
    this.#speed = speed;
  }

  now(): number {
    return this.#began + (Date.now() - this.#began) * this.#speed + this.#pushed;
  }

  advance(millis: number): void {
    this.#pushed += millis;
  }
}
