import type { Schema } from './crd/schema.ts';
import { sameJson } from './json.ts';
import type { KubeObject } from './object.ts';
import { goQuoted } from './quoted.ts';
import type { Cause } from './refusal.ts';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'object', additionalProperties: text };
const time: Schema = { type: 'string', format: 'date-time', nullable: true };

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export const metadataSchema: Schema = {
  type: 'object',
  description: 'Standard object metadata.',
  properties: {
    name: { ...text, description: 'Name must be unique within a namespace.' },
    generateName: text,
    namespace: text,
    uid: text,
    resourceVersion: text,
    selfLink: text,
    generation: { type: 'integer', format: 'int64' },
    creationTimestamp: time,
    deletionTimestamp: time,
    deletionGracePeriodSeconds: { type: 'integer', format: 'int64' },
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array', items: text },
    ownerReferences: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: 'boolean' },
          blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
    managedFields: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
};

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualifiedName})?`;
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const wrongName =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'example.com', regex used for validation is '${subdomain}')`;
const wrongKey =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`;
const wrongValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`;

const invalid = (field: string, value: string, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${goQuoted(value)}: ${why}`,
  field,
});

const isKey = (key: string): boolean => {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  return (
    parts.length <= 1 &&
    name.length <= 63 &&
    whole(qualifiedName).test(name) &&
    parts.every((part) => whole(subdomain).test(part))
  );
};

/** What is wrong with an object's metadata by itself. */
export function* metadataCauses({ metadata }: KubeObject): Generator<Cause> {
  const { name, labels, annotations, finalizers } = metadata;
  if (!name)
    yield {
      reason: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
      field: 'metadata.name',
    };
  else if (!whole(subdomain).test(name)) yield invalid('metadata.name', name, wrongName);
  else if (name.length > 253) yield invalid('metadata.name', name, 'must be no more than 253 bytes');
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isKey(key)) yield invalid('metadata.labels', key, wrongKey);
    if (value.length > 63) yield invalid('metadata.labels', value, 'must be no more than 63 bytes');
    else if (!whole(labelValue).test(value)) yield invalid('metadata.labels', value, wrongValue);
  }
  for (const key of Object.keys(annotations ?? {}))
    if (!isKey(key.toLowerCase())) yield invalid('metadata.annotations', key, wrongKey);
  for (const key of finalizers ?? []) if (!isKey(key)) yield invalid('metadata.finalizers', key, wrongKey);
}

/** What an update may not do to metadata. */
export function* metadataChangeCauses(next: KubeObject, before: KubeObject): Generator<Cause> {
  for (const field of ['uid', 'deletionTimestamp'] as const)
    if (!sameJson(next.metadata[field], before.metadata[field]))
      yield invalid(`metadata.${field}`, next.metadata[field] ?? '', 'field is immutable');
  const had = before.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !had.includes(finalizer));
  if (before.metadata.deletionTimestamp === undefined || added.length === 0) return;
  const told = `[]string{${added.map(goQuoted).join(', ')}}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${told}`;
  yield { reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' };
}

/** Said about finalizers that anybody might have chosen. */
export const finalizerWarnings = (finalizers: readonly string[]): string[] =>
  finalizers
    .filter(
      (finalizer) => !finalizer.includes('/') && !['orphan', 'foregroundDeletion', 'kubernetes'].includes(finalizer),
    )
    .map(
      (finalizer) =>
        `metadata.finalizers: ${goQuoted(finalizer)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
