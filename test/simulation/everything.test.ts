import { expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const file = 'examples/everything.yaml';
const deleting = (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
  ...spec,
  policy: { ...spec.policy, deletion: 'Delete' },
});

test('a store with everything is built, left alone, and removed without a trace', async () => {
  const world = new VirtualWorld();
  const store = world.add(file, deleting);
  store.confirmed = true;
  await world.settle(store, undefined, 120);
  expect(store.last?.nodes.length).toBeGreaterThan(100);
  expect(await world.leftAlone(store)).toEqual([]);
  await world.remove(store);
  expect(world.existing().map(({ type, id }) => `${type} ${id}`)).toEqual([]);
});

/** AWS keeps the begins of some names for itself, and takes others for none of its own. */
const names = ['sg', 'sg-shop', 'internal', 'internal-tools', '7eleven', 'a--b', 'aws-shop', 'amazon', 'cognito', 'x'];

test.each([...names, 'n'.repeat(40), `${'n-'.repeat(19)}nn`])('a store may be called %s', async (name) => {
  const world = new VirtualWorld();
  const store = world.add(file, (spec) => ({ ...spec, identity: { ...spec.identity, domainPrefix: undefined } }), name);
  await world.settle(store, undefined, 120);
  expect(store.last?.nodes.filter(({ standing }) => standing === 'stalled')).toEqual([]);
});
