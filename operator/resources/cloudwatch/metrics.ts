import type {
  Metric as NamedMetric,
  MetricAlarm,
  MetricDataQuery,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch';

/** One metric as an alarm looks at it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, … or a percentile, as `p95`. */
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Never wanted: an alarm on a unit that its metric does not have sees nothing. */
  readonly unit?: string;
}

/** What an alarm compares with its threshold. */
export interface Watched {
  /** Metric math over the metrics below, or `value` where the metric of that name is all there is. */
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** The one metric of an alarm without metric math. */
export const plain = 'value';
const result = 'result';

type Members = Pick<
  PutMetricAlarmInput,
  'MetricName' | 'Namespace' | 'Dimensions' | 'Period' | 'Statistic' | 'ExtendedStatistic' | 'Metrics'
>;

const isPercentile = (statistic: string): boolean => /^[a-z]/.test(statistic);

/** The members of a put that say what is watched. */
export function toMembers({ expression, metrics }: Watched): Members {
  const only = metrics[plain];
  if (expression === plain && only) {
    const Statistic = only.statistic as PutMetricAlarmInput['Statistic'];
    return {
      ...asMetric(only),
      Period: only.periodSeconds,
      ...(isPercentile(only.statistic) ? { ExtendedStatistic: only.statistic } : { Statistic }),
    };
  }
  const queries = Object.entries(metrics).map(([Id, metric]): MetricDataQuery => {
    const MetricStat = { Metric: asMetric(metric), Period: metric.periodSeconds, Stat: metric.statistic };
    return { Id, MetricStat, ReturnData: false };
  });
  return { Metrics: [...queries, { Id: result, Expression: expression, ReturnData: true }] };
}

const asMetric = ({ namespace, name, dimensions }: Metric): NamedMetric => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

/** What an alarm watches, as DescribeAlarms tells it. */
export function fromMembers(found: MetricAlarm): Watched {
  const { Metrics: queries = [], Period, Unit } = found;
  if (queries.length === 0) {
    const Stat = found.ExtendedStatistic ?? found.Statistic;
    return { expression: plain, metrics: { [plain]: told({ Metric: found, Period, Stat, Unit }) } };
  }
  const stats = queries.flatMap(({ Id = '', MetricStat }) => (MetricStat ? [[Id, told(MetricStat)] as const] : []));
  // The one that returns data last: what it is computed from, by somebody else's expressions, is seen as well.
  const returned = queries.find(({ ReturnData }) => ReturnData !== false);
  const others = queries.flatMap((query) => (query !== returned && query.Expression ? [query.Expression] : []));
  return {
    expression: [...others, returned?.Expression ?? returned?.Id ?? ''].join('; '),
    metrics: Object.fromEntries(stats),
  };
}

interface Stat {
  readonly Metric?: NamedMetric;
  readonly Period?: number;
  readonly Stat?: string;
  readonly Unit?: string;
}

const told = ({ Metric, Period = 0, Stat = '', Unit }: Stat): Metric => ({
  namespace: Metric?.Namespace ?? '',
  name: Metric?.MetricName ?? '',
  dimensions: Object.fromEntries((Metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value])),
  statistic: Stat,
  periodSeconds: Period,
  ...(Unit === undefined ? {} : { unit: Unit }),
});
