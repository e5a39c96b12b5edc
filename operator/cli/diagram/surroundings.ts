import type { Graph, Node } from '../../model/graph.ts';
import { refsIn, type NodeId } from '../../model/ref.ts';
import { isLookup } from '../../model/resource-type.ts';
import { lookOf } from './looks.ts';
import type { Picture, Tier } from './picture.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** What comes after the section in a node's id. */
export const whatOf = (id: string): string => id.slice(id.indexOf('/') + 1);

export const ofType = ({ nodes }: Graph, ...names: readonly string[]): Node[] =>
  [...nodes.values()].filter(({ type }) => names.includes(type.name));

/** The nodes that a node refers to, and those that the parts among them refer to in turn. */
export function reached({ nodes }: Graph, node: Node): Set<NodeId> {
  const found = new Set<NodeId>();
  const visit = (at: Node): void => {
    for (const { $ref, ifThere } of refsIn(at.props)) {
      // What a lookup asks of what is there already is none of its parts.
      if (ifThere && isLookup(at.type)) continue;
      const next = nodes.get($ref);
      if (!next || found.has($ref)) continue;
      found.add($ref);
      // A security group names its neighbours, which are not its parts; what is drawn tells of its own parts.
      if (next.type.name !== 'ec2/security-group' && lookOf(next.type).place === 'part') visit(next);
    }
  };
  visit(node);
  return found;
}

/** The store's subnets as rows and columns: `network/public-a` is the first of the tier public. */
export function tiersOf(graph: Graph): Tier[] {
  const tiers = new Map<string, Tier['subnets'][number][]>();
  for (const { id, props } of ofType(graph, 'ec2/subnet')) {
    const [, tier = '', letter = ''] = /^(.*)-([a-z])$/.exec(whatOf(id)) ?? [];
    const subnet = { id, text: String(props['cidr']), column: letters.indexOf(letter) };
    tiers.set(tier, [...(tiers.get(tier) ?? []), subnet]);
  }
  for (const { id, props } of ofType(graph, 'ec2/subnets-lookup')) {
    const given = (props['subnetIds'] as readonly string[]).map((text, column) => ({ id, text, column }));
    tiers.set(whatOf(id).replace(/-subnets$/, ''), given);
  }
  return [...tiers].map(([name, subnets]) => ({ name, subnets }));
}

/** The zones by name where the user gave names, else by letter; none where subnets are given and only AWS knows. */
export function zonesOf(graph: Graph): string[] {
  const [lookup] = ofType(graph, 'ec2/zones-lookup');
  if (!lookup) return [];
  const { count, zoneNames } = lookup.props as { count: number; zoneNames?: readonly string[] };
  return Array.from({ length: count }, (_, zone) => zoneNames?.[zone] ?? `zone ${letters.charAt(zone)}`);
}

export function vpcOf(graph: Graph): Picture['vpc'] {
  const [vpc] = ofType(graph, 'ec2/vpc', 'ec2/vpc-lookup');
  const { cidr, vpcId } = (vpc?.props ?? {}) as { cidr?: string; vpcId?: string };
  return { label: `VPC ${cidr ?? vpcId ?? ''}`.trim(), given: vpc !== undefined && isLookup(vpc.type) };
}
