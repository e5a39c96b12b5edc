import { isObject, listOr, sameJson } from '../json.ts';
import type { Cause } from '../refusal.ts';
import type { Schema } from './schema.ts';

/**
 * The item that an item of a list was before: only lists that are maps by some keys can tell.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#transition-rules
 */
export function itemBefore(schema: Schema, before: unknown, item: unknown): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined;
  const key = keyOf(schema, item);
  return listOr(before).find((one) => sameJson(keyOf(schema, one), key));
}

/** Items twice in a set, or twice under one key. */
export function* duplicates(schema: Schema, list: readonly unknown[], path: string): Generator<Cause> {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return;
  const keys = list.map((item) => (type === 'map' ? keyOf(schema, item) : item));
  for (const [index, key] of keys.entries())
    if (keys.slice(0, index).some((earlier) => sameJson(earlier, key)))
      yield {
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${JSON.stringify(key)}`,
        field: `${path}[${index}]`,
      };
}

function keyOf(schema: Schema, item: unknown): unknown {
  if (!isObject(item)) return item;
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name]]] : [])));
}
