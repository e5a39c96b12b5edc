import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../operator/config.ts';
import { openAccess } from '../../operator/kube/access.ts';
import { kubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { Elector } from '../../operator/kube/elector.ts';
import { Events } from '../../operator/kube/events.ts';
import { findCluster } from '../../operator/kube/kubeconfig.ts';
import { LeaseRecord } from '../../operator/kube/lease-record.ts';
import { OpenStore } from '../../operator/kube/open-store.ts';
import type { Pass } from '../../operator/kube/pass.ts';
import { Reflector } from '../../operator/kube/reflector.ts';
import { finalizer, storePath, storesPath, type StoreObject } from '../../operator/kube/store-object.ts';
import { realTimers } from '../../operator/runtime/clock.ts';
import { serve } from '../../operator/serve.ts';
import { logBook } from './log-book.ts';

/** A Kubernetes API with the CRD installed, a namespace `shops`, and a namespace for the lease. */
export interface ApiUnderTest {
  /** Kubeconfigs, as text: one that may do all, and one with exactly the operator's rights. */
  readonly admin: string;
  readonly operator: string;
  readonly leaseNamespace: string;
  readonly close: () => Promise<void>;
}

const spec = {
  region: 'eu-central-1',
  domain: { host: 'shop.example.com', zone: 'example.com' },
  compute: { image: { ssmParameter: '/ecom/images/storefront' }, scaling: { min: 2, max: 10 } },
};

/** Waits for what a real server does in its own time. */
async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what} did not come about`);
}

/** What the Kubernetes side of the operator needs of an API server, whoever plays it; `when` there is one. */
export function kubeApiSuite(name: string, start: () => Promise<ApiUnderTest>, { when = true } = {}): void {
  describe.runIf(when)(name, () => {
    let api: ApiUnderTest;
    let folder: string;
    let admin: KubeClient;
    let operator: KubeClient;
    const at = { namespace: 'shops', name: 'acme' };

    const open = (kubeconfig: string, file: string): KubeClient => {
      const path = join(folder, file);
      writeFileSync(path, kubeconfig);
      const access = openAccess(findCluster({ KUBECONFIG: path }), 8, () => Date.now());
      return kubeClient({ access, userAgent: 'test', clock: realTimers });
    };
    const create = (): Promise<StoreObject> =>
      admin.request({
        method: 'POST',
        path: storesPath(at.namespace),
        body: { apiVersion: 'ecom.io/v1alpha1', kind: 'EcomStore', metadata: at, spec },
      });
    const read = async (): Promise<StoreObject | undefined> =>
      new OpenStore({
        client: admin,
        object: { metadata: at } as unknown as StoreObject,
        onWrite: () => undefined,
      }).live();
    const store = (object: StoreObject): OpenStore =>
      new OpenStore({ client: operator, object, onWrite: () => undefined });

    beforeAll(async () => {
      api = await start();
      folder = mkdtempSync(join(tmpdir(), 'kube-api-'));
      admin = open(api.admin, 'admin');
      operator = open(api.operator, 'operator');
    }, 120_000);
    afterAll(async () => {
      await admin?.close();
      await operator?.close();
      if (folder) rmSync(folder, { recursive: true });
      await api?.close();
    });
    beforeEach(clear);
    afterEach(clear);

    async function clear(): Promise<void> {
      if (!(await read())) return;
      await admin.request({ method: 'PATCH', path: storePath(at), body: { metadata: { finalizers: null } } });
      if (await read()) await admin.request({ method: 'DELETE', path: storePath(at) });
      await eventually(async () => !(await read()), 'the end of the store');
    }

    test('tells a store as the operator counts on it: with defaults, a generation, and a status that says nothing yet', async () => {
      expect(await create()).toMatchObject({
        metadata: {
          ...at,
          generation: 1,
          uid: expect.any(String) as string,
          resourceVersion: expect.any(String) as string,
        },
        spec: { ...spec, policy: { mode: 'Enforce' } },
        status: { observedGeneration: -1 },
      });
    });

    test('keeps a status as it was written, and changes no generation for it', async () => {
      const opened = store(await create());
      const status = {
        observedGeneration: 1,
        url: 'https://shop.example.com',
        account: '111122223333',
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'Progressing',
            message: 'building',
            observedGeneration: 1,
            lastTransitionTime: '2026-11-24T00:00:00.000Z',
          },
        ],
        resources: [
          { node: 'network/vpc', type: 'ec2/vpc', id: 'vpc-1', standing: 'ready', readAt: '2026-11-24T00:00:00.000Z' },
        ],
      };
      expect(await opened.writeStatus(status)).toBe(true);
      expect(await read()).toMatchObject({ metadata: { generation: 1 }, status });
      expect((await read())?.status).toEqual(status);
      expect(await store((await read()) as StoreObject).writeStatus(status)).toBe(false);
    });

    test('keeps the journal, and refuses to once anybody has written in between', async () => {
      const object = await create();
      const intent = { node: 'network/vpc', incarnation: '1', at: 1_800_000_000_000 } as const;
      const opened = store(object);
      await opened.journal.write([intent]);
      expect(store((await read()) as StoreObject).journal.intents).toEqual([intent]);
      await expect(store(object).journal.write([{ ...intent, incarnation: '2' }])).rejects.toMatchObject({
        kind: 'busy',
      });
      await opened.journal.write([]);
      expect((await read())?.status).toEqual({ observedGeneration: -1 });
    });

    test('refuses writes to a store that was deleted and made anew', async () => {
      const old = await create();
      await clear();
      await create();
      await expect(store(old).writeStatus({ observedGeneration: 1 })).rejects.toMatchObject({ kind: 'busy' });
      await expect(store(old).addFinalizer()).rejects.toMatchObject({ kind: 'busy' });
      await expect(store(old).confirm()).rejects.toMatchObject({ kind: 'busy' });
    });

    test('holds a deleted store until its finalizer goes', async () => {
      const opened = store(await create());
      await opened.addFinalizer();
      await admin.request({ method: 'DELETE', path: storePath(at) });
      const deleted = (await read()) as StoreObject;
      expect(deleted.metadata).toMatchObject({
        finalizers: [finalizer],
        deletionTimestamp: expect.any(String) as string,
      });
      await expect(opened.confirm()).rejects.toMatchObject({ kind: 'busy' });
      await store(deleted).confirm();
      await store(deleted).removeFinalizer();
      expect(await read()).toBeUndefined();
    });

    test('is followed by the reflector', async () => {
      const seen: string[] = [];
      const stop = new AbortController();
      const reflector = new Reflector<StoreObject>({
        client: operator,
        path: storesPath(),
        timers: realTimers,
        random: Math.random,
        log: logBook(),
        onChange: ({ is, object }) =>
          void (object.metadata.name === at.name && seen.push(`${is} ${object.metadata.generation}`)),
      });
      const running = reflector.run(stop.signal);
      await eventually(() => reflector.synced || undefined, 'the list');
      await create();
      await eventually(() => seen.length === 1 || undefined, 'the creation');
      await admin.request({
        method: 'PATCH',
        path: storePath(at),
        body: { spec: { compute: { scaling: { max: 12 } } } },
      });
      await eventually(() => seen.length === 2 || undefined, 'the change');
      await admin.request({ method: 'DELETE', path: storePath(at) });
      await eventually(() => seen.length === 3 || undefined, 'the deletion');
      stop.abort();
      await running;
      expect(seen).toEqual(['applied 1', 'applied 2', expect.stringMatching(/^removed/) as string]);
    });

    test('takes events, and counts them up', async () => {
      const object = await create();
      const events = new Events({
        client: operator,
        timers: realTimers,
        random: Math.random,
        log: logBook(),
        component: 'ecomstore-operator',
        instance: 'test',
      });
      const notice = { type: 'Normal', reason: 'Created', message: `network/vpc of ${object.metadata.uid}` } as const;
      events.record(object, notice);
      events.record(object, notice);
      await events.flush(5_000);
      const { items } = await admin.request<{ items: { message: string }[] }>({
        method: 'GET',
        path: '/api/v1/namespaces/shops/events',
        query: { fieldSelector: `involvedObject.name=acme,involvedObject.uid=${object.metadata.uid}` },
      });
      expect(items).toEqual([expect.objectContaining({ message: notice.message, count: 2 })]);
    });

    test('lets one of two lead, and the other when the first hands back', async () => {
      const replicas = ['a', 'b'].map((identity) => {
        const stop = new AbortController();
        const elector = new Elector({
          record: new LeaseRecord(operator, api.leaseNamespace, 'ecomstore-operator'),
          identity,
          leaseMillis: 3_000,
          renewDeadlineMillis: 2_000,
          retryMillis: 100,
          drainMillis: 0,
          endMillis: 1_000,
          timers: realTimers,
          random: Math.random,
          log: logBook(),
          lead: (term) => new Promise((resolve) => term.signal.addEventListener('abort', () => resolve())),
        });
        return { stop, elector, running: elector.run(stop.signal) };
      });
      const first = await eventually(() => replicas.find(({ elector }) => elector.leads), 'a leader');
      const second = replicas.find((replica) => replica !== first) as typeof first;
      expect(second.elector.leads).toBe(false);
      first.stop.abort();
      await first.running;
      await eventually(() => second.elector.leads || undefined, 'the other leader');
      second.stop.abort();
      await second.running;
    });

    test('is enough for the whole process: two of them, one leads, stores are looked at, and the other takes over', async () => {
      const looks: string[] = [];
      const pass =
        (who: string): Pass =>
        async (opened, { notice }) => {
          const { metadata } = opened.object;
          looks.push(`${who} ${metadata.deletionTimestamp ? 'deletes' : `looks at ${metadata.generation}`}`);
          if (metadata.deletionTimestamp) {
            await opened.removeFinalizer();
            return { outcome: 'deleted' };
          }
          await opened.addFinalizer();
          notice({ type: 'Normal', reason: 'Looked', message: 'all is well' });
          await opened.writeStatus({ observedGeneration: metadata.generation ?? 0 });
          return { outcome: 'settled' };
        };
      const replica = (who: string) => {
        const stop = new AbortController();
        const env = {
          KUBECONFIG: join(folder, 'operator'),
          ECOM_METRICS_PORT: '0',
          ECOM_METRICS_ADDRESS: '127.0.0.1',
          ECOM_IDENTITY: who,
          ECOM_LEASE_NAMESPACE: api.leaseNamespace,
          ECOM_LEASE_DURATION_SECONDS: '6',
          ECOM_LEASE_RENEW_SECONDS: '4',
          ECOM_LEASE_RETRY_SECONDS: '1',
        };
        const lead = {
          pass: pass(who),
          read: (signal: AbortSignal) =>
            new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
          forget: () => undefined,
          sights: () => [],
          orphans: () => [],
          regions: () => new Set<string>(),
        };
        const running = serve(
          {
            config: readConfig(env),
            env,
            timers: realTimers,
            random: Math.random,
            log: logBook(),
            begin: () => async () => lead,
          },
          stop.signal,
        );
        return { stop, running };
      };
      const a = replica('a');
      await create();
      await eventually(async () => (await read())?.status?.observedGeneration === 1 || undefined, 'the first look');
      const b = replica('b');
      a.stop.abort();
      await a.running;
      await admin.request({
        method: 'PATCH',
        path: storePath(at),
        body: { spec: { compute: { scaling: { max: 12 } } } },
      });
      await eventually(async () => (await read())?.status?.observedGeneration === 2 || undefined, 'the second look');
      await admin.request({ method: 'DELETE', path: storePath(at) });
      await eventually(async () => ((await read()) ? undefined : true), 'the end of the store');
      b.stop.abort();
      await b.running;
      expect(looks[0]).toBe('a looks at 1');
      expect(looks).toContain('b looks at 2');
      expect(looks).toContain('b deletes');
      expect(looks.filter((look) => look.startsWith('a')).every((look) => look === 'a looks at 1')).toBe(true);
    }, 60_000);
  });
}
