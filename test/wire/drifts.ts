import type { ResourceType } from '../../operator/model/resource-type.ts';
import { distribution } from '../../operator/resources/cloudfront/distribution.ts';
import { originAccessControl } from '../../operator/resources/cloudfront/origin-access-control.ts';
import { userPoolClient } from '../../operator/resources/cognito/user-pool-client.ts';
import { alarm } from '../../operator/resources/cloudwatch/alarm.ts';
import { dashboard } from '../../operator/resources/cloudwatch/dashboard.ts';
import { listenerRule } from '../../operator/resources/elbv2/listener-rule.ts';
import { bucket } from '../../operator/resources/s3/bucket.ts';
import { homeRegion } from '../../simulator/account.ts';
import { vpcs } from '../../simulator/aws/ec2/vpc.ts';
import { instances } from '../../simulator/aws/rds/kinds.ts';
import { setByStranger } from '../drift/by-update.ts';
import { healthCheck } from '../../operator/resources/route53/health-check.ts';
import { wayIn } from '../../operator/store/site.ts';
import { otherAccount } from '../support/other-account.ts';
import { letsRead } from '../support/secret-policy.ts';
import type { VirtualStore, VirtualWorld } from '../support/virtual-world.ts';

/** Something that somebody else does to a store behind the operator's back. */
export interface Drift {
  readonly what: string;
  /** Nodes that a store must have for it. */
  readonly needs: readonly string[];
  make(world: VirtualWorld, store: VirtualStore): Promise<unknown>;
  /** The operations without which it is not mended. */
  readonly healedBy: readonly string[];
  /** Takes away what of the stranger's stays. */
  undo?(world: VirtualWorld): Promise<unknown>;
}

interface Table {
  readonly RouteTables: readonly {
    readonly RouteTableId: string;
    readonly Associations: readonly { readonly RouteTableAssociationId: string; readonly SubnetId?: string }[];
  }[];
}

const associationsOf = async (world: VirtualWorld, RouteTableId: string) => {
  const { RouteTables } = await world.other<Table>('ec2', 'DescribeRouteTables', { RouteTableIds: [RouteTableId] });
  return RouteTables[0]?.Associations ?? [];
};

/** The names of a store's things in RDS, by what their ids are: of instances the resource id, of groups the ARN. */
const databaseName = (world: VirtualWorld, store: VirtualStore, node: string): string =>
  world.aws.world
    .collection(homeRegion, instances)
    .all()
    .find(({ resourceId }) => resourceId === world.idOf(store, node))?.name ?? '';
const lastPart = (arn: string): string => arn.split(':').at(-1) ?? '';

const databases: readonly Drift[] = [
  {
    what: 'a database is stopped',
    needs: ['database/primary'],
    make: async (world, store) =>
      world.aws.world
        .collection(homeRegion, instances)
        .change(databaseName(world, store, 'database/primary'), { status: 'stopped' }),
    healedBy: ['rds:StartDBInstance'],
  },
  {
    what: 'a replica is made public',
    needs: ['database/replica-1'],
    make: (world, store) =>
      world.other('rds', 'ModifyDBInstance', {
        DBInstanceIdentifier: databaseName(world, store, 'database/replica-1'),
        PubliclyAccessible: true,
        ApplyImmediately: true,
      }),
    healedBy: ['rds:ModifyDBInstance'],
  },
  {
    what: 'a log of the database is kept for ever',
    needs: ['database/primary'],
    make: async (world, store) => {
      const logGroupNamePrefix = `/aws/rds/instance/${databaseName(world, store, 'database/primary')}/`;
      const { logGroups } = await world.other<{ logGroups: { logGroupName: string }[] }>('logs', 'DescribeLogGroups', {
        logGroupNamePrefix,
      });
      await world.other('logs', 'DeleteRetentionPolicy', { logGroupName: logGroups[0]?.logGroupName });
    },
    healedBy: ['logs:PutRetentionPolicy'],
  },
  {
    what: 'a parameter is set that nobody wants',
    needs: ['database/parameters'],
    make: (world, store) =>
      world.other('rds', 'ModifyDBParameterGroup', {
        DBParameterGroupName: lastPart(world.idOf(store, 'database/parameters')),
        Parameters: [{ ParameterName: 'max_connections', ParameterValue: '7', ApplyMethod: 'pending-reboot' }],
      }),
    healedBy: ['rds:ResetDBParameterGroup'],
  },
  {
    what: 'the subnets of the database are others',
    needs: ['database/subnet-group', 'network/app-a', 'network/app-b'],
    make: (world, store) =>
      world.other('rds', 'ModifyDBSubnetGroup', {
        DBSubnetGroupName: lastPart(world.idOf(store, 'database/subnet-group')),
        SubnetIds: [world.idOf(store, 'network/app-a'), world.idOf(store, 'network/app-b')],
      }),
    healedBy: ['rds:ModifyDBSubnetGroup'],
  },
];

