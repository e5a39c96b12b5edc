import { Inventory } from '../../operator/engine/inventory.ts';
import { retain } from '../../operator/engine/keeping.ts';
import { freshMemory, type Memory, type Order } from '../../operator/engine/order.ts';
import { reconcile, teardown, type Engine } from '../../operator/engine/reconcile.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import type { Verdict } from '../../operator/model/verdict.ts';
import type { Graph } from '../../operator/model/graph.ts';
import type { Owner } from '../../operator/model/identity.ts';
import type { Intent } from '../../operator/model/ports.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import type { Registry } from '../../operator/model/resource-type.ts';
import type { ToyCloud } from './toy-cloud.ts';

export const acme: Owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'uid-acme' };

/** One store driven by the real engine on a clock that the test moves. `restart` forgets all but the journal. */
export class ToyEngine {
  readonly cloud: ToyCloud;
  readonly clock: { time: number; now(): number };
  readonly registry: Registry;
  journal: Intent[] = [];
  /** The ids that status would hold. */
  mirror = new Map<NodeId, string>();
  journalWrites = 0;
  /** Thrown by the next write to the journal. */
  journalFault: Error | undefined;
  order: Partial<Order> = {};
  uid = acme.uid;
  engine!: Engine;
  memory!: Memory;
  verdicts: Verdict[] = [];

  constructor(cloud: ToyCloud, clock: { time: number; now(): number }, registry: Registry) {
    [this.cloud, this.clock, this.registry] = [cloud, clock, registry];
    this.restart();
  }

  restart(): void {
    const { cloud, clock, registry } = this;
    const settings = defaultSettings;
    const options = { cloud, clock, registry, settings, installation: 'default', wake: () => undefined };
    this.engine = { ...options, inventory: new Inventory(options) };
    this.memory = freshMemory();
  }

  async pass(graph: Graph, run: typeof reconcile = reconcile): Promise<Verdict> {
    this.engine.inventory.watch(this.uid, 'eu-central-1');
    await this.engine.inventory.readDue();
    const order: Order = {
      owner: acme,
      region: 'eu-central-1',
      graph,
      act: true,
      applied: false,
      mayReplace: new Set(),
      data: retain,
      kept: [],
      previous: this.mirror,
      confirm: async () => undefined,
      journal: { intents: this.journal, write: async (intents) => this.#write(intents) },
      ...this.order,
    };
    const verdict = await run(this.engine, order, this.memory);
    this.journal = [...verdict.intents];
    this.mirror = new Map(verdict.nodes.flatMap(({ node, id }) => (id === undefined ? [] : [[node, id]])));
    this.verdicts.push(verdict);
    return verdict;
  }

  /** Passes and readings until a pass finds everything ready (or gone), or `most` passes are over. */
  async settle(graph: Graph, run: typeof reconcile = reconcile, most = 200): Promise<Verdict> {
    for (let i = 0; i < most; i++) {
      const verdict = await this.pass(graph, run);
      const done = run === teardown ? verdict.gone : isSettled(verdict);
      if (done) return verdict;
      this.clock.time = Math.max(
        this.clock.time + 1,
        Math.min(verdict.wakeAt, Math.max(this.engine.inventory.nextDue(), this.clock.time)),
      );
    }
    const last = this.verdicts.at(-1);
    throw new Error(`not settled after ${most} passes: ${JSON.stringify([last?.nodes, last?.leaving], null, 1)}`);
  }

  #write(intents: readonly Intent[]): void {
    this.journalWrites += 1;
    const fault = this.journalFault;
    this.journalFault = undefined;
    if (fault) throw fault;
    this.journal = [...intents];
  }
}

export const isSettled = (verdict: Verdict): boolean =>
  verdict.known &&
  verdict.leaving.every(({ standing }) => standing === 'ready') &&
  verdict.nodes.every(({ standing }) => standing === 'ready');
