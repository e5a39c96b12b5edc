import { expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import { templateOf } from './template/export.ts';

/** With a load balancer that the world reaches: behind a CDN it is internal. */
const withoutEdge = (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
  ...spec,
  cdn: undefined,
  content: undefined,
});

const built = async (): Promise<VirtualWorld> => {
  const world = new VirtualWorld();
  await world.settle(world.add('examples/complete.yaml', withoutEdge));
  return world;
};

test('a store is told as a template in which whatever names another resource refers to it', async () => {
  const { Resources } = templateOf((await built()).aws.world);
  expect(Resources['LoadBalancerBalancer']?.Properties).toMatchObject({
    Scheme: 'internet-facing',
    SecurityGroups: [{ 'Fn::GetAtt': ['NetworkSgAlb', 'GroupId'] }],
    Subnets: [{ Ref: 'NetworkPublicA' }, { Ref: 'NetworkPublicB' }],
  });
  const ids = /\b(vpc|subnet|sg|rtb|nat|igw|eipalloc|lt)-[0-9a-f]{17}\b/;
  expect(JSON.stringify(Resources)).not.toMatch(ids);
});

test('a kind that the table does not have is an error', async () => {
  const { world } = (await built()).aws;
  const kind = { type: 'quantum/lock', tags: () => ({}) };
  world.collection('eu-central-1', kind).put('one', { id: 'one' });
  expect(() => templateOf(world)).toThrow('mappings.ts does not say what quantum/lock one is');
});
