import type { CacheCluster } from '@aws-sdk/client-elasticache';
import { sameMembers } from '../../model/compare.ts';
import type { Fields, State } from '../../model/resource-type.ts';
import { servesVersion } from './versions.ts';

/** What a replication group and a cluster of memcached have in common. */
export interface CacheProps {
  /** `8.0`: AWS chooses the patch, and takes newer minor versions by itself. */
  readonly engineVersion: string;
  readonly nodeType: string;
  readonly subnetGroupName: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroupName: string;
  readonly autoMinorVersionUpgrade: boolean;
  /** "sun:03:00-sun:04:00", in UTC; AWS chooses one where none is wanted. */
  readonly maintenanceWindow?: string;
}

export const cacheFields: Fields<CacheProps> = {
  engineVersion: { mode: 'live', equal: servesVersion },
  nodeType: 'live',
  subnetGroupName: 'fixed',
  securityGroupIds: { mode: 'live', equal: sameMembers },
  parameterGroupName: 'live',
  autoMinorVersionUpgrade: 'live',
  maintenanceWindow: 'live',
};

/** The members of a modification for the fields that differ. */
export const cacheChanges = (
  props: CacheProps,
): { readonly [K in keyof Omit<CacheProps, 'subnetGroupName'>]-?: object } => ({
  engineVersion: { EngineVersion: props.engineVersion },
  nodeType: { CacheNodeType: props.nodeType },
  securityGroupIds: { SecurityGroupIds: [...props.securityGroupIds] },
  parameterGroupName: { CacheParameterGroupName: props.parameterGroupName },
  autoMinorVersionUpgrade: { AutoMinorVersionUpgrade: props.autoMinorVersionUpgrade },
  maintenanceWindow: { PreferredMaintenanceWindow: props.maintenanceWindow },
});

/** The members that belong to some fields, in one. */
export const membersOf = (members: object, fields: ReadonlySet<string>): object =>
  Object.assign(
    {},
    ...Object.entries(members).flatMap(([field, own]) => (fields.has(field) ? [own as object] : [])),
  ) as object;

/** What a creation is told of it. */
export const cacheBorn = (props: CacheProps) => ({
  EngineVersion: props.engineVersion,
  CacheNodeType: props.nodeType,
  CacheSubnetGroupName: props.subnetGroupName,
  SecurityGroupIds: [...props.securityGroupIds],
  CacheParameterGroupName: props.parameterGroupName,
  AutoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
  PreferredMaintenanceWindow: props.maintenanceWindow,
});

/**
 * Nothing of ElastiCache's can be changed while AWS is at work on it: until it is done, only what never changes is told,
 * so that nobody asks for anything.
 */
export const atRest = <P>({ is }: State, fixed: Partial<P>, live: Partial<P>): Partial<P> =>
  is === 'changing' ? fixed : { ...fixed, ...live };

/** As a node tells it. What waits for the maintenance window is as good as done: it is not asked for again. */
export function cacheTold(node: CacheCluster): CacheProps {
  const pending = node.PendingModifiedValues ?? {};
  return {
    engineVersion: pending.EngineVersion ?? node.EngineVersion ?? '',
    nodeType: pending.CacheNodeType ?? node.CacheNodeType ?? '',
    subnetGroupName: node.CacheSubnetGroupName ?? '',
    securityGroupIds: (node.SecurityGroups ?? []).map(({ SecurityGroupId = '' }) => SecurityGroupId),
    parameterGroupName: node.CacheParameterGroup?.CacheParameterGroupName ?? '',
    autoMinorVersionUpgrade: node.AutoMinorVersionUpgrade ?? false,
    maintenanceWindow: node.PreferredMaintenanceWindow,
  };
}

/**
 * While a backup is taken a cache serves.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
 */
export function stateOf(status = 'creating'): State {
  if (status === 'available' || status === 'snapshotting') return { is: 'ready' };
  if (status === 'creating') return { is: 'pending', reason: 'being created' };
  if (status === 'deleting' || status === 'deleted') return { is: 'deleting', reason: 'being deleted' };
  if (/^(create-failed|incompatible-network|restore-failed)$/.test(status))
    return { is: 'failed', reason: `ElastiCache calls it ${status}` };
  return { is: 'changing', reason: status };
}
