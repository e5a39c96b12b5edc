import { isObject, listOr, sameJson, type JsonObject } from './json.ts';

/** The lists of the built-in kinds here that are merged item by item, and by what; all others are replaced. */
const mergeKeys: Readonly<Record<string, string | undefined>> = {
  'metadata.ownerReferences': 'uid',
  secrets: 'name',
  imagePullSecrets: 'name',
  'status.conditions': 'type',
};
/** Lists of plain values that are merged as sets. */
const sets = ['metadata.finalizers'];

/** https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md */
export function strategicMergePatch(target: unknown, patch: JsonObject, path = ''): unknown {
  const { $patch: directive, ...wanted } = patch;
  if (directive === 'replace') return wanted;
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(wanted)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (name.startsWith('$setElementOrder/') || name === '$retainKeys') continue;
    const dropped = /^\$deleteFromPrimitiveList\/(.*)$/.exec(name)?.[1];
    if (dropped !== undefined) merged[dropped] = without(merged[dropped], listOr(value));
    else if (value === null || (isObject(value) && value['$patch'] === 'delete')) delete merged[name];
    else if (isObject(value)) merged[name] = strategicMergePatch(merged[name], value, at);
    else if (Array.isArray(value)) merged[name] = mergedList(merged[name], value, at);
    else merged[name] = value;
  }
  return merged;
}

const without = (list: unknown, dropped: readonly unknown[]): unknown[] =>
  listOr(list).filter((item) => !dropped.some((one) => sameJson(one, item)));

function mergedList(target: unknown, patch: readonly unknown[], path: string): unknown[] {
  if (sets.includes(path)) return [...listOr(target), ...without(patch, listOr(target))];
  const key = mergeKeys[path];
  if (key === undefined) return [...patch];
  const merged = [...listOr(target)];
  for (const item of patch.filter(isObject)) {
    const index = merged.findIndex((one) => isObject(one) && one[key] === item[key]);
    if (item['$patch'] === 'delete') merged.splice(index, index === -1 ? 0 : 1);
    else if (index === -1) merged.push(item);
    else merged[index] = strategicMergePatch(merged[index], item, path);
  }
  return merged;
}
