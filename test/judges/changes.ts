import { withDefaults, type EcomStoreSpec } from '../../operator/store/spec.ts';
import { seededImages } from '../../simulator/account.ts';

type Spec = EcomStoreSpec;

/** A change that somebody makes to a store. */
export interface Change {
  readonly what: string;
  readonly change: (spec: Spec) => Spec;
  /** It is taken back after so many writes, whatever was made by then. */
  readonly takenBackAfter?: number;
}

/** What is changed of sections that are there; objects are merged, all else is put in place of what was. */
type Patch = { readonly [key: string]: unknown };

function merged(value: unknown, patch: Patch): unknown {
  const isObject = (one: unknown): one is Patch => typeof one === 'object' && one !== null && !Array.isArray(one);
  const had = isObject(value) ? value : {};
  return Object.fromEntries(
    Object.entries({ ...had, ...patch }).map(([key, one]) => [
      key,
      isObject(one) && key in patch ? merged(had[key], one) : one,
    ]),
  );
}

export const patched =
  (patch: Patch) =>
  (spec: Spec): Spec =>
    merged(spec, patch) as Spec;

/**
 * One after the other to examples/everything.yaml: at least one in each section, and those that put another resource in
 * the place of the old one.
 */
export const changesOfEverything: readonly Change[] = [
  {
    what: 'another host, and so another certificate, and an alias less',
    change: patched({ domain: { host: 'market.example.com', aliases: [] } }),
  },
  {
    what: 'one more host and one more port that are taken back halfway',
    change: patched({ domain: { host: 'bazaar.example.com' }, compute: { port: 9000, healthPath: '/alive' } }),
    takenBackAfter: 8,
  },
  {
    what: 'one way out for both zones, and logs that are kept for longer',
    change: patched({ network: { nat: 'single', flowLogs: { retentionDays: 180 } } }),
  },
  { what: 'another port of the application', change: patched({ compute: { port: 9090 } }) },
  {
    what: 'another image, another instance type and larger volumes',
    change: patched({
      compute: { image: { id: seededImages.next }, instanceTypes: ['m5.large'], volume: { sizeGiB: 60 } },
    }),
  },
  {
    what: 'no sticky sessions, and an older policy of TLS 1.2',
    change: patched({
      loadBalancer: {
        ...{ stickiness: { enabled: false }, idleTimeoutSeconds: 30 },
        tlsPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      },
    }),
  },
  {
    what: 'a newer major version of the database, at once, and a replica less',
    change: patched({
      database: { version: '17', allowMajorUpgrade: true, applyImmediately: true, readReplicas: 1 },
    }),
  },
  {
    what: 'larger databases with more storage and other parameters',
    change: patched({
      database: {
        ...{ instanceClass: 'db.r7g.large', replicaClass: 'db.r7g.large', storage: { gib: 200 } },
        parameters: { log_min_duration_statement: '250' },
      },
    }),
  },
  {
    what: 'larger caches, and one less',
    change: patched({ cache: { nodeType: 'cache.t4g.small', replicas: 1 } }),
  },
  {
    what: 'other rules of what is kept in the bucket, and for whom',
    change: patched({
      content: {
        lifecycle: { noncurrentVersionDays: 30, expire: [] },
        cors: [{ origins: ['https://market.example.com'], methods: ['GET'], headers: [], exposeHeaders: [] }],
      },
    }),
  },
  {
    what: 'other static paths, in all the world',
    change: patched({ cdn: { staticPaths: ['/assets/*'], priceClass: 'PriceClass_All', errorPages: [] } }),
  },
  {
    what: 'a second factor, other groups, other protected paths and another page to sign in at',
    change: patched({
      identity: {
        ...{ mfa: 'required', groups: ['customer', 'staff'], protectedPaths: ['/staff', '/staff/*'] },
        domainPrefix: 'market-shop',
      },
    }),
  },
  {
    what: 'another topic in place of the one that is there',
    change: ({ notifications, ...spec }) =>
      ({ ...spec, notifications: { ...notifications, topics: { sales: notifications?.topics['orders'] } } }) as Spec,
  },
  {
    what: 'other thresholds, and somebody else who is rung',
    change: patched({
      monitoring: {
        ...{ notify: { emails: ['night@example.com'] }, healthCheck: { path: '/alive' } },
        alarms: { latencyMillis: { threshold: 900 }, cacheEvictions: { enabled: false } },
      },
    }),
  },
  {
    what: 'nobody signs in',
    change: ({ identity: _identity, ...spec }) => spec,
  },
  {
    what: 'no messages, no cache and no database, and the data kept as snapshots',
    change: ({ notifications: _notifications, cache: _cache, database: _database, ...spec }) => spec,
  },
];

/** To a small store with a cache of redis. */
export const changesOfSmall: readonly Change[] = [
  { what: 'another engine in the same cache', change: patched({ cache: { engine: 'valkey', version: '8.0' } }) },
  {
    what: 'a way out for each zone, and an alias',
    change: patched({ network: { nat: 'perZone' }, domain: { aliases: ['www.small.example.com'] } }),
  },
  { what: 'a database', change: (spec) => withDefaults({ ...spec, database: { engine: 'postgres' } }) },
];
