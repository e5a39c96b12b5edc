import { declaredColumns } from '../columns.ts';
import { isObject, listOr, objectOr, type JsonObject } from '../json.ts';
import type { Kind } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { goQuoted } from '../quoted.ts';
import type { Cause } from '../refusal.ts';
import { unreadable } from './rules.ts';
import { unknownWords, type Schema } from './schema.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => listOr(value).map(text);
const specOf = (crd: JsonObject): JsonObject => objectOr(crd['spec']);
const versionsOf = (crd: JsonObject): JsonObject[] => listOr(specOf(crd)['versions']).filter(isObject);
const schemaOf = (version: JsonObject): Schema => objectOr(objectOr(version['schema'])['openAPIV3Schema']) as Schema;

/** The resources that a CRD makes: one for each version that is served. */
export function kindsOf(crd: KubeObject): Kind[] {
  const { group, names, scope } = specOf(crd);
  const { kind, plural, singular, listKind, shortNames, categories } = objectOr(names);
  return versionsOf(crd)
    .filter((version) => version['served'] === true)
    .map((version) => ({
      group: text(group),
      version: text(version['name']),
      plural: text(plural),
      singular: text(singular),
      kind: text(kind),
      listKind: text(listKind),
      namespaced: scope === 'Namespaced',
      shortNames: texts(shortNames),
      categories: texts(categories),
      collection: `${text(group)}/${text(plural)}`,
      schema: schemaOf(version),
      custom: true,
      hasStatus: isObject(objectOr(version['subresources'])['status']),
      hasGeneration: true,
      blindUpdates: false,
      createsOnUpdate: false,
      selectable: ['metadata.name', 'metadata.namespace'],
      columns: declaredColumns(version['additionalPrinterColumns']),
    }));
}

/** Fills in the names, and says that they are accepted and served: the stand-in needs no time for that. */
export function completeCrd(crd: KubeObject): KubeObject {
  const spec = specOf(crd);
  const names = objectOr(spec['names']);
  const kind = text(names['kind']);
  const filled = { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names };
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: 'True',
    lastTransitionTime: crd.metadata.creationTimestamp,
    reason,
    message,
  });
  const status = {
    acceptedNames: filled,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: versionsOf(crd)
      .filter((version) => version['storage'] === true)
      .map((version) => text(version['name'])),
  };
  return { ...crd, spec: { conversion: { strategy: 'None' }, ...spec, names: filled }, status };
}

/** What is wrong with a CRD, as far as this stand-in looks: its names, its versions, and words it does not act on. */
export function crdCauses(crd: KubeObject): Cause[] {
  const { group, names, scope } = specOf(crd);
  const wanted = `${text(objectOr(names)['plural'])}.${text(group)}`;
  const versions = versionsOf(crd);
  const invalid = (field: string, value: string, why: string): Cause => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${goQuoted(value)}: ${why}`,
    field,
  });
  const causes: Cause[] = [];
  if (crd.metadata.name !== wanted)
    causes.push(invalid('metadata.name', crd.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  if (scope !== 'Namespaced' && scope !== 'Cluster')
    causes.push(invalid('spec.scope', text(scope), 'must be Namespaced or Cluster'));
  if (versions.filter((version) => version['storage'] === true).length !== 1)
    causes.push(invalid('spec.versions', wanted, 'must have exactly one version marked as storage version'));
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${index}].schema`;
    for (const word of unknownWords(schemaOf(version)))
      causes.push(invalid(`${at}.${word}`, '', 'this simulated API server does not act on it'));
    for (const [path, rule, why] of unreadableRules(schemaOf(version), `${at}.openAPIV3Schema`))
      causes.push(invalid(path, rule, `compilation failed: ${why}`));
  }
  return causes;
}

function* unreadableRules(schema: Schema, path: string): Generator<[path: string, rule: string, why: string]> {
  for (const [index, { rule }] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    const why = unreadable(rule);
    if (why !== undefined) yield [`${path}.x-kubernetes-validations[${index}].rule`, rule, why];
  }
  for (const [name, part] of Object.entries(schema.properties ?? {}))
    yield* unreadableRules(part, `${path}.properties[${name}]`);
  if (schema.items) yield* unreadableRules(schema.items, `${path}.items`);
  if (typeof schema.additionalProperties === 'object')
    yield* unreadableRules(schema.additionalProperties, `${path}.additionalProperties`);
}
