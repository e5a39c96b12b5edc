import type { ServiceId } from '../../simulator/aws/core/service-model.ts';

/** One call in both directions, with at least one member at the place on the wire that `where` names. */
export interface Spoken {
  readonly service: ServiceId;
  readonly operation: string;
  readonly where: string;
  readonly input: object;
  readonly output: object;
}

const at = new Date('2026-01-02T03:04:05.000Z');
const arn = (service: string, resource: string): string => `arn:aws:${service}:eu-central-1:111122223333:${resource}`;
/** No text in any encoding. */
const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0x0d, 0x0a, 0xfe]);
const tags = [{ Key: 'ecom.io/owner', Value: 'shops/acme' }];

const query: readonly Spoken[] = [
  {
    ...{ service: 'rds', operation: 'CreateDBInstance', where: 'lists whose items have names' },
    input: {
      ...{ DBInstanceIdentifier: 'acme', DBInstanceClass: 'db.m6g.large', Engine: 'postgres', AllocatedStorage: 20 },
      ...{
        VpcSecurityGroupIds: ['sg-1', 'sg-2'],
        Tags: tags,
        MultiAZ: true,
        EnableCloudwatchLogsExports: ['postgresql'],
      },
    },
    output: {
      DBInstance: {
        ...{ DBInstanceIdentifier: 'acme', DBInstanceStatus: 'creating', AllocatedStorage: 20, MultiAZ: true },
        ...{ InstanceCreateTime: at, Endpoint: { Address: 'acme.example.com', Port: 5432 }, TagList: tags },
        VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
        DBSubnetGroup: { Subnets: [{ SubnetIdentifier: 'subnet-1' }, { SubnetIdentifier: 'subnet-2' }] },
      },
    },
  },
  {
    ...{ service: 'elasticache', operation: 'CreateReplicationGroup', where: 'lists whose items have names' },
    input: {
      ...{ ReplicationGroupId: 'acme', ReplicationGroupDescription: 'cache', Engine: 'valkey', NumCacheClusters: 2 },
      ...{ SecurityGroupIds: ['sg-1'], Tags: tags, TransitEncryptionEnabled: true },
    },
    output: {
      ReplicationGroup: {
        ...{ ReplicationGroupId: 'acme', Status: 'creating', MemberClusters: ['acme-001', 'acme-002'] },
        NodeGroups: [{ NodeGroupId: '0001', NodeGroupMembers: [{ CacheClusterId: 'acme-001' }] }],
      },
    },
  },
  {
    ...{ service: 'sns', operation: 'CreateTopic', where: 'a map' },
    input: { Name: 'orders', Attributes: { DisplayName: 'Orders', KmsMasterKeyId: 'alias/aws/sns' }, Tags: tags },
    output: { TopicArn: arn('sns', 'orders') },
  },
  {
    ...{ service: 'sns', operation: 'GetTopicAttributes', where: 'a map in the reply' },
    input: { TopicArn: arn('sns', 'orders') },
    output: { Attributes: { DisplayName: 'A & B', SubscriptionsPending: '0' } },
  },
  {
    ...{ service: 'sns', operation: 'Publish', where: 'a map whose keys and values have names' },
    input: {
      ...{ TopicArn: arn('sns', 'orders'), Message: 'sold' },
      MessageAttributes: {
        shop: { DataType: 'String', StringValue: 'acme' },
        raw: { DataType: 'Binary', BinaryValue: picture },
      },
    },
    output: { MessageId: '1' },
  },
];

