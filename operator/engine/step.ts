import { adopt, bornOtherwise } from './adoption.ts';
import { decide, losesNothing, type Decision } from '../model/decide.ts';
import { asFault, Fault } from '../model/faults.ts';
import { specFieldOf, type Node } from '../model/graph.ts';
import { refsIn } from '../model/ref.ts';
import { fieldOf, isLookup, type AnyResourceType } from '../model/resource-type.ts';
import { secondsOf, type Candidates } from './candidates.ts';
import { isAnotherChange, noteChange, noteFailed, unkeptReport } from './changes.ts';
import { birthOf, isUnknownOutcome, mayCreate, noteRefusedToken } from './creation.ts';
import { keepSnapshot, letGoForAnother, takeBack, wasLetGo } from './keeping.ts';
import { atWork } from './looking.ts';
import { lossNotice, lossReport, lostBefore, noteMade, noteOurEnd } from './losses.ts';
import { mark } from './marking.ts';
import { howToAllow, mayReplace, noteUse } from './permission.ts';
import { outlives } from './earlier.ts';
import { fallenReport } from './fallen.ts';
import { entryFacts } from './report.ts';
import type { NodeReport } from '../model/verdict.ts';
import { isConfirmed, type Entry, type ErasedFound, type Shelf } from './shelf.ts';
import { predecessorOf, stillServing } from './serving.ts';
import { strayOf } from './strays.ts';
import type { Pass } from './order.ts';
import type { Walk } from './walk.ts';
import { waitsForWays } from './ways.ts';

/** One node with all that a step on it needs. */
export interface Tended {
  readonly node: Node;
  readonly type: AnyResourceType;
  readonly region: string;
  readonly shelf: Shelf;
  readonly parent: string | undefined;
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly candidates: Candidates;
}

/** Judges one node and takes at most one step on it. */
export async function step(walk: Walk, tended: Tended): Promise<NodeReport> {
  const { node, candidates } = tended;
  const { current } = candidates;
  const { mending } = walk.pass;
  if (!mending) {
    const taken = await takenOver(walk, tended);
    if (taken) return taken;
    const foreign = current ? undefined : notForUs(walk, tended);
    if (foreign) return foreign;
  }
  if (current?.found.unmarked && walk.pass.order.act) return mark(walk, tended, current);
  const decision = judge(walk, tended);
  // Only what is about to change can cut off what still serves. A pass that may not write tells what comes of it in the end.
  if (decision.do !== 'update' || mending || !walk.pass.order.act) return take(walk, tended, decision);
  const unanswered = walk.waitsForAnswers(node, current);
  if (unanswered) return unanswered;
  const serves = stillServing(walk.pass);
  const spared = { ...tended, wanted: withSpared(tended, serves) };
  if (!serves(current?.found.props)) return take(walk, spared, judge(walk, spared));
  const turning = await walk.waitsToTurn(node, current);
  if (turning) return prepare(walk, spared, serves, turning);
  const turned = node.servedBy.length > 0 ? tended : spared;
  return take(walk, turned, judge(walk, turned));
}

/** While it waits to be turned, it changes only by what cuts off nobody; so drift heals. */
function prepare(
  walk: Walk,
  spared: Tended,
  serves: (value: unknown) => boolean,
  turning: NodeReport,
): NodeReport | Promise<NodeReport> {
  const { type, candidates } = spared;
  const found = candidates.current?.found.props as Readonly<Record<string, unknown>>;
  const stays = Object.keys(spared.wanted).filter((name) => !fieldOf(type, name).spare && serves(found[name]));
  const prepared = {
    ...spared,
    wanted: { ...spared.wanted, ...Object.fromEntries(stays.map((name) => [name, found[name]])) },
  };
  const decision = judge(walk, prepared);
  return decision.do === 'update' ? take(walk, prepared, decision) : turning;
}

const judge = ({ pass }: Walk, { node, type, wanted, candidates: { current } }: Tended): Decision =>
  decide({
    ...{ type, wanted, found: current?.found },
    mayReplace: mayReplace(pass, node.id, current?.found.id),
    tryAgain: pass.memory.tryAgain.has(node.id),
  });

