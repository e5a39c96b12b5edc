import { isDeepStrictEqual } from 'node:util';
import { isAlike } from '../model/decide.ts';
import type { NodeOwner } from '../model/identity.ts';
import type { NodeId } from '../model/ref.ts';
import { fieldOf, type AnyResourceType, type Detail, type Found, type State } from '../model/resource-type.ts';

/** What is found, with props and outputs of whatever type. */
export type ErasedFound = Found<Values, Values>;
type Values = Readonly<Record<string, unknown>>;

/** One resource as the inventory knows it: what AWS told, with our own younger writes laid over it. */
export interface Entry {
  /** Lists, details and overlay in one; what the engine decides on. */
  found: ErasedFound;
  /** When the list began that told it last; undefined while only our own create has told of it. */
  listedAt: number | undefined;
  detailedAt: number | undefined;
  /** When details were last asked for, with whatever answer. */
  detailTriedAt: number | undefined;
  /** When the list began that first told the revision it has now. */
  revisedAt: number;
  /**
   * Its details are what AWS has for as long as lists tell this revision: they were read when even a late reply must
   * have known of it.
   */
  detailsLast: boolean;
  /** What the last list and the last detail said. */
  listed: ErasedFound;
  details: Readonly<Record<string, unknown>>;
  detailOutputs: Readonly<Record<string, unknown>>;
  /** Values we have written and no reading has told since; and when, until all readings have spoken. */
  assumed: Readonly<Record<string, unknown>>;
  assumedOutputs: Readonly<Record<string, unknown>>;
  writtenAt: number | undefined;
  createdAt: number | undefined;
  deletedAt: number | undefined;
  /** When a list first lacked it; it counts as gone when one begun a read lag later lacks it too. */
  missingSince: number | undefined;
  /** Whose it is, is not believed until it was read again. */
  doubted?: true | undefined;
}

/** When a list of some scope was begun and ended, last time. */
export interface Reading {
  readonly begun: number;
  readonly ended: number;
}

const everything = '*';

const storeOf = ({ namespace, name }: Pick<NodeOwner, 'namespace' | 'name'>): string => `${namespace}/${name}`;
const noUids: ReadonlySet<string> = new Set();

/** Of what we deleted, whatever readings say that began too early to know. */
const requested: State = { is: 'deleting', reason: 'deletion was requested' };

/** Whether nothing is known that would contradict this entry being settled. */
export const isConfirmed = (entry: Entry): boolean =>
  entry.listedAt !== undefined && entry.writtenAt === undefined && entry.missingSince === undefined;

/**
 * What is known of one type in one region. Lists may lag behind writes, so three things are never believed from a list
 * begun too early: the absence of what we made, the presence of what we deleted, and old values of what we changed.
 */
export class Shelf {
  readonly type: AnyResourceType;
  /** Where AWS is asked about it. */
  readonly region: string;
  readonly #entries = new Map<string, Entry>();
  readonly #readings = new Map<string, Reading>();
  readonly #byOwner = new Map<string, Map<NodeId, Set<string>>>();
  /** By namespace and name, the UIDs of the stores of that name that have anything here. */
  readonly #uids = new Map<string, Set<string>>();
  readonly #byKey = new Map<string, string>();
  /** What we deleted and AWS was seen to lack, and until when lists may still tell of it. */
  readonly #buried = new Map<string, number>();
  readonly #readLag: number;

  constructor(type: AnyResourceType, region: string, readLag: number) {
    [this.type, this.region, this.#readLag] = [type, region, readLag];
  }

  reading(parent: string = everything): Reading | undefined {
    return this.#readings.get(parent);
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  ofNode(uid: string, node: NodeId): Entry[] {
    return this.#these(this.#byOwner.get(uid)?.get(node) ?? new Set());
  }

  /** Whether anything here is the store's. */
  holds(uid: string): boolean {
    return this.#byOwner.has(uid);
  }

  /** The UIDs of all stores that have anything here. */
  owners(): IterableIterator<string> {
    return this.#byOwner.keys();
  }

  ofStore(uid: string): Entry[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])].flatMap((ids) => this.#these(ids));
  }

