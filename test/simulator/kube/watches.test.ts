import { beforeEach, describe, expect, test } from 'vitest';
import { Asking, probe, probes, short } from './asking.ts';

describe('watches', () => {
  let kube: Asking;
  const version = (): string => kube.get(probes).body.metadata.resourceVersion;

  beforeEach(() => {
    kube = new Asking();
  });

  test('a watch from a version tells everything after it and nothing before', () => {
    kube.post(probes, probe('early'));
    const from = version();
    kube.post(probes, probe('a'));
    const watch = kube.watch(`${probes}?watch=true&resourceVersion=${from}`);
    kube.merge(`${probes}/a`, { spec: { size: 2 } });
    kube.drop(`${probes}/a`);
    const [start] = [Number(from)];
    expect(short(watch)).toEqual([`ADDED a@${start + 1}`, `MODIFIED a@${start + 2}`, `DELETED a@${start + 3}`]);
    expect(watch.events[2]?.object.spec.size).toBe(2);
  });

  test.each(['', '&resourceVersion=0'])('a watch without a version (%s) begins with what there is', (from) => {
    kube.post(probes, probe('a'));
    const watch = kube.watch(`${probes}?watch=true${from}`);
    kube.post(probes, probe('b'));
    expect(short(watch).map((line) => line.split('@')[0])).toEqual(['ADDED a', 'ADDED b']);
  });

  test('a watch tells of its own collection and namespace only', () => {
    const watch = kube.watch(`${probes}?watch=true`);
    const core = '/api/v1/namespaces';
    kube.post(core, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
    kube.post('/apis/test.ecom.io/v1/namespaces/other/probes', probe('elsewhere'));
    expect(watch.events).toEqual([]);
  });

  test('a watch from a version to come tells nothing before it', () => {
    const watch = kube.watch(`${probes}?watch=true&resourceVersion=${Number(version()) + 1}`);
    kube.post(probes, probe('a'));
    kube.post(probes, probe('b'));
    expect(short(watch).map((line) => line.split('@')[0])).toEqual(['ADDED b']);
  });

  test('what enters a selection is added, what leaves it is deleted', () => {
    kube.post(probes, probe('a'));
    const watch = kube.watch(`${probes}?watch=true&labelSelector=tier%3Dweb&resourceVersion=${version()}`);
    kube.merge(`${probes}/a`, { metadata: { labels: { tier: 'web' } } });
    kube.merge(`${probes}/a`, { spec: { size: 2 } });
    kube.merge(`${probes}/a`, { metadata: { labels: { tier: 'data' } } });
    kube.merge(`${probes}/a`, { spec: { size: 3 } });
    expect(short(watch).map((line) => line.split(' ')[0])).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('a watch of one name tells of that one', () => {
    const watch = kube.watch(`${probes}?watch=true&fieldSelector=metadata.name%3Db`);
    kube.post(probes, probe('a'));
    kube.post(probes, probe('b'));
    expect(short(watch).map((line) => line.split('@')[0])).toEqual(['ADDED b']);
  });

  test('a watch ends at its timeout, with a bookmark for those who want one', () => {
    const marked = kube.watch(`${probes}?watch=true&allowWatchBookmarks=true&timeoutSeconds=300`);
    const plain = kube.watch(`${probes}?watch=true&timeoutSeconds=300`);
    kube.pass(299_000);
    expect([marked.ending, plain.ending]).toEqual([undefined, undefined]);
    kube.post('/api/v1/namespaces/default/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
    });
    kube.pass(1_000);
    expect([marked.ending, plain.ending]).toEqual(['end', 'end']);
    expect([short(marked), short(plain)]).toEqual([[`BOOKMARK @${version()}`], []]);
  });

  test('a bookmark can be asked for, and moves the place to resume from', () => {
    const from = version();
    const watch = kube.watch(`${probes}?watch=true&allowWatchBookmarks=true&resourceVersion=${from}`);
    kube.post('/api/v1/namespaces/default/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
    });
    kube.api.faults.bookmark();
    expect(short(watch)).toEqual([`BOOKMARK @${Number(from) + 1}`]);
  });

  test('after a compaction running watches and resumed ones are told 410 within the stream', () => {
    const from = version();
    const running = kube.watch(`${probes}?watch=true&resourceVersion=${from}`);
    kube.post(probes, probe('a'));
    kube.api.faults.compact();
    expect([short(running).at(-1), running.ending]).toEqual(['ERROR 410', 'end']);
    const resumed = kube.watch(`${probes}?watch=true&resourceVersion=${from}`);
    expect([short(resumed), resumed.ending]).toEqual([['ERROR 410'], 'end']);
    expect(resumed.events[0]?.object).toMatchObject({ reason: 'Expired', code: 410 });
    const fresh = kube.watch(`${probes}?watch=true&resourceVersion=${version()}`);
    kube.post(probes, probe('b'));
    expect(short(fresh).map((line) => line.split('@')[0])).toEqual(['ADDED b']);
  });

  test('a watch can be refused with status 410, too', () => {
    kube.api.faults.answer({ count: 1, answer: 410, meets: ({ verb }) => verb === 'watch' });
    expect(kube.ask('GET', `${probes}?watch=true`)).toMatchObject({ code: 410, body: { reason: 'Expired' } });
    expect(kube.watch(`${probes}?watch=true`).ending).toBeUndefined();
  });

  test('a dropped watch is broken, and hears no more', () => {
    const watch = kube.watch(`${probes}?watch=true`);
    kube.api.faults.dropWatches();
    kube.post(probes, probe('a'));
    expect([watch.ending, watch.events]).toEqual(['broken', []]);
  });

  test('a reader that closed hears no more', () => {
    const watch = kube.watch(`${probes}?watch=true&timeoutSeconds=1`);
    watch.close();
    kube.post(probes, probe('a'));
    kube.pass(2_000);
    expect([watch.ending, watch.events]).toEqual([undefined, []]);
  });

  test('initial events on demand are refused, so that clients list first', () => {
    const told = kube.get(`${probes}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`);
    expect(told).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
  });

  test('an event is as large as it was when it happened', () => {
    kube.post(probes, probe('a', { size: 1 }));
    const watch = kube.watch(`${probes}?watch=true`);
    kube.merge(`${probes}/a`, { spec: { size: 2 } });
    kube.merge(`${probes}/a`, { spec: { size: 3 } });
    expect(watch.events.map(({ object }) => object.spec.size)).toEqual([1, 2, 3]);
  });
});
