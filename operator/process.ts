import type { Config } from './config.ts';
import type { Mandate } from './desk.ts';
import type { KubeClient } from './kube/client.ts';
import { Elector } from './kube/elector.ts';
import { Events } from './kube/events.ts';
import type { Change } from './kube/known.ts';
import { ownNamespace } from './kube/kubeconfig.ts';
import { LeaseRecord } from './kube/lease-record.ts';
import { Reflector } from './kube/reflector.ts';
import { storesPath, type StoreObject } from './kube/store-object.ts';
import { Stores } from './kube/stores.ts';
import type { BeginLead } from './lead.ts';
import { eitherSignal } from './model/either-signal.ts';
import type { Log } from './model/log.ts';
import { stallReasons } from './model/stall-reasons.ts';
import { untilAborted, type Random, type Timers } from './model/timers.ts';
import { Metrics } from './runtime/metrics.ts';
import type { StoreCondition } from './store/spec.ts';
import { openTerm, type Term } from './term.ts';

export interface ProcessOptions {
  readonly config: Config;
  /** Closed when the process has ended. */
  readonly client: KubeClient;
  /** For the lease alone, closed likewise: work that waits for the API server must not keep the leader from renewing. */
  readonly leaseClient: KubeClient;
  /** Unique to this process: two may share a host name, and the lease must tell them apart. */
  readonly identity: string;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly begin: (metrics: Metrics) => BeginLead;
}

/** What ends a term, and what of it. */
interface TermSignals {
  /** The process is to stop: what goes on may finish. */
  readonly stop: AbortSignal;
  /** That, or the mandate is over: nothing new is begun. */
  readonly enough: AbortSignal;
  /** Until when AWS is read. */
  readonly reading: AbortSignal;
  readonly over: AbortController;
}

/** A loop that has not turned for so long hangs: its longest wait, a watch with its grace, is under eleven minutes. */
const hungReflectorMillis = 20 * 60_000;

/** What is watched, each by a watch of its own: the namespaces that were named, or all together, as undefined. */
export const watchedNamespaces = ({ namespaces }: Config): readonly (string | undefined)[] =>
  namespaces.length > 0 ? namespaces : [undefined];

/**
 * The operator without its sockets: watches, leads when it may, and ends when the signal aborts and its work is done.
 * Everything it touches is given to it, so that simulations run many of them on one clock.
 */
export class Process {
  readonly metrics: Metrics;
  readonly #options: ProcessOptions;
  /** By namespace; that of all namespaces under undefined. */
  readonly #watches: ReadonlyMap<string | undefined, Reflector<StoreObject>>;
  readonly #reflectors: readonly Reflector<StoreObject>[];
  readonly #stores: Stores;
  readonly #events: Events;
  readonly #begin: BeginLead;
  #term: Term | undefined;
  #leads: () => boolean = () => false;

