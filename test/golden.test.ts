import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { graphAsData } from '../operator/model/graph.ts';
import { registry } from '../operator/resources/index.ts';
import { compose } from '../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../operator/store/spec.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: EcomStoreManifestSpec;
}

const examples = readdirSync('examples').filter((file) => file.endsWith('.yaml'));

/** The graph of an example, as a reviewer reads it: for a fixed account and UID. */
function graphOf(file: string): unknown {
  const { metadata, spec } = parse(readFileSync(`examples/${file}`, 'utf8')) as Manifest;
  const owner = { installation: 'default', ...metadata, uid: '00000000-0000-4000-8000-000000000000' };
  const graph = compose({ owner, account: '111122223333', spec: withDefaults(spec) });
  return graphAsData(graph);
}

describe('the graphs of the examples', () => {
  test.each(examples)('%s is as its golden file has it', async (file) => {
    const golden = `./golden/${file.replace('.yaml', '.json')}`;
    await expect(`${JSON.stringify(graphOf(file), null, 2)}\n`).toMatchFileSnapshot(golden);
  });

  test.each(examples)('%s uses only types that the registry lists', (file) => {
    const known = new Set([...registry.resources, ...registry.lookups].map(({ name }) => name));
    const used = Object.values(graphOf(file) as Record<string, { type: string }>).map(({ type }) => type);
    expect(used.filter((type) => !known.has(type))).toEqual([]);
  });
});

describe('the registry', () => {
  test('lists every type after those it needs', () => {
    const names = registry.resources.map(({ name }) => name);
    for (const [at, { name, needs }] of registry.resources.entries())
      expect([name, needs.filter((need) => names.indexOf(need) < 0 || names.indexOf(need) >= at)]).toEqual([name, []]);
  });

  test('has no two types of one name', () => {
    const names = [...registry.resources, ...registry.lookups].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
