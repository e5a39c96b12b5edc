import { tagKeys } from '../../../operator/model/identity.ts';
import { registry } from '../../../operator/resources/index.ts';
import type { VirtualOperator } from '../virtual-operator.ts';
import type { Run, State } from './run.ts';

const ownTypes = new Set(registry.resources.map(({ name }) => name));

/** How many resources of each node there have ever been, by type and node; what the operator itself does not make is left out. */
export function lives({ ledger }: VirtualOperator): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, tags } of ledger.history()) {
    const node = tags[tagKeys.node];
    if (!ownTypes.has(type) || node === undefined) continue;
    const key = `${type} ${node} of ${tags[tagKeys.uid]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** What the internet could reach beside the load balancer's 443 and 80. */
export function exposures({ ledger }: VirtualOperator): string[] {
  const open = ledger.history().filter(({ tags }) => tags[tagKeys.node] === 'network/sg-alb');
  const allowed = (what: string): boolean =>
    /tcp\/(443|80)$/.test(what) &&
    (what.includes(' ELB app/') || open.some(({ id }) => what.includes(` group ${id} `)));
  return ledger.exposures().flatMap(({ what }) => (allowed(what) ? [] : [what]));
}

/** Everything that is wrong with a disturbed run, judged by the ledger and by what the undisturbed one came to. */
export function judge(undisturbed: Run, { world, states }: Run): string[] {
  // What is wrong after one step is wrong after those that follow.
  const wrong =
    undisturbed.states.map((state, i) => differences(state, states[i])).find(({ length }) => length > 0) ?? [];
  const usual = lives(undisturbed.world);
  for (const [node, count] of lives(world))
    if (count > (usual.get(node) ?? 0)) wrong.push(`${count} times made instead of ${usual.get(node) ?? 0}: ${node}`);
  wrong.push(...exposures(world).map((what) => `exposed: ${what}`));
  for (const { log, state, number } of world.processes) {
    if (state === 'failed') wrong.push(`process ${number} failed`);
    for (const { level, message, fields } of log.entries)
      if (level === 'error') wrong.push(`process ${number}: ${message} ${JSON.stringify(fields).slice(0, 300)}`);
  }
  return wrong;
}

function differences({ step, contents: was }: State, { contents: is, lost }: State = never(step)): string[] {
  return [
    ...lost,
    ...without(is, was).map((one) => `more than undisturbed: ${one}`),
    ...without(was, is).map((one) => `less than undisturbed: ${one}`),
  ].map((what) => `${step}: ${what}`);
}

const never = (step: string): never => {
  throw new Error(`the run did not come to ${step}`);
};

function without(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
