import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import { leaveSnapshot } from './snapshot.ts';
import { templateOf, type Template } from './template/export.ts';
import { watch, type State } from './watched.ts';

/** Builds the store of a manifest on virtual time, and gives what the account holds after every single write. */
export async function statesOf(
  file: string,
  change?: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec,
): Promise<{ readonly states: readonly State[]; readonly final: Template }> {
  const world = new VirtualWorld();
  const store = world.add(file, change);
  const { restoreSnapshotId } = store.spec.database ?? {};
  if (restoreSnapshotId !== undefined) await leaveSnapshot(world, restoreSnapshotId);
  const states = watch(world);
  await world.settle(store);
  return { states, final: templateOf(world.aws.world) };
}
