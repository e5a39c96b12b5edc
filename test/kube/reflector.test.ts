import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../operator/kube/known.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { Reflector } from '../../operator/kube/reflector.ts';
import { logBook } from '../support/log-book.ts';
import { failure, ScriptedApi, storeObject, type Received } from '../support/scripted-api.ts';
import { turn, until, VirtualTimers } from '../support/virtual-timers.ts';

const path = '/apis/ecom.io/v1alpha1/ecomstores';
const list = (version: string, items: object[], token?: string): object => ({
  kind: 'EcomStoreList',
  metadata: { resourceVersion: version, continue: token },
  items,
});
const event = (type: string, object: object): object => ({ type, object });
const bookmark = (version: string): object => event('BOOKMARK', { metadata: { resourceVersion: version } });

let api: ScriptedApi;
let timers: VirtualTimers;
let reflector: Reflector<KubeObject>;
let seen: string[];
let onChange: (change: Change<KubeObject>) => void;
let stop: AbortController;
let ended: Promise<void>;
const log = logBook();

beforeEach(async () => {
  api = await ScriptedApi.start();
  timers = new VirtualTimers();
  seen = [];
  onChange = ({ is, object }) => void seen.push(`${is} ${object.metadata.name} ${object.metadata.uid}`);
  stop = new AbortController();
  reflector = new Reflector({
    client: api.client(timers),
    path,
    timers,
    random: () => 0.5,
    log,
    onChange: (change) => onChange(change),
    pageSize: 2,
  });
  ended = reflector.run(stop.signal);
});

afterEach(async () => {
  stop.abort();
  await ended;
  await api.stop();
});

/** Past the longest wait of the back-off. */
const retry = (): Promise<void> => timers.advance(61_000);

async function watching(items: object[] = [], version = '10'): Promise<Received> {
  (await api.next()).answer(200, list(version, items));
  const watch = await api.next();
  expect(watch.isWatch).toBe(true);
  watch.send();
  return watch;
}

