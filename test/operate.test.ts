import { beforeEach, describe, expect, test } from 'vitest';
import { Inventory } from '../operator/engine/inventory.ts';
import { defaultSettings } from '../operator/engine/settings.ts';
import { failedAnswer } from '../operator/kube/errors.ts';
import type { Notice } from '../operator/kube/events.ts';
import type { OpenStore } from '../operator/kube/open-store.ts';
import { finalizer, storePath, type StoreObject } from '../operator/kube/store-object.ts';
import { Stores } from '../operator/kube/stores.ts';
import { operate } from '../operator/operate.ts';
import { registry } from '../operator/resources/index.ts';
import { withDefaults, type StoreCondition } from '../operator/store/spec.ts';
import { furnish } from '../simulator/account.ts';
import { createSimulatedAws, type SimulatedAws } from '../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { KubeInMemory } from './support/kube-in-memory.ts';
import { logBook } from './support/log-book.ts';
import { SimulatedCloud } from './support/simulated-cloud.ts';

const boundary = 'arn:aws:iam::111122223333:policy/ecom-boundary';
let kube: KubeInMemory;
let aws: SimulatedAws;
let cloud: SimulatedCloud;
let notices: Notice[];
/** The regions that AWS was asked in. */
let asked: Set<string>;
let log: ReturnType<typeof logBook>;
let pass: () => Promise<string>;
/** The store leaves the cluster. */
let leave: () => void;
let isWatched: () => Promise<boolean>;
/** When the last pass wished for the next, in milliseconds. */
let again: number | undefined;

const written = {
  region: 'eu-central-1',
  domain: { host: 'shop.example.com', zone: 'example.com' },
  compute: { image: { ssmParameter: '/ecom/images/storefront' } },
} as const;

/** A store in the cluster, and a pass over it with the real engine on simulated AWS. */
function begin(policy: object, metadata: object = {}, compute: object = {}, status: object = {}): void {
  put(withDefaults({ ...written, compute: { ...written.compute, ...compute }, policy }), metadata, status);
}

function put(spec: object, metadata: object = {}, status: object = {}): void {
  kube.put(storePath({ namespace: 'shops', name: 'acme' }), {
    metadata: { namespace: 'shops', name: 'acme', uid: 'u1', generation: 1, finalizers: [finalizer], ...metadata },
    spec,
    status: { observedGeneration: -1, ...status },
  });
}

beforeEach(() => {
  kube = new KubeInMemory();
  notices = [];
  asked = new Set();
  const clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  furnish(aws.world);
  cloud = new SimulatedCloud(aws);
  const reached = { account: cloud.account, at: (region: string) => (asked.add(region), cloud.at(region)) };
  const shared = { cloud: reached, clock, registry, settings: defaultSettings, installation: 'default' };
  const inventory = new Inventory({ ...shared, wake: () => undefined });
  log = logBook();
  const operation = operate({ ...shared, inventory, log, boundary });
  leave = () => operation.forget('u1');
  isWatched = async () => {
    await inventory.readDue();
    return inventory.unread('u1').length < registry.resources.length;
  };
  pass = async () => {
    const cached = kube.store('acme') as StoreObject;
    const one = { get: () => cached, all: () => [cached] };
    const store = new Stores(kube, [one]).open('shops/acme') as OpenStore;
    await inventory.readDue();
    const context = { signal: new AbortController().signal, priority: 'change', leads: () => true } as const;
    const outcome = await operation.pass(store, { ...context, notice: (notice) => void notices.push(notice) });
    again = outcome.again;
    clock.advance(10_000);
    return outcome.outcome;
  };
});

const condition = (type: string): StoreCondition | undefined =>
  (kube.store('acme')?.status?.['conditions'] as StoreCondition[]).find((one) => one.type === type);

test('what an older CRD does not fill in has the defaults of this version', async () => {
  put(written);
  expect(await pass()).toBe('waiting');
  expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'Progressing' });
});

test('that an older CRD does not keep all of status is told once', async () => {
  begin({});
  const warnings = () => log.entries.filter(({ level }) => level === 'warn');
  await pass();
  expect(warnings()).toEqual([]);
  kube.unknown.add('outputs').add('installation');
  kube.edit('acme', { status: { outputs: null, installation: null } });
  await pass();
  await pass();
  expect(warnings()).toMatchObject([
    { message: expect.stringContaining('older') as unknown, fields: { fields: ['status.installation'] } },
  ]);
});

