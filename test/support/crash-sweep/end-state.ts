import { tagKeys } from '../../../operator/model/identity.ts';
import type { VirtualOperator } from '../virtual-operator.ts';
import type { Mask } from './words.ts';

/**
 * What may differ and means nothing: how often a parameter or a health check was written, for a write made again counts
 * twice; and which of the zones that it was given Auto Scaling chose for an instance, and the how manieth of its launch
 * that is.
 */
const indifferent: Readonly<Record<string, readonly string[]>> = {
  'ssm/parameter': ['past', 'version'],
  'route53/health-check': ['version'],
  'ec2/instance': ['index', 'subnetId', 'zone'],
  'ec2/volume': ['zone'],
};

/** All that exists, in the simulator's own words, without what differs between any two runs: ids, moments, addresses. */
export function endState({ aws, ledger }: Pick<VirtualOperator, 'aws' | 'ledger'>, mask: Mask): string[] {
  const names = new Map(
    ledger
      .existing()
      .flatMap(({ id, type, tags }) => (tags[tagKeys.node] ? [[id, `${type} ${tags[tagKeys.node]}`]] : [])),
  );
  const masked = (value: unknown, without: readonly string[] = []): unknown => {
    if (typeof value === 'number') return value > 1e12 ? 'a moment' : value;
    if (value instanceof Date) return 'a moment';
    if (typeof value === 'string') return names.get(value) ?? mask(value);
    if (Array.isArray(value)) return inOneOrder(value.map((part) => masked(part)));
    if (value instanceof Map) return [...value].map((part) => masked(part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .flatMap(([key, part]) => (part === undefined || without.includes(key) ? [] : [[mask(key), masked(part)]]))
        .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
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
