import { fieldValidation, isDryRun, keyOf, type ResourceCall } from './call.ts';
import { fillIn } from './crd/defaults.ts';
import { causesAgainst } from './crd/admit.ts';
import { decode, wholeSchema } from './decode.ts';
import { sameJson, type JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { metadataCauses, metadataChangeCauses } from './metadata.ts';
import type { KubeObject, Metadata } from './object.ts';
import { applyPatch } from './patch.ts';
import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  notFound,
  objectModified,
  Refusal,
  type Cause,
} from './refusal.ts';
import { settle } from './removal.ts';
import { asStored, asTold, found } from './stored.ts';
import type { World } from './world.ts';

export interface Written {
  readonly code: number;
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

export function create(world: World, call: ResourceCall): Written {
  const { kind, namespace } = call;
  const dryRun = isDryRun(call, 'CreateOptions');
  const { object, warnings } = decode(kind, call.body, fieldValidation(call, 'CreateOptions'));
  checkNamespace(call, object);
  if (namespace !== undefined) checkOpen(world, kind, namespace, object.metadata.name);
  if (object.metadata.resourceVersion)
    throw new Refusal({ code: 500, reason: '', message: 'resourceVersion should not be set on objects to be created' });
  const { deletionTimestamp, deletionGracePeriodSeconds, ...metadata } = object.metadata;
  void [deletionTimestamp, deletionGracePeriodSeconds];
  const born = world.born({ ...metadata, ...(namespace === undefined ? {} : { namespace }) });
  if (kind.hasGeneration) born.generation = 1;
  else delete born.generation;
  const { status, ...withoutStatus } = object;
  const given = kind.hasStatus || status === undefined ? withoutStatus : object;
  const whole = completed(kind, asStored(kind, { ...given, metadata: born } as KubeObject));
  refuseIf(kind, whole, undefined, [...metadataCauses(whole)]);
  const key = keyOf(namespace, born.name);
  if (world.storage.get(kind.collection, key)) throw alreadyExists(kind, born.name);
  const stored = dryRun ? withoutVersion(whole) : world.storage.put(kind.collection, key, whole);
  return { code: 201, object: asTold(kind, stored), warnings };
}

function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion, ...metadata } = object.metadata;
  void resourceVersion;
  return { ...object, metadata } as KubeObject;
}

/** The namespace in the body may be left out, but not be another than that of the path. */
function checkNamespace({ namespace }: ResourceCall, { metadata }: KubeObject): void {
  if (metadata.namespace && metadata.namespace !== (namespace ?? ''))
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Nothing is created in a namespace that does not exist or is being deleted. */
function checkOpen(world: World, kind: Kind, namespace: string, name: string): void {
  const found = world.storage.get('/namespaces', namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(kind, name, why, [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }]);
}

/** With the defaults of its schema, as every later read would show it, and with what its kind adds. */
function completed(kind: Kind, object: KubeObject): KubeObject {
  const filled = kind.custom ? (fillIn(wholeSchema(kind), object) as KubeObject) : object;
  return kind.complete?.(filled) ?? filled;
}

function refuseIf(kind: Kind, now: KubeObject, before: KubeObject | undefined, earlier: readonly Cause[]): void {
  const causes = kind.custom
    ? causesAgainst(kind.schema, now, before, earlier)
    : [...earlier, ...(kind.causes?.(now) ?? [])];
  if (causes.length > 0) throw invalid(kind, now.metadata.name, causes);
}

export function update(world: World, call: ResourceCall): Written {
  const { kind, name = '', namespace } = call;
  const dryRun = isDryRun(call, 'UpdateOptions');
  const { object, warnings } = decode(kind, call.body, fieldValidation(call, 'UpdateOptions'));
  checkName(call, object);
  const before = world.storage.get(kind.collection, keyOf(namespace, name));
  if (!before && kind.createsOnUpdate) return create(world, call);
  if (!before) throw notFound(kind, name);
  const { uid, resourceVersion } = object.metadata;
  if (!resourceVersion && !kind.blindUpdates) {
    const message = 'Invalid value: 0: must be specified for an update';
    const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' };
    // This one speaks of the resource, not of its kind.
    throw invalid({ ...kind, kind: kind.plural }, name, [cause]);
  }
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    const message = `strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`;
    throw new Refusal({ code: 500, reason: '', message });
  }
  if (uid && uid !== before.metadata.uid)
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  return { ...replace(world, call, before, object, dryRun), warnings };
}

