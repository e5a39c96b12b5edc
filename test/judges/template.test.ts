import { expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import { templateOf } from './template/export.ts';

/** With a load balancer that the world reaches: behind a CDN it is internal. */
const withoutEdge = (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
  ...spec,
  cdn: undefined,
  content: undefined,
});

const built = async (): Promise<VirtualWorld> => {
  const world = new VirtualWorld();
  await world.settle(world.add('examples/complete.yaml', withoutEdge));
  return world;
};

test('a store is told as a template in which whatever names another resource refers to it', async () => {
  const { Resources } = templateOf((await built()).aws.world);
  expect(Resources['LoadBalancerBalancer']?.Properties).toMatchObject({
    Scheme: 'internet-facing',
    SecurityGroups: [{ 'Fn::GetAtt': ['NetworkSgAlb', 'GroupId'] }],
    Subnets: [{ Ref: 'NetworkPublicA' }, { Ref: 'NetworkPublicB' }],
  });
  const ids = /\b(vpc|subnet|sg|rtb|nat|igw|eipalloc|lt)-[0-9a-f]{17}\b/;
  expect(JSON.stringify(Resources)).not.toMatch(ids);
});

/** With all that rings, is sent and is remembered. */
const withServices = (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
  ...spec,
  cache: { engine: 'redis' },
  monitoring: { notify: { emails: ['ops@example.com'] } },
  notifications: {
    topics: {
      orders: {
        function: {
          ...{ s3: { bucket: 'example-code', key: 'on-order.zip' }, handler: 'index.handler', runtime: 'nodejs24.x' },
        },
      },
    },
  },
});

test('messages, caches and alarms refer to what they send to, run on, let in and ring', async () => {
  const world = new VirtualWorld();
  await world.settle(world.add('examples/minimal.yaml', withServices));
  const { Resources } = templateOf(world.aws.world);
  const told = (name: string): unknown => Resources[name]?.Properties;
  const topic = { Ref: 'NotificationsTopicOrders' };
  const lambda = { 'Fn::GetAtt': ['NotificationsFunctionOrders', 'Arn'] };
  expect(told('NotificationsTopicOrdersPolicy')).toMatchObject({ Topics: [topic] });
  expect(told('SnsSubscriptionLambda')).toMatchObject({ TopicArn: topic, Endpoint: lambda });
  expect(told('NotificationsFunctionOrders')).toMatchObject({
    Role: { 'Fn::GetAtt': ['NotificationsRoleOrders', 'Arn'] },
    DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['NotificationsFailedOrders', 'Arn'] } },
  });
  const permissions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Permission');
  expect(permissions.map(({ Properties }) => Properties)).toMatchObject([
    { FunctionName: lambda, Principal: 'sns.amazonaws.com', SourceArn: topic },
  ]);
  expect(told('CacheGroup')).toMatchObject({
    ...{ CacheSubnetGroupName: { Ref: 'CacheSubnetGroup' }, CacheParameterGroupName: { Ref: 'CacheParameters' } },
    UserGroupIds: [{ Ref: 'CacheRedisUsers' }],
  });
  expect(told('CacheRedisUsers')).toMatchObject({ UserIds: [{ Ref: 'CacheRedisUser' }, { Ref: 'CacheNobody' }] });
  expect(told('MonitoringAlarmUnreachable')).toMatchObject({ AlarmActions: [{ Ref: 'MonitoringTopicUsEast1' }] });
  expect(JSON.stringify(told('MonitoringAlarmUnreachable'))).toContain('{"Ref":"MonitoringHealthCheck"}');
});

test('a kind that the table does not have is an error', async () => {
  const { world } = (await built()).aws;
  const kind = { type: 'quantum/lock', tags: () => ({}) };
  world.collection('eu-central-1', kind).put('one', { id: 'one' });
  expect(() => templateOf(world)).toThrow('mappings.ts does not say what quantum/lock one is');
});
