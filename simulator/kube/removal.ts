import { isDryRun, keyOf, type ResourceCall } from './call.ts';
import { objectOr, type JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import type { KubeObject } from './object.ts';
import { badRequest, conflict } from './refusal.ts';
import { asTold, found } from './stored.ts';
import type { World } from './world.ts';

/** Holds a CRD until its objects are gone, as the real API server does. */
const crdFinalizer = 'customresourcecleanup.apiextensions.k8s.io';
const namespaceKey = '/namespaces';
const crdKey = 'apiextensions.k8s.io/customresourcedefinitions';

/** Deletes one object: at once, or, where finalizers hold it, by marking it. */
export function remove(world: World, call: ResourceCall): JsonObject {
  const { kind, name = '' } = call;
  const before = found(world, call);
  checkPreconditions(call, before);
  const dryRun = isDryRun(call, 'DeleteOptions') || optionsOf(call)['dryRun'] !== undefined;
  const after = dryRun ? before : begin(world, kind.collection, keyOf(call.namespace, name), before);
  settle(world);
  if (after) return asTold(kind, after);
  return successStatus(kind, before);
}

/** Deletes all objects that a list would tell. */
export function removeAll(world: World, collection: string, objects: readonly KubeObject[]): void {
  for (const { metadata } of objects) {
    const key = keyOf(metadata.namespace, metadata.name);
    const before = world.storage.get(collection, key);
    if (before) begin(world, collection, key, before);
  }
  settle(world);
}

const successStatus = ({ group, plural }: Kind, { metadata }: KubeObject): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name: metadata.name, ...(group === '' ? {} : { group }), kind: plural, uid: metadata.uid },
});

function optionsOf({ body }: ResourceCall): JsonObject {
  if (body === undefined) return {};
  const options = objectOr(body);
  if (options['kind'] !== undefined && options['kind'] !== 'DeleteOptions')
    throw badRequest(`the body of a delete must be DeleteOptions, not ${JSON.stringify(options['kind'])}`);
  return options;
}

function checkPreconditions(call: ResourceCall, { metadata }: KubeObject): void {
  const { uid, resourceVersion } = objectOr(optionsOf(call)['preconditions']);
  // These speak of the kind, not of the resource.
  const subject = { ...call.kind, plural: call.kind.kind };
  const differs = (what: string, asked: string, is: string, might: string): Error =>
    conflict(
      subject,
      metadata.name,
      `the ${what} in the precondition (${asked}) does not match the ${what} in record (${is}). The object might have been ${might}`,
    );
  if (typeof uid === 'string' && uid !== metadata.uid)
    throw differs('UID', uid, metadata.uid, 'deleted and then recreated');
  if (typeof resourceVersion === 'string' && resourceVersion !== metadata.resourceVersion)
    throw differs('ResourceVersion', resourceVersion, metadata.resourceVersion, 'modified');
}

/** Removes an object or marks it for removal; answers it when it is still there. */
function begin(world: World, collection: string, key: string, before: KubeObject): KubeObject | undefined {
  const { metadata } = before;
  if (metadata.deletionTimestamp !== undefined) return before;
  if (collection === namespaceKey) return markNamespace(world, key, before);
  const finalizers = [...(metadata.finalizers ?? []), ...(collection === crdKey ? [crdFinalizer] : [])];
  if (finalizers.length === 0) {
    world.storage.remove(collection, key);
    return undefined;
  }
  const marked = {
    ...metadata,
    finalizers,
    deletionTimestamp: world.now(),
    deletionGracePeriodSeconds: 0,
    // A mark for deletion counts as a change: https://github.com/kubernetes/apiserver/blob/master/pkg/registry/generic/registry/store.go (markAsDeleting)
    ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
  };
  return world.storage.put(collection, key, { ...before, metadata: marked });
}

function markNamespace(world: World, key: string, before: KubeObject): KubeObject {
  const metadata = { ...before.metadata, deletionTimestamp: world.now() };
  const status = { ...objectOr(before['status']), phase: 'Terminating' };
  return world.storage.put(namespaceKey, key, { ...before, metadata, status });
}

const isLeaving = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

/** Empties namespaces and CRDs that are being deleted, and finishes those that are empty. */
export function settle(world: World): void {
  for (const [key, namespace] of world.storage.at(namespaceKey)) if (isLeaving(namespace)) settleNamespace(world, key);
  for (const [key, crd] of world.storage.at(crdKey)) if (isLeaving(crd)) settleCrd(world, key, crd);
}

function settleNamespace(world: World, name: string): void {
  let left = 0;
  for (const collection of world.storage.collections())
    for (const [key, object] of world.storage.at(collection))
      if (object.metadata.namespace === name && begin(world, collection, key, object)) left++;
  if (left === 0) world.storage.remove(namespaceKey, name);
}

function settleCrd(world: World, key: string, crd: KubeObject): void {
  const { group, names } = objectOr(crd['spec']);
  const collection = `${String(group as string)}/${String(objectOr(names)['plural'] as string)}`;
  const left = [...world.storage.at(collection)].filter(([at, object]) => begin(world, collection, at, object));
  if (left.length > 0) return;
  const finalizers = (crd.metadata.finalizers ?? []).filter((finalizer) => finalizer !== crdFinalizer);
  if (finalizers.length === 0) world.storage.remove(crdKey, key);
}
