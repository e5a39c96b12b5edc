import { Fault } from '../model/faults.ts';
import type { Node } from '../model/graph.ts';
import { ownerTags } from '../model/identity.ts';
import { once } from '../model/once.ts';
import type { NodeId } from '../model/ref.ts';
import { isLookup, type AnyResourceType } from '../model/resource-type.ts';
import type { Order, Pass } from './order.ts';
import type { Entry, Shelf } from './shelf.ts';

/**
 * Whether status remembers this resource as another wanted node's than its tag says: somebody has changed the tag. Then
 * it is no node's: it stands in for none, and it is not taken for something that is wanted no more.
 */
export function isRetagged({ graph, previous }: Order, type: AnyResourceType, { found }: Entry): boolean {
  return (nodesById(previous).get(found.id) ?? []).some((node) => {
    if (node === found.owner?.node) return false;
    const remembered = graph.nodes.get(node);
    return remembered !== undefined && !isLookup(remembered.type) && remembered.type.name === type.name;
  });
}

/** What status remembers, the other way round: asked for every resource of a store, several times a pass. */
const nodesById = once((previous: Order['previous']): ReadonlyMap<string, readonly NodeId[]> => {
  const nodes = new Map<string, NodeId[]>();
  for (const [node, id] of previous) nodes.set(id, [...(nodes.get(id) ?? []), node]);
  return nodes;
});

/**
 * What status remembers of a node, when it is still there and only its owner tags are not: it is not ours to touch any
 * more, and a second one beside it would be one too many.
 */
export async function strayOf(
  pass: Pass,
  { node, type, region, shelf }: { node: Node; type: AnyResourceType; region: string; shelf: Shelf },
): Promise<Fault | undefined> {
  const { owner, previous } = pass.order;
  const id = previous.get(node.id);
  if (id === undefined) return undefined;
  const known = shelf.get(id)?.found;
  const lost = known
    ? known.state.is !== 'deleting' && (known.owner?.uid !== owner.uid || known.owner.node !== node.id)
    : await type.stands?.(pass.aws(region), id);
  if (!lost) return undefined;
  const { Name: _, ...tags } = ownerTags({ ...owner, node: node.id });
  const wanted = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return new Fault('foreign', `${type.name} ${id} does not carry our owner tags any more; it is left alone`, {
    remedy: `put back its tags ${wanted.join(', ')}, or delete it and it is made again`,
  });
}
