import { engineOf } from '../../../simulator/aws/elasticache/engines.ts';
import type {
  Cluster,
  ParameterGroup,
  ReplicationGroup,
  Settings,
  SubnetGroup,
  User,
  UserGroup,
} from '../../../simulator/aws/elasticache/kinds.ts';
import { tagPairs, type Mapping } from './part.ts';

export const subnetGroup: Mapping<SubnetGroup> = ({ name, description, subnetIds, tags }) => [
  {
    type: 'AWS::ElastiCache::SubnetGroup',
    ids: { [name]: 'Ref' },
    properties: {
      ...{ CacheSubnetGroupName: name, Description: description, SubnetIds: subnetIds },
      Tags: tagPairs(tags),
    },
  },
];

/** Its name is none that a template could give. */
export const parameterGroup: Mapping<ParameterGroup> = ({ name, family, description, values, tags }) => [
  {
    type: 'AWS::ElastiCache::ParameterGroup',
    ids: { [name]: 'Ref' },
    properties: {
      ...{ CacheParameterGroupFamily: family, Description: description, Properties: values },
      Tags: tagPairs(tags),
    },
  },
];

/** Passwords can be set, and never read. */
export const user: Mapping<User> = ({ id, name, engine, accessString, authentication, tags }) => [
  {
    type: 'AWS::ElastiCache::User',
    ids: { [id]: 'Ref' },
    properties: {
      ...{ UserId: id, UserName: name, Engine: engine, AccessString: accessString },
      ...{ AuthenticationMode: { Type: authentication }, Tags: tagPairs(tags) },
    },
  },
];

export const userGroup: Mapping<UserGroup> = ({ id, engine, userIds, tags }) => [
  {
    type: 'AWS::ElastiCache::UserGroup',
    ids: { [id]: 'Ref' },
    properties: { UserGroupId: id, Engine: engine, UserIds: userIds, Tags: tagPairs(tags) },
  },
];

const common = ({ groupIds: _groups, parameterGroup: CacheParameterGroupName, ...same }: Settings) => ({
  ...same,
  CacheParameterGroupName,
});

export const replicationGroup: Mapping<ReplicationGroup> = (one) => {
  const { userGroupIds, TransitEncryptionMode, ...settings } = one.settings;
  return [
    {
      type: 'AWS::ElastiCache::ReplicationGroup',
      ids: { [one.name]: 'Ref' },
      properties: {
        ...common(settings),
        ...{ ReplicationGroupId: one.name, ReplicationGroupDescription: one.description, Engine: one.engine },
        ...{ Port: engineOf(one.engine).port, NumCacheClusters: one.members.length },
        ...{ CacheSubnetGroupName: one.subnetGroup, SecurityGroupIds: settings.groupIds },
        ...{ AtRestEncryptionEnabled: one.encryptedAtRest, KmsKeyId: one.kmsKeyId },
        ...{ TransitEncryptionEnabled: TransitEncryptionMode !== undefined, TransitEncryptionMode },
        ...{ UserGroupIds: userGroupIds, Tags: tagPairs(one.tags) },
      },
    },
  ];
};

export const cluster: Mapping<Cluster> = (one) => [
  {
    type: 'AWS::ElastiCache::CacheCluster',
    ids: { [one.name]: 'Ref' },
    properties: {
      ...common(one.settings),
      ...{ ClusterName: one.name, Engine: 'memcached', Port: engineOf('memcached').port },
      ...{ NumCacheNodes: one.nodes.length, PreferredAvailabilityZones: one.nodes.map(({ zone }) => zone) },
      AZMode: new Set(one.nodes.map(({ zone }) => zone)).size > 1 ? 'cross-az' : 'single-az',
      ...{ CacheSubnetGroupName: one.subnetGroup, VpcSecurityGroupIds: one.settings.groupIds },
      ...{ TransitEncryptionEnabled: one.encryptedInTransit, Tags: tagPairs(one.tags) },
    },
  },
];
