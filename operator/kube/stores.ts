import type { KubeClient } from './client.ts';
import type { Change } from './known.ts';
import { OpenStore, type OpenStoreOptions } from './open-store.ts';
import { keyOf } from './object.ts';
import type { StoreObject } from './store-object.ts';

/** Where cached stores are read from: the reflectors, one for the cluster or one for each watched namespace. */
export interface StoreCache {
  get(key: string): StoreObject | undefined;
  all(): StoreObject[];
}

interface Ahead {
  /** The versions that ours came after: while the cache shows one of them, it has not caught up yet. */
  readonly superseded: Set<string>;
  newest: StoreObject;
}

/** The stores of this cluster, as they are known here: the caches, and our own writes that the watch has not told yet. */
export class Stores {
  readonly #client: KubeClient;
  readonly #caches: readonly StoreCache[];
  readonly #ahead = new Map<string, Ahead>();
  readonly #onWrite: () => void;

  constructor(client: KubeClient, caches: readonly StoreCache[], onWrite: () => void = () => undefined) {
    this.#client = client;
    this.#caches = caches;
    this.#onWrite = onWrite;
  }

  all(): StoreObject[] {
    return this.#caches.flatMap((cache) => cache.all());
  }

  cached(key: string): StoreObject | undefined {
    const object = this.#caches.map((cache) => cache.get(key)).find((found) => found !== undefined);
    const ahead = object && this.#ahead.get(object.metadata.uid);
    if (!ahead) return object;
    const { generation = 0, resourceVersion } = object.metadata;
    // Versions that somebody else wrote in between are not known as superseded; an older spec tells on them.
    if (ahead.superseded.has(resourceVersion) || generation < (ahead.newest.metadata.generation ?? 0))
      return ahead.newest;
    this.#ahead.delete(object.metadata.uid);
    return object;
  }

  /** The store for a pass to work with until the signal aborts; undefined when there is none of that key. */
  open(key: string, signal?: AbortSignal): OpenStore | undefined {
    const object = this.cached(key);
    const onWrite: OpenStoreOptions['onWrite'] = (...write) => this.#written(...write);
    return object && new OpenStore({ client: this.#client, object, signal, onWrite });
  }

  /** Whether an object the watch tells of is nothing but the echo of our own write. */
  isOurWrite({ metadata }: StoreObject): boolean {
    const ahead = this.#ahead.get(metadata.uid);
    return (
      ahead?.newest.metadata.resourceVersion === metadata.resourceVersion ||
      Boolean(ahead?.superseded.has(metadata.resourceVersion))
    );
  }

  /** Is to be told of every change the reflectors see, so that nothing is kept of stores that are gone. */
  changed({ is, object }: Change<StoreObject>): void {
    if (is === 'removed') this.#ahead.delete(object.metadata.uid);
  }

  #written(versions: readonly string[], after: StoreObject): void {
    this.#onWrite();
    const { uid } = after.metadata;
    if (!this.#caches.some((cache) => cache.get(keyOf(after.metadata))?.metadata.uid === uid)) return;
    const superseded = new Set([...(this.#ahead.get(uid)?.superseded ?? []), ...versions]);
    this.#ahead.set(uid, { superseded, newest: after });
  }
}
