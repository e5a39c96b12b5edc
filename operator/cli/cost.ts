import { Command, Option } from 'commander';
import { costedOf, estimate, hoursPerMonth, leftOut, pricesOf } from './cost/estimate.ts';
import { priceList } from './cost/prices.ts';
import { footnotes, tableOf, usd, type StoreEstimate } from './cost/table.ts';
import type { Io } from './io.ts';
import { offlineGraph, storesIn, type StoreInFile } from './stores-in.ts';

interface Options {
  readonly output: 'table' | 'json';
  readonly namespace: string;
  readonly pricesOf?: string;
}

const help = `
Adds up what the resources of a store cost by their existence, by a price list that is part of this
program: nothing is asked of AWS, and the output says of when the prices are and what is left out.
The first figure is for as many instances and as much storage as a store begins with, the second for
as many as autoscaling may make of them. Regions that are not listed need --prices-of.

Exit codes: 0 estimated, 1 the file has problems or the region has no prices.

Examples:
  ecomstore cost examples/production.yaml
  ecomstore cost --prices-of us-east-1 store.yaml
  kustomize build . | ecomstore cost --output json - | jq '.monthly.least'`;

/** `ecomstore cost FILE`: what the stores of a file cost in a month, offline. */
export const costCommand = (io: Io): Command =>
  new Command('cost')
    .summary('estimate what stores cost in a month, offline')
    .description('Estimate what stores cost in a month, by resource, offline.')
    .argument('<file>', 'a YAML or JSON file with stores; - is standard input')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('-n, --namespace <name>', 'namespace of a store whose manifest names none', 'default')
    .addOption(
      new Option('--prices-of <region>', "take another region's prices").choices(Object.keys(priceList.regions)),
    )
    .addHelpText('after', help)
    .action(async (file: string, { output, namespace, pricesOf: other }: Options) => {
      const stores = (await storesIn(io, file, namespace)).map((store) => estimateOf(store, other));
      if (output === 'json') io.out(JSON.stringify(asData(stores), null, 2));
      else for (const line of asText(stores)) io.out(line);
      io.exit(0);
    });

function estimateOf(store: StoreInFile, other: string | undefined): StoreEstimate {
  const { spec, graph } = offlineGraph(store);
  const { region } = spec;
  const from = other ?? region;
  const name = `${store.namespace}/${store.name}`;
  return { store: name, region, pricesOf: from, ...estimate(costedOf(graph), pricesOf(from)) };
}

function totalOf(stores: readonly StoreEstimate[]): StoreEstimate['monthly'] {
  const sum = (of: 'least' | 'most') => Number(usd(stores.reduce((total, { monthly }) => total + monthly[of], 0)));
  return { least: sum('least'), most: sum('most') };
}

function asText(stores: readonly StoreEstimate[]): string[] {
  const { least, most } = totalOf(stores);
  const all = `All ${stores.length} stores: ${usd(least)} USD a month, ${usd(most)} at most`;
  const tables = stores.flatMap((store) => [...tableOf(store), '']);
  return [...tables, ...(stores.length > 1 ? [all, ''] : []), ...footnotes()];
}

const asData = (stores: readonly StoreEstimate[]) => ({
  currency: 'USD',
  hoursPerMonth,
  prices: { date: priceList.date, origin: priceList.origin, sources: priceList.sources },
  monthly: totalOf(stores),
  stores,
  leftOut,
});