/** What is wanted, with what AWS has beside it that names what still serves. */
const withSpared = ({ type, wanted, candidates }: Tended, serves: (value: unknown) => boolean): Tended['wanted'] => {
  const found = (candidates.current?.found.props ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      const field = fieldOf(type, name);
      return [name, field.spare && found[name] !== undefined ? field.spare(value, found[name], serves) : value];
    }),
  );
};

/** Does what was decided. */
async function take(walk: Walk, tended: Tended, decision: Decision): Promise<NodeReport> {
  const { node, candidates } = tended;
  const { current } = candidates;
  const { mending } = walk.pass;
  if (!walk.pass.order.act) return observed(walk, tended, decision);
  if (mending && decision.do !== 'update' && decision.do !== 'wait' && decision.do !== 'nothing')
    return walk.say(node, 'waiting', 'Leaving', 'it is on its way out: nothing is replaced');
  if (decision.do !== 'nothing' && decision.do !== 'wait') {
    const isNew =
      decision.do === 'update' && current && isAnotherChange(walk.pass.memory, tended, current, decision.fields);
    const paused = isNew ? undefined : walk.paused(node);
    if (paused) {
      if (decision.do === 'update') noteFailed(walk.pass.memory, tended, decision.fields);
      return { ...paused, ...(current ? entryFacts(current) : {}) };
    }
  }
  const stays = current && current.found.state.is !== 'deleting' && decision.do !== 'replace';
  if (stays && !mending) takeBack(walk.pass, current.found.id);
  switch (decision.do) {
    case 'nothing':
      return settled(walk, tended, current as Entry);
    case 'wait':
      return waiting(walk, tended, current as Entry, decision.reason);
    case 'refuse':
      return refused(walk, tended, current as Entry, decision);
    case 'create':
      return create(walk, tended);
    case 'update':
      return update(walk, tended, current as Entry, decision.fields);
    case 'replace':
      return replace(walk, tended, current as Entry, decision.fields).catch((error: unknown) =>
        walk.failed(node, asFault(error), current, decision.fields),
      );
  }
}

/** What is adopted, or was kept and is wanted again; and why nothing is made while an adoption is not possible. */
async function takenOver(walk: Walk, tended: Tended): Promise<NodeReport | undefined> {
  const { node, type, candidates, shelf } = tended;
  const { current } = candidates;
  const { hindrance } = walk.adoptions;
  if (hindrance?.node === node.id && hindrance.fault.kind !== 'busy')
    return walk.failed(node, hindrance.fault, current);
  const other = current?.found.owner?.retained && bornOtherwise(node, type, current);
  if (other) return walk.paused(node) ?? walk.failed(node, other, current);
  const kept = current?.found.owner?.retained ? { entry: current, shelf } : undefined;
  const heir = current ? kept : walk.adoptions.heirOf(node.id);
  if (heir) return walk.pass.order.act ? adopt(walk, tended, heir) : willAdopt(walk, tended, heir.entry);
  if (current || !hindrance) return undefined;
  const message = `waits until ${hindrance.node} can be adopted: ${hindrance.fault.message}`;
  return walk.say(node, 'waiting', 'WaitingForAdoption', message, { action: 'create' });
}

const willAdopt = (walk: Walk, { node, type }: Tended, entry: Entry): NodeReport =>
  walk.say(node, 'drifted', 'Kept', `${type.name} ${entry.found.id} would be adopted`, {
    ...entryFacts(entry),
    action: 'update',
    fields: [],
  });

/** What holds the name we need without being ours, and why it is left alone. */
interface Foreign {
  readonly holder: Entry;
  readonly fault: Fault;
}

/** Why another is not made: somebody else has the name, or an earlier store of this name still has anything at all. */
function notForUs(walk: Walk, tended: Tended): NodeReport | undefined {
  const foreign = foreignOf(walk, tended);
  if (foreign) return foreignReport(walk, tended, foreign);
  const [earlier] = walk.leftByEarlier;
  if (!earlier) return undefined;
  const { message, facts } = outlives(walk.pass.order.owner, earlier);
  return walk.say(tended.node, 'stalled', 'Foreign', message, { remedy: facts.remedy, action: 'create' });
}

