import type { Graph } from '../../model/graph.ts';
import { isRef } from '../../model/ref.ts';
import { isLookup } from '../../model/resource-type.ts';
import { UserError } from '../io.ts';
import { priceList, type Prices } from './prices.ts';
import { rules, type Charge, type Costed } from './rules.ts';

/** USD a month: at the least, and at the most when what AWS may let grow by itself has grown. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** One thing that is paid for. */
export interface Line {
  readonly node: string;
  readonly type: string;
  readonly what: string;
  /** Missing where the price list does not tell. */
  readonly monthly?: Range;
}

/** What resources cost in a month, as far as that can be told without their use. */
export interface Estimate {
  readonly monthly: Range;
  readonly lines: readonly Line[];
  /** What is paid by use, and is in no figure. */
  readonly byUse: readonly { readonly node: string; readonly type: string; readonly what: string }[];
  /** How many resources cost nothing. */
  readonly free: number;
}

/** AWS's own month: https://docs.aws.amazon.com/pricing-calculator/latest/userguide/ counts 730 hours. */
export const hoursPerMonth = 730;

/** What no estimate counts. */
export const leftOut: readonly string[] = [
  'traffic and requests: data transfer, DNS queries, calls',
  'logs and metrics: what is taken in and kept, and the two alarms by which a group scales',
  'what grows out of use: backups beyond the free size, CPU credits',
  'RDS Extended Support: by vCPU and hour, with standby and replicas, of a major version that is past its standard support',
  'what runs twice for a while: instances while port or health path change, load balancers while a CDN comes or goes',
  'taxes and support plans',
  'discounts: free tier, reserved instances, savings plans, prices of your own',
];

/** The prices of a region. Throws where the list has none: prices differ by half and more between regions. */
export function pricesOf(region: string): Prices {
  const prices = priceList.regions[region];
  if (prices) return prices;
  const listed = Object.keys(priceList.regions).join(', ');
  throw new UserError(
    `the price list of ${priceList.date} has no prices for ${region}, only for ${listed}\n    estimate with those of another region: --prices-of us-east-1`,
  );
}

/** The resources of a graph; what is only asked of AWS is not among them. */
export const costedOf = ({ nodes }: Graph): Costed[] =>
  [...nodes.values()]
    .filter(({ type }) => !isLookup(type))
    .map(({ id, type, props }) => ({
      node: id,
      type: type.name,
      props: Object.fromEntries(Object.entries(props).map(([name, value]) => [name, given(value, nodes)])),
    }));

/** Of what a lookup chooses from, all counts: in how many zones subnets lie AWS alone tells. */
const chosenFrom: Readonly<Record<string, string>> = { onePerZone: 'subnetIds' };

/** A lookup of what the user has named answers just that: how many subnets there are is known before AWS is asked. */
function given(value: unknown, nodes: Graph['nodes']): unknown {
  if (!isRef(value)) return value;
  const at = nodes.get(value.$ref);
  return at && isLookup(at.type) ? (at.props[chosenFrom[value.output] ?? value.output] ?? value) : value;
}

/** Adds up what resources cost, each by the rule of its type. Pure. */
export function estimate(resources: readonly Costed[], prices: Prices): Estimate {
  const ruled = resources.map((resource) => {
    const rule = rules[resource.type];
    if (!rule) throw new Error(`there is no rule for the cost of ${resource.type}`);
    return { resource, rule };
  });
  const lines = ruled.flatMap(({ resource, rule }) =>
    (rule.charges?.(resource, prices, resources) ?? []).map((charge) => lineOf(resource, charge)),
  );
  const known = lines.flatMap(({ monthly }) => monthly ?? []);
  return {
    monthly: {
      least: cents(known.reduce((sum, { least }) => sum + least, 0)),
      most: cents(known.reduce((sum, { most }) => sum + most, 0)),
    },
    lines,
    byUse: ruled.flatMap(({ resource: { node, type }, rule }) =>
      rule.byUse === undefined ? [] : [{ node, type, what: rule.byUse }],
    ),
    free: ruled.filter(({ rule }) => !rule.charges && rule.byUse === undefined).length,
  };
}

function lineOf({ node, type }: Costed, { what, per, least, most }: Charge): Line {
  if (least === undefined || most === undefined) return { node, type, what };
  const hours = per === 'hour' ? hoursPerMonth : 1;
  return { node, type, what, monthly: { least: cents(least * hours), most: cents(most * hours) } };
}

/** Sums are made of what is printed. */
const cents = (usd: number): number => Math.round(usd * 100) / 100;
