import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { scenarios } from '../test/support/crash-sweep/scenarios.ts';
import type { Scenario } from '../test/support/crash-sweep/scenario.ts';
import { kills, losses, sweep } from '../test/support/crash-sweep/sweep.ts';
import { parsedOr, refuse } from './arguments.ts';
import { inShards, tellWhole, wholeOption } from './shards.ts';

const known = Object.keys(scenarios) as (keyof typeof scenarios)[];
const ways = { kills, losses, all: [...kills, ...losses] };

const help = `The crash sweep: every write of a scenario is disturbed in every way, and the end compared with the undisturbed one.

Usage: npm run sweep -- [--scenario NAMES] [--ways kills|losses|all] [--one-of N] [--sharing N]
                        [--workers W]

  --scenario NAMES  some of, or the beginning that several have in common (all):
                    ${known.join(', ')}
  --ways WAYS       the process is killed before, after and on the reply of a write; or the reply is lost (all)
  --one-of N        plays an evenly chosen Nth of the boundaries (1)
  --sharing N       the most boundaries that share a run (a third of the writes); 1 plays each alone, which takes hours
  --workers W       how many processes share them (one a core)

It prints how many boundaries were played, and ends with 1 when anything was wrong.
`;

const whole = (name: string, text: string): number => wholeOption(name, text, help);

const { values } = parsedOr(help, {
  options: {
    scenario: { type: 'string', default: known.join() },
    ways: { type: 'string', default: 'all' },
    'one-of': { type: 'string', default: '1' },
    sharing: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    shard: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const chosen = values.scenario.split(',').flatMap((name) => {
  const fits = known.filter((one) => one.startsWith(name));
  return fits.length > 0 ? fits : refuse(`--scenario ${name}: there is none of that name`, help);
});
const disturbances =
  values.ways in ways
    ? ways[values.ways as keyof typeof ways]
    : refuse(`--ways ${values.ways}: kills, losses or all`, help);
const workers = whole('workers', values.workers);
const oneOf = whole('one-of', values['one-of']);

const sharing = values.sharing === undefined ? undefined : whole('sharing', values.sharing);

/** What a shard has to tell of one scenario. */
interface Told {
  readonly name: string;
  readonly boundaries: number;
  readonly played: number;
  readonly runs: number;
}

if (values.shard === undefined) {
  const began = Date.now();
  const told: Told[] = [];
  const seconds = (): number => Math.round((Date.now() - began) / 1000);
  const hear = (one: unknown): void => {
    const { name, played } = one as Told;
    told.push(one as Told);
    process.stderr.write(`${name}: a worker has played its ${played} boundaries, after ${seconds()} s\n`);
  };
  const wentWell = await inShards(workers, { file: fileURLToPath(import.meta.url), hear });
  const sum = (of: readonly Told[], what: 'played' | 'runs'): number => of.reduce((all, one) => all + one[what], 0);
  for (const name of new Set(told.map((one) => one.name))) {
    const its = told.filter((one) => one.name === name);
    const [played, runs] = [sum(its, 'played'), sum(its, 'runs')];
    process.stdout.write(`${name}: ${played} of ${its[0]?.boundaries} boundaries in ${runs} runs\n`);
  }
  process.stdout.write(`${sum(told, 'played')} boundaries were played in ${seconds()} s\n`);
  process.exit(wentWell ? 0 : 1);
}

let isWrong = false;
for (const id of chosen) {
  const scenario: Scenario = scenarios[id];
  const part = { nth: Number(values.shard) * oneOf, of: workers * oneOf };
  const { boundaries, played, runs, wrong } = await sweep(scenario, disturbances, { part, sharing });
  isWrong ||= wrong.length > 0;
  process.stdout.write(wrong.map((one) => `${scenario.name}: ${one}\n`).join(''));
  const told: Told = { name: scenario.name, boundaries, played, runs };
  await tellWhole(told);
}
process.exit(isWrong ? 1 : 0);