test('a status too long for an older CRD is cut to what that takes, and whoever runs the operator is told once', async () => {
  const snapshot = { node: 'database/primary', type: 'rds/snapshot', why: 'it is a snapshot' };
  const retained = Array.from({ length: 110 }, (_, at) => ({ ...snapshot, id: `snapshot-${at}` }));
  begin({}, {}, {}, { retained });
  const listed = () => (kube.store('acme')?.status?.['retained'] as unknown[]).length;
  kube.before = ({ body }) => {
    const { status } = (body ?? {}) as { status?: { conditions?: unknown; retained?: unknown[] } };
    if (status?.conditions !== undefined && (status.retained?.length ?? listed()) > 100)
      throw failedAnswer('PATCH', 422, { message: 'status.retained: Too many' }, { now: 0 });
  };
  await pass();
  expect(condition('Ready')?.message).toContain('and 10 more than the 100 that status.retained lists');
  await pass();
  expect(listed()).toBe(100);
  expect(log.entries.filter(({ level }) => level === 'warn')).toMatchObject([
    { message: expect.stringContaining('refuses the status of a store for its length') as unknown },
  ]);
});

describe('a store that was built elsewhere', () => {
  const later = { deletionTimestamp: '2026-01-01T00:00:00Z' };

  test.each([
    ['account', '999988887777', {}],
    ['account', '999988887777', later],
    ['installation', 'theirs', {}],
    ['installation', 'theirs', later],
  ])('in %s %s is neither built again nor called gone, until people say so', async (what, was, metadata) => {
    begin({}, metadata, {}, { [what]: was });
    expect(await pass()).toBe('stalled');
    expect(cloud.writes()).toEqual([]);
    expect(kube.store('acme')?.metadata.finalizers).toEqual([finalizer]);
    expect(kube.store('acme')?.status).toMatchObject({ [what]: was });
    const message = expect.stringContaining(`was built in ${what} ${was}`) as string;
    expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'BuiltElsewhere', message });
    expect(notices).toContainEqual(expect.objectContaining({ type: 'Warning', message }));
    begin({}, metadata, {}, {});
    for (let turn = 0; turn < 3; turn++) await pass();
    expect(kube.store('acme')?.status?.[what] ?? 'gone').not.toBe(was);
  });

  test('remembers where, once it is built', async () => {
    begin({});
    await pass();
    expect(kube.store('acme')?.status).toMatchObject({ account: cloud.account, installation: 'default' });
  });
});

describe('a store of a CRD that is newer than the operator', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';

  test.each([
    ['a field', { cdn: { waf: { acl: 'a' } } }, 'spec.cdn.waf'],
    ['a section', { cache: { engine: 'valkey' }, waf: {} }, 'spec.waf'],
    ['a value', { compute: { volume: { type: 'gp4' } } }, 'spec.compute.volume.type'],
    ['a way to delete', { policy: { deletion: 'Archive' } }, 'spec.policy.deletion'],
  ])('that has %s it does not know is left as it is, and says where', async (_, spec, path) => {
    begin({});
    for (let turn = 0; turn < 5; turn++) await pass();
    const before = cloud.writes().length;
    expect(before).toBeGreaterThan(0);
    kube.edit('acme', { spec, metadata: { generation: 2 } });
    for (let turn = 0; turn < 5; turn++) expect(await pass()).toBe('stalled');
    expect(cloud.writes().length).toBe(before);
    const message = expect.stringMatching(new RegExp(`older than the CRD.* ${path}[, ].*apply the CRD`)) as string;
    expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'OlderThanCrd', message });
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'OlderThanCrd', observedGeneration: 2 });
  });

  test('goes on once the field is gone, be it under the same generation', async () => {
    begin({});
    kube.edit('acme', { spec: { cdn: { waf: 'a' } } });
    expect(await pass()).toBe('stalled');
    begin({});
    expect(await pass()).not.toBe('stalled');
    expect(condition('Stalled')).toMatchObject({ status: 'False' });
  });

  test('can be deleted, unless that is what it does not know', async () => {
    begin({}, { deletionTimestamp });
    kube.edit('acme', { spec: { policy: { keep: ['database'] } } });
    expect(await pass()).toBe('stalled');
    begin({}, { deletionTimestamp });
    kube.edit('acme', { spec: { cdn: { waf: 'a' } } });
    let outcome = '';
    for (let turn = 0; turn < 20 && outcome !== 'deleted'; turn++) outcome = await pass();
    expect(outcome).toBe('deleted');
  });
});

