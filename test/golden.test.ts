import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { graphAsData, type Graph } from '../operator/model/graph.ts';
import { refsIn } from '../operator/model/ref.ts';
import { fieldOf, isLookup } from '../operator/model/resource-type.ts';
import { registry } from '../operator/resources/index.ts';
import { compose } from '../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../operator/store/spec.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: EcomStoreManifestSpec;
}

const examples = [
  ...readdirSync('examples').filter((file) => file.endsWith('.yaml')),
  // Many stores of several tenants.
  ...readdirSync('examples/gitops/tenants', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `gitops/tenants/${file}`),
];

/** The graph of an example, for a fixed account and UID. */
function composed(file: string): Graph {
  const { metadata, spec } = parse(readFileSync(`examples/${file}`, 'utf8')) as Manifest;
  const owner = { installation: 'default', ...metadata, uid: '00000000-0000-4000-8000-000000000000' };
  return compose({ owner, account: '111122223333', spec: withDefaults(spec) });
}

/** The same as a reviewer reads it. */
const graphOf = (file: string): unknown => graphAsData(composed(file));

/** The types below a type, however far: its resources are deleted before any of theirs. */
function groundOf(name: string, into = new Set<string>()): Set<string> {
  for (const need of registry.resources.find((type) => type.name === name)?.needs ?? [])
    if (!into.has(need)) groundOf(need, into.add(need));
  return into;
}

/**
 * Refs to what does not hold its user: it goes whenever it wants, and AWS lets it. A role is handed its policies after it
 * is made, a parameter is text, an alarm's name is text, a topic takes its subscriptions along.
 */
const holdsNothing = new Set(['ssm/parameter', 'sns/subscription']);

describe('the graphs of the examples', () => {
  test.each(examples)('%s is as its golden file has it', async (file) => {
    const golden = `./golden/${file.replaceAll('/', '-').replace('.yaml', '.json')}`;
    await expect(`${JSON.stringify(graphOf(file), null, 2)}\n`).toMatchFileSnapshot(golden);
  });

  test.each(examples)('%s uses only types that the registry lists', (file) => {
    const known = new Set([...registry.resources, ...registry.lookups].map(({ name }) => name));
    const used = Object.values(graphOf(file) as Record<string, { type: string }>).map(({ type }) => type);
    expect(used.filter((type) => !known.has(type))).toEqual([]);
  });
});

describe('the order of deletion', () => {
  test.each(examples)('of %s follows what its resources refer to', (file) => {
    const { nodes } = composed(file);
    const lost = [...nodes.values()].flatMap(({ id, type, props }) => {
      if (isLookup(type) || holdsNothing.has(type.name)) return [];
      const prompt = Object.entries(props).filter(([name]) => fieldOf(type, name).late !== true);
      return refsIn(prompt).flatMap(({ $ref }) => {
        const ground = nodes.get($ref)?.type;
        if (!ground || isLookup(ground) || ground.name === type.name || groundOf(type.name).has(ground.name)) return [];
        return [`${id} refers to ${$ref}, and ${type.name} does not need ${ground.name}`];
      });
    });
    expect(lost).toEqual([]);
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
