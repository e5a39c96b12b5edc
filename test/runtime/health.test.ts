import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { variables } from '../../operator/variables.ts';
import { serveHealth, type HealthServer } from '../../operator/runtime/health.ts';
import { Metrics, type Sources } from '../../operator/runtime/metrics.ts';
import { logBook } from '../support/log-book.ts';

let hangs: string | undefined;
let synced: boolean;
let server: HealthServer;
let metrics: Metrics;
let sights: Sources['sights'] extends () => infer S ? S : never;

const sources: Sources = {
  depth: () => ({ change: 1, delete: 0, heal: 2, scan: 30 }),
  delayed: () => 7,
  ageMillis: () => 1_500,
  busyWorkers: () => 3,
  leads: () => true,
  stores: () =>
    new Map([
      ['True', 5],
      ['False', 1],
    ]),
  stalled: () => new Map([['AccessDenied', 2]]),
  listed: () => new Map([['shops', false]]),
  sights: () => sights,
  orphans: () => [{ region: 'eu-central-1', orphaned: 43, retained: 5 }],
  watchSilence: () => 2_000,
};

beforeEach(async () => {
  [hangs, synced] = [undefined, false];
  sights = [{ type: 'ec2/vpc', region: 'eu-central-1', found: 4, ageMillis: 60_000 }];
  metrics = new Metrics(sources);
  server = await serveHealth({
    address: '127.0.0.1',
    port: 0,
    live: { workers: () => hangs, watch: () => undefined },
    ready: { stores: () => (synced ? undefined : 'the stores have not been listed yet') },
    metrics: () => metrics.text(),
    log: logBook(),
  });
});
afterEach(() => server.close());

const get = async (path: string, method = 'GET'): Promise<[number, string]> => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return [answer.status, await answer.text()];
};

test('a process is alive while nothing in it hangs, and says what does', async () => {
  expect(await get('/livez')).toEqual([200, '[+]workers ok\n[+]watch ok\n']);
  hangs = 'a pass hangs';
  expect(await get('/healthz')).toEqual([503, '[-]workers a pass hangs\n[+]watch ok\n']);
});

test('a process is ready once it knows the stores', async () => {
  expect(await get('/readyz')).toEqual([503, '[-]stores the stores have not been listed yet\n']);
  synced = true;
  expect(await get('/readyz?verbose')).toEqual([200, '[+]stores ok\n']);
});

test('where no address is named, every one of the machine answers, of IPv6 too', async () => {
  const log = logBook();
  const all = await serveHealth({
    ...{
      address: variables.ECOM_METRICS_ADDRESS.default,
      port: 0,
      live: {},
      ready: {},
      metrics: () => metrics.text(),
      log,
    },
  });
  const own = Object.values(networkInterfaces()).flatMap((list = []) => list.filter(({ internal }) => internal));
  const answers = await Promise.all(
    own.map(async ({ address, family }) => {
      const host = family === 'IPv6' ? `[${address}]` : address;
      return [address, (await fetch(`http://${host}:${all.port}/livez`)).status];
    }),
  );
  await all.close();
  expect(answers).toEqual(own.map(({ address }) => [address, 200]));
  expect(own.length).toBeGreaterThan(0);
});

test('nothing else is answered', async () => {
  expect((await get('/secrets'))[0]).toBe(404);
  expect((await get('/livez', 'POST'))[0]).toBe(405);
});

test('the metrics tell queue, passes, calls, drift, sweeps, leader, stores and writes', async () => {
  metrics.watchRuntime({ version: '1.2.3', revision: 'abc' });
  metrics.added('change');
  metrics.retried('soon');
  metrics.passed('settled', 0.01);
  metrics.called({ service: 'ec2', operation: 'CreateVpc', outcome: 'throttled', seconds: 0.2 });
  metrics.driftSeen('ec2/security-group');
  metrics.driftHealed('ec2/security-group');
  metrics.swept({ type: 'ec2/vpc', kind: 'list', millis: 300 });
  metrics.stored();
  metrics.told('written');
  const [status, text] = await get('/metrics');
  expect(status).toBe(200);
  for (const line of [
    'ecom_queue_depth{priority="scan"} 30',
    'ecom_queue_delayed 7',
    'ecom_queue_age_seconds 1.5',
    'ecom_queue_adds_total{priority="change"} 1',
    'ecom_queue_retries_total{pace="soon"} 1',
    'ecom_workers_busy 3',
    'ecom_pass_seconds_count{outcome="settled"} 1',
    'ecom_aws_call_seconds_count{aws_service="ec2",operation="CreateVpc",outcome="throttled"} 1',
    'ecom_aws_throttles_total{aws_service="ec2",operation="CreateVpc"} 1',
    'ecom_drift_seen_total{type="ec2/security-group"} 1',
    'ecom_drift_healed_total{type="ec2/security-group"} 1',
    'ecom_sweep_seconds_count{type="ec2/vpc",kind="list",outcome="success"} 1',
    'ecom_sweep_found{type="ec2/vpc",region="eu-central-1"} 4',
    'ecom_sweep_age_seconds{type="ec2/vpc",region="eu-central-1"} 60',
    'ecom_orphaned_resources{region="eu-central-1"} 43',
    'ecom_retained_resources{region="eu-central-1"} 5',
    'ecom_build_info{version="1.2.3",revision="abc"} 1',
    'ecom_leader 1',
    'ecom_stores{ready="True"} 5',
    'ecom_stores_stalled{reason="AccessDenied"} 2',
    'ecom_namespace_listed{watched_namespace="shops"} 0',
    'ecom_watch_silence_seconds 2',
    'ecom_store_writes_total 1',
    'ecom_events_total{outcome="written"} 1',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toMatch(/^process_cpu_seconds_total /m);
  // What is read no more is told no more.
  sights = [];
  expect((await get('/metrics'))[1]).not.toMatch(/^ecom_sweep_(age_seconds|found){/m);
});
