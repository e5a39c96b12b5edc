import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../operator/store/json-schema.ts';
import { storeSchema } from '../operator/store/spec.ts';
import { isEcomStore, problemsOf } from '../operator/store/admission.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: object };
  readonly spec: Record<string, unknown>;
}

const read = (file: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(root, file), 'utf8')).map((document) => document.toJS() as Manifest);

const files = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('examples', file));
const stores = files.flatMap((file) =>
  read(file)
    .filter(isEcomStore)
    .map((store) => ({ file, store })),
);

describe('examples', () => {
  test.each(stores)('$file is well formed', ({ store }) => expect(problemsOf(store)).toEqual([]));

  test('every one is a store of its own, by name and by host: applying two never changes one', () => {
    const twice = (words: readonly string[]): string[] => words.filter((word, at) => words.indexOf(word) !== at);
    expect(twice(stores.map(({ store: { metadata } }) => `${metadata.namespace}/${metadata.name}`))).toEqual([]);
    expect(twice(stores.map(({ store: { spec } }) => (spec['domain'] as { host: string }).host))).toEqual([]);
  });

  test('minimal.yaml is a store in about ten lines', () => {
    const lines = readFileSync(join(root, 'examples/minimal.yaml'), 'utf8').trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('#')).length).toBeLessThanOrEqual(10);
  });
});

/** Fields that exclude what everything.yaml sets, or name something that a deleted store has left. */
const excluded = [
  ...['domain.zoneId', 'domain.certificateArn', 'compute.image.ssmParameter', 'cdn.certificateArn', 'cache.nodes'],
  ...['network.existing.vpcId', 'network.existing.publicSubnetIds[]', 'network.existing.appSubnetIds[]'],
  ...['network.existing.dataSubnetIds[]', 'database.restoreSnapshotId', 'database.adopt', 'content.adopt'],
  ...['identity.adopt', 'notifications.kmsKeyArn', 'notifications.topics.*.function.arn'],
  ...['notifications.topics.*.function.image', 'notifications.topics.*.function.s3.version'],
  ...['monitoring.notify.topicArn', 'monitoring.notify.usEast1TopicArn'],
];

test('everything.yaml sets every field but those that exclude another', () => {
  const [{ spec } = { spec: {} }] = read('examples/everything.yaml');
  const unset = (schema: JsonSchema, value: unknown, path: string): string[] => {
    if (value === undefined && !schema.properties && !schema.items) return [path];
    if (schema.items) return unset(schema.items, (value as unknown[] | undefined)?.[0], `${path}[]`);
    if (schema.additionalProperties)
      return unset(schema.additionalProperties, Object.values((value as object | undefined) ?? {})[0], `${path}.*`);
    return Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      unset(part, (value as Record<string, unknown> | undefined)?.[name], path === '' ? name : `${path}.${name}`),
    );
  };
  expect(unset(storeSchema.properties?.['spec'] as JsonSchema, spec, '').sort()).toEqual([...excluded].sort());
});

describe('the Git repository for Argo CD', () => {
  const platform = ['namespaces', 'projects', 'tenants'].flatMap((name) =>
    read(`examples/gitops/platform/${name}.yaml`),
  );
  const named = (kind: string) =>
    platform.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
  const tenants = readdirSync(join(root, 'examples/gitops/tenants'));

  test('has two tenants, each with a folder, a namespace and a project', () => {
    expect(tenants).toHaveLength(2);
    expect(named('Namespace').sort()).toEqual(tenants.sort());
    expect(named('AppProject').sort()).toEqual(tenants.sort());
  });

  test('keeps the stores of a folder in the namespace of that name', () => {
    const kept = stores.filter(({ file }) => file.includes('tenants'));
    expect(kept).toHaveLength(3);
    for (const { file, store } of kept) expect(store.metadata.namespace).toBe(basename(dirname(file)));
  });

  test('asks before any of its stores is deleted, as Argo CD up to 3.3 reads it: from the store', () => {
    for (const { file, store } of stores.filter((one) => one.file.includes('tenants')))
      expect(store.metadata.annotations, file).toMatchObject({
        'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
      });
  });

  test('lets a tenant keep stores in its own namespace, and nothing else', () => {
    for (const { metadata, spec } of platform.filter(({ kind }) => kind === 'AppProject'))
      expect(spec).toMatchObject({
        destinations: [{ namespace: metadata.name }],
        clusterResourceWhitelist: [],
        namespaceResourceWhitelist: [{ group: 'ecom.io', kind: 'EcomStore' }],
      });
  });
});