const documents: readonly Spoken[] = [
  {
    ...{ service: 'sqs', operation: 'CreateQueue', where: 'JSON 1.0' },
    input: { QueueName: 'orders', Attributes: { VisibilityTimeout: '30' }, tags: { owner: 'acme' } },
    output: { QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/orders' },
  },
  {
    ...{ service: 'cognito-idp', operation: 'CreateUserPool', where: 'JSON 1.1' },
    input: { PoolName: 'acme', MfaConfiguration: 'OPTIONAL', UserPoolTags: { owner: 'acme' } },
    output: { UserPool: { Id: 'eu-central-1_acme', Name: 'acme', CreationDate: at, EstimatedNumberOfUsers: 0 } },
  },
  {
    ...{ service: 'secretsmanager', operation: 'CreateSecret', where: 'bytes in JSON' },
    input: { Name: 'acme', SecretBinary: picture, ClientRequestToken: '0123456789abcdef0123456789abcdef' },
    output: { ARN: arn('secretsmanager', 'secret:acme-AbCdEf'), Name: 'acme' },
  },
  {
    ...{ service: 'secretsmanager', operation: 'GetSecretValue', where: 'bytes and times in a JSON reply' },
    input: { SecretId: 'acme' },
    output: { Name: 'acme', SecretBinary: picture, CreatedDate: at },
  },
  {
    ...{ service: 'cloudwatch', operation: 'PutMetricAlarm', where: 'JSON 1.0 or CBOR: numbers' },
    input: {
      ...{ AlarmName: 'slow', EvaluationPeriods: 3, Threshold: 0.75, ComparisonOperator: 'GreaterThanThreshold' },
      ...{ ActionsEnabled: false, Dimensions: [{ Name: 'LoadBalancer', Value: 'app/acme/1' }] },
    },
    output: {},
  },
  {
    ...{ service: 'cloudwatch', operation: 'DescribeAlarms', where: 'JSON 1.0 or CBOR: times' },
    input: { AlarmNamePrefix: 'sl', MaxRecords: 50 },
    output: { MetricAlarms: [{ AlarmName: 'slow', Threshold: 0.75, Period: 60, StateUpdatedTimestamp: at }] },
  },
];

const restJson: readonly Spoken[] = [
  {
    ...{ service: 'lambda', operation: 'CreateFunction', where: 'a body of JSON, and bytes in it' },
    input: {
      ...{
        FunctionName: 'orders',
        Role: 'arn:aws:iam::111122223333:role/orders',
        Runtime: 'nodejs22.x',
        Handler: 'a.b',
      },
      ...{ Code: { ZipFile: picture }, Environment: { Variables: { SHOP: 'acme' } }, Timeout: 10 },
    },
    output: { FunctionName: 'orders', State: 'Pending', LastModified: '2026-01-02T03:04:05.000+0000', CodeSize: 9 },
  },
  {
    ...{ service: 'lambda', operation: 'AddPermission', where: 'a label, the query string and the body at once' },
    input: {
      ...{ FunctionName: arn('lambda', 'function:orders'), Qualifier: 'live', StatementId: 'sns' },
      ...{ Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' },
    },
    output: { Statement: '{"Effect": "Allow"}' },
  },
  {
    ...{ service: 'lambda', operation: 'UntagResource', where: 'a list in the query string' },
    input: { Resource: arn('lambda', 'function:orders'), TagKeys: ['a b', 'c&d'] },
    output: {},
  },
  {
    ...{ service: 'lambda', operation: 'ListFunctions', where: 'a number in the query string' },
    input: { MaxItems: 7, Marker: 'x=/+y' },
    output: { Functions: [{ FunctionName: 'orders', Timeout: 3 }] },
  },
];

const Bucket = 'acme-content';

const s3: readonly Spoken[] = [
  {
    ...{ service: 's3', operation: 'CreateBucket', where: 'a payload, headers, and a header in the reply' },
    input: {
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      ObjectOwnership: 'BucketOwnerEnforced',
    },
    output: { Location: `http://${Bucket}.s3.amazonaws.com/` },
  },
  {
    ...{ service: 's3', operation: 'PutPublicAccessBlock', where: 'a payload that needs a checksum' },
    input: { Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true } },
    output: {},
  },
  {
    ...{ service: 's3', operation: 'GetPublicAccessBlock', where: 'a payload in the reply' },
    input: { Bucket },
    output: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false } },
  },
  {
    ...{ service: 's3', operation: 'PutBucketPolicy', where: 'a payload of text' },
    input: { Bucket, Policy: '{"Version":"2012-10-17","Statement":[]}' },
    output: {},
  },
  {
    ...{ service: 's3', operation: 'GetBucketPolicy', where: 'a payload of text in the reply' },
    input: { Bucket },
    output: { Policy: '{"Version":"2012-10-17","Statement":[]}' },
  },
  {
    ...{ service: 's3', operation: 'PutBucketLifecycleConfiguration', where: 'flattened lists' },
    input: {
      Bucket,
      LifecycleConfiguration: {
        Rules: [
          { ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } },
          { ID: 'then', Status: 'Disabled', Filter: { Prefix: 'a/' }, Expiration: { Date: at } },
        ],
      },
    },
    output: {},
  },
  {
    ...{ service: 's3', operation: 'GetBucketCors', where: 'flattened lists in the reply' },
    input: { Bucket },
    output: {
      CORSRules: [{ AllowedMethods: ['GET', 'HEAD'], AllowedOrigins: ['https://shop.example.com'], MaxAgeSeconds: 5 }],
    },
  },
  {
    ...{ service: 's3', operation: 'GetBucketLocation', where: 'a root that is the member' },
    input: { Bucket },
    output: { LocationConstraint: 'eu-central-1' },
  },
  {
    ...{ service: 's3', operation: 'GetBucketAcl', where: 'an attribute in the reply' },
    input: { Bucket },
    output: {
      Owner: { ID: 'me' },
      Grants: [{ Grantee: { Type: 'CanonicalUser', ID: 'me' }, Permission: 'FULL_CONTROL' }],
    },
  },
  {
    ...{ service: 's3', operation: 'PutBucketAcl', where: 'an attribute' },
    input: {
      Bucket,
      AccessControlPolicy: {
        Owner: { ID: 'me' },
        Grants: [{ Grantee: { Type: 'CanonicalUser', ID: 'me' }, Permission: 'READ' }],
      },
    },
    output: {},
  },
  {
    ...{ service: 's3', operation: 'PutBucketTagging', where: 'a payload' },
    input: { Bucket, Tagging: { TagSet: tags } },
    output: {},
  },
  {
    ...{ service: 's3', operation: 'PutObject', where: 'a payload of bytes, headers with a prefix, times in headers' },
    input: {
      ...{ Bucket, Key: 'a/b c+ü//d/', Body: picture, ContentType: 'image/png', Metadata: { shop: 'acme' } },
      ...{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: at, IfNoneMatch: '*' },
    },
    output: { ETag: '"abc"', VersionId: 'v1' },
  },
  {
    ...{ service: 's3', operation: 'GetObject', where: 'a payload of bytes, and all kinds of headers, in the reply' },
    input: { Bucket, Key: 'a/b', IfModifiedSince: at },
    output: {
      ...{ Body: picture, ContentType: 'image/png', ContentLength: picture.length, LastModified: at, ETag: '"abc"' },
      ...{ Metadata: { shop: 'acme' }, DeleteMarker: false, TagCount: 2 },
    },
  },
  {
    ...{ service: 's3', operation: 'HeadObject', where: 'headers alone in the reply' },
    input: { Bucket, Key: 'a/b' },
    output: { ContentLength: 9, LastModified: at, ContentType: 'image/png', Metadata: { shop: 'acme' } },
  },
  {
    ...{ service: 's3', operation: 'DeleteObjects', where: 'a word in the query string, flattened lists both ways' },
    input: { Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'b', VersionId: 'v1' }], Quiet: true } },
    output: { Deleted: [{ Key: 'a' }], Errors: [{ Key: 'b', Code: 'AccessDenied' }] },
  },
  {
    ...{ service: 's3', operation: 'ListObjectsV2', where: 'the query string, and a list in a header' },
    input: {
      Bucket,
      Prefix: 'a/ b',
      MaxKeys: 5,
      FetchOwner: true,
      OptionalObjectAttributes: ['RestoreStatus', 'RestoreStatus'],
    },
    output: { Name: Bucket, IsTruncated: false, KeyCount: 1, Contents: [{ Key: 'a/ b', Size: 9, LastModified: at }] },
  },
  {
    ...{ service: 's3', operation: 'ListBuckets', where: 'the query string, and no bucket' },
    input: { Prefix: 'acme', MaxBuckets: 10 },
    output: { Buckets: [{ Name: Bucket, CreationDate: at }], Owner: { ID: 'me' } },
  },
  {
    ...{ service: 's3', operation: 'DeleteBucketCors', where: 'no body at all' },
    input: { Bucket },
    output: {},
  },
];

