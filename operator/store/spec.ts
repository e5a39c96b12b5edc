import type { z } from 'zod';
import { applyDefaults } from './defaults.ts';
import type { JsonSchema } from './json-schema.ts';
import type { SpecSchema, StatusSchema } from './schema/ecom-store.ts';
import crdSchema from './schema.json' with { type: 'json' };

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** What a user wrote: what has a default may be missing. */
export type EcomStoreManifestSpec = DeepReadonly<z.input<SpecSchema>>;
/** What a store is to be, with all defaults: as the API server tells it, or as `withDefaults` makes it. */
export type EcomStoreSpec = DeepReadonly<z.output<SpecSchema>>;
export type EcomStoreStatus = DeepReadonly<z.output<StatusSchema>>;

export type StoreCondition = NonNullable<EcomStoreStatus['conditions']>[number];
export type StoreResource = NonNullable<EcomStoreStatus['resources']>[number];

/** One store as Kubernetes holds it. */
export interface EcomStore {
  readonly apiVersion: typeof apiVersion;
  readonly kind: typeof kind;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: EcomStoreSpec;
  readonly status: EcomStoreStatus;
}

export const group = 'ecom.io';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}` as const;
export const kind = 'EcomStore';
export const plural = 'ecomstores';

/** An annotation that asks for a reading of everything, once a minute at most; `status.acknowledgedReconcile` tells its value back. */
export const reconcileAnnotation = `${group}/reconcile-at`;

/** An annotation that confirms, by the UID of the store, that its data may be deleted; with the generation, while it stays. */
export const confirmAnnotation = `${group}/confirm-deletion`;

/** An annotation that names the UID of an earlier store of this name, whose resources the store goes on with. */
export const takeOverAnnotation = `${group}/take-over`;

/** The UIDs that the tags of what a store has in AWS may bear: its own, and that of the earlier one it has taken over. */
export const taggedUids = ({ metadata, status }: Tagged): string[] =>
  status?.takenOver === undefined ? [metadata.uid] : [metadata.uid, status.takenOver];

/** A store, as the cluster or as a manifest has it. */
interface Tagged {
  readonly metadata: { readonly uid: string };
  readonly status?: { readonly takenOver?: string };
}

/** The schema of the committed CRD. */
export const storeSchema = crdSchema as JsonSchema;

export const specSchema = storeSchema.properties?.spec as JsonSchema;

/** A spec with all defaults, the same that the API server fills in. */
export const withDefaults = (spec: EcomStoreManifestSpec): EcomStoreSpec =>
  applyDefaults(specSchema, spec) as EcomStoreSpec;
