import type { NodeId } from './ref.ts';

/**
 * Everything that can go wrong, as a closed list with a fixed reaction each (`reactionTo`):
 * absent     what was asked for is not there
 * busy       AWS is still at work on it, or something still depends on it: come back
 * throttled  too many calls: slow down
 * transient  a network failure, a timeout or a 5xx: the outcome of a write is unknown
 * denied     our role may not do this: heals outside the spec
 * quota      a limit of the account is reached: heals outside the spec
 * capacity   AWS has no machines to give: heals outside the spec
 * rejected   AWS calls the request wrong: the spec, or something it names, has to change
 * foreign    a resource has the name we need, but not our owner tags
 * refused    we do not do this without being told to
 * unkept     AWS accepts a change and goes on telling the old value, or what it has made is soon gone again: somebody sets
 *            it back or deletes it, or AWS ignores it
 * bug        an error nobody has named yet
 */
export type FaultKind =
  | 'absent'
  | 'busy'
  | 'throttled'
  | 'transient'
  | 'denied'
  | 'quota'
  | 'capacity'
  | 'rejected'
  | 'foreign'
  | 'refused'
  | 'unkept'
  | 'bug';

/** `soon` backs off from seconds, `slowly` from minutes; `wait` is ordinary waiting, nothing is wrong. */
export type Reaction = 'wait' | 'soon' | 'slowly';

const reactions: Readonly<Record<FaultKind, Reaction>> = {
  absent: 'soon',
  busy: 'wait',
  throttled: 'soon',
  transient: 'soon',
  denied: 'slowly',
  quota: 'slowly',
  capacity: 'slowly',
  rejected: 'slowly',
  foreign: 'slowly',
  refused: 'slowly',
  unkept: 'slowly',
  bug: 'slowly',
};

export const reactionTo = (kind: FaultKind): Reaction => reactions[kind];

/** What is known of a failed step, in fields; the message is for people. */
export interface FaultFacts {
  /** AWS's own error code, as `InvalidSubnet.Conflict`. */
  readonly code?: string;
  /** `ec2:CreateSubnet`. */
  readonly action?: string;
  readonly node?: NodeId;
  /** The field of the store that a person would change, as `spec.compute.image.id`. */
  readonly field?: string;
  /** What a person can do about it. */
  readonly remedy?: string;
  /** What was asked about denies it by a policy of its own: nothing is wrong with the role. */
  readonly deniedByResource?: true;
  /** AWS says so of what it does not know yet, and of what it never will: it is waited for, but not for long. */
  readonly passing?: boolean;
  /** What a lookup refuses to be used, and that a store may have things in all the same: there these are looked for. */
  readonly found?: object;
  /** What a lookup answers all the same: what comes after it waits, and what only needs its outputs does not. */
  readonly answer?: object;
  /** The token of a creation was used before: by what is there, or by what is gone. */
  readonly usedToken?: true;
  /** AWS was not asked: nothing can have come of the call. */
  readonly unsent?: true;
  readonly cause?: unknown;
}

/** The only exception that resources and the AWS room throw on purpose. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly facts: FaultFacts;

  constructor(kind: FaultKind, message: string, facts: FaultFacts = {}) {
    super(message, { cause: facts.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.facts = facts;
  }
}

/** Any thrown thing as a fault: what is not one already is a bug. */
export const asFault = (error: unknown): Fault =>
  error instanceof Fault
    ? error
    : new Fault('bug', error instanceof Error ? error.message : String(error), { cause: error });

/** Reads a part that may be missing: an `absent` fault becomes undefined, every other fault passes. */
export async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** The fault of one of these kinds that a call ends with; undefined when it goes well. Every other fault passes. */
export async function faultOf(call: Promise<unknown>, ...kinds: readonly FaultKind[]): Promise<Fault | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof Fault && kinds.includes(error.kind)) return error;
    throw error;
  }
}
