import { aligned } from '../aligned.ts';
import { hoursPerMonth, leftOut, type Estimate, type Line, type Range } from './estimate.ts';
import { priceList } from './prices.ts';

/** An estimate with the store it is of. */
export interface StoreEstimate extends Estimate {
  readonly store: string;
  readonly region: string;
  /** The region whose prices were taken. */
  readonly pricesOf: string;
}

export const usd = (amount: number): string => amount.toFixed(2);

/** An estimate as people read it. */
export function tableOf(one: StoreEstimate): string[] {
  const { store, region, pricesOf, lines, byUse, monthly, free } = one;
  const where = pricesOf === region ? region : `${region}, with the prices of ${pricesOf}`;
  const unpriced = lines.filter((line) => line.monthly === undefined);
  const head = ['RESOURCE', 'WHAT', 'USD A MONTH', 'AT MOST'] as const;
  const total = ['total', unpriced.length > 0 ? `without ${unpriced.length} of no known price` : '', ...money(monthly)];
  const rows = [head, ...lines.map(rowOf), total];
  return [
    `Store ${store} in ${where}: an estimate for a month of ${hoursPerMonth} hours`,
    '',
    ...aligned(rows, 2),
    '',
    `Costs nothing: ${free} resources.`,
    ...(byUse.length > 0 ? ['Paid by use, and in no figure:', ...usesOf(byUse)] : []),
  ];
}

/** What holds for every estimate: whence the prices are, and what they leave out. */
export const footnotes = (): string[] => [
  'Left out:',
  ...leftOut.map((what) => `  ${what}`),
  `Prices of ${priceList.date}: ${priceList.origin}.`,
  ...priceList.sources.map((source) => `  ${source}`),
];

const money = ({ least, most }: Range): [string, string] => [usd(least), most === least ? '' : usd(most)];

function rowOf({ node, what, monthly }: Line, index: number, all: readonly Line[]): readonly string[] {
  const isSame = index > 0 && all[index - 1]?.node === node;
  return [isSame ? '' : node, what, ...(monthly ? money(monthly) : ['not known', ''])];
}

function usesOf(byUse: Estimate['byUse']): string[] {
  const nodes = new Map<string, string[]>();
  for (const { node, what } of byUse) nodes.set(what, [...(nodes.get(what) ?? []), node]);
  return [...nodes].map(([what, of]) => `  ${what}: ${of.join(', ')}`);
}
