import { beforeEach, describe, expect, test } from 'vitest';
import type { Priority } from '../../operator/model/ports.ts';
import { Queue } from '../../operator/runtime/queue.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

let timers: VirtualTimers;
let queue: Queue;
const never = new AbortController().signal;

const newQueue = (more: { mostOfOneNamespace?: number; random?: () => number } = {}): Queue =>
  new Queue({ timers, random: () => 0.5, mostOfOneNamespace: 100, ...more });

beforeEach(() => {
  timers = new VirtualTimers();
  queue = newQueue();
});

/** The keys that can be taken now, without waiting; none of them is finished. */
async function takeAll(from = queue): Promise<string[]> {
  const taken: string[] = [];
  const enough = new AbortController();
  for (;;) {
    const next = from.take(enough.signal);
    await timers.advance(0);
    const ready = await Promise.race([next, Promise.resolve('nothing' as const)]);
    if (ready === 'nothing') {
      enough.abort();
      await next;
      return taken;
    }
    if (ready) taken.push(ready.key);
  }
}

const add = (key: string, priority: Priority = 'scan', inMillis?: number): void =>
  queue.add(key, { priority, inMillis });

describe('a key', () => {
  test('wished for many times is worked on once', async () => {
    for (let i = 0; i < 5; i++) add('a/1');
    expect(await takeAll()).toEqual(['a/1']);
  });

  test('never has two workers', async () => {
    add('a/1');
    await queue.take(never);
    add('a/1', 'change');
    expect(await takeAll()).toEqual([]);
    queue.done('a/1');
    expect(await takeAll()).toEqual(['a/1']);
  });

  test('wished for while it is worked on runs once more, as urgently as was wished', async () => {
    add('a/1');
    await queue.take(never);
    add('a/1', 'scan');
    add('a/1', 'change');
    add('a/1', 'heal');
    queue.done('a/1');
    expect((await queue.take(never))?.priority).toBe('change');
    queue.done('a/1');
    expect(await takeAll()).toEqual([]);
  });

  test('taken by a waiting worker goes to one of them only', async () => {
    const [first, second] = [queue.take(never), queue.take(never)];
    add('a/1');
    add('a/2');
    expect(new Set([(await first)?.key, (await second)?.key])).toEqual(new Set(['a/1', 'a/2']));
  });

  test('is not taken by a worker that was told to stop', async () => {
    const stop = new AbortController();
    const waiting = queue.take(stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    add('a/1');
    expect(await takeAll()).toEqual(['a/1']);
  });
});

describe('wishes for later', () => {
  test('come when their time has come', async () => {
    add('a/1', 'scan', 5_000);
    await timers.advance(4_999);
    expect(await takeAll()).toEqual([]);
    await timers.advance(1);
    expect(await takeAll()).toEqual(['a/1']);
  });

  test('of these the soonest counts, and one look serves all', async () => {
    add('a/1', 'scan', 5_000);
    add('a/1', 'heal', 2_000);
    add('a/1', 'scan', 9_000);
    await timers.advance(2_000);
    expect((await queue.take(never))?.priority).toBe('heal');
    queue.done('a/1');
    await timers.advance(60_000);
    expect(await takeAll()).toEqual([]);
  });

  test('are overtaken by a wish for now', async () => {
    add('a/1', 'scan', 5_000);
    add('a/1', 'change');
    expect(await takeAll()).toEqual(['a/1']);
    queue.done('a/1');
    await timers.advance(60_000);
    expect(await takeAll()).toEqual([]);
  });

  test('made at the end of the work count from then', async () => {
    add('a/1');
    await queue.take(never);
    await timers.advance(30_000);
    queue.done('a/1', { wish: { priority: 'scan', inMillis: 10_000 } });
    await timers.advance(9_999);
    expect(await takeAll()).toEqual([]);
    await timers.advance(1);
    expect(await takeAll()).toEqual(['a/1']);
  });

  test('of a store that is gone are dropped, and it leaves nothing behind', async () => {
    add('a/1', 'scan', 5_000);
    add('a/2');
    queue.forget('a/1');
    queue.forget('a/2');
    queue.forget('a/3');
    await timers.advance(60_000);
    expect(await takeAll()).toEqual([]);
    expect(timers.waiting).toBe(0);
    expect(queue.delayed).toBe(0);
  });
});

describe('failures', () => {
  const fail = async (failed: 'soon' | 'slowly'): Promise<number> => {
    if (!(await queue.take(never))) throw new Error('nothing to take');
    queue.done('a/1', { failed });
    const wait = timers.next as number;
    await timers.advance(wait);
    return wait;
  };

  test('are tried again ever more slowly, up to five minutes', async () => {
    add('a/1');
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) waits.push(await fail('soon'));
    expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(waits.at(-1)).toBe(300_000);
  });

  test('that heal outside the spec are tried again from a minute to half an hour', async () => {
    add('a/1');
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) waits.push(await fail('slowly'));
    expect(waits[0]).toBe(60_000);
    expect(waits.at(-1)).toBe(1_800_000);
  });

  test('are forgotten after a success', async () => {
    add('a/1');
    for (let i = 0; i < 5; i++) await fail('soon');
    await queue.take(never);
    queue.done('a/1');
    add('a/1');
    expect(await fail('soon')).toBe(2_000);
  });

  test('do not keep a change of the user waiting', async () => {
    add('a/1');
    for (let i = 0; i < 8; i++) await fail('slowly');
    await queue.take(never);
    queue.done('a/1', { failed: 'slowly' });
    add('a/1', 'change');
    expect(await takeAll()).toEqual(['a/1']);
  });

  test('do not put off a sooner wish', async () => {
    add('a/1');
    await queue.take(never);
    queue.done('a/1', { failed: 'slowly', wish: { priority: 'heal', inMillis: 5_000 } });
    expect(timers.next).toBe(5_000);
  });

  test('of many stores at once are spread in time', async () => {
    const dice = [0, 0.25, 0.5, 0.99];
    queue = newQueue({ random: () => dice.shift() as number });
    const waits: number[] = [];
    for (const name of ['1', '2', '3', '4']) {
      add(`a/${name}`);
      await queue.take(never);
      queue.done(`a/${name}`, { failed: 'soon' });
      waits.push(timers.next as number);
      queue.forget(`a/${name}`);
    }
    expect(waits).toEqual([1_600, 1_800, 2_000, expect.closeTo(2_392) as number]);
  });
});

