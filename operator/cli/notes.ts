import type { Inventory } from '../engine/inventory.ts';
import type { Owner } from '../model/identity.ts';
import type { Registry } from '../model/resource-type.ts';
import type { Verdict } from '../model/verdict.ts';
import { confirmAnnotation } from '../store/spec.ts';
import type { Change } from './changes.ts';
import type { StoreToPlan } from './planning.ts';

/** What has to happen before the changes, and what they do to data. */
export function notesOf(
  { resources }: Registry,
  { spec: { policy } }: StoreToPlan,
  { retained }: Verdict,
  changes: readonly Change[],
): string[] {
  const data = changes.flatMap(({ node, action, type }) => {
    const holds = resources.find(({ name }) => name === type)?.data;
    return action === 'delete' && holds
      ? [{ node, isSaved: policy.deletion === 'Snapshot' && 'snapshot' in holds }]
      : [];
  });
  const saved = data.filter(({ isSaved }) => isSaved).map(({ node }) => node);
  const lost = policy.deletion === 'Delete' ? data.map(({ node }) => node) : [];
  const kept = retained.map(({ node, id }) => `${node} (${id})`);
  return [
    ...(policy.mode === 'Enforce'
      ? []
      : [`policy.mode is ${policy.mode}: nothing of this is done until it is Enforce`]),
    ...(saved.length > 0 ? [`a final snapshot is taken first of ${saved.join(', ')}`] : []),
    ...(lost.length > 0
      ? [
          `${lost.join(', ')}: goes with all that it holds, once the annotation ${confirmAnnotation} holds the UID of the store`,
        ]
      : []),
    ...(kept.length > 0 ? [`kept, and paid for, as it is data or data stands on it: ${kept.join(', ')}`] : []),
  ];
}

/** What carries the name of the store and is not its own. */
export function besides(inventory: Inventory, owner: Owner): string[] {
  const others = [...inventory.uidsOf(owner)]
    .filter((uid) => uid !== owner.uid)
    .flatMap((uid) => inventory.ownedBy(uid));
  const kept = others.filter(({ entry: { found } }) => found.owner?.retained !== undefined);
  const data = kept.filter(({ shelf: { type } }) => type.data).map(({ entry: { found } }) => found.id);
  const elsewhere = new Set(others.map(({ entry: { found } }) => found.owner?.installation ?? owner.installation));
  elsewhere.delete(owner.installation);
  return [
    ...(data.length > 0
      ? [
          `an earlier store of this name has left ${data.join(', ')}: a new one goes on with it only by the field "adopt" of its section`,
        ]
      : []),
    ...[...elsewhere].map(
      (one) => `installation ${one} has a store of this name in AWS, which is not looked at: --installation ${one}?`,
    ),
  ];
}