describe('listing', () => {
  test('begins with the newest state, of which alone there are pages, and reads each by its continue token', async () => {
    const first = await api.next();
    expect(Object.fromEntries(first.query)).toEqual({ limit: '2' });
    first.answer(200, list('10', [storeObject('a', '1'), storeObject('b', '2')], 'more'));
    const second = await api.next();
    expect(reflector.synced).toBe(false);
    expect(Object.fromEntries(second.query)).toEqual({ limit: '2', continue: 'more' });
    second.answer(200, list('10', [storeObject('c', '3')]));
    const watch = await api.next();
    expect(watch.query.get('resourceVersion')).toBe('10');
    expect(seen).toEqual(['applied a uid-a', 'applied b uid-b', 'applied c uid-c']);
    expect(reflector.synced).toBe(true);
    expect(reflector.get('shops/a')?.metadata).not.toHaveProperty('managedFields');
  });

  test('keeps of an object only what is read of it, however much people note on it', async () => {
    const metadata = { namespace: 'shops', name: 'a', uid: 'uid-a', resourceVersion: '1', finalizers: ['theirs/one'] };
    const confirmed = { 'ecom.io/confirm-deletion': 'uid-a' };
    const noted = { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(250_000), team: 'shoes' };
    const asked = 'y'.repeat(1_000);
    const annotations = { ...noted, ...confirmed, 'ecom.io/reconcile-at': asked };
    const others = {
      labels: { tier: 'web' },
      managedFields: [{ manager: 'kubectl' }],
      ownerReferences: [{ uid: 'o' }],
    };
    const watch = await watching([{ metadata: { ...metadata, ...others, annotations }, spec: {} }]);
    const known = (): unknown => reflector.get('shops/a')?.metadata;
    const digested = expect.stringMatching(/^[0-9a-z]{64}$/) as string;
    const kept = { ...metadata, annotations: { ...confirmed, 'ecom.io/reconcile-at': digested } };
    expect(known()).toEqual(kept);
    const changed = { ...metadata, ...others, resourceVersion: '11', annotations: noted };
    watch.send(event('MODIFIED', { metadata: changed, spec: {} }));
    await until(() => seen.length === 2);
    expect(known()).toEqual({ ...metadata, resourceVersion: '11', annotations: {} });
  });

  test('may be of some objects only, and of no state older than one that was seen', async () => {
    await api.next();
    stop.abort();
    await ended;
    stop = new AbortController();
    const asked: string[] = [];
    const client = api.client(timers);
    const narrow = new Reflector({
      ...{ client, path, timers, random: () => 0.5, log, onChange: (change) => onChange(change) },
      ...{ fieldSelector: 'metadata.name=a', notOlderThan: '42' },
      onAnswer: () => void asked.push('answer'),
      onTrouble: (error) => void asked.push(String(error)),
    });
    ended = narrow.run(stop.signal);
    (await api.next()).answer(503, failure(503, 'ServiceUnavailable'));
    await until(() => asked.length === 1);
    await retry();
    const first = await api.next();
    expect(Object.fromEntries(first.query)).toEqual({
      ...{ fieldSelector: 'metadata.name=a', limit: '20' },
      ...{ resourceVersion: '42', resourceVersionMatch: 'NotOlderThan' },
    });
    first.answer(200, list('43', [storeObject('a', '40')]));
    const watch = await api.next();
    expect(asked.slice(1)).toEqual(['answer']);
    expect(watch.query.get('fieldSelector')).toBe('metadata.name=a');
    watch.send();
    await until(() => asked.length === 3);
    expect(asked).toEqual([expect.stringContaining('503'), 'answer', 'answer']);
    await client.close();
  });

  test('an expired continue token leads to one list without pages, of the newest state', async () => {
    (await api.next()).answer(200, list('10', [storeObject('a', '1'), storeObject('b', '2')], 'more'));
    (await api.next()).answer(410, failure(410, 'Expired'));
    await until(() => timers.waiting > 0);
    await retry();
    const again = await api.next();
    expect(Object.fromEntries(again.query)).toEqual({});
    again.answer(200, list('11', [storeObject('a', '1'), storeObject('c', '3')]));
    await api.next();
    expect(reflector.all().map((store) => store.metadata.name)).toEqual(['a', 'c']);
  });

  test('an answer that is not JSON, and a list without a version, are no lists', async () => {
    (await api.next()).answer(200, '<html>the proxy is well</html>');
    await until(() => timers.waiting > 0);
    await retry();
    (await api.next()).answer(200, {});
    await until(() => timers.waiting > 0);
    expect(reflector.synced).toBe(false);
    await retry();
    await watching();
    expect(reflector.synced).toBe(true);
  });

  test('a listed object without identity never reads as the deletion of another', async () => {
    const watch = await watching([storeObject('a', '1')]);
    watch.send(event('ERROR', failure(410, 'Expired')));
    await until(() => timers.waiting > 0);
    await retry();
    (await api.next()).answer(200, list('12', [{ spec: {} }]));
    await until(() => timers.waiting > 0);
    expect(reflector.get('shops/a')).toBeDefined();
    expect(seen).toEqual(['applied a uid-a']);
  });
});

