import { beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';

const region = 'eu-central-1';
let clock: VirtualClock;
let aws: SimulatedAws;

interface Told {
  readonly AlarmName: string;
  readonly AlarmArn: string;
  readonly StateValue: string;
  readonly ActionsEnabled: boolean;
  readonly Threshold: number;
}
const cloudwatch = <T = object>(operation: string, input: object, at = region) =>
  aws.handle({ service: 'cloudwatch', operation, input, region: at }) as Promise<T>;
const describeAlarms = (input: object = {}, at = region) =>
  cloudwatch<{ MetricAlarms: Told[]; NextToken?: string }>('DescribeAlarms', input, at);
const names = async (input: object = {}) => (await describeAlarms(input)).MetricAlarms.map((one) => one.AlarmName);

const cpu = {
  AlarmName: 'cpu',
  ...{ MetricName: 'CPUUtilization', Namespace: 'AWS/RDS', Statistic: 'Average', Period: 60 },
  ...{ EvaluationPeriods: 5, Threshold: 80, ComparisonOperator: 'GreaterThanThreshold' },
};
const put = (more: object = {}, at = region) => cloudwatch('PutMetricAlarm', { ...cpu, ...more }, at);
const metric = (Id: string, ReturnData = false) => ({
  Id,
  ReturnData,
  MetricStat: { Metric: { Namespace: 'AWS/AutoScaling', MetricName: Id }, Period: 60, Stat: 'Maximum' },
});
const { MetricName: _m, Namespace: _n, Statistic: _s, Period: _p, ...bare } = cpu;
const math = (Metrics: object[]) => cloudwatch('PutMetricAlarm', { ...bare, Metrics });

beforeEach(() => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
});

test('a second put of the same name changes the alarm, and not its tags', async () => {
  await put({ Tags: [{ Key: 'team', Value: 'shops' }] });
  await put({ Threshold: 90, Tags: [{ Key: 'team', Value: 'others' }] });
  const { MetricAlarms } = await describeAlarms();
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'cpu', Threshold: 90, ActionsEnabled: true }]);
  const ResourceARN = MetricAlarms[0]?.AlarmArn;
  expect(ResourceARN).toBe('arn:aws:cloudwatch:eu-central-1:111122223333:alarm:cpu');
  const tags = () => cloudwatch('ListTagsForResource', { ResourceARN });
  expect(await tags()).toEqual({ Tags: [{ Key: 'team', Value: 'shops' }] });
  await cloudwatch('TagResource', { ResourceARN, Tags: [{ Key: 'tier', Value: 'data' }] });
  await cloudwatch('UntagResource', { ResourceARN, TagKeys: ['team'] });
  expect(await tags()).toEqual({ Tags: [{ Key: 'tier', Value: 'data' }] });
});

test('an alarm lives in one region, and does what that region has', async () => {
  const topic = (at: string) => ({ AlarmActions: [`arn:aws:sns:${at}:111122223333:alerts`] });
  await put(topic(region));
  expect((await describeAlarms({}, 'us-east-1')).MetricAlarms).toEqual([]);
  await expect(put(topic('us-east-1'))).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'Invalid region us-east-1 specified. Only eu-central-1 is supported.',
  });
  await put(topic('us-east-1'), 'us-east-1');
  await expect(put({ OKActions: ['alerts'] })).rejects.toMatchObject({ code: 'ValidationError' });
});

test('a new alarm has no data; what missing data stands for counts once it was evaluated', async () => {
  await put();
  await put({ AlarmName: 'quiet', TreatMissingData: 'notBreaching' });
  await put({ AlarmName: 'loud', TreatMissingData: 'breaching' });
  const states = async () => (await describeAlarms()).MetricAlarms.map((one) => [one.AlarmName, one.StateValue]);
  const all = ['cpu', 'loud', 'quiet'];
  expect(await states()).toEqual(all.map((name) => [name, 'INSUFFICIENT_DATA']));
  clock.advance(60_000);
  const evaluated = [
    ['cpu', 'INSUFFICIENT_DATA'],
    ['loud', 'ALARM'],
    ['quiet', 'OK'],
  ];
  expect(await states()).toEqual(evaluated);
  expect(await names({ StateValue: 'ALARM' })).toEqual(['loud']);
});

test('a state that somebody sets lasts until the next evaluation', async () => {
  await put({ TreatMissingData: 'notBreaching' });
  const set = (more: object) =>
    cloudwatch('SetAlarmState', { AlarmName: 'cpu', StateValue: 'ALARM', StateReason: 'a test', ...more });
  await set({});
  const state = async () => (await describeAlarms()).MetricAlarms[0]?.StateValue;
  expect(await state()).toBe('ALARM');
  clock.advance(60_000);
  expect(await state()).toBe('OK');
  await expect(set({ AlarmName: 'none' })).rejects.toMatchObject({ code: 'ResourceNotFound', status: 404 });
  await expect(set({ StateReasonData: 'no json' })).rejects.toMatchObject({ code: 'InvalidFormat' });
});

