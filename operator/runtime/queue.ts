import type { Priority } from '../model/ports.ts';
import type { Random, Timers } from '../model/timers.ts';
import { Lanes, priorities, type Ready } from './lanes.ts';
import { retryDelay, type RetryPace } from './retry-delay.ts';

/** A wish that a store be looked at. */
export interface Wish {
  readonly priority: Priority;
  /** Not before so many milliseconds from now; 0 unless told. */
  readonly inMillis?: number;
}

export interface QueueOptions {
  readonly timers: Timers;
  readonly random: Random;
  /** At most so many keys of one namespace are worked on at a time, as long as there are others. */
  readonly mostOfOneNamespace: number;
  /** Divides the waits after failures, beside a stand-in of AWS whose clock runs faster than ours; 1 unless told. */
  readonly speed?: number;
  readonly onAdd?: (priority: Priority) => void;
  readonly onRetry?: (pace: RetryPace) => void;
}

interface Delayed {
  readonly due: number;
  readonly priority: Priority;
  readonly cancel: () => void;
}

/** What is known of one key; a key with nothing to remember has none. */
interface Entry {
  readonly namespace: string;
  ready?: Ready;
  delayed?: Delayed;
  working: boolean;
  /** Wished for while it was worked on: it becomes ready again when that is done. */
  again?: Priority;
  failures: number;
}

const moreUrgent = (a: Priority, b: Priority): Priority => (priorities.indexOf(a) <= priorities.indexOf(b) ? a : b);

/**
 * Which store is looked at next. A key is in here once, however often it is wished for, and never with two workers; of
 * several wishes for later the soonest counts, because every pass states its next wish anew.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #lanes = new Lanes();
  readonly #takers = new Set<() => void>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  add(key: string, { priority, inMillis = 0 }: Wish): void {
    this.#options.onAdd?.(priority);
    const entry = this.#entry(key);
    if (inMillis > 0) this.#later(key, entry, priority, inMillis);
    else this.#now(key, entry, priority);
  }

  /** The next key to work on, once there is one; undefined when the signal aborts. `done` must follow. */
  async take(signal: AbortSignal): Promise<Ready | undefined> {
    while (!signal.aborted) {
      const ready = this.#lanes.take(this.#options.timers.monotonic(), this.#options.mostOfOneNamespace);
      if (ready) {
        const entry = this.#entry(ready.key);
        entry.ready = undefined;
        entry.working = true;
        return ready;
      }
      await this.#somethingNew(signal);
    }
    return undefined;
  }

  /** The work on a key is over. Without a `failed` pace its failures are forgotten. */
  done(key: string, result: { readonly wish?: Wish; readonly failed?: RetryPace } = {}): void {
    const entry = this.#entry(key);
    const { again, namespace } = entry;
    entry.working = false;
    entry.again = undefined;
    this.#lanes.done(namespace);
    if (result.wish) this.add(key, result.wish);
    if (result.failed) this.#retry(key, entry, result.failed, result.wish?.priority ?? 'heal');
    else entry.failures = 0;
    if (again) this.#now(key, entry, again);
    this.#tidy(key, entry);
    // Its namespace may have another worker now, or be the only one left: then all may be taken that waited for it.
    if (!this.#lanes.isEmpty) for (const wake of [...this.#takers]) wake();
  }

  /** The store is gone: nothing more is wished of it, whatever was. */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.delayed?.cancel();
    this.#lanes.remove(key);
    entry.delayed = entry.ready = entry.again = undefined;
    entry.failures = 0;
    this.#tidy(key, entry);
  }

  /** Drops everything: the wishes of a term that is over are not those of the next. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.forget(key);
  }

  /** How many keys are ready, by priority, and for how long the one waiting longest has been. */
  get depth(): Readonly<Record<Priority, number>> {
    const depth = { change: 0, delete: 0, heal: 0, scan: 0 };
    for (const { priority } of this.#lanes.all()) depth[priority]++;
    return depth;
  }

  get ageMillis(): number {
    const now = this.#options.timers.monotonic();
    return this.#lanes.all().reduce((oldest, { since }) => Math.max(oldest, now - since), 0);
  }

  /** How many keys wait for their time. */
  get delayed(): number {
    return [...this.#entries.values()].filter((entry) => entry.delayed).length;
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    const entry: Entry = { namespace: key.split('/')[0] ?? '', working: false, failures: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  #now(key: string, entry: Entry, priority: Priority): void {
    // Whoever looks now finds what was to be looked at later, and says anew when to come back.
    entry.delayed?.cancel();
    entry.delayed = undefined;
    if (entry.working) {
      entry.again = entry.again ? moreUrgent(entry.again, priority) : priority;
      return;
    }
    const { ready, namespace } = entry;
    if (ready && moreUrgent(ready.priority, priority) === ready.priority) return;
    if (ready) this.#lanes.remove(key);
    entry.ready = { namespace, key, priority, since: ready?.since ?? this.#options.timers.monotonic() };
    this.#lanes.add(entry.ready);
    // One key more needs one worker more.
    const [wake] = this.#takers;
    wake?.();
  }

  #later(key: string, entry: Entry, priority: Priority, millis: number): void {
    const { timers } = this.#options;
    const due = timers.monotonic() + millis;
    if (entry.ready || entry.again || (entry.delayed && entry.delayed.due <= due)) return;
    entry.delayed?.cancel();
    entry.delayed = { due, priority, cancel: timers.after(millis, () => this.#now(key, entry, priority)) };
  }

  #retry(key: string, entry: Entry, pace: RetryPace, priority: Priority): void {
    const { onRetry, random, speed = 1 } = this.#options;
    onRetry?.(pace);
    this.#later(key, entry, priority, retryDelay(pace, entry.failures++, random) / speed);
  }

  #tidy(key: string, entry: Entry): void {
    if (entry.working || entry.ready || entry.delayed || entry.failures > 0) return;
    this.#entries.delete(key);
    for (const other of this.#entries.values()) if (other.namespace === entry.namespace) return;
    this.#lanes.forget(entry.namespace);
  }

  #somethingNew(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#takers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#takers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
