import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../operator/model/ref.ts';
import { compose } from '../../operator/store/compose.ts';
import { applyDefaults } from '../../operator/store/defaults.ts';
import { withDefaults } from '../../operator/store/spec.ts';
import { minimal } from './bad-manifests.ts';

describe('defaults', () => {
  test('make a whole store of ten lines', () => {
    expect(withDefaults(minimal.spec)).toEqual({
      region: 'eu-central-1',
      domain: { host: 'shop.example.com', aliases: [], zone: 'example.com', createZone: false },
      network: { cidr: '10.0.0.0/16', zones: 2, nat: 'single', flowLogs: { enabled: true, retentionDays: 30 } },
      compute: {
        instanceTypes: ['m4.large'],
        image: { ssmParameter: '/ecom/images/storefront' },
        scaling: { min: 2, max: 10, targetCpuPercent: 60 },
        port: 8080,
        healthPath: '/healthz',
        healthGraceSeconds: 120,
        environment: {},
        volume: { sizeGiB: 20, type: 'gp3' },
        rollout: { minHealthyPercent: 90, warmupSeconds: 120 },
        logRetentionDays: 30,
      },
      loadBalancer: {
        stickiness: { enabled: true, durationSeconds: 86400 },
        idleTimeoutSeconds: 60,
        deregistrationDelaySeconds: 60,
        deletionProtection: true,
        tlsPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      },
      policy: { mode: 'Enforce', deletion: 'Retain', replace: [] },
    });
  });

  test('leave alone what is given, and what they were taken from', () => {
    const spec = { ...minimal.spec, network: { nat: 'none' as const, flowLogs: { enabled: false } } };
    const before = structuredClone(spec);
    expect(withDefaults(spec).network).toEqual({
      cidr: '10.0.0.0/16',
      zones: 2,
      nat: 'none',
      flowLogs: { enabled: false, retentionDays: 30 },
    });
    expect(spec).toEqual(before);
  });

  test('change nothing the second time', () => {
    const once = withDefaults(minimal.spec);
    expect(withDefaults(once)).toEqual(once);
  });

  test('are not shared between stores', () => {
    const [one, other] = [withDefaults(minimal.spec), withDefaults(minimal.spec)];
    expect(one.network.flowLogs).not.toBe(other.network.flowLogs);
  });

  // The API server must not: Argo CD compares lists of custom resources as a whole, and would see a difference for ever.
  test('are the business of the recipe inside lists', () => {
    const sections = {
      content: { cors: [{ origins: ['*'] }] },
      cdn: { errorPages: [{ errorCode: 503 as const, path: '/sorry.html' }] },
    };
    const spec = withDefaults({ ...minimal.spec, ...sections });
    expect(spec).toMatchObject(sections);
    const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'u' };
    const { nodes } = compose({ owner, account: '111122223333', spec });
    const props = (id: NodeId) => nodes.get(id)?.props;
    expect(props('content/bucket')).toMatchObject({
      cors: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET', 'HEAD'], MaxAgeSeconds: 3600 }],
    });
    expect(props('cdn/distribution')).toMatchObject({
      errorAnswers: expect.arrayContaining([
        { errorCode: 503, page: { path: '/sorry.html', responseCode: 503 }, cachingSeconds: 0 },
      ]) as unknown,
    });
  });

  test('take a null for a missing value, as the API server does', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'integer', default: 1 }, b: { type: 'string' } },
    } as const;
    expect(applyDefaults(schema, { a: null, b: null, c: null })).toEqual({ a: 1, c: null });
    expect(applyDefaults({ additionalProperties: { type: 'string' } }, { a: null, b: '' })).toEqual({ b: '' });
    expect(applyDefaults({ items: { type: 'string' } }, [null])).toEqual([null]);
  });
});
