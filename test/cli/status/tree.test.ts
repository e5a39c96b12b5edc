import { describe, expect, test } from 'vitest';
import { age } from '../../../operator/cli/status/age.ts';
import { treeOf, treeWithin } from '../../../operator/cli/status/tree.ts';
import { viewAsData, viewOf } from '../../../operator/cli/status/view.ts';
import { lookedAt, toldStatus, toldStore } from '../../support/told-store.ts';

const tree = (...args: Parameters<typeof toldStore>): string => treeOf(toldStore(...args), lookedAt).join('\n');

describe('the tree of a store', () => {
  test('has its conditions, and by section every resource with standing, reason and age', () => {
    expect(tree()).toBe(`EcomStore shops/acme  https://shop.example.com
eu-central-1, account 111122223333
AWS was read 40s to 2h ago, as far as the status tells

Ready        False  QuotaExceeded     2 of 5 resources match; network/nat-a: no more addresses
Reconciling  True   WaitingForOthers  network/routes-app-a: needs network/nat-a
Stalled      True   QuotaExceeded     network/nat-a: no more addresses

├─ network  False QuotaExceeded  1 of 3 ready
│  ├─ ready        network/vpc            ec2/vpc              vpc-0a1b2c3d  read 40s ago
│  ├─ stalled      network/nat-a          ec2/nat-gateway                    never read
│  │    QuotaExceeded: no more addresses - raise the quota
│  └─ waiting      network/routes-app-a   ec2/route-table      rtb-1         read 5m ago
│       WaitingForOthers: needs network/nat-a
├─ loadBalancer  True AllResourcesMatch  1 of 1 ready
│  └─ ready        loadBalancer/balancer  elbv2/load-balancer  arn:aws:1     read 40s ago
└─ database  0 of 1 ready
   └─ progressing  database/primary       rds/instance         db-A          read 2h ago
        Creating: creating

Last drift 3d ago: network/sg-app (ingress, egress), put right
Stays in AWS although the store wants it no more:
  identity/pool  cognito/user-pool  eu-central-1_Ab: policy.deletion is Retain`);
  });

  test('says when the status is behind, and when nobody has looked yet', () => {
    expect(tree(toldStatus, { generation: 4 })).toContain(
      '\nThe status is behind generation 4: it speaks of generation 3.\n',
    );
    expect(tree({ observedGeneration: -1 })).toBe(`EcomStore shops/acme
eu-central-1
The status is behind generation 3: no operator has looked at it yet.
`);
  });

  test('says since when it is being deleted, what was only seen, and which name servers to enter', () => {
    const deletionTimestamp = new Date(lookedAt - 240_000).toISOString();
    const lastDrift = { at: deletionTimestamp, node: 'network/vpc', fields: [], healed: false };
    const text = tree(
      { ...toldStatus, lastDrift, zoneNameServers: ['ns-1.example', 'ns-2.example'] },
      { deletionTimestamp },
    );
    expect(text).toContain('\nbeing deleted since 4m\n');
    expect(text).toContain('\nLast drift 4m ago: network/vpc, seen, not put right\n');
    expect(text).toContain('\nname servers to enter at the registrar: ns-1.example, ns-2.example\n');
  });

  test('lets nobody move the cursor', () => {
    const resources = [
      { node: 'a/b', type: 't', standing: 'stalled' as const, message: 'red: \u001b[31m\nand below\u009b2J' },
    ];
    const lines = treeOf(toldStore({ observedGeneration: 3, resources }), lookedAt);
    expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
    expect(lines.join('\n')).toContain('red:  [31m and below 2J');
  });

  test.each([
    [-5_000, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [7_199_000, '120m'],
    [7_200_000, '2h'],
    [172_800_000, '2d'],
  ])('%i milliseconds are %s', (millis, told) => {
    expect(age(millis)).toBe(told);
  });
});

describe('the tree on a screen', () => {
  const within = (rows: number, columns = 200): string[] => treeWithin({ columns, rows }, toldStore(), lookedAt);

  test('is whole where there is room, to the line', () => {
    const all = treeOf(toldStore(), lookedAt);
    expect(within(all.length)).toEqual(all);
    expect(within(all.length - 1)).not.toEqual(all);
  });

  test('folds what is ready first, and keeps what is not', () => {
    const folded = within(22).join('\n');
    expect(folded).toContain('stalled      network/nat-a');
    expect(folded).toContain('├─ loadBalancer  True AllResourcesMatch  1 of 1 ready\n└─ database');
    expect(folded).not.toContain('network/vpc');
  });

  test('then counts what it does not show', () => {
    expect(within(20).join('\n')).toContain('│  └─ and 1 more that is not shown');
    expect(within(17).join('\n')).toContain('│  └─ and 2 more that are not shown');
  });

  test('is never larger than the screen', () => {
    for (let rows = 1; rows < 30; rows++) expect(within(rows).length).toBeLessThanOrEqual(rows);
    expect(Math.max(...within(40, 30).map((line) => line.length))).toBe(30);
    expect(within(40, 30)[0]).toBe('EcomStore shops/acme  https:/…');
  });
});

describe('the view of a store', () => {
  test('is ready only when the status says so of this generation', () => {
    const conditions = [
      { ...{ type: 'Ready', status: 'True' as const }, reason: 'A', message: '', lastTransitionTime: '' },
    ];
    const ready = (observedGeneration: number) => viewOf(toldStore({ observedGeneration, conditions }), lookedAt).ready;
    expect([ready(3), ready(2), viewOf(toldStore(), lookedAt).ready]).toEqual([true, false, false]);
  });

  test.each([
    ['True', 59, true, undefined],
    ['True', 24 * 60, false, 'no operator has told anything for 24h'],
    // Of a store that is not ready the operator need not write at all while nothing changes.
    ['False', 24 * 60, false, undefined],
  ] as const)('whose Ready is %s, and of which AWS was read %i minutes ago', (status, minutes, ready, silence) => {
    const conditions = [{ type: 'Ready', status, reason: 'A', message: '', lastTransitionTime: '' }];
    const later = lookedAt - 40_000 + minutes * 60_000;
    const store = toldStore({ ...toldStatus, conditions });
    expect(viewAsData(store, later)).toMatchObject({ ready, silence });
    const lines = treeOf(store, later).filter((line) => line.toLowerCase().startsWith('no operator'));
    expect(lines).toEqual(silence === undefined ? [] : ['No operator has told anything for 24h: is one running?']);
  });

  test('is plain data for machines, with ages', () => {
    const data = JSON.parse(JSON.stringify(viewAsData(toldStore(), lookedAt))) as {
      sections: { name: string; condition?: object; resources: object[] }[];
    };
    expect(data).toMatchObject({
      ...{ store: 'shops/acme', uid: 'uid-1', region: 'eu-central-1', account: '111122223333', ready: false },
      ...{ generation: 3, observedGeneration: 3, lastDrift: { healed: true }, retained: [{ node: 'identity/pool' }] },
    });
    expect(data.sections.map(({ name, resources }) => [name, resources.length])).toEqual([
      ['network', 3],
      ['loadBalancer', 1],
      ['database', 1],
    ]);
    expect(data.sections[0]).toMatchObject({
      condition: { type: 'NetworkReady' },
      resources: [{ readSecondsAgo: 40 }, { standing: 'stalled' }, { readSecondsAgo: 300 }],
    });
  });
});