const secrets: readonly Drift[] = [
  {
    what: 'a secret is described otherwise',
    needs: ['database/password'],
    make: (world, store) =>
      world.other('secretsmanager', 'UpdateSecret', {
        ...{ SecretId: world.idOf(store, 'database/password'), Description: 'theirs' },
      }),
    healedBy: ['secretsmanager:UpdateSecret'],
  },
  {
    what: 'a secret is to be deleted',
    needs: ['database/password'],
    make: (world, store) =>
      world.other('secretsmanager', 'DeleteSecret', { SecretId: world.idOf(store, 'database/password') }),
    healedBy: ['secretsmanager:RestoreSecret'],
  },
  {
    what: 'a secret may be read by another account',
    needs: ['database/password'],
    make: (world, store) =>
      world.other('secretsmanager', 'PutResourcePolicy', {
        SecretId: world.idOf(store, 'database/password'),
        ResourcePolicy: letsRead(otherAccount),
      }),
    healedBy: ['secretsmanager:DeleteResourcePolicy'],
  },
];

/** Caches by the last part of their ARN, as RDS's groups. */
const cacheName = (world: VirtualWorld, store: VirtualStore, node: string): string => lastPart(world.idOf(store, node));
const group = (world: VirtualWorld, store: VirtualStore) => ({
  ReplicationGroupId: cacheName(world, store, 'cache/group'),
  ApplyImmediately: true,
});

const caches: readonly Drift[] = [
  {
    what: 'a cache is served in the clear as well',
    needs: ['cache/group'],
    make: (world, store) =>
      world.other('elasticache', 'ModifyReplicationGroup', {
        ...group(world, store),
        TransitEncryptionMode: 'preferred',
      }),
    healedBy: ['elasticache:ModifyReplicationGroup'],
  },
  {
    what: 'a cache has one more replica',
    needs: ['cache/group'],
    make: (world, store) =>
      world.other('elasticache', 'IncreaseReplicaCount', { ...group(world, store), NewReplicaCount: 2 }),
    healedBy: ['elasticache:DecreaseReplicaCount'],
  },
  {
    what: 'a cache has lost its replica',
    needs: ['cache/group'],
    make: async (world, store) => {
      const off = { AutomaticFailoverEnabled: false, MultiAZEnabled: false };
      await world.other('elasticache', 'ModifyReplicationGroup', { ...group(world, store), ...off });
      world.clock.advance(10 * 60_000);
      await world.other('elasticache', 'DecreaseReplicaCount', { ...group(world, store), NewReplicaCount: 0 });
    },
    healedBy: ['elasticache:IncreaseReplicaCount'],
  },
  {
    what: 'a user of the cache may do everything',
    needs: ['cache/redis-user'],
    make: (world, store) =>
      world.other('elasticache', 'ModifyUser', {
        ...{ UserId: cacheName(world, store, 'cache/redis-user'), AccessString: 'on ~* +@all' },
      }),
    healedBy: ['elasticache:ModifyUser'],
  },
  {
    what: 'a user of the cache is not let in',
    needs: ['cache/redis-users'],
    make: (world, store) =>
      world.other('elasticache', 'ModifyUserGroup', {
        UserGroupId: cacheName(world, store, 'cache/redis-users'),
        UserIdsToRemove: [cacheName(world, store, 'cache/redis-user')],
      }),
    healedBy: ['elasticache:ModifyUserGroup'],
  },
  {
    what: 'a parameter of the cache is set that nobody wants',
    needs: ['cache/group'],
    make: (world, store) =>
      world.other('elasticache', 'ModifyCacheParameterGroup', {
        CacheParameterGroupName: cacheName(world, store, 'cache/parameters'),
        ParameterNameValues: [{ ParameterName: 'timeout', ParameterValue: '60' }],
      }),
    healedBy: ['elasticache:ResetCacheParameterGroup'],
  },
  {
    what: 'the subnets of the cache are others',
    needs: ['cache/subnet-group', 'network/app-a', 'network/app-b'],
    make: (world, store) =>
      world.other('elasticache', 'ModifyCacheSubnetGroup', {
        CacheSubnetGroupName: cacheName(world, store, 'cache/subnet-group'),
        SubnetIds: [world.idOf(store, 'network/app-a'), world.idOf(store, 'network/app-b')],
      }),
    healedBy: ['elasticache:ModifyCacheSubnetGroup'],
  },
  {
    what: 'a cluster has one more node',
    needs: ['cache/cluster'],
    make: (world, store) =>
      world.other('elasticache', 'ModifyCacheCluster', {
        ...{ CacheClusterId: cacheName(world, store, 'cache/cluster'), NumCacheNodes: 3, ApplyImmediately: true },
      }),
    healedBy: ['elasticache:ModifyCacheCluster'],
  },
];