describe('who is next', () => {
  test('is what a user changed, then removals, then heals, then looking around', async () => {
    add('a/scan', 'scan');
    add('a/heal', 'heal');
    add('a/delete', 'delete');
    add('a/change', 'change');
    expect(await takeAll()).toEqual(['a/change', 'a/delete', 'a/heal', 'a/scan']);
  });

  test('is raised when a more urgent wish comes for a key that waits', async () => {
    add('a/1', 'heal');
    add('a/2', 'scan');
    add('a/2', 'change');
    expect(await takeAll()).toEqual(['a/2', 'a/1']);
  });

  test('goes round the namespaces, whatever they hold', async () => {
    for (let i = 0; i < 5; i++) add(`hog/${i}`);
    add('small/1');
    add('tiny/1');
    expect((await takeAll()).slice(0, 3)).toEqual(['hog/0', 'small/1', 'tiny/1']);
  });

  test('goes round them also when each look is over before the next begins', async () => {
    for (let i = 0; i < 3; i++) add(`hog/${i}`);
    add('small/1');
    const order: string[] = [];
    for (let i = 0; i < 4; i++) {
      const { key } = (await queue.take(never)) as { key: string };
      order.push(key);
      queue.done(key);
    }
    expect(order).toEqual(['hog/0', 'small/1', 'hog/1', 'hog/2']);
  });

  test('is never starved: under an endless stream of changes a scan is served within two minutes', async () => {
    add('a/scan', 'scan');
    let seconds = 0;
    for (; seconds < 600; seconds++) {
      add(`b/${seconds}`, 'change');
      const ready = await queue.take(never);
      queue.done(ready?.key as string);
      if (ready?.key === 'a/scan') break;
      await timers.advance(1_000);
    }
    expect(seconds).toBeLessThan(120);
  });

  test('leaves a worker free for other namespaces, when there are others', async () => {
    queue = newQueue({ mostOfOneNamespace: 2 });
    for (let i = 0; i < 5; i++) add(`hog/${i}`);
    add('small/1');
    expect(await takeAll()).toEqual(['hog/0', 'small/1', 'hog/1']);
    queue.done('hog/0');
    expect(await takeAll()).toEqual(['hog/2']);
  });

  test('may have all workers where there is but one namespace', async () => {
    queue = newQueue({ mostOfOneNamespace: 2 });
    for (let i = 0; i < 4; i++) add(`only/${i}`);
    expect(await takeAll()).toHaveLength(4);
  });
});

describe('what is told of it', () => {
  test('is how many wait, how urgently, and for how long', async () => {
    add('a/1', 'change');
    await timers.advance(3_000);
    add('a/2', 'scan');
    add('a/3', 'scan', 9_000);
    await timers.advance(1_000);
    expect(queue.depth).toEqual({ change: 1, delete: 0, heal: 0, scan: 1 });
    expect(queue.ageMillis).toBe(4_000);
    expect(queue.delayed).toBe(1);
  });

  test('is nothing after it was cleared', () => {
    add('a/1', 'change');
    add('a/3', 'scan', 9_000);
    queue.clear();
    expect([queue.depth, queue.delayed, timers.waiting]).toEqual([{ change: 0, delete: 0, heal: 0, scan: 0 }, 0, 0]);
  });
});
