import { eitherSignal } from '../model/either-signal.ts';
import type { Log } from '../model/log.ts';
import { pause, type Random, type Timers } from '../model/timers.ts';
import { failedAs } from './errors.ts';
import { microTime, type Lease, type LeaseRecord, type LeaseSpec } from './lease-record.ts';
import { LeaseTrouble } from './lease-trouble.ts';
import { Term } from './term.ts';

export interface ElectorOptions {
  readonly record: Pick<LeaseRecord, 'read' | 'write'>;
  /** Unique to this process. */
  readonly identity: string;
  /** How long others leave a lease alone that is not renewed. */
  readonly leaseMillis: number;
  /** After so long without a renewal the leader stops its work; what is left of the lease covers calls in flight. */
  readonly renewDeadlineMillis: number;
  readonly retryMillis: number;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** The work of a leader: it finishes what it has begun when the process stops, and drops it when its term ends. */
  readonly lead: (term: Term) => Promise<void>;
  /** How long the work may take to finish when the process stops; the lease is renewed meanwhile. */
  readonly drainMillis: number;
  /** How long the work may take to end after its term; a process whose work does not end must not go on. */
  readonly endMillis: number;
}

/** Work went on after the lease was lost: only the end of the process makes sure that it ends. */
export class WorkDidNotEnd extends Error {
  constructor() {
    super('the work of a leader did not end after its lease was lost');
    this.name = 'WorkDidNotEnd';
  }
}

/**
 * Leads, waits to lead, and steps down, as client-go does: a lease counts as abandoned when *we* have not seen it change
 * for its whole duration. Clocks of different machines are never compared.
 */
export class Elector {
  readonly #options: ElectorOptions;
  /** The lease as last seen, and when it was first seen so. */
  #observed: { readonly version: string | undefined; readonly at: number } | undefined;
  #held: Lease | undefined;
  #term: Term | undefined;
  #holder: string | undefined;
  readonly #trouble: LeaseTrouble;

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#trouble = new LeaseTrouble(options);
  }

  get leads(): boolean {
    return this.#term?.holds ?? false;
  }

  /** Who leads, as last seen; for people. */
  get holder(): string | undefined {
    return this.#holder;
  }

  /** Runs until the signal aborts and the work is finished; then the lease is handed back. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const began = await this.#tryToHold(signal);
      if (began) await this.#lead(began, signal);
      await this.#wait(signal);
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { timers, retryMillis, random } = this.#options;
    return pause(timers, retryMillis * (1 + 0.2 * random()), signal);
  }

  /** One attempt to take or keep the lease; answers the instant before it was made when it succeeded. */
  async #tryToHold(signal: AbortSignal): Promise<{ wall: number; monotonic: number } | undefined> {
    const { record, identity, timers, renewDeadlineMillis } = this.#options;
    const before = { wall: timers.now(), monotonic: timers.monotonic() };
    // A call that hangs must leave time for another one before the deadline.
    const slow = new AbortController();
    const cancel = timers.after(renewDeadlineMillis / 2, () => slow.abort());
    const either = eitherSignal(signal, slow.signal);
    try {
      // A renewal writes over what it wrote itself; a conflict tells when that is no longer there.
      const lease = this.#held ?? (await record.read(either.signal));
      if (lease !== this.#held && !this.#mayTake(lease)) {
        this.#trouble.over();
        return undefined;
      }
      this.#held = await record.write(lease, this.#specAfter(lease), either.signal);
      this.#trouble.over();
      this.#holder = identity;
      return before;
    } catch (error) {
      this.#held = undefined;
      // Somebody was quicker: that is an answer, too.
      if (failedAs(error, 'conflict', 'exists')) this.#trouble.over();
      else if (!signal.aborted) this.#trouble.failed(error);
      return undefined;
    } finally {
      cancel();
      either.release();
    }
  }

  /** Whether a lease just read is free: released, ours from before, or not renewed for its whole duration. */
  #mayTake(lease: Lease | undefined): boolean {
    const { timers, identity, leaseMillis } = this.#options;
    const version = lease?.metadata.resourceVersion;
    if (!this.#observed || this.#observed.version !== version) this.#observed = { version, at: timers.monotonic() };
    const holder = lease?.spec?.holderIdentity;
    this.#holder = holder;
    if (!holder || holder === identity) return true;
    const duration = Math.max(leaseMillis, (lease.spec?.leaseDurationSeconds ?? 0) * 1000);
    return timers.monotonic() - this.#observed.at >= duration;
  }

  #specAfter(lease: Lease | undefined): LeaseSpec {
    const { identity, leaseMillis, timers } = this.#options;
    const now = microTime(timers.now());
    const kept = lease?.spec?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseMillis / 1000),
      renewTime: now,
      acquireTime: kept ? lease.spec?.acquireTime : now,
      leaseTransitions: (lease?.spec?.leaseTransitions ?? 0) + (kept ? 0 : 1),
    };
  }

  async #lead(began: { wall: number; monotonic: number }, signal: AbortSignal): Promise<void> {
    const { timers, renewDeadlineMillis, drainMillis, log, identity, lead } = this.#options;
    const term = (this.#term = new Term(timers, renewDeadlineMillis, began));
    log.info({ identity }, 'leading');
    const work = lead(term).finally(() => term.end('the work is finished'));
    work.catch(() => undefined); // Told by #untilEnded, which comes to it later.
    let cancel = (): void => undefined;
    const stop = (): void => void (cancel = timers.after(drainMillis, () => term.end('the process stops')));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#renew(term);
      await this.#untilEnded(work);
    } finally {
      signal.removeEventListener('abort', stop);
      cancel();
      this.#term = undefined;
    }
    log.info({ identity, reason: String(term.signal.reason) }, 'no longer leading');
    await this.#release();
  }

  /** Renews until the term ends, with the work or by its deadline. A renewal in flight does not outlive the term. */
  async #renew(term: Term): Promise<void> {
    while (!term.signal.aborted) {
      await pause(this.#options.timers, this.#options.retryMillis, term.signal);
      if (term.signal.aborted) return;
      const renewed = await this.#tryToHold(term.signal);
      if (renewed) term.extend(renewed);
      else if (this.#holder !== undefined && this.#holder !== this.#options.identity) term.end('another leads');
    }
  }

  async #untilEnded(work: Promise<void>): Promise<void> {
    const { timers, endMillis } = this.#options;
    const ended = new AbortController();
    const late = pause(timers, endMillis, ended.signal).then(() => {
      if (!ended.signal.aborted) throw new WorkDidNotEnd();
    });
    await Promise.race([work.finally(() => ended.abort()), late]);
  }

  /** Hands the lease back, so that another need not wait for it to run out. Only after the work has ended. */
  async #release(): Promise<void> {
    const { record, identity, timers, log } = this.#options;
    const enough = new AbortController();
    const cancel = timers.after(5_000, () => enough.abort());
    try {
      const lease = await record.read(enough.signal);
      if (lease?.spec?.holderIdentity === identity)
        await record.write(
          lease,
          { holderIdentity: '', renewTime: microTime(timers.now()), leaseDurationSeconds: 1 },
          enough.signal,
        );
    } catch (error) {
      log.warn({ identity, error: String(error) }, 'the lease could not be handed back; it runs out by itself');
    } finally {
      cancel();
      this.#held = undefined;
      this.#observed = undefined;
    }
  }
}