/** By the calls that we would make ourselves, made by somebody else. */
const typed = <P extends object, O extends object, K extends keyof P & string>(
  type: ResourceType<P, O>,
  node: string,
  field: K,
  value: P[K],
): Pick<Drift, 'needs' | 'make'> => ({
  needs: [node],
  make: (world, store) => setByStranger({ world, store }, { type, node, field, value }),
});

const identity: readonly Drift[] = [
  {
    what: 'people come back from signing in elsewhere',
    ...typed(userPoolClient, 'identity/client', 'callbackUrls', ['https://elsewhere.example.com/']),
    healedBy: ['cognito-idp:UpdateUserPoolClient'],
  },
  {
    what: 'other paths ask people to sign in',
    ...typed(listenerRule, 'identity/rule-783', 'paths', ['/elsewhere/*']),
    healedBy: ['elbv2:ModifyRule'],
  },
  {
    what: 'a rule has another number',
    ...typed(listenerRule, 'identity/rule-783', 'priority', 40_000),
    healedBy: ['elbv2:SetRulePriorities'],
  },
];

const tidy = { ID: 'tidy', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } };

const edge: readonly Drift[] = [
  {
    what: 'a bucket is opened in every way there is',
    needs: ['content/bucket'],
    make: async (world, store) => {
      const stranger = { world, store };
      const at = { type: bucket, node: 'content/bucket' } as const;
      await setByStranger(stranger, { ...at, field: 'publicAccessBlocked', value: false });
      await setByStranger(stranger, { ...at, field: 'aclsDisabled', value: false });
      await setByStranger(stranger, { ...at, field: 'versioning', value: false });
      await setByStranger(stranger, { ...at, field: 'encryption', value: 'aws:kms' });
      await setByStranger(stranger, { ...at, field: 'lifecycle', value: [tidy] });
      const rule = { AllowedOrigins: ['*'], AllowedMethods: ['GET'] };
      await setByStranger(stranger, { ...at, field: 'cors', value: [rule] });
      await world.other('s3', 'DeleteBucketPolicy', { Bucket: world.idOf(store, 'content/bucket') });
    },
    healedBy: [
      ...['s3:PutPublicAccessBlock', 's3:PutBucketOwnershipControls', 's3:PutBucketVersioning', 's3:DeleteBucketCors'],
      ...['s3:PutBucketEncryption', 's3:PutBucketLifecycleConfiguration', 's3:PutBucketPolicy'],
    ],
  },
  {
    what: 'CloudFront no longer proves itself to the bucket',
    ...typed(originAccessControl, 'cdn/access-control', 'signing', 'never'),
    healedBy: ['cloudfront:UpdateOriginAccessControl'],
  },
  {
    what: 'the distribution answers from fewer places',
    ...typed(distribution, 'cdn/distribution', 'priceClass', 'PriceClass_100'),
    healedBy: ['cloudfront:UpdateDistribution'],
  },
];

