import { handle } from '../../model/graph.ts';
import type { NodeId, Ref, Wanted } from '../../model/ref.ts';
import type { AlarmProps } from '../../resources/cloudwatch/alarm.ts';
import { plain, type Metric } from '../../resources/cloudwatch/metrics.ts';
import { edgeCertificateOf, fleetOf, healthCheckOf, uniqueName, wayIn, type Site, type WayIn } from '../site.ts';

export type MonitoringSpec = NonNullable<Site['spec']['monitoring']>;
type AlarmName = Exclude<keyof MonitoringSpec['alarms'], 'certificateDays'>;
type Database = NonNullable<Site['spec']['database']>;

/** One alarm, and the graph of it on the dashboard: a new alarm is one more row of the table below. */
export interface Row {
  /** The end of its node's name, and of its own. */
  readonly what: string;
  /** What a person reads who has just been woken. */
  readonly says: string;
  readonly tuning: {
    readonly threshold: number;
    /** How many periods on end it has to be so. */
    readonly periods: number;
  };
  /** The threshold in the unit of the metric, where people say it in another. */
  readonly inUnits?: (threshold: number) => number;
  readonly comparison: AlarmProps['comparison'];
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Wanted<Metric>>>;
  /** What it means when nothing is measured: by far most metrics say nothing when all is quiet. */
  readonly missingData: AlarmProps['missingData'];
  /** For a percentile: of few requests it says nothing. */
  readonly ignoresFewSamples?: true;
  /**
   * Minutes that may not count: where FILL stands in for what a metric brings late, the newest minute says that all is
   * well, and an alarm that wants every minute is stuck.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   */
  readonly lateMinutes?: number;
  /** Some metrics are in us-east-1 only, wherever what they measure is. */
  readonly inUsEast1?: true;
  /** It is of the way in or of the instances: while others take their place it goes on looking at those that serve. */
  readonly turns?: true;
}

/** What the metrics of an alarm are compared with. */
export const thresholdOf = ({ tuning, inUnits = (threshold) => threshold }: Row): number => inUnits(tuning.threshold);

/** The minute in which every metric here is published, but for the one of certificates. */
const periodSeconds = 60;
const day = 86_400;

/** How long a period is. */
export const periodOf = ({ metrics }: Row): number =>
  Math.max(...Object.values(metrics).map((metric) => (metric as Metric).periodSeconds));

const out = (node: NodeId, output: string): Ref<string> => handle<Record<string, string>>(node).out(output);

const metricOf =
  (namespace: string, dimensions: Readonly<Record<string, string | Ref<string>>>) =>
  (name: string, statistic: string): Wanted<Metric> => ({ namespace, name, dimensions, statistic, periodSeconds });

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
const ofDistribution = metricOf('AWS/CloudFront', {
  DistributionId: out('cdn/distribution', 'distributionId'),
  Region: 'Global',
});

const one = (metric: Wanted<Metric>) => ({ expression: plain, metrics: { [plain]: metric } });
const atLeast = 'GreaterThanOrEqualToThreshold';
const below = 'LessThanThreshold';

type Tunable = Omit<Row, 'tuning'> & { readonly key: AlarmName };

/** The alarms that a store's spec asks for. */
export function alarmRows({ spec, owner }: Site): Row[] {
  const { alarms, healthCheck } = spec.monitoring as MonitoringSpec;
  const { compute, database, cache, cdn, notifications } = spec;
  const rows = [
    ...requestRows(wayIn(spec)),
    // A group of one size is always at its maximum.
    ...(compute.scaling.min < compute.scaling.max ? [groupFull(fleetOf(spec).group)] : []),
    ...(database ? databaseRows('database/primary', 'database', 'The database') : []),
    ...(database ? replicasRows(database, alarms.replicaLagSeconds.threshold) : []),
    ...(cache ? cacheRows(cache.engine === 'memcached' ? 0 : (cache.replicas ?? 1) + 1) : []),
    ...Object.entries(notifications?.topics ?? {}).flatMap(([what, { function: handler }]) =>
      handler && handler.arn === undefined ? [failedMessages(what, uniqueName(owner, `failed-${what}`))] : [],
    ),
    ...(cdn ? [cdnErrors] : []),
  ];
  const { enabled, threshold } = alarms.certificateDays;
  return [
    ...rows.filter(({ key }) => alarms[key].enabled).map((row) => ({ ...row, tuning: tuningOf(alarms[row.key]) })),
    ...(enabled ? certificateRows(spec).map((row) => ({ ...row, tuning: { threshold, periods: 1 } })) : []),
    ...(healthCheck.enabled
      ? [{ ...unreachable(healthCheckOf(spec)), tuning: { threshold: 1, periods: healthCheck.minutes } }]
      : []),
  ];
}

