import type { Graph, Node } from '../../model/graph.ts';
import { isLookup } from '../../model/resource-type.ts';
import { factsOf, titleOf } from './facts.ts';
import { lookOf } from './looks.ts';
import type { Box, Spot, Tier } from './picture.ts';
import { ofType, reached, whatOf } from './surroundings.ts';

/** A box, with the nodes it stands for. */
export interface Drawn {
  readonly box: Box;
  readonly nodes: readonly Node[];
}

/** One box for all resources of a type at a spot; and one for a security group that nothing is in yet. */
export function boxesOf(graph: Graph, tiers: readonly Tier[]): Drawn[] {
  const together = new Map<string, { spot: Spot; nodes: Node[] }>();
  for (const node of graph.nodes.values()) {
    const spot = spotOf(graph, tiers, node);
    if (!spot) continue;
    const key = JSON.stringify([node.type.name, spot]);
    const group = together.get(key) ?? { spot, nodes: [] };
    group.nodes.push(node);
    together.set(key, group);
  }
  const drawn = [...together.values()].map(({ spot, nodes }) => boxOf(graph, spot, nodes));
  return [...drawn, ...emptyGroups(graph, tiers, drawn)];
}

function boxOf(graph: Graph, spot: Spot, nodes: readonly Node[]): Drawn {
  const [{ id, type }] = nodes as readonly [Node];
  const facts = factsOf(nodes, graph);
  return {
    nodes,
    box: { id, title: titleOf(nodes), category: lookOf(type).category, facts, given: isLookup(type), spot },
  };
}

function spotOf(graph: Graph, tiers: readonly Tier[], node: Node): Spot | undefined {
  const { place } = lookOf(node.type);
  if (place === 'part') return undefined;
  if (place !== 'subnets') return { at: place };
  const around = reached(graph, node);
  const tier = tiers.find(({ subnets }) => subnets.some(({ id }) => around.has(id as Node['id'])));
  if (!tier) return { at: 'region' };
  return { at: 'tier', tier: tier.name, columns: columnsIn(tier, (id) => around.has(id as Node['id'])) };
}

const columnsIn = ({ subnets }: Tier, isIn: (id: string) => boolean): number[] =>
  subnets.filter(({ id }) => isIn(id)).map(({ column }) => column);

/** The boxes whose resources carry a security group. */
export const carrying = (graph: Graph, drawn: readonly Drawn[], group: Node): Drawn[] =>
  drawn.filter(({ nodes }) =>
    nodes.some((node) => node.id === group.id || (!isGroup(node) && reached(graph, node).has(group.id))),
  );

/** A group's rules name its neighbours; that does not put it into them. */
const isGroup = ({ type }: Node): boolean => type.name === 'ec2/security-group';

/** A group that nothing carries yet stands in the tier it is called after: what may reach it is decided already. */
function emptyGroups(graph: Graph, tiers: readonly Tier[], drawn: readonly Drawn[]): Drawn[] {
  return ofType(graph, 'ec2/security-group')
    .filter((group) => carrying(graph, drawn, group).length === 0)
    .map((group) => {
      const tier = tiers.find(({ name }) => whatOf(group.id).endsWith(`-${name}`));
      const columns = tier?.subnets.map(({ column }) => column) ?? [];
      const spot: Spot = tier ? { at: 'tier', tier: tier.name, columns } : { at: 'vpc' };
      const facts = ['nothing is in it yet'];
      const title = `Security group ${whatOf(group.id)}`;
      return { nodes: [group], box: { id: group.id, title, category: 'security', facts, given: false, spot } };
    });
}
