import type { MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { digest, tagPairs, type NodeOwner } from '../../model/identity.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';
import { fromMembers, toMembers, type Watched } from './metrics.ts';
import { demandOwn, mayDelete, ownerOf } from './tags.ts';

/** What rings when a metric says that a store is not well. Whether it rings just now is AWS's to say. */
export interface AlarmProps extends Watched {
  /** `ecom/<namespace>/<store>/<what>`: what people read first in a message; the name of the alarm begins with it. */
  readonly title: string;
  readonly description: string;
  readonly comparison: Comparison;
  readonly threshold: number;
  /** It rings when `datapoints` of the last `periods` are beyond the threshold. */
  readonly periods: number;
  readonly datapoints: number;
  readonly missingData: 'missing' | 'notBreaching' | 'breaching' | 'ignore';
  /** Whether a percentile of too few requests to mean anything leaves the alarm as it is. */
  readonly ignoresFewSamples: boolean;
  readonly actionsEnabled: boolean;
  /** Topics of the alarm's own region: it cannot reach another. */
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly noDataActions: readonly string[];
}

export type Comparison =
  'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

export interface AlarmOutputs {
  readonly name: string;
  readonly arn: string;
}

type AlarmFound = Found<AlarmProps, AlarmOutputs>;

/** Every alarm of every store begins with it: one list finds them all. */
const prefix = 'ecom/';

/** A put overwrites whatever has the name, so another store's alarm must not have it: titles may be alike. */
const nameOf = (title: string, physicalName: string): string => `${title}-${digest(physicalName, 8)}`;

export const alarm: ResourceType<AlarmProps, AlarmOutputs> = {
  name: 'cloudwatch/alarm',
  fields: {
    title: 'fixed',
    description: 'live',
    expression: 'live',
    metrics: 'live',
    comparison: 'live',
    threshold: 'live',
    periods: 'live',
    datapoints: 'live',
    missingData: 'live',
    ignoresFewSamples: 'live',
    actionsEnabled: 'live',
    alarmActions: { mode: 'live', equal: sameMembers },
    okActions: { mode: 'live', equal: sameMembers },
    noDataActions: { mode: 'live', equal: sameMembers },
  },
  // An alarm goes before what it watches: else it would ring while its store is taken down.
  needs: [
    'elbv2/load-balancer',
    'elbv2/target-group',
    'autoscaling/group',
    'rds/instance',
    'rds/read-replica',
    'elasticache/replication-group',
    'elasticache/cluster',
    'cloudfront/distribution',
    'route53/health-check',
    'acm/certificate',
    'sns/topic',
  ],
  replace: 'create-first',
  once: 'name', // PutMetricAlarm again is an update to the same: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  endedBy: 'DeleteAlarms',
  key: ({ title }, name) => nameOf(title, name),
  beat: 'existence',
  scope: 'regional',
  alsoInUsEast1: true,

  async *list(aws, scope) {
    const read = (NextToken?: string) =>
      aws.cloudwatch('DescribeAlarms', { AlarmNamePrefix: prefix, MaxRecords: 100, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      yield await withOwners(aws, scope, page.MetricAlarms);
  },

  async named(aws, ids, scope) {
    const found: AlarmFound[] = [];
    for (const AlarmNames of batches(ids, 100)) {
      const read = (NextToken?: string) => aws.cloudwatch('DescribeAlarms', { AlarmNames, MaxRecords: 100, NextToken });
      for await (const page of pages(read, (answer) => answer.NextToken))
        found.push(...(await withOwners(aws, scope, page.MetricAlarms)));
    }
    return found;
  },

  async create(aws, props, birth) {
    const name = nameOf(props.title, birth.name);
    await aws.cloudwatch('PutMetricAlarm', { ...toPut(props), AlarmName: name, Tags: tagPairs(birth.tags) });
    // It answers nothing: it takes all, or refuses.
    return {
      ...{ id: name, key: name, owner: birth.owner, state: { is: 'ready' } },
      ...{ props: { ...props }, outputs: { name } },
    };
  },

  /** A put replaces all settings, and leaves the tags as they were at the creation. */
  async update(aws, found, props) {
    await demandOwn(aws, 'alarm', found);
    await aws.cloudwatch('PutMetricAlarm', { ...toPut(props), AlarmName: found.id });
  },

  async delete(aws, found) {
    if (await mayDelete(aws, 'alarm', found))
      await orAbsent(aws.cloudwatch('DeleteAlarms', { AlarmNames: [found.id] }));
  },
};

const withOwners = (aws: Aws, scope: Scope, alarms: readonly MetricAlarm[] = []): Promise<AlarmFound[]> =>
  Promise.all(alarms.map(async (one) => told(one, await ownerOf(aws, scope, one.AlarmName ?? '', one.AlarmArn))));

const toPut = (props: AlarmProps): Omit<PutMetricAlarmInput, 'AlarmName'> => ({
  ...toMembers(props),
  AlarmDescription: props.description,
  ComparisonOperator: props.comparison,
  Threshold: props.threshold,
  EvaluationPeriods: props.periods,
  DatapointsToAlarm: props.datapoints,
  TreatMissingData: props.missingData,
  EvaluateLowSampleCountPercentile: props.ignoresFewSamples ? 'ignore' : undefined,
  ActionsEnabled: props.actionsEnabled,
  AlarmActions: [...props.alarmActions],
  OKActions: [...props.okActions],
  InsufficientDataActions: [...props.noDataActions],
});

function told(found: MetricAlarm, owner: NodeOwner | undefined): AlarmFound {
  const { AlarmName: name = '', EvaluationPeriods: periods = 0 } = found;
  return {
    id: name,
    key: name,
    owner,
    state: { is: 'ready' },
    props: {
      ...fromMembers(found),
      title: name.replace(/-[0-9a-f]{8}$/, ''),
      description: found.AlarmDescription ?? '',
      comparison: found.ComparisonOperator as Comparison,
      threshold: found.Threshold,
      periods,
      datapoints: found.DatapointsToAlarm ?? periods,
      missingData: (found.TreatMissingData ?? 'missing') as AlarmProps['missingData'],
      ignoresFewSamples: found.EvaluateLowSampleCountPercentile === 'ignore',
      actionsEnabled: found.ActionsEnabled ?? true,
      alarmActions: found.AlarmActions ?? [],
      okActions: found.OKActions ?? [],
      noDataActions: found.InsufficientDataActions ?? [],
    },
    outputs: { name, arn: found.AlarmArn },
  };
}
