import type { DBInstance } from '@aws-sdk/client-rds';
import type { Fields } from '../../model/resource-type.ts';

/** What a database holds its data in. */
export interface StorageProps {
  readonly storageGib: number;
  /** How far AWS may let it grow by itself; null for not at all. */
  readonly maxStorageGib: number | null;
  readonly storageType: string;
}

export const storageFields: Fields<StorageProps> = {
  // It grows by itself, and never shrinks.
  storageGib: { mode: 'live', equal: (wanted, found) => found >= wanted },
  maxStorageGib: {
    mode: 'live',
    equal: (wanted, found, beside) => wanted === found || hasGrownTo(wanted, (beside as StorageProps).storageGib),
  },
  storageType: 'live',
};

/**
 * From this size on gp3 is four volumes, whose speed can be chosen, and is this much at the least.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 */
const striped = { fromGib: 400, iops: 12_000 };

/**
 * What has grown up to its limit grows no more, and AWS takes a limit only if it is a tenth above what there is.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
export const hasGrownTo = (limit: number | null, storageGib: number): boolean =>
  limit !== null && limit < storageGib * 1.1;

/** What waits for the maintenance window is as good as done. */
export function storageTold({ PendingModifiedValues: pending = {}, ...found }: DBInstance): StorageProps {
  const most = found.MaxAllocatedStorage;
  const storageGib = pending.AllocatedStorage ?? found.AllocatedStorage ?? 0;
  return {
    storageGib,
    maxStorageGib: most === undefined || most <= storageGib ? null : most,
    storageType: pending.StorageType ?? found.StorageType ?? '',
  };
}

/** The members of a modification for the fields that differ; `iops` is how fast it is now. */
export function storageChanges(
  found: Partial<StorageProps>,
  iops: number | undefined,
  props: StorageProps,
  fields: ReadonlySet<string>,
): object {
  const most = props.maxStorageGib ?? found.storageGib;
  return {
    // "To disable storage autoscaling, set it to the allocated storage."
    ...(fields.has('maxStorageGib') ? { MaxAllocatedStorage: most } : {}),
    ...(fields.has('storageGib') ? { AllocatedStorage: props.storageGib } : {}),
    ...(fields.has('storageType') ? { StorageType: props.storageType } : {}),
    ...(fields.has('storageGib') || fields.has('storageType') ? speedOf(found, iops, props) : {}),
  };
}

/**
 * Where the speed can be chosen it is told with the size, or AWS refuses both; where it cannot, it must not be told. What
 * grows over the border gets AWS's own. What somebody has bought stays.
 * https://github.com/hashicorp/terraform-provider-aws/pull/28847, https://github.com/hashicorp/terraform-provider-aws/pull/47411
 */
function speedOf(found: Partial<StorageProps>, iops = 0, props: StorageProps): object {
  const { storageGib: has = 0, storageType } = found;
  const AllocatedStorage = Math.max(has, props.storageGib);
  const grows = storageType === 'gp3' && has < striped.fromGib;
  if (props.storageType !== 'gp3' || AllocatedStorage < striped.fromGib || grows) return {};
  return { AllocatedStorage, Iops: storageType === 'gp3' ? Math.max(iops, striped.iops) : striped.iops };
}