const policy = { Name: 'acme', MinTTL: 1, Comment: 'a < b' };

const AccountId = '111122223333';

/** S3 Control has operations of the same names as S3, and is told from it by its header alone. */
const s3Control: readonly Spoken[] = [
  {
    ...{ service: 's3control', operation: 'PutPublicAccessBlock', where: 'a payload, and a header beside it' },
    input: { AccountId, PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
    output: {},
  },
  {
    ...{ service: 's3control', operation: 'GetPublicAccessBlock', where: 'a header, and a payload in the reply' },
    input: { AccountId },
    output: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
  },
];

const restXml: readonly Spoken[] = [
  {
    ...{ service: 'cloudfront', operation: 'CreateCachePolicy', where: 'payloads, ETag and Location' },
    input: { CachePolicyConfig: policy },
    output: {
      ...{ Location: 'https://cloudfront.amazonaws.com/2020-05-31/cache-policy/1', ETag: 'E1' },
      CachePolicy: { Id: '1', LastModifiedTime: at, CachePolicyConfig: policy },
    },
  },
  {
    ...{ service: 'cloudfront', operation: 'UpdateCachePolicy', where: 'a payload, a label and a header' },
    input: { CachePolicyConfig: policy, Id: '1', IfMatch: 'E1' },
    output: { ETag: 'E2', CachePolicy: { Id: '1', LastModifiedTime: at, CachePolicyConfig: policy } },
  },
  {
    ...{ service: 'cloudfront', operation: 'DeleteCachePolicy', where: 'a header, and no content in the reply' },
    input: { Id: '1', IfMatch: 'E2' },
    output: {},
  },
  {
    ...{ service: 'cloudfront', operation: 'TagResource', where: 'words and parameters in the query string' },
    input: { Resource: 'arn:aws:cloudfront::111122223333:distribution/E1', Tags: { Items: tags } },
    output: {},
  },
  {
    ...{ service: 'cloudfront', operation: 'ListTagsForResource', where: 'a payload in the reply' },
    input: { Resource: 'arn:aws:cloudfront::111122223333:distribution/E1' },
    output: { Tags: { Items: tags } },
  },
  {
    ...{ service: 'route53', operation: 'CreateHealthCheck', where: 'a body, and a header beside it in the reply' },
    input: {
      CallerReference: 'once',
      HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'shop.example.com', Port: 443 },
    },
    output: {
      Location: 'https://route53.amazonaws.com/2013-04-01/healthcheck/1',
      HealthCheck: { Id: '1', CallerReference: 'once', HealthCheckConfig: { Type: 'HTTPS' }, HealthCheckVersion: 1 },
    },
  },
  {
    ...{ service: 'route53', operation: 'DeleteHealthCheck', where: 'a label, and an empty document in the reply' },
    input: { HealthCheckId: '1' },
    output: {},
  },
  {
    ...{ service: 'ec2', operation: 'GetManagedPrefixListEntries', where: 'a form' },
    input: { PrefixListId: 'pl-1', MaxResults: 5 },
    output: { Entries: [{ Cidr: '10.0.0.0/8', Description: 'a' }] },
  },
];

