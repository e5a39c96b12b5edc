import type { EcomStoreManifestSpec, EcomStoreSpec } from '../../operator/store/spec.ts';
import { isSettled, VirtualWorld, type VirtualStore } from './virtual-world.ts';
import { targetOf, whyNoAnswer } from './who-answers.ts';

export const minimal = 'examples/minimal.yaml';
export const second = 1_000;
/** How long somebody may go on asking where an old answer of the DNS leads: Route 53's minute, and the answer's own. */
const remembered = 120 * second;

/** What a user makes of the smallest example. */
export type Change = (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec;

/** A store that has been ready for a while, in an account that was prepared for it. */
export async function built(
  change: Change,
  prepare: (world: VirtualWorld) => void = () => undefined,
): Promise<{ world: VirtualWorld; store: VirtualStore }> {
  const world = new VirtualWorld();
  prepare(world);
  const store = world.add(minimal, change);
  await world.settle(store);
  world.clock.advance(10 * 60 * second);
  await world.settle(store);
  return { world, store };
}

export const specOf = (change: Change): EcomStoreSpec => new VirtualWorld().add(minimal, change).spec;

/**
 * Lets a store become another, and asks it all the time, as people do who have just looked its name up, or up to two
 * minutes ago. Answers where its name led, in order, and every moment at which somebody got no answer, or fewer instances
 * than these would have given one.
 */
export async function becomes(
  world: VirtualWorld,
  store: VirtualStore,
  spec: EcomStoreSpec,
  between: (sinceStart: number) => Promise<void> | void = () => undefined,
  instances = 1,
) {
  const { host } = store.spec.domain;
  const seen = new Map<string, number>();
  const unanswered: string[] = [];
  const start = world.clock.now();
  store.spec = spec;
  for (;;) {
    const verdict = await world.pass(store);
    const now = world.clock.now();
    const { readLagMillis } = world.aws.world;
    world.aws.world.readLagMillis = 0; // People see what is, not what lists tell.
    const target = await targetOf(world, host);
    if (target === undefined) unanswered.push(`${now - start}: ${host} has no record`);
    else seen.set(target, now);
    for (const [dnsName, at] of seen) {
      if (now - at > remembered) continue;
      const why = await whyNoAnswer(world, host, dnsName, instances);
      if (why !== undefined) unanswered.push(`${(now - start) / second} s: ${why}`);
    }
    world.aws.world.readLagMillis = readLagMillis;
    if (isSettled(verdict)) return { targets: [...seen.keys()], unanswered, took: now - start };
    if (now - start > 90 * 60 * second) throw new Error('it does not settle');
    await between(now - start);
    const due = Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
    world.clock.advance(Math.min(5 * second, Math.max(200, due - now)));
  }
}

export const typesOf = (world: VirtualWorld): string[] =>
  world
    .existing()
    .map(({ type }) => type)
    .sort();

interface OpenTo {
  readonly SecurityGroups: readonly { readonly IpPermissions: readonly { readonly FromPort?: number }[] }[];
}

/** Whether a group lets anybody in on a port; one that is gone lets nobody in. */
export async function isOpen(world: VirtualWorld, id: string, port: number): Promise<boolean> {
  const Filters = [{ Name: 'group-id', Values: [id] }];
  const { SecurityGroups } = await world.other<OpenTo>('ec2', 'DescribeSecurityGroups', { Filters });
  return SecurityGroups.some(({ IpPermissions }) => IpPermissions.some(({ FromPort }) => FromPort === port));
}
