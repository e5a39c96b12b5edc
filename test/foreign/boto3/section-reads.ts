import { to, type Its, type Read } from './read.ts';

/** How the types of the sections are read that a store has beside its web tier. */
export const sectionReadsOf: Readonly<Record<string, (its: Its) => readonly Read[]>> = {
  'rds/subnet-group': to('rds', ({ out }) => [
    ['describe_db_subnet_groups', {}, 'DBSubnetGroups[].DBSubnetGroupName', out('subnetGroupName')],
  ]),
  'rds/parameter-group': to('rds', ({ out }) => {
    const DBParameterGroupName = out('parameterGroupName');
    return [
      ['describe_db_parameter_groups', {}, 'DBParameterGroups[].DBParameterGroupName', DBParameterGroupName],
      ['describe_db_parameters', { DBParameterGroupName }, 'Parameters[].ParameterName', 'rds.force_ssl'],
      ['describe_db_engine_versions', { Engine: 'postgres' }, 'DBEngineVersions[].Engine', 'postgres'],
    ];
  }),
  'rds/instance': to('rds', ({ id, out }) => [
    ['describe_db_instances', {}, 'DBInstances[].DbiResourceId', id],
    [
      'describe_db_instances',
      { Filters: [{ Name: 'dbi-resource-id', Values: [id] }] },
      'DBInstances[].DbiResourceId',
      id,
    ],
    ['describe_db_instance_automated_backups', {}, 'DBInstanceAutomatedBackups[].DbiResourceId', id],
    ['describe_db_snapshots', {}, 'length(DBSnapshots)', 0],
    ['list_tags_for_resource', { ResourceName: out('arn') }, 'TagList[].Key', 'ecom.io/node'],
  ]),
  'rds/read-replica': to('rds', ({ id, out }) => [
    ['describe_db_instances', { DBInstanceIdentifier: out('instanceName') }, 'DBInstances[].DbiResourceId', id],
    ['list_tags_for_resource', { ResourceName: out('arn') }, 'TagList[].Key', 'ecom.io/node'],
  ]),
  'secretsmanager/secret': to('secretsmanager', ({ id }) => [
    ['list_secrets', { Filters: [{ Key: 'name', Values: ['ecom-'] }] }, 'SecretList[].ARN', id],
    ['describe_secret', { SecretId: id }, 'Tags[].Key', 'ecom.io/node'],
    ['get_secret_value', { SecretId: id }, 'VersionStages', 'AWSCURRENT'],
    ['get_random_password', { PasswordLength: 20 }, 'length(RandomPassword)', 20],
  ]),
  'cognito/user-pool': to('cognito-idp', ({ id, out }) => [
    ['list_user_pools', { MaxResults: 1 }, 'UserPools[].Id', id],
    ['describe_user_pool', { UserPoolId: id }, 'UserPool.Domain', out('domain')],
    ['get_user_pool_mfa_config', { UserPoolId: id }, 'MfaConfiguration', 'OPTIONAL'],
    ['list_groups', { UserPoolId: id }, 'Groups[].GroupName', 'merchant'],
    ['get_group', { UserPoolId: id, GroupName: 'admin' }, 'Group.GroupName', 'admin'],
    ['describe_user_pool_domain', { Domain: out('domain') }, 'DomainDescription.UserPoolId', id],
    ['list_users', { UserPoolId: id }, 'length(Users)', 0],
    ['list_user_pool_clients', { UserPoolId: id }, 'UserPoolClients[].UserPoolId', id],
    ['list_tags_for_resource', { ResourceArn: out('userPoolArn') }, 'keys(Tags)', 'ecom.io/node'],
  ]),
  'cognito/user-pool-client': to('cognito-idp', ({ id, of }) => {
    const UserPoolId = of('identity/pool', 'userPoolId');
    return [['describe_user_pool_client', { UserPoolId, ClientId: id }, 'UserPoolClient.ClientId', id]];
  }),
  'elbv2/listener-rule': to('elbv2', ({ id }) => [
    ['describe_rules', { RuleArns: [id] }, 'Rules[].RuleArn', id],
    ['describe_tags', { ResourceArns: [id] }, 'TagDescriptions[].ResourceArn', id],
  ]),
  's3/bucket': to('s3', ({ id: Bucket }) => [
    ['list_buckets', {}, 'Buckets[].Name', Bucket],
    ['head_bucket', { Bucket }, 'BucketRegion', 'eu-central-1'],
    ['get_bucket_location', { Bucket }, 'LocationConstraint', 'eu-central-1'],
    ['get_public_access_block', { Bucket }, 'PublicAccessBlockConfiguration.RestrictPublicBuckets', true],
    ['get_bucket_ownership_controls', { Bucket }, 'OwnershipControls.Rules[].ObjectOwnership', 'BucketOwnerEnforced'],
    ['get_bucket_encryption', { Bucket }, 'length(ServerSideEncryptionConfiguration.Rules)', 1],
    ['get_bucket_versioning', { Bucket }, 'Status', 'Enabled'],
    ['get_bucket_lifecycle_configuration', { Bucket }, 'Rules[].ID', 'tidy'],
    ['get_bucket_policy', { Bucket }, 'contains(Policy, `cloudfront.amazonaws.com`)', true],
    ['get_bucket_policy_status', { Bucket }, 'PolicyStatus.IsPublic', false],
    ['get_bucket_tagging', { Bucket }, 'TagSet[].Key', 'ecom.io/node'],
    ['get_bucket_acl', { Bucket }, 'Grants[].Permission', 'FULL_CONTROL'],
    ['get_bucket_request_payment', { Bucket }, 'Payer', 'BucketOwner'],
    ['get_bucket_accelerate_configuration', { Bucket }, 'Status', null],
    ['list_objects_v2', { Bucket }, 'Contents[].Key', 'static/shop.js'],
    ['list_object_versions', { Bucket }, 'Versions[].Key', 'static/shop.js'],
  ]),
  'cloudfront/origin-access-control': to('cloudfront', ({ id: Id }) => [
    ['list_origin_access_controls', {}, 'OriginAccessControlList.Items[].Id', Id],
    ['get_origin_access_control', { Id }, 'OriginAccessControl.Id', Id],
    ['get_origin_access_control_config', { Id }, 'OriginAccessControlConfig.SigningBehavior', 'always'],
  ]),
  'cloudfront/vpc-origin': to('cloudfront', ({ id: Id }) => [
    ['list_vpc_origins', {}, 'VpcOriginList.Items[].Id', Id],
    ['get_vpc_origin', { Id }, 'VpcOrigin.Status', 'Deployed'],
  ]),
  'cloudfront/distribution': to('cloudfront', ({ id: Id, out }) => [
    ['list_distributions', {}, 'DistributionList.Items[].Id', Id],
    ['get_distribution', { Id }, 'Distribution.Status', 'Deployed'],
    ['get_distribution_config', { Id }, 'DistributionConfig.Enabled', true],
    ['list_tags_for_resource', { Resource: out('distributionArn') }, 'Tags.Items[].Key', 'ecom.io/node'],
    ['list_cache_policies', { Type: 'managed' }, 'CachePolicyList.Items[].Type', 'managed'],
    ['list_origin_request_policies', {}, 'OriginRequestPolicyList.Items[].Type', 'managed'],
    ['list_response_headers_policies', {}, 'ResponseHeadersPolicyList.Items[].Type', 'managed'],
  ]),
  'sns/topic': to('sns', ({ out }) => {
    const TopicArn = out('topicArn');
    return [
      ['list_topics', {}, 'Topics[].TopicArn', TopicArn],
      ['get_topic_attributes', { TopicArn }, 'Attributes.TopicArn', TopicArn],
      ['list_tags_for_resource', { ResourceArn: TopicArn }, 'Tags[].Key', 'ecom.io/node'],
    ];
  }),
  'sns/subscription': to('sns', ({ id, out }) => {
    const [TopicArn, protocol, endpoint] = id.split(' ');
    const SubscriptionArn = out('subscriptionArn');
    const own = ['get_subscription_attributes', { SubscriptionArn }, 'Attributes.TopicArn', TopicArn] as const;
    return [
      ['list_subscriptions', {}, 'Subscriptions[].[Protocol, Endpoint]', [protocol, endpoint]],
      ['list_subscriptions_by_topic', { TopicArn }, 'Subscriptions[].Endpoint', endpoint],
      // One that waits for its confirmation has no ARN, and nothing else to be asked for.
      ...(SubscriptionArn.startsWith('arn:') ? [own] : []),
    ];
  }),
  'sqs/queue': to('sqs', ({ out }) => {
    const QueueUrl = out('queueUrl');
    return [
      ['list_queues', { MaxResults: 1 }, 'QueueUrls', QueueUrl],
      ['get_queue_attributes', { QueueUrl, AttributeNames: ['All'] }, 'Attributes.QueueArn', out('queueArn')],
      ['list_queue_tags', { QueueUrl }, 'keys(Tags)', 'ecom.io/node'],
    ];
  }),
  'lambda/function': to('lambda', ({ out }) => {
    const FunctionName = out('functionArn');
    return [
      ['list_functions', {}, 'Functions[].FunctionArn', FunctionName],
      ['get_function', { FunctionName }, 'Configuration.FunctionArn', FunctionName],
      ['get_function_configuration', { FunctionName }, 'State', 'Active'],
      ['get_policy', { FunctionName }, 'contains(Policy, `sns.amazonaws.com`)', true],
      ['list_tags', { Resource: FunctionName }, 'keys(Tags)', 'ecom.io/node'],
    ];
  }),
};
