import { beforeEach, describe, expect, test } from 'vitest';
import { failedAnswer, KubeError } from '../../operator/kube/errors.ts';
import { Events } from '../../operator/kube/events.ts';
import { KubeInMemory } from '../support/kube-in-memory.ts';
import { logBook } from '../support/log-book.ts';
import { storeObject } from '../support/scripted-api.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const store = storeObject('acme', '7');
const healed = { type: 'Normal', reason: 'Healed', message: 'closed port 22 of sg-1' } as const;

let kube: KubeInMemory;
let timers: VirtualTimers;
let events: Events;
let outcomes: string[];
const log = logBook();

beforeEach(() => {
  kube = new KubeInMemory();
  timers = new VirtualTimers();
  outcomes = [];
  events = new Events({
    client: kube,
    timers,
    random: Math.random,
    log,
    component: 'ecomstore-operator',
    instance: 'pod-1',
    onOutcome: (outcome) => void outcomes.push(outcome),
  });
});

const written = (): unknown[] => [...kube.objects.values()];
const settle = (): Promise<void> => timers.advance(0);

test('an event names its store, its reason and its source as kubectl describe looks for them', async () => {
  events.record(store, healed);
  await settle();
  expect(kube.writes[0]?.path).toBe('/api/v1/namespaces/shops/events');
  expect(written()).toEqual([
    expect.objectContaining({
      kind: 'Event',
      involvedObject: {
        apiVersion: 'ecom.io/v1alpha1',
        kind: 'EcomStore',
        namespace: 'shops',
        name: 'acme',
        uid: 'uid-acme',
        resourceVersion: '7',
      },
      type: 'Normal',
      reason: 'Healed',
      message: 'closed port 22 of sg-1',
      source: { component: 'ecomstore-operator' },
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    }),
  ]);
});

describe('the same thing', () => {
  test('said again within ten minutes is one event with a count', async () => {
    for (let i = 0; i < 4; i++) {
      events.record(store, healed);
      await timers.advance(9 * 60_000);
    }
    expect(written()).toEqual([
      expect.objectContaining({
        count: 4,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:27:00Z',
      }),
    ]);
  });

  test('said again later is another event', async () => {
    events.record(store, healed);
    await timers.advance(10 * 60_000);
    events.record(store, healed);
    await settle();
    expect(written()).toHaveLength(2);
  });

  test('in other words is known by its key, and shows the newest words', async () => {
    events.record(store, { type: 'Normal', reason: 'Waiting', message: 'nat-a is pending (1 minute)', key: 'nat-a' });
    events.record(store, { type: 'Normal', reason: 'Waiting', message: 'nat-a is pending (2 minutes)', key: 'nat-a' });
    await settle();
    expect(written()).toEqual([expect.objectContaining({ count: 2, message: 'nat-a is pending (2 minutes)' })]);
  });

  test('whose event the API server has dropped meanwhile is written anew', async () => {
    events.record(store, healed);
    await settle();
    kube.objects.clear();
    events.record(store, healed);
    await settle();
    expect(written()).toEqual([expect.objectContaining({ count: 1 })]);
  });

  test('of two stores is two events', async () => {
    events.record(store, healed);
    events.record(storeObject('other', '8'), healed);
    await settle();
    expect(written()).toHaveLength(2);
  });
});

describe('a flood', () => {
  test('is cut off for the store that makes it, and not for others', async () => {
    for (let i = 0; i < 500; i++) events.record(store, { ...healed, message: `drift ${i}` });
    await settle();
    expect(written()).toHaveLength(60);
    events.record(storeObject('other', '8'), healed);
    await settle();
    expect(written()).toHaveLength(61);
    await timers.advance(60_000);
    for (let i = 0; i < 10; i++) events.record(store, { ...healed, message: `more ${i}` });
    await settle();
    expect(written()).toHaveLength(63);
  });

  test('while the API server is away is bounded in memory', async () => {
    const unavailable = () => new KubeError('unavailable', 'connection refused', {});
    kube.failures.push(...Array.from({ length: 10_000 }, unavailable));
    for (let i = 0; i < 3000; i++) events.record(storeObject(`s${i}`, '1'), healed);
    expect(outcomes.filter((outcome) => outcome === 'dropped')).toHaveLength(2000);
  });
});

describe('an event that cannot be written', () => {
  test('is tried again after what Retry-After says, and then given up with a line in the log', async () => {
    const busy = () => failedAnswer('POST', 429, {}, { retryAfter: '3', now: timers.now() });
    kube.failures.push(busy(), busy(), busy());
    events.record(store, healed);
    await timers.advance(2_900);
    expect(kube.writes).toHaveLength(1);
    await timers.advance(3_200);
    expect(kube.writes).toHaveLength(3);
    expect(outcomes).toEqual(['failed']);
    expect(log.entries.at(-1)).toMatchObject({ level: 'warn', fields: { name: 'acme', reason: 'Healed' } });
  });

  test('because of RBAC is not tried again, and the next one is', async () => {
    kube.failures.push(failedAnswer('POST', 403, {}, { now: 0 }));
    events.record(store, healed);
    events.record(store, { ...healed, message: 'another' });
    await settle();
    expect(outcomes).toEqual(['failed', 'written']);
  });

  test('does not hold up the end of the process for longer than it may', async () => {
    kube.failures.push(failedAnswer('POST', 429, {}, { retryAfter: '300', now: timers.now() }));
    events.record(store, healed);
    await settle();
    const flushed = events.flush(2_000);
    await timers.advance(2_000);
    await flushed;
    await settle();
    expect(timers.waiting).toBe(0);
  });
});

test('a message longer than Kubernetes takes is cut', async () => {
  events.record(store, { ...healed, message: 'x'.repeat(2000) });
  await settle();
  expect((written()[0] as { message: string }).message).toHaveLength(1024);
});
