import { eitherSignal } from '../model/either-signal.ts';
import type { Log } from '../model/log.ts';
import { pause, type Random, type Timers } from '../model/timers.ts';
import { Backoff } from './backoff.ts';
import type { KubeClient } from './client.ts';
import { failedAs, KubeError } from './errors.ts';
import { Known, type Change } from './known.ts';
import { isKubeObject, type KubeObject } from './object.ts';
import { parseEvent, slim, type WatchEvent } from './watch-event.ts';

export interface ReflectorOptions<T> {
  readonly client: KubeClient;
  /** The collection: `/apis/ecom.io/v1alpha1/ecomstores`, or that of one namespace. */
  readonly path: string;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly onChange: (change: Change<T>) => void;
  readonly pageSize?: number;
  /** Only objects of which this holds, as `metadata.name=acme`. */
  readonly fieldSelector?: string;
  /** A resourceVersion: no older state is taken, not even from the first list. */
  readonly notOlderThan?: string;
  /** The API server answered: a list was read whole and its changes were told, or a watch was opened. */
  readonly onAnswer?: () => void;
  /** What stopped it, which is tried again. */
  readonly onTrouble?: (error: unknown) => void;
}

interface ListAnswer {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly unknown[];
}

/** How long after its agreed end a watch that says nothing is cut off. */
const graceMillis = 15_000;
/** An object may be as large as etcd takes it, 1.5 MiB: a page of them has to fit into the memory of the process twice. */
const storesAPage = 20;
/** A watch that the server ends sooner than this counts as a failure: no reopening in a tight loop. */
const shortestWatchMillis = 5_000;

