import { registry } from '../../operator/resources/index.ts';
import { tagKeys } from '../../operator/model/identity.ts';
import type { Scenario } from './crash-scenarios.ts';
import type { Disturbance, LoggedCall } from './exchange.ts';
import { dumpOf, lineOf } from './virtual-dump.ts';
import { VirtualOperator } from './virtual-operator.ts';

/** What one run of a scenario came to. */
export interface Run {
  readonly world: VirtualOperator;
  /** The writes of the scenario itself. */
  readonly writes: readonly LoggedCall[];
}

/** Runs a scenario, with something happening to its nth write. */
export async function run(scenario: Scenario, nth = 0, disturbance?: Disturbance): Promise<Run> {
  const world = new VirtualOperator({ seed: 5 });
  world.start();
  const store = await scenario.before(world);
  world.aws.world.readLagMillis = 20_000;
  const first = world.exchange.writes;
  if (disturbance) world.exchange.disturb(nth, disturbance);
  await scenario.act(world, store);
  world.aws.world.settle();
  const writes = world.exchange.calls.filter(({ number }) => number !== undefined && number > first);
  world.kill();
  return { world, writes };
}

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
    /tcp\/(443|80)$/.test(what) && (what.includes(' ELB app/') || open.some(({ id }) => what.includes(` group ${id} `)));
  return ledger.exposures().flatMap(({ what }) => (allowed(what) ? [] : [what]));
}

/** All that exists, in the simulator's own words, without what differs between any two runs: ids, moments, addresses. */
export function endState({ aws, ledger }: VirtualOperator): string[] {
  const names = new Map(
    ledger.existing().flatMap(({ id, type, tags }) => (tags[tagKeys.node] ? [[id, `${type} ${tags[tagKeys.node]}`]] : [])),
  );
  const masked = (value: unknown): unknown => {
    if (typeof value === 'number') return value > 1e12 ? 'a moment' : value;
    if (value instanceof Date) return 'a moment';
    if (typeof value === 'string') return names.get(value) ?? maskedText(value);
    if (Array.isArray(value)) return value.map(masked);
    if (value instanceof Map) return [...value].map(masked);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [maskedText(key), masked(part)]));
  };
  return aws.world
    .contents()
    .map(({ type, value }) => `${type} ${JSON.stringify(masked(value))}`)
    .sort();
}

const maskedText = (text: string): string =>
  text
    .replace(/\b(AROA|AIPA|ANPA|Z)[0-9A-Z]{12,}\b/g, '#')
    .replace(/\b[a-z]+-0[0-9a-f]{16}\b/g, '#')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#')
    .replace(/\b_?[0-9a-f]{10,}\b/g, '#')
    .replace(/\b\d+\.\d+\.\d+\.\d+\b(?!\/)/g, '#')
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a moment');

/** Everything that is wrong with a disturbed run, judged by the ledger and by what the undisturbed one came to. */
export function judge(undisturbed: Run, { world }: Run): string[] {
  const wrong: string[] = [];
  const usual = lives(undisturbed.world);
  for (const [node, count] of lives(world))
    if (count > (usual.get(node) ?? 0)) wrong.push(`${count} times made instead of ${usual.get(node) ?? 0}: ${node}`);
  wrong.push(...exposures(world).map((what) => `exposed: ${what}`));
  const [is, was] = [endState(world), endState(undisturbed.world)];
  wrong.push(...without(is, was).map((one) => `more than undisturbed: ${one}`));
  wrong.push(...without(was, is).map((one) => `less than undisturbed: ${one}`));
  for (const { log, state, number } of world.processes) {
    if (state === 'failed') wrong.push(`process ${number} failed`);
    for (const { level, message, fields } of log.entries)
      if (level === 'error') wrong.push(`process ${number}: ${message} ${JSON.stringify(fields).slice(0, 300)}`);
  }
  return wrong;
}

function without(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Runs a scenario once for every write and every disturbance, and answers what was wrong, boundary by boundary. */
export async function sweep(
  scenario: Scenario,
  disturbances: readonly Disturbance[],
): Promise<{ readonly boundaries: number; readonly writes: number; readonly wrong: readonly string[] }> {
  const undisturbed = await run(scenario);
  const wrong: string[] = [];
  let boundaries = 0;
  for (const [index, write] of undisturbed.writes.entries())
    for (const disturbance of disturbances) {
      boundaries++;
      const where = `${JSON.stringify(disturbance)} at write ${index + 1} (${lineOf(write)})`;
      wrong.push(...(await findings(scenario, undisturbed, index + 1, disturbance)).map((one) => `${where}: ${one}`));
    }
  return { boundaries, writes: undisturbed.writes.length, wrong };
}

async function findings(
  scenario: Scenario,
  undisturbed: Run,
  nth: number,
  disturbance: Disturbance,
): Promise<readonly string[]> {
  try {
    const disturbed = await run(scenario, nth, disturbance);
    if (disturbed.world.exchange.struck.length !== 1) return [`did not happen\n${dumpOf(disturbed.world)}`];
    return judge(undisturbed, disturbed);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
