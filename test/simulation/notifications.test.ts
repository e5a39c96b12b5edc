import { expect, test } from 'vitest';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { roles } from '../../simulator/aws/iam/roles.ts';
import { messages, subscriptions } from '../../simulator/aws/sns/kinds.ts';
import { confirmByAddressee, leaveByAddressee } from '../../simulator/aws/sns/subscriptions.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
type Notifications = NonNullable<EcomStoreManifestSpec['notifications']>;
const hours = 3_600_000;
const email = { protocol: 'email', endpoint: 'ada@example.com' } as const;
const queue = { protocol: 'sqs', endpoint: `arn:aws:sqs:${homeRegion}:111122223333:warehouse` } as const;
const ordersTo = (...addressees: readonly (typeof email | typeof queue)[]): Notifications => ({
  topics: { orders: { subscriptions: [...addressees] } },
});

const notifying =
  (notifications: Notifications = {}) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({ ...spec, notifications });

const change = (store: VirtualStore, notifications: Notifications | undefined): void => {
  const { notifications: _, ...rest } = store.spec;
  store.spec = withDefaults({ ...rest, ...(notifications ? { notifications } : {}) } as EcomStoreManifestSpec);
};

/** Who is subscribed, with how each stands. */
const subscribed = ({ aws }: VirtualWorld): string[] =>
  aws.world
    .collection(homeRegion, subscriptions)
    .all()
    .map(({ endpoint, standing }) => `${endpoint} ${standing}`)
    .sort();

const reportOn = ({ last }: VirtualStore, type: string) => last?.nodes.filter((report) => report.type === type) ?? [];

/** Time passes, with whatever is to be done in it. */
async function pass(world: VirtualWorld, store: VirtualStore, millis: number, step = 300_000): Promise<void> {
  for (const until = world.clock.now() + millis; world.clock.now() < until; world.clock.advance(step))
    await world.settle(store);
}

test('a store with messages by its defaults is built, left alone, and removed without a trace', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying());
  await world.settle(store);
  expect(world.existing('sns/topic')).toHaveLength(1);
  const writes = world.cloud.writes().length;
  await pass(world, store, hours);
  expect(world.cloud.writes().slice(writes)).toEqual([]);
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});

test('an address that waits for its confirmation keeps nothing from being ready, and the store goes without it', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying(ordersTo(email, queue)));
  await world.settle(store);
  expect(subscribed(world)).toEqual(['ada@example.com pending', `${queue.endpoint} confirmed`]);
  expect(
    reportOn(store, 'sns/subscription')
      .map(({ standing, reason }) => `${standing} ${reason}`)
      .sort(),
  ).toEqual(['ready AwaitingConfirmation', 'ready UpToDate']);
  await world.remove(store);
  expect(world.existing()).toEqual([]);
  expect(store.last?.retained).toEqual([]);
});

test('an address is asked again when nobody has answered for two days, and only then', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying(ordersTo(email)));
  await world.settle(store);
  const asked = () => world.cloud.writes().filter((write) => write.includes('Subscribe')).length;
  await pass(world, store, 47 * hours, hours);
  expect(asked()).toBe(1);
  await pass(world, store, 2 * hours, hours / 2);
  expect(asked()).toBe(2);
  confirmByAddressee(world.aws.world, homeRegion, email.endpoint);
  await pass(world, store, 60 * hours, hours);
  expect(asked()).toBe(2);
  expect(reportOn(store, 'sns/subscription')[0]?.reason).toBe('UpToDate');
});

test('who is no longer written in the store gets no more messages; one who never answered is left to lapse', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying(ordersTo(email, queue)));
  await world.settle(store);
  change(store, ordersTo());
  await world.settle(store);
  expect(subscribed(world)).toEqual(['ada@example.com pending']);
  expect(store.last?.retained).toMatchObject([
    { type: 'sns/subscription', why: expect.stringContaining('lapses') as string },
  ]);
  confirmByAddressee(world.aws.world, homeRegion, email.endpoint);
  await pass(world, store, hours / 4);
  expect(subscribed(world)).toEqual([]);
});

test('somebody who subscribes to a topic of the store behind its back is taken off', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying(ordersTo(queue)));
  await world.settle(store);
  const TopicArn = world.idOf(store, 'notifications/topic-orders');
  const Endpoint = queue.endpoint.replace('warehouse', 'spy');
  await world.other('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint });
  await pass(world, store, hours / 4);
  expect(subscribed(world)).toEqual([`${queue.endpoint} confirmed`]);
});

test('an addressee who has left is asked again', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying(ordersTo(email)));
  await world.settle(store);
  confirmByAddressee(world.aws.world, homeRegion, email.endpoint);
  await pass(world, store, hours / 4);
  leaveByAddressee(world.aws.world, homeRegion, email.endpoint);
  await pass(world, store, hours / 4);
  expect(subscribed(world)).toEqual(['ada@example.com pending']);
});

test('a topic that is made anew has its subscriptions again, and what is published reaches them', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, notifying(ordersTo(queue)));
  await world.settle(store);
  const TopicArn = world.idOf(store, 'notifications/topic-orders');
  await world.other('sns', 'DeleteTopic', { TopicArn });
  await pass(world, store, hours / 2);
  await world.other('sns', 'Publish', { TopicArn, Message: 'order 1' });
  expect(world.aws.world.collection(homeRegion, messages).all()).toMatchObject([{ deliveredTo: [queue.endpoint] }]);
});

test('instances may publish to the topics of their store, and to nothing else', async () => {
  const world = new VirtualWorld();
  const key = `arn:aws:kms:${homeRegion}:111122223333:key/0a1b2c3d`;
  const store = world.add(minimal, notifying({ topics: { alerts: {}, orders: {} }, kmsKeyArn: key }));
  await world.settle(store);
  const role = world.aws.world
    .collection('global', roles)
    .all()
    .find(({ inline }) => 'publish-messages' in inline);
  const topics = ['alerts', 'orders'].map((topic) => world.idOf(store, `notifications/topic-${topic}`));
  expect(JSON.parse(role?.inline['publish-messages'] ?? '')).toMatchObject({
    Statement: [{ Action: ['sns:Publish'], Resource: topics }],
  });
  const forThem = {
    'kms:ViaService': `sns.${homeRegion}.amazonaws.com`,
    'kms:EncryptionContext:aws:sns:topicArn': topics,
  };
  expect(JSON.parse(role?.inline['encrypt-messages'] ?? '')).toMatchObject({
    Statement: [{ Resource: [key], Condition: { StringEquals: forThem } }],
  });
});

test('two stores share one reading of topics and subscriptions, and never a topic', async () => {
  const world = new VirtualWorld();
  const first = world.add(minimal, notifying(ordersTo(queue)));
  const second = world.add('examples/gitops/tenants/bakery/bread.yaml', notifying(ordersTo(queue)));
  await world.settle(first);
  await world.settle(second);
  expect(world.existing('sns/topic')).toHaveLength(2);
  await world.remove(second);
  expect(world.existing('sns/topic').map(({ id }) => id)).toEqual([world.idOf(first, 'notifications/topic-orders')]);
  change(first, undefined);
  await world.settle(first);
  expect(world.existing().filter(({ type }) => type.startsWith('sns/'))).toEqual([]);
});
