import type { Request } from '../core/request.ts';
import { engineOf } from './engines.ts';
import type { Cluster, Member, ReplicationGroup } from './kinds.ts';
import { settingsTold } from './placing.ts';

/** `euc1`: how ElastiCache's host names call a region. */
const short = (region: string): string => {
  const [area = '', side = '', number = ''] = region.split('-');
  return `${area}${side.slice(0, 1)}${number}`;
};

const host = (request: Request, ...labels: string[]): string =>
  [...labels, short(request.region), 'cache.amazonaws.com'].join('.');

const started = ({ status }: { readonly status: string }): boolean => status !== 'creating';

/** Hosts are named after what they are over encrypted connections, else after their group. */
export function groupTold(one: ReplicationGroup, request: Request) {
  const { settings, label, name } = one;
  const Port = engineOf(one.engine).port;
  const nodeHost = (member: Member) => host(request, member.name, label);
  const failover = settings.AutomaticFailoverEnabled;
  return {
    ReplicationGroupId: name,
    Description: one.description,
    GlobalReplicationGroupInfo: {},
    Status: one.status,
    PendingModifiedValues: {
      ...(one.pending.AutomaticFailoverEnabled === undefined
        ? {}
        : { AutomaticFailoverStatus: one.pending.AutomaticFailoverEnabled ? 'enabled' : 'disabled' }),
      ...(one.pending.TransitEncryptionMode === undefined
        ? {}
        : { TransitEncryptionMode: one.pending.TransitEncryptionMode }),
    },
    MemberClusters: one.members.map((member) => member.name),
    NodeGroups: started(one)
      ? [
          {
            NodeGroupId: '0001',
            Status: one.status,
            PrimaryEndpoint: { Address: host(request, 'master', name, label), Port },
            ReaderEndpoint: { Address: host(request, 'replica', name, label), Port },
            NodeGroupMembers: one.members.map((member, at) => ({
              CacheClusterId: member.name,
              CacheNodeId: '0001',
              ReadEndpoint: { Address: nodeHost(member), Port },
              PreferredAvailabilityZone: member.zone,
              CurrentRole: at === 0 ? 'primary' : 'replica',
            })),
          },
        ]
      : [],
    AutomaticFailover: failover ? 'enabled' : 'disabled',
    MultiAZ: settings.MultiAZEnabled ? 'enabled' : 'disabled',
    SnapshotRetentionLimit: settings.SnapshotRetentionLimit,
    SnapshotWindow: settings.SnapshotWindow,
    ClusterEnabled: false,
    CacheNodeType: settings.CacheNodeType,
    AuthTokenEnabled: false,
    TransitEncryptionEnabled: settings.TransitEncryptionMode !== undefined,
    AtRestEncryptionEnabled: one.encryptedAtRest,
    KmsKeyId: one.kmsKeyId,
    ARN: one.arn,
    UserGroupIds: [...settings.userGroupIds],
    LogDeliveryConfigurations: [],
    ReplicationGroupCreateTime: new Date(one.createdAt),
    DataTiering: 'disabled',
    AutoMinorVersionUpgrade: settings.AutoMinorVersionUpgrade,
    NetworkType: 'ipv4',
    IpDiscovery: 'ipv4',
    TransitEncryptionMode: settings.TransitEncryptionMode,
    ClusterMode: 'disabled',
    Engine: one.engine,
  };
}

/** A node of a replication group as the cluster of one node that AWS makes of it. */
export function memberTold(member: Member, group: ReplicationGroup, request: Request) {
  const { settings, pending } = group;
  return {
    CacheClusterId: member.name,
    Engine: group.engine,
    CacheClusterStatus: group.status,
    NumCacheNodes: 1,
    PreferredAvailabilityZone: started(group) ? member.zone : undefined,
    CacheClusterCreateTime: started(group) ? new Date(group.createdAt) : undefined,
    ...settingsTold(settings),
    PendingModifiedValues: {
      ...(pending.CacheNodeType === undefined ? {} : { CacheNodeType: pending.CacheNodeType }),
      ...(pending.EngineVersion === undefined ? {} : { EngineVersion: pending.EngineVersion }),
    },
    CacheSubnetGroupName: group.subnetGroup,
    ReplicationGroupId: group.name,
    SnapshotRetentionLimit: settings.SnapshotRetentionLimit,
    SnapshotWindow: settings.SnapshotWindow,
    AuthTokenEnabled: false,
    TransitEncryptionEnabled: settings.TransitEncryptionMode !== undefined,
    TransitEncryptionMode: settings.TransitEncryptionMode,
    AtRestEncryptionEnabled: group.encryptedAtRest,
    ARN: request.arn(`cluster:${member.name}`),
    ReplicationGroupLogDeliveryEnabled: false,
    LogDeliveryConfigurations: [],
    NetworkType: 'ipv4',
    IpDiscovery: 'ipv4',
  };
}

export function clusterTold(one: Cluster, request: Request, withNodes = false) {
  const { settings, pending, nodes } = one;
  const { port: Port } = engineOf('memcached');
  return {
    CacheClusterId: one.name,
    ...(started(one) ? { ConfigurationEndpoint: { Address: host(request, one.name, one.label, 'cfg'), Port } } : {}),
    ClientDownloadLandingPage: 'https://console.aws.amazon.com/elasticache/home#client-download:',
    Engine: 'memcached',
    CacheClusterStatus: one.status,
    NumCacheNodes: nodes.length,
    PreferredAvailabilityZone: new Set(nodes.map(({ zone }) => zone)).size > 1 ? 'Multiple' : nodes[0]?.zone,
    CacheClusterCreateTime: started(one) ? new Date(one.createdAt) : undefined,
    ...settingsTold(settings),
    PendingModifiedValues: {
      ...(pending.NumCacheNodes === undefined ? {} : { NumCacheNodes: pending.NumCacheNodes }),
      ...(pending.CacheNodeType === undefined ? {} : { CacheNodeType: pending.CacheNodeType }),
      ...(pending.EngineVersion === undefined ? {} : { EngineVersion: pending.EngineVersion }),
    },
    CacheSubnetGroupName: one.subnetGroup,
    ...(withNodes
      ? {
          CacheNodes: nodes.map((node) => ({
            CacheNodeId: node.name,
            CacheNodeStatus: one.status,
            ...(started(one) ? { Endpoint: { Address: host(request, one.name, one.label, node.name), Port } } : {}),
            ParameterGroupStatus: 'in-sync',
            CustomerAvailabilityZone: node.zone,
          })),
        }
      : {}),
    AuthTokenEnabled: false,
    TransitEncryptionEnabled: one.encryptedInTransit,
    ...(one.encryptedInTransit ? { TransitEncryptionMode: 'required' } : {}),
    AtRestEncryptionEnabled: false,
    ARN: one.arn,
    ReplicationGroupLogDeliveryEnabled: false,
    LogDeliveryConfigurations: [],
    NetworkType: 'ipv4',
    IpDiscovery: 'ipv4',
  };
}