describe('watching', () => {
  test('asks for bookmarks and for an end between five and ten minutes', async () => {
    const watch = await watching();
    expect(Object.fromEntries(watch.query)).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '450',
    });
  });

  test('tells what is added, changed and removed, with the object as it was before', async () => {
    const changes: Change<KubeObject>[] = [];
    onChange = (change) => void changes.push(change);
    const watch = await watching([storeObject('a', '1')]);
    watch.send(event('MODIFIED', storeObject('a', '11')), event('ADDED', storeObject('b', '12')));
    watch.send(event('DELETED', storeObject('a', '13')));
    await until(() => changes.length === 4);
    expect(changes.map(({ is, object }) => `${is} ${object.metadata.name}@${object.metadata.resourceVersion}`)).toEqual(
      ['applied a@1', 'applied a@11', 'applied b@12', 'removed a@13'],
    );
    expect(changes[1]).toMatchObject({ old: { metadata: { resourceVersion: '1' } } });
    expect(reflector.all().map((store) => store.metadata.name)).toEqual(['b']);
  });

  test('an object cut in two by the network, also inside a character, is read whole', async () => {
    const watch = await watching();
    const store = storeObject('a', '11', { spec: { greeting: 'grüß Gott' } });
    const line = Buffer.from(`${JSON.stringify(event('ADDED', store))}\n`);
    const inside = line.indexOf('ü') + 1;
    watch.sendBytes(line.subarray(0, inside));
    await turn();
    watch.sendBytes(line.subarray(inside));
    await until(() => seen.length === 1);
    expect(reflector.get('shops/a')).toMatchObject({ spec: { greeting: 'grüß Gott' } });
  });

  test('resumes from the last bookmark when the server ends the watch', async () => {
    const watch = await watching();
    watch.send(event('ADDED', storeObject('z', '41')), bookmark('42'));
    await until(() => seen.length === 1);
    await timers.advance(400_000);
    watch.end();
    const next = await api.next();
    expect(next.isWatch).toBe(true);
    expect(next.query.get('resourceVersion')).toBe('42');
  });

  test('a watch that ends at once is not reopened in a tight loop', async () => {
    (await watching()).end();
    await until(() => timers.waiting > 0);
    await timers.advance(500);
    expect(api.waiting).toBe(0);
    await retry();
    expect((await api.next()).isWatch).toBe(true);
  });

  test('a watch that stays silent beyond its end and a grace is cut, and resumed', async () => {
    const watch = await watching();
    await timers.advance(464_000);
    expect(watch.closed).toBe(false);
    await timers.advance(2_000);
    await until(() => watch.closed);
    expect((await api.next()).query.get('resourceVersion')).toBe('10');
  });

  test.each([
    ['a reset connection', (watch: Received) => watch.reset()],
    ['a line of garbage', (watch: Received) => watch.send('{"type":"ADD\n')],
    ['an event of unknown type', (watch: Received) => watch.send(event('MOVED', storeObject('a', '99')))],
    ['an event without an object', (watch: Received) => watch.send({ type: 'ADDED' })],
    ['an object without identity', (watch: Received) => watch.send(event('ADDED', { metadata: { name: 'a' } }))],
    [
      'a server error told in the stream',
      (watch: Received) => watch.send(event('ERROR', failure(500, 'InternalError'))),
    ],
  ])('%s leads to a new watch from the same place', async (_, misfortune) => {
    const watch = await watching();
    watch.send(event('ADDED', storeObject('z', '41')), bookmark('42'));
    await until(() => seen.length === 1);
    misfortune(watch);
    await until(() => watch.closed && timers.waiting === 1);
    await retry();
    const next = await api.next();
    expect(next.isWatch).toBe(true);
    expect(next.query.get('resourceVersion')).toBe('42');
    expect(seen).toEqual(['applied z uid-z']);
  });

  test.each([
    ['by status', (watch: Received) => watch.answer(410, failure(410, 'Expired'))],
    ['by an event', (watch: Received) => watch.send(event('ERROR', failure(410, 'Expired')))],
  ])('a place in history that is gone, told %s, leads to a list and its difference', async (_, gone) => {
    (await api.next()).answer(200, list('10', [storeObject('a', '1'), storeObject('b', '2'), storeObject('c', '3')]));
    gone(await api.next());
    await until(() => timers.waiting === 1);
    await retry();
    const again = await api.next();
    expect(again.query.has('resourceVersion')).toBe(false);
    again.answer(200, list('20', [storeObject('a', '1'), storeObject('c', '17', { uid: 'uid-of-another' })]));
    await api.next();
    expect(seen.slice(3)).toEqual(['removed b uid-b', 'removed c uid-c', 'applied c uid-of-another']);
  });

  test('a store deleted and made anew while nobody watched is two changes', async () => {
    const watch = await watching([storeObject('a', '1')]);
    watch.send(event('MODIFIED', storeObject('a', '15', { uid: 'uid-new' })));
    watch.send(event('DELETED', storeObject('a', '16')));
    watch.send(bookmark('17'));
    await until(() => seen.length > 1);
    expect(seen).toEqual(['applied a uid-a', 'removed a uid-a', 'applied a uid-new']);
    expect(reflector.get('shops/a')?.metadata.uid).toBe('uid-new');
  });
});

