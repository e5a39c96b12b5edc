import { fail } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Inventory } from '../../operator/engine/inventory.ts';
import { retain } from '../../operator/engine/keeping.ts';
import { freshMemory, type Memory } from '../../operator/engine/order.ts';
import { reconcile, teardown, type Engine } from '../../operator/engine/reconcile.ts';
import { defaultSettings, type Settings } from '../../operator/engine/settings.ts';
import type { Graph } from '../../operator/model/graph.ts';
import type { Owner } from '../../operator/model/identity.ts';
import type { Cloud, Intent } from '../../operator/model/ports.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import type { Verdict } from '../../operator/model/verdict.ts';
import { registry } from '../../operator/resources/index.ts';
import { compose } from '../../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec, type EcomStoreSpec } from '../../operator/store/spec.ts';
import { furnish, homeRegion } from '../../simulator/account.ts';
import { isExportedLog } from '../../simulator/aws/rds/exported-logs.ts';
import { createSimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { SimulatedCloud } from './simulated-cloud.ts';

/** One store of a virtual world: what Kubernetes would hold of it. */
export interface VirtualStore {
  owner: Owner;
  spec: EcomStoreSpec;
  applied: boolean;
  journal: readonly Intent[];
  memory: Memory;
  last: Verdict | undefined;
  /** A person has confirmed that its data may be deleted. */
  confirmed?: boolean;
}

/** What a graph is composed from. */
type Composing = Pick<VirtualStore, 'owner' | 'spec'> & { readonly boundary: string | undefined };

/** The real engine over the simulated AWS on a clock that only tests move: hours pass in milliseconds. */
export class VirtualWorld {
  readonly clock = new VirtualClock();
  readonly aws = createSimulatedAws({ clock: this.clock });
  readonly cloud = new SimulatedCloud(this.aws);
  readonly stores: VirtualStore[] = [];
  /** The permissions boundary of the installation. */
  boundary: string | undefined;
  engine: Engine;
  readonly #settings: Settings;
  #port: Cloud = this.cloud;
  readonly #composed = new WeakMap<VirtualStore, { readonly from: Composing; readonly graph: Graph }>();

  constructor(settings: Settings = defaultSettings) {
    this.#settings = settings;
    furnish(this.aws.world);
    this.engine = this.#begin();
  }

  get ledger() {
    return this.aws.world.ledger;
  }

  add(
    file: string,
    change: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec = (spec) => spec,
    name?: string,
  ): VirtualStore {
    const manifest = parse(readFileSync(file, 'utf8')) as {
      metadata: { namespace: string; name: string };
      spec: EcomStoreManifestSpec;
    };
    const uid = `00000000-0000-4000-8000-${String(this.stores.length + 1).padStart(12, '0')}`;
    const owner = { installation: 'default', ...manifest.metadata, ...(name === undefined ? {} : { name }), uid };
    const spec = withDefaults(change(manifest.spec));
    const store = { owner, spec, applied: false, journal: [], memory: freshMemory(), last: undefined };
    this.stores.push(store);
    return store;
  }

  /** From now on the engine reaches AWS by another way: over sockets, say. */
  reachBy(port: Cloud): void {
    this.#port = port;
    this.restart();
  }

  /** The process dies and another one begins: all that it knew is forgotten. */
  restart(): void {
    this.engine = this.#begin();
    for (const store of this.stores) store.memory = freshMemory();
  }

  /** Reads what is due, then looks at the store. */
  async pass(store: VirtualStore, run: typeof reconcile = reconcile): Promise<Verdict> {
    this.engine.inventory.watch(store.owner.uid, store.spec.region);
    await this.engine.inventory.readDue();
    return this.look(store, run);
  }

  /** One pass over what was read before. */
  async look(store: VirtualStore, run: typeof reconcile = reconcile): Promise<Verdict> {
    const { owner, spec } = store;
    const verdict = await run(
      this.engine,
      {
        ...{ owner, region: spec.region, applied: store.applied, act: spec.policy.mode === 'Enforce' },
        graph: this.#graphOf(store),
        mayReplace: new Set(spec.policy.replace),
        data: { ...retain, deletion: spec.policy.deletion, confirmed: store.confirmed ?? false },
        kept: store.last?.retained ?? [],
        previous: previousIds(store.last),
        confirm: async () => undefined,
        journal: { intents: store.journal, write: async (intents) => void (store.journal = [...intents]) },
      },
      store.memory,
    );
    store.journal = [...verdict.intents];
    store.last = verdict;
    if (isSettled(verdict)) store.applied = true;
    return verdict;
  }

  /** Lets time pass until the store is settled, or gone. Throws when that takes longer than `mostMinutes` of virtual time. */
  async settle(store: VirtualStore, run: typeof reconcile = reconcile, mostMinutes = 60): Promise<Verdict> {
    const until = this.clock.now() + mostMinutes * 60_000;
    while (this.clock.now() < until) {
      const verdict = await this.pass(store, run);
      if (run === teardown ? verdict.gone : isSettled(verdict)) return verdict;
      const due = Math.min(verdict.wakeAt, this.engine.inventory.nextDue());
      this.clock.advance(Math.max(200, due - this.clock.now()));
    }
    const open = [...(store.last?.nodes ?? []), ...(store.last?.leaving ?? [])].filter(
      ({ standing }) => standing !== 'ready',
    );
    const told = open.map(({ node, standing, message }) => `${node} is ${standing}: ${message}`);
    fail(`not settled after ${mostMinutes} minutes:\n${told.join('\n')}`);
  }

  /** Settles a store, and answers what was told as a stall on the way. */
  async stallsOf(store: VirtualStore): Promise<string[]> {
    const stalled = new Set<string>();
    await this.settle(store, async (...given) => {
      const verdict = await reconcile(...given);
      for (const { node, standing, message } of verdict.nodes)
        if (standing === 'stalled') stalled.add(`${node}: ${message}`);
      return verdict;
    });
    return [...stalled];
  }

  /** Hours in which nobody changes anything: every beat comes round many times. Answers what was written all the same. */
  async leftAlone(store: VirtualStore, hours = 1): Promise<string[]> {
    const before = this.cloud.writes().length;
    for (let i = 0; i < 12 * hours; i++) {
      this.clock.advance(5 * 60_000);
      await this.settle(store);
    }
    return this.cloud.writes().slice(before);
  }

  remove(store: VirtualStore): Promise<Verdict> {
    return this.settle(store, teardown);
  }

  /** What exists of the store's, by the ledger: the logs that RDS has exported are RDS's, and stay. */
  existing(type?: string) {
    return this.ledger.existing(type === undefined ? {} : { type }).filter((one) => !isExportedLog(one));
  }

  /** Somebody else calls AWS. */
  async other<T>(service: string, operation: string, input: object): Promise<T> {
    return (await this.aws.handle({ service, operation, input, region: homeRegion, principal: 'somebody' })) as T;
  }

  /** The id that the last pass told for a node. */
  idOf({ last }: VirtualStore, node: string): string {
    const id = last?.nodes.find((report) => report.node === node)?.id;
    if (id === undefined) throw new Error(`the last pass told no id for ${node}`);
    return id;
  }

  /** Composed once for each spec, as the operator does: what follows from a graph is found out once. */
  #graphOf(store: VirtualStore): Graph {
    const { owner, spec } = store;
    const from = { owner, spec, boundary: this.boundary };
    const known = this.#composed.get(store);
    const isSame = known && (['owner', 'spec', 'boundary'] as const).every((one) => known.from[one] === from[one]);
    if (isSame) return known.graph;
    const graph = compose({ ...from, account: this.cloud.account });
    this.#composed.set(store, { from, graph });
    return graph;
  }

  #begin(): Engine {
    const options = {
      cloud: this.#port,
      clock: this.clock,
      registry,
      settings: this.#settings,
      installation: 'default',
      wake: () => undefined,
    };
    return { ...options, inventory: new Inventory(options) };
  }
}

/** The ids that status would remember. */
const previousIds = (last: Verdict | undefined): Map<NodeId, string> =>
  new Map(
    [...(last?.nodes ?? []), ...(last?.leaving ?? [])].flatMap(({ node, id }) =>
      id === undefined ? [] : [[node, id]],
    ),
  );

export const isSettled = (verdict: Verdict): boolean =>
  verdict.known && [...verdict.nodes, ...verdict.leaving].every(({ standing }) => standing === 'ready');
