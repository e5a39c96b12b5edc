import { describe, expect, test } from 'vitest';
import { Bucket } from '../../operator/aws/pacing.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const rate = { perSecond: 2, burst: 3 };

describe('a bucket', () => {
  test('lets a burst through, then as many a second as it may', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket(rate, timers);
    const sent: number[] = [];
    for (let i = 0; i < 7; i++) void bucket.take('scan').then(() => sent.push(timers.monotonic()));
    await timers.advance(0);
    expect(sent).toHaveLength(3);
    await timers.advance(1_000);
    expect(sent).toHaveLength(5);
    await timers.advance(1_000);
    expect(sent).toHaveLength(7);
  });

  test('serves what a user asked for before it looks around', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket({ perSecond: 1, burst: 1 }, timers);
    const order: string[] = [];
    await bucket.take('scan');
    for (const priority of ['scan', 'heal', 'delete', 'change'] as const)
      void bucket.take(priority).then(() => order.push(priority));
    await timers.advance(5_000);
    expect(order).toEqual(['change', 'delete', 'heal', 'scan']);
  });

  test('starves nobody: who has waited long goes first', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket({ perSecond: 1, burst: 1 }, timers);
    const order: string[] = [];
    await bucket.take('change');
    void bucket.take('scan').then(() => order.push('scan'));
    // More urgent calls than it can ever serve.
    for (let second = 0; second < 30; second++) {
      for (let i = 0; i < 2; i++) void bucket.take('change').then(() => order.push('change'));
      await timers.advance(1_000);
    }
    expect(order).toContain('scan');
  });

  test('takes nobody in who would wait longer than he can', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket({ perSecond: 1, burst: 1 }, timers);
    const turns = ['change', 'change', 'change', 'change'].map((priority) =>
      bucket.take(priority as 'change', { patienceMillis: 2_000 }),
    );
    // Sent away at once, not after so long.
    expect(await turns[3]).toBe('far');
    await timers.advance(2_000);
    expect(await Promise.all(turns)).toEqual(['come', 'come', 'come', 'far']);
  });

  test('sends nobody away for those who are more urgent: he grows old in the line, and has his turn', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket({ perSecond: 1, burst: 1 }, timers);
    for (let i = 0; i < 60; i++) void bucket.take('change');
    const turn = bucket.take('heal', { patienceMillis: 2_000 });
    await timers.advance(62_000);
    expect(await turn).toBe('come');
  });

  test('lets go of who gives up, and serves the next', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket({ perSecond: 1, burst: 1 }, timers);
    await bucket.take('change');
    const [mine, all] = [new AbortController(), new AbortController()];
    const first = bucket.take('change', { signals: [all.signal, mine.signal] });
    const next = bucket.take('change', { signals: [all.signal] });
    mine.abort();
    expect(await first).toBe('over');
    await timers.advance(1_000);
    expect(await next).toBe('come');
    mine.abort();
    expect(await bucket.take('change', { signals: [mine.signal] })).toBe('over');
  });

  test('slows down when it is throttled, and recovers', async () => {
    const timers = new VirtualTimers();
    const bucket = new Bucket(rate, timers);
    for (let i = 0; i < 20; i++) bucket.throttled();
    expect(bucket.perSecond).toBeCloseTo(rate.perSecond / 20);
    for (let i = 0; i < 200; i++) bucket.succeeded();
    expect(bucket.perSecond).toBe(rate.perSecond);
  });
});
