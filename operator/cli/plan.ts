import { Command, Option } from 'commander';
import type { Replaced } from '../model/resource-type.ts';
import { registry } from '../resources/index.ts';
import { withDefaults } from '../store/spec.ts';
import type { Change, ChangedField } from './changes.ts';
import { usd } from './cost/table.ts';
import { UserError, type Io } from './io.ts';
import { planStore, type Plan, type StoreToPlan } from './planning.ts';
import { storesIn } from './stores-in.ts';

interface Options {
  readonly output: 'text' | 'json';
  readonly namespace: string;
  readonly installation: string;
  readonly boundary?: string;
  readonly uid?: string;
}

const help = `
Reads AWS as it is and tells what the operator would do; nothing is written. A store that exists is
recognised by the owner tags of its resources. The cost of a month, before and after, is an estimate
as of ecomstore cost. What follows ( > ) matches now, and changes because something does that it
refers to: what it becomes AWS tells only then. AWS is found by the SDK's own variables (AWS_PROFILE,
AWS_ENDPOINT_URL, ...).

Exit codes: 0 nothing to do, 2 there are changes, 1 an error.

Examples:
  ecomstore plan examples/minimal.yaml
  ecomstore plan --output json store.yaml | jq .changes`;

/** `ecomstore plan FILE`: what would be created, changed, replaced, deleted or refused. */
export const planCommand = (io: Io): Command =>
  new Command('plan')
    .summary('show what the operator would do to AWS')
    .description('Show what the operator would do to AWS for a store, without doing it.')
    .argument('<file>', 'a YAML or JSON file with one store; - is standard input')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('-n, --namespace <name>', 'namespace of a store whose manifest names none', 'default')
    .option('--installation <name>', 'ECOM_INSTALLATION of the operator', 'default')
    .option('--boundary <arn>', 'ECOM_PERMISSIONS_BOUNDARY of the operator')
    .option('--uid <uid>', 'UID of the store in its cluster, where its tags leave a choice')
    .addHelpText('after', help)
    .action(async (file: string, options: Options) => {
      const store = await storeIn(io, file, options);
      const cloud = await io.connect(store.spec.region);
      const { installation, boundary } = options;
      const plan = await planStore({ cloud, clock: io.timers, registry, installation, boundary }, store);
      if (options.output === 'json') io.out(JSON.stringify({ ...plan, summary: counts(plan) }, null, 2));
      else for (const line of asText(plan)) io.out(line);
      io.exit(plan.changes.length > 0 ? 2 : 0);
    });

/** The one store of a file, well formed and with its defaults. */
async function storeIn(io: Io, file: string, { namespace, uid }: Options): Promise<StoreToPlan> {
  const [store, ...more] = await storesIn(io, file, namespace);
  if (more.length > 0) throw new UserError(`${file}: there are ${more.length + 1} stores in it; give one at a time`);
  return { ...store, uid, spec: withDefaults(store.spec) };
}

const signs: Readonly<Record<Change['action'], string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  refuse: '!',
  follow: '>',
};

const verbs: readonly (readonly [Change['action'], string])[] = [
  ['create', 'to create'],
  ['update', 'to change'],
  ['replace', 'to replace'],
  ['delete', 'to delete'],
  ['refuse', 'refused'],
  ['follow', 'to follow'],
];

const counts = ({ changes }: Plan): Record<string, number> =>
  Object.fromEntries(verbs.map(([action]) => [action, changes.filter((change) => change.action === action).length]));

function asText(plan: Plan): string[] {
  const heading = `Store ${plan.store} in account ${plan.account}, ${plan.region}`;
  const cost = costLines(plan);
  const notes = plan.notes.map((note) => `Note: ${note}.`);
  if (plan.changes.length === 0)
    return [heading, `Nothing to do: ${plan.unchanged} resources match.`, ...notes, ...cost];
  const width = Math.max(...plan.changes.map(({ node }) => node.length));
  const lines = plan.changes.flatMap((change) => [
    `  ${signs[change.action]} ${change.node.padEnd(width)}  ${change.type}${change.id === undefined ? '' : `  ${change.id}`}`,
    ...(change.does === 'replace' ? ['      is replaced'] : []),
    ...(change.fields ?? []).map(fieldText),
    ...(change.instances ? [`      ${instancesText(change.instances)}`] : []),
    ...(change.message === undefined ? [] : [`      ${change.message}${change.field ? ` (${change.field})` : ''}`]),
    ...(change.remedy === undefined ? [] : [`      ${change.remedy}`]),
  ]);
  const summary = counts(plan);
  const told = verbs.map(([action, words]) => `${summary[action]} ${words}`).join(', ');
  return [heading, '', ...lines, '', `Plan: ${told}; ${plan.unchanged} match.`, ...notes, ...cost];
}

const fieldText = ({ field, from, to, follows }: ChangedField): string =>
  `      ${field}: ${short(from)} -> ${follows ? `follows ${follows.join(', ')}` : short(to)}`;

/** What becomes of the instances that run. */
function instancesText({ least, most, atOnce, isLaunchedFirst, minHealthyPercent, inService }: Replaced): string {
  if (most === 0) return 'no instance is replaced: all of them match already';
  const [many, all] = [`${least < most ? `at most ${most}` : most} instance${most === 1 ? '' : 's'}`, most === 1];
  const pace = all || atOnce === 1 ? 'one at a time' : `${atOnce} at a time`;
  const order = isLaunchedFirst ? ', each new one in service before an old one goes' : '';
  return `an instance refresh replaces ${many}, ${pace}${order}: minHealthyPercent ${minHealthyPercent} keeps ${inService} in service`;
}

/** What the plan does to the cost of a month. */
function costLines({ region, cost, changes }: Plan): string[] {
  if (!cost) return [`Cost: the price list has no prices for ${region} (see ecomstore cost --help).`];
  const { before, after, unpriced, prices } = cost;
  const figures = (of: 'least' | 'most'): string =>
    changes.length === 0 ? usd(after[of]) : `${usd(before[of])} -> ${usd(after[of])}`;
  return [
    `Cost: ${figures('least')} USD a month, at most ${figures('most')}: list prices of ${prices}, without traffic and use (see ecomstore cost).`,
    ...(unpriced.length > 0 ? [`  in it is not all of ${unpriced.join(', ')}: no price is known`] : []),
  ];
}

/** A value on one line; long ones are told by how they begin. */
function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
