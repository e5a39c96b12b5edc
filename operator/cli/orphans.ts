import { Command, Option } from 'commander';
import { registry } from '../resources/index.ts';
import { noSuchRegion } from '../store/regions.ts';
import { taggedUids, type EcomStore } from '../store/spec.ts';
import { aligned } from './aligned.ts';
import { UserError, type Io, type StoreReader } from './io.ts';
import { findOrphans, type Found, type Left } from './orphans/finding.ts';

interface Options {
  readonly output: 'table' | 'json';
  readonly region: readonly string[];
  readonly installation?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

const help = `
Lists what AWS has that carries the tags of this installation of the operator, and whose UID no store of
the cluster has: a finalizer was removed by hand, a namespace was forced away, a cluster was lost.
Nobody looks after it, and it costs. Nothing is written, and nothing is deleted.

It asks the cluster for the stores of all namespaces, and AWS for the resources of the regions in which
they are; name those in which no store is any more with --region. What a store has left on purpose
(policy.deletion Retain) is told apart by its tag ecom.io/retained. Not listed are: what lies below
others (listeners, rules, records, clients of a user pool), and final snapshots.

Whether something is in use is not known. Before you delete anything: is this the cluster of that
account, and has no other cluster an operator with the same ECOM_INSTALLATION there?

Exit codes: 0 there are none, or kept ones only, 2 there are some, 1 an error, or a list that could not
be read.

Examples:
  ecomstore orphans
  ecomstore orphans --region eu-central-1 --region eu-west-1
  ecomstore orphans --output json | jq '.orphaned[].resources[] | select(.data) | .id'`;

/** `ecomstore orphans`: what AWS has of this installation's that belongs to no store of the cluster. */
export const orphansCommand = (io: Io): Command =>
  new Command('orphans')
    .summary('list what AWS has that belongs to no store of the cluster')
    .description('List what AWS has of this installation that belongs to no store of the cluster.')
    .option('--region <name>', 'a region to read beside those of the stores; may be repeated', collected, [])
    .option('--installation <name>', 'ECOM_INSTALLATION of the operator; unless given, as the stores say, or default')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--kubeconfig <file>', 'the kubeconfig to use')
    .option('--context <name>', 'the context to use')
    .addHelpText('after', help)
    .action(async (options: Options) => {
      const { output, kubeconfig, context } = options;
      const cluster = await io.cluster({ kubeconfig, context });
      try {
        const found = await find(io, cluster, options);
        if (output === 'json') io.out(JSON.stringify(found, null, 2));
        else for (const line of asText(found)) io.out(line);
        io.exit(found.unread.length > 0 ? 1 : found.orphaned.length > 0 ? 2 : 0);
      } finally {
        await cluster.close();
      }
    });

const collected = (value: string, before: readonly string[]): readonly string[] => [...before, value];

async function find(io: Io, cluster: StoreReader, options: Options): Promise<Found> {
  const before = await cluster.all();
  const [region, ...others] = regionsFor(options.region, before);
  if (region === undefined)
    throw new UserError('the cluster has no stores: name the regions to read with --region, as often as need be');
  const cloud = await io.connect(region);
  const installation = options.installation ?? installationOf(before);
  checkAccount(before, installation, cloud.account);
  const regions = [region, ...others];
  return findOrphans({ cloud, clock: io.timers, registry, installation, regions }, async () => {
    // A store that came meanwhile has resources by now, and one that went meanwhile was seen before.
    const after = await cluster.all();
    return new Set([...before, ...after].flatMap(taggedUids));
  });
}

function regionsFor(named: readonly string[], stores: readonly EcomStore[]): string[] {
  const wrong = named.map((region) => noSuchRegion(region)).find((fault) => fault !== undefined);
  if (wrong) throw new UserError(`--region: ${wrong.message}`);
  const ofStores = stores.map(({ spec }) => spec.region).filter((region) => !noSuchRegion(region));
  return [...new Set([...named, ...ofStores])].sort();
}

/** The installation that has built the stores, as their status says. */
function installationOf(stores: readonly EcomStore[]): string {
  const names = new Set(stores.flatMap(({ status }) => status?.installation ?? []));
  if (names.size > 1)
    throw new UserError(
      `the stores of this cluster are of several installations: choose one of ${[...names].join(', ')} with --installation`,
    );
  return [...names][0] ?? 'default';
}

/** With the credentials of one account and the stores of another, every running shop would look forsaken. */
function checkAccount(stores: readonly EcomStore[], installation: string, account: string): void {
  const accounts = new Set(
    stores.flatMap(({ status }) => (status?.installation === installation ? (status.account ?? []) : [])),
  );
  if (accounts.size === 0 || accounts.has(account)) return;
  throw new UserError(
    `the stores of this cluster were built in account ${[...accounts].join(', ')}, and these credentials are for ${account}\n    choose others with AWS_PROFILE, or another cluster with --context`,
  );
}

const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

function asText({ account, installation, regions, stores, orphaned, retained, unread }: Found): string[] {
  const heading = `Installation ${installation} in account ${account}, ${regions.join(', ')} and global services; the cluster has ${stores} ${stores === 1 ? 'store' : 'stores'}`;
  const sections = [
    ...listOf('Of stores that are not in the cluster:', orphaned),
    ...listOf('Kept on purpose, of stores that are gone:', retained),
  ];
  const gaps = unread.map(({ type, region, message }) => printable(`  ${type} in ${region}: ${message}`));
  return [
    heading,
    ...sections,
    ...(gaps.length > 0 ? ['', 'These could not be read, so this is not all:', ...gaps] : []),
    ...(orphaned.length > 0 ? ['', advice] : gaps.length > 0 ? [] : ['', allWell]),
  ];
}

const advice =
  'Before you delete any of it, see "What no store has" in docs/operating.md: it may be a shop that still serves.';
const allWell = 'Nothing here is without a store, but for what is kept on purpose.';

function listOf(title: string, left: readonly Left[]): string[] {
  if (left.length === 0) return [];
  const lines = left.flatMap(({ store, uid, resources }) => [
    `  ${printable(store)}  UID ${printable(uid)}  ${resources.length} ${resources.length === 1 ? 'resource' : 'resources'}`,
    ...aligned(
      resources.map(({ node, type, region, id, data }) =>
        [node, type, region, id, data ? 'holds data' : ''].map(printable),
      ),
    ).map((line) => `    ${line}`),
  ]);
  return ['', title, ...lines];
}
