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
