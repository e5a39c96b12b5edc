import {
  configMapColumns,
  crdColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  secretColumns,
  serviceAccountColumns,
} from './columns.ts';
import { completeCrd, crdCauses } from './crd/definition.ts';
import type { Schema } from './crd/schema.ts';
import { coreEventSchema, eventCauses, eventSchema, storedEvent, toldEvent } from './events.ts';
import { objectOr, type JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import type { KubeObject } from './object.ts';
import type { Cause } from './refusal.ts';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const texts: Schema = { type: 'object', additionalProperties: text };
const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const bytes: Schema = { type: 'object', additionalProperties: { type: 'string', format: 'byte' } };
const named: Schema = { type: 'array', items: { type: 'object', properties: { name: text } } };
const microTime: Schema = { type: 'string', format: 'micro-time', nullable: true };
const number: Schema = { type: 'integer', format: 'int32' };

const schemaOf = (description: string, properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  description,
  properties,
});

const leaseSchema = schemaOf('Lease defines a lease concept.', {
  spec: {
    type: 'object',
    properties: {
      holderIdentity: text,
      leaseDurationSeconds: number,
      acquireTime: microTime,
      renewTime: microTime,
      leaseTransitions: number,
      strategy: text,
      preferredHolder: text,
    },
  },
});

const kind = (parts: Pick<Kind, 'plural' | 'kind' | 'schema' | 'columns'> & Partial<Kind>): Kind => ({
  group: '',
  version: 'v1',
  singular: parts.kind.toLowerCase(),
  listKind: `${parts.kind}List`,
  namespaced: true,
  shortNames: [],
  categories: [],
  collection: `${parts.group ?? ''}/${parts.plural}`,
  custom: false,
  hasStatus: false,
  hasGeneration: false,
  blindUpdates: true,
  createsOnUpdate: false,
  selectable: ['metadata.name', 'metadata.namespace'],
  ...parts,
});

function completeNamespace(namespace: KubeObject): KubeObject {
  const labels = { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': namespace.metadata.name };
  const spec = { finalizers: ['kubernetes'], ...objectOr(namespace['spec']) };
  const status = { phase: 'Active', ...objectOr(namespace['status']) };
  return { ...namespace, metadata: { ...namespace.metadata, labels }, spec, status };
}

/** `stringData` is for writing only: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/ */
function completeSecret(given: KubeObject): KubeObject {
  const { stringData, ...secret } = given as JsonObject;
  const encoded = Object.entries(objectOr(stringData)).map(([name, value]): [string, string] => [
    name,
    Buffer.from(String(value as string)).toString('base64'),
  ]);
  const data = { ...objectOr(secret['data']), ...Object.fromEntries(encoded) };
  return {
    ...secret,
    type: secret['type'] ?? 'Opaque',
    ...(Object.keys(data).length > 0 ? { data } : {}),
  } as unknown as KubeObject;
}

const completeEvent = (event: KubeObject): KubeObject => ({ eventTime: null, ...event });

function leaseCauses({ spec }: KubeObject): Cause[] {
  const { leaseDurationSeconds: seconds } = objectOr(spec);
  if (typeof seconds !== 'number' || seconds > 0) return [];
  const message = `Invalid value: ${seconds}: must be greater than 0`;
  return [{ reason: 'FieldValueInvalid', message, field: 'spec.leaseDurationSeconds' }];
}

const events = {
  plural: 'events',
  kind: 'Event',
  shortNames: ['ev'],
  collection: '/events',
  createsOnUpdate: true,
  columns: eventColumns,
  complete: completeEvent,
  causes: eventCauses,
};

export const namespaces = kind({
  plural: 'namespaces',
  kind: 'Namespace',
  shortNames: ['ns'],
  namespaced: false,
  hasStatus: true,
  schema: schemaOf('Namespace provides a scope for Names.', {
    spec: { type: 'object', properties: { finalizers: { type: 'array', items: text } } },
    status: { type: 'object', properties: { phase: text, conditions: { type: 'array', items: anything } } },
  }),
  columns: namespaceColumns,
  complete: completeNamespace,
  selectable: ['metadata.name', 'status.phase'],
});

export const coreEvents = kind({
  ...events,
  schema: coreEventSchema,
  selectable: [
    ...['metadata.name', 'metadata.namespace', 'type', 'reason', 'source'],
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (part) => `involvedObject.${part}`,
    ),
  ],
});

export const crds = kind({
  group: 'apiextensions.k8s.io',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  hasStatus: true,
  hasGeneration: true,
  blindUpdates: false,
  schema: schemaOf('CustomResourceDefinition represents a resource that should be exposed on the API server.', {
    spec: anything,
    status: anything,
  }),
  columns: crdColumns,
  complete: completeCrd,
  causes: crdCauses,
  selectable: ['metadata.name'],
});

/** The resources that are there without any CRD. */
export const builtInKinds: readonly Kind[] = [
  namespaces,
  coreEvents,
  kind({ ...events, group: 'events.k8s.io', schema: eventSchema, toStored: storedEvent, fromStored: toldEvent }),
  kind({
    plural: 'configmaps',
    kind: 'ConfigMap',
    shortNames: ['cm'],
    schema: schemaOf('ConfigMap holds configuration data for pods to consume.', {
      data: texts,
      binaryData: bytes,
      immutable: flag,
    }),
    columns: configMapColumns,
  }),
  kind({
    plural: 'secrets',
    kind: 'Secret',
    schema: schemaOf('Secret holds secret data of a certain type.', {
      data: bytes,
      stringData: texts,
      type: text,
      immutable: flag,
    }),
    columns: secretColumns,
    complete: completeSecret,
    selectable: ['metadata.name', 'metadata.namespace', 'type'],
  }),
  kind({
    plural: 'serviceaccounts',
    kind: 'ServiceAccount',
    shortNames: ['sa'],
    schema: schemaOf('ServiceAccount binds together a name, a principal and a set of secrets.', {
      secrets: named,
      imagePullSecrets: named,
      automountServiceAccountToken: flag,
    }),
    columns: serviceAccountColumns,
  }),
  kind({
    group: 'coordination.k8s.io',
    plural: 'leases',
    kind: 'Lease',
    blindUpdates: false,
    createsOnUpdate: true,
    schema: leaseSchema,
    columns: leaseColumns,
    causes: leaseCauses,
  }),
  crds,
];
