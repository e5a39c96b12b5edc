import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EcomStore } from '../../../operator/store/spec.ts';
import { StoreCluster, stores } from '../../support/store-cluster.ts';
import { readyCondition as ready, toldStatus } from '../../support/told-store.ts';
import { until } from '../../support/virtual-timers.ts';

let cluster: StoreCluster;

beforeEach(async () => {
  cluster = await StoreCluster.start();
});
afterEach(() => cluster.stop());

describe('ecomstore status --watch', () => {
  const args = ['acme', '-n', 'shops', '--watch'];
  const watched = (): boolean => cluster.kubernetes.requests.some(({ verb }) => verb === 'watch');
  const screen = { columns: 100, rows: 40 };

  beforeEach(() => cluster.create());

  test('draws again at every change, and ends with 0 when it is interrupted', async () => {
    const running = cluster.begin(args);
    await until(watched);
    await cluster.tell({ observedGeneration: 1, conditions: [ready] });
    await until(() => running.out.some((text) => text.includes('AllResourcesMatch')), 'the change');
    running.interrupt();
    await running.ended;
    expect(running.out).toHaveLength(2);
    expect(running.code).toBe(0);
    const asked = cluster.kubernetes.requests.filter(({ verb }) => verb === 'list' || verb === 'watch');
    for (const { path } of asked) expect(path).toContain('fieldSelector=metadata.name%3Dacme');
  });

  test('is one line of JSON a state', async () => {
    const running = cluster.begin([...args, '-o', 'json']);
    await until(watched);
    await cluster.tell({ observedGeneration: 1, conditions: [ready] });
    await until(() => running.out.length === 2, 'the change');
    running.interrupt();
    await running.ended;
    expect(running.out.map((line) => (JSON.parse(line) as { ready: boolean }).ready)).toEqual([false, true]);
  });

  test('ends when the store is gone, however that comes to be known', async () => {
    const running = cluster.begin(args);
    await until(watched);
    await cluster.delete();
    await running.ended;
    expect([running.notes, running.code]).toEqual([['EcomStore shops/acme is gone'], 0]);

    await cluster.create();
    const before = cluster.kubernetes.requests.length;
    const unaware = cluster.begin(args);
    await until(() => cluster.kubernetes.requests.slice(before).some(({ verb }) => verb === 'watch'));
    await cluster.kubernetes.faults.goAway();
    await until(() => unaware.notes.length > 0, 'the trouble');
    await cluster.kubernetes.faults.comeBack();
    cluster.kubernetes.faults.compact();
    cluster.kubernetes.api.handle({ method: 'DELETE', path: `${stores}/acme`, headers: {} });
    cluster.kubernetes.faults.compact();
    await until(() => {
      void cluster.timers.advance(1_000);
      return unaware.notes.includes('EcomStore shops/acme is gone');
    }, 'the end');
    await unaware.ended;
  });

  test('ends at once when the store went between reading and watching', async () => {
    const reader = cluster.reader();
    const store = (await reader.read({ namespace: 'shops', name: 'acme' })) as EcomStore;
    await cluster.delete();
    const heard: string[] = [];
    const hear = (what: string) => () => void heard.push(what);
    const listener = { seen: hear('seen'), gone: hear('gone'), answered: hear('answered'), trouble: hear('trouble') };
    await reader.watch(store, listener, new AbortController().signal);
    expect(heard).toEqual(['gone']);
    await reader.close();
  });

  test('another store in the namespace is not its business', async () => {
    const running = cluster.begin(args);
    await until(watched);
    await cluster.create('other');
    await cluster.delete('other');
    await cluster.tell({ observedGeneration: 1, conditions: [ready] });
    await until(() => running.out.length === 2, 'the change');
    running.interrupt();
    await running.ended;
    expect(running.out.join('\n')).not.toContain('other');
  });

  test('on a screen it is drawn in place, and grows older by itself', async () => {
    await cluster.tell({ ...toldStatus, observedGeneration: 1 });
    const running = cluster.begin(args, { screen });
    await until(watched);
    const drawn = running.out.length;
    expect(running.out[0]).toMatch(/^\u001b\[H\u001b\[JEcomStore shops\/acme/);
    await cluster.timers.advance(5_000);
    expect(running.out.length).toBe(drawn + 1);
    expect(running.out.at(-1)).toContain('read 45s ago');
    running.interrupt();
    await running.ended;
    await cluster.timers.advance(60_000);
    expect(running.out.length).toBe(drawn + 1);
  });

  test('trouble is shown below, and goes when the cluster answers again', async () => {
    const running = cluster.begin(args, { screen });
    await until(watched);
    await cluster.kubernetes.faults.goAway();
    await until(() => running.out.at(-1)?.includes('\nTrying again: ') === true, 'the trouble');
    expect(running.out.at(-1)?.split('\n').at(-1)).toMatch(/^Trying again: the cluster at 127\.0\.0\.1/);
    await cluster.kubernetes.faults.comeBack();
    await until(() => {
      void cluster.timers.advance(1_000);
      return running.out.at(-1)?.includes('\nTrying again: ') === false;
    }, 'the answer');
    running.interrupt();
    await running.ended;
    expect(running.code).toBe(0);
  });

  test('who may read but not watch is told so', async () => {
    cluster.kubernetes.faults.answer({
      count: 9,
      answer: 403,
      meets: ({ verb }) => verb === 'list' || verb === 'watch',
    });
    expect(await cluster.failed(args)).toMatchObject({ remedy: expect.stringContaining('list and watch') as string });
  });
});
