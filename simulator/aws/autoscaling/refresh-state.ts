import type { Request } from '../core/request.ts';
import type { Kind } from '../core/world.ts';
import type { Configuration } from './kinds.ts';

export interface Preferences {
  readonly MinHealthyPercentage?: number;
  readonly MaxHealthyPercentage?: number;
  readonly InstanceWarmup?: number;
  readonly SkipMatching?: boolean;
  readonly AutoRollback?: boolean;
  readonly BakeTime?: number;
  readonly CheckpointPercentages?: readonly number[];
  readonly CheckpointDelay?: number;
  readonly ScaleInProtectedInstances?: string;
  readonly StandbyInstances?: string;
  readonly AlarmSpecification?: object;
}

export type RefreshStatus =
  | 'Pending'
  | 'InProgress'
  | 'Baking'
  | 'Successful'
  | 'Failed'
  | 'Cancelling'
  | 'Cancelled'
  | 'RollbackInProgress'
  | 'RollbackSuccessful'
  | 'RollbackFailed';

/** A rollout: what the group had, what it is to have, and how far that is. */
export interface Refresh {
  readonly id: string;
  readonly group: string;
  readonly status: RefreshStatus;
  readonly reason: string | undefined;
  readonly startedAt: number;
  /** One that is called off while it is pending never begins, and has no start to tell. */
  readonly hasBegun: boolean;
  readonly endedAt: number | undefined;
  readonly preferences: Preferences;
  readonly desired: Configuration | undefined;
  readonly previous: Configuration;
  /** How many instances it set out to replace, and how many are left. */
  readonly total: number;
  readonly left: number;
  /** Instances that were there before it began: with or without matching, they are replaced. */
  readonly oldIds: readonly string[];
  /** New instances that were found unhealthy. */
  readonly badIds: readonly string[];
  readonly progressedAt: number;
  readonly rollback:
    | { readonly reason: string; readonly startedAt: number; readonly percent: number; readonly left: number }
    | undefined;
}

export const refreshes: Kind<Refresh> = { type: 'autoscaling/refresh', tags: () => ({}), exists: () => false };

export const refreshesOf = (request: Request, group: string): Refresh[] =>
  request
    .in(refreshes)
    .all()
    .filter((refresh) => refresh.group === group);

const active: readonly RefreshStatus[] = ['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'];

export const isActive = ({ status }: Refresh): boolean => active.includes(status);

export const activeRefresh = (request: Request, group: string): Refresh | undefined =>
  refreshesOf(request, group).find(isActive);

/** What a refresh makes instances into just now. */
export const targetOf = ({ status, desired, previous }: Refresh): Configuration =>
  status === 'RollbackInProgress' ? previous : (desired ?? previous);

export const percentOf = ({ status, total, left, rollback }: Refresh): number => {
  if (status === 'Pending') return 0;
  const done = total === 0 ? 100 : Math.round(((total - left) / total) * 100);
  // "This value gradually goes back down to zero during a rollback."
  return rollback ? Math.max(0, Math.round(rollback.percent * (1 - done / 100))) : done;
};
