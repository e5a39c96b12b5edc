import type { KubeClient } from './client.ts';
import { failedAs } from './errors.ts';

/** What a Lease says. Times are told with six digits: Kubernetes' MicroTime takes no other form. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface Lease {
  readonly metadata: { readonly resourceVersion?: string };
  readonly spec?: LeaseSpec;
}

export const microTime = (millis: number): string => new Date(millis).toISOString().replace('Z', '000Z');

/** One Lease object, read and written whole under its resourceVersion. */
export class LeaseRecord {
  readonly #client: KubeClient;
  readonly #collection: string;
  readonly #namespace: string;
  readonly #name: string;

  constructor(client: KubeClient, namespace: string, name: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.#name = name;
    this.#collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  }

  async read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#client.request<Lease>({ method: 'GET', path: `${this.#collection}/${this.#name}`, signal });
    } catch (error) {
      if (failedAs(error, 'not-found')) return undefined;
      throw error;
    }
  }

  /** Writes the lease as the successor of what was read; a `conflict` or `exists` error when somebody was quicker. */
  write(read: Lease | undefined, spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    if (read)
      return this.#client.request({
        method: 'PUT',
        path: `${this.#collection}/${this.#name}`,
        body: { ...read, spec: { ...read.spec, ...spec } },
        signal,
      });
    const metadata = { namespace: this.#namespace, name: this.#name };
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    return this.#client.request({ method: 'POST', path: this.#collection, body, signal });
  }
}
