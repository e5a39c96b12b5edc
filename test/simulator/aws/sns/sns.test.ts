import { beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { messages } from '../../../../simulator/aws/sns/kinds.ts';
import { confirmByAddressee, leaveByAddressee } from '../../../../simulator/aws/sns/subscriptions.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

/** The members of answers that are looked at here. */
interface Answer {
  readonly TopicArn: string;
  readonly SubscriptionArn: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly Subscriptions: readonly { readonly SubscriptionArn: string; readonly Endpoint: string }[];
  readonly Topics: readonly { readonly TopicArn: string }[];
  readonly NextToken?: string;
}

const region = 'eu-central-1';
const TopicArn = `arn:aws:sns:${region}:111122223333:orders`;
const Tags = [{ Key: 'a', Value: 'b' }];
const hours = 3_600_000;
let clock: VirtualClock;
let aws: SimulatedAws;
const sns = (operation: string, input: object = {}) =>
  callsTo(aws, 'sns')(operation, input as never) as Promise<unknown> as Promise<Answer>;
const refused = (call: Promise<unknown>, code: string, message = /./) =>
  expect(call).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
const create = (input: object = {}) => sns('CreateTopic', { Name: 'orders', Tags, ...input });
const subscribe = (Protocol: string, Endpoint: string, more: object = {}) =>
  sns('Subscribe', { TopicArn, Protocol, Endpoint, ...more });
const listed = async () => (await sns('ListSubscriptions')).Subscriptions.map((one) => one.SubscriptionArn);

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  await create();
});

