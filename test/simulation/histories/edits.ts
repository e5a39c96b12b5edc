import { seededImages } from '../../../simulator/account.ts';
import type { Random } from '../../../simulator/random.ts';
import type { Kept } from './users.ts';

/** What a user changes in a store: a merge patch of its spec. */
export type Edit = Readonly<Record<string, unknown>>;

const pick = <T>(random: Random, of: readonly T[]): T => of[random.below(of.length)] as T;

const scaling = (min: number, max: number): Edit => ({ compute: { scaling: { min, max } } });

/** Edits that every store takes, of every section that can change. */
const valid: readonly ((random: Random) => Edit)[] = [
  (random) => scaling(1 + random.below(3), 4 + random.below(6)),
  (random) => ({ compute: { scaling: { targetCpuPercent: pick(random, [40, 55, 70]) } } }),
  (random) => ({ compute: { port: pick(random, [3000, 8080, 9090]) } }),
  (random) => ({ compute: { healthPath: pick(random, ['/healthz', '/ready', '/']) } }),
  (random) => ({ compute: { healthGraceSeconds: pick(random, [60, 120, 300]) } }),
  (random) => ({ compute: { environment: { CURRENCY: pick(random, ['EUR', 'USD', 'CHF', null]) } } }),
  (random) => ({ compute: { userData: pick(random, ['#!/bin/sh\ntrue', '#!/bin/sh\nfalse', null]) } }),
  (random) => ({ compute: { volume: { sizeGiB: pick(random, [20, 30, 40]) } } }),
  (random) => ({ compute: { instanceTypes: pick(random, [['m4.large'], ['m5.large'], ['m4.large', 'm5.large']]) } }),
  (random) => ({ compute: { logRetentionDays: pick(random, [30, 90]) } }),
  (random) => ({
    compute: { image: { id: pick(random, [seededImages.storefront, seededImages.next]), ssmParameter: null } },
  }),
  (random) => ({ loadBalancer: { idleTimeoutSeconds: pick(random, [60, 120, 300]) } }),
  (random) => ({ loadBalancer: { deregistrationDelaySeconds: pick(random, [0, 30, 90]) } }),
  (random) => ({ loadBalancer: { deletionProtection: random.below(2) === 0 } }),
  (random) => ({
    loadBalancer: { stickiness: { enabled: random.below(2) === 0, durationSeconds: pick(random, [3600, 86400]) } },
  }),
  (random) => ({
    loadBalancer: {
      tlsPolicy: pick(random, ['ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06']),
    },
  }),
];

/** Edits of a store that has a network and a certificate of its own. */
const ofWholeStores: readonly ((random: Random) => Edit)[] = [
  (random) => ({ network: { nat: pick(random, ['none', 'single', 'perZone']) } }),
  (random) => ({ network: { flowLogs: { enabled: random.below(2) === 0 } } }),
  (random) => ({ network: { flowLogs: { retentionDays: pick(random, [30, 90]) } } }),
  (random) => ({ domain: { aliases: pick(random, [[], ['www.example.com'], ['www.example.com', 'm.example.com']]) } }),
  (random) => ({ cdn: pick(random, [{}, null]) }),
];

/** Sections that a whole store gets, changes and loses again. */
const ofSections: readonly ((random: Random) => Edit)[] = [
  (random) => ({ cache: pick(random, [{}, { replicas: 2 }, { engine: 'redis' }, null, null]) }),
  (random) => ({ content: pick(random, [{}, { versioning: false }, null]) }),
  (random) => ({ notifications: pick(random, [{}, { topics: { refunds: {} } }, { topics: { orders: null } }, null]) }),
  (random) => ({ monitoring: pick(random, [{}, { dashboard: false }, { healthCheck: { enabled: false } }, null]) }),
  (random) => ({ database: pick(random, [{}, { readReplicas: 1 }, null]) }),
  (random) => ({ identity: pick(random, [{}, { protectedPaths: ['/account/*'] }, null]) }),
];

/** Edits of a store that holds data. */
const ofData: readonly ((random: Random) => Edit)[] = [
  (random) => ({ database: { readReplicas: random.below(3) } }),
  (random) => ({ database: { backups: { retentionDays: pick(random, [7, 14]) } } }),
  (random) => ({ database: { multiAz: random.below(2) === 0 } }),
  (random) => ({ identity: { groups: pick(random, [['customer'], ['customer', 'merchant', 'admin']]) } }),
  (random) => ({ identity: { passwordPolicy: { minLength: pick(random, [12, 16]) } } }),
];

export function validEdit(random: Random, { isWhole, holdsData }: Pick<Kept, 'isWhole' | 'holdsData'>): Edit {
  if (holdsData && random.below(2) === 0) return pick(random, ofData)(random);
  if (isWhole && random.below(3) === 0) return pick(random, ofSections)(random);
  return pick(random, isWhole ? [...valid, ...ofWholeStores] : valid)(random);
}

/** Edits that the API server refuses, whatever the store is. */
const invalid: readonly Edit[] = [
  { region: 'eu-west-1' },
  { compute: { port: 0 } },
  { compute: { scaling: { min: 9, max: 1 } } },
  { compute: { environment: { PORT: '1' } } },
  { compute: { image: { id: 'no-image' } } },
  { loadBalancer: { tlsPolicy: 'ELBSecurityPolicy-2016-08' } },
  { loadBalancer: { idleTimeoutSeconds: 'long' } },
  { network: { cidr: '10.0.0.0/33' } },
  { domain: { zone: 'example.net' } },
  { policy: { mode: 'Sometimes' } },
];

export const invalidEdit = (random: Random): Edit => pick(random, invalid);
