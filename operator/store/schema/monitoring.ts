import { z } from 'zod';
import { logRetention, oneOf, setOf, text, whole } from './words.ts';

interface Tuning {
  /** What the threshold counts. */
  readonly unit: string;
  readonly threshold: number;
  readonly min?: number;
  readonly max: number;
  readonly minutes: number;
}

/** An alarm of which people may change the threshold and the patience, or that they may do without. */
const alarm = (rings: string, { unit, threshold, min = 1, max, minutes }: Tuning) =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether there is this alarm.'),
      threshold: whole(`The threshold, in ${unit}.`, min, max).default(threshold),
      minutes: whole('How many minutes on end it has to be so.', 1, 60).default(minutes),
    })
    .prefault({})
    .describe(`Rings ${rings}.`);

const certificateDays = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether there is this alarm.'),
    threshold: whole(
      'The threshold, in days. ACM renews its own before the last 45; so a lower one means trouble.',
      1,
      365,
    ).default(21),
  })
  .prefault({})
  .describe('Rings when a certificate, of the load balancer or of the CDN, is valid for fewer days.');

const alarms = z
  .strictObject({
    serverErrorPercent: alarm('when so many requests fail on our side (HTTP 5xx)', {
      ...{ unit: 'percent of all requests', threshold: 5, max: 100, minutes: 5 },
    }),
    latencyMillis: alarm('when the slowest twentieth of requests takes so long', {
      ...{ unit: 'milliseconds', threshold: 2_000, max: 600_000, minutes: 5 },
    }),
    unhealthyHosts: alarm('when so many instances do not answer well', {
      ...{ unit: 'instances', threshold: 1, max: 1_000, minutes: 10 },
    }),
    groupPercent: alarm('when scaling has come so near to compute.scaling.max; not where that is the minimum too', {
      ...{ unit: 'percent of the maximum', threshold: 100, max: 100, minutes: 15 },
    }),
    databaseCpuPercent: alarm('when the database or a replica is so busy', {
      ...{ unit: 'percent of its CPU', threshold: 90, max: 100, minutes: 15 },
    }),
    databaseFreeGib: alarm('when the database or a replica has less free storage', {
      ...{ unit: 'GiB', threshold: 5, max: 65_536, minutes: 5 },
    }),
    databaseConnections: alarm('when the database or a replica has so many connections', {
      ...{ unit: 'connections', threshold: 300, max: 100_000, minutes: 5 },
    }),
    replicaLagSeconds: alarm('when a read replica is so far behind the database, or its replication has stopped', {
      ...{ unit: 'seconds', threshold: 60, max: 86_400, minutes: 10 },
    }),
    cacheMemoryPercent: alarm('when a node of the cache has so little room left; not of memcached', {
      ...{ unit: 'percent of its memory', threshold: 90, max: 100, minutes: 15 },
    }),
    cacheEvictions: alarm('when the cache drops so many keys in a minute to make room', {
      ...{ unit: 'keys a minute', threshold: 1_000, max: 10_000_000, minutes: 15 },
    }),
    failedMessages: alarm(
      'when so many messages wait that SNS could not deliver to a function, or it could not handle',
      { unit: 'messages', threshold: 1, max: 1_000_000, minutes: 1 },
    ),
    cdnErrorPercent: alarm('when the CDN answers so many requests with a server error', {
      ...{ unit: 'percent of all requests', threshold: 5, max: 100, minutes: 5 },
    }),
    certificateDays,
  })
  .prefault({})
  .describe('What rings. An alarm of a section is there when the section is.');

const topicIn = (region: string) => `^arn:aws:sns:${region}:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`;

const notify = z
  .strictObject({
    emails: setOf(
      'Addresses that get a message when an alarm rings, and when it rings no more. Each has to answer the first one.',
      text('An e-mail address.', { max: 254, min: 6, pattern: '^[^@ ]+@[^@ ]+[.][^@ ]+$', example: 'ops@example.com' }),
      10,
    ).default([]),
    topicArn: text("An SNS topic of yours in the store's region, whose policy lets CloudWatch publish.", {
      max: 320,
      pattern: topicIn('[a-z0-9-]{9,20}'),
      example: 'arn:aws:sns:eu-central-1:111122223333:alerts',
    }).optional(),
    usEast1TopicArn: text(
      'An SNS topic of yours in us-east-1: alarms of the health check, of the CDN and of its certificate live there, and reach no topic elsewhere.',
      { max: 320, pattern: topicIn('us-east-1'), example: 'arn:aws:sns:us-east-1:111122223333:alerts' },
    ).optional(),
  })
  .prefault({})
  .describe('Who is told when an alarm rings. Nobody unless it says so: then alarms only show on the dashboard.');

const healthCheck = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether Route 53 asks for a page of the store from around the world.'),
    path: text('The page that it asks for, which answers 200 to 399. Left out: compute.healthPath.', {
      max: 255,
      pattern: '^/[A-Za-z0-9_.~/?=&%+-]*$',
      example: '/healthz',
    }).optional(),
    intervalSeconds: oneOf('How often each place asks; every ten seconds costs more.', [10, 30] as const).default(30),
    failureThreshold: whole('How many answers on end have to fail, or to be well again.', 1, 10).default(3),
    minutes: whole('How many minutes on end the host has to be unreachable before its alarm rings.', 1, 60).default(3),
  })
  .prefault({})
  .describe('A health check of the host name, with an alarm in us-east-1, where alone Route 53 publishes it.');

/** How people see that a store is not well. */
export const monitoring = z
  .strictObject({
    alarms,
    notify,
    healthCheck,
    dashboard: z.boolean().default(true).describe('Whether there is a dashboard of the store in CloudWatch.'),
    logRetentionDays: logRetention(
      'How many days all log groups of the store keep what they have, whatever other sections say, and those that RDS makes for its database. Left out: as those sections say, and 30 for the database.',
    )
      .unwrap()
      .optional(),
  })
  .describe('Alarms, who hears of them, a health check, a dashboard. Left out: there are none.');
