import { expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { signUp } from '../../simulator/aws/cognito/members.ts';
import { VirtualOperator } from '../support/virtual-operator.ts';

interface Told {
  readonly items: readonly { readonly reason: string; readonly message: string }[];
}

/** Which node has which id, by the event that tells what a store has left; and the end of that event. */
async function leftOf({ user }: VirtualOperator) {
  const { items } = await user.request<Told>({ method: 'GET', path: '/api/v1/namespaces/shops/events' });
  const message = items.find(({ reason }) => reason === 'Retained')?.message ?? '';
  const named = [...message.matchAll(/([\w-]+\/[\w-]+) \(([^)]+)\)/g)].map(([, node = '', id = '']) => [node, id]);
  return { named: Object.fromEntries(named) as Record<string, string>, end: message.slice(message.lastIndexOf(',')) };
}

test('the last event of a store names all data that it has left, and adopt.yaml takes over what it names', async () => {
  const world = new VirtualOperator();
  world.start();
  const store = await world.apply('examples/complete.yaml');
  await world.ready(store);
  const idsOf = (one: typeof store, nodes: readonly string[]): Record<string, string | undefined> =>
    Object.fromEntries(nodes.map((node) => [node, world.status(one)?.resources?.find((is) => is.node === node)?.id]));
  const data = idsOf(store, ['content/bucket', 'database/primary', 'identity/pool']);
  await world.other('s3', 'PutObject', { Bucket: data['content/bucket'], Key: 'shoe.png', Body: Buffer.from('shoe') });
  signUp(world.aws.world, homeRegion, data['identity/pool'] ?? '', 'jane');
  await world.remove(store);
  await world.gone(store);
  const { named, end } = await leftOf(world);
  expect(named).toEqual(data);
  expect(end).toMatch(/^, and \d+ resources they stand on$/);

  const heir = await world.apply('examples/adopt.yaml', (spec) => ({
    ...spec,
    database: { ...spec.database, adopt: named['database/primary'] } as EcomStoreManifestSpec['database'],
    content: { adopt: named['content/bucket'] },
    identity: { adopt: named['identity/pool'] },
  }));
  await world.ready(heir);
  expect(idsOf(heir, Object.keys(data))).toEqual(data);
  expect(world.ledger.existing().filter(({ tags }) => tags['ecom.io/retained'] !== undefined)).toEqual([]);
}, 60_000);

test('a deletion that waits for people tells them the command in an event, and goes on once they have used it', async () => {
  const world = new VirtualOperator();
  world.start();
  const store = await world.apply('examples/minimal.yaml', (spec) => ({
    ...spec,
    database: { engine: 'postgres' },
    policy: { deletion: 'Delete' },
  }));
  await world.ready(store);
  await world.annotate(store, { 'ecom.io/confirm-deletion': 'yes' });
  await world.remove(store);
  await world.advance(20 * 60_000);
  const { items } = await world.user.request<Told>({ method: 'GET', path: '/api/v1/namespaces/shops/events' });
  const [message, ...more] = items.flatMap((event) => (event.reason === 'Stalled' ? [event.message] : []));
  expect(more).toEqual([]);
  // An annotation that holds something else is not written over unless kubectl is told so.
  expect(message).toContain(
    `kubectl annotate store --overwrite -n shops ${store.name} ecom.io/confirm-deletion=${store.uid}`,
  );
  await world.annotate(store, { 'ecom.io/confirm-deletion': store.uid });
  await world.gone(store);
  // The logs that RDS exported are RDS's.
  expect(world.ledger.existing().filter(({ type }) => type !== 'logs/group')).toEqual([]);
}, 60_000);
