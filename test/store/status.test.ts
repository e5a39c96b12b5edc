import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { storePath, storesPath, type StoreObject } from '../../operator/kube/store-object.ts';
import type { NodeReport, Verdict } from '../../operator/model/verdict.ts';
import { bounds } from '../../operator/store/bounds.ts';
import { compose } from '../../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { statusOf, type Status } from '../../operator/store/status.ts';
import { Api } from '../../simulator/kube/api.ts';
import { localKubeClient } from '../support/local-kube-client.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const at = Date.UTC(2026, 0, 1);
const node = (id: string, standing: NodeReport['standing'], more: Partial<NodeReport> = {}): NodeReport => ({
  ...{
    node: id as NodeReport['node'],
    type: 'ec2/vpc',
    id: `id-of-${id}`,
    standing,
    reason: 'Reason',
    message: 'words',
  },
  ...more,
});
const verdict = (nodes: NodeReport[], more: Partial<Verdict> = {}): Verdict => ({
  ...{
    nodes,
    leaving: [],
    happenings: [],
    known: true,
    gone: false,
    retained: [],
    outputs: new Map(),
    intents: [],
    wakeAt: 0,
  },
  ...more,
});
const graph = (nodes: NodeReport[]) =>
  ({ nodes: new Map(nodes.map((one) => [one.node, { type: { fields: {} } }])) }) as never;
const say = (given: Verdict, more: Partial<Parameters<typeof statusOf>[0]> = {}): Status =>
  statusOf({
    ...{
      previous: {},
      generation: 3,
      account: '111122223333',
      installation: 'default',
      host: 'shop.example.com',
      graph: graph([...given.nodes]),
    },
    ...{ verdict: given, deleting: false, acknowledged: undefined, now: at },
    ...more,
  });
const condition = (status: Status, type: string) => status.conditions?.find((one) => one.type === type);