/** A period is a minute. */
const tuningOf = ({ threshold, minutes }: MonitoringSpec['alarms'][AlarmName]) => ({ threshold, periods: minutes });

function certificateRows(spec: Site['spec']): Omit<Row, 'tuning'>[] {
  const own = certificateRow('certificate', 'domain/certificate', 'The certificate of the store');
  if (!spec.cdn || edgeCertificateOf(spec) === 'domain/certificate') return [own];
  const edge = certificateRow('edge-certificate', edgeCertificateOf(spec), 'The certificate of the CDN');
  return [own, { ...edge, inUsEast1: true }];
}

/**
 * ACM publishes it twice a day, where the certificate is, and no more once that has ended. When nothing is told the alarm
 * stays as it is: it goes on ringing after the end, and does not ring for one that was issued an hour ago.
 * https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
 */
const certificateRow = (what: string, node: NodeId, subject: string): Omit<Row, 'tuning'> => ({
  what,
  says: `${subject} is about to end: see how its renewal goes`,
  comparison: below,
  ...one({
    ...metricOf('AWS/CertificateManager', { CertificateArn: out(node, 'certificateArn') })('DaysToExpiry', 'Minimum'),
    periodSeconds: day,
  }),
  missingData: 'ignore',
});

function requestRows({ balancer, targets }: WayIn): Tunable[] {
  const dimensions = { LoadBalancer: out(balancer, 'fullName') };
  const ofBalancer = metricOf('AWS/ApplicationELB', dimensions);
  const ofTargets = metricOf('AWS/ApplicationELB', { ...dimensions, TargetGroup: out(targets, 'fullName') });
  return [
    {
      key: 'serverErrorPercent',
      what: 'server-errors',
      says: 'Too many requests fail on our side',
      comparison: atLeast,
      // The count of requests lacks those that found no instance. A handful of errors at night says nothing.
      expression:
        'IF(FILL(target, 0) + FILL(own, 0) < 5, 0, 100 * (FILL(target, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0)))',
      metrics: {
        target: ofBalancer('HTTPCode_Target_5XX_Count', 'Sum'),
        own: ofBalancer('HTTPCode_ELB_5XX_Count', 'Sum'),
        requests: ofBalancer('RequestCount', 'Sum'),
      },
      lateMinutes: 2,
      missingData: 'notBreaching',
      turns: true,
    },
    {
      key: 'latencyMillis',
      what: 'latency',
      says: 'The slowest twentieth of requests takes too long',
      comparison: atLeast,
      inUnits: (millis) => millis / 1_000,
      ...one(ofBalancer('TargetResponseTime', 'p95')),
      ignoresFewSamples: true,
      missingData: 'notBreaching',
      turns: true,
    },
    {
      key: 'unhealthyHosts',
      what: 'unhealthy-hosts',
      says: 'Instances do not answer well',
      comparison: atLeast,
      ...one(ofTargets('UnHealthyHostCount', 'Maximum')),
      missingData: 'notBreaching',
      turns: true,
    },
  ];
}

function groupFull(group: NodeId): Tunable {
  const ofGroup = metricOf('AWS/AutoScaling', { AutoScalingGroupName: out(group, 'groupName') });
  return {
    key: 'groupPercent',
    what: 'group-full',
    says: 'The store cannot scale much further: raise compute.scaling.max',
    comparison: atLeast,
    expression: '100 * serving / most',
    metrics: { serving: ofGroup('GroupInServiceInstances', 'Maximum'), most: ofGroup('GroupMaxSize', 'Maximum') },
    missingData: 'missing',
    turns: true,
  };
}

const ofServer = (node: NodeId) => metricOf('AWS/RDS', { DBInstanceIdentifier: out(node, 'instanceName') });