export function patch(world: World, call: ResourceCall): Written {
  const { kind } = call;
  const dryRun = isDryRun(call, 'PatchOptions');
  const validation = fieldValidation(call, 'PatchOptions');
  const before = found(world, call);
  const patched = applyPatch(kind, asTold(kind, before), call.contentType, call.body);
  const { object, warnings } = decode(kind, patched, validation);
  checkName(call, object);
  return { ...replace(world, call, before, object, dryRun), warnings };
}

function checkName(call: ResourceCall, { metadata }: KubeObject): void {
  const { name = '' } = call;
  if (metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  checkNamespace(call, { metadata } as KubeObject);
}

/** The common end of update and patch: what the strategy of the kind keeps, the checks, and the write. */
function replace(
  world: World,
  call: ResourceCall,
  before: KubeObject,
  object: KubeObject,
  dryRun: boolean,
): Omit<Written, 'warnings'> {
  const { kind, name = '', namespace } = call;
  const { resourceVersion } = object.metadata;
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion)
    throw conflict(kind, name, objectModified);
  const given = asStored(kind, object);
  const wanted = call.subresource === undefined ? withoutStatusOf(kind, given, before) : onlyStatusOf(given, before);
  const now = completed(kind, asStored(kind, { ...wanted, ...identityOf(before) } as KubeObject));
  if (kind.hasGeneration && call.subresource === undefined && !sameJson(meant(now), meant(before)))
    now.metadata = { ...now.metadata, generation: (before.metadata.generation ?? 0) + 1 };
  refuseIf(kind, now, before, [...metadataCauses(now), ...metadataChangeCauses(now, before)]);
  if (dryRun || sameJson(now, before)) return { code: 200, object: asTold(kind, now) };
  const key = keyOf(namespace, name);
  if (now.metadata.deletionTimestamp !== undefined && isFree(now)) {
    world.storage.remove(kind.collection, key);
    settle(world);
    return { code: 200, object: asTold(kind, now) };
  }
  const stored = world.storage.put(kind.collection, key, now);
  settle(world);
  return { code: 200, object: asTold(kind, stored) };
}

const isFree = ({ metadata }: KubeObject): boolean => (metadata.finalizers ?? []).length === 0;

const identityOf = ({ apiVersion, kind }: KubeObject): Pick<KubeObject, 'apiVersion' | 'kind'> => ({
  apiVersion,
  kind,
});

/** What counts as a change of the spec: all but metadata and status. */
function meant({ metadata, status, ...rest }: KubeObject): JsonObject {
  void [metadata, status];
  return rest;
}

/** Metadata that clients cannot change is kept; of the status nothing is taken, where it has a subresource of its own. */
function withoutStatusOf(kind: Kind, given: KubeObject, before: KubeObject): JsonObject {
  const { generation, creationTimestamp, deletionGracePeriodSeconds, resourceVersion } = before.metadata;
  const { deletionTimestamp, uid } = { ...before.metadata, ...given.metadata };
  const ours = { generation, creationTimestamp, deletionGracePeriodSeconds, resourceVersion };
  const kept = { ...given.metadata, ...ours, deletionTimestamp, uid };
  const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
  const metadata = Object.fromEntries(Object.entries(kept).filter(([, value]) => !isEmpty(value))) as Metadata;
  if (!kind.hasStatus) return { ...given, metadata };
  const { status, ...rest } = given;
  void status;
  return { ...rest, metadata, ...('status' in before ? { status: before['status'] } : {}) };
}

/** A write to the status changes nothing else, of metadata neither. */
function onlyStatusOf(given: KubeObject, before: KubeObject): JsonObject {
  const { status, ...rest } = before;
  void status;
  return 'status' in given ? { ...rest, status: given['status'] } : rest;
}
