import { the, type Planted } from './planted.ts';

const everybody = (action: string, resource: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: resource }],
  });

/** What is done to the messages, the caches and the alarms of a store. */
export const plantedServices: readonly Planted[] = [
  {
    what: 'a topic in the clear, to which everybody publishes, without TLS, too',
    plant: async (world) => {
      const TopicArn = the(world, 'notifications/topic-orders');
      const attributes = { KmsMasterKeyId: '', Policy: everybody('sns:Publish', TopicArn) };
      for (const [AttributeName, AttributeValue] of Object.entries(attributes))
        await world.other('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    },
    seen: ['cdk-nag SNSEncryptedKMS NotificationsTopicOrders', 'cdk-nag AwsSolutions-SNS3 NotificationsTopicOrders'],
  },
  {
    what: 'a queue in the clear, to which everybody sends, without TLS, too',
    plant: async (world) => {
      const QueueName = the(world, 'notifications/failed-orders');
      const { QueueUrl } = (await world.other('sqs', 'GetQueueUrl', { QueueName })) as { QueueUrl: string };
      const { Attributes } = (await world.other('sqs', 'GetQueueAttributes', {
        ...{ QueueUrl, AttributeNames: ['QueueArn'] },
      })) as { Attributes: { QueueArn: string } };
      return world.other('sqs', 'SetQueueAttributes', {
        QueueUrl,
        Attributes: { SqsManagedSseEnabled: 'false', Policy: everybody('sqs:SendMessage', Attributes.QueueArn) },
      });
    },
    seen: [
      'cdk-nag AwsSolutions-SQS2 NotificationsFailedOrders',
      'cdk-nag AwsSolutions-SQS4 NotificationsFailedOrders',
      'control-tower sqs_queue_encrypted_check NotificationsFailedOrders',
    ],
  },
  {
    what: 'a function that everybody calls',
    plant: (world) =>
      world.other('lambda', 'AddPermission', {
        ...{ FunctionName: the(world, 'notifications/function-orders'), StatementId: 'everybody' },
        ...{ Action: 'lambda:InvokeFunction', Principal: '*' },
      }),
    seen: [
      'cdk-nag LambdaFunctionPublicAccessProhibited NotificationsFunctionOrdersPermissionEverybody',
      'control-tower lambda_function_public_access_prohibited_check NotificationsFunctionOrdersPermissionEverybody',
    ],
  },
  {
    what: 'a function that is out of date, and whose failures nobody sees',
    plant: (world) =>
      world.other('lambda', 'UpdateFunctionConfiguration', {
        ...{ FunctionName: the(world, 'notifications/function-orders'), Runtime: 'nodejs20.x' },
        DeadLetterConfig: { TargetArn: '' },
      }),
    seen: [
      'cdk-nag AwsSolutions-L1 NotificationsFunctionOrders',
      'cdk-nag LambdaDLQ NotificationsFunctionOrders',
      'cloudformation-validate W2531 NotificationsFunctionOrders',
    ],
  },
  {
    what: 'a cache in the clear, without users, standby or snapshots',
    beside: true,
    plant: (world) =>
      world.other('elasticache', 'CreateReplicationGroup', {
        ...{ ReplicationGroupId: 'in-the-clear', ReplicationGroupDescription: 'planted', Engine: 'redis' },
        ...{ EngineVersion: '7.1', CacheNodeType: 'cache.t4g.small', NumCacheClusters: 1 },
        ...{ AutoMinorVersionUpgrade: false, CacheSubnetGroupName: the(world, 'cache/subnet-group') },
      }),
    seen: [
      'cdk-nag AwsSolutions-AEC3 ElasticacheReplicationGroupInTheClear',
      'cdk-nag AwsSolutions-AEC4 ElasticacheReplicationGroupInTheClear',
      'cdk-nag AwsSolutions-AEC6 ElasticacheReplicationGroupInTheClear',
      'cdk-nag ElastiCacheRedisClusterAutomaticBackup ElasticacheReplicationGroupInTheClear',
      'control-tower elasticache_repl_grp_encrypted_at_rest_check ElasticacheReplicationGroupInTheClear',
      'control-tower elasticache_repl_grp_encrypted_in_transit_check ElasticacheReplicationGroupInTheClear',
      'control-tower elasticache_repl_grp_auto_failover_enabled_check ElasticacheReplicationGroupInTheClear',
      'control-tower elasticache_repl_grp_rbac_auth_enabled_check ElasticacheReplicationGroupInTheClear',
    ],
  },
  {
    what: 'an alarm that rings nobody',
    beside: true,
    plant: (world) =>
      world.other('cloudwatch', 'PutMetricAlarm', {
        ...{ AlarmName: 'planted', Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Average' },
        ...{ Period: 60, EvaluationPeriods: 1, Threshold: 90, ComparisonOperator: 'GreaterThanThreshold' },
        ActionsEnabled: false,
      }),
    seen: [
      'cdk-nag CloudWatchAlarmAction CloudwatchAlarmPlanted',
      'control-tower cloudwatch_alarm_action_check CloudwatchAlarmPlanted',
      'control-tower cloudwatch_alarm_action_enabled_check CloudwatchAlarmPlanted',
    ],
  },
];
