import { fieldValidation, isDryRun, keyOf, type ResourceCall } from './call.ts';
import { checkNamespace, create, type Written } from './create.ts';
import { decode } from './decode.ts';
import { sameJson, without, type JsonObject } from './json.ts';
import { completed, refuseIfWrong } from './judge.ts';
import type { Kind } from './kind.ts';
import { metadataCauses, metadataChangeCauses } from './metadata.ts';
import type { KubeObject, Metadata } from './object.ts';
import { applyPatch } from './patch.ts';
import { badRequest, conflict, invalid, notFound, objectModified, Refusal } from './refusal.ts';
import { settle } from './removal.ts';
import { asStored, asTold, found } from './stored.ts';
import type { World } from './world.ts';

/** Puts another object in the place of one that is there. */
export function update(world: World, call: ResourceCall): Written {
  const { kind, name = '', namespace } = call;
  const dryRun = isDryRun(call, 'UpdateOptions');
  const object = decode(call, call.body, fieldValidation(call, 'UpdateOptions'));
  checkName(call, object);
  const before = world.storage.get(kind.collection, keyOf(namespace, name));
  if (!before && kind.createsOnUpdate) return create(world, call);
  if (!before) throw notFound(kind, name);
  checkVersion(kind, object);
  const { uid } = object.metadata;
  if (uid && uid !== before.metadata.uid)
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  return replace(world, call, before, object, dryRun);
}

function checkVersion(kind: Kind, { metadata: { resourceVersion, name } }: KubeObject): void {
  if (!resourceVersion && !kind.blindUpdates) {
    const message = 'Invalid value: 0: must be specified for an update';
    const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' };
    // This one speaks of the resource, not of its kind.
    throw invalid({ ...kind, kind: kind.plural }, name, [cause]);
  }
  if (!resourceVersion || /^\d+$/.test(resourceVersion)) return;
  const message = `strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`;
  throw new Refusal({ code: 500, reason: '', message });
}

/** Changes an object by a patch of any type. */
export function patch(world: World, call: ResourceCall): Written {
  const { kind, contentType } = call;
  const dryRun = isDryRun(call, 'PatchOptions');
  const validation = fieldValidation(call, 'PatchOptions');
  // Told before anything is looked up: whether the object exists makes no difference.
  const change = applyPatch(kind, contentType, call.body);
  const before = found(world, call);
  const object = decode(call, change(asTold(kind, before)), validation);
  checkName(call, object);
  return replace(world, call, before, object, dryRun);
}

function checkName(call: ResourceCall, object: KubeObject): void {
  const { name = '' } = call;
  const given = object.metadata.name;
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  checkNamespace(call, object);
}

/** The common end of update and patch: what the strategy of the kind keeps, the checks, and the write. */
function replace(world: World, call: ResourceCall, before: KubeObject, object: KubeObject, dryRun: boolean): Written {
  const { kind, name = '', namespace } = call;
  const { resourceVersion } = object.metadata;
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion)
    throw conflict(kind, name, objectModified);
  const now = successor(call, asStored(kind, object), before);
  refuseIfWrong(kind, now, before, [...metadataCauses(now), ...metadataChangeCauses(now, before)]);
  if (dryRun || sameJson(now, before)) return { code: 200, object: asTold(kind, now) };
  const key = keyOf(namespace, name);
  const isLeaving = now.metadata.deletionTimestamp !== undefined && !now.metadata.finalizers;
  if (isLeaving) world.storage.remove(kind.collection, key);
  const stored = isLeaving ? now : world.storage.put(kind.collection, key, now);
  settle(world);
  return { code: 200, object: asTold(kind, stored) };
}

function successor({ kind, subresource }: ResourceCall, given: KubeObject, before: KubeObject): KubeObject {
  const { apiVersion, kind: storedKind } = before;
  if (subresource !== undefined)
    return completed(kind, { ...onlyStatusOf(given, before), apiVersion, kind: storedKind } as KubeObject);
  const wanted = { ...withoutStatusOf(kind, given, before), apiVersion, kind: storedKind } as KubeObject;
  const now = completed(kind, wanted);
  // What counts as a change of the spec: all but metadata and status.
  const isMeant = !sameJson(without(now, 'metadata', 'status'), without(before, 'metadata', 'status'));
  if (!kind.hasGeneration || !isMeant) return now;
  return { ...now, metadata: { ...now.metadata, generation: (before.metadata.generation ?? 0) + 1 } };
}

/** Metadata that clients cannot change is kept; of the status nothing is taken, where it has a subresource of its own. */
function withoutStatusOf(kind: Kind, given: KubeObject, before: KubeObject): JsonObject {
  const { namespace, generation, creationTimestamp, deletionGracePeriodSeconds, resourceVersion } = before.metadata;
  const { deletionTimestamp, uid } = { ...before.metadata, ...given.metadata };
  const ours = { namespace, generation, creationTimestamp, deletionGracePeriodSeconds, resourceVersion };
  const kept = { ...given.metadata, ...ours, deletionTimestamp, uid };
  const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
  const metadata = Object.fromEntries(Object.entries(kept).filter(([, value]) => !isEmpty(value))) as Metadata;
  if (!kind.hasStatus) return { ...given, metadata };
  return { ...without(given, 'status'), metadata, ...('status' in before ? { status: before['status'] } : {}) };
}

/** A write to the status changes nothing else, of metadata neither. */
const onlyStatusOf = (given: KubeObject, before: KubeObject): JsonObject => ({
  ...without(before, 'status'),
  ...('status' in given ? { status: given['status'] } : {}),
});
