import { parsedOr, refuse } from '../scripts/arguments.ts';
import { processFigures, type ProcessFigures } from './process.ts';
import { detail } from './detail.ts';
import { report, type Figures } from './report.ts';
import { isSubject, subjects, type Subject } from './subjects.ts';
import { terraformFigures, terraformIsMissing, type TerraformFigures } from './terraform.ts';
import { criticalPathSeconds, quietPassesPerSecond, storesFigures, type StoreFigures } from './world.ts';

const help = `What stores cost: AWS calls, time, memory and CPU, beside Terraform on the same store, on the simulator.

Usage: npm run bench -- [--store web-tier|whole|every-section] [--stores 1,20,50] [--terraform 1] [--no-process]
                        [--detail] [--output text|json]

  --store            web-tier: examples/minimal.yaml (the default)
                     whole: examples/complete.yaml, with database, replicas, bucket, CDN and sign-in
                     every-section: that, with cache, notifications and monitoring
  --stores N,...     how many stores the operator keeps, one run each (1,20,50)
  --terraform N,...  how many such stores Terraform keeps; 0 leaves it out (1)
  --no-process       leave out the operator as a process: its start, its memory
  --detail           also which calls: by operation, of building, of an hour of watching, of removing
  --output           text (tables in Markdown) or json, which has the calls by operation always

Calls are counted by the simulator's ledger. Stores go with their data, without a last snapshot, as in Terraform.
A run of web tiers takes some ten minutes, of whole stores half an hour; --stores 1 --no-process --terraform 0 takes one.
`;

const { values } = parsedOr(help, {
  options: {
    store: { type: 'string', default: 'web-tier' },
    stores: { type: 'string', default: '1,20,50' },
    terraform: { type: 'string', default: '1' },
    'no-process': { type: 'boolean', default: false },
    detail: { type: 'boolean', default: false },
    output: { type: 'string', default: 'text' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function counts(name: string, text: string, least: number): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= least && number <= 1_000))
    refuse(`--${name} ${text}: it takes whole numbers from ${least} to 1000, separated by commas`, help);
  return numbers.filter((number) => number > 0);
}

if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
if (!['text', 'json'].includes(values.output)) refuse(`--output ${values.output}: it must be text or json`, help);
if (!isSubject(values.store))
  refuse(`--store ${values.store}: it must be one of ${Object.keys(subjects).join(', ')}`, help);
const subject: Subject = subjects[values.store];
const [stores, copies] = [counts('stores', values.stores, 1), counts('terraform', values.terraform, 0)];
const missing = copies.length === 0 ? undefined : terraformIsMissing();
if (missing) process.stderr.write(`without Terraform: ${missing}\n`);

const say = (what: string): void => void process.stderr.write(`${what}\n`);
/** What was measured is told at once: whatever comes later may fail. */
const told = <T>(measured: T): T => {
  say(`  ${JSON.stringify(measured, (key, value: unknown) => (key === 'byOperation' ? undefined : value))}`);
  return measured;
};
say('quiet passes, and the critical path');
const [passesPerSecond, path] = [await quietPassesPerSecond(subject), await criticalPathSeconds(subject)];
const operator: StoreFigures[] = [];
for (const count of stores) {
  say(`the operator with ${count} stores, on virtual time`);
  operator.push(told(await storesFigures(subject, count)));
}
const terraform: TerraformFigures[] = [];
for (const count of missing ? [] : copies) {
  say(`Terraform with ${count} stores`);
  terraform.push(told(await terraformFigures(subject.terraform, subject.drifts, count)));
}
const processes: ProcessFigures[] = [];
for (const count of values['no-process'] ? [] : stores) {
  say(`the operator as a process with ${count} stores`);
  processes.push(told(await processFigures(subject, count)));
}
const figures: Figures = { store: values.store, passesPerSecond, path, operator, terraform, processes };
const text = (): string => report(figures) + (values.detail ? detail(figures) : '');
process.stdout.write(values.output === 'json' ? `${JSON.stringify(figures, null, 2)}\n` : text());
