import { asFault, reactionTo, type Fault } from '../model/faults.ts';
import { inBuildOrder, requirements, withRequirements, specFieldOf, type Node } from '../model/graph.ts';
import { refsIn, resolve, type NodeId, type Ref } from '../model/ref.ts';
import type { ReasonOf, StallReason } from '../model/stall-reasons.ts';
import {
  fieldOf,
  isLookup,
  type AnyLookupType,
  type AnyResourceType,
  type AnyType,
  type Notice,
} from '../model/resource-type.ts';
import { Adoptions } from './adoption.ts';
import { candidatesOf, isUsable, type Candidates } from './candidates.ts';
import { Announcements } from './creation.ts';
import { leftByEarlier } from './earlier.ts';
import type { Kept } from './keeping.ts';
import { isDone, ReadBacks } from './looking.ts';
import { noteStanding } from './losses.ts';
import { failingSince, faultReport, isStall, pauseAfter, type Attempt, type Pass } from './order.ts';
import type { Leaving } from './prune.ts';
import { entryFacts } from './report.ts';
import type { Happening, NodeReport } from '../model/verdict.ts';
import type { Entry } from './shelf.ts';
import { step } from './step.ts';

/** What a walk came to. */
export interface Walked {
  readonly reports: readonly NodeReport[];
  readonly happenings: readonly Happening[];
  readonly snapshots: readonly Kept[];
  /** Entries that the graph still wants: everything else of the store is leaving. */
  readonly kept: ReadonlySet<Entry>;
  readonly outputs: ReadonlyMap<NodeId, Readonly<Record<string, unknown>>>;
  /** When AWS is read for what is open, milliseconds since the epoch; undefined when nothing has to be read. */
  readonly readAt: number | undefined;
}

/** What other nodes may use of one. */
interface Outputs {
  readonly ready: Values;
  readonly early: Values;
}

type Values = Readonly<Record<string, unknown>>;

/** One walk over a graph: each node is visited once, after the nodes it requires, and takes at most one step. */
export class Walk {
  readonly pass: Pass;
  readonly announcements: Announcements;
  readonly adoptions: Adoptions;
  readonly happenings: Happening[] = [];
  readonly readBacks = new ReadBacks();
  /** Taken of what was replaced. */
  readonly snapshots: Kept[] = [];
  #leftByEarlier: readonly Leaving[] | undefined;
  readonly #kept = new Set<Entry>();
  readonly #outputs = new Map<NodeId, Outputs>();
  /** Nodes whose outputs are those of one that another takes the place of. */
  readonly #replaced = new Set<NodeId>();
  readonly #reports = new Map<NodeId, NodeReport>();
  /** Where only what is on its way out is healed, the nodes that this follows from. */
  readonly #grounds: ReadonlySet<NodeId> | undefined;
  readonly #whyNotServing = new Map<NodeId, Promise<string | undefined>>();

  constructor(pass: Pass) {
    this.pass = pass;
    const { mending, order } = pass;
    const mended = [...(mending ?? [])].flatMap(({ found }) => found.owner?.node ?? []);
    this.#grounds = mending && withRequirements(order.graph, mended);
    this.announcements = new Announcements(pass);
    this.adoptions = new Adoptions(pass);
  }

