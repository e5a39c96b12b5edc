import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { filtered, type Filter, type FilterTable } from './filters.ts';

export interface SubnetGroup {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly tags: TagMap;
}

export interface ParameterGroup {
  readonly name: string;
  readonly arn: string;
  readonly family: string;
  readonly description: string;
  /** Those that the user has set. */
  readonly values: Readonly<Record<string, string>>;
  readonly tags: TagMap;
}

/** What a modification changes; the same names as AWS's members. */
export interface Settings {
  readonly DBInstanceClass: string;
  readonly AllocatedStorage: number;
  readonly MaxAllocatedStorage: number | undefined;
  readonly StorageType: string;
  /** The speed that was bought; undefined for what AWS gives by itself. */
  readonly Iops: number | undefined;
  readonly MultiAZ: boolean;
  readonly EngineVersion: string;
  readonly BackupRetentionPeriod: number;
  readonly PreferredBackupWindow: string;
  readonly PreferredMaintenanceWindow: string;
  readonly AutoMinorVersionUpgrade: boolean;
  readonly PubliclyAccessible: boolean;
  readonly DeletionProtection: boolean;
  readonly CopyTagsToSnapshot: boolean;
  readonly IAMDatabaseAuthenticationEnabled: boolean;
  readonly PerformanceInsightsEnabled: boolean;
  readonly logs: readonly string[];
  readonly groupIds: readonly string[];
  readonly parameterGroup: string;
}

export interface Instance {
  readonly name: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly engine: string;
  readonly status: string;
  readonly createdAt: number;
  readonly zone: string;
  readonly secondaryZone: string | undefined;
  readonly subnetGroup: string;
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  readonly port: number;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  /** The managed secret of its master user. */
  readonly secretArn: string | undefined;
  /** The password of its master user, where RDS does not keep it: no call tells it. */
  readonly masterPassword: string | undefined;
  /** The instance it is a read replica of. */
  readonly sourceName: string | undefined;
  readonly settings: Settings;
  /** What waits for the maintenance window, or is being done now. */
  readonly pending: Partial<Settings>;
  readonly parameterStatus: 'in-sync' | 'applying' | 'pending-reboot';
  /** Its interfaces, one a zone it lives in. */
  readonly interfaceIds: readonly string[];
  /**
   * Until when its storage is not changed again: six hours from the last change, or longer. Only a test says so, that
   * plays how RDS has grown it; else every change of storage would take a test's world six hours.
   */
  readonly storageRestsUntil?: number;
  /** Of a replica, how it fails to follow: only a test says so. */
  readonly lagging?: { readonly status: string; readonly message: string };
  /** It begins each upgrade and gives it up: only a test says so. */
  readonly givesUpUpgrades?: boolean;
  /** The continuous backup of AWS Backup's that it has: only a test says so. */
  readonly recoveryPointArn?: string;
  /** What it holds: the bytes at risk. */
  readonly gibUsed: number;
  readonly tags: TagMap;
}

export interface Snapshot {
  readonly name: string;
  readonly arn: string;
  readonly instanceName: string;
  readonly type: 'manual' | 'automated';
  readonly status: 'creating' | 'available' | 'failed';
  readonly createdAt: number;
  readonly of: Instance;
  readonly tags: TagMap;
}

/** What RDS itself keeps of an instance, by its resource id: it may outlive it. */
export interface AutomatedBackup {
  readonly arn: string;
  readonly status: 'active' | 'retained';
  readonly of: Instance;
}

const kind = <T extends { readonly tags: TagMap }>(type: string, more: Partial<Kind<T>> = {}): Kind<T> => ({
  type: `rds/${type}`,
  tags: ({ tags }) => tags,
  ...more,
});

export const subnetGroups = kind<SubnetGroup>('subnet-group');
export const parameterGroups = kind<ParameterGroup>('parameter-group');
export const instances = kind<Instance>('instance', {
  dollarsPerHour: ({ settings }) => (settings.MultiAZ ? 0.328 : 0.164) + settings.AllocatedStorage * 0.00016,
});
export const snapshots = kind<Snapshot>('snapshot', {
  dollarsPerHour: ({ of }) => of.settings.AllocatedStorage * 0.00013,
});
export const automatedBackups: Kind<AutomatedBackup> = {
  type: 'rds/automated-backup',
  tags: ({ of }) => of.tags,
  exists: ({ status }) => status === 'retained',
};

export const notFound = {
  instance: (name: string) => new AwsError('DBInstanceNotFound', `DBInstance ${name} not found.`, 404),
  snapshot: (name: string) => new AwsError('DBSnapshotNotFound', `DBSnapshot not found: ${name}`, 404),
  subnetGroup: (name: string) =>
    new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`, 404),
  parameterGroup: (name: string) =>
    new AwsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${name}`, 404),
} as const;

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
export const combination = (message: string): AwsError => new AwsError('InvalidParameterCombination', message);

export function instanceOf(request: Request, name: string): Instance {
  const found = request.in(instances).get(name.toLowerCase());
  if (!found) throw notFound.instance(name);
  return found;
}

/** Identifiers: "1 to 63 letters, numbers, or hyphens; first character a letter; no two hyphens in a row, none at the end". */
export function identifier(what: string, value: string, most = 63): string {
  const name = value.toLowerCase();
  if (!/^[a-z][a-z0-9-]*$/.test(name) || name.includes('--') || name.endsWith('-') || name.length > most)
    throw invalid(
      `The parameter ${what} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  return name;
}

export interface Marked {
  readonly Filters?: readonly Filter[];
  readonly Marker?: string;
  readonly MaxRecords?: number;
}

/** A page of what the filters let through. "MaxRecords: minimum 20, maximum 100, default 100". */
export function marked<T>(
  request: Request,
  all: readonly T[],
  { Filters, Marker, MaxRecords }: Marked,
  filters: FilterTable<T> = {},
) {
  if (MaxRecords !== undefined && (MaxRecords < 20 || MaxRecords > 100))
    throw invalid(`Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
  const badToken = () => invalid('The parameter Marker is invalid');
  return pageOf(request.world, filtered(all, Filters, filters), {
    token: Marker,
    size: MaxRecords,
    most: 100,
    badToken,
  });
}