describe('status', () => {
  test('is Ready only when AWS was read in full and every resource matches', () => {
    const nodes = [node('network/vpc', 'ready'), node('compute/group', 'ready')];
    expect(condition(say(verdict(nodes)), 'Ready')).toMatchObject({ status: 'True', observedGeneration: 3 });
    expect(condition(say(verdict(nodes, { known: false })), 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'Reading',
    });
    const leaving = [node('network/old', 'deleting')];
    expect(condition(say(verdict(nodes, { leaving })), 'Ready')).toMatchObject({ status: 'False' });
  });

  test('tells progress from doom: Reconciling and Stalled', () => {
    const moving = say(verdict([node('network/vpc', 'progressing')]));
    expect([condition(moving, 'Reconciling')?.status, condition(moving, 'Stalled')?.status]).toEqual(['True', 'False']);
    const doomed = say(verdict([node('network/vpc', 'stalled', { reason: 'AccessDenied' })]));
    expect([condition(doomed, 'Reconciling')?.status, condition(doomed, 'Stalled')?.reason]).toEqual([
      'False',
      'AccessDenied',
    ]);
  });

  test('names cause, field and next step of a stall', () => {
    const stalled = node('compute/image', 'stalled', {
      message: 'no such image',
      field: 'spec.compute.image',
      remedy: 'name another',
    });
    expect(condition(say(verdict([stalled])), 'Stalled')?.message).toBe(
      'compute/image: no such image (spec.compute.image) - name another',
    );
  });

  test('has a condition for every section', () => {
    const status = say(verdict([node('network/vpc', 'ready'), node('loadBalancer/https', 'progressing')]));
    expect([condition(status, 'NetworkReady')?.status, condition(status, 'LoadBalancerReady')?.status]).toEqual([
      'True',
      'False',
    ]);
  });

  test('says of a deletion that nothing is left only when AWS was read in full, and what keeps it from being read', () => {
    const told = (given: Verdict) =>
      ['Ready', 'Reconciling', 'Stalled'].map((type) => condition(say(given, { deleting: true }), type));
    const left = [{ message: 'nothing is left in AWS' }, { message: 'nothing is left in AWS' }, { status: 'False' }];
    expect(told(verdict([]))).toMatchObject(left);
    const message = 'AWS has not been read in full yet';
    expect(told(verdict([], { known: false }))).toMatchObject([{ message }, { message }, { status: 'False' }]);
    const obstacle = { message: 'ec2:DescribeVpcs failed', remedy: 'enable the region', isStall: false };
    const why = { message: `${message}: ec2:DescribeVpcs failed - enable the region` };
    expect(told(verdict([], { known: false, obstacle }))).toMatchObject([why, why, { status: 'False' }]);
    const stall = { ...why, status: 'True', reason: 'CannotRead' };
    const lasting = verdict([], { known: false, obstacle: { ...obstacle, isStall: true } });
    expect(told(lasting)).toMatchObject([why, why, stall]);
    const leaving = [node('network/vpc', 'deleting')];
    const both = { message: `${why.message}; network/vpc: words` };
    expect(told({ ...lasting, leaving })).toMatchObject([both, both, stall]);
  });

  test('says what keeps a list from being read in which nothing of what is wanted would be', () => {
    const nodes = [node('network/vpc', 'ready')];
    const obstacle = { message: 'elasticache:DescribeUsers failed', isStall: true };
    const told = say(verdict(nodes, { known: false, obstacle }));
    expect(condition(told, 'Ready')).toMatchObject({ status: 'Unknown' });
    const message = expect.stringContaining(obstacle.message) as string;
    expect(condition(told, 'Stalled')).toMatchObject({ status: 'True', reason: 'CannotRead', message });
  });

  test('keeps the time of a condition that stays as it is', () => {
    const before = say(verdict([node('network/vpc', 'ready')]));
    const after = say(verdict([node('network/vpc', 'ready')]), { previous: before, now: at + 60_000 });
    expect(after.conditions).toEqual(before.conditions);
    const changed = say(verdict([node('network/vpc', 'progressing')]), { previous: before, now: at + 60_000 });
    expect(condition(changed, 'Ready')?.lastTransitionTime).toBe('2026-01-01T00:01:00.000Z');
  });

  test('says of every condition which generation it was judged for, also of one that stays as it is', () => {
    const nodes = [node('network/vpc', 'ready')];
    const before = say(verdict(nodes), { generation: 2 });
    const after = say(verdict(nodes), { previous: before });
    expect(after.conditions?.map(({ observedGeneration }) => observedGeneration)).toEqual(
      after.conditions?.map(() => 3),
    );
  });

  test('lists every resource with when AWS was last read of it', () => {
    const { resources } = say(verdict([node('network/vpc', 'ready', { readAt: at })]));
    expect(resources).toEqual([
      {
        node: 'network/vpc',
        type: 'ec2/vpc',
        id: 'id-of-network/vpc',
        standing: 'ready',
        readAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  test('does not forget what is on its way out while AWS cannot be read', () => {
    const nodes = [node('network/vpc', 'ready')];
    const leaving = [node('loadBalancer/old', 'deleting')];
    const before = say(verdict(nodes, { leaving }));
    const blind = say(verdict(nodes, { known: false }), { previous: before });
    expect(blind.resources).toEqual(before.resources);
    const again = say(verdict(nodes, { known: false, leaving }), { previous: blind });
    expect(again.resources).toEqual(before.resources);
    expect(say(verdict(nodes), { previous: again }).resources).toHaveLength(1);
  });

  test('forgets the last id of what it wants for the one that it has now', () => {
    const before = say(verdict([node('network/vpc', 'ready', { id: 'vpc-1' })]));
    const now = say(verdict([node('network/vpc', 'ready', { id: 'vpc-2' })], { known: false }), { previous: before });
    expect(now.resources?.map(({ id }) => id)).toEqual(['vpc-2']);
  });

  test('tells what people want to know of what is ready: it stays Ready', () => {
    const waits = { reason: 'AwaitingConfirmation', message: 'ada@example.com has been asked', noticed: true } as const;
    const status = say(verdict([node('notifications/subscription-orders', 'ready', waits)]));
    expect(condition(status, 'Ready')).toMatchObject({
      status: 'True',
      message: expect.stringContaining('subscription-orders: ada@example.com has been asked') as string,
    });
    expect(status.resources).toMatchObject([{ standing: 'ready', reason: 'AwaitingConfirmation' }]);
  });

  test('remembers the last drift', () => {
    const happenings = [{ kind: 'DriftHealed', node: 'network/vpc', message: '' }] as const;
    const drifted = say(verdict([node('network/vpc', 'progressing', { fields: ['dnsHostnames'] })], { happenings }));
    expect(drifted.lastDrift).toMatchObject({ node: 'network/vpc', fields: ['dnsHostnames'], healed: true });
    expect(say(verdict([node('network/vpc', 'ready')]), { previous: drifted }).lastDrift).toEqual(drifted.lastDrift);
  });

  test('stays within the bounds of the CRD, however long the words of AWS', () => {
    const status = say(verdict([node('network/vpc', 'stalled', { message: 'x'.repeat(50_000) })]));
    expect(status.resources?.[0]?.message?.length).toBeLessThanOrEqual(4096);
    expect(condition(status, 'Stalled')?.message.length).toBeLessThanOrEqual(32768);
  });

  describe('of more than its lists hold', () => {
    const subscription = { type: 'sns/subscription' };
    const leaving = Array.from({ length: 2100 }, (_, at) =>
      node(`notifications/subscription-${at}`, 'deleting', subscription),
    );
    const wanted = [
      node('monitoring/alarm-errors', 'ready', { type: 'cloudwatch/alarm' }),
      node('network/vpc', 'waiting'),
    ];
    const lasting = node('database/primary', 'deleting', { type: 'rds/instance' });
    const serving = node('loadBalancer/old', 'deleting', { type: 'elbv2/load-balancer' });
    const kept = (id: string, type: string) => ({ node: 'database/primary' as const, id, type, why: 'w'.repeat(200) });
    const topics = Array.from({ length: 1100 }, (_, at) => kept(`topic-${at}`, 'sns/subscription'));
    const retained = [...topics, kept('the-database', 'rds/instance'), kept('the-snapshot', 'rds/snapshot')];
    const all = verdict(wanted, { leaving: [...leaving, serving, lasting], retained });

    test('keeps what the next pass goes by, in the order it had, says how much it leaves out, and is accepted', async () => {
      const status = say(all);
      const told = status.resources?.map((one) => one.node) ?? [];
      const by = ['monitoring/alarm-errors', 'network/vpc', 'loadBalancer/old', 'database/primary'];
      expect(told.filter((one) => !one.startsWith('notifications/'))).toEqual(by);
      expect(told.slice(2, 4)).toEqual(['notifications/subscription-0', 'notifications/subscription-1']);
      expect(told).toHaveLength(2000);
      expect(status.retained).toHaveLength(1000);
      expect(status.retained?.slice(-2).map(({ id }) => id)).toEqual(['the-database', 'the-snapshot']);
      expect(condition(status, 'Ready')?.message).toMatch(
        /; and 104 more than the 2000 that status.resources lists; and 102 more than the 1000 that status.retained lists$/,
      );
      expect((await posted(status)).status).toMatchObject({ observedGeneration: 3, resources: status.resources });
      expect(say(all)).toEqual(status);
    });

    test('is no larger than etcd takes', async () => {
      const wordy = leaving.map((one) => ({ ...one, message: '€'.repeat(600) }));
      const status = say(verdict(wanted, { leaving: wordy, retained }));
      expect(JSON.stringify(status).length).toBeLessThan(1_000_000);
      expect(status.resources?.slice(0, 2).map((one) => one.node)).toEqual(wanted.map((one) => one.node));
      const listed = status.resources?.length ?? 0;
      expect(condition(status, 'Ready')?.message).toContain(`and ${2102 - listed} more than the ${listed} that`);
      await posted(status);
    });

    test('leaves out nothing while there is room', () => {
      const status = say(verdict(wanted, { leaving: leaving.slice(0, 609), retained: topics.slice(0, 110) }));
      expect([status.resources?.length, status.retained?.length]).toEqual([611, 110]);
      expect(condition(status, 'Ready')?.message).not.toContain('status.');
    });
  });

  test('of a store at all bounds of its spec lists every resource', () => {
    const raw = parse(readFileSync('examples/everything.yaml', 'utf8')) as { spec: EcomStoreManifestSpec };
    const twenty = Array.from({ length: 20 }, (_, at) => at);
    const subscriptions = twenty.map((at) => ({ protocol: 'email', endpoint: `a${at}@example.com` }) as const);
    const code = { s3: { bucket: 'example-code', key: 'on-order.zip' }, handler: 'h', runtime: 'nodejs24.x' };
    const topic = { subscriptions, function: code } as const;
    const spec = withDefaults({
      ...raw.spec,
      domain: { ...raw.spec.domain, aliases: twenty.map((at) => `a${at}.example.com`) },
      database: { ...raw.spec.database, readReplicas: 5 },
      notifications: { topics: Object.fromEntries(twenty.slice(0, 10).map((at) => [`topic-${at}`, topic])) },
      monitoring: { notify: { emails: twenty.slice(0, 10).map((at) => `m${at}@example.com`) } },
    } as EcomStoreManifestSpec);
    const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'u1' };
    const { nodes } = compose({ owner, account: '111122223333', spec });
    expect(nodes.size).toBeGreaterThan(450);
    // All of them once more, on their way out, as when every address changes.
    expect(nodes.size * 3).toBeLessThan(bounds.resources);
  });
});

/** What the simulated API server has once it was given the status of a store. */
async function posted(status: Status): Promise<StoreObject> {
  const timers = new VirtualTimers();
  const crds = [parse(readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8')) as unknown];
  const after = (millis: number, action: () => void) => timers.after(millis, action);
  const api = new Api({ clock: timers, seed: 1, crds, users: {}, after, comeAndGo: () => Promise.resolve() });
  const client = localKubeClient({ api, timers });
  const manifest = parse(readFileSync('examples/minimal.yaml', 'utf8')) as { metadata: { name: string } };
  const named = { namespace: 'default', name: manifest.metadata.name };
  await client.request({
    method: 'POST',
    path: storesPath(named.namespace),
    body: { ...manifest, metadata: named },
  });
  return client.request({ method: 'PATCH', path: `${storePath(named)}/status`, body: { status } });
}
