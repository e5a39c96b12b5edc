import type { World } from '../core/world.ts';
import { networkInterfaces, type NetworkInterface } from './network-interfaces.ts';
import { isPublicSubnet } from './route-tables.ts';
import { securityGroups } from './security-groups.ts';

const everyone = ['0.0.0.0/0', '::/0'];

/** Rules of a group that let the whole internet in, as `tcp/443`. */
function openings(world: World, region: string, groupId: string): string[] {
  const rules = world.collection(region, securityGroups).get(groupId)?.rules ?? [];
  return rules
    .filter(({ egress, source }) => !egress && everyone.some((cidr) => cidr === source.cidr || cidr === source.cidr6))
    .map(({ protocol, fromPort, toPort }) =>
      protocol === '-1' ? 'all' : `${protocol}/${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`,
    );
}

/**
 * What the internet can reach: an interface with a public address, in a subnet with a way to the internet gateway, under
 * a group with an open rule. NAT gateways let nothing in.
 */
function reachable(world: World, region: string, one: NetworkInterface): string[] {
  if (one.publicIp === undefined || one.interfaceType === 'nat_gateway') return [];
  if (!isPublicSubnet(world, region, one.vpcId, one.subnetId)) return [];
  const ports = new Set(one.groupIds.flatMap((id) => openings(world, region, id)));
  const what = one.instanceId === undefined ? one.description : `instance ${one.instanceId}`;
  return [...ports].map((port) => `${region} ${what} ${port}`);
}

/** A security group open to the world counts by itself, attached or not: what is attached next would be reachable. */
const openGroups = (world: World, region: string): string[] =>
  world
    .collection(region, securityGroups)
    .all()
    .flatMap(({ id, name }) =>
      [...new Set(openings(world, region, id))].map((port) => `${region} group ${id} (${name}) ${port}`),
    );

export const exposures = (world: World, region: string): string[] => [
  ...openGroups(world, region),
  ...new Set(
    world
      .collection(region, networkInterfaces)
      .all()
      .flatMap((one) => reachable(world, region, one)),
  ),
];