describe('an API server in trouble', () => {
  test('is asked again after what Retry-After says', async () => {
    (await api.next()).answer(429, failure(429, 'TooManyRequests'), { 'retry-after': '90' });
    await until(() => timers.waiting > 0);
    await timers.advance(89_000);
    expect(api.waiting).toBe(0);
    await timers.advance(2_000);
    await watching();
  });

  test('is asked ever more slowly, but at least every minute, and recovers after hours', async () => {
    for (const code of [500, 503, 502, 401, 403, 404, 408, 429, 500, 500]) {
      (await api.next()).answer(code, failure(code, 'Trouble'));
      await until(() => timers.waiting > 0);
      await timers.advance(timers.next as number);
    }
    (await api.next()).reset();
    await until(() => timers.waiting > 0);
    expect(timers.next).toBe(45_000);
    await retry();
    await watching([storeObject('a', '1')]);
    expect(reflector.synced).toBe(true);
  });

  test('that has told something again is asked as quickly as at first when it fails next', async () => {
    for (let i = 0; i < 6; i++) {
      (await api.next()).reset();
      await until(() => timers.waiting > 0);
      await timers.advance(timers.next as number);
    }
    const watch = await watching();
    watch.send(event('ADDED', storeObject('a', '11')));
    await until(() => seen.length === 1);
    watch.reset();
    await until(() => watch.closed && timers.waiting === 1 && (timers.next as number) < 100_000);
    expect(timers.next).toBe(1_200);
  });

  test('that lags behind what was seen is asked for the newest state instead', async () => {
    const watch = await watching([storeObject('a', '1')]);
    watch.send(event('ERROR', failure(410, 'Expired')));
    await until(() => watch.closed && timers.waiting === 1);
    await retry();
    const cause = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' };
    (await api.next()).answer(504, failure(504, 'Timeout', { details: { causes: [cause] } }));
    await until(() => timers.waiting > 0);
    await retry();
    expect((await api.next()).query.has('resourceVersion')).toBe(false);
  });

  test('does not make the loop look hung', async () => {
    (await api.next()).reset();
    await until(() => timers.waiting > 0);
    await timers.advance(30_000);
    await api.next();
    expect(reflector.turnMillis).toBeLessThan(61_000);
    expect(reflector.silentMillis).toBeUndefined();
  });
});

describe('the one who listens', () => {
  test('may throw: the next change is told all the same', async () => {
    const good = onChange;
    onChange = () => {
      throw new Error('not my day');
    };
    const watch = await watching([storeObject('a', '1')]);
    await until(() => log.entries.some((entry) => entry.message.startsWith('a change of a store could not')));
    onChange = good;
    watch.send(event('ADDED', storeObject('b', '12')));
    await until(() => seen.length === 1);
    expect(reflector.all().map((store) => store.metadata.name)).toEqual(['a', 'b']);
  });

  test('is told nothing twice when a list shows what is known', async () => {
    const watch = await watching([storeObject('a', '1')]);
    watch.send(event('ERROR', failure(410, 'Expired')));
    await until(() => watch.closed && timers.waiting === 1);
    await retry();
    await watching([storeObject('a', '1')], '20');
    expect(seen).toEqual(['applied a uid-a']);
  });
});

describe('stopping', () => {
  test('is immediate while watching', async () => {
    const watch = await watching();
    stop.abort();
    await ended;
    await until(() => watch.closed);
    expect(timers.waiting).toBe(0);
  });

  test('is immediate while backing off', async () => {
    (await api.next()).reset();
    await until(() => timers.waiting > 0);
    stop.abort();
    await ended;
    expect(timers.waiting).toBe(0);
    expect(api.requests).toHaveLength(1);
  });

  test('is immediate while a list is being answered', async () => {
    await api.next();
    stop.abort();
    await ended;
  });
});