  /** The UIDs of all stores of this name that have anything here: more than one when a store was made anew. */
  uidsOf(store: Pick<NodeOwner, 'namespace' | 'name'>): ReadonlySet<string> {
    return this.#uids.get(storeOf(store)) ?? noUids;
  }

  withKey(key: string): Entry | undefined {
    const id = this.#byKey.get(key);
    return id === undefined ? undefined : this.#entries.get(id);
  }

  /** What lists are told of ids that were read before. */
  known(id: string): NodeOwner | 'foreign' | undefined {
    const entry = this.#entries.get(id);
    return entry && !entry.doubted ? (entry.found.owner ?? 'foreign') : undefined;
  }

  /** What AWS told last of one whose owner is not in doubt. */
  last(id: string): ErasedFound | undefined {
    const entry = this.#entries.get(id);
    return entry?.doubted ? undefined : entry?.listed;
  }

  /** Whose it is has to be read anew: a name may have been given up and taken by another, or tags put back. */
  doubt(entry: Entry): void {
    entry.doubted = true;
  }

  /** Takes in a whole list. Answers the UIDs of the stores for which something changed. */
  list(found: readonly ErasedFound[], begun: number, ended: number, parent: string = everything): Set<string> {
    const changed = new Set<string>();
    const seen = new Set(found.map(({ id }) => id));
    for (const one of found) this.#told(this.#withState(one), begun, changed);
    for (const entry of [...this.#entries.values()])
      if (!seen.has(entry.found.id) && this.#isBelow(entry, parent)) this.#lacking(entry, begun, changed);
    this.#readings.set(parent, { begun, ended });
    for (const [id, until] of this.#buried) if (until <= begun) this.#buried.delete(id);
    return changed;
  }

  /** Where lists do not tell what is going on, what was told last stands. */
  #withState(one: ErasedFound): ErasedFound {
    const { stateUnlisted } = this.type;
    const told = this.#entries.get(one.id)?.listed.state;
    const stands = stateUnlisted === 'notice' ? one.state.is === 'ready' && told?.is === 'ready' : stateUnlisted;
    return told && stands ? { ...one, state: told } : one;
  }

  /** Takes in these resources of the list. Answers the UIDs of the stores for which something changed. */
  named(ids: ReadonlySet<string>, found: readonly ErasedFound[], begun: number): Set<string> {
    const changed = new Set<string>();
    for (const one of found) this.#told(one, begun, changed);
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry && !found.some((one) => one.id === id)) this.#lacking(entry, begun, changed);
    }
    return changed;
  }

  /**
   * Takes in one resource's details; undefined means that AWS knows no such resource. Where only some fields were wanted,
   * the others are as old as they were.
   */
  detail(
    id: string,
    told: Detail<Values, Values> | undefined,
    begun: number,
    fields?: ReadonlySet<string>,
  ): Set<string> {
    const changed = new Set<string>();
    const entry = this.#entries.get(id);
    if (!entry || begun < (entry.detailTriedAt ?? 0)) return changed;
    entry.detailTriedAt = begun;
    if (!told) {
      this.#lacking(entry, begun, changed);
      return changed;
    }
    if (fields) {
      entry.details = { ...entry.details, ...told.props };
    } else {
      entry.detailedAt = told.incomplete ? undefined : begun;
      const { revision } = entry.listed;
      entry.detailsLast = !told.incomplete && revision !== undefined && begun >= entry.revisedAt + this.#readLag;
      entry.details = told.props;
    }
    if ('id' in told) {
      entry.detailOutputs = told.outputs;
      entry.listed = { ...entry.listed, state: told.state, failedChanges: told.failedChanges };
    }
    this.#settle(entry, { ...told.props }, begun, changed);
    return changed;
  }

  created(found: ErasedFound, now: number): Entry {
    const entry: Entry = {
      found,
      listed: found,
      listedAt: undefined,
      details: {},
      detailOutputs: {},
      detailedAt: undefined,
      detailTriedAt: undefined,
      revisedAt: now,
      detailsLast: false,
      assumed: this.#readable(found.props),
      assumedOutputs: {},
      writtenAt: now,
      createdAt: now,
      deletedAt: undefined,
      missingSince: undefined,
    };
    this.#buried.delete(found.id);
    this.#put(entry);
    return entry;
  }

  updated(entry: Entry, props: Values, now: number, outputs: Values = {}): void {
    entry.assumed = { ...entry.assumed, ...props };
    entry.assumedOutputs = { ...entry.assumedOutputs, ...outputs };
    [entry.writtenAt, entry.detailsLast] = [now, false];
    this.#merge(entry);
  }

  /** Its owner tags were written anew. */
  reowned(entry: Entry, owner: NodeOwner): void {
    entry.listed = { ...entry.listed, owner, unmarked: undefined };
    this.#merge(entry);
  }

  deleted(entry: Entry, now: number): void {
    entry.deletedAt = now;
    this.#merge(entry);
  }

  #told(one: ErasedFound, begun: number, changed: Set<string>): void {
    const entry = this.#entries.get(one.id);
    if (!entry) {
      if (begun < (this.#buried.get(one.id) ?? 0)) return;
      this.#put({
        found: one,
        listed: one,
        listedAt: begun,
        details: {},
        detailOutputs: {},
        detailedAt: undefined,
        detailTriedAt: undefined,
        revisedAt: begun,
        detailsLast: false,
        assumed: {},
        assumedOutputs: {},
        writtenAt: undefined,
        createdAt: undefined,
        deletedAt: undefined,
        missingSince: undefined,
      });
      if (one.owner) changed.add(one.owner.uid);
      return;
    }
    // A list of many pages may end after a reading by name that was begun later.
    if (begun < Math.max(entry.listedAt ?? 0, entry.missingSince ?? 0)) return;
    if (entry.deletedAt !== undefined) {
      // Some of AWS's lists tell one that is being deleted as one that AWS is at work on.
      const isGoing = one.state.is === 'deleting' || one.state.is === 'pending';
      if (isGoing || begun < entry.deletedAt + this.#readLag) {
        [entry.listed, entry.listedAt] = [one, begun];
        return;
      }
      entry.deletedAt = undefined;
    }
    // A list begun before our own write tells of the past.
    if (entry.writtenAt !== undefined && begun < entry.writtenAt) return;
    if (one.revision !== entry.listed.revision) [entry.revisedAt, entry.detailsLast] = [begun, false];
    entry.details = { ...entry.details, ...leftOut(entry, one) };
    // Lists tell of it once; it stays so until the tags are written.
    const { unmarked } = entry.listed;
    [entry.listed, entry.listedAt, entry.missingSince] = [unmarked ? { ...one, unmarked } : one, begun, undefined];
    entry.doubted = undefined;
    this.#settle(entry, { ...one.props }, begun, changed);
  }

