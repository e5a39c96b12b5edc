import { expect, test } from 'vitest';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { roles } from '../../simulator/aws/iam/roles.ts';
import { functions, type LambdaFunction } from '../../simulator/aws/lambda/kinds.ts';
import { subscriptions } from '../../simulator/aws/sns/kinds.ts';
import { queues } from '../../simulator/aws/sqs/kinds.ts';
import { isSettled, VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const example = 'examples/notifications.yaml';

const functionOn = ({ aws }: VirtualWorld, what: string): LambdaFunction | undefined =>
  aws.world
    .collection(homeRegion, functions)
    .all()
    .find(({ name }) => name.includes(`-on-${what}-`));

async function built() {
  const world = new VirtualWorld();
  const store = world.add(example);
  await world.settle(store);
  return { world, store };
}

type Topics = NonNullable<NonNullable<EcomStoreManifestSpec['notifications']>['topics']>;

function change(store: VirtualStore, topics: Topics): void {
  store.spec = withDefaults({ ...store.spec, notifications: { topics } });
}

test('functions with all that they need are built, left alone, and removed without a trace', async () => {
  const { world, store } = await built();
  const noun = ({ type }: { type: string }) => type;
  expect(
    world
      .existing()
      .map(noun)
      .filter((type) => /^(sns|sqs|lambda)/.test(type))
      .sort(),
  ).toEqual([
    ...['lambda/function', 'lambda/function'],
    ...['sns/subscription', 'sns/subscription', 'sns/subscription', 'sns/subscription', 'sns/subscription'],
    ...['sns/subscription', 'sns/subscription', 'sns/topic', 'sns/topic', 'sns/topic', 'sqs/queue', 'sqs/queue'],
  ]);
  expect(await world.leftAlone(store)).toEqual([]);
  const exposed = world.ledger.exposures().map(({ what }) => what);
  expect(exposed.filter((what) => /topic|queue|function/.test(what))).toEqual([]);
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});

test('a function may write its log and pass on what it could not handle; its topic alone may call it, and leaves beside it what it could not deliver', async () => {
  const { world, store } = await built();
  const made = functionOn(world, 'orders');
  const role = world.aws.world
    .collection('global', roles)
    .all()
    .find(({ arn }) => arn === made?.settings.Role);
  const [queue] = world.aws.world
    .collection(homeRegion, queues)
    .all()
    .filter(({ arn }) => arn === made?.settings.DeadLetterConfig?.TargetArn);
  const actions = Object.values(role?.inline ?? {}).flatMap((text) =>
    (JSON.parse(text) as { Statement: { Action: string[] }[] }).Statement.flatMap(({ Action }) => Action),
  );
  expect(actions.sort()).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage']);
  expect(role?.inline['failed-messages']).toContain(queue?.arn);
  expect(queue?.attributes).toMatchObject({ SqsManagedSseEnabled: 'true', MessageRetentionPeriod: '1209600' });
  expect(queue?.attributes['Policy']).toContain('aws:SecureTransport');
  const topicArn = world.idOf(store, 'notifications/topic-orders');
  const { Statement } = JSON.parse(queue?.attributes['Policy'] ?? '{}') as { Statement: object[] };
  expect(Statement).toContainEqual({
    ...{ Sid: 'UndeliveredMessages', Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } },
    ...{ Action: 'sqs:SendMessage', Resource: queue?.arn, Condition: { ArnEquals: { 'aws:SourceArn': topicArn } } },
  });
  const subscribed = world.aws.world.collection(homeRegion, subscriptions).all();
  const called = subscribed.filter(({ endpoint }) => endpoint === made?.arn);
  expect(called.map(({ attributes }) => attributes['RedrivePolicy'])).toEqual([
    JSON.stringify({ deadLetterTargetArn: queue?.arn }),
  ]);
  expect(made?.settings.LoggingConfig.LogGroup).toBe('/ecom/shops/herald/functions/orders');
  expect(made?.statements).toMatchObject([
    {
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { ArnLike: { 'AWS:SourceArn': world.idOf(store, 'notifications/topic-orders') } },
    },
  ]);
});

