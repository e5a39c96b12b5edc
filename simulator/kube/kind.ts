import type { Column } from './columns.ts';
import type { Schema } from './crd/schema.ts';
import type { JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import type { Cause, Subject } from './refusal.ts';

/** One version of one resource: its names, and what is particular about it. */
export interface Kind extends Subject {
  readonly version: string;
  readonly singular: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Where its objects are kept: versions of one resource share a collection. */
  readonly collection: string;
  /** The schema of the whole object, metadata aside. */
  readonly schema: Schema;
  /** Whether a CRD made it: then its schema refuses by 422, as Go's decoder does by 400 for the built-in ones. */
  readonly custom: boolean;
  readonly hasStatus: boolean;
  readonly hasGeneration: boolean;
  /** Whether an update may leave out the resourceVersion. */
  readonly blindUpdates: boolean;
  /** Whether an update of what does not exist creates it. */
  readonly createsOnUpdate: boolean;
  /** The fields that selectors may ask for. */
  readonly selectable: readonly string[];
  readonly columns: readonly Column[];
  /** From this version into the one that is stored, and back. */
  readonly toStored?: (object: JsonObject) => JsonObject;
  readonly fromStored?: (object: KubeObject) => KubeObject;
  /** What the API server adds when one is written. */
  readonly complete?: (object: KubeObject) => KubeObject;
  readonly causes?: (object: KubeObject) => readonly Cause[];
}

export const groupVersion = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

export const mediaTypes = {
  json: 'application/json',
  protobuf: 'application/vnd.kubernetes.protobuf',
  jsonPatch: 'application/json-patch+json',
  mergePatch: 'application/merge-patch+json',
  strategicMergePatch: 'application/strategic-merge-patch+json',
} as const;

/** The patches that a resource takes; server-side apply is not among them. */
export const patchTypes = ({ custom }: Kind): string[] => [
  mediaTypes.jsonPatch,
  mediaTypes.mergePatch,
  ...(custom ? [] : [mediaTypes.strategicMergePatch]),
];
