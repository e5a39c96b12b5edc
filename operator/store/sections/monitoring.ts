import { handle, type Handle, type NodeOptions } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { alarm, type AlarmOutputs } from '../../resources/cloudwatch/alarm.ts';
import { healthCheck } from '../../resources/route53/health-check.ts';
import { fleetOf, healthCheckOf, hostNames, type Site } from '../site.ts';
import { alarmRows, thresholdOf, type MonitoringSpec, type Row } from './alarms.ts';
import { composeDashboard } from './dashboard.ts';
import type { LoadBalancing } from './load-balancer.ts';
import { addTopic, ofAlarms } from './topics.ts';

/** Where Route 53 and CloudFront publish what they measure, and where alone alarms can see it. */
const usEast1 = 'us-east-1';

/** Alarms, who hears of them, a health check of the host, and a dashboard. */
export function composeMonitoring(site: Site, { settled, servedBy }: LoadBalancing): void {
  const { healthCheck: checked, dashboard } = site.spec.monitoring as MonitoringSpec;
  if (checked.enabled) composeHealthCheck(site, settled);
  // What looks at the store's way in looks at another as late as people are led there.
  const turning: NodeOptions = { turnsAfter: settled, servedBy };
  const rows = alarmRows(site);
  const [here, there] = [rows.filter((row) => !row.inUsEast1), rows.filter((row) => row.inUsEast1)];
  const { region } = site.spec;
  const told = region === usEast1 ? [[region, rows] as const] : [[region, here] as const, [usEast1, there] as const];
  const alarms = told.flatMap(([home, own]) => {
    const actions = own.length === 0 ? [] : composeActions(site, home);
    return own.map((row) => ({ row, made: composeAlarm(site, row, actions, home, row.turns ? turning : {}) }));
  });
  if (dashboard) composeDashboard(site, alarms, turning);
}

const elsewhere = ({ spec }: Site, home: string) => (home === spec.region ? {} : { region: home });

/** Made when there is something to find: else it would call a store down that is being built. */
function composeHealthCheck({ graph, spec }: Site, settled: readonly Handle<unknown>[]): void {
  const { path = spec.compute.healthPath, ...wanted } = (spec.monitoring as MonitoringSpec).healthCheck;
  graph.add(
    healthCheck,
    healthCheckOf(spec),
    {
      type: 'HTTPS',
      host: spec.domain.host,
      path,
      port: 443,
      intervalSeconds: wanted.intervalSeconds,
      failureThreshold: wanted.failureThreshold,
      measureLatency: false,
      sni: true,
      inverted: false,
      disabled: false,
      regions: [],
    },
    {
      after: [...settled, handle(fleetOf(spec).group)],
      specFields: { path: 'spec.monitoring.healthCheck.path', intervalSeconds: 'spec.monitoring.healthCheck' },
    },
  );
}

/** The topics that alarms of a region ring: one of ours for people with an address, and the one that is given. */
function composeActions(site: Site, home: string): (string | Ref<string>)[] {
  const { spec } = site;
  const { emails, topicArn, usEast1TopicArn } = (spec.monitoring as MonitoringSpec).notify;
  const given = home === spec.region ? topicArn : usEast1TopicArn;
  return [...(emails.length > 0 ? [composeTopic(site, home, emails)] : []), ...(given === undefined ? [] : [given])];
}

function composeTopic(site: Site, home: string, emails: readonly string[]): Ref<string> {
  const isHome = home === site.spec.region;
  const { topic } = addTopic(site, isHome ? 'monitoring/topic' : `monitoring/topic-${home}`, {
    what: ofAlarms,
    displayName: `Store ${site.owner.name}`,
    services: ['cloudwatch.amazonaws.com'],
    // CloudWatch cannot use AWS's own key of SNS, and the message of an alarm holds no secret.
    kmsKey: null,
    ...(isHome ? {} : { region: home }),
    subscriptions: [...emails].sort().map((endpoint) => ({ protocol: 'email', endpoint })),
    specFields: { subscriptions: 'spec.monitoring.notify.emails' },
  });
  return topic.out('topicArn');
}

function composeAlarm(
  site: Site,
  row: Row,
  actions: readonly (string | Ref<string>)[],
  home: string,
  turning: NodeOptions,
): Handle<AlarmOutputs> {
  const { graph, spec, owner } = site;
  const { periods } = row.tuning;
  return graph.add(
    alarm,
    `monitoring/alarm-${row.what}`,
    {
      title: `ecom/${owner.namespace}/${owner.name}/${row.what}`,
      description: `${row.says}. Store ${owner.namespace}/${owner.name}, ${hostNames(spec)[0]}, in ${spec.region}.`,
      expression: row.expression,
      metrics: row.metrics,
      comparison: row.comparison,
      threshold: thresholdOf(row),
      periods: periods + (row.lateMinutes ?? 0),
      datapoints: periods,
      missingData: row.missingData,
      ignoresFewSamples: row.ignoresFewSamples ?? false,
      actionsEnabled: true,
      alarmActions: actions,
      okActions: actions,
      noDataActions: [],
    },
    {
      ...elsewhere(site, home),
      ...turning,
      specFields: { threshold: 'spec.monitoring.alarms', alarmActions: 'spec.monitoring.notify' },
    },
  );
}
