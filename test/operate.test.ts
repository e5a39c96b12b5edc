import { beforeEach, describe, expect, test } from 'vitest';
import { Inventory } from '../operator/engine/inventory.ts';
import { defaultSettings } from '../operator/engine/settings.ts';
import type { Notice } from '../operator/kube/events.ts';
import type { OpenStore } from '../operator/kube/open-store.ts';
import { finalizer, storePath, type StoreObject } from '../operator/kube/store-object.ts';
import { Stores } from '../operator/kube/stores.ts';
import { operate } from '../operator/operate.ts';
import { registry } from '../operator/resources/index.ts';
import { withDefaults, type StoreCondition } from '../operator/store/spec.ts';
import { furnish } from '../simulator/account.ts';
import { createSimulatedAws } from '../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { KubeInMemory } from './support/kube-in-memory.ts';
import { SimulatedCloud } from './support/simulated-cloud.ts';

const boundary = 'arn:aws:iam::111122223333:policy/ecom-boundary';
let kube: KubeInMemory;
let cloud: SimulatedCloud;
let notices: Notice[];
let pass: () => Promise<string>;

/** A store in the cluster, and a pass over it with the real engine on simulated AWS. */
function begin(policy: object, metadata: object = {}, compute: object = {}, status: object = {}): void {
  const spec = withDefaults({
    region: 'eu-central-1',
    domain: { host: 'shop.example.com', zone: 'example.com' },
    compute: { image: { ssmParameter: '/ecom/images/storefront' }, ...compute },
    policy,
  });
  kube.put(storePath({ namespace: 'shops', name: 'acme' }), {
    metadata: { namespace: 'shops', name: 'acme', uid: 'u1', generation: 1, finalizers: [finalizer], ...metadata },
    spec,
    status: { observedGeneration: -1, ...status },
  });
}

beforeEach(() => {
  kube = new KubeInMemory();
  notices = [];
  const clock = new VirtualClock();
  const aws = createSimulatedAws({ clock });
  furnish(aws.world);
  cloud = new SimulatedCloud(aws);
  const shared = { cloud, clock, registry, settings: defaultSettings, installation: 'default' };
  const inventory = new Inventory({ ...shared, wake: () => undefined });
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const look = operate({ ...shared, inventory, log, boundary });
  pass = async () => {
    const cached = kube.store('acme') as StoreObject;
    const one = { get: () => cached, all: () => [cached] };
    const store = new Stores(kube, [one]).open('shops/acme') as OpenStore;
    await inventory.readDue();
    const context = { signal: new AbortController().signal, priority: 'change', leads: () => true } as const;
    const { outcome } = await look(store, { ...context, notice: (notice) => void notices.push(notice) });
    clock.advance(10_000);
    return outcome;
  };
});

const condition = (type: string): StoreCondition | undefined =>
  (kube.store('acme')?.status?.['conditions'] as StoreCondition[]).find((one) => one.type === type);

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

test('a spec that cannot be composed is told in an event too', async () => {
  // No API server with our CRD lets it in.
  begin({}, {}, { scaling: undefined });
  expect(await pass()).toBe('stalled');
  expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'UnknownError' });
  const message = expect.any(String) as string;
  expect(notices).toEqual([{ type: 'Warning', reason: 'Stalled', message }]);
});

test('a store that wants another permissions boundary than the installation is told so, and nothing is made', async () => {
  begin({ permissionsBoundaryArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  expect(await pass()).toBe('stalled');
  const message = expect.stringMatching(
    `${boundary} \\(spec.policy.permissionsBoundaryArn\\) - leave it out`,
  ) as string;
  expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'InvalidSpec', message });
  expect(cloud.writes()).toEqual([]);
});

test('in mode Paused nothing is asked of AWS', async () => {
  begin({ mode: 'Paused' });
  cloud.sent.length = 0;
  await pass();
  expect(condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Paused' });
  expect(cloud.sent).toEqual([]);
});
