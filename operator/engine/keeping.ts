import { physicalName, ownerTags, tagKeys, type NodeOwner } from '../model/identity.ts';
import { Fault } from '../model/faults.ts';
import type { Intent } from '../model/ports.ts';
import type { NodeId } from '../model/ref.ts';
import type { AnyResourceType } from '../model/resource-type.ts';
import type { Happening } from '../model/verdict.ts';
import type { Pass } from './order.ts';
import type { Leaving } from './prune.ts';
import { standsOn } from './standing.ts';

/** What becomes of data that nothing wants any more, as the user says in `policy.deletion`. */
export interface DataPolicy {
  readonly deletion: 'Retain' | 'Snapshot' | 'Delete';
  /** The user has named this very store in the annotation that confirms the deletion of its data. */
  readonly confirmed: boolean;
  /** What to write to confirm it. */
  readonly confirmation: string;
}

/** What a store without a word on it gets. */
export const retain: DataPolicy = { deletion: 'Retain', confirmed: false, confirmation: '' };

/** What stays although its store, or its section, goes. */
export interface Kept {
  readonly node: NodeId;
  readonly id: string;
  readonly type: string;
  readonly why: string;
  /** It holds nothing itself: what is kept stands on it. */
  readonly isGround?: true;
}

/** Which of the leaving stay, and why: by entry. */
export type Keeping = ReadonlyMap<Leaving['entry'], string>;

const holdsData = ({ shelf }: Leaving): boolean => shelf.type.data !== undefined;

/**
 * AWS has made something else of what a node wants: a read replica becomes a database of its own when what it followed is
 * gone. It may be the best copy there is, and nobody has let it go: it is kept while the store stays, whatever the policy.
 */
const hasTurned = ({ order, memory }: Pass, { entry, shelf }: Leaving): boolean => {
  const wanted = order.graph.nodes.get(entry.found.owner?.node as NodeId)?.type;
  const isOther = wanted !== undefined && wanted.name !== shelf.type.name;
  return memory.teardownSince === undefined && isOther && entry.found.state.is !== 'deleting';
};

const whyTurned = ({ entry, shelf }: Leaving): string =>
  `is kept: AWS has made it a ${shelf.type.name} of its own, with what it held then; ${entry.found.owner?.node} is another one now: adopt it (docs/operating.md, "The database is lost"), or delete it yourself in AWS`;

/** Until it is the turn of what is leaving, for people who read of it: why it waits, unless it is kept. */
export const laterOf = (pass: Pass, one: Leaving, why: string): string =>
  holdsData(one) && hasTurned(pass, one) ? whyTurned(one) : why;

/**
 * Chooses what stays: data that the policy does not give up, and what it stands on. What is chosen is marked in AWS, so
 * that it is known as kept, and can be adopted, when nobody remembers the store. Throws a fault when AWS cannot be asked
 * whether there is anything to keep: then nothing may be deleted.
 */
export async function keep(pass: Pass, leaving: readonly Leaving[]): Promise<Keeping> {
  const keeping = new Map<Leaving['entry'], string>();
  for (const one of leaving.filter(holdsData)) {
    const turned = hasTurned(pass, one);
    if (!turned && !(await isKept(pass, one))) continue;
    const { entry, shelf } = one;
    keeping.set(entry, turned ? whyTurned(one) : `holds data, and policy.deletion is ${pass.order.data.deletion}`);
    for (const ground of standsOn(one, leaving, pass.registry))
      if (!keeping.has(ground.entry)) keeping.set(ground.entry, `${shelf.type.name} ${entry.found.id} stands on it`);
  }
  if (pass.order.act)
    for (const one of leaving.filter(({ entry }) => keeping.has(entry) && entry.found.owner?.retained !== true))
      await mark(pass, one);
  return keeping;
}

async function isKept(pass: Pass, { entry, shelf }: Leaving): Promise<boolean> {
  const { deletion } = pass.order.data;
  const data = shelf.type.data;
  const { found } = entry;
  if (!data || found.state.is === 'deleting' || deletion === 'Delete') return false;
  // What can be kept as a snapshot goes; what AWS has no snapshots of stays.
  if (deletion === 'Snapshot' && data.snapshot) return false;
  if (found.owner?.retained) return true;
  return !(await data.isEmpty?.(pass.aws(shelf.region), found));
}

