import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../../../simulator/kube/start.ts';
import { Asking, probe, probes } from './asking.ts';

describe('faults on demand', () => {
  let kube: Asking;

  beforeEach(() => {
    kube = new Asking();
  });

  test('a refusal meets as many requests as were asked for, before they take effect', () => {
    kube.api.faults.answer({ count: 2, answer: 503 });
    expect(kube.post(probes, probe('a'))).toMatchObject({ code: 503, body: { reason: 'ServiceUnavailable' } });
    expect(kube.get(`${probes}/a`).code).toBe(503);
    expect(kube.get(`${probes}/a`).code).toBe(404);
  });

  test('too many requests are told when to come back', () => {
    kube.api.faults.answer({ count: 1, answer: 429, retryAfterSeconds: 7 });
    const told = kube.get(probes);
    expect([told.code, told.headers['retry-after']]).toEqual([429, '7']);
    expect(told.body.details).toEqual({ retryAfterSeconds: 7 });
  });

  test('an answer can be lost after the effect', () => {
    kube.api.faults.answer({ count: 1, answer: 'reset', afterEffect: true });
    expect(kube.answer('POST', probes, probe('a'))).toEqual({ kind: 'reset' });
    expect(kube.get(`${probes}/a`).code).toBe(200);
  });

  test('an answer can be lost before the effect, or never come', () => {
    kube.api.faults.answer({ count: 1, answer: 'silence' });
    expect(kube.answer('POST', probes, probe('a'))).toEqual({ kind: 'silence' });
    expect(kube.get(`${probes}/a`).code).toBe(404);
  });

  test('a fault meets only what it was meant for', () => {
    kube.api.faults.answer({
      count: 1,
      answer: 500,
      meets: ({ verb, subresource }) => verb === 'patch' && subresource === 'status',
    });
    kube.post(probes, probe('a'));
    expect(kube.merge(`${probes}/a`, { spec: { size: 2 } }).code).toBe(200);
    expect(kube.merge(`${probes}/a/status`, { status: { note: 'n' } }).code).toBe(500);
    expect(kube.merge(`${probes}/a/status`, { status: { note: 'n' } }).code).toBe(200);
  });

  test('what was asked for can be taken back', () => {
    kube.api.faults.answer({ count: 5, answer: 503 });
    kube.api.faults.clear();
    expect(kube.get(probes).code).toBe(200);
  });

  test('every request is recorded with its verb, its object, its user and its outcome', () => {
    kube.post(probes, probe('a'));
    kube.merge(`${probes}/a/status`, { status: { note: 'n' } });
    kube.watch(`${probes}?watch=true`);
    const [, status, watch] = kube.api.requests;
    expect(status).toMatchObject({
      verb: 'patch',
      group: 'test.ecom.io',
      resource: 'probes',
      subresource: 'status',
      namespace: 'default',
      name: 'a',
      user: 'somebody',
      code: 200,
    });
    expect(watch).toMatchObject({ verb: 'watch', name: undefined, code: 200 });
  });
});

describe('a server that goes away', () => {
  let kubernetes: SimulatedKubernetes;

  beforeEach(async () => {
    kubernetes = await startKubernetes({ clock: new VirtualClock() });
  });
  afterEach(() => kubernetes.close());

  const read = async (): Promise<number> => (await fetch(`${kubernetes.server}/api/v1/namespaces`)).status;

  test('refuses connections, and comes back at the same place with all that it knew', async () => {
    const { server } = kubernetes;
    expect(await read()).toBe(200);
    await kubernetes.faults.goAway();
    await expect(read()).rejects.toThrow('fetch failed');
    await kubernetes.faults.comeBack();
    expect([await read(), kubernetes.server]).toEqual([200, server]);
  });

  test('breaks the watches that it held', async () => {
    const answer = await fetch(`${kubernetes.server}/api/v1/namespaces?watch=true`);
    const reading = answer.text();
    reading.catch(() => undefined);
    await kubernetes.faults.goAway();
    await expect(reading).rejects.toThrow('terminated');
  });

  test('ends the waiting of those whom it never answered', async () => {
    kubernetes.faults.answer({ count: 1, answer: 'silence' });
    const asked = new Promise<void>((resolve) => {
      const look = (): void => void (kubernetes.requests.length > 0 ? resolve() : setImmediate(look));
      look();
    });
    const waiting = expect(read()).rejects.toThrow('fetch failed');
    await asked;
    await kubernetes.faults.goAway();
    await waiting;
  });

  test('a request that is met by silence is left waiting', async () => {
    kubernetes.faults.answer({ count: 1, answer: 'silence' });
    const impatient = fetch(`${kubernetes.server}/api/v1/namespaces`, { signal: AbortSignal.timeout(100) });
    await expect(impatient).rejects.toThrow('timeout');
  });
});
