import { setMaxListeners } from 'node:events';
import { eitherSignal } from '../model/either-signal.ts';
import type { Log } from '../model/log.ts';
import { pause, untilAborted, type Timers } from '../model/timers.ts';
import type { Ready } from './lanes.ts';
import type { Queue, Wish } from './queue.ts';
import type { RetryPace } from './retry-delay.ts';

/** What is to follow a piece of work. */
export interface Followup {
  readonly wish?: Wish;
  readonly failed?: RetryPace;
}

export interface WorkersOptions {
  readonly queue: Queue;
  readonly count: number;
  readonly timers: Timers;
  readonly log: Log;
  /** Works on one key. What it throws is a bug: it is logged, and the key is tried again slowly. */
  readonly work: (ready: Ready, signal: AbortSignal) => Promise<Followup>;
  /** Longer work is aborted. */
  readonly limitMillis: number;
  /** How long work that is going on may take to finish once it is to stop. */
  readonly drainMillis: number;
}

interface Going {
  readonly key: string;
  readonly since: number;
}

/** A number of workers on one queue. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #going = new Set<Going>();

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  get busy(): number {
    return this.#going.size;
  }

  /** How long the longest work has been going on: far beyond the limit means that it hangs and cannot be aborted. */
  get longestMillis(): number {
    const now = this.#options.timers.monotonic();
    return [...this.#going].reduce((longest, { since }) => Math.max(longest, now - since), 0);
  }

  /**
   * Works until told to stop: `stop` lets what is going on finish, for `drainMillis` at most; `drop` aborts it at once.
   * Ends when all work has ended.
   */
  async run({ stop, drop }: { readonly stop: AbortSignal; readonly drop: AbortSignal }): Promise<void> {
    const { timers, drainMillis, count } = this.#options;
    const over = new AbortController();
    const abort = new AbortController();
    const dropAll = (): void => abort.abort(drop.reason);
    if (drop.aborted) dropAll();
    else drop.addEventListener('abort', dropAll, { once: true });
    const { signal: noMore, release } = eitherSignal(stop, drop);
    // Each worker listens; beyond ten Node takes that for a leak.
    setMaxListeners(0, noMore, abort.signal);
    const drain = untilAborted(noMore)
      .then(() => pause(timers, drainMillis, over.signal))
      .then(() => (over.signal.aborted ? undefined : abort.abort(new Error('the process stops'))));
    await Promise.all(Array.from({ length: count }, () => this.#worker(noMore, abort.signal)));
    over.abort();
    drop.removeEventListener('abort', dropAll);
    release();
    await drain;
  }

  async #worker(noMore: AbortSignal, abort: AbortSignal): Promise<void> {
    const { queue } = this.#options;
    for (;;) {
      const ready = await queue.take(noMore);
      if (!ready) return;
      queue.done(ready.key, await this.#work(ready, abort));
    }
  }

  async #work(ready: Ready, abort: AbortSignal): Promise<Followup> {
    const { work, timers, limitMillis, log } = this.#options;
    const going: Going = { key: ready.key, since: timers.monotonic() };
    const late = new AbortController();
    const inTime = timers.after(limitMillis, () => late.abort(new Error(`longer than ${limitMillis} ms`)));
    this.#going.add(going);
    const either = eitherSignal(abort, late.signal);
    // Every call that waits for its turn listens.
    setMaxListeners(0, either.signal);
    try {
      return await work(ready, either.signal);
    } catch (error) {
      log.error({ store: ready.key, err: error }, 'a pass ended with an error that nobody has named');
      return { failed: 'slowly' };
    } finally {
      inTime();
      either.release();
      this.#going.delete(going);
    }
  }
}