/**
 * Lists do not tell whose something is, so that is read once; but names are given up and taken by others, and people put
 * tags back. Before the name is tried again, it is read anew.
 */
function foreignReport(walk: Walk, tended: Tended, { holder, fault }: Foreign): NodeReport {
  const { node, type, region, shelf, parent, wanted } = tended;
  const { inventory, order, clock } = walk.pass;
  if (type.suffices?.(wanted, holder.found))
    return walk.say(node, 'ready', 'Shared', `${type.name} ${holder.found.id} is somebody else's, and does as well`);
  const paused = walk.paused(node);
  if (paused) return paused;
  shelf.doubt(holder);
  inventory.request(type, region, order.owner.uid, clock.now(), { parent, ids: [holder.found.id] });
  return walk.failed(node, fault);
}

function foreignOf(walk: Walk, tended: Tended): Foreign | undefined {
  const { type, shelf, wanted, node } = tended;
  const earlier = walk.leftByEarlier.find((one) => one.shelf === shelf && one.entry.found.owner?.node === node.id);
  if (earlier) return { holder: earlier.entry, fault: outlives(walk.pass.order.owner, earlier) };
  if (!type.key) return undefined;
  const { name } = birthOf(walk.pass, node, wanted, '');
  const holder = shelf.withKey(type.key(wanted, name));
  const { uid } = walk.pass.order.owner;
  if (!holder || holder.found.state.is === 'deleting') return undefined;
  const { id, key, owner } = holder.found;
  if (owner?.uid === uid && owner.node === node.id) return undefined;
  const whose = owner ? `belongs to ${owner.namespace}/${owner.name}` : 'is not ours';
  const fault = new Fault('foreign', `${type.name} ${key ?? id} exists and ${whose}; it is left alone`, {
    remedy: 'remove or rename that resource, or change the store so that it needs another name',
  });
  return { holder, fault };
}

function settled(walk: Walk, tended: Tended, current: Entry): NodeReport {
  if (!isConfirmed(current)) return orUnkept(walk, tended, walk.readBacks.confirm(walk, tended, current));
  const { state } = current.found;
  const told = state.is === 'ready' ? state.notice : undefined;
  const notice = lossNotice(walk.pass, tended) ?? told ?? tended.type.notice?.(tended.wanted, current.found);
  if (!notice) return walk.say(tended.node, 'ready', 'UpToDate', 'AWS matches', entryFacts(current));
  return walk.say(tended.node, 'ready', notice.reason, notice.message, { ...entryFacts(current), noticed: true });
}

/** What `decide` waits for: AWS at work on the resource, or a reading of ours. */
function waiting(walk: Walk, tended: Tended, current: Entry, reason: string): NodeReport {
  const { state, id } = current.found;
  if (state.is === 'ready') return orUnkept(walk, tended, walk.readBacks.read(walk, tended, current, reason));
  const isAgain = state.is === 'deleting' && wasLetGo(walk.pass, id);
  const why = isAgain ? `${reason}, as it was let go: another one is made once it is gone` : reason;
  return orUnkept(walk, tended, atWork(walk, tended, current, why));
}

/** What did not stay until now, a change or the whole, is told as such while the next attempt is being read back. */
function orUnkept(walk: Walk, tended: Tended, report: NodeReport): NodeReport {
  const unkept = unkeptReport(walk.pass.memory, report.node);
  if (!unkept) return lostBefore(walk, tended, report);
  return { ...unkept, id: report.id, readAt: report.readAt, wakeAt: report.wakeAt };
}

function refused(walk: Walk, { node }: Tended, current: Entry, decision: Decision & { do: 'refuse' }): NodeReport {
  const { fields } = decision;
  // What AWS says that it gave up is no change that does not stay: made once more, it is made anew.
  if (decision.tried) walk.pass.memory.changes.delete(node.id);
  const takeBack = fields.length > 0 ? `take back the change of ${fields.join(', ')}, or ` : '';
  const fault = new Fault('refused', `${node.id}: ${decision.reason}`, {
    remedy: decision.tried
      ? 'look at why, and change the store; or have the same tried once more: give the annotation ecom.io/reconcile-at another value'
      : `${takeBack}${howToAllow(walk.pass, node.id)}`,
  });
  return { ...walk.failed(node, fault, current, fields), fields };
}