  constructor(options: ProcessOptions) {
    const { config, client, timers, random, log } = options;
    this.#options = options;
    const onChange = (change: Change<StoreObject>): void => this.#changed(change);
    this.#watches = new Map(
      watchedNamespaces(config).map((namespace) => [
        namespace,
        new Reflector({ client, path: storesPath(namespace), timers, random, log, onChange }),
      ]),
    );
    this.#reflectors = [...this.#watches.values()];
    this.#stores = new Stores(client, this.#reflectors, () => this.metrics.stored());
    this.#events = new Events({
      client,
      timers,
      random,
      log,
      component: 'ecomstore-operator',
      instance: config.identity,
      onOutcome: (outcome) => this.metrics.told(outcome),
    });
    this.metrics = new Metrics({
      depth: () => this.#term?.queue.depth ?? { change: 0, delete: 0, heal: 0, scan: 0 },
      delayed: () => this.#term?.queue.delayed ?? 0,
      ageMillis: () => this.#term?.queue.ageMillis ?? 0,
      busyWorkers: () => this.#term?.workers.busy ?? 0,
      leads: () => this.#leads(),
      stores: () => readiness(this.#leads() ? this.#stores.all() : []),
      stalled: () => stalls(this.#leads() ? this.#stores.all() : []),
      listed: () => new Map([...this.#watches].map(([namespace = '', { synced }]) => [namespace, synced])),
      sights: () => this.#term?.sights() ?? [],
      orphans: () => this.#term?.orphans.counts ?? [],
      watchSilence: () => longest(this.#reflectors.map((reflector) => reflector.silentMillis ?? Infinity)),
    });
    this.#begin = options.begin(this.metrics);
  }

  /**
   * The probes. An API server or an AWS that is away makes nobody unready that was ready, and kills nobody: a restart
   * would only lose what is known. A standby is as ready as a leader.
   */
  get checks() {
    const { passLimitMillis } = this.#options.config;
    return {
      live: {
        workers: () =>
          (this.#term?.workers.longestMillis ?? 0) > 2 * passLimitMillis
            ? 'a pass hangs, and cannot be aborted'
            : undefined,
        watch: () =>
          longest(this.#reflectors.map(({ turnMillis }) => turnMillis)) > hungReflectorMillis
            ? 'the watch hangs'
            : undefined,
      },
      ready: { stores: () => (this.#isListed ? undefined : this.#unlistedText) },
    };
  }

  /** One namespace is enough: what may not be read in another is no reason to look after none. */
  get #isListed(): boolean {
    return this.#reflectors.some(({ synced }) => synced);
  }

  get #unlisted(): string[] {
    return [...this.#watches].flatMap(([namespace, { synced }]) =>
      synced || namespace === undefined ? [] : namespace,
    );
  }

  get #unlistedText(): string {
    const names = this.#unlisted;
    const where = names.length > 0 ? ` in ${names.join(', ')}` : '';
    return `the stores${where} have not been listed yet`;
  }

  async run(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const watching = this.#reflectors.map((reflector) => reflector.run(over.signal));
    try {
      await Promise.race([this.#elect(signal), ...watching]);
    } finally {
      await this.#events.flush(3_000);
      over.abort();
      await Promise.all(watching);
      await Promise.all([this.#options.client, this.#options.leaseClient].map((client) => client.close()));
    }
  }

  async #elect(signal: AbortSignal): Promise<void> {
    const { config, leaseClient, identity, timers, random, log } = this.#options;
    if (!config.leaderElection) {
      const mandate = { signal: new AbortController().signal, holds: true };
      return this.#lead(mandate, signal);
    }
    const namespace = config.lease.namespace ?? ownNamespace() ?? 'default';
    const elector = new Elector({
      record: new LeaseRecord(leaseClient, namespace, config.lease.name),
      identity,
      leaseMillis: config.lease.durationMillis,
      renewDeadlineMillis: config.lease.renewMillis,
      retryMillis: config.lease.retryMillis,
      drainMillis: config.shutdownMillis,
      endMillis: 10_000,
      timers,
      random,
      log,
      lead: (term) => this.#lead(term, signal),
    });
    await elector.run(signal);
  }

  /** One term: from the first list of stores to the end of the last pass. */
  async #lead(mandate: Mandate, stop: AbortSignal): Promise<void> {
    this.#leads = () => mandate.holds;
    const enough = eitherSignal(mandate.signal, stop);
    // Ends what is left of reading AWS once the last pass is over.
    const over = new AbortController();
    const reading = eitherSignal(mandate.signal, over.signal);
    try {
      await Promise.race([this.#listed(), untilAborted(enough.signal)]);
      if (!enough.signal.aborted)
        await this.#work(mandate, { stop, enough: enough.signal, reading: reading.signal, over });
    } finally {
      over.abort();
      enough.release();
      reading.release();
    }
  }

  /**
   * Resolves when each namespace was tried once and one was listed. The stores of another come by its watch whenever it
   * can be read: nothing is concluded from a store that is not known, and only known stores have anything done to them.
   */
  async #listed(): Promise<void> {
    await Promise.all(this.#reflectors.map(({ whenTried }) => whenTried));
    await Promise.race(this.#reflectors.map(({ whenSynced }) => whenSynced));
  }

  /** Opens the account and works on the stores, until the term is over. */
  async #work(mandate: Mandate, { stop, enough, reading, over }: TermSignals): Promise<void> {
    const { config, timers, random, log } = this.#options;
    const namespaces = this.#unlisted;
    if (namespaces.length > 0)
      log.warn({ namespaces }, 'the stores of these namespaces cannot be listed: those of the others are kept');
    const giveUp = (): void => over.abort();
    stop.addEventListener('abort', giveUp);
    const lead = await this.#begin(withSignal(mandate, reading), (uids) => this.#term?.desk.wake(uids));
    stop.removeEventListener('abort', giveUp);
    if (!lead || enough.aborted) return;
    const isListed = (namespace: string): boolean =>
      (this.#watches.get(namespace) ?? this.#watches.get(undefined))?.synced ?? false;
    const { metrics } = this;
    const shared = { stores: this.#stores, isListed, events: this.#events, metrics, config, timers, random, log };
    const term = (this.#term = openTerm(shared, mandate, lead));
    const worked = term.workers.run({ stop, drop: mandate.signal }).finally(() => over.abort());
    try {
      await Promise.all([worked, lead.read(reading), term.orphans.run(reading)]);
    } finally {
      over.abort();
      term.queue.clear();
      this.#term = undefined;
    }
  }

  #changed(change: Change<StoreObject>): void {
    this.#term?.desk.changed(change);
    if (change.is === 'removed') this.#term?.forget(change.object.metadata.uid);
    this.#stores.changed(change);
  }
}

const longest = (millis: readonly number[]): number => Math.max(0, ...millis);

/** How many stores say what of being ready. */
function readiness(stores: readonly StoreObject[]): Map<string, number> {
  const counts = new Map([
    ['True', 0],
    ['False', 0],
    ['Unknown', 0],
  ]);
  for (const store of stores) {
    const says = conditionOf(store, 'Ready')?.status ?? 'Unknown';
    counts.set(says, (counts.get(says) ?? 0) + 1);
  }
  return counts;
}

/** How many stores are stalled, by why. What another version has written as a reason is told as one: labels are bounded. */
function stalls(stores: readonly StoreObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const store of stores) {
    const stalled = conditionOf(store, 'Stalled');
    if (stalled?.status !== 'True') continue;
    const reason = stallReasons.find((known) => known === stalled.reason) ?? 'Other';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}

function conditionOf({ status }: StoreObject, type: string): StoreCondition | undefined {
  const conditions = (status?.['conditions'] ?? []) as readonly StoreCondition[];
  return conditions.find((condition) => condition.type === type);
}

const withSignal = (mandate: Mandate, signal: AbortSignal): Mandate => ({
  signal,
  get holds() {
    return mandate.holds && !signal.aborted;
  },
});