const messages: readonly Drift[] = [
  {
    what: 'messages are not encrypted any more',
    needs: ['notifications/topic-orders'],
    make: (world, store) =>
      world.other('sns', 'SetTopicAttributes', {
        TopicArn: world.idOf(store, 'notifications/topic-orders'),
        AttributeName: 'KmsMasterKeyId',
        AttributeValue: '',
      }),
    healedBy: ['sns:SetTopicAttributes'],
  },
  {
    what: 'what cannot be delivered to a function is lost',
    needs: ['notifications/function-orders'],
    make: async (world) => {
      const { Subscriptions } = await world.other<{ Subscriptions: { Endpoint: string; SubscriptionArn: string }[] }>(
        'sns',
        'ListSubscriptions',
        {},
      );
      const called = Subscriptions.find(({ Endpoint }) => Endpoint.includes('-on-orders-'));
      await world.other('sns', 'SetSubscriptionAttributes', {
        SubscriptionArn: called?.SubscriptionArn,
        AttributeName: 'RedrivePolicy',
        AttributeValue: '',
      });
    },
    healedBy: ['sns:SetSubscriptionAttributes'],
  },
];

const handlers: readonly Drift[] = [
  {
    what: 'anybody may call a function, it has other code, and less memory',
    needs: ['notifications/function-orders'],
    make: async (world, store) => {
      const FunctionName = world.idOf(store, 'notifications/function-orders');
      const S3 = { S3Bucket: 'example-code', S3Key: 'on-order-2.zip' };
      const Action = 'lambda:InvokeFunction';
      await world.other('lambda', 'AddPermission', { FunctionName, StatementId: 'open', Action, Principal: '*' });
      await world.other('lambda', 'UpdateFunctionCode', { FunctionName, ...S3 });
      world.clock.advance(60_000);
      await world.other('lambda', 'UpdateFunctionConfiguration', { FunctionName, MemorySize: 128 });
    },
    healedBy: ['lambda:RemovePermission', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
  },
  {
    what: 'a queue loses its messages after a minute',
    needs: ['notifications/failed-orders'],
    make: (world, store) =>
      world.other('sqs', 'SetQueueAttributes', {
        QueueUrl: world.idOf(store, 'notifications/failed-orders'),
        Attributes: { MessageRetentionPeriod: '60' },
      }),
    healedBy: ['sqs:SetQueueAttributes'],
  },
];

const monitoring: readonly Drift[] = [
  {
    what: 'an alarm rings too late',
    ...typed(alarm, 'monitoring/alarm-server-errors', 'threshold', 100),
    healedBy: ['cloudwatch:PutMetricAlarm'],
  },
  {
    what: 'the dashboard is empty',
    ...typed(dashboard, 'monitoring/dashboard', 'widgets', []),
    healedBy: ['cloudwatch:PutDashboard'],
  },
  {
    what: 'the health check finds everything well',
    ...typed(healthCheck, 'monitoring/health-check', 'disabled', true),
    healedBy: ['route53:GetHealthCheck', 'route53:UpdateHealthCheck'],
  },
];

const strangersTags = [{ Key: 'owner', Value: 'stranger' }];

const network: readonly Drift[] = [
  {
    what: 'a subnet gives out public addresses',
    needs: ['network/app-a'],
    make: (world, store) =>
      world.other('ec2', 'ModifySubnetAttribute', {
        SubnetId: world.idOf(store, 'network/app-a'),
        MapPublicIpOnLaunch: { Value: true },
      }),
    healedBy: ['ec2:ModifySubnetAttribute'],
  },
  {
    what: 'host names are switched off',
    needs: ['network/internet-gateway'],
    make: (world, store) =>
      world.other('ec2', 'ModifyVpcAttribute', {
        VpcId: world.idOf(store, 'network/vpc'),
        EnableDnsHostnames: { Value: false },
      }),
    healedBy: ['ec2:ModifyVpcAttribute'],
  },
  {
    what: 'a route leads elsewhere, and one is added',
    needs: ['network/routes-app-a'],
    make: async (world, store) => {
      const RouteTableId = world.idOf(store, 'network/routes-app-a');
      const GatewayId = world.idOf(store, 'network/internet-gateway');
      await world.other('ec2', 'ReplaceRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
      await world.other('ec2', 'CreateRoute', { RouteTableId, DestinationCidrBlock: '172.16.0.0/12', GatewayId });
    },
    healedBy: ['ec2:ReplaceRoute', 'ec2:DeleteRoute'],
  },
  {
    what: 'a subnet is moved to another route table',
    needs: ['network/routes-app-a', 'network/vpc'],
    make: async (world, store) => {
      const [association] = await associationsOf(world, world.idOf(store, 'network/routes-app-a'));
      const VpcId = world.idOf(store, 'network/vpc');
      const made = await world.other<{ RouteTable: Pick<Table['RouteTables'][number], 'RouteTableId'> }>(
        'ec2',
        'CreateRouteTable',
        { VpcId, TagSpecifications: [{ ResourceType: 'route-table', Tags: strangersTags }] },
      );
      const { RouteTableId } = made.RouteTable;
      const AssociationId = association?.RouteTableAssociationId;
      await world.other('ec2', 'ReplaceRouteTableAssociation', { AssociationId, RouteTableId });
    },
    healedBy: ['ec2:ReplaceRouteTableAssociation'],
    undo: async (world) => {
      const Filters = strangersTags.map(({ Key, Value }) => ({ Name: `tag:${Key}`, Values: [Value] }));
      const { RouteTables } = await world.other<Table>('ec2', 'DescribeRouteTables', { Filters });
      await world.other('ec2', 'DeleteRouteTable', { RouteTableId: RouteTables[0]?.RouteTableId });
    },
  },
  {
    what: 'a subnet loses its route table',
    needs: ['network/routes-app-a'],
    make: async (world, store) => {
      const [association] = await associationsOf(world, world.idOf(store, 'network/routes-app-a'));
      await world.other('ec2', 'DisassociateRouteTable', { AssociationId: association?.RouteTableAssociationId });
    },
    healedBy: ['ec2:AssociateRouteTable'],
  },
  {
    what: 'the endpoint loses a route table',
    needs: ['network/s3-endpoint'],
    make: (world, store) =>
      world.other('ec2', 'ModifyVpcEndpoint', {
        VpcEndpointId: world.idOf(store, 'network/s3-endpoint'),
        RemoveRouteTableIds: [world.idOf(store, 'network/routes-app-a')],
      }),
    healedBy: ['ec2:ModifyVpcEndpoint'],
  },
  {
    what: 'a group is opened to the world',
    needs: ['network/sg-app'],
    make: async (world, store) => {
      const GroupId = world.idOf(store, 'network/sg-app');
      const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    },
    healedBy: ['ec2:RevokeSecurityGroupIngress'],
  },
  {
    what: 'a group may send anything anywhere',
    needs: ['network/sg-data'],
    make: async (world, store) => {
      const GroupId = world.idOf(store, 'network/sg-data');
      const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      await world.other('ec2', 'AuthorizeSecurityGroupEgress', { GroupId, IpPermissions });
    },
    healedBy: ['ec2:RevokeSecurityGroupEgress'],
  },
  {
    what: 'a rule is described in other words',
    needs: ['network/sg-alb', 'loadBalancer/http'],
    make: async (world, store) => {
      const GroupId = world.idOf(store, 'network/sg-alb');
      const IpRanges = [{ CidrIp: '0.0.0.0/0', Description: 'somebody was here' }];
      const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges }];
      await world.other('ec2', 'UpdateSecurityGroupRuleDescriptionsIngress', { GroupId, IpPermissions });
    },
    healedBy: ['ec2:UpdateSecurityGroupRuleDescriptionsIngress'],
  },
];

