import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { openAccess } from '../operator/kube/access.ts';
import { kubeClient, type KubeClient } from '../operator/kube/client.ts';
import { failedAs } from '../operator/kube/errors.ts';
import { findCluster } from '../operator/kube/kubeconfig.ts';
import type { EcomStore } from '../operator/store/spec.ts';

/** A cluster in which the demo plays: the simulated one, that of the current context, or a new kind cluster. */
export interface Cluster {
  readonly client: KubeClient;
  /** For the operator and for the lines to play with; undefined where the usual places do. */
  readonly kubeconfig: string | undefined;
}

export function openCluster(env: NodeJS.ProcessEnv, kubeconfig: string | undefined): Cluster {
  const now = (): number => Date.now();
  const access = openAccess(findCluster(kubeconfig === undefined ? env : { ...env, KUBECONFIG: kubeconfig }), 4, now);
  return { client: kubeClient({ access, userAgent: 'ecomstore-demo', clock: { now } }), kubeconfig };
}

/** A cluster made by kind (https://kind.sigs.k8s.io), which needs Docker; it stays when the demo ends. */
export function makeKindCluster(): string {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'ecomstore-kind-')), 'kubeconfig');
  const made = spawnSync('kind', ['create', 'cluster', '--name', 'ecomstore-demo', '--kubeconfig', kubeconfig], {
    stdio: 'inherit',
  });
  if (made.error || made.status !== 0)
    throw new Error(
      'kind could not make a cluster: is kind installed, and does Docker run? Without them: npm run demo',
    );
  return kubeconfig;
}

const storesIn = (namespace: string): string => `/apis/ecom.io/v1alpha1/namespaces/${namespace}/ecomstores`;

/** What the demo does in the cluster. */
export class Stage {
  readonly client: KubeClient;

  constructor(client: KubeClient) {
    this.client = client;
  }

  /** The CRD, where the cluster lacks it, and the namespace of the store. */
  async prepare(namespace: string): Promise<void> {
    const crd = load(readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8'));
    await this.#create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
    await this.#create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }

  async apply(manifest: { readonly metadata: { readonly namespace: string } }): Promise<void> {
    const path = storesIn(manifest.metadata.namespace);
    // A CRD made a moment ago is served a moment later.
    for (let attempt = 1; ; attempt++)
      try {
        await this.client.request({ method: 'POST', path, body: manifest });
        return;
      } catch (error) {
        if (!failedAs(error, 'not-found') || attempt === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
  }

  async read(namespace: string, name: string): Promise<EcomStore | undefined> {
    try {
      return await this.client.request<EcomStore>({ method: 'GET', path: `${storesIn(namespace)}/${name}` });
    } catch (error) {
      if (failedAs(error, 'not-found')) return undefined;
      throw error;
    }
  }

  async patch(namespace: string, name: string, body: object): Promise<void> {
    await this.client.request({ method: 'PATCH', path: `${storesIn(namespace)}/${name}`, body });
  }

  async remove(namespace: string, name: string): Promise<void> {
    await this.client.request({ method: 'DELETE', path: `${storesIn(namespace)}/${name}` });
  }

  async #create(path: string, body: unknown): Promise<void> {
    try {
      await this.client.request({ method: 'POST', path, body });
    } catch (error) {
      if (!failedAs(error, 'exists', 'conflict')) throw error;
    }
  }
}
