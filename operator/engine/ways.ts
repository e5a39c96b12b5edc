import type { Fault } from '../model/faults.ts';
import { specFieldOf, type Node } from '../model/graph.ts';
import { ownerTags } from '../model/identity.ts';
import { ofOthers, othersThan } from '../model/ownership.ts';
import { isLookup } from '../model/resource-type.ts';
import type { NodeReport } from '../model/verdict.ts';
import { entryFacts } from './report.ts';
import type { Entry, Shelf } from './shelf.ts';
import type { Walk } from './walk.ts';

/**
 * Why a node is not made, or gets no other name: a store of another namespace has a way by which people come to it. AWS
 * would not mind, and gives a certificate, or a name in a CDN, to whoever in the account asks for it. Lists tell of ways,
 * so that nothing is asked for this; what was not read yet is waited for.
 */
export function waitsForWays(walk: Walk, node: Node, current?: Entry): NodeReport | undefined {
  const { order, inventory, mending } = walk.pass;
  if (mending) return undefined;
  for (const id of node.behind) {
    const way = order.graph.nodes.get(id) as Node;
    if (isLookup(way.type)) continue;
    const { wanted, open } = walk.resolveProps(way, way.type);
    const parent = way.type.parentOf?.(wanted);
    const isNowhere = way.type.parentOf !== undefined && parent === undefined;
    const [unknown] = open;
    // What is there already is healed all the same.
    if (isNowhere && unknown && !current) return walk.waits(node, unknown[1]);
    const shelf = inventory.shelf(way.type, way.region ?? order.region);
    if (!isNowhere && !shelf.reading(parent)) {
      const message = `${way.type.name} is being read from AWS, to see whose it is`;
      return walk.say(node, 'progressing', 'Reading', message, current ? entryFacts(current) : {});
    }
    const taken = takenBy(walk, way, shelf, wanted);
    if (taken) return walk.failed(node, taken, current);
  }
  return undefined;
}

function takenBy(walk: Walk, way: Node, shelf: Shelf, wanted: object): Fault | undefined {
  for (const { found } of shelf.entries()) {
    if (!found.owner || found.state.is === 'deleting' || !shelf.type.leadsAs?.(wanted, found.props)) continue;
    const others = othersThan(walk.pass.order.owner, ownerTags(found.owner));
    if (others !== undefined)
      return ofOthers(`${shelf.type.name} ${found.key ?? found.id}`, others, {
        field: specFieldOf(way),
        remedy: 'take a name that no store of another namespace has, or have that store give it up',
      });
  }
  return undefined;
}