test('new code is rolled out in place', async () => {
  const { world, store } = await built();
  const [before, arn] = [functionOn(world, 'orders')?.code.sha256, functionOn(world, 'orders')?.arn];
  change(store, {
    orders: {
      function: { s3: { bucket: 'example-code', key: 'on-order-2.zip' }, handler: 'main.run', runtime: 'nodejs24.x' },
    },
    stock: { function: { image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/on-stock:1.5.0' } },
  });
  await world.settle(store);
  expect(functionOn(world, 'orders')?.code.sha256).not.toBe(before);
  expect(functionOn(world, 'orders')).toMatchObject({ arn, settings: { Handler: 'main.run', Runtime: 'nodejs24.x' } });
  expect(functionOn(world, 'stock')?.code.imageUri).toContain(':1.5.0');
});

/**
 * Lets time pass until a store is settled, or for an hour, and asks all the while whether a message would be handled.
 * Answers also for how many seconds a function has outlived the last message to it.
 */
async function messagesWhile({ world, store }: { world: VirtualWorld; store: VirtualStore }) {
  const unhandled: string[] = [];
  const uncalled: number[] = [];
  const start = world.clock.now();
  for (;;) {
    const verdict = await world.pass(store);
    const { Subscriptions } = await world.other<{ Subscriptions: { Endpoint: string }[] }>(
      'sns',
      'ListSubscriptions',
      {},
    );
    const made = world.aws.world.collection(homeRegion, functions).all();
    const called = made.filter(({ arn }) => Subscriptions.some(({ Endpoint }) => Endpoint === arn));
    const isHandled = called.some(({ name, state }) => name.includes('-on-orders-') && state === 'Active');
    const since = (world.clock.now() - start) / 1_000;
    if (
      called.length > 0 &&
      made.some((one) => one.name.includes('-on-orders-') && !called.includes(one) && one.state === 'Active')
    )
      uncalled.push(since);
    if (!isHandled) unhandled.push(`${since} s: nobody is called`);
    for (const { Endpoint } of Subscriptions)
      if (Endpoint.includes('-on-orders-') && !made.some(({ arn }) => arn === Endpoint))
        unhandled.push(`${since} s: ${Endpoint} is called, and gone`);
    if (isSettled(verdict) || since > 3600) return { unhandled, outlived: (uncalled.at(-1) ?? 0) - (uncalled[0] ?? 0) };
    const due = Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
    world.clock.advance(Math.min(5_000, Math.max(200, due - world.clock.now())));
  }
}

const repository = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';
const archive = {
  s3: { bucket: 'example-code', key: 'on-order.zip' },
  handler: 'index.handler',
  runtime: 'nodejs22.x',
};

test('an archive becomes an image, and back, and no message is lost', async () => {
  const { world, store } = await built();
  for (const [wish, packageType] of [
    [{ image: `${repository}/on-stock:1.5.0` }, 'Image'],
    [archive, 'Zip'],
  ] as const) {
    change(store, { orders: { function: wish } });
    const { unhandled, outlived } = await messagesWhile({ world, store });
    expect(unhandled).toEqual([]);
    // Lambda tries again what it has failed at, for three minutes.
    expect(outlived).toBeGreaterThan(170);
    expect(functionOn(world, 'orders')).toMatchObject({ packageType, state: 'Active' });
    expect(world.existing('lambda/function')).toHaveLength(1);
  }
  expect(await world.leftAlone(store)).toEqual([]);
});

test('an archive stays at work while the image that takes its place is not there', async () => {
  const { world, store } = await built();
  change(store, { orders: { function: { image: `${repository}/nowhere:1.0.0` } } });
  expect((await messagesWhile({ world, store })).unhandled).toEqual([]);
  expect(functionOn(world, 'orders')).toMatchObject({ packageType: 'Zip', state: 'Active' });
});

test('code that is not there stalls its function, says so, and disturbs nothing else', async () => {
  const world = new VirtualWorld();
  const missing = {
    s3: { bucket: 'example-code', key: 'nowhere.zip' },
    handler: 'index.handler',
    runtime: 'nodejs22.x',
  };
  const store = world.add(example, (spec) => ({
    ...spec,
    notifications: { topics: { orders: { function: missing }, stock: {} } },
  }));
  await expect(world.settle(store, undefined, 90)).rejects.toThrow(/NoSuchKey/);
  const open = store.last?.nodes.filter(({ standing }) => standing !== 'ready') ?? [];
  expect(open.map(({ node }) => node.replace(/-[0-9a-f]{8}$/, '')).sort()).toEqual([
    'notifications/function-orders',
    'notifications/subscription-orders',
  ]);
});

test('a function that somebody else keeps is subscribed, and nothing is made or changed for it', async () => {
  const world = new VirtualWorld();
  const arn = `arn:aws:lambda:${homeRegion}:111122223333:function:theirs`;
  const store = world.add(example, (spec) => ({
    ...spec,
    notifications: { topics: { orders: { function: { arn } } } },
  }));
  await world.settle(store);
  expect(world.existing('lambda/function')).toEqual([]);
  expect(world.existing('sns/subscription')).toHaveLength(1);
  expect(world.cloud.writes().filter((write) => write.includes('lambda:'))).toEqual([]);
});
