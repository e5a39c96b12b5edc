import { z } from 'zod';
import { dailyWindow, weeklyWindow, windowRules } from './windows.ts';
import { rule, text, whole, withRules } from './words.ts';

/** The versions that people are let in to by IAM, and, of memcached, that encrypt what is on its way. */
const versions = {
  valkey: '^(7[.]2|[89][.][0-9])$',
  redis: '^7[.][0-9]$',
  memcached: '^1[.]6[.](1[2-9]|[2-9][0-9])$',
};

const fits = (engine: keyof typeof versions): string =>
  `(self.engine == '${engine}' && self.version.matches('${versions[engine]}'))`;

const notOf = (field: string, engines: string, wanted: string) =>
  rule(`!has(self.${field}) || ${wanted}`, {
    wrong: `${field} says nothing to ${engines}`,
    remedy: `leave ${field} out`,
    at: `.${field}`,
    reason: 'FieldValueForbidden',
  });

/** The cache of the store, in front of its database. */
export const cache = withRules(
  z
    .strictObject({
      engine: z
        .enum(['valkey', 'redis', 'memcached'])
        .default('valkey')
        .describe(
          'The cache engine. Valkey and Redis: one copy that is written to, with replicas. Memcached: nodes that share the keys.',
        ),
      version: text(
        'The version, at the least: AWS takes newer minor ones by itself, and never goes back. Left out: 8.0 of Valkey, 7.1 of Redis, 1.6.22 of memcached.',
        {
          max: 8,
          pattern: '^[0-9]{1,2}[.][0-9]{1,2}([.][0-9]{1,2})?$',
          meaning: 'a version of two or three numbers',
          example: '8.0',
        },
      ).optional(),
      nodeType: text('The type of each node.', {
        max: 32,
        pattern: '^cache[.][a-z0-9]+[.][a-z0-9]+$',
        meaning: 'a node type: cache, family and size, with dots between them',
        example: 'cache.m7g.large',
      }).default('cache.t4g.small'),
      replicas: whole(
        'How many copies serve reads, and take over when the first fails; none: nothing takes over. Left out: 1. Not of memcached.',
        0,
        5,
      ).optional(),
      nodes: whole('How many nodes share the keys. Left out: 2. Of memcached only.', 1, 40).optional(),
      snapshots: z
        .strictObject({
          retentionDays: whole('How many days AWS keeps its daily snapshots; 0 for none.', 0, 35).default(1),
          window: text('When the daily snapshot is taken, in UTC. Left out: AWS chooses.', {
            max: 11,
            pattern: dailyWindow,
            meaning: 'two times of day in UTC, as HH:MM-HH:MM with leading zeros',
            example: '02:00-03:00',
          }).optional(),
        })
        .optional()
        .describe('The snapshots that AWS takes every day. Left out: kept for a day. Not of memcached.'),
      maintenanceWindow: text('When AWS may restart nodes, in UTC. Left out: AWS chooses.', {
        max: 19,
        pattern: weeklyWindow,
        meaning: 'two times of the week in UTC, as ddd:HH:MM-ddd:HH:MM in lower case',
        example: 'sun:03:00-sun:04:00',
      }).optional(),
      parameters: z
        .record(
          z.string(),
          text('The value of the parameter, in quotes.', { max: 1024, pattern: '^[ -~]*$', example: 'allkeys-lru' }),
        )
        .meta({ maxProperties: 50 })
        .default({})
        .describe('Parameters of the engine by name.'),
    })
    .describe('The cache: encrypted, in the data subnets, without a password. Left out: there is none.'),
  [
    rule("(self.engine == 'memcached') == (oldSelf.engine == 'memcached')", {
      wrong: 'engine cannot change between memcached and the others while the cache lives',
      remedy: 'leave cache out once, so that the old one goes, and then ask for the new one',
      at: '.engine',
      reason: 'FieldValueForbidden',
    }),
    rule(`!has(self.version) || ${fits('valkey')} || ${fits('redis')} || ${fits('memcached')}`, {
      wrong: 'the engine has no such version that is encrypted and lets people in by IAM',
      remedy: 'take 7.2 or newer of valkey, 7.0 or newer of redis, 1.6.12 or newer of memcached, or leave version out',
      at: '.version',
    }),
    ...windowRules({ part: 'snapshots', isOptional: true, leastMinutes: 60, what: 'ElastiCache' }),
    notOf('replicas', 'memcached', "self.engine != 'memcached'"),
    notOf('snapshots', 'memcached', "self.engine != 'memcached'"),
    notOf('nodes', 'valkey and redis', "self.engine == 'memcached'"),
  ],
);
