import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parse } from 'yaml';
import { furnish, homeRegion } from '../simulator/account.ts';
import { judgedFront } from '../test/support/judged-front.ts';
import { createSimulatedAws } from '../simulator/aws/simulated-aws.ts';
import { FastClock } from '../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../simulator/kube/start.ts';
import { quotas, type Subject } from './subjects.ts';

/** What the operator as it ships costs a machine. */
export interface ProcessFigures {
  readonly stores: number;
  /** From the start of the process to its first write to a store. */
  readonly startSeconds: number;
  /** Resident when all stores are ready and it has been quiet for a while, and the most it ever was. */
  readonly residentMegabytes: number;
  readonly peakMegabytes: number;
  /** User and system time of the whole build. */
  readonly buildCpuSeconds: number;
}

const waits = { for: 3_600_000, between: 100 };

/** How many times as fast AWS's clock goes: two processes on a machine have to keep up with it. */
const speedWith = (stores: number): number => Math.max(3, Math.min(60, Math.floor(600 / stores)));

/** Runs `dist/operator.mjs` over sockets against the simulator, until so many stores are ready. */
export async function processFigures(subject: Subject, stores: number): Promise<ProcessFigures> {
  const speed = speedWith(stores);
  const aws = createSimulatedAws({ clock: new FastClock(speed) });
  for (const quota of quotas) aws.world.quotas.set(quota, 10_000);
  furnish(aws.world);
  const front = await judgedFront({ aws });
  const crds = [parse(readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8')) as unknown];
  const kubernetes = await startKubernetes({ clock: new FastClock(), crds });
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubernetes.kubeconfig, { mode: 0o600 });
  const env = {
    ...shippedMemorySettings(),
    PATH: process.env['PATH'],
    KUBECONFIG: kubeconfig,
    ...{ AWS_ENDPOINT_URL: front.endpoint, AWS_REGION: homeRegion, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIABENCH', AWS_SECRET_ACCESS_KEY: 'bench' },
    ...{ ECOM_TIME_SCALE: String(speed), ECOM_METRICS_PORT: '0', ECOM_METRICS_ADDRESS: '127.0.0.1' },
  };
  await post(kubernetes, subject, stores);
  const began = performance.now();
  const operator = spawn(process.execPath, ['dist/operator.mjs'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const metrics = await metricsOf(operator);
    const isWritten = () =>
      kubernetes.requests.some(({ verb, resource }) => verb === 'patch' && resource === 'ecomstores');
    await until(isWritten, 'the first pass', 1);
    const startSeconds = (performance.now() - began) / 1_000;
    await until(() => readyStores(kubernetes) === stores, `${stores} stores are ready`);
    const buildCpuSeconds = await gauge(metrics, 'process_cpu_seconds_total');
    let [resident, peak] = [await gauge(metrics, 'process_resident_memory_bytes'), 0];
    // Four minutes of AWS's clock: each short beat comes round, and the garbage of the build is collected.
    for (const quiet = performance.now() + 240_000 / speed; performance.now() < quiet;) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      resident = await gauge(metrics, 'process_resident_memory_bytes');
      peak = Math.max(peak, resident);
    }
    return {
      ...{ stores, startSeconds, buildCpuSeconds },
      residentMegabytes: resident / 1e6,
      peakMegabytes: peak / 1e6,
    };
  } finally {
    operator.kill('SIGKILL');
    await once(operator, 'exit');
    await Promise.all([front.close(), kubernetes.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the deployment has them: heap and allocator are bounded there. */
function shippedMemorySettings(): Record<string, string> {
  const manifest = parse(readFileSync('manifests/base/deployment.yaml', 'utf8')) as Deployment;
  const [container] = manifest.spec.template.spec.containers;
  const settings = (container?.env ?? []).flatMap(({ name, value }) =>
    /^(NODE_OPTIONS$|MALLOC_)/.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  if (settings.length === 0) throw new Error('manifests/base/deployment.yaml bounds no memory');
  return Object.fromEntries(settings);
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: { readonly env?: { name: string; value?: string }[] }[] };
    };
  };
}

async function post({ server }: SimulatedKubernetes, { spec }: Subject, stores: number): Promise<void> {
  const send = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(server + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok && answer.status !== 409) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  };
  const [apiVersion, kind] = ['ecom.io/v1alpha1', 'EcomStore'];
  for (let i = 0; i < stores; i++) {
    const namespace = `shops-${i % 10}`;
    await send('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const metadata = { namespace, name: `acme-${i}` };
    await send(`/apis/${apiVersion}/namespaces/${namespace}/ecomstores`, { apiVersion, kind, metadata, spec: spec(i) });
  }
}

function readyStores({ api }: SimulatedKubernetes): number {
  const stores = [...api.world.storage.at('ecom.io/ecomstores').values()] as unknown as {
    status?: { conditions?: { type: string; status: string }[] };
  }[];
  const isReady = ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True';
  return stores.filter(({ status }) => status?.conditions?.some(isReady)).length;
}

/** Where the process serves its metrics: it logs the port that it was given. */
async function metricsOf(operator: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of operator.stdout as AsyncIterable<Buffer>) {
    text += chunk.toString();
    const [, port] = /"port":(\d+)/.exec(text) ?? [];
    if (port === undefined) continue;
    operator.stdout?.resume();
    return `http://127.0.0.1:${port}/metrics`;
  }
  throw new Error(`the operator ended:\n${text}`);
}

async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(url)).text();
  const [, value] = new RegExp(`^${name}(?:\\{.*\\})? (.+)$`, 'm').exec(text) ?? [];
  if (value === undefined) throw new Error(`${url} tells no ${name}`);
  return Number(value);
}

async function until(holds: () => boolean, what: string, between = waits.between): Promise<void> {
  const end = performance.now() + waits.for;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${waits.for / 60_000} minutes`);
    await new Promise((resolve) => setTimeout(resolve, between));
  }
}
