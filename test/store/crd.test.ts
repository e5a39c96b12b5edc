import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { crdYaml } from '../../scripts/crd.ts';
import type { JsonSchema } from '../../operator/store/json-schema.ts';
import { storeSchema } from '../../operator/store/spec.ts';

interface Crd {
  readonly spec: {
    readonly names: Readonly<Record<string, unknown>>;
    readonly scope: string;
    readonly versions: readonly {
      readonly subresources: object;
      readonly schema: { readonly openAPIV3Schema: JsonSchema };
      readonly additionalPrinterColumns: readonly { readonly name: string }[];
    }[];
  };
}

const crdText = readFileSync(new URL('../../crds/ecomstores.ecom.io.yaml', import.meta.url), 'utf8');
const crd = parse(crdText) as Crd;
const [version] = crd.spec.versions;

interface Place {
  readonly path: string;
  readonly schema: JsonSchema;
}

function* walk(path: string, schema: JsonSchema): Iterable<Place> {
  yield { path, schema };
  for (const [name, part] of Object.entries(schema.properties ?? {})) yield* walk(`${path}.${name}`, part);
  if (schema.items) yield* walk(`${path}[]`, schema.items);
  if (schema.additionalProperties) yield* walk(`${path}{}`, schema.additionalProperties);
}

const places = [...walk('store', storeSchema)];
const inSpec = places.filter(({ path }) => path.startsWith('store.spec'));

describe('the CRD', () => {
  test('holds the schema that the operator and the CLI carry', () => {
    expect(version?.schema.openAPIV3Schema).toEqual(storeSchema);
  });

  test('is what the source generates now', () => {
    expect(crdText).toBe(crdYaml());
  });

  test('names stores as people type them', () => {
    expect(crd.spec.names).toMatchObject({
      plural: 'ecomstores',
      shortNames: ['store', 'stores'],
      categories: ['ecom'],
    });
    expect(crd.spec.scope).toBe('Namespaced');
    expect(version?.additionalPrinterColumns.map(({ name }) => name)).toEqual(['Ready', 'Reason', 'URL', 'Age']);
    expect(version?.subresources).toEqual({ status: {} });
  });

  test('has only the sections that are composed', () => {
    const sections = [
      ...['region', 'domain', 'network', 'compute', 'loadBalancer', 'database', 'cache', 'content', 'cdn'],
      ...['identity', 'notifications', 'monitoring', 'policy'],
    ];
    expect(Object.keys(storeSchema.properties?.['spec']?.properties ?? {})).toEqual(sections);
  });

  test('fills nothing in inside a list: a GitOps tool that merges lists as a whole would never be in sync', () => {
    const filled = places.filter(({ path, schema }) => path.includes('[]') && schema.default !== undefined);
    expect(filled.map(({ path }) => path)).toEqual([]);
  });

  test('has GitOps tools wait before the first look', () => {
    expect(storeSchema.properties?.['status']?.default).toEqual({ observedGeneration: -1 });
  });
});

describe('every field has a bound, so that the rules cost little', () => {
  const kubernetesOwn = ['store.metadata'];
  test.each(places)('$path', ({ path, schema }) => {
    if (kubernetesOwn.includes(path)) return;
    if (schema.type === 'string') expect(schema.maxLength ?? schema.enum).toBeDefined();
    if (schema.type === 'array') expect(schema.maxItems).toBeDefined();
    if (schema.type === 'integer') expect(schema.enum ?? schema.maximum).toBeDefined();
    if (schema.additionalProperties) expect(schema.maxProperties).toBeDefined();
    if (schema.type === 'object') expect(schema.properties ?? schema.additionalProperties).toBeDefined();
    expect(schema.description).toMatch(/\S/);
  });
});

// Its API server takes an enum without a bound for a string of any length; more than these two are cheap all the same.
test('a comparison of subscriptions is not too costly for Kubernetes 1.28', () => {
  const compared = places.filter(({ path }) => /subscriptions\S*\.(protocol|endpoint)$/.test(path));
  expect(compared.map(({ schema }) => schema.maxLength)).toEqual([6, 256]);
});

describe('patterns', () => {
  const patterns = places.filter(({ schema }) => schema.pattern !== undefined);

  test.each(patterns)('$path is RE2, and anchored', ({ schema }) => {
    const pattern = schema.pattern as string;
    expect(() => RE2JS.compile(pattern)).not.toThrow();
    expect(pattern).toMatch(/^\^.*\$$/);
  });

  test.each(inSpec.filter(({ schema }) => schema.example !== undefined))(
    '$path takes its own example',
    ({ schema }) => {
      const { pattern = '', example = '' } = schema;
      expect(RE2JS.compile(pattern).matcher(example).find()).toBe(true);
      expect(new RegExp(pattern, 'u').test(example)).toBe(true);
    },
  );

  test('every pattern of a string in the spec comes with an example', () => {
    const without = inSpec.filter(({ schema }) => schema.pattern && !schema.example).map(({ path }) => path);
    expect(without).toEqual([]);
  });

  test('every pattern inside a rule is RE2', () => {
    const rules = places.flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? []);
    const inside = rules.flatMap(({ rule }) =>
      [...rule.matchAll(/matches\('([^']+)'\)/g)].map(([, text]) => text as string),
    );
    expect(inside.length).toBeGreaterThan(2);
    for (const pattern of inside) expect(() => RE2JS.compile(pattern)).not.toThrow();
  });
});

describe('rules in CEL', () => {
  const ruled = places.flatMap(({ path, schema }) =>
    (schema['x-kubernetes-validations'] ?? []).map((rule) => ({ path, schema, rule })),
  );

  test.each(ruled)('$path: $rule.message', ({ schema, rule }) => {
    // What is wrong, then what to do: the CLI tells them apart at the semicolon.
    expect(rule.message.split('; ')).toHaveLength(2);
    const field = rule.fieldPath?.split('.').slice(1) ?? [];
    const target = field.reduce<JsonSchema | undefined>((at, step) => at?.properties?.[step], schema);
    expect(target).toBeDefined();
  });

  test('no list is changed item by item: Kubernetes cannot match old items with new ones', () => {
    const inLists = ruled.filter(({ path, rule }) => path.includes('[]') && rule.rule.includes('oldSelf'));
    expect(inLists).toEqual([]);
  });
});
