import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Io, Screen } from '../../operator/cli/io.ts';
import { program } from '../../operator/cli/program.ts';
import { openAccess } from '../../operator/kube/access.ts';
import { kubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { findCluster } from '../../operator/kube/kubeconfig.ts';
import { StoreReader } from '../../operator/kube/store-reader.ts';
import { Fault } from '../../operator/model/faults.ts';
import { FastClock } from '../../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../../simulator/kube/start.ts';
import { offlineIo } from './offline-io.ts';
import { lookedAt, toldStore } from './told-store.ts';
import { VirtualTimers } from './virtual-timers.ts';

const crd: unknown = parse(readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8'));

export const stores = '/apis/ecom.io/v1alpha1/namespaces/shops/ecomstores';

/** One command that runs. */
export interface Running {
  readonly out: string[];
  readonly notes: string[];
  code: number | undefined;
  readonly ended: Promise<void>;
  /** Ctrl-C. */
  interrupt(): void;
}

export interface Surroundings {
  readonly screen?: Screen;
  readonly env?: NodeJS.ProcessEnv;
}

/** The simulated Kubernetes API on loopback, and `ecomstore status` over sockets, with the reader that ships. */
export class StoreCluster {
  readonly timers = new VirtualTimers(lookedAt);
  readonly kubernetes: SimulatedKubernetes;
  readonly folder = mkdtempSync(join(tmpdir(), 'status-'));
  readonly admin: KubeClient;

  private constructor(kubernetes: SimulatedKubernetes) {
    this.kubernetes = kubernetes;
    const cluster = findCluster({ KUBECONFIG: this.kubeconfig() });
    this.admin = kubeClient({ access: openAccess(cluster, 2, () => 0), userAgent: 'test', clock: this.timers });
  }

  static async start({ crds = [crd] }: { crds?: readonly unknown[] } = {}): Promise<StoreCluster> {
    const cluster = new StoreCluster(await startKubernetes({ clock: new FastClock(), crds }));
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shops' } };
    await cluster.admin.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace });
    return cluster;
  }

  async stop(): Promise<void> {
    await this.admin.close();
    await this.kubernetes.close();
    rmSync(this.folder, { recursive: true });
  }

  /** A kubeconfig, with a second context that leads to the namespace of the stores. */
  kubeconfig(): string {
    const file = join(this.folder, 'kubeconfig');
    const found = JSON.parse(this.kubernetes.kubeconfig) as { contexts: { name: string; context: object }[] };
    const [first] = found.contexts;
    const shops = { name: 'shops', context: { ...first?.context, namespace: 'shops' } };
    writeFileSync(file, JSON.stringify({ ...found, contexts: [...found.contexts, shops] }));
    return file;
  }

  /** A store that no operator has looked at. */
  async create(called = 'acme'): Promise<void> {
    const { apiVersion, kind, metadata, spec } = toldStore();
    const body = { apiVersion, kind, metadata: { namespace: metadata.namespace, name: called }, spec };
    await this.admin.request({ method: 'POST', path: stores, body });
  }

  async tell(status: object): Promise<void> {
    await this.admin.request({ method: 'PATCH', path: `${stores}/acme/status`, body: { status } });
  }

  async delete(called = 'acme'): Promise<void> {
    await this.admin.request({ method: 'DELETE', path: `${stores}/${called}` });
  }

  reader(env: NodeJS.ProcessEnv = { KUBECONFIG: this.kubeconfig() }, context?: string): StoreReader {
    const cluster = findCluster(env, context);
    return new StoreReader({ cluster, userAgent: 'test', timers: this.timers, random: () => 0.5 });
  }

  begin(args: readonly string[], { screen, env = { KUBECONFIG: this.kubeconfig() } }: Surroundings = {}): Running {
    const stop = new AbortController();
    const [out, notes]: [string[], string[]] = [[], []];
    const io: Io = {
      ...offlineIo('status'),
      out: (line) => void out.push(line),
      note: (line) => void notes.push(line),
      read: () => Promise.reject(new Error('status reads no file')),
      exit: (code) => void (running.code = code),
      timers: this.timers,
      screen: () => screen,
      interrupted: () => stop.signal,
      cluster: async ({ kubeconfig, context }) =>
        this.reader(kubeconfig === undefined ? env : { KUBECONFIG: kubeconfig }, context),
    };
    const parsed = program(io, 'ecomstore', '0').parseAsync(['status', ...args], { from: 'user' });
    const ended = parsed.then(() => undefined);
    const running: Running = { out, notes, code: undefined, ended, interrupt: () => stop.abort() };
    return running;
  }

  async run(args: readonly string[], surroundings?: Surroundings): Promise<{ text: string; code: number | undefined }> {
    const running = this.begin(args, surroundings);
    await running.ended;
    return { text: running.out.join('\n'), code: running.code };
  }

  /** What it fails with. */
  async failed(args: readonly string[], surroundings?: Surroundings): Promise<{ message: string; remedy?: string }> {
    try {
      await this.begin(args, surroundings).ended;
    } catch (error) {
      const { message } = error as Error;
      return { message, ...(error instanceof Fault ? { remedy: error.facts.remedy } : {}) };
    }
    throw new Error('nothing was thrown');
  }
}
