import { parseArgs } from 'node:util';
import { processFigures, type ProcessFigures } from './process.ts';
import { report, type Figures } from './report.ts';
import { terraformFigures, terraformIsMissing, type TerraformFigures } from './terraform.ts';
import { criticalPathSeconds, quietPassesPerSecond, storesFigures, type StoreFigures } from './world.ts';

const help = `What stores cost: AWS calls, time, memory and CPU, beside Terraform on the same web tier, on the simulator.

Usage: npm run bench -- [--stores 1,20,200] [--terraform 1] [--no-process] [--output text|json]

  --stores N,...     how many stores the operator keeps, one run each (1,20,200)
  --terraform N,...  how many copies of the web tier Terraform keeps; 0 leaves it out (1)
  --no-process       leave out the operator as a process: its start, its memory
  --output           text (a table in Markdown) or json

Calls are counted by the simulator's ledger. It takes some ten minutes; --stores 1,20 --no-process takes two.
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${help}`);
  process.exit(2);
}

function readArgs() {
  try {
    return parseArgs({
      options: {
        stores: { type: 'string', default: '1,20,200' },
        terraform: { type: 'string', default: '1' },
        'no-process': { type: 'boolean', default: false },
        output: { type: 'string', default: 'text' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function counts(name: string, text: string, least: number): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= least && number <= 1_000))
    fail(`--${name} ${text}: it takes whole numbers from ${least} to 1000, separated by commas`);
  return numbers.filter((number) => number > 0);
}

const values = readArgs();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
if (!['text', 'json'].includes(values.output)) fail(`--output ${values.output}: it must be text or json`);
const [stores, copies] = [counts('stores', values.stores, 1), counts('terraform', values.terraform, 0)];
const missing = copies.length > 0 ? terraformIsMissing() : undefined;
if (missing) process.stderr.write(`without Terraform: ${missing}\n`);

const say = (what: string): void => void process.stderr.write(`${what}\n`);
/** What was measured is told at once: whatever comes later may fail. */
const told = <T>(measured: T): T => {
  say(`  ${JSON.stringify(measured)}`);
  return measured;
};
say('quiet passes, and the critical path');
const [passesPerSecond, path] = [await quietPassesPerSecond(), await criticalPathSeconds()];
const operator: StoreFigures[] = [];
for (const count of stores) {
  say(`the operator with ${count} stores, on virtual time`);
  operator.push(told(await storesFigures(count)));
}
const terraform: TerraformFigures[] = [];
for (const count of missing ? [] : copies) {
  say(`Terraform with ${count} web tiers`);
  terraform.push(told(await terraformFigures(count)));
}
const processes: ProcessFigures[] = [];
for (const count of values['no-process'] ? [] : stores) {
  say(`the operator as a process with ${count} stores`);
  processes.push(told(await processFigures(count)));
}
const figures: Figures = { passesPerSecond, path, operator, terraform, processes };
process.stdout.write(values.output === 'json' ? `${JSON.stringify(figures, null, 2)}\n` : report(figures));