async function create(walk: Walk, tended: Tended): Promise<NodeReport> {
  const { node, type, region, shelf, parent, wanted, candidates } = tended;
  const { pass } = walk;
  const ways = waitsForWays(walk, node);
  if (ways) return ways;
  const after = walk.waitsAfter(node);
  if (after) return after;
  const unsure = notYetMissing(walk, tended);
  if (unsure) return unsure;
  const stray = await strayOf(pass, tended);
  if (stray) return walk.failed(node, stray);
  const lost = lostData(pass, tended);
  if (lost) return walk.failed(node, lost);
  const again = lossReport(walk, tended);
  if (again) return again;
  const dead = deadId(walk, tended);
  const birth = birthOf(pass, node, wanted, dead);
  const { from } = mayCreate(pass, node.id, shelf, parent);
  if (from !== undefined) {
    const at = Math.min(from, pass.clock.now() + pass.settings.soon[1]);
    pass.inventory.request(type, region, pass.order.owner.uid, at, { parent });
    const message = 'an earlier creation has an unknown outcome; looking for it before trying again';
    return walk.say(node, 'progressing', 'UnknownOutcome', message, { wakeAt: from });
  }
  const permitted = lostId(pass, tended);
  if (permitted !== undefined) await noteUse(pass, node.id, permitted);
  if (type.once === 'journal') await walk.announcements.announce(node.id, dead);
  try {
    const seeded = { ...wanted, ...inheritedOf(pass, tended) };
    const found = (await type.create(pass.aws(region), seeded, birth)) as ErasedFound;
    shelf.created(found, pass.clock.now());
    noteMade(pass, tended, found);
    pass.memory.attempts.delete(node.id);
    const healed = pass.order.applied && !candidates.outgoing;
    const message = healed ? `${type.name} was missing and was made again` : `${type.name} ${found.id} created`;
    walk.happenings.push({ kind: healed ? 'DriftHealed' : 'Created', node: node.id, message });
    const facts = { id: found.id, action: 'create', wakeAt: pass.clock.now() } as const;
    return lostBefore(walk, tended, walk.say(node, 'progressing', 'Creating', message, facts));
  } catch (error) {
    const fault = asFault(error);
    if (!isUnknownOutcome(fault)) walk.announcements.withdraw(node.id);
    // Something with this name or token is there already: the next list tells whose it is.
    pass.inventory.request(type, region, pass.order.owner.uid, pass.clock.now() + pass.settings.settle, { parent });
    if (fault.facts.usedToken) noteRefusedToken(pass, node.id);
    if (fault.facts.usedToken || fault.kind === 'foreign') return walk.failed(node, looked(fault));
    if (fault.kind === 'absent' || fault.kind === 'rejected') doubtGround(walk, tended);
    throw fault;
  }
}

/** What one that takes the place of another begins with. */
function inheritedOf(pass: Pass, { type, shelf, candidates }: Tended): Readonly<Record<string, unknown>> {
  const names = Object.keys(type.fields).filter((name) => fieldOf(type, name).inherited);
  if (names.length === 0) return {};
  const found = (candidates.outgoing ?? predecessorOf(pass, shelf))?.found.props as Record<string, unknown> | undefined;
  return Object.fromEntries(names.filter((name) => found?.[name] !== undefined).map((name) => [name, found?.[name]]));
}

/**
 * AWS may not know something that a write named, and says so in many words: what the node stands on is read before the
 * write is tried again.
 */
function doubtGround({ pass }: Walk, { node }: Tended): void {
  const { inventory, order, clock } = pass;
  for (const { $ref } of refsIn(node.props)) {
    const ground = order.graph.nodes.get($ref);
    if (!ground || isLookup(ground.type) || ground.type.parentOf) continue;
    inventory.request(ground.type, ground.region ?? order.region, order.owner.uid, clock.now());
  }
}

