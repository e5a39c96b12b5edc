import { isDeepStrictEqual } from 'node:util';
import type { Events } from './kube/events.ts';
import type { Change } from './kube/known.ts';
import { keyOf } from './kube/object.ts';
import type { Pass, PassOutcome } from './kube/pass.ts';
import { finalizer, type StoreObject } from './kube/store-object.ts';
import type { Stores } from './kube/stores.ts';
import { asFault, Fault, reactionTo } from './model/faults.ts';
import type { Log } from './model/log.ts';
import type { Priority } from './model/ports.ts';
import type { Timers } from './model/timers.ts';
import type { Ready } from './runtime/lanes.ts';
import type { Queue, Wish } from './runtime/queue.ts';
import type { Followup } from './runtime/workers.ts';

/** Whether this process still leads: a term of the elector, or for ever where there is no election. */
export interface Mandate {
  readonly signal: AbortSignal;
  readonly holds: boolean;
}

export interface DeskOptions {
  readonly stores: Stores;
  readonly queue: Queue;
  readonly pass: Pass;
  readonly events: Events;
  readonly mandate: Mandate;
  readonly timers: Timers;
  readonly log: Log;
  readonly onPass: (outcome: string, seconds: number) => void;
  /** Divides what the desk itself waits. */
  readonly speed: number;
}

/** Two passes of one store, if the first asks for the second, are at least this far apart. */
const shortestWaitMillis = 200;
/** What AWS answers within this time of a first answer is looked at in one pass. */
const gatheringMillis = 250;
/** Somebody else wrote to the store, or AWS is at work on it: what is new of it comes by the watch meanwhile. */
const busyWaitMillis = 1_000;
/**
 * A status that somebody else wrote is written anew, but not at once: two leaders, for as long as there are two, would
 * answer each other as fast as the API server does.
 */
const strangersStatusMillis = 5_000;

/** Turns changes of stores into wishes, and wishes into passes, for one term of leading. */
export class Desk {
  readonly #options: DeskOptions;
  readonly #keys = new Map<string, string>();
  /** How urgent each store was when it was last looked at: a reading of AWS wakes it with that. */
  readonly #urgency = new Map<string, Priority>();

  constructor(options: DeskOptions) {
    this.#options = options;
    for (const object of options.stores.all()) this.changed({ is: 'applied', object, old: undefined });
  }

  changed(change: Change<StoreObject>): void {
    const { queue } = this.#options;
    const { metadata } = change.object;
    const key = keyOf(metadata);
    if (change.is === 'removed') {
      this.#keys.delete(metadata.uid);
      this.#urgency.delete(key);
      queue.forget(key);
      return;
    }
    this.#keys.set(metadata.uid, key);
    const wish = this.#wishFor(change.object, change.old);
    if (wish) queue.add(key, wish);
  }

  /** AWS was read, and these stores want to know. */
  wake(uids: ReadonlySet<string>): void {
    const { queue, speed } = this.#options;
    const inMillis = gatheringMillis / speed;
    for (const uid of uids) {
      const key = this.#keys.get(uid);
      if (key) queue.add(key, { priority: this.#urgency.get(key) ?? 'scan', inMillis });
    }
  }

  /** One pass over one store, with every fault turned into when to come back. */
  async look(ready: Ready, signal: AbortSignal): Promise<Followup> {
    const { stores, mandate, timers, onPass } = this.#options;
    const store = stores.open(ready.key, mandate.signal);
    if (!store) return {};
    const began = timers.monotonic();
    const ended = (outcome: string): void => onPass(outcome, (timers.monotonic() - began) / 1000);
    try {
      const { pass, events } = this.#options;
      const { priority } = ready;
      const outcome = await pass(store, {
        signal,
        priority,
        leads: () => mandate.holds,
        notice: (notice) => events.record(store.object, notice),
      });
      ended(outcome.outcome);
      return this.#after(ready, outcome);
    } catch (error) {
      if (!(error instanceof Fault)) ended('bug');
      else ended(error.kind);
      return mandate.signal.aborted ? {} : this.#afterFault(ready, asFault(error), store.object);
    }
  }

  /** What a change leads to; our own writes, and a status that stays as it was, to nothing. */
  #wishFor(object: StoreObject, old: StoreObject | undefined): Wish | undefined {
    const { stores, speed } = this.#options;
    const { metadata, status } = object;
    const priority = metadata.deletionTimestamp ? 'delete' : undefined;
    if (!old) return { priority: priority ?? (status?.observedGeneration === metadata.generation ? 'scan' : 'change') };
    if (!isOfStatusAlone(object, old) || isLetGo(object, old)) return { priority: priority ?? 'change' };
    if (stores.isOurWrite(object)) return priority && { priority };
    return { priority: priority ?? 'scan', inMillis: strangersStatusMillis / speed };
  }

  #after({ key }: Ready, { again, priority = 'scan', failed }: PassOutcome): Followup {
    this.#urgency.set(key, priority);
    const inMillis = Math.max(again ?? 0, shortestWaitMillis / this.#options.speed);
    return { wish: again === undefined ? undefined : { priority, inMillis }, failed };
  }

  #afterFault({ key, priority }: Ready, fault: Fault, store: StoreObject): Followup {
    const { events, log, speed } = this.#options;
    const { kind, message, facts } = fault;
    const told = { store: key, kind, action: facts.action, node: facts.node, remedy: facts.remedy };
    const reaction = reactionTo(kind);
    if (reaction === 'wait') {
      log.debug({ ...told, error: message }, 'a pass gave way');
      return { wish: { priority, inMillis: busyWaitMillis / speed } };
    }
    if (kind === 'bug') log.error({ ...told, err: fault }, 'a pass ended with an error that nobody has named');
    else log.warn({ ...told, error: message }, 'a pass failed');
    // Status does not tell it: as a rule it is what could not be written.
    if (reaction === 'slowly') events.record(store, { type: 'Warning', reason: 'PassFailed', message });
    return { failed: reaction };
  }
}

const isOfStatusAlone = ({ metadata: now }: StoreObject, { metadata: before }: StoreObject): boolean =>
  before.generation === now.generation &&
  before.deletionTimestamp === now.deletionTimestamp &&
  isDeepStrictEqual(before.annotations, now.annotations);

/** Somebody has taken our finalizer away, or we have: whoever deletes the store now does not wait for us. */
const isLetGo = ({ metadata: now }: StoreObject, { metadata: before }: StoreObject): boolean =>
  before.finalizers?.includes(finalizer) === true && now.finalizers?.includes(finalizer) !== true;
