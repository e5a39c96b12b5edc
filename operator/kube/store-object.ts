import type { Intent } from '../model/ports.ts';
import type { KubeObject } from './object.ts';

/** An intent as the API server keeps it: times are text there. */
export type IntentOnRecord = Omit<Intent, 'at'> & { readonly at: string };

/** The status as the API server keeps it. `journal` is written by `OpenStore.journal` only. */
export interface StoreStatus {
  readonly observedGeneration?: number;
  readonly journal?: readonly IntentOnRecord[];
  readonly takenOver?: string;
  readonly [part: string]: unknown;
}

/** An EcomStore as it comes off the wire; what its spec may say is the business of `store/spec.ts`. */
export interface StoreObject extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: StoreStatus;
}

export const storeApi = { group: 'ecom.io', version: 'v1alpha1', plural: 'ecomstores', kind: 'EcomStore' } as const;

/** Holds a deleted store until all that is not declared retained is gone from AWS. */
export const finalizer = 'ecom.io/teardown';

const root = `/apis/${storeApi.group}/${storeApi.version}`;

/** The collection of all stores, or of those in one namespace. */
export const storesPath = (namespace?: string): string =>
  namespace ? `${root}/namespaces/${encodeURIComponent(namespace)}/${storeApi.plural}` : `${root}/${storeApi.plural}`;

export const storePath = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${storesPath(namespace)}/${encodeURIComponent(name)}`;
