import { ownerTags } from '../../operator/model/identity.ts';
import { describe, expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { groups } from '../../simulator/aws/autoscaling/kinds.ts';
import { alarms, type AlarmConfig } from '../../simulator/aws/cloudwatch/kinds.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
type Monitoring = NonNullable<EcomStoreManifestSpec['monitoring']>;

const watching =
  (monitoring: Monitoring = {}) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({ ...spec, monitoring });

async function built(monitoring: Monitoring = {}, file = minimal) {
  const world = new VirtualWorld();
  const store = world.add(file, watching(monitoring));
  await world.settle(store);
  const alarmsIn = (region: string) => world.aws.world.collection(region, alarms).all();
  const alarm = (what: string) =>
    [...alarmsIn(homeRegion), ...alarmsIn('us-east-1')].find(({ arn }) => arn.includes(`/${what}-`));
  return { world, store, alarmsIn, alarm };
}

const named = (all: readonly { readonly arn: string }[]): string[] =>
  all.map(({ arn }) => arn.replace(/^.*\/(.+)-[0-9a-f]{8}$/, '$1')).sort();
const count = (world: VirtualWorld, prefix: string): string[] =>
  world
    .existing()
    .map(({ type }) => type)
    .filter((type) => type.startsWith(prefix))
    .sort();

const lagAlarm = (world: VirtualWorld) =>
  world.aws.world
    .collection(homeRegion, alarms)
    .all()
    .find(({ arn }) => arn.includes('/replica-1-lag-'))?.config;

const certificateOf = (all: readonly { readonly arn: string; readonly config: AlarmConfig }[], what: string) => {
  const dimensions = all.find(({ arn }) => arn.includes(`/${what}-`))?.config.Dimensions ?? [];
  return (dimensions as { Name: string; Value: string }[]).find(({ Name }) => Name === 'CertificateArn')?.Value;
};

describe('a store with monitoring by its defaults', () => {
  test('is built, left alone, and removed without a trace', async () => {
    const { world, store, alarmsIn } = await built();
    expect(named(alarmsIn(homeRegion))).toEqual([
      ...['certificate', 'group-full', 'latency', 'server-errors', 'unhealthy-hosts'],
    ]);
    expect(named(alarmsIn('us-east-1'))).toEqual(['unreachable']);
    expect(count(world, 'route53/health-check')).toHaveLength(1);
    expect(count(world, 'cloudwatch/dashboard')).toHaveLength(1);
    expect(count(world, 'sns/')).toEqual([]);
    expect(await world.leftAlone(store)).toEqual([]);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('has its group measured, of which an alarm computes', async () => {
    const { world, alarm } = await built();
    const [group] = world.aws.world.collection(homeRegion, groups).all();
    const watched = (alarm('group-full')?.config.Metrics ?? []).flatMap(({ MetricStat }) =>
      MetricStat ? [(MetricStat.Metric as { MetricName: string }).MetricName] : [],
    );
    expect(watched).toHaveLength(2);
    for (const name of watched) expect(group?.metrics).toContain(name);
  });

  test('counts fewer minutes than it looks at, where an expression stands in for those that come late', async () => {
    const { alarmsIn } = await built();
    const filling = alarmsIn(homeRegion).filter(({ config }) => JSON.stringify(config.Metrics ?? []).includes('FILL('));
    expect(named(filling)).toEqual(['server-errors']);
    for (const { config } of filling)
      expect((config.EvaluationPeriods ?? 0) - (config.DatapointsToAlarm ?? 0)).toBeGreaterThanOrEqual(2);
  });

  test('looks for the host only once the store serves', async () => {
    const { world } = await built();
    const born = (type: string) => world.ledger.history().find((one) => one.type === type)?.created ?? NaN;
    // Its instances have booted and are well.
    expect(born('route53/health-check') - born('autoscaling/group')).toBeGreaterThanOrEqual(60_000);
  });

  test('of a store that is taken down nothing rings: its alarms go before what they watch', async () => {
    const { world, store } = await built();
    const before = world.cloud.writes().length;
    await world.remove(store);
    const writes = world.cloud.writes().slice(before);
    expect(writes.filter((write) => write === 'cloudwatch:DeleteAlarms')).toHaveLength(6);
    const last = writes.lastIndexOf('cloudwatch:DeleteAlarms');
    for (const watched of [
      'autoscaling:DeleteAutoScalingGroup',
      'elbv2:DeleteLoadBalancer',
      'route53:DeleteHealthCheck',
    ])
      expect([watched, writes.indexOf(watched) > last]).toEqual([watched, true]);
  });
});

describe('who is told', () => {
  const emails = ['ops@example.com', 'boss@example.com'];

  test('is told from a topic in each region that has alarms, and every alarm rings there', async () => {
    const { world, alarmsIn } = await built({ notify: { emails } });
    const topics = world.existing('sns/topic');
    expect(topics.map(({ region }) => region).sort()).toEqual([homeRegion, 'us-east-1']);
    expect(world.existing('sns/subscription')).toHaveLength(4);
    for (const region of [homeRegion, 'us-east-1'])
      for (const { config } of alarmsIn(region)) {
        const [topic] = topics.filter((one) => one.region === region);
        expect([config.AlarmActions, config.OKActions]).toEqual([[topic?.id], [topic?.id]]);
      }
  });

  test('leaves no topic and no request behind', async () => {
    const { world, store } = await built({ notify: { emails } });
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('may be a topic that is there already', async () => {
    const arn = (region: string) => `arn:aws:sns:${region}:111122223333:alerts`;
    const notify = { topicArn: arn(homeRegion), usEast1TopicArn: arn('us-east-1') };
    const { world, alarmsIn } = await built({ notify });
    expect(count(world, 'sns/')).toEqual([]);
    for (const region of [homeRegion, 'us-east-1'])
      for (const { config } of alarmsIn(region)) expect(config.AlarmActions).toEqual([arn(region)]);
  });
});

describe('what the spec says of alarms', () => {
  test('is what they are: threshold in the unit of the metric, patience, or not there at all', async () => {
    const { alarm } = await built({
      alarms: { latencyMillis: { threshold: 750, minutes: 7 }, unhealthyHosts: { enabled: false } },
      healthCheck: { enabled: false },
      dashboard: false,
    });
    expect(alarm('latency')?.config).toMatchObject({ Threshold: 0.75, EvaluationPeriods: 7, DatapointsToAlarm: 7 });
    expect(alarm('unhealthy-hosts')).toBeUndefined();
    expect(alarm('unreachable')).toBeUndefined();
  });

  test('a change of it changes that alarm alone, and what is switched off goes', async () => {
    const { world, store, alarm } = await built();
    const before = world.cloud.writes().length;
    store.spec = {
      ...store.spec,
      monitoring: {
        ...(store.spec.monitoring as NonNullable<typeof store.spec.monitoring>),
        dashboard: false,
        alarms: {
          ...(store.spec.monitoring as NonNullable<typeof store.spec.monitoring>).alarms,
          unhealthyHosts: { enabled: false, threshold: 1, minutes: 10 },
          serverErrorPercent: { enabled: true, threshold: 9, minutes: 5 },
        },
      },
    };
    store.applied = false;
    await world.settle(store);
    expect(world.cloud.writes().slice(before).sort()).toEqual([
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DeleteDashboards',
      'cloudwatch:PutMetricAlarm',
    ]);
    expect(alarm('server-errors')?.config.Threshold).toBe(9);
    expect(alarm('unhealthy-hosts')).toBeUndefined();
  });

  test('a group that cannot grow has no alarm of its maximum', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => ({
      ...watching()(spec),
      compute: { ...spec.compute, scaling: { min: 2, max: 2 } },
    }));
    await world.settle(store);
    expect(named(world.aws.world.collection(homeRegion, alarms).all())).not.toContain('group-full');
  });

  test('a database and its replica have theirs', async () => {
    const { world, store, alarmsIn, alarm } = await built({}, 'examples/mysql.yaml');
    const of = (server: string) => ['connections', 'cpu', 'storage'].map((what) => `${server}-${what}`);
    expect(named(alarmsIn(homeRegion))).toEqual(
      [
        ...['certificate', 'group-full', 'latency', 'server-errors', 'unhealthy-hosts'],
        ...[...of('database'), ...of('replica-1'), 'replica-1-lag'],
      ].sort(),
    );
    const Value = store.last?.outputs.get('database/replica-1')?.['instanceName'];
    expect(alarm('replica-1-cpu')?.config.Dimensions).toEqual([{ Name: 'DBInstanceIdentifier', Value }]);
    expect(alarm('database-storage')?.config).toMatchObject({ Threshold: 5 * 1024 ** 3, Namespace: 'AWS/RDS' });
    await world.remove(store);
    expect(count(world, 'cloudwatch/')).toEqual([]);
  });

  test.each([
    ['mysql', '8.4'],
    ['mariadb', '11.4'],
  ] as const)(
    'of %s a lag of -1, which is a replication that has stopped, rings as the longest lag',
    async (engine, version) => {
      const world = new VirtualWorld();
      const store = world.add('examples/mysql.yaml', (spec) => ({
        ...watching({ alarms: { replicaLagSeconds: { threshold: 45 } } })(spec),
        database: { ...spec.database, engine, version },
      }));
      await world.settle(store);
      const lag = lagAlarm(world);
      const Value = store.last?.outputs.get('database/replica-1')?.['instanceName'];
      const Metric = {
        ...{ Namespace: 'AWS/RDS', MetricName: 'ReplicaLag' },
        Dimensions: [{ Name: 'DBInstanceIdentifier', Value }],
      };
      expect(lag).toMatchObject({ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 45 });
      expect(lag?.Metrics).toEqual([
        { Id: 'lag', MetricStat: { Metric, Period: 60, Stat: 'Maximum' }, ReturnData: false },
        { Id: 'result', Expression: 'IF(lag < 0, 45, lag)', ReturnData: true },
      ]);
    },
  );

  test('of postgres the lag itself rings: it grows when replication has stopped', async () => {
    const world = new VirtualWorld();
    const store = world.add('examples/complete.yaml', (spec) => ({
      ...watching()(spec),
      database: { ...spec.database, readReplicas: 1 } as typeof spec.database,
    }));
    await world.settle(store, undefined, 90);
    expect(lagAlarm(world)).toMatchObject({ MetricName: 'ReplicaLag', Statistic: 'Maximum', Threshold: 60 });
  });

  test('a certificate rings by the day, and goes on as it was once ACM measures it no more', async () => {
    const { world, store, alarmsIn, alarm } = await built();
    expect(certificateOf(alarmsIn(homeRegion), 'certificate')).toBe(world.idOf(store, 'domain/certificate'));
    expect(alarm('certificate')?.config).toMatchObject({
      ...{ Namespace: 'AWS/CertificateManager', MetricName: 'DaysToExpiry', Statistic: 'Minimum', Period: 86_400 },
      ...{ ComparisonOperator: 'LessThanThreshold', Threshold: 21, EvaluationPeriods: 1, TreatMissingData: 'ignore' },
    });
  });

  test('a CDN has its alarm where CloudFront is measured', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => ({ ...watching()(spec), cdn: {} }));
    await world.settle(store, undefined, 90);
    const there = world.aws.world.collection('us-east-1', alarms).all();
    expect(named(there)).toEqual(['cdn-errors', 'edge-certificate', 'unreachable']);
    expect(certificateOf(there, 'edge-certificate')).toBe(world.idOf(store, 'cdn/certificate'));
    const Value = store.last?.outputs.get('cdn/distribution')?.['distributionId'];
    expect(there.find(({ arn }) => arn.includes('cdn-errors'))?.config.Dimensions).toEqual([
      { Name: 'DistributionId', Value },
      { Name: 'Region', Value: 'Global' },
    ]);
  });

  test.each(['production', 'notifications'])(
    'all log groups of %s.yaml keep what they have for as long as monitoring says',
    async (example) => {
      const { world } = await built({ logRetentionDays: 7 }, `examples/${example}.yaml`);
      const { logGroups } = await world.other<{ logGroups: { retentionInDays: number }[] }>(
        'logs',
        'DescribeLogGroups',
        {},
      );
      expect(logGroups.length).toBeGreaterThanOrEqual(2);
      expect(logGroups.map(({ retentionInDays }) => retentionInDays)).toEqual(logGroups.map(() => 7));
    },
  );
});

test('a health check whose tags never came gets them: its caller reference tells whose it is', async () => {
  const world = new VirtualWorld();
  world.aws.world.faults.add({ operation: 'ChangeTagsForResource', count: 1, error: 'reset' });
  const store = world.add(minimal, watching());
  await world.settle(store);
  const node = 'monitoring/health-check';
  expect(world.existing('route53/health-check').map(({ tags }) => tags)).toMatchObject([
    ownerTags({ ...store.owner, node }),
  ]);
  expect(await world.leftAlone(store)).toEqual([]);
  world.restart();
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});

describe('behind our back', () => {
  test('an alarm that is made deaf, and one that is deleted, are as they were again', async () => {
    const { world, store, alarm } = await built();
    const [latency, errors] = [alarm('latency'), alarm('server-errors')].map((one) => one?.config.AlarmName ?? '');
    await world.other('cloudwatch', 'DisableAlarmActions', { AlarmNames: [latency] });
    await world.other('cloudwatch', 'DeleteAlarms', { AlarmNames: [errors] });
    const before = world.cloud.writes().length;
    world.clock.advance(5 * 60_000);
    await world.settle(store);
    expect(alarm('latency')?.config.ActionsEnabled).toBe(true);
    expect(alarm('server-errors')).toBeDefined();
    expect(world.cloud.writes().slice(before)).toEqual(['cloudwatch:PutMetricAlarm', 'cloudwatch:PutMetricAlarm']);
  });

  test('somebody else’s alarm under the name of ours is left alone, and that is said', async () => {
    const first = await built();
    const { AlarmName = '' } = first.alarm('latency')?.config ?? {};
    const world = new VirtualWorld();
    await world.other('cloudwatch', 'PutMetricAlarm', {
      ...{ AlarmName, MetricName: 'Theirs', Namespace: 'Theirs', Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    });
    const store = world.add(minimal, watching());
    await expect(world.settle(store, undefined, 30)).rejects.toThrow('is not ours; it is left alone');
    const theirs = world.aws.world.collection(homeRegion, alarms).get(AlarmName);
    expect(theirs?.config.MetricName).toBe('Theirs');
  });
});