  /** What earlier stores of this name still run: asked only when something is missing. */
  get leftByEarlier(): readonly Leaving[] {
    return (this.#leftByEarlier ??= leftByEarlier(this.pass.inventory, this.pass.order.owner));
  }

  async run(): Promise<Walked> {
    const visits = new Map<NodeId, Promise<void>>();
    for (const node of inBuildOrder(this.pass.order.graph))
      visits.set(
        node.id,
        this.#after(node, visits).then(() => this.#visit(node)),
      );
    await Promise.all(visits.values());
    const readAt = this.readBacks.request(this.pass, [...this.#reports.values()]);
    const reports = [...this.pass.order.graph.nodes.keys()].map((id) =>
      this.#withLastId(this.#reports.get(id) as NodeReport),
    );
    const outputs = new Map([...this.#outputs].map(([id, { early }]) => [id, early]));
    return { reports, happenings: this.happenings, snapshots: this.snapshots, kept: this.#kept, outputs, readAt };
  }

  /** What is missing is told by its last id: the next creation's token follows from it, in whichever process. */
  #withLastId(report: NodeReport): NodeReport {
    const last = this.pass.order.previous.get(report.node);
    return report.id === undefined && last !== undefined ? { ...report, id: last } : report;
  }

  async #after(node: Node, visits: ReadonlyMap<NodeId, Promise<void>>): Promise<void> {
    await Promise.all(requirements(this.pass.order.graph, node).map(async (id) => visits.get(id)));
  }

  async #visit(node: Node): Promise<void> {
    try {
      const report = isLookup(node.type) ? await this.#ask(node, node.type) : await this.#tend(node, node.type);
      this.#reports.set(node.id, report);
      this.#noteDrift(report);
      if (report.standing === 'ready') this.#forgetFailures(report);
    } catch (error) {
      this.#reports.set(node.id, this.failed(node, asFault(error)));
    }
  }

  #forgetFailures({ node, id = '' }: NodeReport): void {
    const { attempts, changes, fallen, overdue } = this.pass.memory;
    for (const failures of [attempts, changes, fallen]) failures.delete(node);
    overdue.delete(id);
    noteStanding(this.pass, node);
  }

  /** Of drift that may not be healed is told once, when it is first seen. */
  #noteDrift({ node, standing, type, message }: NodeReport): void {
    const { drifted } = this.pass.memory;
    if (standing !== 'drifted') drifted.delete(node);
    else if (!drifted.has(node)) {
      drifted.add(node);
      this.happenings.push({ kind: 'DriftSeen', node, message: `${type} ${message}` });
    }
  }

  async #ask(node: Node, type: AnyLookupType): Promise<NodeReport> {
    if (this.#grounds?.has(node.id) === false) return this.#notLeaving(node);
    const paused = this.#paused(node);
    if (paused) {
      this.#noteAnswer(node, this.pass.memory.attempts.get(node.id)?.answer);
      return paused;
    }
    const unread = refsIn(node.props).find((ref) => ref.ifThere && !this.#isRead(ref));
    if (unread) return this.say(node, 'progressing', 'Reading', `${unread.$ref} is being read from AWS`);
    const there = (ref: Ref): unknown => this.#outputOf(ref) ?? (ref.ifThere ? this.#peek(ref) : undefined);
    const resolved = resolve<object>(node.props, there);
    if ('waitsFor' in resolved) return this.waits(node, resolved.waitsFor);
    try {
      const answer = await this.pass.inventory.ask(type, this.#region(node), resolved.value);
      this.#noteAnswer(node, answer);
      const notice = type.notice?.(answer) as Notice | undefined;
      if (notice) return this.say(node, 'ready', notice.reason, notice.message, { noticed: true });
      return this.say(node, 'ready', 'Found', 'found in AWS');
    } catch (error) {
      this.#noteAnswer(node, asFault(error).facts.answer);
      throw error;
    }
  }

  #notLeaving(node: Node): NodeReport {
    return this.say(node, 'waiting', 'NotLeaving', 'only what is on its way out is healed');
  }

  #noteAnswer(node: Node, answer: object | undefined): void {
    if (answer) this.#outputs.set(node.id, { ready: answer as Values, early: answer as Values });
  }

  /** Whether it is known if there is anything of this node. */
  #isRead({ $ref }: Ref): boolean {
    const node = this.pass.order.graph.nodes.get($ref);
    return (
      !node || isLookup(node.type) || this.pass.inventory.shelf(node.type, this.#region(node)).reading() !== undefined
    );
  }

  async #tend(node: Node, type: AnyResourceType): Promise<NodeReport> {
    const { inventory, order } = this.pass;
    const { wanted, open } = this.resolveProps(node, type);
    const region = this.#region(node);
    const parent = type.parentOf?.(wanted);
    if (parent !== undefined) inventory.watchParent(order.owner.uid, type, region, parent);
    const shelf = inventory.shelf(type, region);
    const candidates = candidatesOf(shelf, order, node, wanted);
    this.#keep(node, candidates);
    const { mending } = this.pass;
    if (mending && !(candidates.current && mending.has(candidates.current))) return this.#notLeaving(node);
    const { hindrance } = this.adoptions;
    if (hindrance?.node === node.id && hindrance.fault.kind !== 'busy')
      return this.#paused(node) ?? this.failed(node, hindrance.fault, candidates.current);
    const prompt = open.find(([name]) => fieldOf(type, name).late !== true);
    if (prompt) return this.waits(node, prompt[1], candidates.current);
    if (!shelf.reading(parent)) return this.#unreadReport(node, type, region);
    const blind = inventory.blind(type, region, parent, candidates.current);
    if (blind) return this.#blindReport(node, blind, candidates.current);
    this.pass.memory.unseen.delete(node.id);
    const asked = this.#together(node, type, wanted, candidates.current);
    const report = await step(this, { node, type, region, shelf, parent, wanted: asked, candidates });
    this.#keep(node, candidatesOf(shelf, order, node, wanted));
    const vain = this.adoptions.vain.get(node.id);
    if (vain && report.standing === 'ready') return this.#stays(node, vain, candidates.current as Entry);
    const [late] = open;
    return late && report.standing === 'ready' ? this.waits(node, late[1], candidates.current) : report;
  }

