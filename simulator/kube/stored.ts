import { keyOf, type ResourceCall } from './call.ts';
import { groupVersion, type Kind } from './kind.ts';
import type { KubeObject } from './object.ts';
import { notFound } from './refusal.ts';
import type { World } from './world.ts';

/** An object as its kind tells it, from how it is stored. */
export const asTold = (kind: Kind, stored: KubeObject): KubeObject => ({
  ...(kind.fromStored?.(stored) ?? stored),
  apiVersion: groupVersion(kind),
  kind: kind.kind,
});

export const asStored = (kind: Kind, object: KubeObject): KubeObject =>
  (kind.toStored?.(object) ?? object) as KubeObject;

/** Finds what a call names. */
export function found(world: World, { kind, namespace, name = '' }: ResourceCall): KubeObject {
  const stored = world.storage.get(kind.collection, keyOf(namespace, name));
  if (!stored) throw notFound(kind, name);
  return stored;
}
