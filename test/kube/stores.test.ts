import { beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../operator/model/faults.ts';
import type { Intent } from '../../operator/model/ports.ts';
import type { OpenStore } from '../../operator/kube/open-store.ts';
import { finalizer, storePath, type StoreObject } from '../../operator/kube/store-object.ts';
import { Stores } from '../../operator/kube/stores.ts';
import { KubeInMemory } from '../support/kube-in-memory.ts';

const intent: Intent = { node: 'network/vpc', incarnation: '1', at: 1_800_000_000_000 };
const recorded = { ...intent, at: '2027-01-15T08:00:00.000Z' };
const busy = expect.objectContaining({ kind: 'busy' }) as Fault;

let kube: KubeInMemory;
let cache: Map<string, StoreObject>;
let stores: Stores;

/** The watch catches up. */
const watchTells = (): void => {
  const store = kube.store('acme');
  if (store) cache.set('shops/acme', store);
  else cache.delete('shops/acme');
};

beforeEach(() => {
  kube = new KubeInMemory();
  kube.put(storePath({ namespace: 'shops', name: 'acme' }), {
    metadata: { namespace: 'shops', name: 'acme', uid: 'u1', generation: 1 },
    spec: { region: 'eu-central-1' },
    status: { observedGeneration: -1 },
  });
  cache = new Map();
  const one = { get: (key: string) => cache.get(key), all: () => [...cache.values()] };
  stores = new Stores(kube, [one]);
  watchTells();
});

const open = (): OpenStore => stores.open('shops/acme') as OpenStore;

test.each<[string, (store: OpenStore) => Promise<unknown>]>([
  ['a status', (store) => store.writeStatus({ observedGeneration: 1 })],
  ['a journal', (store) => store.journal.write([intent])],
  ['the finalizer', (store) => store.addFinalizer()],
  ['a reading', (store) => store.live()],
])('when the process leads no more, %s that an API server does not answer is waited for no longer', async (_, ask) => {
  const term = new AbortController();
  const store = stores.open('shops/acme', term.signal) as OpenStore;
  kube.silent = true;
  const asked = ask(store);
  term.abort();
  await expect(asked).rejects.toMatchObject({ kind: 'transient', failure: 'aborted' });
});

describe('a status', () => {
  test('is written as the difference, under uid and resourceVersion, to the status subresource', async () => {
    const store = open();
    expect(await store.writeStatus({ observedGeneration: 1, url: 'https://shop.example.com' })).toBe(true);
    expect(kube.writes).toEqual([
      {
        method: 'PATCH',
        path: '/apis/ecom.io/v1alpha1/namespaces/shops/ecomstores/acme/status',
        body: {
          metadata: { uid: 'u1', resourceVersion: '101' },
          status: { observedGeneration: 1, url: 'https://shop.example.com' },
        },
      },
    ]);
    await store.writeStatus({ observedGeneration: 1 });
    expect(kube.store('acme')?.status).toEqual({ observedGeneration: 1 });
  });

  test('is not written when nothing changed, also in another order or with parts that are undefined', async () => {
    const store = open();
    await store.writeStatus({ observedGeneration: 1, endpoints: { url: 'x', zone: 'y' } });
    expect(
      await store.writeStatus({ endpoints: { zone: 'y', url: 'x', more: undefined }, observedGeneration: 1 }),
    ).toBe(false);
    expect(kube.writes).toHaveLength(1);
  });

  test('is not written for the times of reading alone, until those on record are ten minutes old', async () => {
    const at = (minute: number) => ({
      observedGeneration: 1,
      resources: [
        { id: 'vpc-1', readAt: new Date(minute * 60_000).toISOString() },
        { id: 'alb-1', readAt: new Date((minute - 9) * 60_000).toISOString() },
      ],
    });
    const store = open();
    await store.writeStatus(at(60));
    expect(await store.writeStatus(at(69))).toBe(false);
    expect(await store.writeStatus(at(70))).toBe(true);
    const changed = { ...at(71), observedGeneration: 2 };
    expect(await store.writeStatus(changed)).toBe(true);
    expect(kube.store('acme')?.status).toEqual(changed);
  });

  test('leaves the journal alone', async () => {
    const store = open();
    await store.journal.write([intent]);
    await store.writeStatus({ observedGeneration: 1 });
    expect(kube.store('acme')?.status).toEqual({ observedGeneration: 1, journal: [recorded] });
  });

  test('is still told when somebody changed the spec during the pass, and leaves that change alone', async () => {
    const store = open();
    kube.edit('acme', { spec: { region: 'eu-west-1' }, metadata: { generation: 2 } });
    expect(await store.writeStatus({ observedGeneration: 1 })).toBe(true);
    expect(kube.store('acme')).toMatchObject({ spec: { region: 'eu-west-1' }, status: { observedGeneration: 1 } });
  });

  test('yields to another who writes the status', async () => {
    const store = open();
    kube.edit('acme', { status: { observedGeneration: 7 } });
    await expect(store.writeStatus({ observedGeneration: 1 })).rejects.toEqual(busy);
    expect(kube.store('acme')?.status).toEqual({ observedGeneration: 7 });
  });

  test('of a store that was deleted and made anew is not written to the new one', async () => {
    const store = open();
    kube.edit('acme', { metadata: { uid: 'u2' } });
    await expect(store.writeStatus({ observedGeneration: 1 })).rejects.toEqual(busy);
    expect(kube.store('acme')?.status).toEqual({ observedGeneration: -1 });
  });
});

describe('the journal', () => {
  test('remembers intents beyond the pass', async () => {
    const store = open();
    await store.journal.write([intent]);
    expect(store.journal.intents).toEqual([intent]);
    watchTells();
    expect(open().journal.intents).toEqual([intent]);
    await open().journal.write([]);
    expect(kube.store('acme')?.status).toEqual({ observedGeneration: -1 });
  });

  test('refuses when anybody has written to the store since the pass read it', async () => {
    const store = open();
    kube.edit('acme', { metadata: { annotations: { note: 'hello' } } });
    await expect(store.journal.write([intent])).rejects.toEqual(busy);
    expect(kube.store('acme')?.status?.journal).toBeUndefined();
  });

  test('refuses so also when the intents are noted already', async () => {
    await open().journal.write([intent]);
    watchTells();
    const store = open();
    await store.journal.write([intent]);
    kube.edit('acme', { metadata: { annotations: { note: 'hello' } } });
    await expect(store.journal.write([intent])).rejects.toEqual(busy);
    expect(kube.writes).toHaveLength(1);
  });

  test('refuses also after a status has followed somebody else’s write', async () => {
    const store = open();
    kube.edit('acme', { spec: { region: 'eu-west-1' }, metadata: { generation: 2 } });
    await store.writeStatus({ observedGeneration: 1 });
    await expect(store.journal.write([intent])).rejects.toEqual(busy);
    await expect(store.addFinalizer()).rejects.toEqual(busy);
    await expect(store.confirm()).rejects.toEqual(busy);
  });

  test('takes writes of nodes side by side, one after the other', async () => {
    const store = open();
    const other: Intent = { ...intent, node: 'network/igw' };
    await Promise.all([store.journal.write([intent]), store.journal.write([intent, other]), store.addFinalizer()]);
    expect(kube.store('acme')).toMatchObject({
      status: { journal: [recorded, { ...recorded, node: 'network/igw' }] },
      metadata: { finalizers: [finalizer] },
    });
  });

  test('after a failed write the next one still gets its turn', async () => {
    const store = open();
    kube.failures.push(new Fault('transient', 'connection reset'));
    const [first, second] = await Promise.allSettled([store.journal.write([intent]), store.addFinalizer()]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  });
});

describe('the finalizer', () => {
  test('is added beside those of others, and only it is removed', async () => {
    kube.edit('acme', { metadata: { finalizers: ['argo/hook'] } });
    watchTells();
    const store = open();
    await store.addFinalizer();
    await store.addFinalizer();
    expect(kube.store('acme')?.metadata.finalizers).toEqual(['argo/hook', finalizer]);
    await store.removeFinalizer();
    expect(kube.store('acme')?.metadata.finalizers).toEqual(['argo/hook']);
    expect(kube.writes).toHaveLength(2);
  });

  test('is not removed from a store that changed meanwhile', async () => {
    await open().addFinalizer();
    watchTells();
    const store = open();
    kube.edit('acme', { metadata: { annotations: { keep: 'my data' } } });
    await expect(store.removeFinalizer()).rejects.toEqual(busy);
    expect(kube.store('acme')?.metadata.finalizers).toEqual([finalizer]);
  });

  test('of a store that is gone already is removed without an error', async () => {
    await open().addFinalizer();
    watchTells();
    const store = open();
    kube.objects.clear();
    await store.removeFinalizer();
  });

  test('and status never carry a spec', async () => {
    const store = open();
    await store.addFinalizer();
    await store.writeStatus({ observedGeneration: 1 });
    await store.journal.write([intent]);
    for (const { body } of kube.writes) expect(body).not.toHaveProperty('spec');
  });
});

describe('before anything is destroyed', () => {
  test('the live store must be the one the pass has seen', async () => {
    await open().confirm();
  });

  test.each([
    ['was deleted and made anew', { metadata: { uid: 'u2' } }],
    ['wants something else by now', { metadata: { generation: 2 } }],
    ['is being deleted by now', { metadata: { deletionTimestamp: '2026-11-24T13:00:00Z' } }],
  ])('a store that %s is not confirmed', async (_, edit) => {
    const store = open();
    kube.edit('acme', edit);
    await expect(store.confirm()).rejects.toEqual(busy);
  });

  test('a store that is gone is not confirmed', async () => {
    const store = open();
    kube.objects.clear();
    await expect(store.confirm()).rejects.toEqual(busy);
    expect(await store.live()).toBeUndefined();
  });

  test('a stale cache that shows a deletion long past is found out', async () => {
    cache.set('shops/acme', {
      ...(kube.store('acme') as StoreObject),
      metadata: {
        ...(kube.store('acme') as StoreObject).metadata,
        uid: 'u0',
        deletionTimestamp: '2026-01-01T00:00:00Z',
      },
    });
    await expect(open().confirm()).rejects.toEqual(busy);
  });
});

describe('the next pass', () => {
  test('sees our own writes before the watch tells them', async () => {
    const store = open();
    await store.addFinalizer();
    await store.writeStatus({ observedGeneration: 1 });
    expect(cache.get('shops/acme')?.metadata.finalizers).toBeUndefined();
    const next = open();
    expect(next.hasFinalizer).toBe(true);
    await next.journal.write([intent]);
    expect(open().journal.intents).toEqual([intent]);
  });

  test('does not go back to an older spec, whatever the watch tells on its way', async () => {
    const store = open();
    await store.addFinalizer();
    const ours = kube.store('acme') as StoreObject;
    kube.edit('acme', { spec: { region: 'eu-west-1' }, metadata: { generation: 2 } });
    const edited = kube.store('acme') as StoreObject;
    kube.edit('acme', { spec: { region: 'eu-west-3' }, metadata: { generation: 3 } });
    await store.writeStatus({ observedGeneration: 1 });
    for (const told of [ours, edited]) {
      cache.set('shops/acme', told);
      expect(open().object.spec).toEqual({ region: 'eu-west-3' });
    }
    watchTells();
    expect(open().object.spec).toEqual({ region: 'eu-west-3' });
  });

  test('sees its own status before the watch tells it, also when it followed a write of somebody else', async () => {
    const store = open();
    const first = kube.store('acme') as StoreObject;
    kube.edit('acme', { metadata: { annotations: { note: 'hello' } } });
    await store.writeStatus({ observedGeneration: 1 });
    expect(cache.get('shops/acme')).toEqual(first);
    expect(open().object.status).toEqual({ observedGeneration: 1 });
  });

  test('sees what others wrote after us as soon as the watch tells it', async () => {
    await open().addFinalizer();
    kube.edit('acme', { spec: { region: 'eu-west-1' } });
    watchTells();
    expect(open().object.spec).toEqual({ region: 'eu-west-1' });
  });

  test('can tell the echo of our own writes from what others write', async () => {
    await open().addFinalizer();
    const ours = kube.store('acme') as StoreObject;
    expect(stores.isOurWrite(ours)).toBe(true);
    kube.edit('acme', { status: { observedGeneration: 9 } });
    expect(stores.isOurWrite(kube.store('acme') as StoreObject)).toBe(false);
  });

  test('sees nothing of a store that is gone', async () => {
    await open().addFinalizer();
    const gone = kube.store('acme') as StoreObject;
    kube.objects.clear();
    watchTells();
    stores.changed({ is: 'removed', object: gone });
    expect(stores.open('shops/acme')).toBeUndefined();
  });
});
