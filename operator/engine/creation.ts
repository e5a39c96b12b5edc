import type { Fault } from '../model/faults.ts';
import { clientToken, digest, ownerTags, physicalName, type NodeOwner } from '../model/identity.ts';
import type { Node } from '../model/graph.ts';
import type { NodeId } from '../model/ref.ts';
import { fieldOf, type AnyResourceType, type Birth } from '../model/resource-type.ts';
import type { Intent } from '../model/ports.ts';
import type { Memory, Pass } from './order.ts';
import type { Shelf } from './shelf.ts';

/**
 * Everything about a creation that must be the same whoever tries it: a second process that creates the same node sends
 * the same name and the same token, so AWS makes one resource. The name follows from owner, node and fixed props; the
 * token also from the id of the resource that died before, because AWS answers a used token with the dead one. Where
 * nobody remembers that one, AWS does, and refuses its token: then the next of a sequence is sent that all processes
 * begin alike. So it is with names.
 */
export function birthOf(pass: Pass, node: Node, props: Readonly<Record<string, unknown>>, dead: string): Birth {
  const owner: NodeOwner = { ...pass.order.owner, node: node.id };
  const type = node.type as AnyResourceType;
  const fixed = Object.entries(props).filter(([name]) => fieldOf(type, name).mode === 'fixed');
  const fingerprint = digest(JSON.stringify(fixed.sort(([a], [b]) => (a < b ? -1 : 1))), 16);
  const refused = pass.memory.refusedTokens.get(node.id)?.count ?? 0;
  return {
    owner,
    name: freeName(pass, node, props, (again) => physicalName(owner, fingerprint + again)),
    token: clientToken(owner, `${fingerprint}/${dead}${'/again'.repeat(refused)}`),
    tags: ownerTags(owner),
  };
}

/**
 * The first name of a node that nothing of another type holds. Types that AWS tells in one list have their names in
 * common, and AWS itself makes one of what was another: a read replica becomes a database of its own, under its name, when
 * what it followed is gone or somebody promotes it. Which names are held is read from AWS, so all processes choose alike.
 */
function freeName(
  { inventory, order, registry }: Pass,
  node: Node,
  props: Readonly<Record<string, unknown>>,
  nameOf: (again: string) => string,
): string {
  const type = node.type as AnyResourceType;
  const siblings = registry.resources.filter(
    ({ name, listedWith }) => listedWith === type.name || type.listedWith === name,
  );
  const isHeld = (name: string): boolean =>
    siblings.some((other) =>
      inventory.shelf(other, node.region ?? order.region).withKey(type.key?.(props, name) ?? name),
    );
  for (let again = ''; ; again += '/again') {
    const name = nameOf(again);
    if (!isHeld(name)) return name;
  }
}

/** Notes since when this process knows of the creations that the journal tells of. */
export function hearOf(intents: readonly Intent[], { announced }: Memory, now: number): void {
  for (const { node, at } of intents)
    // A journal keeps whole milliseconds.
    if (Math.trunc(announced.get(node)?.at ?? 0) !== Math.trunc(at)) announced.set(node, { at, heard: now });
}

/** From when on a list tells what became of an announced creation. A clock that is set must not make that sooner. */
export const settledFrom = ({ memory, settings }: Pass, { node, at }: Intent): number =>
  Math.max(at, memory.announced.get(node)?.heard ?? at) + settings.unknownOutcome;

/** AWS has seen this token before: what it made then is looked for, before the next one is sent. */
export function noteRefusedToken({ memory, clock }: Pass, node: NodeId): void {
  memory.refusedTokens.set(node, { count: (memory.refusedTokens.get(node)?.count ?? 0) + 1, at: clock.now() });
}

/**
 * Whether a creation may be sent that AWS would do twice, or from when on: a list tells what became of an earlier one
 * that was journaled, or sent with a token that AWS has refused.
 */
export function mayCreate(
  pass: Pass,
  node: NodeId,
  shelf: Shelf,
  parent: string | undefined,
): { readonly from?: number } {
  const { memory, settings } = pass;
  const intent = pass.intents.find((one) => one.node === node);
  const refused = memory.refusedTokens.get(node);
  if (!intent && !refused) return {};
  const settled = Math.max(intent ? settledFrom(pass, intent) : 0, refused ? refused.at + settings.readLag : 0);
  return (shelf.reading(parent)?.begun ?? 0) >= settled ? {} : { from: settled };
}

/** The intents of one pass: those announced at the same moment share one write to the journal. */
export class Announcements {
  readonly #pass: Pass;
  #waiting: Promise<void> | undefined;

  constructor(pass: Pass) {
    this.#pass = pass;
  }

  /** Resolves when the intent is safely written. Throws a `busy` fault when somebody else has written to the store. */
  async announce(node: NodeId, incarnation: string): Promise<void> {
    const { intents, clock, memory } = this.#pass;
    this.withdraw(node);
    const intent = { node, incarnation, at: clock.now() };
    hearOf([intent], memory, intent.at);
    intents.push(intent);
    this.#waiting ??= this.#flush();
    await this.#waiting;
  }

  /** AWS has refused the creation for certain: there is nothing to look for. */
  withdraw(node: NodeId): void {
    const { intents } = this.#pass;
    const at = intents.findIndex((one) => one.node === node);
    if (at >= 0) intents.splice(at, 1);
  }

  async #flush(): Promise<void> {
    // All nodes that became creatable in this turn of the event loop join the same write.
    await new Promise((resolve) => setImmediate(resolve));
    this.#waiting = undefined;
    await this.#pass.order.journal.write([...this.#pass.intents]);
  }
}

/**
 * After these faults the resource may exist all the same. That a throttled call did nothing is AWS's promise for what it
 * refuses at its door, not for what one of its own services was throttled at half-way: two VPCs cost more than a wait.
 */
export const isUnknownOutcome = ({ kind, facts }: Fault): boolean =>
  !facts.unsent && ['transient', 'throttled', 'bug'].includes(kind);
