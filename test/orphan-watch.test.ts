import { expect, test } from 'vitest';
import type { Orphan } from '../operator/engine/orphans.ts';
import { OrphanWatch } from '../operator/orphan-watch.ts';
import { withoutSecrets } from '../operator/runtime/log.ts';
import { logBook } from './support/log-book.ts';
import { VirtualTimers } from './support/virtual-timers.ts';

const patienceMillis = 17 * 60_000;

/** A watch over what a test puts into `left`, and the log it writes. */
function watchOver(left: Orphan[]) {
  const [timers, log, stop] = [new VirtualTimers(), logBook(), new AbortController()];
  const stores = new Set<string>();
  const watch = new OrphanWatch({
    orphans: (isStore) => left.filter(({ owner }) => !isStore(owner.uid)),
    regions: () => new Set(left.map(({ shelf }) => shelf.region)),
    stores: () => stores,
    isListed: (namespace) => namespace === 'shops',
    ...{ patienceMillis, timers, log, speed: 1 },
  });
  const running = watch.run(stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  return { watch, timers, log, stores, end };
}

const orphan = (uid: string, type = 'ec2/vpc', region = 'eu-central-1', namespace = 'shops'): Orphan =>
  ({
    entry: undefined,
    shelf: { type: { name: type }, region },
    owner: { installation: 'default', namespace, name: `store-${uid}`, uid, node: 'network/vpc' },
  }) as unknown as Orphan;

test('thousands of stores without a cluster are a few lines, and few numbers', async () => {
  const left = Array.from({ length: 30_000 }, (_, n) => orphan(String(n % 3_000)));
  const { watch, timers, log, end } = watchOver(left);
  await timers.advance(patienceMillis + 5 * 60_000);
  expect(log.entries).toHaveLength(21);
  expect(log.entries.at(-1)?.fields).toMatchObject({ stores: 2_980, resources: 29_800 });
  expect(watch.counts).toEqual([{ region: 'eu-central-1', orphaned: 30_000, retained: 0 }]);
  await end();
});

test('nothing of it is hidden from the log, whatever types are called', async () => {
  const { timers, log, end } = watchOver([orphan('a', 'secretsmanager/secret'), orphan('a')]);
  await timers.advance(2 * patienceMillis);
  expect(withoutSecrets(log.entries[0]?.fields)).toMatchObject({
    ...{ store: 'shops/store-a', uid: 'a', resources: 2 },
    types: ['1 ec2/vpc', '1 secretsmanager/secret'],
  });
  await end();
});

test('a store that comes to be known in time is not told, nor is one of another namespace', async () => {
  const { watch, timers, log, stores, end } = watchOver([orphan('a'), orphan('b', 'ec2/vpc', 'eu-central-1', 'other')]);
  await timers.advance(patienceMillis);
  stores.add('a');
  await timers.advance(2 * patienceMillis);
  expect(log.entries).toEqual([]);
  expect(watch.counts).toEqual([{ region: 'eu-central-1', orphaned: 0, retained: 0 }]);
  await end();
});

test('what comes to light in another region later is told with the rest, once', async () => {
  const left = [orphan('a', 'iam/role', 'us-east-1')];
  const { timers, log, end } = watchOver(left);
  await timers.advance(2 * patienceMillis);
  left.push(orphan('a', 'rds/instance'));
  await timers.advance(2 * patienceMillis);
  expect(log.entries.map(({ fields }) => (fields as { types: string[] }).types)).toEqual([
    ['1 iam/role'],
    ['1 iam/role', '1 rds/instance'],
  ]);
  await end();
});