  /** Compares what was just read with what we assume since our own write. */
  #settle(entry: Entry, read: Readonly<Record<string, unknown>>, begun: number, changed: Set<string>): void {
    const before = entry.found;
    const waited = entry.writtenAt === undefined || begun >= entry.writtenAt + this.#readLag;
    const open = Object.entries(entry.assumed).filter(
      ([name, value]) => !(name in read) || (!waited && !isAlike(this.type, name, value, read)),
    );
    entry.assumed = Object.fromEntries(open);
    // What no reading tells stands as we wrote it: to wait for it, or to write it again, would never end.
    const untold = open.every(([name]) => !(name in entry.listed.props) && !(name in entry.details));
    if (open.length === 0 || (untold && this.#allHaveSpoken(entry)))
      [entry.writtenAt, entry.assumedOutputs] = [undefined, {}];
    this.#merge(entry);
    if (!isDeepStrictEqual(before, entry.found)) this.#note(entry, changed, before.owner?.uid);
  }

  /** Whether the list, and the details where the type has any, were begun so late that they know of our last write. */
  #allHaveSpoken({ listedAt = 0, detailedAt = 0, writtenAt = 0 }: Entry): boolean {
    const hasDetails = this.type.detail !== undefined || this.type.details !== undefined;
    return Math.min(listedAt, hasDetails ? detailedAt : Infinity) >= writtenAt + this.#readLag;
  }

