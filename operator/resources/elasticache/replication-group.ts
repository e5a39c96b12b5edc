import type { CacheCluster, ReplicationGroup } from '@aws-sdk/client-elasticache';
import { Fault, orAbsent } from '../../model/faults.ts';
import { tagPairs } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { heritageText, ownerFromHeritage } from '../route53/heritage.ts';
import {
  atRest,
  cacheBorn,
  cacheChanges,
  cacheFields,
  cacheTold,
  membersOf,
  stateOf,
  type CacheProps,
} from './cache-found.ts';
import { checkUpward } from './versions.ts';

/** A cache of Valkey or Redis: a primary that is written to, and replicas that are read from. */
export interface ReplicationGroupProps extends CacheProps {
  readonly engine: 'valkey' | 'redis';
  readonly replicas: number;
  /** A replica in another zone takes over by itself (automatic failover with Multi-AZ); needs one. */
  readonly failover: boolean;
  /** `required` refuses whoever speaks in the clear; nobody is let in by IAM otherwise. */
  readonly inTransit: 'required' | 'preferred' | 'none';
  readonly encryptedAtRest: boolean;
  readonly userGroupId: string;
  /** How many days AWS keeps its daily snapshots; 0 for none. */
  readonly snapshotDays: number;
  readonly snapshotWindow?: string;
}

export interface ReplicationGroupOutputs {
  readonly groupId: string;
  readonly arn: string;
  /** Takes writes. */
  readonly host: string;
  /** Spreads reads over the replicas; without one it is the primary. */
  readonly readerHost: string;
  readonly port: string;
  /** Its nodes, by number from 1: what metrics are told of. */
  readonly [node: `node:${number}`]: string;
}

type GroupFound = Found<ReplicationGroupProps, ReplicationGroupOutputs>;

export const replicationGroup: ResourceType<ReplicationGroupProps, ReplicationGroupOutputs> = {
  name: 'elasticache/replication-group',
  fields: {
    ...cacheFields,
    engine: 'live',
    replicas: 'live',
    failover: 'live',
    inTransit: 'live',
    encryptedAtRest: 'fixed',
    userGroupId: 'live',
    snapshotDays: 'live',
    snapshotWindow: 'live',
  },
  needs: [
    ...['elasticache/subnet-group', 'elasticache/parameter-group', 'elasticache/user-group'],
    'ec2/security-group',
  ],
  // What it holds can be read anew from the database: another cache begins empty beside it, then it goes.
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteReplicationGroup',
  key: (_props, name) => name,
  beat: 'existence', // No address of a cache can be reached from outside its VPC.
  takes: { making: 300_000, deleting: 120_000 },
  scope: 'regional',

  async *list(aws) {
    const read = (Marker?: string) => aws.elasticache('DescribeReplicationGroups', { Marker });
    let nodes: ReadonlyMap<string, CacheCluster> | undefined;
    for await (const { ReplicationGroups = [] } of pages(read, (answer) => answer.Marker)) {
      if (ReplicationGroups.length > 0) nodes ??= await nodesByGroup(aws);
      yield ReplicationGroups.map((one) => told(one, nodes?.get(one.ReplicationGroupId ?? '')));
    }
  },

  async create(aws, props, birth) {
    const { ReplicationGroup: made } = await aws.elasticache('CreateReplicationGroup', {
      ReplicationGroupId: birth.name,
      // "If the cluster is not in the available state, ListTagsForResource returns an error": so the list itself says whose
      // it is. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ListTagsForResource.html
      ReplicationGroupDescription: heritageText(birth.owner),
      Engine: props.engine,
      ...cacheBorn(props),
      NumCacheClusters: props.replicas + 1,
      AutomaticFailoverEnabled: props.failover,
      MultiAZEnabled: props.failover,
      TransitEncryptionEnabled: props.inTransit !== 'none',
      ...(props.inTransit === 'none' ? {} : { TransitEncryptionMode: props.inTransit }),
      AtRestEncryptionEnabled: props.encryptedAtRest,
      UserGroupIds: [props.userGroupId],
      SnapshotRetentionLimit: props.snapshotDays,
      SnapshotWindow: props.snapshotWindow,
      Tags: tagPairs(birth.tags),
    });
    return told(made ?? {}, undefined);
  },

  async update(aws, found, props, fields) {
    const ReplicationGroupId = found.outputs.groupId;
    // Users are of an engine: they follow it.
    const guard = guards.find((field) => fields.has(field) && !(field === 'userGroupId' && fields.has('engine')));
    const members = { ...cacheChanges(props), ...changesOf(found, props) };
    if (guard !== undefined) {
      const closing = membersOf(members, new Set([guard]));
      await aws.elasticache('ModifyReplicationGroup', { ReplicationGroupId, ApplyImmediately: true, ...closing });
      return;
    }
    if (fields.has('engine')) {
      await toEngine(aws, found, props);
      return;
    }
    if (fields.has('engineVersion')) checkUpward(props.engine, found.props.engineVersion, props.engineVersion);
    const has = found.props.replicas ?? props.replicas;
    const others = membersOf(members, fields);
    // AWS does one thing at a time. Failover needs a replica: so replicas come before all but guards, and go after it; what
    // is left differs still when AWS is done.
    const count = { ReplicationGroupId, NewReplicaCount: props.replicas, ApplyImmediately: true };
    if (fields.has('replicas') && props.replicas > has) await aws.elasticache('IncreaseReplicaCount', count);
    else if (Object.keys(others).length > 0)
      await aws.elasticache('ModifyReplicationGroup', { ReplicationGroupId, ApplyImmediately: true, ...others });
    else await aws.elasticache('DecreaseReplicaCount', count);
  },

  async delete(aws, found) {
    await orAbsent(aws.elasticache('DeleteReplicationGroup', { ReplicationGroupId: found.outputs.groupId }));
  },
};

