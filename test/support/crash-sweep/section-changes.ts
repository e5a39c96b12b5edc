import type { EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import { seededImages } from '../../../simulator/account.ts';

type Section = Exclude<keyof EcomStoreManifestSpec, 'region'>;

/**
 * One change in each section of `examples/everything.yaml`, as a merge patch of it: settings of several of its resources,
 * and where the section can, one resource more, one less, one replaced.
 */
export const sectionChanges: Readonly<Record<Section, object>> = {
  domain: { aliases: ['www.emporium.example.com', 'm.emporium.example.com'] },
  network: { nat: 'single', flowLogs: { retentionDays: 30 } },
  compute: {
    image: { id: seededImages.next },
    environment: { LOG_LEVEL: 'debug' },
    scaling: { max: 10, targetCpuPercent: 65 },
    logRetentionDays: 30,
  },
  loadBalancer: { idleTimeoutSeconds: 60, deregistrationDelaySeconds: 30, stickiness: { durationSeconds: 7200 } },
  database: {
    readReplicas: 1,
    storage: { gib: 200 },
    backups: { retentionDays: 21 },
    parameters: { log_min_duration_statement: '250' },
    applyImmediately: true,
  },
  cache: { replicas: 1, snapshots: { retentionDays: 5 }, parameters: { 'maxmemory-policy': 'volatile-lru' } },
  content: {
    lifecycle: { noncurrentVersionDays: 30 },
    cors: [{ origins: ['https://m.emporium.example.com'], methods: ['GET'] }],
  },
  cdn: { priceClass: 'PriceClass_All', staticPaths: ['/static/*', '/images/*', '/fonts/*'] },
  identity: {
    groups: ['customer', 'merchant', 'support'],
    passwordPolicy: { minLength: 16 },
    signOutPaths: ['/goodbye', '/bye'],
    protectedPaths: ['/account', '/account/*', '/admin', '/admin/*', '/support/*'],
  },
  notifications: {
    topics: {
      orders: {
        subscriptions: [{ protocol: 'email', endpoint: 'sales@example.com' }],
        function: { memoryMiB: 1024, s3: { key: 'on-order-2.zip' } },
      },
      returns: { displayName: 'Emporium returns' },
    },
  },
  monitoring: {
    alarms: { latencyMillis: { threshold: 1000 }, cacheEvictions: { enabled: false } },
    notify: { emails: ['ops@example.com', 'night@example.com'] },
    healthCheck: { failureThreshold: 5 },
    logRetentionDays: 30,
  },
  policy: { permissionsBoundaryArn: null },
};
