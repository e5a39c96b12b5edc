import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

export interface MetricStat {
  readonly Metric: object;
  readonly Period: number;
  readonly Stat: string;
  readonly Unit?: string;
}

export interface MetricQuery {
  readonly Id: string;
  readonly MetricStat?: MetricStat;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
}

/** An alarm's settings, as PutMetricAlarm takes them and DescribeAlarms tells them. */
export interface AlarmConfig {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly OKActions?: readonly string[];
  readonly AlarmActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly object[];
  readonly Period?: number;
  readonly Unit?: string;
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: string;
  readonly EvaluateLowSampleCountPercentile?: string;
  readonly Metrics?: readonly MetricQuery[];
}

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  readonly since: number;
}

export interface Alarm {
  readonly arn: string;
  readonly config: AlarmConfig;
  readonly state: AlarmState;
  readonly changedAt: number;
  readonly tags: TagMap;
}

/** https://aws.amazon.com/cloudwatch/pricing/: ten cents a month for each metric that an alarm looks at. */
export const alarms: Kind<Alarm> = {
  type: 'cloudwatch/alarm',
  tags: ({ tags }) => tags,
  dollarsPerHour: ({ config }) =>
    (0.1 * Math.max(1, config.Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1)) / 730,
};

export interface Dashboard {
  readonly name: string;
  readonly arn: string;
  readonly body: string;
  readonly changedAt: number;
  readonly tags: TagMap;
}

/** https://aws.amazon.com/cloudwatch/pricing/: three dollars a month. */
export const dashboards: Kind<Dashboard> = {
  type: 'cloudwatch/dashboard',
  tags: ({ tags }) => tags,
  dollarsPerHour: () => 3 / 730,
};
