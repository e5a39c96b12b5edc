import { createHash } from 'node:crypto';
import type { Schema } from './crd/schema.ts';
import { isObject, type JsonObject } from './json.ts';
import { groupVersion, mediaTypes, patchTypes, type Kind } from './kind.ts';
import { metadataSchema } from './metadata.ts';
import { version } from './discovery.ts';

const metadataName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const pathOf = (kind: Pick<Kind, 'group' | 'version'>): string =>
  `${kind.group === '' ? 'api' : 'apis'}/${groupVersion(kind)}`;

/** `/openapi/v3`: where each group's document is. The hash changes with its contents, for clients keep them. */
export function openApiRoot(kinds: readonly Kind[]): JsonObject {
  const paths = [...new Set(kinds.map(pathOf))].map((path) => {
    const hash = createHash('sha256')
      .update(JSON.stringify(openApiOf(kinds, path)))
      .digest('hex');
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash.toUpperCase()}` }];
  });
  return { paths: Object.fromEntries(paths) as JsonObject };
}

/** One group's document: what `kubectl explain` prints, and what tells kubectl which checks the server makes itself. */
export function openApiOf(kinds: readonly Kind[], path: string): JsonObject | undefined {
  const served = kinds.filter((kind) => pathOf(kind) === path);
  if (served.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: version.gitVersion },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: {
      schemas: {
        [metadataName]: metadataSchema,
        ...Object.fromEntries(served.map((kind) => [schemaName(kind), componentOf(kind)])),
      },
    },
  };
}

/** `io.ecom.v1alpha1.EcomStore`: the group backwards. */
const schemaName = ({ group, version: name, kind }: Kind): string =>
  [...(group === '' ? ['core', 'api', 'k8s', 'io'] : group.split('.')).reverse(), name, kind].join('.');

const gvkOf = ({ group, version: name, kind }: Kind): JsonObject => ({ group, kind, version: name });

function componentOf(kind: Kind): JsonObject {
  const { properties, ...rest } = plain(kind.schema) as Schema;
  return {
    ...rest,
    properties: {
      ...properties,
      apiVersion: {
        type: 'string',
        description: 'APIVersion defines the versioned schema of this representation of an object.',
      },
      kind: {
        type: 'string',
        description: 'Kind is a string value representing the REST resource this object represents.',
      },
      metadata: { description: 'Standard object metadata.', allOf: [ref(metadataName)], default: {} },
    },
    'x-kubernetes-group-version-kind': [gvkOf(kind)],
  };
}

/** Without what only the API server acts on. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([word]) => word !== 'x-kubernetes-validations')
      .map(([word, value]) => [word, word === 'default' || word === 'enum' ? value : plain(value)]),
  );
}

const parameter = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter);

function pathsOf(kind: Kind): [string, JsonObject][] {
  const collection = `/${pathOf(kind)}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}`;
  const content = { [mediaTypes.json]: { schema: ref(schemaName(kind)) } };
  const responses = { '200': { description: 'OK', content } };
  const operation = (action: string, more: JsonObject = {}): JsonObject => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvkOf(kind),
    responses,
    ...more,
  });
  const written = { parameters: writeParameters, requestBody: { content, required: true } };
  const patches = Object.fromEntries(patchTypes(kind).map((type) => [type, { schema: { type: 'object' } }]));
  const one = {
    get: operation('get'),
    put: operation('put', written),
    patch: operation('patch', { parameters: writeParameters, requestBody: { content: patches, required: true } }),
    delete: operation('delete', { parameters: [parameter('dryRun')] }),
  };
  return [
    [collection, { get: operation('list'), post: operation('post', written) }],
    [`${collection}/{name}`, one],
  ];
}
