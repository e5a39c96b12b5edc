import type { Schema } from './crd/schema.ts';
import { objectOr, type JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import { goQuoted } from './quoted.ts';
import type { Cause } from './refusal.ts';

const text: Schema = { type: 'string' };
const number: Schema = { type: 'integer', format: 'int32' };
const time: Schema = { type: 'string', format: 'date-time', nullable: true };
const microTime: Schema = { type: 'string', format: 'micro-time', nullable: true };
const reference: Schema = {
  type: 'object',
  properties: {
    apiVersion: text,
    kind: text,
    namespace: text,
    name: text,
    uid: text,
    resourceVersion: text,
    fieldPath: text,
  },
};
const source: Schema = { type: 'object', properties: { component: text, host: text } };
const both = {
  action: text,
  eventTime: microTime,
  reason: text,
  related: reference,
  reportingInstance: text,
  type: text,
};

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export const coreEventSchema: Schema = {
  type: 'object',
  description: 'Event is a report of an event somewhere in the cluster.',
  properties: {
    ...both,
    involvedObject: reference,
    message: text,
    source,
    firstTimestamp: time,
    lastTimestamp: time,
    count: number,
    reportingComponent: text,
    series: { type: 'object', properties: { count: number, lastObservedTime: microTime } },
  },
};

export const eventSchema: Schema = {
  type: 'object',
  description: 'Event is a report of an event somewhere in the cluster.',
  properties: {
    ...both,
    regarding: reference,
    note: text,
    deprecatedSource: source,
    deprecatedFirstTimestamp: time,
    deprecatedLastTimestamp: time,
    deprecatedCount: number,
    reportingController: text,
    series: { type: 'object', properties: { count: number, lastObservedTime: microTime } },
  },
};

/** The same things under two names: of events.k8s.io, and of the core group, which is the one that is stored. */
const names: readonly (readonly [theirs: string, stored: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['reportingController', 'reportingComponent'],
];

function renamed<T extends JsonObject>(object: T, pairs: readonly (readonly [from: string, to: string])[]): T {
  const to = new Map(pairs);
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [to.get(name) ?? name, value])) as T;
}

export const storedEvent = (object: JsonObject): JsonObject => renamed(object, names);

export const toldEvent = (object: KubeObject): KubeObject =>
  renamed(
    object,
    names.map(([theirs, stored]) => [stored, theirs] as const),
  );

/** An event lives in the namespace of what it is about; that of something without namespace in `default`. */
export function eventCauses(event: KubeObject): Cause[] {
  const about = objectOr(event['involvedObject'])['namespace'];
  const namespace = typeof about === 'string' ? about : '';
  const { namespace: own } = event.metadata;
  if (namespace === own || (namespace === '' && own === 'default')) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${goQuoted(namespace)}: does not match event.namespace`,
      field: 'involvedObject.namespace',
    },
  ];
}