  /** Nobody reads what was only given at birth. */
  #readable(props: Values): Values {
    return Object.fromEntries(Object.entries(props).filter(([name]) => fieldOf(this.type, name).mode !== 'seed'));
  }

  #merge(entry: Entry): void {
    const props = { ...entry.listed.props, ...entry.details, ...this.#youngerThanDetails(entry), ...entry.assumed };
    const outputs = { ...entry.listed.outputs, ...entry.detailOutputs, ...entry.assumedOutputs };
    const isGoing = entry.deletedAt !== undefined && entry.listed.state.is !== 'deleting';
    const found = { ...entry.listed, ...(isGoing ? { state: requested } : {}), props, outputs };
    // A list may have found it gone while we were writing to it.
    const isHere = this.#entries.get(found.id) === entry;
    if (isHere) this.#unindex(entry);
    entry.found = found;
    if (isHere) this.#index(entry);
  }

  /** Where list and detail both tell a prop, the younger reading counts. */
  #youngerThanDetails(entry: Entry): object {
    return (entry.listedAt ?? 0) > (entry.detailedAt ?? 0) ? entry.listed.props : {};
  }

  #lacking(entry: Entry, begun: number, changed: Set<string>): void {
    if (begun < (entry.listedAt ?? 0)) return;
    if (entry.createdAt !== undefined && begun < entry.createdAt + this.#readLag) return;
    if (entry.deletedAt !== undefined) {
      if (begun >= entry.deletedAt) this.#remove(entry, changed);
      return;
    }
    if (entry.missingSince === undefined) {
      entry.missingSince = begun;
      this.#note(entry, changed);
    }
    if (begun >= entry.missingSince + this.#readLag || !entry.found.owner) this.#remove(entry, changed);
  }

  #isBelow(entry: Entry, parent: string): boolean {
    return parent === everything || parentOf(this.type, entry) === parent;
  }

  #note(entry: Entry, changed: Set<string>, before?: string): void {
    for (const uid of [entry.found.owner?.uid, before]) if (uid) changed.add(uid);
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.found.id, entry);
    this.#index(entry);
  }

  #remove(entry: Entry, changed: Set<string>): void {
    if (entry.deletedAt !== undefined) this.#buried.set(entry.found.id, entry.deletedAt + this.#readLag);
    this.#unindex(entry);
    this.#entries.delete(entry.found.id);
    this.#note(entry, changed);
  }

  #index({ found }: Entry): void {
    if (found.key !== undefined) this.#byKey.set(found.key, found.id);
    if (!found.owner) return;
    const nodes = this.#byOwner.get(found.owner.uid) ?? new Map<NodeId, Set<string>>();
    nodes.set(found.owner.node, (nodes.get(found.owner.node) ?? new Set()).add(found.id));
    this.#byOwner.set(found.owner.uid, nodes);
    const store = storeOf(found.owner);
    this.#uids.set(store, (this.#uids.get(store) ?? new Set()).add(found.owner.uid));
  }

  #unindex({ found }: Entry): void {
    if (found.key !== undefined && this.#byKey.get(found.key) === found.id) this.#byKey.delete(found.key);
    if (!found.owner) return;
    const nodes = this.#byOwner.get(found.owner.uid);
    const ids = nodes?.get(found.owner.node);
    ids?.delete(found.id);
    if (ids?.size === 0) nodes?.delete(found.owner.node);
    if (nodes?.size !== 0) return;
    this.#byOwner.delete(found.owner.uid);
    const store = storeOf(found.owner);
    const uids = this.#uids.get(store);
    uids?.delete(found.owner.uid);
    if (uids?.size === 0) this.#uids.delete(store);
  }

  #these(ids: ReadonlySet<string>): Entry[] {
    return [...ids].map((id) => this.#entries.get(id) as Entry);
  }
}

/** What details tell as well, and lists told later but tell no longer: it stands until details are read again. */
function leftOut({ listed, listedAt = 0, details, detailedAt = 0 }: Entry, next: ErasedFound): Values {
  if (listedAt < detailedAt) return {};
  return Object.fromEntries(Object.entries(listed.props).filter(([name]) => name in details && !(name in next.props)));
}

/** The parent that an entry was listed under: its own props name it. */
const parentOf = (type: AnyResourceType, { found }: Entry): string | undefined => type.parentOf?.(found.props);
