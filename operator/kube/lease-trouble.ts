import type { Log } from '../model/log.ts';
import type { Timers } from '../model/timers.ts';
import { failedAs, KubeError } from './errors.ts';

/** How long the same trouble is not told again. */
const quietMillis = 5 * 60_000;

const remedy =
  'the Role ecomstore-operator of manifests/base/rbac.yaml allows it, for the lease that its resourceNames name: is it bound in the namespace of the lease, and is that the name in ECOM_LEASE_NAME?';

/** Tells people why the lease cannot be had: at once, and then every five minutes, not with each of two thousand attempts an hour. */
export class LeaseTrouble {
  readonly #log: Log;
  readonly #timers: Timers;
  readonly #identity: string;
  /** When each kind of trouble was told last. */
  readonly #told = new Map<string, number>();
  /** Attempts that have failed since the last line. */
  #attempts = 0;

  constructor({ log, timers, identity }: { log: Log; timers: Timers; identity: string }) {
    [this.#log, this.#timers, this.#identity] = [log, timers, identity];
  }

  failed(error: unknown): void {
    this.#attempts += 1;
    const kind = error instanceof KubeError ? error.failure : String(error);
    const now = this.#timers.monotonic();
    if (now - (this.#told.get(kind) ?? -Infinity) < quietMillis) return;
    this.#told.set(kind, now);
    const facts = { identity: this.#identity, error: String(error), attempts: this.#attempts };
    this.#log.warn(failedAs(error, 'denied') ? { ...facts, remedy } : facts, 'the lease could not be read or written');
    this.#attempts = 0;
  }

  /** The API server has answered: what fails from now on is news. */
  over(): void {
    this.#told.clear();
    this.#attempts = 0;
  }
}
