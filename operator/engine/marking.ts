import { ownerTags } from '../model/identity.ts';
import type { NodeReport } from '../model/verdict.ts';
import { entryFacts } from './report.ts';
import type { Entry } from './shelf.ts';
import type { Tended } from './step.ts';
import type { Walk } from './walk.ts';

/**
 * Writes the owner tags of what is ours and has none: where AWS makes a resource without tags, a process may end, or a
 * reply be lost, between the two calls. One write, and the same again if its reply is lost.
 */
export async function mark(walk: Walk, { node, type, region, shelf }: Tended, entry: Entry): Promise<NodeReport> {
  const { pass } = walk;
  const paused = walk.paused(node);
  if (paused) return { ...paused, ...entryFacts(entry) };
  const owner = { ...pass.order.owner, node: node.id };
  await type.retag?.(pass.aws(region), entry.found, ownerTags(owner));
  shelf.reowned(entry, owner);
  pass.memory.attempts.delete(node.id);
  const message = `owner tags of ${type.name} ${entry.found.id}, whose creation was cut off`;
  walk.happenings.push({ kind: 'Updated', node: node.id, message: `${message}, are written` });
  return walk.say(node, 'progressing', 'Updating', message, { ...entryFacts(entry), wakeAt: pass.clock.now() });
}
