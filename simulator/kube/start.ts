import type { SimulatedClock } from '../clock.ts';
import { Api } from './api.ts';
import type { Faults, RecordedRequest } from './faults.ts';
import { Front } from './front.ts';

export interface KubernetesOptions {
  /** 0 takes any that is free. */
  readonly port?: number;
  readonly clock: SimulatedClock;
  readonly seed?: number;
  /** Custom resource definitions, parsed, that are installed from the beginning. */
  readonly crds?: readonly unknown[];
  /** Further users beside `admin`, by their bearer tokens. */
  readonly users?: Readonly<Record<string, string>>;
}

/** A simulated Kubernetes API that listens on loopback. */
export interface SimulatedKubernetes {
  readonly server: string;
  /** The text of a kubeconfig. */
  readonly kubeconfig: string;
  /** The same without sockets. */
  readonly api: Api;
  readonly faults: Faults;
  /** Everything that was asked, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** A kubeconfig of one of the further users. */
  kubeconfigOf(token: string): string;
  close(): Promise<void>;
}

const adminToken = 'simulated-admin';

/** Watches end in real time, however fast the clock runs: they are held by clients who wait in real time. */
const after = (millis: number, action: () => void): (() => void) => {
  const timer = setTimeout(action, millis).unref();
  return () => clearTimeout(timer);
};

/** Starts a simulated Kubernetes API with the given CRDs installed. */
export async function startKubernetes(options: KubernetesOptions): Promise<SimulatedKubernetes> {
  const { port = 0, clock, seed = 1, crds = [], users = {} } = options;
  const front: Front = new Front(port, () => api);
  const api = new Api({
    clock,
    seed,
    crds,
    users: { [adminToken]: 'admin', ...users },
    after,
    comeAndGo: (isAway) => (isAway ? front.close() : front.open()),
  });
  await front.open();
  const kubeconfigOf = (token: string): string => kubeconfig(front.url, token);
  return {
    server: front.url,
    kubeconfig: kubeconfigOf(adminToken),
    api,
    faults: api.faults,
    requests: api.requests,
    kubeconfigOf,
    close: async () => {
      api.faults.dropWatches('end');
      await front.close();
    },
  };
}

/** JSON is YAML. Without the flag about TLS the JavaScript client refuses plain HTTP. */
const kubeconfig = (server: string, token: string): string =>
  `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'simulated', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'simulated', user: { token } }],
      contexts: [{ name: 'simulated', context: { cluster: 'simulated', user: 'simulated', namespace: 'default' } }],
      'current-context': 'simulated',
    },
    undefined,
    2,
  )}\n`;
