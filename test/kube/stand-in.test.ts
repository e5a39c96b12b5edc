import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { expect, test, vi } from 'vitest';
import { readConfig } from '../../operator/config.ts';
import type { OpenStore } from '../../operator/kube/open-store.ts';
import type { PassOutcome } from '../../operator/kube/pass.ts';
import { serve } from '../../operator/serve.ts';
import { FastClock } from '../../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../../simulator/kube/start.ts';
import { openAccess } from '../../operator/kube/access.ts';
import { kubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { realTimers } from '../../operator/runtime/clock.ts';
import { Reflector } from '../../operator/kube/reflector.ts';
import { storePath, storesPath, type StoreObject } from '../../operator/kube/store-object.ts';
import { kubeApiSuite, type ApiUnderTest } from '../support/kube-api-suite.ts';
import { logBook } from '../support/log-book.ts';
import { plainAccess } from '../support/scripted-api.ts';
import { until, VirtualTimers } from '../support/virtual-timers.ts';

const documents = (folder: string, file: string): unknown[] =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as unknown);

const serviceAccount = 'system:serviceaccount:ecomstore-system:ecomstore-operator';
let kubernetes: SimulatedKubernetes | undefined;

/** The stand-in asks who we are, and allows everything to everybody it knows. */
const clientOf = (server: string, token: string): KubeClient =>
  kubeClient({
    access: openAccess({ ...plainAccess(server), token: { text: token } }, 4, () => Date.now()),
    userAgent: 'test',
    clock: realTimers,
  });

async function start(): Promise<ApiUnderTest> {
  kubernetes = await startKubernetes({
    clock: new FastClock(),
    crds: readdirSync('crds').flatMap((file) => documents('crds', file)),
    users: { 'operator-token': serviceAccount, 'setup-token': 'setup' },
  });
  const client = clientOf(kubernetes.server, 'setup-token');
  for (const name of ['shops', 'ecomstore-system'])
    await client.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    });
  await client.close();
  return {
    admin: kubernetes.kubeconfig,
    operator: kubernetes.kubeconfigOf('operator-token'),
    leaseNamespace: 'ecomstore-system',
    close: () => (kubernetes as SimulatedKubernetes).close(),
  };
}

kubeApiSuite('the stand-in API server', start);

const storeNamed = (name: string) => ({
  ...{ apiVersion: 'ecom.io/v1alpha1', kind: 'EcomStore', metadata: { namespace: 'shops', name } },
  spec: {
    region: 'eu-central-1',
    domain: { host: 'shop.example.com', zone: 'example.com' },
    compute: { image: { ssmParameter: '/ecom/images/storefront' }, scaling: { min: 2, max: 10 } },
  },
});

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

test('what the operator asked for in all this is exactly what its manifests allow', () => {
  const allowed = (documents('manifests/base', 'rbac.yaml') as { kind: string; rules?: Rule[] }[])
    .flatMap(({ rules }) => rules ?? [])
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    );
  const asked = (kubernetes?.requests ?? [])
    .filter(({ user }) => user === serviceAccount)
    .map(
      ({ verb, group, resource, subresource }) => `${verb} ${group}/${resource}${subresource ? `/${subresource}` : ''}`,
    );
  expect([...new Set(asked)].sort()).toEqual([...new Set(allowed)].sort());
});

test('the leader renews its lease while every worker waits for the API server', async () => {
  const { close, operator } = await start();
  const { faults, requests, server } = kubernetes as SimulatedKubernetes;
  const client = clientOf(server, 'setup-token');
  const names = Array.from({ length: 12 }, (_, at) => `store-${at}`);
  for (const name of names) await client.request({ method: 'POST', path: storesPath('shops'), body: storeNamed(name) });
  faults.answer({
    count: Infinity,
    answer: 'silence',
    meets: ({ verb, user }) => verb === 'patch' && user === serviceAccount,
  });
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-lease-'));
  writeFileSync(join(folder, 'config'), operator);
  const env = {
    KUBECONFIG: join(folder, 'config'),
    ECOM_METRICS_PORT: '0',
    ECOM_METRICS_ADDRESS: '127.0.0.1',
    ECOM_WORKERS: '12',
    ECOM_LEASE_NAMESPACE: 'ecomstore-system',
    ECOM_LEASE_DURATION_SECONDS: '6',
    ECOM_LEASE_RENEW_SECONDS: '4',
    ECOM_LEASE_RETRY_SECONDS: '1',
    ECOM_SHUTDOWN_SECONDS: '1',
  };
  const stop = new AbortController();
  const waiting = new Set<string>();
  const lead = {
    pass: async (store: OpenStore): Promise<PassOutcome> => {
      waiting.add(store.object.metadata.name);
      await store.addFinalizer();
      return { outcome: 'settled' };
    },
    read: (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
    forget: () => undefined,
    sights: () => [],
    orphans: () => [],
    regions: () => new Set<string>(),
  };
  const shared = { config: readConfig(env), env, timers: realTimers, random: Math.random };
  const running = serve({ ...shared, log: logBook(), begin: () => async () => lead }, stop.signal);
  const renewals = () =>
    requests.filter(({ verb, resource, code }) => verb === 'update' && resource === 'leases' && code === 200).length;
  await vi.waitUntil(() => waiting.size === names.length, { timeout: 20_000 });
  const before = renewals();
  await vi.waitUntil(() => renewals() >= before + 3, { timeout: 20_000 });
  faults.clear();
  await faults.goAway(); // Ends what waits.
  await faults.comeBack();
  stop.abort();
  await running;
  rmSync(folder, { recursive: true });
  await client.close();
  await close();
}, 60_000);

test('a reflector loses nothing, whatever happens to its API server', async () => {
  const { close } = await start();
  const { faults, server } = kubernetes as SimulatedKubernetes;
  const client = clientOf(server, 'setup-token');
  const at = { namespace: 'shops', name: 'acme' };
  const timers = new VirtualTimers();
  const stop = new AbortController();
  const watching = clientOf(server, 'operator-token');
  const reflector = new Reflector<StoreObject>({
    client: watching,
    path: storesPath(),
    timers,
    random: () => 0.5,
    log: logBook(),
    onChange: () => undefined,
  });
  const running = reflector.run(stop.signal);
  await client.request({ method: 'POST', path: storesPath('shops'), body: storeNamed(at.name) });
  const misfortunes: (() => void | Promise<void>)[] = [
    () => faults.dropWatches('break'),
    () => faults.dropWatches('end'),
    () => faults.compact(),
    () => faults.answer({ count: 3, answer: 503, meets: ({ user }) => user === serviceAccount }),
    () => faults.answer({ count: 2, answer: 429, retryAfterSeconds: 30, meets: ({ user }) => user === serviceAccount }),
    () => faults.answer({ count: 1, answer: 'reset', meets: ({ user }) => user === serviceAccount }),
    async () => {
      await faults.goAway();
      await timers.advance(4 * 3_600_000);
      await faults.comeBack();
    },
  ];
  let max = 10;
  for (const strike of misfortunes) {
    await strike();
    faults.dropWatches();
    max++;
    await client.request({ method: 'PATCH', path: storePath(at), body: { spec: { compute: { scaling: { max } } } } });
    const seen = (): boolean => {
      const compute = reflector.get('shops/acme')?.spec['compute'] as { scaling: { max: number } } | undefined;
      if (compute?.scaling.max === max) return true;
      void timers.advance(1_000);
      return false;
    };
    await until(seen, `the change to ${max}`);
  }
  stop.abort();
  await running;
  await Promise.all([client.close(), watching.close()]);
  await close();
});