const balancing: readonly Drift[] = [
  {
    what: 'the load balancer is given other groups and subnets',
    needs: ['loadBalancer/balancer', 'loadBalancer/http', 'network/app-a'],
    make: async (world, store) => {
      const LoadBalancerArn = world.idOf(store, 'loadBalancer/balancer');
      const SecurityGroups = [world.idOf(store, 'network/sg-data')];
      await world.other('elbv2', 'SetSecurityGroups', { LoadBalancerArn, SecurityGroups });
      const Subnets = ['network/app-a', 'network/app-b'].map((node) => world.idOf(store, node));
      await world.other('elbv2', 'SetSubnets', { LoadBalancerArn, Subnets });
    },
    healedBy: ['elbv2:SetSecurityGroups', 'elbv2:SetSubnets'],
  },
  {
    what: 'the targets are checked elsewhere, and drained at once',
    needs: ['loadBalancer/targets'],
    make: async (world, store) => {
      const TargetGroupArn = world.idOf(store, 'loadBalancer/targets');
      await world.other('elbv2', 'ModifyTargetGroup', { TargetGroupArn, HealthCheckPath: '/other' });
      const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }];
      await world.other('elbv2', 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes });
    },
    healedBy: ['elbv2:ModifyTargetGroup', 'elbv2:ModifyTargetGroupAttributes'],
  },
  {
    what: 'an old TLS policy is on offer',
    needs: ['loadBalancer/https'],
    make: (world, store) =>
      world.other('elbv2', 'ModifyListener', {
        ListenerArn: world.idOf(store, 'loadBalancer/https'),
        SslPolicy: 'ELBSecurityPolicy-2016-08',
      }),
    healedBy: ['elbv2:ModifyListener'],
  },
  {
    what: 'a listener is gone',
    needs: ['loadBalancer/http'],
    make: (world, store) =>
      world.other('elbv2', 'DeleteListener', { ListenerArn: world.idOf(store, 'loadBalancer/http') }),
    healedBy: ['elbv2:CreateListener'],
  },
];

