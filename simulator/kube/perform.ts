import { whole, type ApiAnswer } from './answer.ts';
import type { ResourceCall } from './call.ts';
import { create, type Written } from './create.ts';
import type { JsonObject } from './json.ts';
import { list, listObject } from './list.ts';
import { methodNotAllowed } from './refusal.ts';
import { remove, removeAll } from './removal.ts';
import { asTold, found } from './stored.ts';
import { formOf, onlyMetadata, tableOf, type Form } from './table.ts';
import { patch, update } from './update.ts';
import type { World } from './world.ts';

/** Does what a request about a resource asks for. */
export function perform(world: World, verb: string, call: ResourceCall, openWatch: () => ApiAnswer): ApiAnswer {
  const form = formOf(call.accept);
  if (call.subresource !== undefined && !['get', 'update', 'patch'].includes(verb)) throw methodNotAllowed();
  switch (verb) {
    case 'get':
      return whole(200, one(world, call, form));
    case 'list':
      return whole(200, all(world, call, form));
    case 'watch':
      return openWatch();
    case 'create':
      if (call.kind.namespaced && call.namespace === undefined) throw methodNotAllowed();
      return told(create(world, call));
    case 'update':
      return told(update(world, call));
    case 'patch':
      return told(patch(world, call));
    case 'delete':
      return whole(200, remove(world, call));
    case 'deletecollection': {
      const page = list(world, call);
      if (!call.query.has('dryRun')) removeAll(world, call.kind.collection, page.items);
      return whole(200, listObject(call, page));
    }
    default:
      throw methodNotAllowed();
  }
}

const told = ({ code, object }: Written): ApiAnswer => whole(code, object);

function one(world: World, call: ResourceCall, form: Form): JsonObject {
  const object = asTold(call.kind, found(world, call));
  const { resourceVersion } = object.metadata;
  if (form === 'table') return tableOf(call, [object], { resourceVersion }, world.clock.now());
  return form === 'metadata' ? onlyMetadata(object) : object;
}

function all(world: World, call: ResourceCall, form: Form): JsonObject {
  const page = list(world, call);
  if (form === 'table') return tableOf(call, page.items, page.metadata, world.clock.now());
  if (form === 'whole') return listObject(call, page);
  const items = page.items.map(onlyMetadata);
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: page.metadata, items };
}
