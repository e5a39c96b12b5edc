import { AwsError } from '../core/aws-error.ts';
import type { AutomatedBackup, Instance, Snapshot } from './kinds.ts';

export interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

/** By a filter's name, the value that an object has for it. */
export type FilterTable<T> = Readonly<Record<string, (object: T) => string>>;

/** Keeps what has, for each filter, any of its values. A filter that the call does not have is refused, never passed over. */
export function filtered<T>(objects: readonly T[], filters: readonly Filter[] = [], table: FilterTable<T> = {}): T[] {
  return filters.reduce<readonly T[]>((left, { Name, Values }) => {
    const valueOf = table[Name];
    if (!valueOf) throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${Name}`);
    return left.filter((object) => Values.includes(valueOf(object)));
  }, objects) as T[];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html; clusters and domains there are none. */
export const instanceFilters: FilterTable<Instance> = {
  'db-instance-id': ({ name }) => name,
  'dbi-resource-id': ({ resourceId }) => resourceId,
  engine: ({ engine }) => engine,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html */
export const snapshotFilters: FilterTable<Snapshot> = {
  'db-instance-id': ({ instanceName }) => instanceName,
  'db-snapshot-id': ({ name }) => name,
  'dbi-resource-id': ({ of }) => of.resourceId,
  'snapshot-type': ({ type }) => type,
  engine: ({ of }) => of.engine,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstanceAutomatedBackups.html */
export const backupFilters: FilterTable<AutomatedBackup> = {
  status: ({ status }) => status,
  'db-instance-id': ({ of }) => of.name,
  'dbi-resource-id': ({ of }) => of.resourceId,
};