async function mark(pass: Pass, { entry, shelf }: Leaving): Promise<void> {
  const owner = entry.found.owner as NodeOwner;
  await shelf.type.retag?.(pass.aws(shelf.region), entry.found, { [tagKeys.retained]: 'true' });
  shelf.reowned(entry, { ...owner, retained: true });
}

/** What has to be waited for before data may be deleted, and the snapshots that were taken of it. */
export interface LettingGo {
  readonly waits?: string;
  readonly snapshots?: readonly Kept[];
}

/**
 * One step of whatever must happen to data before it may be deleted: a whole snapshot, or emptying. It may be deleted
 * when the answer has nothing to wait for. Throws a `refused` fault where the policy gives nobody the right.
 */
export async function letGo(pass: Pass, one: Leaving, happenings: Happening[]): Promise<LettingGo> {
  const going = await letGoOf(pass, one, happenings);
  return noted(pass, one, going.waits === undefined ? await withEarlier(pass, one, going) : going);
}

/**
 * With the snapshots of it that were taken before, as AWS has them: whoever began one may have died before it said so.
 * Status lists them before the resource goes.
 */
async function withEarlier(pass: Pass, { entry, shelf }: Leaving, { snapshots = [] }: LettingGo): Promise<LettingGo> {
  const told = new Set([...pass.order.kept, ...snapshots].map(({ id }) => id));
  const { owner } = entry.found;
  const all = (await shelf.type.data?.snapshots?.(pass.aws(shelf.region), entry.found)) ?? [];
  const untold = all.filter(({ id }) => !told.has(id));
  if (untold.length === 0) return { snapshots };
  const earlier = untold.map((one) => snapshotKept(owner?.node as NodeId, shelf.type, one));
  return { snapshots: [...snapshots, ...earlier], waits: 'the snapshots that stay of it are listed' };
}

/** That data begins to go cannot be taken back: each process tells it once. */
function tellBegun(
  { memory }: Pass,
  { entry: { found } }: Leaving,
  happenings: Happening[],
  told: Pick<Happening, 'kind' | 'message'>,
): void {
  if (memory.lettingGo.has(found.id)) return;
  memory.lettingGo.add(found.id);
  happenings.push({ ...told, node: found.owner?.node as NodeId });
}

/** What was let go is not lost: the journal is told before it goes, for whoever wants it again meanwhile. */
async function noted(pass: Pass, { entry, shelf }: Leaving, going: LettingGo): Promise<LettingGo> {
  if (shelf.type.data && going.waits === undefined) await letGoSince(pass, entry.found.id);
  return going;
}

async function letGoOf(pass: Pass, one: Leaving, happenings: Happening[]): Promise<LettingGo> {
  const { data } = one.shelf.type;
  const { deletion, confirmed } = pass.order.data;
  const { found } = one.entry;
  const aws = pass.aws(one.shelf.region);
  if (!data || (await data.isEmpty?.(aws, found))) return {};
  if (deletion === 'Snapshot' && data.snapshot) return snapshotOf(pass, one, happenings);
  if (deletion !== 'Delete') throw new Fault('refused', `${found.id} holds data, and policy.deletion is ${deletion}`);
  if (!confirmed) throw unconfirmed(pass, [one]);
  await pass.order.confirm();
  if (!data.empty) return {};
  // Before the call: one that fails may have deleted a part.
  const message = `all that ${one.shelf.type.name} ${found.id} holds is being deleted: policy.deletion is Delete, and it was confirmed`;
  tellBegun(pass, one, happenings, { kind: 'Emptying', message });
  return (await data.empty(aws, found)) ? {} : { waits: 'what it holds is being deleted' };
}

/** The same for data that is replaced because the user has named it: the old one is kept as a snapshot, or not replaced. */
export async function letGoForAnother(pass: Pass, one: Leaving, happenings: Happening[]): Promise<LettingGo> {
  const { type } = one.shelf;
  const { found } = one.entry;
  if (type.data?.snapshot) return snapshotOf(pass, one, happenings);
  if (!type.data || (await type.data.isEmpty?.(pass.aws(one.shelf.region), found))) return noted(pass, one, {});
  throw new Fault(
    'refused',
    `${type.name} ${found.id} holds data, and AWS has no snapshots of it: it is not replaced`,
    {
      remedy: 'take back the change, or move what it holds yourself and empty it',
    },
  );
}

/**
 * By the moment at which this resource began to be let go, which the journal keeps: a snapshot that was begun when it was
 * let go before, and then wanted again, lacks all that was written since.
 */
