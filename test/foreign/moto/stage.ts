import { readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { EcomStore } from '../../../operator/store/spec.ts';
import { FastClock } from '../../../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../../../simulator/kube/start.ts';

const stores = '/apis/ecom.io/v1alpha1/namespaces/shops/ecomstores';

/** A Kubernetes API with the CRD and the namespace `shops`, and what a user does with it. */
export class Stage {
  readonly kubeconfig: string;
  readonly #kube: SimulatedKubernetes;

  private constructor(kube: SimulatedKubernetes, folder: string) {
    this.#kube = kube;
    this.kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(this.kubeconfig, kube.kubeconfig, { mode: 0o600 });
  }

  static async open(folder: string): Promise<Stage> {
    const crds = [load(readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8'))];
    const stage = new Stage(await startKubernetes({ clock: new FastClock(), crds }), folder);
    await stage.#ask('POST', '/api/v1/namespaces', { metadata: { name: 'shops' } });
    return stage;
  }

  apply(store: object): Promise<EcomStore> {
    return this.#ask('POST', stores, store);
  }

  patch(name: string, change: object): Promise<EcomStore> {
    return this.#ask('PATCH', `${stores}/${name}`, change);
  }

  remove(name: string): Promise<EcomStore> {
    return this.#ask('DELETE', `${stores}/${name}`);
  }

  /** Watches a store until it is as asked, or gone where that is asked; the test's time-out is the end of patience. */
  async until(name: string, fits: (store: EcomStore | 'gone') => boolean): Promise<EcomStore | 'gone'> {
    const selected = `${stores}?watch=true&fieldSelector=metadata.name%3D${name}`;
    const watch = await new Promise<IncomingMessage>((resolve, reject) => {
      get(this.#kube.server + selected, { headers: this.#headers(), agent: false }, resolve).once('error', reject);
    });
    try {
      // The watch begins first: a store that goes meanwhile is missed by neither.
      if ((await this.#answerTo('GET', `${stores}/${name}`)).status === 404) return 'gone';
      for await (const line of createInterface({ input: watch })) {
        const { type, object } = JSON.parse(line) as { type: string; object: EcomStore };
        const seen = type === 'DELETED' ? 'gone' : object;
        if (fits(seen)) return seen;
      }
      throw new Error(`the watch of ${name} ended`);
    } finally {
      watch.destroy();
    }
  }

  close(): Promise<void> {
    return this.#kube.close();
  }

  #headers(): Record<string, string> {
    const { users } = JSON.parse(this.#kube.kubeconfig) as { users: [{ user: { token: string } }] };
    return { authorization: `Bearer ${users[0].user.token}` };
  }

  #answerTo(method: string, path: string, body?: object): Promise<Response> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { ...this.#headers(), 'content-type': type };
    return fetch(this.#kube.server + path, { method, headers, body: body && JSON.stringify(body) });
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#answerTo(method, path, body);
    const told = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${told}`);
    return JSON.parse(told) as T;
  }
}