describe('a store in a region that AWS does not have', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  const there = (): void => kube.edit('acme', { spec: { region: 'eu-central-9' } });

  test('is refused before its finalizer and before AWS is asked', async () => {
    begin({}, { finalizers: [] });
    there();
    expect(await pass()).toBe('stalled');
    expect(kube.store('acme')?.metadata.finalizers).toEqual([]);
    expect([cloud.sent, [...asked]]).toEqual([[], []]);
    const message = expect.stringMatching(/no region eu-central-9.*\(spec\.region\).*eu-central-1/) as string;
    expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'InvalidSpec', message });
  });

  test.each([
    ['nothing', []],
    ['what has no region', [{ node: 'compute/role', type: 'iam/role', id: 'r', standing: 'ready' }]],
  ])('of which there is %s can be deleted, and nothing is asked there', async (_, resources) => {
    begin({}, { deletionTimestamp }, {}, { resources });
    there();
    let outcome = '';
    for (let turn = 0; turn < 20 && outcome !== 'deleted'; turn++) outcome = await pass();
    expect(outcome).toBe('deleted');
    expect(asked).not.toContain('eu-central-9');
  });

  test('as far as this version knows, is looked after where a later one has built it', async () => {
    const resources = [{ node: 'network/vpc', type: 'ec2/vpc', id: 'vpc-1', standing: 'ready' }];
    begin({}, {}, {}, { resources });
    there();
    for (let turn = 0; turn < 2; turn++) await pass();
    expect(asked).toContain('eu-central-9');
    expect(condition('Stalled')?.reason).not.toBe('InvalidSpec');
  });
});

describe('a store that is to be deleted while its mode lets nothing be written', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';

  test.each(['Paused', 'Observe'])(
    'in mode %s keeps its finalizer, and says what the deletion waits for',
    async (mode) => {
      begin({ mode }, { deletionTimestamp });
      await pass();
      expect(kube.store('acme')?.metadata.finalizers).toEqual([finalizer]);
      const message = expect.stringContaining(`policy.mode is ${mode} - set it to Enforce`) as string;
      expect(condition('Ready')).toMatchObject({ message });
      expect(notices).toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'DeletionWaiting', message }));
      expect(cloud.writes()).toEqual([]);
    },
  );

  test('says no such thing in mode Enforce', async () => {
    begin({}, { deletionTimestamp });
    await pass();
    await pass();
    expect(notices.map(({ message }) => message).join()).not.toContain('policy.mode');
  });
});

describe('a store whose finalizer somebody has taken away', () => {
  const resources = [{ node: 'compute/role', type: 'iam/role', id: 'r', standing: 'ready' }];

  test.each(['Enforce', 'Observe', 'Paused'])('in mode %s is held again, as it was built', async (mode) => {
    begin({ mode }, { finalizers: [] }, {}, { resources });
    await pass();
    expect(kube.store('acme')?.metadata.finalizers).toEqual([finalizer]);
  });

  test.each(['Observe', 'Paused'])('in mode %s is not held when nothing was built', async (mode) => {
    begin({ mode }, { finalizers: [] });
    await pass();
    expect(kube.store('acme')?.metadata.finalizers).toEqual([]);
  });
});

test('a spec that cannot be composed is told in an event too', async () => {
  // No API server with our CRD lets it in.
  begin({}, {}, { scaling: undefined });
  expect(await pass()).toBe('stalled');
  expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'UnknownError' });
  const message = expect.any(String) as string;
  expect(notices).toEqual([{ type: 'Warning', reason: 'Stalled', message }]);
});