/** At least one call of each service, and of each place on the wire where a member may stand. */
export const spoken: readonly Spoken[] = [...query, ...documents, ...restJson, ...s3, ...s3Control, ...restXml];

/** How each protocol refuses: the operation, AWS's code and status, and how clients call it. */
export const refused: readonly (readonly [ServiceId, string, object, code: string, status: number])[] = [
  ['rds', 'DescribeDBInstances', {}, 'DBInstanceNotFound', 404],
  ['sns', 'GetTopicAttributes', { TopicArn: arn('sns', 'x') }, 'NotFound', 404],
  ['sqs', 'GetQueueUrl', { QueueName: 'x' }, 'AWS.SimpleQueueService.NonExistentQueue', 400],
  ['cognito-idp', 'DescribeUserPool', { UserPoolId: 'eu-central-1_x' }, 'ResourceNotFoundException', 400],
  ['cloudwatch', 'GetDashboard', { DashboardName: 'x' }, 'ResourceNotFound', 404],
  ['lambda', 'GetFunction', { FunctionName: 'x' }, 'ResourceNotFoundException', 404],
  ['s3', 'GetBucketPolicy', { Bucket }, 'NoSuchBucketPolicy', 404],
  ['s3', 'DeleteBucket', { Bucket }, 'BucketNotEmpty', 409],
  ['s3control', 'GetPublicAccessBlock', { AccountId }, 'NoSuchPublicAccessBlockConfiguration', 404],
  ['s3control', 'DeletePublicAccessBlock', { AccountId }, 'AccessDenied', 403],
  ['cloudfront', 'DeleteCachePolicy', { Id: '1', IfMatch: 'E1' }, 'PreconditionFailed', 412],
  ['route53', 'GetHealthCheck', { HealthCheckId: '1' }, 'NoSuchHealthCheck', 404],
];
