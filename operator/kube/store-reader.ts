import { Fault } from '../model/faults.ts';
import type { Log } from '../model/log.ts';
import type { Random, Timers } from '../model/timers.ts';
import type { EcomStore } from '../store/spec.ts';
import { openAccess } from './access.ts';
import { kubeClient, type KubeClient } from './client.ts';
import { failedAs, KubeError } from './errors.ts';
import type { ClusterAccess } from './kubeconfig.ts';
import { keyOf, type KubeObject } from './object.ts';
import { Reflector } from './reflector.ts';
import { storeApi, storePath, storesPath } from './store-object.ts';

/** A store by its names. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Who wants to hear of a store. */
export interface Listener {
  /** How it is now. */
  seen(store: EcomStore): void;
  /** There is no such store any more. */
  gone(): void;
  /** The API server answers. */
  answered(): void;
  /** It does not; it is asked again. */
  trouble(fault: Fault): void;
}

export interface StoreReaderOptions {
  readonly cluster: ClusterAccess;
  readonly userAgent: string;
  readonly timers: Timers;
  readonly random: Random;
}

interface StorePage {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly EcomStore[];
}

/** One may be 1.5 MiB large. */
const storesAPage = 20;

/** Reads stores for people, and writes nothing. What it throws is a fault with a remedy. */
export class StoreReader {
  /** The namespace that the context names. */
  readonly namespace: string | undefined;
  readonly #host: string;
  readonly #client: KubeClient;
  readonly #options: StoreReaderOptions;

  constructor(options: StoreReaderOptions) {
    const { cluster, userAgent, timers } = options;
    const access = openAccess(cluster, 2, () => timers.now());
    this.namespace = cluster.namespace;
    this.#host = new URL(cluster.server).host;
    this.#client = kubeClient({ access, userAgent, clock: timers });
    this.#options = options;
  }

  /** The store as it is now; undefined when there is none of this name. */
  async read(named: Named): Promise<EcomStore | undefined> {
    try {
      return await this.#client.request<EcomStore>({ method: 'GET', path: storePath(named) });
    } catch (error) {
      if (!failedAs(error, 'not-found')) throw this.#explained(error, named);
      await this.#checkServed(named);
      return undefined;
    }
  }

  /** All stores of the cluster, in every namespace. */
  async all(): Promise<EcomStore[]> {
    const stores: EcomStore[] = [];
    let place: string | undefined;
    try {
      do {
        const query = { limit: storesAPage, continue: place };
        const page = await this.#client.request<StorePage>({ method: 'GET', path: storesPath(), query });
        stores.push(...(page.items ?? []));
        place = page.metadata?.continue;
      } while (place);
    } catch (error) {
      if (failedAs(error, 'not-found')) throw this.#unserved();
      throw this.#explained(error);
    }
    return stores;
  }

  /** Tells every state of the store from this one on; ends when it is gone, when we may not watch it, or on the signal. */
  async watch(from: EcomStore, listener: Listener, signal: AbortSignal): Promise<void> {
    const { namespace, name, resourceVersion } = from.metadata;
    const end = new AbortController();
    const stop = (): void => end.abort();
    let refused: Fault | undefined;
    const gone = (): void => {
      if (end.signal.aborted) return;
      stop();
      listener.gone();
    };
    const reflector: Reflector<KubeObject> = new Reflector<KubeObject>({
      ...this.#options,
      client: this.#client,
      path: storesPath(namespace),
      fieldSelector: `metadata.name=${name}`,
      notOlderThan: resourceVersion,
      log: silent,
      onChange: ({ is, object }) => {
        if (is === 'removed') gone();
        else if (!end.signal.aborted) listener.seen(object as EcomStore);
      },
      onAnswer: () => {
        if (!reflector.get(keyOf({ namespace, name }))) gone();
        else if (!end.signal.aborted) listener.answered();
      },
      onTrouble: (error) => {
        const fault = this.#explained(error, from.metadata);
        if (fault.kind !== 'denied') return listener.trouble(fault);
        refused = fault;
        stop();
      },
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    await reflector.run(end.signal);
    signal.removeEventListener('abort', stop);
    if (refused) throw refused;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** A store that is not there, and a cluster that has never heard of stores, are both answered 404. */
  async #checkServed(named: Named): Promise<void> {
    const { group, version, plural } = storeApi;
    let served: { readonly resources?: readonly { readonly name: string }[] } = {};
    try {
      served = await this.#client.request({ method: 'GET', path: `/apis/${group}/${version}` });
    } catch (error) {
      // Who may not ask what is served is told that the store is not there: that much is true.
      if (failedAs(error, 'denied')) return;
      if (!failedAs(error, 'not-found')) throw this.#explained(error, named);
    }
    if (served.resources?.some(({ name }) => name === plural)) return;
    throw this.#unserved();
  }

  #unserved(): Fault {
    return new Fault('absent', `the cluster at ${this.#host} knows no EcomStores: its CRD is not installed`, {
      remedy: 'kubectl apply --server-side -f crds/, or choose another cluster with --context',
    });
  }

  /** `named`: the one store that was asked for; unless given, all were. */
  #explained(error: unknown, named?: Named): Fault {
    if (!(error instanceof KubeError)) throw error;
    const { kind, message } = error;
    const stores = `${storeApi.plural}.${storeApi.group}`;
    if (error.failure === 'denied')
      return new Fault(kind, message, {
        cause: error,
        remedy: named
          ? `log in again, or ask for get, list and watch on ${stores} in namespace ${named.namespace}`
          : `log in again, or ask for list on ${stores} in all namespaces (the ClusterRole ecomstore-viewer, by a ClusterRoleBinding)`,
      });
    return new Fault(kind, `the cluster at ${this.#host} does not answer as it should: ${message}`, {
      cause: error,
      remedy: 'see whether it runs, and whether it is the right one: kubectl config current-context',
    });
  }
}

/** What goes wrong is told to the listener. */
const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