test('what a person has to look at is logged as a warning, all else that happens for people to know', async () => {
  aws.world.faults.add({ service: 'ec2', operation: 'CreateVpc', error: 'deny' });
  begin({});
  for (let i = 0; i < 12; i++) await pass();
  const levels = log.entries.flatMap(({ level, fields }) => {
    const { happening } = fields as { happening?: string };
    return happening ? [`${happening} ${level}`] : [];
  });
  expect([...new Set(levels)].sort()).toEqual(['Created info', 'Stalled warn', 'Updated info']);
});

test('a store that wants another permissions boundary than the installation is told so', async () => {
  begin({ permissionsBoundaryArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  for (let turn = 0; turn < 3; turn++) await pass();
  const message = expect.stringMatching(
    `${boundary} \\(spec.policy.permissionsBoundaryArn\\) - leave it out`,
  ) as string;
  expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'Rejected', message });
});

describe('a reading of everything that people ask for', () => {
  const ask = (value: string): void =>
    kube.edit('acme', { metadata: { annotations: { 'ecom.io/reconcile-at': value } } });
  const listed = (): number => cloud.sent.filter(({ operation }) => operation === 'DescribeVpcs').length;
  /** How often all was listed in ten passes, which take a hundred seconds. */
  const inTenPasses = async (askFor: (turn: number) => void): Promise<number> => {
    const before = listed();
    for (let turn = 0; turn < 10; turn++) {
      askFor(turn);
      await pass();
    }
    return listed() - before;
  };

  test('comes once a minute however often they ask, and the last value is not lost', async () => {
    begin({ mode: 'Observe' });
    for (let turn = 0; turn < 3; turn++) await pass();
    expect(await inTenPasses((turn) => ask(`value ${turn}`))).toBeLessThanOrEqual(3);
    expect(again).toBeLessThanOrEqual(60_000);
    for (let turn = 0; turn < 8; turn++) await pass();
    expect(kube.store('acme')?.status).toMatchObject({ acknowledgedReconcile: 'value 9' });
  });

  test('comes at once when nobody has asked for a minute', async () => {
    begin({ mode: 'Observe' });
    for (let turn = 0; turn < 8; turn++) await pass();
    ask('now');
    for (let turn = 0; turn < 2; turn++) await pass();
    expect(kube.store('acme')?.status).toMatchObject({ acknowledgedReconcile: 'now' });
  });
});

describe('a store that has left the cluster', () => {
  const ask = (value: string): void =>
    kube.edit('acme', { metadata: { annotations: { 'ecom.io/reconcile-at': value } } });

  test('is forgotten, whatever became of its finalizer', async () => {
    begin({ mode: 'Observe' });
    ask('one');
    for (let turn = 0; turn < 2; turn++) await pass();
    leave();
    await pass();
    ask('two');
    for (let turn = 0; turn < 2; turn++) await pass();
    expect(kube.store('acme')?.status).toMatchObject({ acknowledgedReconcile: 'two' });
  });

  test('in the middle of a pass is forgotten as well', async () => {
    begin({}, { finalizers: [] });
    const answer = kube.request.bind(kube);
    let left = false;
    // The first thing written is the finalizer: AWS is looked at after that.
    kube.request = (call) => {
      if (!left) leave();
      left = true;
      return answer(call);
    };
    await pass();
    expect([left, await isWatched()]).toEqual([true, false]);
  });
});

test('that a permission to replace was used is known while it stands in the store, and costs no call', async () => {
  const used = { node: 'replaced/database/primary', incarnation: 'db-1', at: '2026-01-01T00:00:00.000Z' };
  begin({ mode: 'Observe', replace: ['database/primary'] }, {}, {}, { journal: [used] });
  for (let turn = 0; turn < 3; turn++) await pass();
  expect(kube.store('acme')?.status?.journal).toEqual([used]);
  expect(kube.calls.filter(({ method }) => method === 'GET')).toEqual([]);
  kube.edit('acme', { spec: { policy: { replace: [] } }, metadata: { generation: 2 } });
  await pass();
  expect(kube.store('acme')?.status?.journal).toBeUndefined();
});

test('in mode Paused nothing is asked of AWS', async () => {
  begin({ mode: 'Paused' });
  cloud.sent.length = 0;
  await pass();
  expect(condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Paused' });
  expect(cloud.sent).toEqual([]);
});
