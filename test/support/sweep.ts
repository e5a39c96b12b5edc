import { registry } from '../../operator/resources/index.ts';
import { tagKeys } from '../../operator/model/identity.ts';
import type { Scenario } from './crash-scenarios.ts';
import type { Disturbance, LoggedCall } from './exchange.ts';
import { lineOf } from './virtual-dump.ts';
import { VirtualOperator } from './virtual-operator.ts';

/** What one run of a scenario came to. */
export interface Run {
  readonly world: VirtualOperator;
  /** The writes of the scenario itself. */
  readonly writes: readonly LoggedCall[];
}

/** What is to happen in a run, by the name of the write that it happens to. */
export type Plan = Pick<ReadonlyMap<string, Disturbance>, 'get'>;

/** Runs a scenario, with what is planned happening to its writes. */
export async function run(scenario: Scenario, plan: Plan = new Map()): Promise<Run> {
  const world = new VirtualOperator({ seed: 5 });
  world.start();
  const store = await scenario.before(world);
  world.aws.world.readLagMillis = 20_000;
  const first = world.exchange.writes;
  const nameOf = naming();
  world.exchange.decide = (call) => plan.get(nameOf(call));
  await scenario.act(world, store);
  world.aws.world.settle();
  const writes = world.exchange.calls.filter(({ number }) => number !== undefined && number > first);
  world.kill();
  return { world, writes };
}

/** Names writes alike in all runs: by what they say, without ids, and the how manieth that says so. */
function naming(): (call: LoggedCall) => string {
  const counts = new Map<string, number>();
  return ({ to, what, told }) => {
    const words = `${to} ${maskedText(what)} ${to === 'aws' ? maskedText(JSON.stringify(told)) : ''}`;
    const count = (counts.get(words) ?? 0) + 1;
    counts.set(words, count);
    return `${words} ${count}`;
  };
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
    /tcp\/(443|80)$/.test(what) &&
    (what.includes(' ELB app/') || open.some(({ id }) => what.includes(` group ${id} `)));
  return ledger.exposures().flatMap(({ what }) => (allowed(what) ? [] : [what]));
}

/**
 * What may differ and means nothing: how often a parameter was written, for a write made again counts twice; and which
 * of the zones that it was given Auto Scaling chose for an instance, and the how manieth of its launch that is.
 */
const indifferent: Readonly<Record<string, readonly string[]>> = {
  'ssm/parameter': ['past', 'version'],
  'ec2/instance': ['index', 'subnetId', 'zone'],
  'ec2/volume': ['zone'],
};

/** All that exists, in the simulator's own words, without what differs between any two runs: ids, moments, addresses. */
export function endState({ aws, ledger }: VirtualOperator): string[] {
  const names = new Map(
    ledger
      .existing()
      .flatMap(({ id, type, tags }) => (tags[tagKeys.node] ? [[id, `${type} ${tags[tagKeys.node]}`]] : [])),
  );
  const masked = (value: unknown, without: readonly string[] = []): unknown => {
    if (typeof value === 'number') return value > 1e12 ? 'a moment' : value;
    if (value instanceof Date) return 'a moment';
    if (typeof value === 'string') return names.get(value) ?? maskedText(value);
    if (Array.isArray(value)) return inOneOrder(value.map((part) => masked(part)));
    if (value instanceof Map) return [...value].map((part) => masked(part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .flatMap(([key, part]) =>
          part === undefined || without.includes(key) ? [] : [[maskedText(key), masked(part)] as const],
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };
  return aws.world
    .contents()
    .map(({ type, value }) => `${type} ${JSON.stringify(masked(value, indifferent[type]))}`)
    .sort();
}

/** Routes, associations, rules: what was made first says nothing. A list of words keeps its order. */
const inOneOrder = (list: readonly unknown[]): readonly unknown[] =>
  list.some((part) => typeof part !== 'object')
    ? list
    : [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

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

/** One write and what happens to it. */
interface Boundary {
  readonly name: string;
  readonly told: string;
  readonly disturbance: Disturbance;
}

export interface Sweep {
  readonly writes: number;
  readonly boundaries: number;
  readonly runs: number;
  readonly wrong: readonly string[];
}

/** So many boundaries share a run, as far apart as they can be: one alone costs nearly as much. */
const sharing = 6;

/**
 * Disturbs every write of a scenario in every way. What several disturbances in one run came to is looked into one by
 * one when anything is wrong, and so is a write that did not come about after those before it had been disturbed.
 */
export async function sweep(scenario: Scenario, disturbances: readonly Disturbance[]): Promise<Sweep> {
  const undisturbed = await run(scenario);
  const nameOf = naming();
  const names = undisturbed.writes.map((call) => ({ name: nameOf(call), told: lineOf(call) }));
  const apart = Math.ceil(names.length / sharing);
  const wrong: string[] = [];
  let runs = 0;
  const look = async (boundaries: readonly Boundary[]): Promise<{ missed: Boundary[]; findings: string[] }> => {
    runs++;
    return disturbedBy(scenario, undisturbed, boundaries);
  };
  for (const disturbance of disturbances)
    for (let first = 0; first < apart; first++) {
      const group = names.filter((_, i) => i % apart === first).map((write): Boundary => ({ ...write, disturbance }));
      const together = await look(group);
      const alone = together.findings.length > 0 ? group : together.missed;
      const before = wrong.length;
      for (const boundary of alone) {
        const { missed, findings } = await look([boundary]);
        if (missed.length > 0) findings.push('it did not come about');
        wrong.push(...findings.map((one) => `${JSON.stringify(disturbance)} at ${boundary.told}: ${one}`));
      }
      if (wrong.length === before)
        wrong.push(...together.findings.map((one) => `${group.map(({ told }) => told).join(' and ')}: ${one}`));
    }
  return { writes: names.length, boundaries: names.length * disturbances.length, runs, wrong };
}

async function disturbedBy(
  scenario: Scenario,
  undisturbed: Run,
  boundaries: readonly Boundary[],
): Promise<{ missed: Boundary[]; findings: string[] }> {
  const plan = new Map(boundaries.map(({ name, disturbance }) => [name, disturbance]));
  const open = new Map(plan);
  try {
    // What has happened once does not happen again when the write is made again.
    const disturbed = await run(scenario, {
      get: (name: string) => {
        const disturbance = open.get(name);
        open.delete(name);
        return disturbance;
      },
    });
    const missed = boundaries.filter(({ name }) => open.has(name));
    return { missed, findings: judge(undisturbed, disturbed) };
  } catch (error) {
    return { missed: [], findings: [error instanceof Error ? error.message : String(error)] };
  }
}
