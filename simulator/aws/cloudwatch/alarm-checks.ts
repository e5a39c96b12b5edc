import type { AlarmConfig, MetricQuery } from './kinds.ts';
import { invalid, invalidCombination, invalidValue, notSimulated } from './refusals.ts';

const day = 86_400;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, as its members have it. */
export function checkAlarm(config: AlarmConfig, region: string): void {
  const strange = (['EvaluationCriteria', 'EvaluationInterval', 'ThresholdMetricId'] as const).find(
    (member) => (config as unknown as Record<string, unknown>)[member] !== undefined,
  );
  if (strange) throw notSimulated(`alarms with ${strange}`);
  if (/[\u0000-\u001f\u007f]/.test(config.AlarmName))
    throw invalidValue('The parameter AlarmName must not contain ASCII control characters');
  if (config.Metrics === undefined) checkMetric(config);
  else checkMath(config, config.Metrics);
  checkEvaluation(config);
  for (const actions of [config.OKActions, config.AlarmActions, config.InsufficientDataActions])
    for (const action of actions ?? []) checkAction(action, region);
}

function checkMetric(config: AlarmConfig): void {
  if (config.MetricName === undefined)
    throw invalidCombination('Exactly one of MetricName, Metrics or EvaluationCriteria must be specified');
  if (config.Namespace === undefined) throw invalidCombination('Namespace is required with MetricName');
  if (config.Period === undefined) throw invalidCombination('Period is required with MetricName');
  checkPeriod(config.Period);
  if ((config.Statistic === undefined) === (config.ExtendedStatistic === undefined))
    throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be specified');
  if (config.ExtendedStatistic !== undefined) checkStatistic(config.ExtendedStatistic);
}

/** Members that a metric alone has: with a math expression they stand in its queries. */
const ofOneMetric = [
  ...(['MetricName', 'Namespace', 'Dimensions', 'Period', 'Unit', 'Statistic', 'ExtendedStatistic'] as const),
];

function checkMath(config: AlarmConfig, queries: readonly MetricQuery[]): void {
  const other = ofOneMetric.find((member) => config[member] !== undefined);
  if (other) throw invalidCombination(`${other} must not be specified together with Metrics`);
  const ids = queries.map(({ Id }) => Id);
  if (queries.length === 0) throw invalidValue('Metrics list must not be empty');
  const odd = ids.find((id) => !/^[a-z][A-Za-z0-9_]*$/.test(id));
  if (odd !== undefined) throw invalidValue(`Invalid metrics list: ${odd} is no valid id`);
  if (new Set(ids).size < ids.length) throw invalidValue('Invalid metrics list: ids must be unique');
  if (queries.filter(({ ReturnData }) => ReturnData !== false).length !== 1)
    throw invalidValue('Exactly one element of the metrics list should return data.');
  if (queries.filter(({ MetricStat }) => MetricStat).length > 10)
    throw invalidValue('Invalid metrics list: an alarm looks at no more than 10 metrics');
  for (const { Id, MetricStat, Expression } of queries) {
    if ((MetricStat === undefined) === (Expression === undefined))
      throw invalidCombination(`Invalid metrics list: ${Id} must have exactly one of MetricStat and Expression`);
    if (MetricStat) checkPeriod(MetricStat.Period);
    if (MetricStat) checkStatistic(MetricStat.Stat);
    // Functions are written in capitals, names of metrics and expressions begin with a small letter.
    const unknown = (Expression?.match(/\b[a-z]\w*/g) ?? []).find((name) => !ids.includes(name));
    if (unknown) throw invalidValue(`Invalid metrics list: undefined variable ${unknown} in expression ${Id}`);
  }
}

function checkPeriod(period: number): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0)
    throw invalidValue('Period must be 10, 20, 30 or a multiple of 60');
}

const simple = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
function checkStatistic(statistic: string): void {
  const trimmed = /^((p|tm|tc|ts|wm)\d{1,2}(\.\d{1,10})?|p100|IQM|(PR|TC|TM|TS|WM)\([0-9.%]*:[0-9.%]*\))$/;
  if (!simple.includes(statistic) && !trimmed.test(statistic))
    throw invalidValue(`The value ${statistic} for parameter ExtendedStatistic is not supported.`);
}

const missingData = ['breaching', 'notBreaching', 'ignore', 'missing'];

function checkEvaluation(config: AlarmConfig): void {
  const { EvaluationPeriods: periods, DatapointsToAlarm: points, TreatMissingData: missing } = config;
  const { ComparisonOperator: operator, EvaluateLowSampleCountPercentile: few } = config;
  if (periods === undefined) throw invalidCombination('EvaluationPeriods is required');
  if (operator === undefined) throw invalidCombination('ComparisonOperator is required');
  if (operator.includes('Upper') || operator.includes('Lower')) throw notSimulated('alarms of anomaly detection');
  if (config.Threshold === undefined) throw invalidCombination('Threshold is required');
  if (points !== undefined && points > periods)
    throw invalid('DatapointsToAlarm should not be more than EvaluationPeriods');
  // A week where a period is an hour or more. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  const period = longestPeriod(config);
  if (period * periods > (period >= 3_600 ? 7 * day : day))
    throw invalid('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).');
  if (missing !== undefined && !missingData.includes(missing))
    throw invalidValue(`The value ${missing} is unsupported for TreatMissingData parameter.`);
  if (few === undefined) return;
  if (!['evaluate', 'ignore'].includes(few))
    throw invalidValue(`Option ${few} is not supported for EvaluateLowSampleCountPercentile parameter.`);
  const percentile = [config.ExtendedStatistic, ...(config.Metrics ?? []).map(({ MetricStat }) => MetricStat?.Stat)];
  if (!percentile.some((one) => one?.startsWith('p')))
    throw invalidCombination('EvaluateLowSampleCountPercentile is only for alarms based on percentiles');
}

/** The period in which an alarm is evaluated. */
export const longestPeriod = ({ Period, Metrics = [] }: AlarmConfig): number =>
  Math.max(Period ?? 0, ...Metrics.map(({ MetricStat }) => MetricStat?.Period ?? 0), 10);

/** What an alarm does: it names SNS topics, scaling policies and the like of its own region only. */
function checkAction(action: string, region: string): void {
  const [arn, partition, service, where] = action.split(':');
  if (arn !== 'arn' || partition !== 'aws' || !['sns', 'autoscaling', 'automate', 'lambda'].includes(service ?? ''))
    throw invalid(`Invalid arn syntax: ${action}`);
  if (where !== region) throw invalid(`Invalid region ${where} specified. Only ${region} is supported.`);
}
