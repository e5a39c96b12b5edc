import { celProblems } from './admission/cel-rules.ts';
import { closest } from './admission/closest.ts';
import { composedProblems } from './admission/composed-rules.ts';
import { pathText, type Path, type Problem, type Written } from './admission/problem.ts';
import { schemaChecker } from './admission/schema-rules.ts';
import { structureProblems } from './admission/structure.ts';
import { applyDefaults } from './defaults.ts';
import type { JsonSchema } from './json-schema.ts';
import { apiVersion, kind, specSchema, storeSchema, type EcomStoreSpec } from './spec.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const { metadata: nameSchema } = storeSchema.properties as Record<'metadata', JsonSchema>;

/** What Kubernetes itself knows of every object; the CRD adds its bounds on the name. */
const label = {
  type: 'string',
  maxLength: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  title: 'made of lower-case letters, digits, and dashes between them',
  example: 'shops',
} as const;
const anything: JsonSchema = {};
/** A number or a boolean in one of them makes the API server refuse the whole object. */
const texts: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };
const metadataFields = {
  ...Object.fromEntries(
    ['generateName', 'finalizers', 'ownerReferences', 'uid', 'resourceVersion', 'generation']
      .concat('creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'selfLink')
      .map((name) => [name, anything]),
  ),
  ...nameSchema.properties,
  namespace: label,
  labels: texts,
  annotations: texts,
};

/** A manifest: what a person writes. Its status, if it has one, is the operator's and dropped by the API server. */
const manifestSchema: JsonSchema = {
  type: 'object',
  required: ['metadata', 'spec'],
  properties: {
    apiVersion: { type: 'string', enum: [apiVersion] },
    kind: { type: 'string', enum: [kind] },
    metadata: { type: 'object', required: ['name'], properties: metadataFields },
    spec: specSchema,
    status: anything,
  },
};

const check = schemaChecker(manifestSchema);
/** Rules in CEL could only fail for the same cause where one of these is wrong. */
const breaking: ReadonlySet<string> = new Set(['type', 'required', 'maxLength', 'maxItems', 'maxProperties']);

/**
 * Everything the API server would refuse in a manifest (or in the change from `old` to it), everything it would drop in
 * silence, and what the recipe refuses; in the order of the schema. No answer means that only AWS can object. Remedies
 * quote what was `written`, where that is known.
 */
export function problemsOf(manifest: unknown, old?: unknown, written: Written = () => undefined): Problem[] {
  if (!isFields(manifest)) return [notAnObject(manifest)];
  const whole = applyDefaults(manifestSchema, manifest) as Fields;
  const shape = [...structureProblems(manifestSchema, manifest, []), ...check(whole, written)];
  const broken = shape.filter(({ rule }) => breaking.has(rule)).map(({ path }) => path);
  const isBroken = (path: Path) => broken.some((wrong) => path.every((step, index) => wrong[index] === step));
  const before = old === undefined ? undefined : applyDefaults(manifestSchema, old);
  const rules = [...celProblems({ schema: manifestSchema, value: whole, old: before, path: [] }, isBroken)];
  const problems = [...shape, ...rules];
  return problems.length > 0 ? distinct(problems) : composedProblems(identity(whole));
}

const notAnObject = (value: unknown): Problem => ({
  path: [],
  value,
  rule: 'type',
  message: 'this is no Kubernetes object',
  remedy: `begin with apiVersion: ${apiVersion}, kind: ${kind}, metadata and spec`,
});

function identity(whole: Fields) {
  const { name = '', namespace = 'default' } = whole['metadata'] as { name?: string; namespace?: string };
  return { name, namespace, spec: whole['spec'] as EcomStoreSpec };
}

/** One complaint a place and rule. */
const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [`${pathText(problem.path)}\n${problem.rule}`, problem])).values(),
];

/** What a file must say beyond what an object in a cluster's list says: its version and kind. */
export const headerProblems = (document: Fields): Problem[] =>
  Object.entries({ apiVersion, kind })
    .filter(([field]) => document[field] == null)
    .map(([field, wanted]) => ({
      path: [field],
      value: undefined,
      rule: 'required',
      message: `${field} is missing`,
      remedy: `add it, as ${field}: ${wanted}`,
    }));

/** Whether a document is, or was likely meant to be, an EcomStore. */
export function isEcomStore(document: unknown): document is Fields {
  if (!isFields(document)) return false;
  const { kind: saidKind, apiVersion: saidVersion } = document;
  if (saidKind === kind || (typeof saidVersion === 'string' && saidVersion.startsWith('ecom.io/'))) return true;
  return typeof saidKind === 'string' && saidVersion === undefined && closest(saidKind, [kind]) !== undefined;
}