/** The same of the primary and of each replica. */
function databaseRows(node: NodeId, what: string, subject: string): Tunable[] {
  const metric = ofServer(node);
  return [
    {
      key: 'databaseCpuPercent',
      what: `${what}-cpu`,
      says: `${subject} is too busy`,
      comparison: atLeast,
      ...one(metric('CPUUtilization', 'Average')),
      missingData: 'missing',
    },
    {
      key: 'databaseFreeGib',
      what: `${what}-storage`,
      says: `${subject} is running out of storage`,
      comparison: below,
      inUnits: (gib) => gib * 1_024 ** 3,
      ...one(metric('FreeStorageSpace', 'Minimum')),
      missingData: 'missing',
    },
    {
      key: 'databaseConnections',
      what: `${what}-connections`,
      says: `${subject} has too many connections`,
      comparison: atLeast,
      ...one(metric('DatabaseConnections', 'Maximum')),
      missingData: 'missing',
    },
  ];
}

const replicasRows = ({ engine, readReplicas }: Database, longestLag: number): Tunable[] =>
  Array.from({ length: readReplicas }, (_, at) => replicaRows(at + 1, engine, longestLag)).flat();

function replicaRows(number: number, engine: Database['engine'], longestLag: number): Tunable[] {
  const [node, what, subject]: [NodeId, string, string] = [
    ...([`database/replica-${number}`, `replica-${number}`, `Read replica ${number}`] as const),
  ];
  return [
    ...databaseRows(node, what, subject),
    {
      key: 'replicaLagSeconds',
      what: `${what}-lag`,
      says: `${subject} is too far behind the database, or follows it no more`,
      comparison: atLeast,
      ...lagOf(ofServer(node)('ReplicaLag', 'Maximum'), engine, longestLag),
      missingData: 'missing',
    },
  ];
}

/**
 * Of a replication that has stopped MySQL and MariaDB tell -1: that counts as the longest lag. PostgreSQL tells how long
 * ago the replica took the last change, and that grows.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_MySQL.Replication.ReadReplicas.Monitor.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_MariaDB.Replication.ReadReplicas.Monitor.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.Monitor.html
 */
const lagOf = (lag: Wanted<Metric>, engine: Database['engine'], longest: number) =>
  engine === 'postgres' ? one(lag) : { expression: `IF(lag < 0, ${longest}, lag)`, metrics: { lag } };

/**
 * Of Valkey and Redis the worst of so many nodes; of memcached (no such nodes) all of them as one.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
 */
function cacheRows(nodes: number): Tunable[] {
  const ids = Array.from({ length: nodes }, (_, at) => `node${at + 1}`);
  const worst = (name: string, statistic: string) => ({
    expression: `MAX([${ids.join(', ')}])`,
    metrics: Object.fromEntries(
      ids.map((id, at) => [
        id,
        metricOf('AWS/ElastiCache', { CacheClusterId: out('cache/group', `node:${at + 1}`) })(name, statistic),
      ]),
    ),
  });
  const ofCluster = metricOf('AWS/ElastiCache', { CacheClusterId: out('cache/cluster', 'clusterId') });
  const memory: Tunable = {
    key: 'cacheMemoryPercent',
    what: 'cache-memory',
    says: 'The cache is running out of memory',
    comparison: atLeast,
    ...worst('DatabaseMemoryUsagePercentage', 'Maximum'),
    missingData: 'missing',
  };
  const evictions: Tunable = {
    key: 'cacheEvictions',
    what: 'cache-evictions',
    says: 'The cache drops keys to make room',
    comparison: atLeast,
    ...(nodes > 0 ? worst('Evictions', 'Sum') : one(ofCluster('Evictions', 'Sum'))),
    missingData: 'missing',
  };
  return nodes > 0 ? [memory, evictions] : [evictions];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
const failedMessages = (topic: string, queue: string): Tunable => ({
  key: 'failedMessages',
  what: `failed-${topic}`,
  says: `Messages of topic ${topic} could not be handled`,
  comparison: atLeast,
  ...one(metricOf('AWS/SQS', { QueueName: queue })('ApproximateNumberOfMessagesVisible', 'Maximum')),
  missingData: 'notBreaching',
});

const cdnErrors: Tunable = {
  key: 'cdnErrorPercent',
  what: 'cdn-errors',
  says: 'The CDN answers too many requests with a server error',
  comparison: atLeast,
  ...one(ofDistribution('5xxErrorRate', 'Average')),
  missingData: 'notBreaching',
  inUsEast1: true,
};

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html: 1 is healthy, 0 is not. */
const unreachable = (check: NodeId): Omit<Row, 'tuning'> => ({
  what: 'unreachable',
  says: 'The store cannot be reached from around the world',
  comparison: below,
  ...one(metricOf('AWS/Route53', { HealthCheckId: out(check, 'healthCheckId') })('HealthCheckStatus', 'Minimum')),
  missingData: 'missing',
  inUsEast1: true,
});