/**
 * What keeps strangers out goes first, and each by itself: AWS refuses a modification as a whole, and changes no encryption
 * together with who may sign in. https://github.com/aws-controllers-k8s/community/issues/2536
 */
const guards = ['securityGroupIds', 'inTransit', 'userGroupId'] as const satisfies (keyof ReplicationGroupProps)[];

/**
 * Redis becomes Valkey in place, with a version and a parameter group of it; all else follows when AWS is done. There is no
 * way back. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html
 */
async function toEngine(aws: Aws, found: GroupFound, props: ReplicationGroupProps): Promise<void> {
  if (props.engine !== 'valkey')
    throw new Fault('refused', `the cache runs ${found.props.engine}, and AWS cannot make it ${props.engine} again`, {
      field: 'spec.cache.engine',
      remedy: `set engine to ${found.props.engine}, or leave the cache out once so that another is made`,
    });
  await aws.elasticache('ModifyReplicationGroup', {
    ReplicationGroupId: found.outputs.groupId,
    ApplyImmediately: true,
    Engine: props.engine,
    EngineVersion: props.engineVersion,
    CacheParameterGroupName: props.parameterGroupName,
  });
}

/** The groups' list leaves out what only their nodes tell: of each group one of its nodes, in two lists for all of them. */
async function nodesByGroup(aws: Aws): Promise<ReadonlyMap<string, CacheCluster>> {
  const found = new Map<string, CacheCluster>();
  const read = (Marker?: string) => aws.elasticache('DescribeCacheClusters', { Marker });
  for await (const { CacheClusters = [] } of pages(read, (answer) => answer.Marker))
    for (const node of CacheClusters) if (node.ReplicationGroupId) found.set(node.ReplicationGroupId, node);
  return found;
}

/** The members of a modification that a group has beside those of every cache. */
function changesOf(found: GroupFound, props: ReplicationGroupProps) {
  const { userGroupId: has = '', inTransit, snapshotDays } = found.props;
  return {
    failover: { AutomaticFailoverEnabled: props.failover, MultiAZEnabled: props.failover },
    // From in the clear it goes over `preferred`: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html
    inTransit: {
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: inTransit === 'none' ? ('preferred' as const) : props.inTransit,
    },
    userGroupId: { UserGroupIdsToAdd: [props.userGroupId], ...(has === '' ? {} : { UserGroupIdsToRemove: [has] }) },
    // To turn them on, AWS wants to know of which node: https://github.com/aws-controllers-k8s/community/issues/1846
    snapshotDays: {
      SnapshotRetentionLimit: props.snapshotDays,
      ...(snapshotDays === 0 ? { SnapshottingClusterId: found.outputs['node:1'] } : {}),
    },
    snapshotWindow: { SnapshotWindow: props.snapshotWindow },
  };
}

const isOn = (status = ''): boolean => status === 'enabled' || status === 'enabling';

/** Known once AWS has made it. */
function outputsOf(found: ReplicationGroup): Partial<ReplicationGroupOutputs> {
  const { PrimaryEndpoint: primary, ReaderEndpoint: reader } = found.NodeGroups?.[0] ?? {};
  return {
    groupId: found.ReplicationGroupId,
    arn: found.ARN,
    ...Object.fromEntries([...(found.MemberClusters ?? [])].sort().map((node, at) => [`node:${at + 1}`, node])),
    ...(primary?.Address && reader?.Address
      ? { host: primary.Address, readerHost: reader.Address, port: String(primary.Port) }
      : {}),
  };
}

function told(found: ReplicationGroup, node: CacheCluster | undefined): GroupFound {
  const state = stateOf(found.Status);
  const { subnetGroupName, ...live } = node ? cacheTold(node) : {};
  return {
    id: found.ARN ?? '',
    key: found.ReplicationGroupId,
    owner: ownerFromHeritage(found.Description),
    state,
    props: atRest<ReplicationGroupProps>(
      state,
      {
        encryptedAtRest: found.AtRestEncryptionEnabled ?? false,
        // Not told, as long as no node tells it.
        ...(subnetGroupName === undefined ? {} : { subnetGroupName }),
      },
      { ...live, ...groupTold(found) },
    ),
    outputs: outputsOf(found),
    ...(found.ReplicationGroupCreateTime ? { bornAt: found.ReplicationGroupCreateTime.getTime() } : {}),
  };
}

/** Failover and encryption that wait for the maintenance window are as good as changed. */
function groupTold(found: ReplicationGroup): Partial<ReplicationGroupProps> {
  const { AutomaticFailoverStatus: failover, TransitEncryptionMode: mode } = found.PendingModifiedValues ?? {};
  const inTransit = mode ?? found.TransitEncryptionMode ?? 'required';
  return {
    engine: found.Engine as ReplicationGroupProps['engine'],
    replicas: Math.max(0, (found.MemberClusters ?? []).length - 1),
    failover: isOn(failover ?? found.AutomaticFailover) && isOn(found.MultiAZ),
    inTransit: found.TransitEncryptionEnabled === true ? inTransit : 'none',
    userGroupId: found.UserGroupIds?.[0] ?? '',
    snapshotDays: found.SnapshotRetentionLimit ?? 0,
    snapshotWindow: found.SnapshotWindow,
  };
}
