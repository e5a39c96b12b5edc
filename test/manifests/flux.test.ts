import { describe, expect, test } from 'vitest';
import type { NodeReport, Verdict } from '../../operator/model/verdict.ts';
import { storeSchema } from '../../operator/store/spec.ts';
import { statusOf, statusWithout, type Status } from '../../operator/store/status.ts';
import { kstatusOf, type Kstatus } from '../support/kstatus.ts';

const generation = 3;

const node = (standing: NodeReport['standing'], id = 'network/vpc'): NodeReport => ({
  ...{ node: id as NodeReport['node'], type: 'ec2/vpc', id: 'vpc-1', standing, reason: 'Reason', message: 'words' },
});

/** The status that the operator writes when its last pass came to this. */
function told(nodes: readonly NodeReport[], more: Partial<Verdict> = {}, deleting = false): Status {
  const verdict: Verdict = {
    ...{ nodes, leaving: [], happenings: [], known: true, gone: false, retained: [], outputs: new Map() },
    ...{ intents: [], wakeAt: 0 },
    ...more,
  };
  const graph = { nodes: new Map(nodes.map((one) => [one.node, { type: { fields: {} } }])) } as never;
  return statusOf({
    ...{ previous: {}, generation, account: '111122223333',
    installation: 'default', host: 'shop.example.com', graph, verdict, deleting },
    ...{ acknowledged: undefined, now: 0 },
  });
}

const paused = statusWithout(
  {},
  { generation, ready: { status: 'Unknown', reason: 'Paused', message: 'policy.mode is Paused' }, now: 0 },
);
const refused = { status: 'False', reason: 'InvalidSpec', message: 'the user data is too long' } as const;
const cannotBe = statusWithout({}, { generation, ready: refused, stalled: { ...refused, status: 'True' }, now: 0 });

/** The status of a store that nobody has looked at, as the API server makes it. */
const born = storeSchema.properties?.['status']?.default as Status;

describe('what Flux makes of a store, by the rules of kstatus', () => {
  const states: readonly (readonly [what: string, status: Status, is: Kstatus])[] = [
    ['just applied', born, 'InProgress'],
    ['read in full, and as it should be', told([node('ready')]), 'Current'],
    ['as it should be, as far as it was read', told([node('ready')], { known: false }), 'InProgress'],
    ['at work', told([node('progressing')]), 'InProgress'],
    ['usable, and something old still goes', told([node('ready')], { leaving: [node('deleting')] }), 'InProgress'],
    ['stalled', told([node('stalled')]), 'Failed'],
    ['stalled, and the rest waits for that', told([node('stalled'), node('waiting', 'compute/group')]), 'Failed'],
    ['stalled, while something else goes on', told([node('stalled'), node('progressing', 'a/b')]), 'Failed'],
    ['other than it should be, and left alone', told([node('drifted')]), 'InProgress'],
    ['paused', paused, 'InProgress'],
    ['a spec that cannot be composed', cannotBe, 'Failed'],
  ];
  test.each(states)('%s', (_what, status, is) => {
    expect(kstatusOf({ metadata: { generation }, status })).toBe(is);
  });

  test('changed, and not seen yet: whatever was said of the generation before', () => {
    for (const [, status] of states)
      expect(kstatusOf({ metadata: { generation: generation + 1 }, status })).toBe('InProgress');
  });

  test('being deleted', () => {
    const status = told([node('deleting')], {}, true);
    expect(kstatusOf({ metadata: { generation, deletionTimestamp: '2026-11-28T09:00:00Z' }, status })).toBe(
      'Terminating',
    );
  });
});
