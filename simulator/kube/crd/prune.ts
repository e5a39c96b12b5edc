import { isObject, type JsonObject } from '../json.ts';
import { entryPath, entrySchema, keepsUnknown, type Schema } from './schema.ts';

/** What is left of a value (the very same where nothing goes), and the paths of what its schema does not know. */
export interface Pruned {
  readonly value: unknown;
  readonly unknown: readonly string[];
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning */
export function prune(schema: Schema, value: unknown, path = ''): Pruned {
  if (Array.isArray(value)) {
    if (keepsUnknown(schema)) return { value, unknown: [] };
    // A list where the schema has none: everything inside is unknown.
    const items = schema.items ?? {};
    const parts = value.map((item, index) => prune(items, item, `${path}[${index}]`));
    const unknown = parts.flatMap((part) => part.unknown);
    return { value: unknown.length > 0 ? parts.map((part) => part.value) : value, unknown };
  }
  if (!isObject(value)) return { value, unknown: [] };
  const kept: JsonObject = {};
  const unknown: string[] = [];
  for (const [name, part] of Object.entries(value)) {
    const schemaOfPart = entrySchema(schema, name);
    const at = entryPath(path, schema, name);
    if (!schemaOfPart) {
      if (keepsUnknown(schema)) kept[name] = part;
      else unknown.push(at);
      continue;
    }
    const pruned = prune(schemaOfPart, part, at);
    kept[name] = pruned.value;
    unknown.push(...pruned.unknown);
  }
  return { value: unknown.length > 0 ? kept : value, unknown };
}
