import { dump } from 'js-yaml';
import { z } from 'zod';
import { applyDefaults } from '../operator/store/defaults.ts';
import type { JsonSchema } from '../operator/store/json-schema.ts';
import { ecomStore } from '../operator/store/schema/ecom-store.ts';

/** A structural schema (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema). */
function structural(node: JsonSchema): JsonSchema {
  const { additionalProperties, properties, items, pattern, ...rest } = node;
  return {
    ...rest,
    // JavaScript prints its expressions with slashes escaped.
    ...(pattern !== undefined && { pattern: pattern.replaceAll('\\/', '/') }),
    ...(items && { items: structural(items) }),
    ...(properties && { properties: mapValues(properties, structural) }),
    // Beside properties the API server prunes what it does not know, and takes no additionalProperties.
    ...(!properties && additionalProperties && { additionalProperties: structural(additionalProperties) }),
  };
}

/**
 * The defaults of objects, written out whole: the API server checks a default against the rules as it stands,
 * before the defaults inside it are filled in.
 */
function wholeDefaults(node: JsonSchema): JsonSchema {
  const properties = node.properties && mapValues(node.properties, wholeDefaults);
  const whole = properties ? { ...node, properties } : node;
  return whole.default === undefined ? whole : { ...whole, default: applyDefaults(whole, whole.default) };
}

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

function storeSchema(): JsonSchema {
  const options = { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' } as const;
  const { properties, ...root } = wholeDefaults(structural(z.toJSONSchema(ecomStore, options) as JsonSchema));
  const { metadata, ...sections } = properties as Record<string, JsonSchema>;
  const kinds = {
    apiVersion: { type: 'string', maxLength: 64, description: 'ecom.io/v1alpha1' },
    kind: { type: 'string', maxLength: 64, description: 'EcomStore' },
  } as const;
  const { required: _required, description: _description, ...named } = metadata as JsonSchema;
  return { ...root, required: ['spec'], properties: { ...kinds, metadata: named, ...sections } };
}

const column = (name: string, jsonPath: string, description: string, type = 'string') => ({
  name,
  type,
  jsonPath,
  description,
});

/** The CustomResourceDefinition of EcomStore. */
export const crd = () => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ecomstores.ecom.io', labels: { 'app.kubernetes.io/name': 'ecomstore-operator' } },
  spec: {
    group: 'ecom.io',
    scope: 'Namespaced',
    names: {
      kind: 'EcomStore',
      listKind: 'EcomStoreList',
      plural: 'ecomstores',
      singular: 'ecomstore',
      shortNames: ['store', 'stores'],
      categories: ['ecom'],
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          column(
            'Ready',
            '.status.conditions[?(@.type=="Ready")].status',
            'Whether AWS was read and matches the store.',
          ),
          column('Reason', '.status.conditions[?(@.type=="Ready")].reason', 'Why.'),
          column('URL', '.status.url', 'Where the store answers.'),
          column('Age', '.metadata.creationTimestamp', 'When the store was made.', 'date'),
        ],
        schema: { openAPIV3Schema: storeSchema() },
      },
    ],
  },
});

export const crdYaml = (): string =>
  `# Generated from operator/store/schema by \`npm run generate\`.\n${dump(crd(), { lineWidth: 120, noRefs: true })}`;

/** The schema alone, for the operator and the CLI: neither carries zod. */
export const schemaJson = (): string => `${JSON.stringify(storeSchema(), null, 2)}\n`;
