import { describe, expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { images } from '../../simulator/aws/ec2/images.ts';
import { instances } from '../../simulator/aws/ec2/instances.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
const from = (spec: EcomStoreManifestSpec, id: string): EcomStoreManifestSpec => ({
  ...spec,
  compute: { ...spec.compute, image: { id } },
});
const groupOf = ({ last }: VirtualStore) => last?.nodes.find(({ node }) => node === 'compute/group');

describe('a store', () => {
  test('whose application has never answered is not ready, and says what to look at', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => from(spec, seededImages.broken));
    const said = new Set<string | undefined>();
    const heard: typeof reconcile = async (...given) => {
      const verdict = await reconcile(...given);
      said.add(verdict.nodes.find(({ node }) => node === 'compute/group')?.message);
      return verdict;
    };
    await expect(world.settle(store, heard)).rejects.toThrow('not settled');
    expect(groupOf(store)).toMatchObject({ standing: 'stalled', reason: 'Overdue' });
    expect(groupOf(store)?.remedy).toMatch("in the application's log");
    expect([...said]).toContain('0 of 2 targets are healthy (Health checks failed with these codes: [503])');
    expect([...said]).toContain('0 of 2 instances in service; the last one did not pass its health checks');
    const compute = { ...store.spec.compute, image: { id: seededImages.next } };
    [store.spec, store.applied] = [{ ...store.spec, compute }, false];
    await world.settle(store);
  });

  test('whose application stops answering is not ready until it answers again, and is told so once', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    const machines = world.aws.world.collection(homeRegion, instances).all();
    const [{ imageId = '' } = {}] = machines;
    // What all of it needs is gone: no instance that starts from now on answers.
    const kinds = world.aws.world.collection(homeRegion, images);
    kinds.change(imageId, { broken: true });
    await world.other('ec2', 'TerminateInstances', { InstanceIds: machines.map(({ id }) => id) });
    world.clock.advance(2 * 60_000);
    let told = 0;
    const counted: typeof reconcile = async (...given) => {
      const verdict = await reconcile(...given);
      told += verdict.happenings.filter(({ kind }) => kind === 'Stalled').length;
      return verdict;
    };
    await expect(world.settle(store, counted, 120)).rejects.toThrow('not settled');
    expect(groupOf(store)).toMatchObject({ standing: 'stalled', reason: 'Overdue' });
    kinds.change(imageId, { broken: false });
    await world.settle(store, counted);
    expect(told).toBe(1);
  });

  test('is asked for the health of its targets while they change, and not any more', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    const asked = () => world.ledger.calls().filter(({ operation }) => operation === 'DescribeTargetHealth').length;
    await world.settle(store);
    const before = asked();
    expect(before).toBeGreaterThan(0);
    await world.leftAlone(store);
    expect(asked()).toBe(before);
  });
});
