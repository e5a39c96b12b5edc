import { beforeEach, describe, expect, test } from 'vitest';
import { Desk } from '../operator/desk.ts';
import { Events } from '../operator/kube/events.ts';
import { Known } from '../operator/kube/known.ts';
import type { Pass, PassOutcome } from '../operator/kube/pass.ts';
import { finalizer, storePath, type StoreObject } from '../operator/kube/store-object.ts';
import { Stores } from '../operator/kube/stores.ts';
import { Fault, type FaultKind } from '../operator/model/faults.ts';
import { untilAborted } from '../operator/model/timers.ts';
import { Queue } from '../operator/runtime/queue.ts';
import { Workers } from '../operator/runtime/workers.ts';
import { KubeInMemory } from './support/kube-in-memory.ts';
import { logBook } from './support/log-book.ts';
import { VirtualTimers } from './support/virtual-timers.ts';

let kube: KubeInMemory;
let timers: VirtualTimers;
let known: Known<StoreObject>;
let desk: Desk;
let queue: Queue;
let looks: string[];
let outcomes: string[];
let pass: Pass;
let log: ReturnType<typeof logBook>;

/** The watch tells what is there now. */
function watchTells(): void {
  const there = [...kube.objects.values()].filter((object) => object['spec']) as unknown as StoreObject[];
  for (const change of known.listed(structuredClone(there))) desk.changed(change);
}

function put(name: string, more: { metadata?: object; status?: object } = {}): void {
  const metadata = { namespace: 'shops', name, uid: `uid-${name}`, generation: 1, ...more.metadata };
  kube.put(storePath({ namespace: 'shops', name }), {
    metadata,
    spec: { region: 'eu-central-1' },
    status: { observedGeneration: -1, ...more.status },
  });
}

beforeEach(() => {
  kube = new KubeInMemory();
  timers = new VirtualTimers();
  known = new Known();
  [looks, outcomes, log] = [[], [], logBook()];
  pass = async () => ({ outcome: 'settled' });
  queue = new Queue({ timers, random: () => 0.5, mostOfOneNamespace: 100 });
});

function open(): void {
  const all = { get: (key: string) => known.get(key), all: () => known.all() };
  desk = new Desk({
    stores: new Stores(kube, [all]),
    queue,
    pass: (store, context) => {
      looks.push(`${store.object.metadata.name} ${context.priority}`);
      return pass(store, context);
    },
    events: new Events({
      client: kube,
      timers,
      random: Math.random,
      log,
      component: 'ecomstore-operator',
      instance: 'test',
    }),
    mandate: { signal: new AbortController().signal, holds: true },
    timers,
    log,
    onPass: (outcome) => void outcomes.push(outcome),
    speed: 1,
  });
  const never = new AbortController().signal;
  const work = (ready: Parameters<Desk['look']>[0], signal: AbortSignal) => desk.look(ready, signal);
  void new Workers({ queue, count: 4, timers, log, work, limitMillis: 60_000, drainMillis: 1 }).run({
    stop: never,
    drop: never,
  });
}

describe('a term', () => {
  test('begins with a look at every store: new ones first, then those that go, then the settled ones', async () => {
    put('settled', { status: { observedGeneration: 1 } });
    put('going', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    put('fresh');
    known.listed([...kube.objects.values()] as unknown as StoreObject[]);
    open();
    await timers.advance(0);
    expect(looks).toEqual(['fresh change', 'going delete', 'settled scan']);
  });
});

describe('a change', () => {
  beforeEach(async () => {
    put('acme', { status: { observedGeneration: 1 } });
    open();
    watchTells();
    await timers.advance(0);
    looks = [];
  });

  test.each([
    ['of the spec', { metadata: { generation: 2 } }, ['acme change']],
    ['of an annotation', { metadata: { annotations: { 'ecom.io/reconcile-at': 'now' } } }, ['acme change']],
    ['to being deleted', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }, ['acme delete']],
  ])('%s leads to a look', async (_, edit, expected) => {
    kube.edit('acme', edit);
    watchTells();
    await timers.advance(0);
    expect(looks).toEqual(expected);
  });

  test('that takes our finalizer away leads to a look at once: it could be deleted as it is', async () => {
    kube.edit('acme', { metadata: { finalizers: [finalizer] } });
    watchTells();
    await timers.advance(60_000);
    looks = [];
    kube.edit('acme', { metadata: { finalizers: null } });
    watchTells();
    await timers.advance(0);
    expect(looks).toEqual(['acme change']);
  });

  test('of the status by somebody else leads to a look some seconds later: two leaders do not answer each other at once', async () => {
    kube.edit('acme', { status: { observedGeneration: 9 } });
    watchTells();
    await timers.advance(4_999);
    expect(looks).toEqual([]);
    await timers.advance(1);
    expect(looks).toEqual(['acme scan']);
  });

  test('that is the echo of our own write leads to none', async () => {
    pass = async (store) => {
      await store.addFinalizer();
      await store.writeStatus({ observedGeneration: 1, url: 'https://shop.example.com' });
      return { outcome: 'settled' };
    };
    desk.wake(new Set(['uid-acme']));
    await timers.advance(0);
    watchTells();
    await timers.advance(60_000);
    expect(looks).toEqual(['acme scan']);
  });

  test('to being gone ends all wishes', async () => {
    queue.add('shops/acme', { priority: 'heal', inMillis: 1_000 });
    kube.objects.clear();
    watchTells();
    desk.wake(new Set(['uid-acme']));
    await timers.advance(60_000);
    expect(looks).toEqual([]);
    expect(timers.waiting).toBe(0);
  });
});