async function snapshotOf(pass: Pass, one: Leaving, happenings: Happening[]): Promise<LettingGo> {
  const { entry, shelf } = one;
  const { found } = entry;
  const owner = found.owner as NodeOwner;
  const name = physicalName(owner, `final/${found.id}/${await letGoSince(pass, found.id)}`);
  const tags = { ...ownerTags(owner), [tagKeys.retained]: 'true' };
  const id = await shelf.type.data?.snapshot?.(pass.aws(shelf.region), found, name, tags);
  const message = `${shelf.type.name} ${found.id} goes; its final snapshot is ${name}`;
  tellBegun(pass, one, happenings, { kind: 'FinalSnapshot', message });
  if (id === undefined) return { waits: `its final snapshot ${name} is being taken` };
  const why = `snapshot of ${found.id}, taken when it was to be deleted`;
  const snapshot = snapshotKept(owner.node, shelf.type, { id, why });
  // Status lists it before the resource goes: no crash can make people forget it.
  return pass.order.kept.some((kept) => kept.id === id)
    ? { snapshots: [snapshot] }
    : { snapshots: [snapshot], waits: `its final snapshot ${id} is whole` };
}

const snapshotKept = (node: NodeId, { name }: AnyResourceType, { id, why }: Pick<Kept, 'id' | 'why'>): Kept => ({
  ...{ node, id, why },
  type: `${name.split('/')[0]}/snapshot`,
});

/** A snapshot that was begun before data is changed stays, whatever the policy: it is told once, and listed from then on. */
export function keepSnapshot(
  { order }: Pass,
  node: NodeId,
  type: AnyResourceType,
  taken: Pick<Kept, 'id' | 'why'>,
  happenings: Happening[],
): Kept {
  const message = `${taken.id} stays until you delete it: ${taken.why}`;
  if (!order.kept.some(({ id }) => id === taken.id)) happenings.push({ kind: 'SnapshotTaken', node, message });
  return snapshotKept(node, type, taken);
}

/** Under what the journal and the memory of a process know the end of a resource. */
export const endOf = (id: string): NodeId => `leave/${id}` as NodeId;

/** Whether an intent is to let its resource go; all others are to make one. */
export const isEnd = ({ node, incarnation }: Intent): boolean => node === endOf(incarnation);

const endIn = ({ intents }: Pass, id: string): Intent | undefined =>
  intents.find((intent) => isEnd(intent) && intent.incarnation === id);

/** Whether it was we who let this data go: then nobody has lost it. */
export const wasLetGo = (pass: Pass, id: string): boolean => endIn(pass, id) !== undefined;

/** It is wanted again before it was deleted: whoever deletes it from now on is somebody else. */
export function takeBack(pass: Pass, id: string): void {
  const end = endIn(pass, id);
  pass.memory.lettingGo.delete(id);
  if (end) pass.intents.splice(pass.intents.indexOf(end), 1);
}

async function letGoSince(pass: Pass, id: string): Promise<number> {
  const { order, intents, clock } = pass;
  const noted = endIn(pass, id);
  if (noted) return noted.at;
  const at = Math.trunc(clock.now());
  intents.push({ node: endOf(id), incarnation: id, at });
  await order.journal.write([...intents]);
  return at;
}

/** While people have not confirmed that data may be deleted, nothing of it is, nor of what serves it. */
export const unconfirmed = ({ order }: Pass, data: readonly Leaving[]): Fault => {
  const what = data.map(({ entry, shelf }) => `${shelf.type.name} ${entry.found.id}`).join(', ');
  return new Fault('refused', `policy.deletion is Delete, and nobody has confirmed that ${what} may be deleted`, {
    field: 'spec.policy.deletion',
    remedy: `confirm it: ${order.data.confirmation}; or set policy.deletion to Retain or Snapshot`,
  });
};

/** The data among the leaving whose deletion waits for a confirmation. */
export async function awaitingConfirmation(pass: Pass, leaving: readonly Leaving[]): Promise<Leaving[]> {
  const { deletion, confirmed } = pass.order.data;
  if (deletion !== 'Delete' || confirmed) return [];
  const held = await Promise.all(
    leaving.filter(holdsData).map(async (one) => {
      const { found } = one.entry;
      if (found.state.is === 'deleting' || hasTurned(pass, one)) return [];
      const isEmpty = await one.shelf.type.data?.isEmpty?.(pass.aws(one.shelf.region), found);
      return isEmpty ? [] : [one];
    }),
  );
  return held.flat();
}
