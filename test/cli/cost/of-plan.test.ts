import { describe, expect, test } from 'vitest';
import { costedOf } from '../../../operator/cli/cost/estimate.ts';
import { costOfPlan, type CostlyChange } from '../../../operator/cli/cost/of-plan.ts';
import type { Costed } from '../../../operator/cli/cost/rules.ts';
import { offlineGraph } from '../../../operator/cli/stores-in.ts';
import type { EcomStoreManifestSpec } from '../../../operator/store/spec.ts';

const spec: EcomStoreManifestSpec = {
  region: 'us-east-1',
  domain: { host: 'shop.example.com', zone: 'example.com' },
  compute: { image: { id: 'ami-0a1b2c3d' }, scaling: { min: 1, max: 1 } },
  database: { multiAz: false, storage: { gib: 100, maxGib: 200 } },
};
const { graph } = offlineGraph({ namespace: 'shops', name: 'acme', spec });
const web = offlineGraph({ namespace: 'shops', name: 'acme', spec: { ...spec, database: undefined } }).graph;

/** All of a store, as AWS would have it, with some props otherwise. */
const existing = (otherwise: Readonly<Record<string, object>> = {}): Costed[] =>
  costedOf(graph).map((one) => ({ ...one, props: { ...one.props, ...otherwise[one.node] } }));

const costOf = (of: typeof graph, has: readonly Costed[], changes: readonly CostlyChange[]) => {
  const cost = costOfPlan('us-east-1', of, has, changes);
  if (!cost) throw new Error('us-east-1 has prices');
  return { ...cost, grows: Number((cost.after.least - cost.before.least).toFixed(2)) };
};

/** The zone of its read name, in a month. */
const ofNames = 0.5;
/** 100 GiB of gp3, a db.t4g.medium, the secret of its user, and the zone. */
const ofDatabase = 11.5 + 47.45 + 0.4 + ofNames;

describe('what a plan costs', () => {
  test('is all of a store that is made, and nothing before', () => {
    const changes = costedOf(graph).map(({ node }) => ({ node, action: 'create' as const }));
    expect(costOf(graph, [], changes).before).toEqual({ least: 0, most: 0 });
    expect(costOf(graph, [], changes).after).toEqual(costOf(graph, existing(), []).after);
  });

  test('is nothing more where nothing changes', () => {
    expect(costOf(graph, existing(), [])).toMatchObject({ grows: 0, unpriced: [], prices: '2026-01' });
  });

  test('takes what was not read for what is wanted', () => {
    const all = costOf(graph, existing(), []).after;
    const unread = existing({
      'compute/group': { minSize: undefined },
      'compute/launch-template': { volumeType: undefined },
    });
    expect(costOf(graph, unread, [])).toMatchObject({ before: all, after: all });
    // AWS tells no types of a group that takes the one of its template.
    expect(costOf(graph, existing({ 'compute/group': { instanceTypes: [] } }), []).before).toEqual(all);
  });

  test('is what a changed field makes dearer, from what AWS has', () => {
    const changes = [{ node: 'database/primary', action: 'update' as const, fields: [{ field: 'multiAz', to: true }] }];
    const { before, after } = costOf(graph, existing({ 'database/primary': { storageGib: 150 } }), changes);
    // Twice the hours, and twice the storage that has grown to 150 GiB meanwhile: it does not shrink.
    expect(after.least - before.least).toBeCloseTo(47.45 + 150 * 0.115);
  });

  test('is less by what is deleted', () => {
    const changes = costedOf(graph).flatMap(({ node }) =>
      node.startsWith('database/') ? [{ node, action: 'delete' as const }] : [],
    );
    expect(costOf(web, existing(), changes).grows).toBeCloseTo(-ofDatabase);
  });

  test('still has the data that is kept although it is wanted no more', () => {
    const kept = new Set(['database/primary', 'database/subnet-group']);
    const changes = costedOf(graph).flatMap(({ node }) =>
      node.startsWith('database/') && !kept.has(node) ? [{ node, action: 'delete' as const }] : [],
    );
    expect(costOf(web, existing(), changes).grows).toBe(-ofNames);
  });

  test('does not count what is refused', () => {
    const larger = existing({ 'database/primary': { instanceClass: 'db.t4g.large' } });
    expect(costOf(graph, larger, [{ node: 'database/primary', action: 'refuse' }]).grows).toBe(0);
    const without = larger.filter(({ node }) => node !== 'database/primary');
    expect(costOf(graph, without, [{ node: 'database/primary', action: 'refuse' }]).grows).toBe(0);
  });

  test('names what has no known price, and is undefined where the region has none', () => {
    const exotic = existing({ 'database/primary': { instanceClass: 'db.x9z.large' } });
    expect(costOf(graph, exotic, []).unpriced).toEqual(['database/primary']);
    expect(costOfPlan('eu-south-2', graph, existing(), [])).toBeUndefined();
  });
});