describe('after a look', () => {
  const settle = async (outcome: PassOutcome): Promise<void> => {
    let first = true;
    pass = async () => (first ? ((first = false), outcome) : { outcome: 'settled' });
    put('acme');
    open();
    watchTells();
    await timers.advance(0);
  };

  test('the store is looked at again when it wishes so', async () => {
    await settle({ outcome: 'waiting', again: 15_000, priority: 'change' });
    await timers.advance(14_999);
    expect(looks).toHaveLength(1);
    await timers.advance(1);
    expect(looks).toEqual(['acme change', 'acme change']);
  });

  test('a wish for at once does not become a tight loop', async () => {
    pass = async () => ({ outcome: 'waiting', again: 0 });
    put('acme');
    open();
    watchTells();
    await timers.advance(1_000);
    expect(looks.length).toBeLessThanOrEqual(6);
  });

  test('readings of AWS wake it once, a moment after the first, with the urgency it had', async () => {
    await settle({ outcome: 'waiting', again: 600_000, priority: 'change' });
    desk.wake(new Set(['uid-acme', 'uid-of-nobody']));
    await timers.advance(200);
    desk.wake(new Set(['uid-acme']));
    await timers.advance(49);
    expect(looks).toHaveLength(1);
    await timers.advance(1_000);
    expect(looks).toEqual(['acme change', 'acme change']);
  });

  test('what is to be told is told as an event of the store', async () => {
    pass = async (_, { notice }) => {
      notice({ type: 'Normal', reason: 'Created', message: 'network/vpc: vpc-1' });
      return { outcome: 'stepped' };
    };
    put('acme');
    open();
    watchTells();
    await timers.advance(0);
    expect(kube.writes[0]?.body).toMatchObject({ reason: 'Created', involvedObject: { uid: 'uid-acme' } });
  });

  test.each<[FaultKind, number]>([
    ['busy', 1_000],
    ['throttled', 2_000],
    ['transient', 2_000],
    ['denied', 60_000],
    ['quota', 60_000],
    ['bug', 60_000],
  ])('that ended in a %s fault the next one is %i ms later', async (kind, millis) => {
    let first = true;
    pass = async () => {
      if (!first) return { outcome: 'settled' };
      first = false;
      throw new Fault(kind, 'out of luck', { action: 'ec2:CreateVpc' });
    };
    put('acme');
    open();
    watchTells();
    await timers.advance(millis - 1);
    expect(outcomes).toEqual([kind]);
    await timers.advance(1);
    expect(outcomes).toEqual([kind, 'settled']);
  });

  test('that took too long and was aborted, the next one comes', async () => {
    let first = true;
    pass = async (_, { signal }) => {
      if (!first) return { outcome: 'settled' };
      first = false;
      await untilAborted(signal);
      throw new Fault('transient', 'aborted');
    };
    put('acme');
    open();
    watchTells();
    await timers.advance(62_000);
    expect(outcomes).toEqual(['transient', 'settled']);
  });

  test.each<[FaultKind, number]>([
    ['rejected', 1],
    ['bug', 1],
    ['transient', 0],
    ['busy', 0],
  ])('that ended in a %s fault people are told of it in %i events', async (kind, count) => {
    pass = async () => {
      throw new Fault(kind, 'EcomStore "acme" is invalid: spec.compute.healthPath is too long');
    };
    put('acme');
    open();
    watchTells();
    await timers.advance(0);
    const events = kube.writes.filter(({ body }) => (body as { reason?: string } | undefined)?.reason === 'PassFailed');
    expect(events).toHaveLength(count);
  });

  test('that ended in an error nobody has named, the error is logged with its store', async () => {
    pass = async () => {
      throw new TypeError('undefined is not a store');
    };
    put('acme');
    open();
    watchTells();
    await timers.advance(0);
    expect(outcomes).toEqual(['bug']);
    expect(log.entries).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ store: 'shops/acme' }) as object }),
    );
  });
});
