import { Fault } from '../model/faults.ts';
import { ownerTags, tagKeys, type NodeOwner } from '../model/identity.ts';
import { specFieldOf, type Node } from '../model/graph.ts';
import type { NodeId } from '../model/ref.ts';
import { fieldOf, isLookup, type AnyResourceType } from '../model/resource-type.ts';
import type { NodeReport } from '../model/verdict.ts';
import type { Pass } from './order.ts';
import type { Leaving } from './prune.ts';
import { entryFacts } from './report.ts';
import type { Entry } from './shelf.ts';
import { standsOn } from './standing.ts';
import type { Tended } from './step.ts';
import type { Walk } from './walk.ts';

/**
 * What a store takes over from one that is gone. A node names a resource by its id, and gets it when it is marked as
 * kept, with all it stands on: a database brings the network it lives in. Nothing is adopted by chance, nor from a store
 * that has not let go of it, nor from another namespace.
 */
export class Adoptions {
  readonly #pass: Pass;
  /** What is taken over, by the node that it becomes: the one of the same name in the store that made it. */
  readonly #heirs = new Map<NodeId, Leaving>();
  /** Why nothing can be made yet: made beside what is to be adopted, it would stand in its way. */
  readonly hindrance: { readonly node: NodeId; readonly fault: Fault } | undefined;

  /** Nodes that name another than the one they have, by what is said of it: it stays, and is healed as ever. */
  readonly vain = new Map<NodeId, Fault>();

  constructor(pass: Pass) {
    this.#pass = pass;
    for (const node of pass.order.graph.nodes.values())
      if (node.adopt !== undefined && !isLookup(node.type)) this.hindrance ??= this.#find(node, node.type, node.adopt);
  }

  /** What a node that has nothing yet takes over. */
  heirOf(node: NodeId): Leaving | undefined {
    return this.#heirs.get(node);
  }

  #find(node: Node, type: AnyResourceType, id: string): { node: NodeId; fault: Fault } | undefined {
    const { inventory, order, registry } = this.#pass;
    const shelf = inventory.shelf(type, node.region ?? order.region);
    const own = shelf.ofNode(order.owner.uid, node.id).find(({ found }) => found.state.is !== 'deleting');
    if (own?.found.id === id) return undefined;
    const hindered = (kind: Fault['kind'], message: string, remedy: string) => ({
      node: node.id,
      fault: new Fault(kind, message, { remedy, field: specFieldOf(node) }),
    });
    if (own) {
      const message = `${node.id} is ${own.found.id} already: it cannot become ${id}`;
      const { fault } = hindered('refused', message, 'take adopt back; a store adopts what it was made with');
      this.vain.set(node.id, fault);
      return undefined;
    }
    // What it stands on has to be known as well: what is not seen would be made anew beside it.
    if (inventory.unread(order.owner.uid).length > 0) return hindered('busy', 'AWS is being read', 'wait');
    const entry = shelf.get(id);
    const owner = entry?.found.owner;
    const { installation, namespace } = order.owner;
    // Who may write stores in one namespace must not get the data of another by an id: some ids are no secret.
    if (!entry || owner?.installation !== installation || owner.namespace !== namespace)
      return hindered(
        'rejected',
        `there is no ${type.name} ${id} that a store of namespace ${namespace} has left`,
        `give the id that status.retained, or the event of the deletion, told; what another namespace has left is handed over in AWS, by a tag ${tagKeys.store} that begins with ${namespace}/`,
      );
    if (!owner.retained)
      return hindered(
        'foreign',
        `${type.name} ${id} belongs to ${owner.namespace}/${owner.name}, which has not let go of it`,
        'delete that store first, with policy.deletion Retain',
      );
    const fault = bornOtherwise(node, type, entry);
    if (fault) return { node: node.id, fault };
    const one = { entry, shelf };
    const left = inventory.ownedBy(owner.uid).filter((other) => other.entry.found.owner?.retained);
    for (const heir of [one, ...standsOn(one, left, registry)])
      this.#heirs.set(heir === one ? node.id : (heir.entry.found.owner as NodeOwner).node, heir);
    return undefined;
  }
}

/**
 * What was given at birth cannot be had of data that was born before: taken over without a word it would look as if it
 * were what the store says. What AWS does not tell, and what nobody asks for, is no difference.
 */
export function bornOtherwise(node: Node, type: AnyResourceType, { found }: Entry): Fault | undefined {
  if (!type.data) return undefined;
  const [born, wanted] = [found.props as Record<string, unknown>, node.props as Record<string, unknown>];
  const fields = Object.keys(type.fields).filter(
    (name) =>
      fieldOf(type, name).mode === 'seed' &&
      typeof wanted[name] === 'string' &&
      born[name] !== undefined &&
      born[name] !== wanted[name],
  );
  if (fields.length === 0) return undefined;
  const others = fields.map(
    (name) => `${name} is ${(born[name] as string | null) ?? 'none'}, not ${wanted[name] as string}`,
  );
  return new Fault('refused', `${type.name} ${found.id} is kept, and was born otherwise: ${others.join('; ')}`, {
    field: specFieldOf(node, fields),
    remedy:
      'take the section out, and add it again as this one was born; or, for another one, leave out adopt, or let this one go while the section is out, by policy.deletion Snapshot or Delete',
  });
}

/** Makes a kept resource this node's, by its owner tags: one write, and the same again if its reply is lost. */
export async function adopt(walk: Walk, { node, type }: Tended, { entry, shelf }: Leaving): Promise<NodeReport> {
  const { pass } = walk;
  const before = entry.found.owner as NodeOwner;
  const owner: NodeOwner = { ...pass.order.owner, node: node.id };
  await pass.order.confirm();
  await type.retag?.(pass.aws(shelf.region), entry.found, { ...ownerTags(owner), [tagKeys.retained]: null });
  shelf.reowned(entry, owner);
  const from =
    before.uid === owner.uid ? 'was kept, and is wanted again' : `left by ${before.namespace}/${before.name}`;
  const message = `${type.name} ${entry.found.id}, ${from}`;
  walk.happenings.push({ kind: 'Adopted', node: node.id, message });
  return walk.say(node, 'progressing', 'Adopting', message, { ...entryFacts(entry), wakeAt: pass.clock.now() });
}
