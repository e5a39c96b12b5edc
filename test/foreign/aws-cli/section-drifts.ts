import type { NodeId } from '../../../operator/model/ref.ts';
import { homeRegion } from '../../../simulator/account.ts';
import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';
import type { Drift } from './drifts.ts';

interface Distribution {
  readonly ETag: string;
  readonly DistributionConfig: { readonly DefaultCacheBehavior: object };
}

/** A drift of each service that only the sections of a store use. */
export function sectionDriftsOf(world: VirtualWorld, store: VirtualStore): Readonly<Record<string, Drift>> {
  const id = (node: string): string => world.idOf(store, node);
  const out = (node: string, name: string): string => String(store.last?.outputs.get(node as NodeId)?.[name]);
  /** The parts of an answer of AWS's that a drift is to be seen in. */
  const read = async <T>(service: string, operation: string, input: object, part: (answer: T) => unknown) =>
    part(await world.other<T>(service, operation, input));
  const alarms = (): string[] => {
    const nodes = store.last?.nodes.filter(({ type }) => type === 'cloudwatch/alarm').map(({ node }) => node) ?? [];
    return nodes.filter((node) => out(node, 'arn').includes(homeRegion)).map((node) => out(node, 'name'));
  };
  const distribution = (): Promise<Distribution> =>
    world.other<Distribution>('cloudfront', 'GetDistributionConfig', { Id: id('cdn/distribution') });

  return {
    'a database opened to the internet': {
      commands: () => [
        `rds modify-db-instance --db-instance-identifier ${out('database/primary', 'instanceName')} --publicly-accessible --apply-immediately`,
      ],
      seen: () =>
        read<{ DBInstances: { DBInstanceIdentifier: string; PubliclyAccessible: boolean }[] }>(
          'rds',
          'DescribeDBInstances',
          { DBInstanceIdentifier: out('database/primary', 'instanceName') },
          ({ DBInstances: [one] }) => one?.PubliclyAccessible,
        ),
    },
    'a user pool whose protection is taken off, and with it all settings': {
      commands: () => [`cognito-idp update-user-pool --user-pool-id ${id('identity/pool')}`],
      seen: () =>
        read<{ UserPool: { DeletionProtection: string; Policies: object; AutoVerifiedAttributes: string[] } }>(
          'cognito-idp',
          'DescribeUserPool',
          { UserPoolId: id('identity/pool') },
          ({ UserPool }) => [UserPool.DeletionProtection, UserPool.Policies, UserPool.AutoVerifiedAttributes],
        ),
    },
    'a rule that lets everybody into the paths of those who are signed in': {
      commands: () => [
        `elbv2 modify-rule --rule-arn ${id('identity/internal-rule-783')} --conditions Field=path-pattern,Values=/nothing`,
      ],
      seen: () =>
        read<{ Rules: { Conditions: object[] }[] }>(
          'elbv2',
          'DescribeRules',
          { RuleArns: [id('identity/internal-rule-783')] },
          ({ Rules: [rule] }) => rule?.Conditions,
        ),
    },
    'a bucket whose block of public access is loosened': {
      commands: () => [
        `s3api put-public-access-block --bucket ${id('content/bucket')} --public-access-block-configuration BlockPublicAcls=true`,
      ],
      seen: () => read('s3', 'GetPublicAccessBlock', { Bucket: id('content/bucket') }, (answer) => answer),
    },
    'a distribution that takes plain HTTP': {
      commands: async () => {
        const { ETag, DistributionConfig } = await distribution();
        const DefaultCacheBehavior = {
          ...DistributionConfig.DefaultCacheBehavior,
          ViewerProtocolPolicy: 'allow-all',
        };
        const changed = JSON.stringify({ ...DistributionConfig, DefaultCacheBehavior });
        const named = ['--id', id('cdn/distribution'), '--if-match', ETag];
        return [['cloudfront', 'update-distribution', ...named, '--distribution-config', changed]];
      },
      seen: async () => (await distribution()).DistributionConfig,
    },
    'a cache of which nothing is saved': {
      commands: () => [
        `elasticache modify-replication-group --replication-group-id ${out('cache/group', 'groupId')} --snapshot-retention-limit 0 --apply-immediately`,
      ],
      seen: () =>
        read<{ ReplicationGroups: { SnapshotRetentionLimit: number }[] }>(
          'elasticache',
          'DescribeReplicationGroups',
          { ReplicationGroupId: out('cache/group', 'groupId') },
          ({ ReplicationGroups: [one] }) => one?.SnapshotRetentionLimit,
        ),
    },
    'all alarms of the region deleted': {
      commands: () => [['cloudwatch', 'delete-alarms', '--alarm-names', ...alarms()]],
      seen: () =>
        read<{ MetricAlarms: { AlarmName: string }[] }>('cloudwatch', 'DescribeAlarms', {}, ({ MetricAlarms }) =>
          MetricAlarms.map(({ AlarmName }) => AlarmName).sort(),
        ),
    },
    'a health check of another page': {
      commands: () => [
        `route53 update-health-check --health-check-id ${id('monitoring/health-check')} --resource-path /elsewhere`,
      ],
      seen: () =>
        read<{ HealthCheck: { HealthCheckConfig: { ResourcePath: string } } }>(
          'route53',
          'GetHealthCheck',
          { HealthCheckId: id('monitoring/health-check') },
          ({ HealthCheck }) => HealthCheck.HealthCheckConfig.ResourcePath,
        ),
    },
    'a topic under another name': {
      commands: () => [
        `sns set-topic-attributes --topic-arn ${id('notifications/topic-orders')} --attribute-name DisplayName --attribute-value free-money`,
      ],
      seen: () =>
        read<{ Attributes: Record<string, string> }>(
          'sns',
          'GetTopicAttributes',
          { TopicArn: id('notifications/topic-orders') },
          ({ Attributes }) => Attributes['DisplayName'],
        ),
    },
    'a queue without its policy': {
      commands: () => [
        [
          'sqs',
          'set-queue-attributes',
          '--queue-url',
          id('notifications/failed-orders'),
          '--attributes',
          '{"Policy":""}',
        ],
      ],
      seen: () =>
        read<{ Attributes?: Record<string, string> }>(
          'sqs',
          'GetQueueAttributes',
          { QueueUrl: id('notifications/failed-orders'), AttributeNames: ['Policy'] },
          ({ Attributes }) => JSON.parse(Attributes?.['Policy'] ?? 'null') as unknown,
        ),
    },
    'a function that gets less time': {
      commands: () => [
        `lambda update-function-configuration --function-name ${id('notifications/image-function-stock')} --timeout 3`,
      ],
      seen: () =>
        read<{ Timeout: number }>(
          'lambda',
          'GetFunctionConfiguration',
          { FunctionName: id('notifications/image-function-stock') },
          ({ Timeout }) => Timeout,
        ),
    },
  };
}
