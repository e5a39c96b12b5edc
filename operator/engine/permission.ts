import type { Intent } from '../model/ports.ts';
import type { NodeId } from '../model/ref.ts';
import type { NodeReport } from '../model/verdict.ts';
import type { Pass } from './order.ts';

/**
 * Under what the journal knows that a permission of `policy.replace` was used: first while another resource is made, then
 * for as long as the entry stands in the store.
 */
const underWay = (node: string): NodeId => `replace/${node}`;
const over = (node: string): NodeId => `replaced/${node}`;

/** Whether an intent is the use of a permission. */
export const isUse = ({ node }: Intent): boolean => /^replaced?\//.test(node);

const useOf = ({ intents }: Pass, node: NodeId): Intent | undefined =>
  intents.find((intent) => intent.node === underWay(node) || intent.node === over(node));

/**
 * Whether the user allows this resource of a node to be replaced, or another one to be made for it where it is lost. An
 * entry of `policy.replace` is good for one: it stays in Git for months, and the next one may be nobody's wish.
 */
export function mayReplace(pass: Pass, node: NodeId, id: string | undefined): boolean {
  if (!pass.order.mayReplace.has(node)) return false;
  const use = useOf(pass, node);
  return !use || (use.node === underWay(node) && use.incarnation === id);
}

/** Notes for what the permission is used, before it is: whoever comes after a crash may go on with that, and nothing else. */
export async function noteUse(pass: Pass, node: NodeId, id: string): Promise<void> {
  const { order, intents, clock } = pass;
  if (useOf(pass, node)) return;
  intents.push({ node: underWay(node), incarnation: id, at: Math.trunc(clock.now()) });
  await order.journal.write([...intents]);
}

/** What a person does to have a node replaced. */
export function howToAllow(pass: Pass, node: NodeId): string {
  const use = pass.order.mayReplace.has(node) ? useOf(pass, node) : undefined;
  if (!use) return `allow it by policy.replace: [${node}]`;
  const used = `the entry in policy.replace was for one replacement, that of ${use.incarnation} on ${new Date(use.at).toISOString().slice(0, 10)}`;
  return `allow it once more (${used}): take ${node} out of policy.replace, apply that, and put it in again`;
}

/**
 * The journal after a pass: a use is over once another resource is ready, whatever its id (a bucket has the one of before
 * again), and is forgotten once the entry is out of the store. Then the entry may be put in again.
 */
export function usesAfter({ order }: Pass, reports: readonly NodeReport[]): (intent: Intent) => readonly Intent[] {
  const ready = new Set(reports.flatMap(({ node, standing }) => (standing === 'ready' ? [node] : [])));
  return (intent) => {
    if (!isUse(intent)) return [intent];
    const node = intent.node.slice(intent.node.indexOf('/') + 1) as NodeId;
    if (!order.mayReplace.has(node)) return [];
    return [ready.has(node) ? { ...intent, node: over(node) } : intent];
  };
}
