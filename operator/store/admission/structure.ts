import { entrySchema, type JsonSchema } from '../json-schema.ts';
import { closest } from './closest.ts';
import type { Path, Problem } from './problem.ts';

/**
 * What a schema alone cannot refuse in ajv: fields that the API server would prune in silence, values left empty, and
 * doubles in sets.
 */
export function* structureProblems(schema: JsonSchema, value: unknown, path: Path): Iterable<Problem> {
  if (Array.isArray(value)) {
    if (schema['x-kubernetes-list-type'] === 'set') yield* doubles(value, path);
    for (const [index, item] of value.entries())
      if (schema.items) yield* structureProblems(schema.items, item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      const known = entrySchema(schema, name);
      if (known && part === null) yield* emptied(known, schema, [...path, name]);
      else if (known) yield* structureProblems(known, part, [...path, name]);
      else if (schema.properties) yield unknownField(schema.properties, part, [...path, name]);
    }
  }
}

/**
 * A null without a default: the server side of apply refuses it (`in body must be of type object: "null"`), every other
 * write drops it. One in metadata is Kubernetes's own business, and one that is required is missing anyway.
 */
function* emptied(schema: JsonSchema, above: JsonSchema, path: Path): Iterable<Problem> {
  const name = String(path.at(-1));
  if (path[0] !== 'spec' || schema.default !== undefined || above.required?.includes(name)) return;
  yield {
    path,
    value: null,
    rule: 'empty',
    message: `${name} is empty, which \`kubectl apply --server-side\` refuses and all else drops`,
    remedy: emptyRemedy(schema, name),
  };
}

function emptyRemedy({ type, required = [] }: JsonSchema, name: string): string {
  if (type === 'object' && required.length === 0) return `write \`${name}: {}\` or leave it out`;
  if (type === 'object') return `write ${required.join(', ')} below it, or leave it out`;
  return 'give it a value, or leave it out';
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