/** "Already exists" from a create is not yet a verdict: it may be our own, made a moment ago. */
const looked = (fault: Fault): Fault => new Fault('busy', `${fault.message}; reading whose it is`, fault.facts);

/**
 * A process knows from status what it cannot see yet: lists lag behind writes that it has not made itself. What status
 * remembers is missing only when a list lacks it that began a read lag after this process has heard of it.
 */
function notYetMissing(walk: Walk, { node, type, region, shelf, parent }: Tended): NodeReport | undefined {
  const { pass } = walk;
  const remembered = pass.order.previous.get(node.id);
  if (remembered === undefined || shelf.get(remembered)) return undefined;
  const from = (pass.memory.heard.get(node.id)?.at ?? pass.clock.now()) + pass.settings.readLag;
  if ((shelf.reading(parent)?.begun ?? 0) >= from) return undefined;
  pass.inventory.request(type, region, pass.order.owner.uid, from, { parent });
  const message = `AWS's list lacks ${remembered}; looking again before it is made anew`;
  return walk.say(node, 'progressing', 'Reading', message, { id: remembered, wakeAt: from });
}

/** The data that was there, and is gone although nobody here has let it go. */
function lostId(pass: Pass, { node, type }: Tended): string | undefined {
  const lost = pass.order.previous.get(node.id);
  return !type.data || lost === undefined || wasLetGo(pass, lost) ? undefined : lost;
}

/** An empty store of lost data, made without a word, would look as if nothing had happened. */
function lostData(pass: Pass, tended: Tended): Fault | undefined {
  const { node, type } = tended;
  const lost = lostId(pass, tended);
  if (lost === undefined || mayReplace(pass, node.id, lost)) return undefined;
  const message = `${type.name} ${lost} is gone, and nobody here has deleted it: an empty one is not made in its place`;
  return new Fault('refused', message, {
    field: specFieldOf(node),
    remedy: `where there is a snapshot, name it in the store first; then ${howToAllow(pass, node.id)} (docs/operating.md, "The database is lost")`,
  });
}

/** The id of the last resource of this node that is known to be gone or useless. */
function deadId({ pass }: Walk, { node, shelf }: Tended): string {
  const failed = shelf.ofNode(pass.order.owner.uid, node.id).find(({ found }) => found.state.is === 'failed');
  const remembered = pass.order.previous.get(node.id);
  const lives = remembered !== undefined && shelf.get(remembered)?.found.state.is === 'ready';
  return failed?.found.id ?? (remembered !== undefined && !lives ? remembered : '');
}

async function update(walk: Walk, tended: Tended, current: Entry, fields: readonly string[]): Promise<NodeReport> {
  const { node, type, region, shelf, wanted, parent } = tended;
  const { pass } = walk;
  const facts = { ...entryFacts(current), fields, action: 'update' as const };
  const isRenamed = fields.some((field) => type.names?.includes(field));
  const ways = isRenamed ? waitsForWays(walk, node, current) : undefined;
  if (ways) {
    noteFailed(pass.memory, tended, fields);
    return { ...ways, fields };
  }
  let outputs: Readonly<Record<string, unknown>> | void;
  try {
    outputs = await type.update(pass.aws(region), current.found, wanted, new Set(fields), (snapshot) =>
      walk.snapshots.push(keepSnapshot(pass, node.id, type, snapshot, walk.happenings)),
    );
  } catch (error) {
    const fault = await unlessFreed(walk, tended, asFault(error));
    const what = { parent, ids: [current.found.id] };
    const at = pass.clock.now() + pass.settings.settle;
    pass.inventory.request(type, region, pass.order.owner.uid, at, what);
    // A part of the change may have been made: what details alone tell of it would be made again until their next beat.
    const detailed = fields.filter((field) => type.detailed?.includes(field));
    if (detailed.length > 0)
      pass.inventory.request(type, region, pass.order.owner.uid, at, { id: current.found.id, fields: detailed });
    if (fault.kind === 'absent' || fault.kind === 'rejected') doubtGround(walk, tended);
    const report = walk.failed(node, fault, current, fields);
    noteFailed(pass.memory, tended, fields);
    return { ...report, ...facts };
  }
  pass.memory.tryAgain.delete(node.id);
  const unkept = noteChange(pass.memory, tended, current, fields);
  const written = Object.fromEntries(fields.map((field) => [field, wanted[field]]));
  shelf.updated(current, written, pass.clock.now(), outputs ?? {});
  if (unkept) {
    walk.failed(node, unkept, current, fields);
    noteFailed(pass.memory, tended, fields);
    return { ...waiting(walk, tended, current, 'reading back what was written'), ...facts };
  }
  pass.memory.attempts.delete(node.id);
  const message = `${fields.join(', ')} of ${type.name} ${current.found.id}`;
  const isDrift = pass.order.applied || pass.mending !== undefined;
  walk.happenings.push({
    kind: isDrift ? 'DriftHealed' : 'Updated',
    node: node.id,
    message: isDrift ? `${message} had drifted and was set back` : `${message} changed`,
  });
  return walk.say(node, 'progressing', 'Updating', message, { ...facts, wakeAt: pass.clock.now() });
}

