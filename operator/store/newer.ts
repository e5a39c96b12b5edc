import { once } from '../model/once.ts';
import { pathText, type Path } from './admission/problem.ts';
import { entrySchema, type JsonSchema } from './json-schema.ts';
import { specSchema } from './spec.ts';

/**
 * Where a spec says what this version of the operator does not know, because the cluster has a newer CRD than it: fields,
 * and values of a closed list. What it does not know it would leave out, or take for something else, and call it done.
 * The API server has refused or dropped what its own CRD does not know.
 */
export const newerThanThis = once((spec: object): readonly string[] =>
  [...unknownTo(specSchema, spec, ['spec'])].map((path) => pathText(path)),
);

function* unknownTo(schema: JsonSchema, value: unknown, path: Path): Iterable<Path> {
  if (schema.enum && value != null && !schema.enum.includes(value)) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    const known = Array.isArray(value) ? schema.items : entrySchema(schema, key);
    if (known) yield* unknownTo(known, part, [...path, step]);
    else if (schema.properties) yield [...path, step];
  }
}
