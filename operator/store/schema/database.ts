import { z } from 'zod';
import { dailyWindow, weeklyWindow, windowRules } from './windows.ts';
import { rule, text, unchanging, whole, withRules } from './words.ts';

const instanceClass = (description: string) =>
  text(description, {
    max: 32,
    pattern: '^db[.][a-z0-9]+[.][a-z0-9]+$',
    meaning: 'an instance class: db, family and size, with dots between them',
    example: 'db.m6g.large',
  });

const elsewhere =
  'keep it, or make another store with the one that is wanted and take the data there, or, while there is no database yet, take database out of the spec, apply that, and put it back';

/**
 * The commonest of the words that PostgreSQL, MySQL and MariaDB all reserve: RDS refuses them.
 * https://docs.aws.amazon.com/sdk-for-kotlin/api/latest/rds/aws.sdk.kotlin.services.rds.model/-create-db-instance-request/db-name.html
 */
const reserved = [
  ...['all', 'analyze', 'and', 'as', 'asc', 'both', 'case', 'check', 'collate', 'column', 'constraint', 'create'],
  ...['default', 'desc', 'distinct', 'else', 'false', 'fetch', 'for', 'foreign', 'from', 'grant', 'group', 'having'],
  ...['in', 'into', 'leading', 'like', 'limit', 'not', 'null', 'on', 'or', 'order', 'primary', 'references', 'select'],
  ...['table', 'then', 'to', 'trailing', 'true', 'union', 'unique', 'using', 'when', 'where', 'with'],
];

const storage = withRules(
  z
    .strictObject({
      gib: whole('How much storage it is born with, in GiB. It can be raised, never lowered.', 20, 65_536).default(50),
      maxGib: whole('How far AWS may let the storage grow by itself, in GiB.', 22, 65_536).default(500),
      type: z.enum(['gp3', 'gp2']).default('gp3').describe('The kind of storage.'),
    })
    .prefault({})
    .describe('The storage of the database.'),
  [
    rule('self.maxGib * 10 >= self.gib * 11', {
      wrong: 'maxGib leaves the storage no room to grow',
      remedy: 'set maxGib to at least a tenth more than gib',
      at: '.maxGib',
    }),
  ],
);

/** The relational database of the store, with its read replicas. */
export const database = withRules(
  z
    .strictObject({
      engine: z
        .enum(['postgres', 'mysql', 'mariadb'])
        .default('postgres')
        .describe('The database engine. Cannot change.'),
      version: text(
        'The version: a major one, of which AWS keeps the newest minor one, or a whole one as the lowest. Left out: a new database has 16 of PostgreSQL, 8.4 of MySQL, 10.11 of MariaDB, and one that is there keeps its own.',
        {
          max: 16,
          pattern: '^[0-9]{1,2}([.][0-9]{1,3}){0,2}$',
          meaning: 'a version of one to three numbers',
          example: '16',
        },
      ).optional(),
      allowMajorUpgrade: z
        .boolean()
        .default(false)
        .describe('Whether a new major version may be taken, after a snapshot. AWS cannot go back.'),
      instanceClass: instanceClass('The class of the database instance.').default('db.t4g.medium'),
      storage,
      multiAz: z.boolean().default(true).describe('Whether a standby in another zone takes over when the first fails.'),
      readReplicas: whole('How many copies serve reads, spread over the zones.', 0, 5).default(0),
      replicaClass: instanceClass('The class of the read replicas. Left out: that of the database.').optional(),
      masterSecret: z
        .enum(['rds', 'store'])
        .optional()
        .describe(
          'Who keeps the password in Secrets Manager: RDS, which changes it every week and makes no read replicas then, or the store, which changes it never. Left out: RDS without read replicas, the store with them.',
        ),
      backups: z
        .strictObject({
          retentionDays: whole(
            'How many days AWS keeps its daily backups, and can go back to any second.',
            7,
            35,
          ).default(7),
          window: text('When the daily backup begins and ends, in UTC. Left out: AWS chooses.', {
            max: 11,
            pattern: dailyWindow,
            meaning: 'two times of day in UTC, as HH:MM-HH:MM with leading zeros',
            example: '02:00-03:00',
          }).optional(),
        })
        .prefault({})
        .describe('The backups that AWS makes every day.'),
      maintenanceWindow: text('When AWS may restart the database, in UTC. Left out: AWS chooses.', {
        max: 19,
        pattern: weeklyWindow,
        meaning: 'two times of the week in UTC, as ddd:HH:MM-ddd:HH:MM in lower case',
        example: 'sun:03:00-sun:04:00',
      }).optional(),
      applyImmediately: z
        .boolean()
        .default(false)
        .describe(
          'Whether changes of class, version, storage and standby are made at once, not in the maintenance window; another major version is always taken at once. Parameters that need a reboot wait for one either way; status says so.',
        ),
      parameters: z
        .record(
          z.string(),
          text('The value of the parameter, in quotes.', { max: 1024, pattern: '^[ -~]*$', example: '200' }),
        )
        .meta({ maxProperties: 50 })
        .default({})
        .describe('Parameters of the engine by name. Connections are always encrypted, whatever stands here.'),
      databaseName: text('The name of the database that it is born with. Cannot change.', {
        max: 63,
        pattern: '^[a-z][a-z0-9_]*$',
        example: 'shop',
      }).default('shop'),
      performanceInsights: z.boolean().default(false).describe('Whether AWS records what the database waits for.'),
      restoreSnapshotId: text(
        'A snapshot that it is born from, of a database of this namespace: it counts whenever the database is made. Another snapshot is let in by a tag ecom.io/store on it that begins with the namespace and a slash.',
        {
          max: 255,
          pattern: '^[A-Za-z][A-Za-z0-9:.-]*$',
          example: 'acme-primary-0a1b2c3d4e',
        },
      ).optional(),
      adopt: text(
        'The id of a database that another store of the namespace has left, as its status told it. Cannot change.',
        {
          max: 64,
          pattern: '^db-[A-Z0-9]+$',
          example: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        },
      ).optional(),
    })
    .describe('The relational database: a primary with a standby, read replicas, backups. Left out: there is none.'),
  [
    unchanging('engine', elsewhere),
    unchanging('databaseName', elsewhere),
    rule(`!(self.databaseName in [${reserved.map((word) => `'${word}'`).join(', ')}])`, {
      wrong: 'databaseName is a word that the engine reserves, and RDS makes no database of that name',
      remedy: 'choose another one, such as shop',
      at: '.databaseName',
    }),
    unchanging('adopt', 'leave it as it was: it only counts when the store is made'),
    rule("self.readReplicas == 0 || !has(self.masterSecret) || self.masterSecret == 'store'", {
      wrong: 'RDS makes no read replicas of a database whose password it keeps itself',
      remedy: 'set masterSecret to store, or leave it out',
      at: '.masterSecret',
    }),
    rule(
      "self.readReplicas > 0 || oldSelf.readReplicas == 0 || (has(self.masterSecret) && self.masterSecret == 'store')",
      {
        wrong: 'RDS takes the password back once the last read replica is gone, and not before',
        remedy: 'set masterSecret to store, until there are none any more',
        at: '.masterSecret',
        reason: 'FieldValueRequired',
      },
    ),
    ...windowRules({ part: 'backups', leastMinutes: 30, what: 'RDS' }),
    rule('!has(self.adopt) || !has(self.restoreSnapshotId)', {
      wrong: 'a database is either adopted or restored from a snapshot',
      remedy: 'leave one of the two out',
      at: '.restoreSnapshotId',
      reason: 'FieldValueForbidden',
    }),
  ],
);
