import { beforeEach, describe, expect, test } from 'vitest';
import { Queue } from '../../operator/runtime/queue.ts';
import { Workers, type Followup, type WorkersOptions } from '../../operator/runtime/workers.ts';
import { logBook } from '../support/log-book.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

let timers: VirtualTimers;
let queue: Queue;
let stop: AbortController;
let drop: AbortController;
const log = logBook();

beforeEach(() => {
  timers = new VirtualTimers();
  queue = new Queue({ timers, random: () => 0.5, mostOfOneNamespace: 100 });
  stop = new AbortController();
  drop = new AbortController();
});

function employ(work: WorkersOptions['work'], count = 2): { workers: Workers; running: Promise<void> } {
  const workers = new Workers({ queue, count, timers, log, work, limitMillis: 60_000, drainMillis: 20_000 });
  return { workers, running: workers.run({ stop: stop.signal, drop: drop.signal }) };
}

/** Work that takes so long, unless it is aborted. */
const lasting =
  (millis: number, told: string[]): WorkersOptions['work'] =>
  ({ key }, signal) =>
    new Promise<Followup>((resolve) => {
      const end = (how: string): void => {
        cancel();
        told.push(`${key} ${how}`);
        resolve({});
      };
      const cancel = timers.after(millis, () => end('finished'));
      signal.addEventListener('abort', () => end(`aborted: ${(signal.reason as Error).message}`));
    });

const add = (...keys: string[]): void => keys.forEach((key) => queue.add(key, { priority: 'change' }));

test('as many stores are looked at side by side as there are workers', async () => {
  const told: string[] = [];
  const { workers } = employ(lasting(10_000, told));
  add('a/1', 'a/2', 'a/3');
  await timers.advance(5_000);
  expect([workers.busy, workers.longestMillis]).toEqual([2, 5_000]);
  await timers.advance(6_000);
  expect([workers.busy, told.length]).toEqual([1, 2]);
});

test('what a look wishes is done', async () => {
  let looks = 0;
  employ(async () => ({ wish: ++looks < 3 ? { priority: 'scan', inMillis: 10_000 } : undefined }));
  add('a/1');
  await timers.advance(100_000);
  expect(looks).toBe(3);
});

test('a look that throws is logged, tried again slowly, and harms no other', async () => {
  const looks: string[] = [];
  employ(async ({ key }) => {
    looks.push(key);
    if (key === 'a/bad') throw new TypeError('undefined is not a store');
    return {};
  });
  add('a/bad', 'a/good');
  await timers.advance(59_000);
  expect(looks).toEqual(['a/bad', 'a/good']);
  expect(log.entries.at(-1)).toMatchObject({ level: 'error', fields: { store: 'a/bad' } });
  await timers.advance(2_000);
  expect(looks).toEqual(['a/bad', 'a/good', 'a/bad']);
});

test('a look that takes too long is aborted', async () => {
  const told: string[] = [];
  employ(lasting(1_000_000, told));
  add('a/1');
  await timers.advance(60_000);
  expect(told).toEqual(['a/1 aborted: longer than 60000 ms']);
});

describe('stopping', () => {
  test('lets what is going on finish, and begins nothing more', async () => {
    const told: string[] = [];
    const { running } = employ(lasting(10_000, told), 1);
    add('a/1', 'a/2');
    await timers.advance(1_000);
    stop.abort();
    await timers.advance(10_000);
    await running;
    expect(told).toEqual(['a/1 finished']);
    expect(timers.waiting).toBe(0);
  });

  test('aborts what does not finish in time', async () => {
    const told: string[] = [];
    const { running } = employ(lasting(50_000, told));
    add('a/1');
    await timers.advance(1_000);
    stop.abort();
    await timers.advance(19_999);
    expect(told).toEqual([]);
    await timers.advance(1);
    await running;
    expect(told).toEqual(['a/1 aborted: the process stops']);
  });

  test('at once when the lease is lost', async () => {
    const told: string[] = [];
    const { running } = employ(lasting(50_000, told));
    add('a/1', 'a/2', 'a/3');
    await timers.advance(1_000);
    drop.abort(new Error('the lease could not be renewed'));
    await running;
    expect(told).toEqual(['a/1', 'a/2'].map((key) => `${key} aborted: the lease could not be renewed`));
    expect(timers.waiting).toBe(0);
  });

  test('ends at once when nothing is going on', async () => {
    const { running } = employ(async () => ({}));
    await timers.advance(1_000);
    stop.abort();
    await timers.advance(0);
    await running;
  });
});