/** Of a change that AWS refused because a second one of the node's holds what only one can have: it gives that up. */
async function unlessFreed({ pass }: Walk, tended: Tended, fault: Fault): Promise<Fault> {
  const { node, type, region, shelf, candidates } = tended;
  if (!type.giveUp || !['foreign', 'busy', 'rejected'].includes(fault.kind)) return fault;
  const seconds = secondsOf(shelf, pass.order, node, candidates).map(({ found }) => found);
  if (seconds.length === 0) return fault;
  for (const second of seconds) await type.giveUp(pass.aws(region), second);
  const ids = seconds.map(({ id }) => id).join(', ');
  return new Fault('busy', `${fault.message}; ${ids}, a second one of ours, gives it up`, fault.facts);
}

/** The old one goes first, or the new one is made beside it. */
async function replace(walk: Walk, tended: Tended, current: Entry, fields: readonly string[]): Promise<NodeReport> {
  const { node, type, region, shelf } = tended;
  const { pass } = walk;
  const { state } = current.found;
  const fallen = fallenReport(walk, tended, current);
  if (fallen) return fallen;
  const { waits, snapshots = [] } = await letGoForAnother(pass, { entry: current, shelf }, walk.happenings);
  walk.snapshots.push(...snapshots);
  if (waits !== undefined)
    return walk.say(node, 'progressing', 'LettingGoOfData', waits, {
      ...entryFacts(current),
      wakeAt: pass.clock.now() + pass.settings.settle,
    });
  if (type.replace === 'refuse' && !losesNothing(type, current.found)) await noteUse(pass, node.id, current.found.id);
  await pass.order.confirm();
  await type.delete(pass.aws(region), current.found);
  shelf.deleted(current, pass.clock.now());
  noteOurEnd(pass.memory, node.id);
  const why = state.is === 'failed' ? state.reason : `${fields.join(', ')} changed`;
  walk.happenings.push({
    kind: 'Deleted',
    node: node.id,
    message: `${type.name} ${current.found.id} is replaced: ${why}`,
  });
  return { ...atWork(walk, tended, current, 'being replaced'), action: 'replace', fields };
}

/** The report of a pass that may not write: what would happen, and what differs. */
function observed(walk: Walk, tended: Tended, decision: Decision): NodeReport {
  const { node, wanted, candidates } = tended;
  const { current } = candidates;
  const facts = { ...(current ? entryFacts(current) : {}), wanted, found: current?.found.props };
  switch (decision.do) {
    case 'nothing':
      return settled(walk, tended, current as Entry);
    case 'wait':
      return waiting(walk, tended, current as Entry, decision.reason);
    case 'refuse':
      return refused(walk, tended, current as Entry, decision);
    case 'create':
      return walk.say(node, 'drifted', 'Missing', 'does not exist in AWS', {
        ...facts,
        action: candidates.outgoing ? 'replace' : 'create',
      });
    case 'update':
    case 'replace': {
      const message = `${decision.fields.join(', ')} differ`;
      return walk.say(node, 'drifted', 'Differs', message, { ...facts, action: decision.do, fields: decision.fields });
    }
  }
}
