import type { Intent } from './ports.ts';
import type { NodeId } from './ref.ts';

/**
 * Where a node stands. `progressing`: AWS or we are at work on it; `waiting`: it needs another node first; `drifted`:
 * it differs and we may not change it (mode Observe); `stalled`: somebody has to do something.
 */
export type Standing = 'ready' | 'progressing' | 'waiting' | 'drifted' | 'deleting' | 'stalled';

export interface NodeReport {
  readonly node: NodeId;
  readonly type: string;
  readonly id?: string;
  readonly standing: Standing;
  /** One CamelCase word for machines. */
  readonly reason: string;
  readonly message: string;
  /** It is ready, and yet people want to know what the message says. */
  readonly noticed?: true;
  /** AWS's own error code, where one is the cause. */
  readonly code?: string;
  /** The field of the store that a person would change, and what to do. */
  readonly field?: string;
  readonly remedy?: string;
  /** The props that differ, for `progressing` and `drifted`. */
  readonly fields?: readonly string[];
  /** When AWS was last read of it, milliseconds since the epoch. */
  readonly readAt?: number;
  /** When to look again at the latest, milliseconds since the epoch. */
  readonly wakeAt?: number;
  /** What would be done, or was done in this pass. */
  readonly action?: 'create' | 'update' | 'replace' | 'delete';
  /** Only in reports of what is wanted and what is: what would be written, for `plan`. */
  readonly wanted?: Readonly<Record<string, unknown>>;
  readonly found?: Readonly<Record<string, unknown>>;
}

/** Something that people want to hear of. */
export interface Happening {
  readonly kind:
    | 'Created'
    | 'Adopted'
    | 'Updated'
    | 'DriftSeen'
    | 'DriftHealed'
    | 'FinalSnapshot'
    | 'SnapshotTaken'
    | 'Emptying'
    | 'Deleted'
    | 'Retained'
    | 'Stalled'
    | 'Waiting';
  readonly node: NodeId;
  readonly message: string;
}

/** What one pass over one store came to. */
export interface Verdict {
  readonly nodes: readonly NodeReport[];
  /** Resources of this store that are wanted no more. */
  readonly leaving: readonly NodeReport[];
  readonly happenings: readonly Happening[];
  /** Every list that the store needs was read; without that nothing is called ready and nothing is removed. */
  readonly known: boolean;
  /** What keeps the lists that the store needs from being read, and whether people have to do something about it. */
  readonly obstacle?: Pick<NodeReport, 'message' | 'code' | 'field' | 'remedy'> & { readonly isStall: boolean };
  /** Teardown: nothing of the store is left, and that was read. */
  readonly gone: boolean;
  /** Resources that stay although the store goes, with why. */
  readonly retained: readonly {
    readonly node: NodeId;
    readonly id: string;
    readonly type: string;
    readonly why: string;
    /** It holds nothing itself: what is kept stands on it. */
    readonly isGround?: true;
  }[];
  /** Outputs by node, for status. */
  readonly outputs: ReadonlyMap<NodeId, Readonly<Record<string, unknown>>>;
  /** Creations to remember beyond a crash: status carries them. */
  readonly intents: readonly Intent[];
  /** When the store wants its next pass, milliseconds since the epoch. */
  readonly wakeAt: number;
}
