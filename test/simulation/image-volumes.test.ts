import { expect, test } from 'vitest';
import { seededImages } from '../../simulator/account.ts';
import { becomes, built, second, specOf, type Change } from '../support/becoming.ts';
import { giveDataVolume } from '../support/data-volume.ts';
import type { VirtualWorld } from '../support/virtual-world.ts';

const from =
  (id: string): Change =>
  (spec) => ({ ...spec, compute: { ...spec.compute, image: { id } } });

interface Volumes {
  readonly Volumes: readonly { readonly Size: number; readonly Encrypted: boolean; readonly State: string }[];
}

/** The sizes of all volumes, once the last instance of the image before has ended. */
async function volumesOf(world: VirtualWorld): Promise<number[]> {
  world.clock.advance(10 * 60 * second);
  const { Volumes } = await world.other<Volumes>('ec2', 'DescribeVolumes', {});
  expect(Volumes.filter(({ Encrypted }) => !Encrypted)).toEqual([]);
  return Volumes.map(({ Size }) => Size).sort();
}

test('an image with a data volume leaves none behind, neither when another follows it nor when the store ends', async () => {
  const { world, store } = await built(from(seededImages.storefront), ({ aws }) => giveDataVolume(aws.world));
  expect(await volumesOf(world)).toEqual([20, 20, 50, 50]);
  await becomes(world, store, specOf(from(seededImages.next)));
  expect(await volumesOf(world)).toEqual([20, 20]);
  await becomes(world, store, specOf(from(seededImages.storefront)));
  expect(await volumesOf(world)).toEqual([20, 20, 50, 50]);
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});
