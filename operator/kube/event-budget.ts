import type { Timers } from '../model/timers.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** A burst that a store's whole story from creation to Ready fits in. */
const burst = 60;
/** Beyond it, one event every thirty seconds. */
const refillMillis = 30_000;

/** How many events a store may write: a token bucket for each UID, so that a store in trouble is no flood. */
export class EventBudget {
  readonly #timers: Timers;
  readonly #buckets = new Map<string, Bucket>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  take(uid: string): boolean {
    const now = this.#timers.monotonic();
    const bucket = this.#buckets.get(uid) ?? { tokens: burst, at: now };
    const tokens = this.#filled(bucket, now);
    // Whoever has a full bucket again needs none on record.
    if (this.#buckets.size > 1000)
      for (const [key, other] of this.#buckets) if (this.#filled(other, now) >= burst) this.#buckets.delete(key);
    this.#buckets.set(uid, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  #filled({ tokens, at }: Bucket, now: number): number {
    return Math.min(burst, tokens + (now - at) / refillMillis);
  }
}
