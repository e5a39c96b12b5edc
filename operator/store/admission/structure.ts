import type { JsonSchema } from '../json-schema.ts';
import { closest } from './closest.ts';
import type { Path, Problem } from './problem.ts';

/** What a schema alone cannot refuse in ajv: fields that the API server would prune in silence, and doubles in sets. */
export function* structureProblems(schema: JsonSchema, value: unknown, path: Path): Iterable<Problem> {
  if (Array.isArray(value)) {
    if (schema['x-kubernetes-list-type'] === 'set') yield* doubles(value, path);
    for (const [index, item] of value.entries())
      if (schema.items) yield* structureProblems(schema.items, item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      if (known) yield* structureProblems(known, part, [...path, name]);
      else if (schema.properties) yield unknownField(schema.properties, part, [...path, name]);
    }
  }
}

function unknownField(properties: NonNullable<JsonSchema['properties']>, value: unknown, path: Path): Problem {
  const names = Object.keys(properties);
  const meant = closest(String(path.at(-1)), names);
  return {
    path,
    value,
    rule: 'unknown field',
    message: `there is no field ${String(path.at(-1))} here, and Kubernetes would drop it`,
    remedy: meant === undefined ? `remove it; the fields here are ${names.join(', ')}` : `write ${meant}`,
  };
}

function* doubles(list: readonly unknown[], path: Path): Iterable<Problem> {
  for (const [index, item] of list.entries())
    if (list.indexOf(item) < index)
      yield {
        path: [...path, index],
        value: item,
        rule: 'x-kubernetes-list-type: set',
        message: `${JSON.stringify(item)} is in the list twice`,
        remedy: 'leave one of them',
      };
}
