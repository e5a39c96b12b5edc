import type { Reaction } from '../model/faults.ts';
import type { Priority } from '../model/ports.ts';
import type { Notice } from './events.ts';
import type { OpenStore } from './open-store.ts';

/** What a pass is given beside its store. */
export interface PassContext {
  /** Aborts when the lease is lost, the process stops, or the pass takes too long: nothing may be begun after that. */
  readonly signal: AbortSignal;
  /** Why the pass runs now: the most urgent of the wishes that led to it. */
  readonly priority: Priority;
  /** Whether this process still leads, by its own clock: to be asked before every write to AWS. */
  readonly leads: () => boolean;
  /** Tells people something; never throws, never waits. */
  readonly notice: (notice: Notice) => void;
}

/** What came of a pass. */
export interface PassOutcome {
  /** For the metrics: `settled`, `stepped`, `waiting`, `stalled`, `deleted`, … from a small fixed set. */
  readonly outcome: string;
  /** The soonest wish to come back, in milliseconds from now. */
  readonly again?: number;
  /** How urgent that is; `scan` unless told. */
  readonly priority?: Priority;
  /** Something failed: the queue backs off, ever longer while this repeats, but never later than `again`. */
  readonly failed?: Exclude<Reaction, 'wait'>;
}

/** One look at one store, and at most one step for each of its nodes. It never sleeps. */
export type Pass = (store: OpenStore, context: PassContext) => Promise<PassOutcome>;
