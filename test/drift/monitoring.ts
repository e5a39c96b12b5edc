import { alarm } from '../../operator/resources/cloudwatch/alarm.ts';
import { dashboard } from '../../operator/resources/cloudwatch/dashboard.ts';
import { healthCheck } from '../../operator/resources/route53/health-check.ts';
import { homeRegion } from '../../simulator/account.ts';
import { byUpdate, foundOf } from './by-update.ts';
import {
  driftsOf,
  fixedInAws,
  flag,
  notInAws,
  noneWanted,
  oneValue,
  value,
  type Drift,
  type PropertyDrifts,
} from './drift.ts';
import type { Place } from './place.ts';

const [latency, errors] = ['monitoring/alarm-latency', 'monitoring/alarm-server-errors'] as const;
const rings = byUpdate(alarm, latency);
const shows = byUpdate(dashboard, 'monitoring/dashboard');
const checks = byUpdate(healthCheck, 'monitoring/health-check');
const cloudwatch = (place: Place) => place.call('cloudwatch');
const theirs = [`arn:aws:sns:${homeRegion}:111122223333:theirs`];

/** Whom an alarm tells, otherwise. */
const actions = (field: 'alarmActions' | 'okActions'): PropertyDrifts => ({
  changed: rings('somebody else is told', field, () => theirs),
  removed: rings('nobody is told', field, () => []),
  extra: rings('somebody else is told as well', field, (has) => [...has, ...theirs]),
});

const switchedOff: Drift = {
  what: 'switched off',
  make: (place) => place.world.other('cloudwatch', 'DisableAlarmActions', { AlarmNames: [place.id(latency)] }),
};

const keepsName = notInAws('an alarm keeps its name');

export const alarmDrifts = driftsOf(alarm, {
  in: 'production',
  node: latency,
  properties: {
    title: { changed: keepsName, removed: keepsName, extra: keepsName },
    description: {
      changed: rings('other words', 'description', () => 'Do not mind'),
      removed: rings('none', 'description', () => ''),
      extra: oneValue,
    },
    expression: value(rings('computed to nothing', 'expression', () => 'value * 0')),
    metrics: {
      changed: rings('a median that hides the slow ones', 'metrics', (has) => ({
        value: { ...(has['value'] as NonNullable<(typeof has)['value']>), statistic: 'p50' },
      })),
      removed: notInAws('an alarm has one'),
      extra: rings('one more', 'metrics', (has) => ({ ...has, more: has['requests'] as never }), { node: errors }),
    },
    comparison: value(rings('the other way round', 'comparison', () => 'LessThanThreshold')),
    threshold: value(rings('so high that it never rings', 'threshold', () => 1e6)),
    periods: value(rings('more patient', 'periods', (has) => has + 10)),
    datapoints: value(rings('at the first bad minute', 'datapoints', () => 1)),
    missingData: value(rings('silence is bad', 'missingData', () => 'breaching')),
    ignoresFewSamples: flag(rings('wakes people for one slow request', 'ignoresFewSamples', () => false)),
    actionsEnabled: flag(switchedOff),
    alarmActions: actions('alarmActions'),
    okActions: actions('okActions'),
    noDataActions: {
      changed: noneWanted('no data is no news'),
      removed: noneWanted('no data is no news'),
      extra: rings('somebody is told of no data', 'noDataActions', () => theirs),
    },
  },
  more: [
    {
      property: 'threshold',
      kind: 'changed',
      drift: rings('of the share of errors', 'threshold', () => 100, { node: errors }),
    },
  ],
  deleted: {
    what: 'made again under its name',
    make: (place) => cloudwatch(place)('DeleteAlarms', { AlarmNames: [place.id(latency)] }),
    awsMinutes: 1,
    writes: 1,
  },
});

export const dashboardDrifts = driftsOf(dashboard, {
  in: 'production',
  node: 'monitoring/dashboard',
  properties: {
    widgets: {
      changed: shows('other words', 'widgets', ([first, ...rest]) => [
        { ...(first as NonNullable<typeof first>), properties: { markdown: 'mine' } },
        ...rest,
      ]),
      removed: shows('a graph taken away', 'widgets', (has) => has.slice(0, -1)),
      extra: shows('a text more', 'widgets', (has) => [...has, { ...(has[0] as NonNullable<(typeof has)[0]>), y: 90 }]),
    },
  },
  deleted: {
    what: 'made again under its name',
    make: (place) => cloudwatch(place)('DeleteDashboards', { DashboardNames: [place.id('monitoring/dashboard')] }),
    awsMinutes: 1,
    writes: 1,
  },
});

export const healthCheckDrifts = driftsOf(healthCheck, {
  in: 'production',
  node: 'monitoring/health-check',
  properties: {
    type: fixedInAws('route53', 'HealthCheckId', 'Type'),
    host: value(checks('another host', 'host', () => 'elsewhere.example.com')),
    path: value(checks('a page that always answers', 'path', () => '/robots.txt')),
    port: value(checks('another port', 'port', () => 8443)),
    intervalSeconds: fixedInAws('route53', 'HealthCheckId', 'RequestInterval'),
    failureThreshold: value(checks('more patient', 'failureThreshold', () => 10)),
    measureLatency: fixedInAws('route53', 'HealthCheckId', 'MeasureLatency'),
    sni: flag(checks('turned off', 'sni', () => false)),
    inverted: flag(checks('down is up', 'inverted', () => true)),
    disabled: flag(checks('disabled: always healthy', 'disabled', () => true)),
    regions: {
      changed: noneWanted('it is asked from everywhere'),
      removed: noneWanted('it is asked from everywhere'),
      extra: checks('asked from three regions only', 'regions', () => ['eu-west-1', 'us-east-1', 'us-west-2']),
    },
  },
  deleted: {
    what: 'made again: its alarm and the dashboard look at the new one',
    make: (place) =>
      place.route53('DeleteHealthCheck', { HealthCheckId: foundOf(place, healthCheck, 'monitoring/health-check').id }),
    awsMinutes: 1,
    writes: 4,
  },
});
