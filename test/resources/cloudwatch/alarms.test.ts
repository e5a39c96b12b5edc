import { describe, expect, test } from 'vitest';
import { alarm, type AlarmProps } from '../../../operator/resources/cloudwatch/alarm.ts';
import { Court, laws, region } from '../laws.ts';

const cpu = {
  namespace: 'AWS/RDS',
  name: 'CPUUtilization',
  dimensions: { DBInstanceIdentifier: 'acme' },
  statistic: 'Average',
  periodSeconds: 60,
};
const topic = (name: string) => `arn:aws:sns:${region}:111122223333:${name}`;
const props: AlarmProps = {
  title: 'ecom/shops/acme/database-cpu',
  description: 'The database is busy',
  expression: 'value',
  metrics: { value: cpu },
  comparison: 'GreaterThanThreshold',
  threshold: 80,
  periods: 5,
  datapoints: 4,
  missingData: 'missing',
  ignoresFewSamples: false,
  actionsEnabled: true,
  alarmActions: [topic('alerts')],
  okActions: [topic('alerts')],
  noDataActions: [],
};
const slow: AlarmProps = { ...props, metrics: { value: { ...cpu, statistic: 'p95' } } };
const share = (name: string) => ({ ...cpu, name, statistic: 'Sum' });

laws(alarm, {
  ground: () => Promise.resolve(slow),
  live: {
    description: () => 'The database is very busy',
    expression: () => 'value * 2',
    metrics: () => ({ value: { ...cpu, statistic: 'p90', periodSeconds: 300 } }),
    comparison: () => 'GreaterThanOrEqualToThreshold' as const,
    threshold: () => 90,
    periods: () => 6,
    datapoints: () => 3,
    missingData: () => 'breaching' as const,
    ignoresFewSamples: () => true,
    actionsEnabled: () => false,
    alarmActions: () => [topic('others')],
    okActions: () => [],
    noDataActions: () => [topic('alerts')],
  },
  fixed: { title: 'ecom/shops/acme/other' },
});

interface Told {
  readonly AlarmName: string;
  readonly MetricName?: string;
  readonly Metrics?: object[];
}

describe('an alarm', () => {
  const told = async (court: Court): Promise<Told> =>
    (await court.other<{ MetricAlarms: [Told] }>('cloudwatch', 'DescribeAlarms', {})).MetricAlarms[0];

  test('on one metric names it; one on several computes with them', async () => {
    const court = new Court(alarm);
    await court.settle(props);
    expect(await told(court)).toMatchObject({ MetricName: 'CPUUtilization', Statistic: 'Average', Period: 60 });
    const computed = {
      ...props,
      expression: '100 * errors / requests',
      metrics: { errors: share('Errors'), requests: share('Requests') },
    };
    await court.settle(computed);
    const { MetricName, Metrics } = await told(court);
    expect(MetricName).toBeUndefined();
    expect(Metrics).toMatchObject([
      { Id: 'errors', MetricStat: { Stat: 'Sum', Period: 60 }, ReturnData: false },
      { Id: 'requests', ReturnData: false },
      { Id: 'result', Expression: '100 * errors / requests', ReturnData: true },
    ]);
  });

  test('keeps its name when all but its title changes, and two stores of one name have two', async () => {
    const court = new Court(alarm);
    await court.settle(props);
    const { AlarmName } = await told(court);
    expect(AlarmName).toMatch(/^ecom\/shops\/acme\/database-cpu-[0-9a-f]{8}$/);
    await court.settle({ ...slow, threshold: 10 });
    expect((await told(court)).AlarmName).toBe(AlarmName);
    expect(alarm.key?.(props, 'acme-cpu-a')).not.toBe(alarm.key?.(props, 'acme-cpu-b'));
  });

  test.each([
    ['a unit that the metric may not have', { Unit: 'Count' }, ['metrics']],
    ['an expression between its metric and its result', {}, ['expression']],
  ])('with %s is not as wanted', async (_what, unit, fields) => {
    const court = new Court(alarm);
    const wanted = { ...props, expression: 'a', metrics: { a: cpu } };
    await court.settle(wanted);
    const { AlarmName } = await told(court);
    const Metric = {
      ...{ Namespace: 'AWS/RDS', MetricName: 'CPUUtilization' },
      Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'acme' }],
    };
    const between = fields.includes('expression') ? [{ Id: 'b', Expression: 'a * 0', ReturnData: false }] : [];
    await court.other('cloudwatch', 'PutMetricAlarm', {
      ...{ AlarmName, AlarmDescription: props.description, ComparisonOperator: props.comparison, Threshold: 80 },
      ...{ EvaluationPeriods: 5, DatapointsToAlarm: 4, TreatMissingData: 'missing' },
      ...{ AlarmActions: props.alarmActions, OKActions: props.okActions },
      Metrics: [
        { Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Average', ...unit }, ReturnData: false },
        ...between,
        { Id: 'result', Expression: 'a', ReturnData: true },
      ],
    });
    const [found] = await court.own(wanted);
    expect(court.decide(wanted, found)).toEqual({ do: 'update', fields });
  });

  test('that rings is as wanted as one that does not', async () => {
    const court = new Court(alarm);
    await court.settle(props);
    const { AlarmName } = await told(court);
    await court.other('cloudwatch', 'SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'a test' });
    const before = court.cloud.writes().length;
    await court.settle(props);
    expect(court.writesSince(before)).toEqual([]);
  });
});
