import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Sight } from '../engine/inventory.ts';
import type { Priority } from '../model/ports.ts';

/** What is counted elsewhere and looked up at each scrape. */
export interface Sources {
  depth(): Readonly<Record<Priority, number>>;
  delayed(): number;
  ageMillis(): number;
  busyWorkers(): number;
  leads(): boolean;
  /** Number of stores by what their Ready condition says. */
  stores(): ReadonlyMap<string, number>;
  /** Number of stalled stores by why, a closed list; reasons that no store has are left out. */
  stalled(): ReadonlyMap<string, number>;
  /** Whether the stores of each watched namespace have been listed; all namespaces together are ''. */
  listed(): ReadonlyMap<string, boolean>;
  /** How well AWS is known, while this process leads. */
  sights(): readonly Sight[];
  /** By region, what belongs to no store of the cluster, while this process leads. */
  orphans(): readonly { readonly region: string; readonly orphaned: number; readonly retained: number }[];
  /** Milliseconds since the API server last told us anything. */
  watchSilence(): number | undefined;
}

const passSeconds = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];
const callSeconds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const sweepSeconds = [0.05, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300];

/**
 * All that the operator counts. Labels are bounded: no metric carries a store's name. None is called as what Prometheus says
 * of the pod that it asks (`namespace`, `pod`, `service`, ...): it would rename ours to `exported_...`.
 */
export class Metrics {
  readonly #registry = new Registry();

  constructor(sources: Sources) {
    this.#look(sources);
  }

  /** Tells the build, and counts memory, garbage collection and the event loop, too: once for a whole Node process. */
  watchRuntime(build: { readonly version: string; readonly revision: string }): void {
    collectDefaultMetrics({ register: this.#registry });
    this.#collected('ecom_build_info', 'Which build this is; always 1.', ['version', 'revision'], (gauge) =>
      gauge.set(build, 1),
    );
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  readonly #adds = this.#counter('ecom_queue_adds_total', 'Wishes that a store be looked at.', ['priority']);
  readonly #retries = this.#counter('ecom_queue_retries_total', 'Passes that failed and are tried again.', ['pace']);
  readonly #passes = this.#histogram('ecom_pass_seconds', 'Passes over stores.', ['outcome'], passSeconds);
  readonly #calls = this.#histogram(
    'ecom_aws_call_seconds',
    'Calls to AWS.',
    ['aws_service', 'operation', 'outcome'],
    callSeconds,
  );
  readonly #throttles = this.#counter('ecom_aws_throttles_total', 'Calls that AWS throttled.', [
    'aws_service',
    'operation',
  ]);
  readonly #seen = this.#counter('ecom_drift_seen_total', 'Differences from AWS that nobody here had made.', ['type']);
  readonly #healed = this.#counter('ecom_drift_healed_total', 'Of these, the ones put right.', ['type']);
  readonly #sweeps = this.#histogram(
    'ecom_sweep_seconds',
    'Readings of AWS.',
    ['type', 'kind', 'outcome'],
    sweepSeconds,
  );
  readonly #writes = this.#counter('ecom_store_writes_total', 'Writes to EcomStore objects.', []);
  readonly #events = this.#counter('ecom_events_total', 'Events.', ['outcome']);

  added(priority: Priority): void {
    this.#adds.inc({ priority });
  }

  retried(pace: string): void {
    this.#retries.inc({ pace });
  }

  passed(outcome: string, seconds: number): void {
    this.#passes.observe({ outcome }, seconds);
  }

  called(call: { service: string; operation: string; outcome: string; seconds: number }): void {
    const { service, operation, outcome, seconds } = call;
    this.#calls.observe({ aws_service: service, operation, outcome }, seconds);
    if (outcome === 'throttled') this.#throttles.inc({ aws_service: service, operation });
  }

  driftSeen(type: string): void {
    this.#seen.inc({ type });
  }

  driftHealed(type: string): void {
    this.#healed.inc({ type });
  }

  swept(sweep: { type: string; kind: string; millis: number; fault?: { kind: string } }): void {
    const { type, kind, millis, fault } = sweep;
    this.#sweeps.observe({ type, kind, outcome: fault?.kind ?? 'success' }, millis / 1000);
  }

  stored(): void {
    this.#writes.inc();
  }

  told(outcome: string): void {
    this.#events.inc({ outcome });
  }

  #look(sources: Sources): void {
    this.#collected('ecom_queue_depth', 'Stores that wait for a worker.', ['priority'], (gauge) => {
      for (const [priority, count] of Object.entries(sources.depth())) gauge.set({ priority }, count);
    });
    this.#collected('ecom_queue_delayed', 'Stores that wait for their time.', [], (gauge) =>
      gauge.set(sources.delayed()),
    );
    this.#collected(
      'ecom_queue_age_seconds',
      'How long the store waiting longest has waited for a worker.',
      [],
      (gauge) => gauge.set(sources.ageMillis() / 1000),
    );
    this.#collected('ecom_workers_busy', 'Passes going on.', [], (gauge) => gauge.set(sources.busyWorkers()));
    this.#collected('ecom_leader', 'Whether this replica leads.', [], (gauge) => gauge.set(sources.leads() ? 1 : 0));
    this.#collected('ecom_stores', 'Stores by their Ready condition, as the leader sees them.', ['ready'], (gauge) => {
      gauge.reset();
      for (const [ready, count] of sources.stores()) gauge.set({ ready }, count);
    });
    this.#collected(
      'ecom_stores_stalled',
      'Stores for which a person has to do something, by the reason of their Stalled condition, as the leader sees them.',
      ['reason'],
      (gauge) => {
        gauge.reset();
        for (const [reason, count] of sources.stalled()) gauge.set({ reason }, count);
      },
    );
    this.#collected(
      'ecom_namespace_listed',
      'Whether the stores of a watched namespace have been listed.',
      ['watched_namespace'],
      (gauge) => {
        for (const [namespace, isListed] of sources.listed())
          gauge.set({ watched_namespace: namespace }, isListed ? 1 : 0);
      },
    );
    this.#collected('ecom_watch_silence_seconds', 'Since the API server last told anything.', [], (gauge) => {
      const silence = sources.watchSilence();
      if (silence !== undefined) gauge.set(silence / 1000);
    });
    const place = ['type', 'region'];
    this.#collected('ecom_sweep_found', 'Resources of a type that are known, ours or not.', place, (gauge) => {
      gauge.reset();
      for (const { type, region, found } of sources.sights()) gauge.set({ type, region }, found);
    });
    this.#collected('ecom_sweep_age_seconds', 'How old what is known of a type is.', place, (gauge) => {
      gauge.reset();
      for (const { type, region, ageMillis } of sources.sights()) gauge.set({ type, region }, ageMillis / 1000);
    });
    this.#collected(
      'ecom_orphaned_resources',
      "Resources with this installation's tags that belong to no store of the cluster, and are not kept on purpose.",
      ['region'],
      (gauge) => {
        gauge.reset();
        for (const { region, orphaned } of sources.orphans()) gauge.set({ region }, orphaned);
      },
    );
    this.#collected(
      'ecom_retained_resources',
      'Resources that were kept, as policy.deletion said, of stores that the cluster has no more.',
      ['region'],
      (gauge) => {
        gauge.reset();
        for (const { region, retained } of sources.orphans()) gauge.set({ region }, retained);
      },
    );
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] });
  }

  #collected<L extends string>(name: string, help: string, labelNames: L[], look: (gauge: Gauge<L>) => void): void {
    new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect(): void {
        look(this);
      },
    });
  }
}
