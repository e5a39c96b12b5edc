import type { Graph } from '../../model/graph.ts';
import { costedOf, estimate, type Range } from './estimate.ts';
import { priceList } from './prices.ts';
import type { Costed } from './rules.ts';

/** A change of a plan, as far as it changes what is paid. */
export interface CostlyChange {
  readonly node: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'refuse';
  readonly fields?: readonly { readonly field: string; readonly to: unknown }[];
}

/** What a store costs in a month, in USD, with what exists and once the plan is done. */
export interface CostChange {
  readonly before: Range;
  readonly after: Range;
  /** Resources, before or after, of which something has no known price. */
  readonly unpriced: readonly string[];
  /** The date of the prices. */
  readonly prices: string;
}

/**
 * What a plan does to the monthly cost; undefined where the region has no prices. `existing` is what AWS has of the
 * store, in the words of the graph. Pure.
 */
export function costOfPlan(
  region: string,
  graph: Graph,
  existing: readonly Costed[],
  changes: readonly CostlyChange[],
): CostChange | undefined {
  const prices = priceList.regions[region];
  if (!prices) return undefined;
  const { before, after } = beforeAndAfter(costedOf(graph), existing, changes);
  const [was, willBe] = [estimate(before, prices), estimate(after, prices)];
  const unpriced = [...was.lines, ...willBe.lines].filter(({ monthly }) => !monthly).map(({ node }) => node);
  return { before: was.monthly, after: willBe.monthly, unpriced: [...new Set(unpriced)], prices: priceList.date };
}

/** What is refused stays as it is, and so does what is kept although it is wanted no more. */
function beforeAndAfter(
  wanted: readonly Costed[],
  existing: readonly Costed[],
  changes: readonly CostlyChange[],
): { readonly before: readonly Costed[]; readonly after: readonly Costed[] } {
  const wantedBy = new Map(wanted.map((one) => [one.node, one]));
  // What was not read is no difference: it is as wanted.
  const before = existing.map((one) => ({ ...one, props: { ...wantedBy.get(one.node)?.props, ...read(one) } }));
  const beforeBy = new Map(before.map((one) => [one.node, one]));
  const changeBy = new Map(changes.filter(({ action }) => action !== 'delete').map((one) => [one.node, one]));
  const going = new Set(changes.filter(({ action }) => action === 'delete').map(({ node }) => node));
  const kept = before.filter(({ node }) => !wantedBy.has(node) && !going.has(node));
  const after = wanted.flatMap((one): readonly Costed[] => {
    const [was, change] = [beforeBy.get(one.node), changeBy.get(one.node)];
    if (change?.action === 'refuse') return was ? [was] : [];
    if (!was || change?.action === 'create' || change?.action === 'replace') return [one];
    // Storage that has grown beyond what is wanted does not shrink: only what the plan changes is taken from the graph.
    const changed = (change?.fields ?? []).map(({ field, to }) => [field, to] as const);
    return [{ ...was, props: { ...was.props, ...Object.fromEntries(changed) } }];
  });
  return { before, after: [...after, ...kept] };
}

const read = ({ props }: Costed): Costed['props'] =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
