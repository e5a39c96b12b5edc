import type { DBInstance } from '@aws-sdk/client-rds';
import { Fault } from '../../model/faults.ts';
import type { Found } from '../../model/resource-type.ts';
import type { InstanceOutputs, InstanceProps } from './instance.ts';

/** The fields whose change waits for the maintenance window, by RDS's names. */
const windowed: Readonly<Partial<Record<string, keyof InstanceProps>>> = {
  DBInstanceClass: 'instanceClass',
  MultiAZ: 'multiAz',
  AllocatedStorage: 'storageGib',
  StorageType: 'storageType',
  BackupRetentionPeriod: 'backupRetentionDays',
};

/** What the database has of the fields for which another value waits; of what is no field of ours, RDS's own names. */
export function waitingOf(found: DBInstance): Readonly<Record<string, unknown>> {
  const pending = Object.entries(found.PendingModifiedValues ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    pending.map(([name]) => {
      const field = windowed[name];
      return field ? [field, found[name as keyof DBInstance]] : [name, undefined];
    }),
  );
}

/**
 * Which of the fields are wanted as the database has them, while another value waits for the maintenance window: RDS lets
 * go of that only by a modification at once, which has all else at once that waits, `stays`.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html
 */
export function takenBack(
  { outputs: { waiting = {} } }: Found<InstanceProps, InstanceOutputs>,
  props: InstanceProps,
  fields: ReadonlySet<keyof InstanceProps>,
): { readonly back: ReadonlySet<keyof InstanceProps>; readonly stays: readonly string[] } {
  if (props.applyImmediately) return { back: new Set(), stays: [] };
  const isBack = (field: string): boolean => field in props && props[field as keyof InstanceProps] === waiting[field];
  return {
    back: new Set([...fields].filter((field) => field in waiting && isBack(field))),
    stays: Object.keys(waiting).filter((field) => !isBack(field)),
  };
}

/** That what waits cannot be taken back without having at once what else waits. */
export const notAlone = (back: readonly string[], stays: readonly string[]): Fault =>
  new Fault(
    'rejected',
    `the change of ${back.join(', ')} that waits for the maintenance window cannot be taken back alone: RDS would apply ${stays.join(', ')} at once, which waits too`,
    {
      field: 'spec.database.applyImmediately',
      remedy: `take back what waits as well, or have all of it at once by spec.database.applyImmediately: true; else both happen in the window, and ${back.join(', ')} is set back after it`,
    },
  );