/**
 * Keeps a copy of a collection: lists it, watches it from there, and lists again when it must. It outlives anything
 * the API server does, and stops only when its signal aborts. client-node's informer does not
 * (docs/decisions/kubernetes-client.md).
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #known = new Known<T>();
  readonly #backoff: Backoff;
  /** Where to resume; undefined: list first. */
  #resumeAt: string | undefined;
  /**
   * Which state a list may answer from: '' the newest, else none older than this. Any ('0') would be the cheapest at first,
   * but the API server answers it from its cache, which knows no pages: all stores in one answer, whatever its limit.
   * https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4988-serve-pagination-from-cache
   */
  #notOlderThan: string;
  /** Off once a list took so long that its continue token expired: then the next one is read in one go. */
  #paged = true;
  #synced = false;
  #listed: () => void = () => undefined;
  /** Resolves once everything has been listed for the first time. */
  readonly whenSynced = new Promise<void>((resolve) => (this.#listed = resolve));
  #tried: () => void = () => undefined;
  /** Resolves once the first list has been read or has failed. */
  readonly whenTried = new Promise<void>((resolve) => (this.#tried = resolve));
  #lastContact: number | undefined;
  #lastTurn: number;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#notOlderThan = options.notOlderThan ?? '';
    this.#backoff = new Backoff(800, 30_000, options.random);
    this.#lastTurn = options.timers.monotonic();
  }

  /** The first list has been read whole: absence means something from here on. */
  get synced(): boolean {
    return this.#synced;
  }

  get(key: string): T | undefined {
    return this.#known.get(key);
  }

  all(): T[] {
    return this.#known.all();
  }

  /** Since when the API server has told nothing, in milliseconds; undefined before the first answer. */
  get silentMillis(): number | undefined {
    return this.#lastContact === undefined ? undefined : this.#options.timers.monotonic() - this.#lastContact;
  }

  /** How long ago the loop last began a list or a watch. All its waits are bounded: beyond that bound it hangs. */
  get turnMillis(): number {
    return this.#options.timers.monotonic() - this.#lastTurn;
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, timers, path, onTrouble } = this.#options;
    while (!signal.aborted) {
      this.#lastTurn = timers.monotonic();
      try {
        this.#resumeAt ??= await this.#list(signal);
        await this.#watch(this.#resumeAt, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#tried();
        this.#learn(error);
        onTrouble?.(error);
        const wait = Math.max(this.#backoff.next(), error instanceof KubeError ? (error.retryAfterMillis ?? 0) : 0);
        log.warn({ path, error: String(error), waitMillis: Math.round(wait) }, 'watching stores: trying again');
        await pause(timers, wait, signal);
      }
    }
  }

  /** What a failure means for the next attempt. */
  #learn(error: unknown): void {
    if (failedAs(error, 'gone') && this.#resumeAt === undefined) this.#paged = false;
    if (failedAs(error, 'gone', 'ahead', 'invalid')) {
      // Neither the place we were at nor anything newer can be asked for: only the newest state is safe now.
      this.#resumeAt = undefined;
      this.#notOlderThan = '';
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { path, timers } = this.#options;
    const objects: T[] = [];
    // Of each page only what is kept of it outlives it.
    let place: ListAnswer['metadata'];
    do {
      const page = await this.#page(place?.continue, signal);
      this.#lastContact = timers.monotonic();
      for (const item of page.items ?? []) {
        // Leaving it out would read as its deletion.
        if (!isKubeObject(item)) throw new KubeError('unavailable', `GET ${path}: a listed object has no identity`, {});
        objects.push(slim(item as T));
      }
      place = page.metadata;
    } while (place?.continue);
    const version = place?.resourceVersion;
    if (!version) throw new KubeError('unavailable', `GET ${path}: a list without resourceVersion`, {});
    this.#notOlderThan = version;
    for (const change of this.#known.listed(objects)) this.#tell(change);
    this.#synced = true;
    this.#options.onAnswer?.();
    this.#tried();
    this.#listed();
    return version;
  }

  #page(token: string | undefined, signal: AbortSignal): Promise<ListAnswer> {
    const { client, path, fieldSelector, pageSize = storesAPage } = this.#options;
    const from = this.#notOlderThan;
    // A continue token carries its own version: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
    const version = token ? { continue: token } : from === '' ? {} : { resourceVersion: from };
    const match = token || from === '' ? {} : { resourceVersionMatch: 'NotOlderThan' };
    return client.request({
      method: 'GET',
      path,
      query: { fieldSelector, limit: this.#paged ? pageSize : undefined, ...version, ...match },
      signal,
    });
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { client, path, timers, random, fieldSelector } = this.#options;
    const timeoutSeconds = Math.round(300 + 300 * random());
    const cut = new AbortController();
    const either = eitherSignal(signal, cut.signal);
    const uncut = timers.after(timeoutSeconds * 1000 + graceMillis, () => cut.abort());
    const began = timers.monotonic();
    try {
      const query = { watch: true, allowWatchBookmarks: true, fieldSelector, resourceVersion, timeoutSeconds };
      const lines = await client.watch({
        method: 'GET',
        path,
        query,
        signal: either.signal,
      });
      this.#options.onAnswer?.();
      for await (const line of lines) {
        if (signal.aborted) return;
        this.#take(parseEvent(path, line, timers.now()));
        this.#lastContact = timers.monotonic();
        this.#backoff.reset();
      }
    } catch (error) {
      // Our own cut is no failure: a dead connection is left for a new one, at the place we are at.
      if (!cut.signal.aborted || signal.aborted) throw error;
    } finally {
      uncut();
      either.release();
    }
    if (timers.monotonic() - began < shortestWatchMillis)
      throw new KubeError('unavailable', `GET ${path}: a watch that ended at once`, {});
  }

  #take({ type, object }: WatchEvent): void {
    const version = (object['metadata'] as { resourceVersion?: unknown } | undefined)?.resourceVersion;
    if (type !== 'BOOKMARK') {
      if (!isKubeObject(object)) throw new KubeError('unavailable', `a ${type} event without an identity`, {});
      const slimmed = slim(object as KubeObject as T);
      const changes = type === 'DELETED' ? this.#known.gone(slimmed) : this.#known.seen(slimmed);
      for (const change of changes) this.#tell(change);
    }
    if (typeof version === 'string' && version !== '') this.#resumeAt = this.#notOlderThan = version;
  }

  #tell(change: Change<T>): void {
    const { onChange, log } = this.#options;
    try {
      onChange(change);
    } catch (error) {
      const { namespace, name } = change.object.metadata;
      log.error({ namespace, name, error }, 'a change of a store could not be handed on');
    }
  }
}