test('alarms are told by prefix, by name or by what they do, page by page', async () => {
  const AlarmActions = [`arn:aws:sns:${region}:111122223333:alerts`];
  for (const name of ['ecom/b', 'ecom/a', 'other']) await put({ AlarmName: name });
  await put({ AlarmName: 'ringing', AlarmActions });
  expect(await names({ AlarmNamePrefix: 'ecom/' })).toEqual(['ecom/a', 'ecom/b']);
  expect(await names({ AlarmNames: ['other', 'none'] })).toEqual(['other']);
  expect(await names({ ActionPrefix: 'arn:aws:sns:' })).toEqual(['ringing']);
  expect(await names({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  const first = await describeAlarms({ MaxRecords: 3 });
  const second = await describeAlarms({ MaxRecords: 3, NextToken: first.NextToken });
  expect([first, second].map(({ MetricAlarms }) => MetricAlarms.length)).toEqual([3, 1]);
  expect(second.NextToken).toBeUndefined();
  await expect(describeAlarms({ NextToken: 'none' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
  const both = describeAlarms({ AlarmNames: ['other'], AlarmNamePrefix: 'ecom/' });
  await expect(both).rejects.toMatchObject({ code: 'InvalidParameterCombination' });
  await expect(describeAlarms({ ParentsOfAlarmName: 'a' })).rejects.toMatchObject({ status: 501 });
});

test('alarms that are there are deleted, whatever else is named, a hundred at a time', async () => {
  for (const name of ['a', 'b']) await put({ AlarmName: name });
  const remove = (AlarmNames: string[]) => cloudwatch('DeleteAlarms', { AlarmNames });
  await expect(remove(['a', 'none'])).rejects.toMatchObject({ code: 'ResourceNotFound' });
  expect(await names()).toEqual(['b']);
  await remove(['b']);
  expect(await names()).toEqual([]);
  const many = Array.from({ length: 101 }, (_, at) => `alarm-${at}`);
  await expect(remove(many)).rejects.toMatchObject({ code: 'ValidationError' });
});

test('actions are switched off and on, and the quota counts new alarms only', async () => {
  await put();
  const enabled = async () => (await describeAlarms()).MetricAlarms[0]?.ActionsEnabled;
  await cloudwatch('DisableAlarmActions', { AlarmNames: ['cpu', 'none'] });
  expect(await enabled()).toBe(false);
  await cloudwatch('EnableAlarmActions', { AlarmNames: ['cpu'] });
  expect(await enabled()).toBe(true);
  aws.world.quotas.set('Alarms', 1);
  await put({ Threshold: 70 });
  await expect(put({ AlarmName: 'other' })).rejects.toMatchObject({ code: 'LimitExceeded' });
});

test('the ledger knows an alarm with its tags, and what it costs: ten cents a month for each metric', async () => {
  await put({ Tags: [{ Key: 'team', Value: 'shops' }] });
  const [alarm] = aws.world.ledger.existing();
  expect(alarm).toMatchObject({ type: 'cloudwatch/alarm', id: 'cpu', region, tags: { team: 'shops' } });
  const cents = () => Math.round((aws.world.ledger.existing()[0]?.dollarsPerHour ?? 0) * 73_000);
  expect(cents()).toBe(10);
  await math([metric('a'), metric('b'), { Id: 'full', Expression: 'a - b', ReturnData: true }]);
  expect(cents()).toBe(20);
});

describe('an alarm is refused', () => {
  const bad: readonly (readonly [what: string, more: object, code: string])[] = [
    ['without a metric', { MetricName: undefined }, 'InvalidParameterCombination'],
    ['without a namespace', { Namespace: undefined }, 'InvalidParameterCombination'],
    ['without a period', { Period: undefined }, 'InvalidParameterCombination'],
    ['with two statistics', { ExtendedStatistic: 'p95' }, 'InvalidParameterCombination'],
    ['without a threshold', { Threshold: undefined }, 'InvalidParameterCombination'],
    ['without a comparison', { ComparisonOperator: undefined }, 'InvalidParameterCombination'],
    ['without evaluation periods', { EvaluationPeriods: undefined }, 'InvalidParameterCombination'],
    ['with an odd period', { Period: 90 }, 'InvalidParameterValue'],
    ['over more than a day', { Period: 600, EvaluationPeriods: 145 }, 'ValidationError'],
    ['with more datapoints than periods', { DatapointsToAlarm: 6 }, 'ValidationError'],
    ['with a statistic that there is not', { Statistic: undefined, ExtendedStatistic: 'q95' }, 'InvalidParameterValue'],
    ['with another word for missing data', { TreatMissingData: 'fine' }, 'InvalidParameterValue'],
    [
      'with few samples and no percentile',
      { EvaluateLowSampleCountPercentile: 'ignore' },
      'InvalidParameterCombination',
    ],
    ['with metrics beside its metric', { Metrics: [metric('a', true)] }, 'InvalidParameterCombination'],
    ['with a control character in its name', { AlarmName: 'a\tb' }, 'InvalidParameterValue'],
    ['with six actions', { AlarmActions: Array(6).fill(`arn:aws:sns:${region}:1:a`) }, 'ValidationError'],
  ];
  test.each(bad)('%s', async (_what, more, code) => {
    await expect(put(more)).rejects.toMatchObject({ code });
    expect(await names()).toEqual([]);
  });

  const badMath: readonly (readonly [what: string, queries: object[]])[] = [
    ['without any', []],
    ['when two return data', [metric('a', true), metric('b', true)]],
    ['when none returns data', [metric('a'), metric('b')]],
    ['with an id twice', [metric('a', true), metric('a')]],
    ['with a capital id', [metric('Aa', true)]],
    ['with a name that nothing has', [metric('a'), { Id: 'e', Expression: 'a - c', ReturnData: true }]],
    ['with eleven metrics', [...'abcdefghijk'].map((id) => metric(id, id === 'a'))],
  ];
  test.each(badMath)('in metric math %s', async (_what, queries) => {
    await expect(math(queries)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });

  test('in what is not simulated, and that is said', async () => {
    const anomaly = put({ ComparisonOperator: 'GreaterThanUpperThreshold' });
    await expect(anomaly).rejects.toMatchObject({ status: 501 });
  });
});
