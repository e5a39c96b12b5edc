import type { World } from '../core/world.ts';
import { networkInterfaces, type NetworkInterface } from './network-interfaces.ts';
import { internetGateways } from './gateways.ts';
import { natGateways } from './nat-gateways.ts';
import { isPublicSubnet, routeTables } from './route-tables.ts';
import { securityGroups, type SecurityGroup } from './security-groups.ts';

const everyone = ['0.0.0.0/0', '::/0'];

/** By group as it is: values are replaced, never changed in place. */
const openingsOf = new WeakMap<SecurityGroup, readonly string[]>();

/** Rules of a group that let the whole internet in, as `tcp/443`. */
function openings(group: SecurityGroup): readonly string[] {
  const known = openingsOf.get(group);
  if (known) return known;
  const open = group.rules
    .filter(({ egress, source }) => !egress && everyone.some((cidr) => cidr === source.cidr || cidr === source.cidr6))
    .map(({ protocol, fromPort, toPort }) =>
      protocol === '-1' ? 'all' : `${protocol}/${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`,
    );
  const distinct = [...new Set(open)];
  openingsOf.set(group, distinct);
  return distinct;
}

/**
 * What the internet can reach: an interface with a public address, in a subnet with a way to the internet gateway, under
 * a group with an open rule. NAT gateways let nothing in.
 */
function reachable(world: World, region: string, one: NetworkInterface): string[] {
  if (one.publicIp === undefined || one.interfaceType === 'nat_gateway') return [];
  if (!isPublicSubnet(world, region, one.vpcId, one.subnetId)) return [];
  const groups = world.collection(region, securityGroups);
  const ports = new Set(
    one.groupIds.flatMap((id) => {
      const group = groups.get(id);
      return group ? openings(group) : [];
    }),
  );
  const what = one.instanceId === undefined ? one.description : `instance ${one.instanceId}`;
  return [...ports].map((port) => `${region} ${what} ${port}`);
}

/** A security group open to the world counts by itself, attached or not: what is attached next would be reachable. */
const openGroups = (world: World, region: string): string[] =>
  world
    .collection(region, securityGroups)
    .all()
    .flatMap((group) => openings(group).map((port) => `${region} group ${group.id} (${group.name}) ${port}`));

/** What exposure follows from: while none of it has changed, neither has exposure. */
const grounds = [securityGroups, networkInterfaces, routeTables, internetGateways, natGateways] as const;

/** The last judgement of each region, with the versions of its grounds that it rests on. */
const judged = new WeakMap<World, Map<string, { readonly versions: string; readonly whats: readonly string[] }>>();

export function exposures(world: World, region: string): readonly string[] {
  const versions = grounds.map((kind) => world.collection(region, kind as never).version).join(' ');
  const known = judged.get(world) ?? new Map<string, { versions: string; whats: readonly string[] }>();
  judged.set(world, known);
  const last = known.get(region);
  if (last?.versions === versions) return last.whats;
  const interfaces = world.collection(region, networkInterfaces).all();
  const whats = [...openGroups(world, region), ...new Set(interfaces.flatMap((one) => reachable(world, region, one)))];
  known.set(region, { versions, whats });
  return whats;
}
