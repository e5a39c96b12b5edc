import { coreEvents } from './built-in.ts';
import { fieldValidation, isDryRun, keyOf, type ResourceCall } from './call.ts';
import { decode } from './decode.ts';
import { without } from './json.ts';
import { completed, refuseIfWrong } from './judge.ts';
import type { Kind } from './kind.ts';
import { metadataCauses } from './metadata.ts';
import type { KubeObject } from './object.ts';
import { alreadyExists, badRequest, forbidden, notFound, Refusal } from './refusal.ts';
import { asStored, asTold } from './stored.ts';
import type { World } from './world.ts';

/** What a write answers. */
export interface Written {
  readonly code: number;
  readonly object: KubeObject;
}

/** Makes a new object, or says why not. */
export function create(world: World, call: ResourceCall): Written {
  const { kind, namespace } = call;
  const dryRun = isDryRun(call, 'CreateOptions');
  const object = decode(call, call.body, fieldValidation(call, 'CreateOptions'));
  checkNamespace(call, object);
  if (namespace !== undefined) checkOpen(world, kind, namespace, object.metadata.name);
  if (object.metadata.resourceVersion)
    throw new Refusal({ code: 500, reason: '', message: 'resourceVersion should not be set on objects to be created' });
  const whole = newborn(world, call, object);
  refuseIfWrong(kind, whole, undefined, [...metadataCauses(whole)]);
  if (kind.collection === coreEvents.collection) world.forgetOldEvents();
  const key = keyOf(namespace, whole.metadata.name);
  if (world.storage.get(kind.collection, key)) throw alreadyExists(kind, whole.metadata.name);
  if (!dryRun) return { code: 201, object: asTold(kind, world.storage.put(kind.collection, key, whole)) };
  const unversioned = { ...whole, metadata: without(whole.metadata, 'resourceVersion') } as KubeObject;
  return { code: 201, object: asTold(kind, unversioned) };
}

/** What is born has no status of its own yet, and is not being deleted, whatever the body says. */
function newborn(world: World, { kind, namespace }: ResourceCall, object: KubeObject): KubeObject {
  const given = without(object.metadata, 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation');
  const metadata = world.born({
    ...given,
    ...(namespace === undefined ? {} : { namespace }),
    ...(kind.hasGeneration ? { generation: 1 } : {}),
  });
  const kept = kind.hasStatus ? without(object, 'status') : object;
  return completed(kind, asStored(kind, { ...kept, metadata } as KubeObject));
}

/** The namespace in the body may be left out, but not be another than that of the path. */
export function checkNamespace({ namespace }: ResourceCall, { metadata }: KubeObject): void {
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