  /** It does not become what it names, and is healed as what it is: that waits for no pause. */
  #stays(node: Node, vain: Fault, current: Entry): NodeReport {
    const report = this.failed(node, vain, current);
    const { attempts } = this.pass.memory;
    attempts.set(node.id, { ...(attempts.get(node.id) as Attempt), notBefore: this.pass.clock.now() });
    return report;
  }

  #unreadReport(node: Node, type: AnyResourceType, region: string): NodeReport {
    const fault = this.pass.inventory.fault(type, region);
    if (fault) return this.failed(node, fault);
    return this.say(node, 'progressing', 'Reading', `${type.name} is being read from AWS`, { action: undefined });
  }

  /** Of what AWS has not shown for long nothing is known: no step is taken on it, and it is not called ready. */
  #blindReport(node: Node, fault: Fault, current: Entry | undefined): NodeReport {
    const { clock, settings, memory } = this.pass;
    const { unseen } = memory;
    const facts = faultReport(fault);
    const told = unseen.get(node.id) ?? { since: clock.now(), stalled: false };
    const stalled = isStall(settings, fault, clock.now() - told.since);
    const message = `AWS has not shown it for some time: ${facts.message}`;
    if (stalled && !told.stalled) this.happenings.push({ kind: 'Stalled', node: node.id, message });
    unseen.set(node.id, { ...told, stalled });
    // That the same fault goes on wakes nobody: it comes back by itself when it is to be told as a stall.
    const stallsAt = [settings.patience, settings.endurance].map((lasting) => told.since + lasting);
    const wakeAt = stalled ? undefined : stallsAt.find((at) => at > clock.now());
    const more = { ...(current ? entryFacts(current) : {}), ...facts, message, wakeAt };
    return this.say(node, stalled ? 'stalled' : 'progressing', reasonOf(fault), message, more);
  }

  /** The props whose refs have values, and the ones whose refs are still open. */
  resolveProps(node: Node, type: AnyResourceType): { wanted: Record<string, unknown>; open: [string, Ref][] } {
    const wanted: Record<string, unknown> = {};
    const open: [string, Ref][] = [];
    for (const [name, value] of Object.entries(node.props)) {
      const late = fieldOf(type, name).late === true;
      const resolved = resolve<unknown>(value, (ref) => this.#outputOf(ref) ?? (late ? this.#peek(ref) : undefined));
      if ('waitsFor' in resolved) open.push([name, resolved.waitsFor]);
      else wanted[name] = resolved.value;
    }
    return { wanted, open };
  }

  /** What is wanted; where some of what a prop names is being replaced, and its parts belong together, what AWS has of it. */
  #together(
    node: Node,
    type: AnyResourceType,
    wanted: Readonly<Record<string, unknown>>,
    current: Entry | undefined,
  ): Readonly<Record<string, unknown>> {
    const found = (current?.found.props ?? {}) as Readonly<Record<string, unknown>>;
    const waits = Object.keys(wanted).filter(
      (name) =>
        fieldOf(type, name).together === true &&
        found[name] !== undefined &&
        refsIn(node.props[name]).some(({ $ref }) => this.#replaced.has($ref)),
    );
    return waits.length === 0 ? wanted : { ...wanted, ...Object.fromEntries(waits.map((name) => [name, found[name]])) };
  }

  #outputOf(ref: Ref): unknown {
    const outputs = this.#outputs.get(ref.$ref);
    return (ref.early ? outputs?.early : outputs?.ready)?.[ref.output];
  }

  /** The output of a node that this walk may not have visited yet, from the inventory. */
  #peek(ref: Ref): unknown {
    const node = this.pass.order.graph.nodes.get(ref.$ref);
    if (!node || isLookup(node.type)) return undefined;
    const shelf = this.pass.inventory.shelf(node.type, this.#region(node));
    const { current } = candidatesOf(shelf, this.pass.order, node, {});
    return isUsable(current) ? (current.found.outputs as Record<string, unknown>)[ref.output] : undefined;
  }

  #keep(node: Node, { current, outgoing }: Candidates): void {
    for (const entry of [current, outgoing]) if (entry) this.#kept.add(entry);
    const ready: Values = [current, outgoing].find(isUsable)?.found.outputs ?? {};
    const early: Values = current?.found.outputs ?? ready;
    if (outgoing && !isUsable(current)) this.#replaced.add(node.id);
    else this.#replaced.delete(node.id);
    this.#outputs.set(node.id, { ready, early });
  }

  #region(node: Node): string {
    return node.region ?? this.pass.order.region;
  }

  /** The report on a node that failed lately and may not be tried again yet. */
  #paused(node: Node): NodeReport | undefined {
    const attempt = this.pass.memory.attempts.get(node.id);
    return attempt && attempt.notBefore > this.pass.clock.now() ? attempt.report : undefined;
  }

  /** The report on a node that needs an output of another one first. */
  waits(node: Node, ref: Ref, current?: Entry): NodeReport {
    if (ref.early) this.#askDetail(ref.$ref);
    const before = this.#reports.get(ref.$ref);
    const why = before && before.standing === 'stalled' ? `, which is stalled: ${before.message}` : '';
    return this.say(node, 'waiting', 'WaitingForDependency', `waits for ${ref.$ref}${why}`, {
      ...(current ? entryFacts(current) : { action: 'create' as const }),
    });
  }

  /** An output that is known before its resource is ready is told by the resource's details: somebody wants it now. */
  #askDetail(id: NodeId): void {
    const node = this.pass.order.graph.nodes.get(id);
    const { inventory, order, clock, settings } = this.pass;
    if (!node || isLookup(node.type) || !node.type.detail) return;
    const region = this.#region(node);
    // While one takes the place of another, a node has two: of the elder the details may be long known.
    for (const { found, detailedAt, createdAt } of inventory.shelf(node.type, region).ofNode(order.owner.uid, id)) {
      if (detailedAt !== undefined || found.state.is === 'deleting') continue;
      const told = (createdAt ?? found.bornAt ?? 0) + (node.type.takes?.telling ?? 0) * settings.pace;
      const at = Math.max(clock.now() + settings.settle, told);
      inventory.request(node.type, region, order.owner.uid, at, { id: found.id });
    }
  }

  /** Whether every node that this one comes after is settled; else a report that says which is not. */
  waitsAfter(node: Node): NodeReport | undefined {
    return this.#waitsUntilDone(node, node.after);
  }

  /** The same before it is changed, of lookups: what they refuse is no wish that AWS could fulfil. */
  waitsForAnswers(node: Node, current: Entry | undefined): NodeReport | undefined {
    const { act, graph } = this.pass.order;
    const lookups = node.after.filter((id) => isLookup((graph.nodes.get(id) as Node).type));
    return act ? this.#waitsUntilDone(node, lookups, current) : undefined;
  }

  /** The same before a node is turned away from what still serves: what it is turned to serves by now. */
  async waitsToTurn(node: Node, current: Entry | undefined): Promise<NodeReport | undefined> {
    const { order, clock, settings } = this.pass;
    if (!order.act) return undefined;
    // What AWS was asked for is not yet what it has: of several changes it may make one after the other.
    const open = node.turnsAfter.find((id) => this.#reports.get(id)?.standing !== 'ready');
    if (open) return this.waits(node, { $ref: open, output: 'ready' }, current);
    for (const id of node.servedBy) {
      const other = order.graph.nodes.get(id) as Node;
      const why = await this.#whyNot(other);
      if (why === undefined) continue;
      const facts = { ...(current ? entryFacts(current) : {}), wakeAt: clock.now() + settings.readBack };
      return this.say(node, 'waiting', 'WaitingForDependency', `waits until ${id} serves: ${why}`, facts);
    }
    return undefined;
  }

  /** Asked once a walk, however many wait for it. */
  #whyNot(node: Node): Promise<string | undefined> {
    const { type } = node;
    if (isLookup(type) || !type.whyNotServing) return Promise.resolve(undefined);
    const region = this.#region(node);
    const { current } = candidatesOf(this.pass.inventory.shelf(type, region), this.pass.order, node, {});
    const asked =
      this.#whyNotServing.get(node.id) ??
      (isUsable(current)
        ? type.whyNotServing(this.pass.aws(region), current.found)
        : Promise.resolve('it is not there yet'));
    this.#whyNotServing.set(node.id, asked);
    return asked;
  }

  #waitsUntilDone(node: Node, before: readonly NodeId[], current?: Entry): NodeReport | undefined {
    const open = before.find((id) => !isDone(this.#reports.get(id) as NodeReport));
    return open && this.waits(node, { $ref: open, output: 'ready' }, current);
  }

  paused(node: Node): NodeReport | undefined {
    return this.#paused(node);
  }

  say<S extends NodeReport['standing']>(
    node: Node,
    standing: S,
    reason: ReasonOf<S>,
    message: string,
    more: Partial<NodeReport> = {},
  ): NodeReport {
    return { node: node.id, type: node.type.name, standing, reason, message, ...more };
  }

  /**
   * Notes a failure, chooses the pause after it, and reports it; `fields` are the props that were to be changed: none, where
   * nobody has wished for anything else.
   */
  failed(node: Node, fault: Fault, current?: Entry, fields?: readonly string[]): NodeReport {
    const { memory, settings, clock } = this.pass;
    // What a lookup does not find, somebody has to make: no other node will.
    const reaction = isLookup(node.type) && fault.kind === 'absent' ? 'slowly' : reactionTo(fault.kind);
    const last = memory.attempts.get(node.id);
    const [count, since] = [(last?.count ?? 0) + 1, failingSince(settings, last, clock.now())];
    const pace = fault.kind === 'unkept' && mayExpose(node.type, fields) ? 'soon' : reaction;
    const notBefore = clock.now() + pauseAfter(settings, pace, count);
    const facts = faultReport(fault);
    const stalls = reaction === 'slowly' || isStall(settings, fault, clock.now() - since);
    const report = this.say(node, stalls ? 'stalled' : 'progressing', reasonOf(fault), facts.message, {
      ...(current ? entryFacts(current) : {}),
      ...facts,
      field: facts.field ?? (fields?.length === 0 ? undefined : specFieldOf(node, fields)),
      wakeAt: notBefore,
    });
    memory.attempts.set(node.id, { count, since, notBefore, report, answer: fault.facts.answer });
    if (stalls && last?.report.standing !== 'stalled')
      this.happenings.push({ kind: 'Stalled', node: node.id, message: facts.message });
    return report;
  }
}

/** Whoever opens a store to the world again and again must not gain time by it. */
const mayExpose = (type: AnyType, fields: readonly string[] = []): boolean =>
  !isLookup(type) &&
  type.beat === 'exposure' &&
  !(fields.length > 0 && fields.every((name) => fieldOf(type, name).interrupts));

/** A fault's kind as a condition's reason. */
export const reasonOf = (fault: Fault): StallReason => {
  const words: Record<Fault['kind'], StallReason> = {
    absent: 'NotFound',
    busy: 'Busy',
    throttled: 'Throttled',
    transient: 'Unreachable',
    denied: 'AccessDenied',
    quota: 'QuotaExceeded',
    capacity: 'NoCapacity',
    rejected: 'Rejected',
    foreign: 'Foreign',
    refused: 'Refused',
    unkept: 'NotKept',
    bug: 'UnknownError',
  };
  return words[fault.kind];
};
