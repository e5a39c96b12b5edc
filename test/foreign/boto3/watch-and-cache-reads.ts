import { to, type Its, type Read } from './read.ts';

/** How the types of a cache and of monitoring are read. */
export const watchAndCacheReadsOf: Readonly<Record<string, (its: Its) => readonly Read[]>> = {
  'elasticache/subnet-group': to('elasticache', ({ out }) => [
    ['describe_cache_subnet_groups', {}, 'CacheSubnetGroups[].CacheSubnetGroupName', out('subnetGroupName')],
  ]),
  'elasticache/parameter-group': to('elasticache', ({ out }) => {
    const CacheParameterGroupName = out('parameterGroupName');
    return [
      [
        'describe_cache_parameter_groups',
        {},
        'CacheParameterGroups[].CacheParameterGroupName',
        CacheParameterGroupName,
      ],
      ['describe_cache_parameters', { CacheParameterGroupName }, 'length(Parameters) > `0`', true],
    ];
  }),
  'elasticache/replication-group': to('elasticache', ({ out }) => [
    ['describe_replication_groups', {}, 'ReplicationGroups[].ReplicationGroupId', out('groupId')],
    ['describe_cache_clusters', {}, 'CacheClusters[].ReplicationGroupId', out('groupId')],
    ['list_tags_for_resource', { ResourceName: out('arn') }, 'TagList[].Key', 'ecom.io/node'],
  ]),
  'elasticache/cluster': to('elasticache', ({ out }) => [
    [
      'describe_cache_clusters',
      { CacheClusterId: out('clusterId'), ShowCacheNodeInfo: true },
      'CacheClusters[].CacheClusterId',
      out('clusterId'),
    ],
    ['list_tags_for_resource', { ResourceName: out('arn') }, 'TagList[].Key', 'ecom.io/node'],
  ]),
  'elasticache/user': to('elasticache', ({ out }) => [
    ['describe_users', {}, 'Users[].UserId', out('userId')],
    ['list_tags_for_resource', { ResourceName: out('arn') }, 'TagList[].Key', 'ecom.io/node'],
  ]),
  'elasticache/user-group': to('elasticache', ({ out }) => [
    ['describe_user_groups', {}, 'UserGroups[].UserGroupId', out('userGroupId')],
  ]),
  'cloudwatch/alarm': to('cloudwatch', ({ out }) => [
    ['describe_alarms', {}, 'MetricAlarms[].AlarmArn', out('arn')],
    ['list_tags_for_resource', { ResourceARN: out('arn') }, 'Tags[].Key', 'ecom.io/node'],
  ]),
  'cloudwatch/dashboard': to('cloudwatch', ({ out }) => [
    ['list_dashboards', {}, 'DashboardEntries[].DashboardName', out('name')],
    ['get_dashboard', { DashboardName: out('name') }, 'DashboardName', out('name')],
  ]),
  'route53/health-check': to('route53', ({ out }) => [
    ['list_health_checks', {}, 'HealthChecks[].Id', out('healthCheckId')],
    ['get_health_check', { HealthCheckId: out('healthCheckId') }, 'HealthCheck.Id', out('healthCheckId')],
  ]),
};
