import { fail } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readConfig, type Config } from '../../operator/config.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import { finalizer, storePath, storesPath, type StoreObject } from '../../operator/kube/store-object.ts';
import { beginLead, type LeadOptions } from '../../operator/lead.ts';
import { Process } from '../../operator/process.ts';
import { reconcileAnnotation, type EcomStoreManifestSpec, type StoreCondition } from '../../operator/store/spec.ts';
import type { Status } from '../../operator/store/status.ts';
import { furnish, homeRegion } from '../../simulator/account.ts';
import { createSimulatedAws, type SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { Api } from '../../simulator/kube/api.ts';
import { Random } from '../../simulator/random.ts';
import { Exchange } from './exchange.ts';
import { localKubeClient } from './local-kube-client.ts';
import { logBook } from './log-book.ts';
import { dumpOf } from './virtual-dump.ts';
import { connectVirtually } from './virtual-cloud.ts';
import { VirtualTimers } from './virtual-timers.ts';
import { Wire, wiredKubeClient } from './wire.ts';

/** How the world is in which the operator lives; all of it may be changed later on `aws.world`, `kube` and `exchange`. */
export interface VirtualOptions {
  /** Of every choice: ids, orders, jitter, latencies. The same seed gives the same calls. */
  readonly seed?: number;
  /** How far AWS's lists lag behind its writes. */
  readonly readLagMillis?: number;
  /** The most that a page of AWS holds. */
  readonly pageSize?: number;
  readonly shuffleLists?: boolean;
  /** From and to how many milliseconds a call with its reply takes; at once when left out. */
  readonly latencyMillis?: readonly [number, number];
  readonly watchLagMillis?: readonly [number, number];
  /** Off when left out: then a new process works at once, and does not wait for the lease of a dead one to run out. */
  readonly leaderElection?: boolean;
  /** How long Kubernetes takes to start a new process for one that has died; `never` leaves that to the test. */
  readonly restartMillis?: number | 'never';
  /** Reaches AWS in another way than through the wire, in process: over sockets, say. */
  readonly connect?: (exchange: Exchange) => LeadOptions['connect'];
  /** Variables of the operator's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One store in Kubernetes. */
export interface StoreHandle {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** One process of the operator. */
export interface VirtualProcess {
  readonly number: number;
  /** What those share that follow one another when one dies. */
  readonly seat: { isTaken: boolean };
  readonly wire: Wire;
  readonly log: ReturnType<typeof logBook>;
  /** What its readiness probe complains of. */
  readonly notReady: () => string | undefined;
  /** What its liveness probe complains of. */
  readonly notLive: () => string | undefined;
  readonly metrics: () => Promise<string>;
  /** Asks it to stop, as SIGTERM does; resolves when it has ended, which takes time that somebody must let pass. */
  stop(): Promise<void>;
  state: 'runs' | 'killed' | 'stopped' | 'failed';
}

const crd: unknown = parse(readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8'));

/**
 * The whole operator in one process on virtual time: reflector, queue, workers, engine and all else that `serve` runs,
 * against the simulated AWS and the simulated Kubernetes API, on one clock and one seed.
 *
 * ```ts
 * const world = new VirtualOperator({ seed: 7, readLagMillis: 20_000 });
 * world.start();
 * const store = await world.apply('examples/minimal.yaml');
 * await world.ready(store);                                  // lets time pass until the status says so, or throws a dump
 * world.exchange.disturb(3, { kill: 'after-effect' });       // the third write from now; a new process follows
 * await world.patch(store, { spec: { compute: { port: 9090 } } });
 * await world.ready(store);
 * await world.remove(store);
 * await world.gone(store);
 * expect(world.ledger.existing()).toEqual([]);
 * ```
 *
 * Faults: `world.aws.world.faults.add(...)`, `world.kube.faults...`. All calls: `world.exchange.calls`.
 */
export class VirtualOperator {
  readonly exchange: Exchange;
  readonly timers: VirtualTimers;
  readonly aws: SimulatedAws;
  readonly kube: Api;
  /** Somebody with kubectl. */
  readonly user: KubeClient;
  readonly random: Random;
  readonly processes: VirtualProcess[] = [];
  readonly #options: VirtualOptions;
  readonly #config: Config;

  constructor(options: VirtualOptions = {}) {
    const { seed = 1, readLagMillis = 0, pageSize = Infinity, shuffleLists = false } = options;
    this.#options = options;
    this.random = new Random(seed);
    this.exchange = new Exchange((quiet) => new VirtualTimers(undefined, quiet));
    this.timers = this.exchange.timers;
    const between = (range: readonly [number, number] | undefined) => () =>
      range ? range[0] + this.random.below(range[1] - range[0] + 1) : 0;
    this.exchange.latency = between(options.latencyMillis);
    this.exchange.watchLag = between(options.watchLagMillis);
    this.aws = createSimulatedAws({ clock: this.timers, seed, readLagMillis });
    Object.assign(this.aws.world, { pageSize, shuffleLists });
    furnish(this.aws.world);
    this.kube = new Api({
      clock: this.timers,
      seed,
      crds: [crd],
      users: {},
      after: (millis, action) => this.timers.after(millis, action),
      comeAndGo: () => Promise.resolve(),
    });
    this.user = localKubeClient({ api: this.kube, timers: this.timers });
    this.#config = readConfig({
      AWS_REGION: homeRegion,
      ECOM_IDENTITY: 'virtual',
      ECOM_LEADER_ELECTION: String(options.leaderElection ?? false),
      ECOM_LEASE_NAMESPACE: 'kube-system',
      ...options.env,
    });
  }

  get ledger() {
    return this.aws.world.ledger;
  }

  /** Starts a process of the operator, beside those that run. */
  start(seat = { isTaken: true }): VirtualProcess {
    const number = this.processes.length + 1;
    const log = logBook();
    const stop = new AbortController();
    const wire = new Wire(this.exchange, number, (why) => {
      log.warn({ why }, 'killed');
      this.#ended(process, 'killed');
    });
    const random = new Random((this.#options.seed ?? 1) * 1_000 + number);
    const shared = { config: this.#config, timers: wire.timers, random: () => random.next(), log };
    const client = localKubeClient({ api: this.kube, timers: this.timers });
    const connect = this.#options.connect?.(this.exchange) ?? connectVirtually(this.aws, wire);
    const wired = wiredKubeClient(wire, client, () => this.timers.now(), this.exchange.watchLag);
    const operator = new Process({
      ...shared,
      client: wired,
      leaseClient: wired,
      identity: `virtual_${number}`,
      begin: (metrics) => beginLead({ ...shared, metrics, connect }),
    });
    const running = operator.run(stop.signal);
    const process: VirtualProcess = {
      number,
      seat,
      wire,
      log,
      state: 'runs',
      notReady: operator.checks.ready.stores,
      notLive: operator.checks.live.workers,
      metrics: () => operator.metrics.text(),
      stop: () => {
        stop.abort();
        return running;
      },
    };
    running.then(
      () => this.#ended(process, 'stopped'),
      (error: unknown) => {
        log.error({ err: error }, 'the operator cannot go on');
        this.#ended(process, 'failed');
      },
    );
    this.processes.push(process);
    return process;
  }

  /** `kill -9` of a process and of all that would follow it: there is one replica less. */
  retire({ seat }: VirtualProcess): void {
    seat.isTaken = false;
    for (const one of this.processes) if (one.seat === seat) one.wire.cut('retired by the test');
  }

  /** `kill -9` of every process that runs, or of one. */
  kill(process?: VirtualProcess): void {
    for (const one of process ? [process] : this.processes) one.wire.cut('killed by the test');
  }

  #ended(process: VirtualProcess, state: 'killed' | 'stopped' | 'failed'): void {
    if (process.state !== 'runs') return;
    process.state = state;
    process.wire.cut(state);
    const { restartMillis = 2_000 } = this.#options;
    if (state === 'stopped' || restartMillis === 'never') return;
    this.timers.after(restartMillis, () => void (process.seat.isTaken && this.start(process.seat)));
  }

  /** Posts a manifest, with its spec changed before. */
  async apply(file: string, change?: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec): Promise<StoreHandle> {
    const manifest = parse(readFileSync(file, 'utf8')) as {
      metadata: { namespace: string; name: string };
      spec: EcomStoreManifestSpec;
    };
    return this.post(manifest.metadata, change ? change(manifest.spec) : manifest.spec);
  }

  /** Posts a store, and its namespace when there is none. */
  async post(
    metadata: { readonly namespace: string; readonly name: string },
    spec: EcomStoreManifestSpec,
  ): Promise<StoreHandle> {
    const { namespace } = metadata;
    const known = this.kube.world.storage.get('/namespaces', namespace);
    const path = '/api/v1/namespaces';
    if (!known)
      await this.user.request({
        method: 'POST',
        path,
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      });
    const body = { apiVersion: 'ecom.io/v1alpha1', kind: 'EcomStore', metadata, spec };
    const store = await this.user.request<StoreObject>({ method: 'POST', path: storesPath(namespace), body });
    return { namespace, name: store.metadata.name, uid: store.metadata.uid };
  }

  /** A merge patch by the user. */
  async patch(store: StoreHandle, body: object): Promise<void> {
    await this.user.request({ method: 'PATCH', path: storePath(store), body });
  }

  annotate(store: StoreHandle, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    return this.patch(store, { metadata: { annotations } });
  }

  /** Asks for all of it to be read anew, by the annotation `ecom.io/reconcile-at`. */
  askToReconcile(store: StoreHandle, value = String(this.timers.now())): Promise<void> {
    return this.annotate(store, { [reconcileAnnotation]: value });
  }

  async remove(store: StoreHandle): Promise<void> {
    await this.user.request({ method: 'DELETE', path: storePath(store) });
  }

  /** Somebody else calls AWS. */
  async other<T>(service: string, operation: string, input: object, region = homeRegion): Promise<T> {
    return (await this.aws.handle({ service, operation, input, region, principal: 'somebody' })) as T;
  }

  /** The store as Kubernetes has it; undefined when it is gone, or another one has its name. */
  object({ namespace, name, uid }: StoreHandle): StoreObject | undefined {
    const found = this.kube.world.storage.get('ecom.io/ecomstores', `${namespace}/${name}`);
    return found?.metadata.uid === uid ? (found as unknown as StoreObject) : undefined;
  }

  status(store: StoreHandle): Status | undefined {
    return this.object(store)?.status as Status | undefined;
  }

  condition(store: StoreHandle, type = 'Ready'): StoreCondition | undefined {
    return this.status(store)?.conditions?.find((condition) => condition.type === type) as StoreCondition | undefined;
  }

  /** Whether the status says that AWS matches what the user wants now. */
  isReady(store: StoreHandle): boolean {
    const generation = this.object(store)?.metadata.generation;
    const ready = this.condition(store);
    return ready?.status === 'True' && ready.observedGeneration === generation;
  }

  isHeld(store: StoreHandle): boolean {
    return this.object(store)?.metadata.finalizers?.includes(finalizer) ?? false;
  }

  async advance(millis: number): Promise<void> {
    await this.timers.advance(millis);
    this.aws.world.settle();
  }

  /** Lets time pass until something holds; throws, with all that there is to know, when it does not. */
  async until(holds: () => boolean, what: string, mostMinutes = 120): Promise<void> {
    const came = await this.timers.advanceUntil(holds, mostMinutes * 60_000);
    this.aws.world.settle();
    if (!came) fail(`${what}: not within ${mostMinutes} minutes\n${dumpOf(this)}`);
  }

  ready(store: StoreHandle, mostMinutes?: number): Promise<void> {
    return this.until(() => this.isReady(store), `${store.namespace}/${store.name} is ready`, mostMinutes);
  }

  gone(store: StoreHandle, mostMinutes?: number): Promise<void> {
    const isGone = (): boolean => this.object(store) === undefined;
    return this.until(isGone, `${store.namespace}/${store.name} is gone`, mostMinutes);
  }
}