const strangers = { Name: 'strangers', Protocol: 'HTTP', Port: 9000 };

const compute: readonly Drift[] = [
  {
    what: 'the group is scaled, tagged and aimed otherwise',
    needs: ['compute/group'],
    make: async (world, store) => {
      const AutoScalingGroupName = world.idOf(store, 'compute/group');
      await world.other('autoscaling', 'UpdateAutoScalingGroup', { AutoScalingGroupName, MaxSize: 40 });
      const tag = { ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group', PropagateAtLaunch: true };
      const Tags = [
        { ...tag, Key: 'ecom.io/stranger', Value: 'was here' },
        { ...tag, Key: 'Name', Value: 'another' },
      ];
      await world.other('autoscaling', 'CreateOrUpdateTags', { Tags });
      const PolicyName = 'cpu';
      await world.other('autoscaling', 'PutScalingPolicy', {
        ...{ AutoScalingGroupName, PolicyName, PolicyType: 'TargetTrackingScaling' },
        TargetTrackingConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
          TargetValue: 99,
        },
      });
      await world.other('autoscaling', 'SuspendProcesses', { AutoScalingGroupName, ScalingProcesses: ['AZRebalance'] });
    },
    healedBy: [
      ...['autoscaling:UpdateAutoScalingGroup', 'autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'],
      'autoscaling:ResumeProcesses',
    ],
  },
  {
    what: "the group serves a stranger's targets, and not ours",
    needs: ['compute/group', 'network/vpc'],
    make: async (world, store) => {
      const AutoScalingGroupName = world.idOf(store, 'compute/group');
      const VpcId = world.idOf(store, 'network/vpc');
      const made = await world.other<{ TargetGroups: { TargetGroupArn: string }[] }>('elbv2', 'CreateTargetGroup', {
        ...strangers,
        VpcId,
      });
      const source = (Identifier: string) => ({
        AutoScalingGroupName,
        TrafficSources: [{ Identifier, Type: 'elbv2' }],
      });
      const theirs = source(made.TargetGroups[0]?.TargetGroupArn ?? '');
      await world.other('autoscaling', 'AttachTrafficSources', theirs);
      const ours = source(world.idOf(store, wayIn(store.spec).targets));
      await world.other('autoscaling', 'DetachTrafficSources', ours);
    },
    healedBy: ['autoscaling:AttachTrafficSources', 'autoscaling:DetachTrafficSources'],
    undo: async (world) => {
      const { TargetGroups } = await world.other<{ TargetGroups: { TargetGroupArn: string }[] }>(
        'elbv2',
        'DescribeTargetGroups',
        { Names: [strangers.Name] },
      );
      await world.other('elbv2', 'DeleteTargetGroup', { TargetGroupArn: TargetGroups[0]?.TargetGroupArn });
    },
  },
  {
    what: 'the role may do more, and says otherwise',
    needs: ['compute/role'],
    make: async (world, store) => {
      const RoleName = store.last?.outputs.get('compute/role')?.['roleName'];
      const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await world.other('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
      await world.other('iam', 'UpdateRole', { RoleName, Description: 'mine' });
      await world.other('iam', 'AttachRolePolicy', {
        RoleName,
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      });
      const inline = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
      await world.other('iam', 'PutRolePolicy', {
        RoleName,
        PolicyName: 'all',
        PolicyDocument: JSON.stringify(inline),
      });
    },
    healedBy: ['iam:UpdateAssumeRolePolicy', 'iam:UpdateRole', 'iam:DetachRolePolicy', 'iam:DeleteRolePolicy'],
  },
  {
    what: 'the log keeps everything for a day only',
    needs: ['compute/log-group'],
    make: (world, store) =>
      world.other('logs', 'PutRetentionPolicy', {
        logGroupName: `/ecom/${store.owner.namespace}/${store.owner.name}/app`,
        retentionInDays: 1,
      }),
    healedBy: ['logs:PutRetentionPolicy'],
  },
  {
    what: 'a parameter tells another host',
    needs: ['compute/parameter-host'],
    make: (world, { owner: { namespace, name } }) =>
      world.other('ssm', 'PutParameter', {
        ...{ Name: `/ecom/${namespace}/${name}/host`, Value: 'elsewhere.example.com', Overwrite: true },
      }),
    healedBy: ['ssm:PutParameter'],
  },
];

const names: readonly Drift[] = [
  {
    what: 'the name leads elsewhere',
    needs: ['domain/zone'],
    make: (world, store) => {
      const AliasTarget = {
        DNSName: `elsewhere-1.${homeRegion}.elb.amazonaws.com`,
        HostedZoneId: 'Z215JYRZR1TBD5',
        EvaluateTargetHealth: false,
      };
      const ResourceRecordSet = { Name: store.spec.domain.host, Type: 'A', AliasTarget };
      const Changes = [{ Action: 'UPSERT', ResourceRecordSet }];
      const HostedZoneId = world.idOf(store, 'domain/zone');
      return world.other('route53', 'ChangeResourceRecordSets', { HostedZoneId, ChangeBatch: { Changes } });
    },
    healedBy: ['route53:ChangeResourceRecordSets'],
  },
  {
    what: 'another VPC sees the names of the database, and that of the store does not',
    needs: ['database/names'],
    make: async (world, store) => {
      const HostedZoneId = world.idOf(store, 'database/names');
      const { Vpc } = await world.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.99.0.0/16' });
      const of = (VPCId: string) => ({ HostedZoneId, VPC: { VPCId, VPCRegion: homeRegion } });
      await world.other('route53', 'AssociateVPCWithHostedZone', of(Vpc.VpcId));
      await world.other('route53', 'DisassociateVPCFromHostedZone', of(world.idOf(store, 'network/vpc')));
    },
    healedBy: ['route53:AssociateVPCWithHostedZone'],
    undo: async (world) => {
      const theirs = world.aws.world
        .collection(homeRegion, vpcs)
        .all()
        .find(({ cidr }) => cidr === '10.99.0.0/16');
      await world.other('ec2', 'DeleteVpc', { VpcId: theirs?.id });
    },
  },
];

/** One for every operation that mends something and nothing else. */
export const drifts: readonly Drift[] = [
  ...network,
  ...balancing,
  ...compute,
  ...names,
  ...databases,
  ...secrets,
  ...caches,
  ...identity,
  ...edge,
  ...messages,
  ...handlers,
  ...monitoring,
];
