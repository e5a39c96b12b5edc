import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import type { TagMap, TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

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

export interface User {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly engine: string;
  readonly status: 'active' | 'modifying' | 'deleting';
  readonly accessString: string;
  readonly authentication: 'iam' | 'password' | 'no-password-required';
  readonly passwords: number;
  readonly tags: TagMap;
}

export interface UserGroup {
  readonly id: string;
  readonly arn: string;
  readonly engine: string;
  readonly status: 'creating' | 'active' | 'modifying' | 'deleting';
  readonly userIds: readonly string[];
  readonly pending: { readonly add: readonly string[]; readonly remove: readonly string[] };
  readonly tags: TagMap;
}

/** What a creation takes, of replication groups and of clusters of memcached alike. */
export interface CreateMembers {
  readonly CacheNodeType?: string;
  readonly Engine?: string;
  readonly EngineVersion?: string;
  readonly CacheParameterGroupName?: string;
  readonly CacheSubnetGroupName?: string;
  readonly SecurityGroupIds?: string[];
  readonly Tags?: TagPair[];
  readonly PreferredMaintenanceWindow?: string;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly TransitEncryptionEnabled?: boolean;
}

/** What a modification changes, in AWS's own names, of replication groups and of clusters of memcached alike. */
export interface Settings {
  readonly CacheNodeType: string;
  readonly EngineVersion: string;
  readonly PreferredMaintenanceWindow: string;
  readonly AutoMinorVersionUpgrade: boolean;
  readonly groupIds: readonly string[];
  readonly parameterGroup: string;
}

export interface GroupSettings extends Settings {
  readonly SnapshotRetentionLimit: number;
  readonly SnapshotWindow: string;
  readonly AutomaticFailoverEnabled: boolean;
  readonly MultiAZEnabled: boolean;
  /** Undefined where connections are not encrypted at all. */
  readonly TransitEncryptionMode: 'required' | 'preferred' | undefined;
  readonly userGroupIds: readonly string[];
}

export interface Member {
  readonly name: string;
  readonly zone: string;
  readonly interfaceId: string;
}

export interface ReplicationGroup {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly engine: string;
  readonly status: string;
  readonly createdAt: number;
  readonly subnetGroup: string;
  readonly encryptedAtRest: boolean;
  readonly kmsKeyId: string | undefined;
  /** The part of its host names that AWS chooses. */
  readonly label: string;
  /** The primary first. */
  readonly members: readonly Member[];
  readonly settings: GroupSettings;
  /** What waits for the maintenance window, or is being done now. */
  readonly pending: Partial<GroupSettings>;
  readonly tags: TagMap;
}

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly createdAt: number;
  readonly subnetGroup: string;
  readonly encryptedInTransit: boolean;
  readonly label: string;
  readonly nodes: readonly Member[];
  readonly settings: Settings;
  readonly pending: Partial<Settings> & { readonly NumCacheNodes?: number };
  readonly tags: TagMap;
}

const kind = <T extends { readonly tags: TagMap }>(type: string, more: Partial<Kind<T>> = {}): Kind<T> => ({
  type: `elasticache/${type}`,
  tags: ({ tags }) => tags,
  ...more,
});

/** On demand, of cache.t4g.small in us-east-1. */
const dollarsPerNode = 0.032;

export const subnetGroups = kind<SubnetGroup>('subnet-group');
export const parameterGroups = kind<ParameterGroup>('parameter-group');
export const users = kind<User>('user');
export const userGroups = kind<UserGroup>('user-group');
export const replicationGroups = kind<ReplicationGroup>('replication-group', {
  dollarsPerHour: ({ members }) => members.length * dollarsPerNode,
});
export const clusters = kind<Cluster>('cluster', { dollarsPerHour: ({ nodes }) => nodes.length * dollarsPerNode });

export const notFound = {
  cluster: (name: string) => new AwsError('CacheClusterNotFound', `CacheCluster not found: ${name}`, 404),
  replicationGroup: (name: string) =>
    new AwsError('ReplicationGroupNotFoundFault', `ReplicationGroup ${name} not found.`, 404),
  subnetGroup: (name: string) =>
    new AwsError('CacheSubnetGroupNotFoundFault', `Cache Subnet Group ${name} does not exist.`),
  parameterGroup: (name: string) =>
    new AwsError('CacheParameterGroupNotFound', `CacheParameterGroup ${name} not found.`, 404),
  user: (id: string) => new AwsError('UserNotFound', `User ${id} not found.`, 404),
  userGroup: (id: string) => new AwsError('UserGroupNotFound', `User group ${id} not found.`, 404),
} as const;

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
export const combination = (message: string): AwsError => new AwsError('InvalidParameterCombination', message);

export function replicationGroupOf(request: Request, name: string): ReplicationGroup {
  const found = request.in(replicationGroups).get(name.toLowerCase());
  if (!found) throw notFound.replicationGroup(name);
  return found;
}

export function clusterOf(request: Request, name: string): Cluster {
  const found = request.in(clusters).get(name.toLowerCase());
  if (!found) throw notFound.cluster(name);
  return found;
}

/** "Must begin with a letter; must not end with a hyphen or contain two consecutive hyphens", stored in lower case. */
export function identifier(what: string, value: string, most: number): string {
  const name = value.toLowerCase();
  if (!/^[a-z][a-z0-9-]*$/.test(name) || name.includes('--') || name.endsWith('-') || name.length > most)
    throw invalid(
      `The parameter ${what} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  return name;
}

export interface Marked {
  readonly Marker?: string;
  readonly MaxRecords?: number;
}

/** "MaxRecords: minimum 20, maximum 100, default 100"; of users and user groups the default is 50. */
export function marked<T>(request: Request, all: readonly T[], { Marker, MaxRecords }: Marked, usual = 100) {
  if (MaxRecords !== undefined && (MaxRecords < 20 || MaxRecords > 100))
    throw invalid(`Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
  const badToken = () => invalid('The parameter Marker is invalid');
  return pageOf(request.world, all, { token: Marker, size: MaxRecords ?? usual, most: 100, badToken });
}
