import type { JsonObject } from './json.ts';

/** The metadata of an object, as far as the API server itself looks at it. */
export interface Metadata extends JsonObject {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  generation?: number;
  generateName?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** An object of the Kubernetes API. What is stored is never changed in place: every change is a new object. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

/** A moment as `metav1.Time` has it: whole seconds. */
export const timestamp = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`;
