import { inOrder, isObject, listOr, sameJson } from '../json.ts';
import type { Cause } from '../refusal.ts';
import type { Schema } from './schema.ts';

/**
 * The item that an item of a list was before: only lists that are maps by some keys can tell.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#transition-rules
 */
export function itemBefore(schema: Schema, before: unknown, item: unknown): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined;
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const isThis = (one: unknown): boolean =>
    isObject(one) && isObject(item) ? names.every((name) => sameJson(one[name], item[name])) : sameJson(one, item);
  return listOr(before).find(isThis);
}

/** Items twice in a set, or twice under one key. */
export function* duplicates(schema: Schema, list: readonly unknown[], path: string): Generator<Cause> {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return;
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const key = type === 'map' ? keyOf(schema, item) : item;
    const told = JSON.stringify(inOrder(key));
    if (seen.has(told))
      yield {
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${JSON.stringify(key)}`,
        field: `${path}[${index}]`,
      };
    seen.add(told);
  }
}

function keyOf(schema: Schema, item: unknown): unknown {
  if (!isObject(item)) return item;
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name]]] : [])));
}