describe('a topic', () => {
  test('is the same when it is made again, and refused when anything is different', async () => {
    expect(await create()).toEqual({ TopicArn });
    await refused(create({ Tags: [] }), 'InvalidParameter', /already exists with different tags/);
    await refused(create({ Attributes: { DisplayName: 'x' } }), 'InvalidParameter', /with different attributes/);
    expect((await sns('ListTopics')).Topics).toEqual([{ TopicArn }]);
  });

  test('may have what became of its deliveries logged', async () => {
    const set = (AttributeName: string, AttributeValue: string) =>
      sns('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    await set('HTTPSuccessFeedbackSampleRate', '100');
    expect((await sns('GetTopicAttributes', { TopicArn })).Attributes).toMatchObject({
      HTTPSuccessFeedbackSampleRate: '100',
    });
    await refused(set('SQSSuccessFeedbackSampleRate', '101'), 'InvalidParameter', /percentage/);
    await refused(set('FaxSuccessFeedbackSampleRate', '1'), 'InvalidParameter', /AttributeName/);
  });

  test('tells what was never set by its defaults, and a key only while it has one', async () => {
    const told = async () => (await sns('GetTopicAttributes', { TopicArn })).Attributes;
    expect(await told()).toMatchObject({ DisplayName: '', Owner: '111122223333' });
    expect(await told()).not.toHaveProperty('KmsMasterKeyId');
    const key = (AttributeValue: string) =>
      sns('SetTopicAttributes', { TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue });
    await key('alias/aws/sns');
    expect(await told()).toMatchObject({ KmsMasterKeyId: 'alias/aws/sns' });
    await key('');
    expect(await told()).not.toHaveProperty('KmsMasterKeyId');
  });

  test.each([
    ['Colour', 'blue', 'InvalidParameter'],
    ['SignatureVersion', '3', 'InvalidParameter'],
    ['Policy', '{}', 'InvalidParameter'],
    ['FifoTopic', 'true', 'UnsupportedOperation'],
  ])('refuses %s %s', async (AttributeName, AttributeValue, code) => {
    await refused(sns('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue }), code);
  });

  test('is exposed by a policy that names nobody, unless it narrows whom it lets in', async () => {
    const policy = (Condition: object | undefined) =>
      sns('SetTopicAttributes', {
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify({
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: TopicArn, Condition }],
        }),
      });
    await policy({ StringEquals: { 'aws:SourceAccount': '111122223333' } });
    expect(aws.world.ledger.exposures()).toEqual([]);
    await policy(undefined);
    expect(aws.world.ledger.exposures().map(({ what }) => what)).toEqual(['topic orders by its policy']);
  });

  test('takes its subscriptions along, also those that nobody could delete, and deleting it again is no error', async () => {
    await subscribe('email', 'ada@example.com');
    await subscribe('sms', '+4915100000000');
    await sns('DeleteTopic', { TopicArn });
    expect(aws.world.ledger.existing()).toEqual([]);
    await sns('DeleteTopic', { TopicArn });
    await refused(sns('GetTopicAttributes', { TopicArn }), 'NotFound');
    await refused(sns('ListTagsForResource', { ResourceArn: TopicArn }), 'ResourceNotFound');
  });

  test('lists come in pages', async () => {
    aws.world.pageSize = 1;
    await sns('CreateTopic', { Name: 'alerts' });
    const { Topics, NextToken } = await sns('ListTopics');
    expect([...Topics, ...(await sns('ListTopics', { NextToken })).Topics]).toHaveLength(2);
    await refused(sns('ListTopics', { NextToken: 'mine' }), 'InvalidParameter');
  });
});

describe('a subscription', () => {
  test('of an address waits for its confirmation, has no ARN in lists, and cannot be deleted', async () => {
    expect(await subscribe('email', 'ada@example.com')).toEqual({ SubscriptionArn: 'pending confirmation' });
    expect(await listed()).toEqual(['PendingConfirmation']);
    const { SubscriptionArn } = await subscribe('email', 'ada@example.com', { ReturnSubscriptionArn: true });
    await refused(sns('Unsubscribe', { SubscriptionArn }), 'InvalidParameter', /pending confirmation/);
    confirmByAddressee(aws.world, region, 'ada@example.com');
    expect(await listed()).toEqual([SubscriptionArn]);
    await sns('Unsubscribe', { SubscriptionArn });
    await sns('Unsubscribe', { SubscriptionArn });
    expect(await listed()).toEqual([]);
  });

  test('lapses when nobody confirms it for two days', async () => {
    await subscribe('https', 'https://shop.example.com/hook');
    clock.advance(47 * hours);
    expect(await listed()).toHaveLength(1);
    clock.advance(hours);
    expect(await listed()).toEqual([]);
  });

  test('of somebody who has left is listed as deleted, and can be asked for again', async () => {
    await subscribe('email', 'ada@example.com');
    confirmByAddressee(aws.world, region, 'ada@example.com');
    leaveByAddressee(aws.world, region, 'ada@example.com');
    expect(await listed()).toEqual(['Deleted']);
    await subscribe('email', 'ada@example.com');
    expect(await listed()).toEqual(['PendingConfirmation']);
  });

  test('of a queue or a function in the account needs no confirmation, of another account it does', async () => {
    const queue = (account: string) => `arn:aws:sqs:${region}:${account}:audit`;
    expect((await subscribe('sqs', queue('111122223333'))).SubscriptionArn).toContain(TopicArn);
    expect((await subscribe('sqs', queue('999988887777'))).SubscriptionArn).toBe('pending confirmation');
    await refused(subscribe('lambda', queue('111122223333')), 'InvalidParameter', /Lambda endpoint ARN/);
    await refused(subscribe('https', 'http://shop.example.com'), 'InvalidParameter');
  });

  test('with other attributes than it has is refused, and they are told of it', async () => {
    const queue = `arn:aws:sqs:${region}:111122223333:audit`;
    const Attributes = { FilterPolicy: '{"kind":["order"]}', RawMessageDelivery: 'true' };
    const { SubscriptionArn } = await subscribe('sqs', queue, { Attributes });
    expect((await sns('GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toMatchObject(Attributes);
    await refused(subscribe('sqs', queue, { Attributes: { FilterPolicy: '{}' } }), 'InvalidParameter', /different/);
    await refused(
      sns('SetSubscriptionAttributes', { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{' }),
      'InvalidParameter',
      /JSON/,
    );
    await refused(
      subscribe('sms', '+4915100000000', { Attributes: { RawMessageDelivery: 'true' } }),
      'InvalidParameter',
    );
  });

  test('confirmed with the token that the addressee got is confirmed', async () => {
    await subscribe('email', 'ada@example.com');
    await refused(sns('ConfirmSubscription', { TopicArn, Token: 'guessed' }), 'InvalidParameter');
    const [one] = aws.world.objects().get(`${region}/sns/subscription`) as { token: string }[];
    const { SubscriptionArn } = await sns('ConfirmSubscription', { TopicArn, Token: one?.token });
    expect(await listed()).toEqual([SubscriptionArn]);
  });

  test('that is confirmed gets what is published, another does not', async () => {
    await subscribe('sms', '+4915100000000');
    await subscribe('email', 'ada@example.com');
    await sns('Publish', { TopicArn, Message: 'order 1' });
    expect(aws.world.collection(region, messages).all()).toMatchObject([
      { text: 'order 1', deliveredTo: ['+4915100000000'] },
    ]);
  });
});
