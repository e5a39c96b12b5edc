import { describe, expect, test } from 'vitest';
import {
  subscription,
  subscriptionNode,
  type SubscriptionProps,
} from '../../../operator/resources/sns/subscription.ts';
import { topic } from '../../../operator/resources/sns/topic.ts';
import { subscriptions } from '../../../simulator/aws/sns/kinds.ts';
import { confirmByAddressee, leaveByAddressee } from '../../../simulator/aws/sns/subscriptions.ts';
import { Court, laws, owner, region } from '../laws.ts';
import { account, orders } from './ground.ts';

const address = 'ada@example.com';
const queue = `arn:aws:sqs:${region}:${account}:audit`;

/** A topic whose node is such that the one below it is the node under law. */
async function ground(court: Court, protocol = 'sqs', endpoint = queue): Promise<SubscriptionProps> {
  const birth = court.birth();
  const { id } = await topic.create(court.aws, orders, {
    ...birth,
    tags: { ...birth.tags, 'ecom.io/node': 'law/topic-orders' },
  });
  return { topicArn: id, protocol, endpoint };
}

const node = (protocol: string, endpoint: string) => subscriptionNode('law/topic-orders', protocol, endpoint);

/** The laws ask for one certain owner: here the node says whom messages go to. */
const asLaw: typeof subscription = {
  ...subscription,
  async *list(aws, scope) {
    for await (const page of subscription.list(aws, scope))
      yield page.map((found) => ({ ...found, owner: found.owner && { ...found.owner, node: owner.node } }));
  },
};

const failed = `arn:aws:sqs:${region}:${account}:failed`;

laws(asLaw, {
  ground: async (court) => {
    const handler = `arn:aws:lambda:${region}:${account}:function:handler`;
    return { ...(await ground(court, 'lambda', handler)), deadLetterArn: failed };
  },
  live: { deadLetterArn: () => `${failed}-2` },
  fixed: { topicArn: `arn:aws:sns:${region}:${account}:other`, protocol: 'sqs', endpoint: `${queue}-2` },
});

describe('a subscription', () => {
  test('belongs to whom its topic belongs to, under a node that its endpoint names', async () => {
    const court = new Court(subscription);
    const props = await ground(court);
    await court.other('sns', 'Subscribe', { TopicArn: props.topicArn, Protocol: 'sms', Endpoint: '+4915100000000' });
    const { TopicArn } = await court.other<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'theirs' });
    await court.other('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: address });
    expect((await court.list(props)).map((found) => found.owner?.node)).toEqual([
      node('sms', '+4915100000000'),
      undefined,
    ]);
    expect(node('sms', '+4915100000000')).toMatch(/^law\/subscription-orders-[0-9a-f]{8}$/);
  });

  test("of the account's to a topic of another account is nobody's of ours, and its topic is not asked", async () => {
    const court = new Court(subscription);
    const props = await ground(court);
    // AWS's own, to which anybody may subscribe.
    const topicArn = 'arn:aws:sns:us-east-1:806199016981:AmazonIpSpaceChanged';
    const [arn, createdAt] = [`${topicArn}:0a1b2c3d`, court.clock.now()] as const;
    const foreign = { arn, topicArn, protocol: 'sqs', endpoint: queue, standing: 'confirmed', createdAt } as const;
    court.simulated.world.collection(region, subscriptions).put(arn, { ...foreign, attributes: {}, token: '' });
    expect((await court.list(props)).map(({ owner }) => owner)).toEqual([undefined]);
  });

  test('that waits for its confirmation is ready, and says so', async () => {
    const court = new Court(subscription);
    const props = await ground(court, 'email', address);
    const made = await subscription.create(court.aws, props, court.birth());
    const notice = { reason: 'AwaitingConfirmation', message: expect.stringContaining(address) as string };
    expect(made.state).toEqual({ is: 'ready', notice });
    const [listed] = await court.own(props);
    expect(listed?.state).toEqual({ is: 'ready', notice });
    expect(court.decide(props, listed)).toEqual({ do: 'nothing' });
    confirmByAddressee(court.simulated.world, region, address);
    expect((await court.own(props))[0]?.state).toEqual({ is: 'ready' });
  });

  test('that nobody has confirmed is left to lapse, and goes with its topic', async () => {
    const court = new Court(subscription);
    const props = await ground(court, 'email', address);
    const found = await subscription.create(court.aws, props, court.birth());
    await expect(subscription.delete(court.aws, found)).rejects.toMatchObject({ kind: 'refused' });
    await court.other('sns', 'DeleteTopic', { TopicArn: props.topicArn });
    await subscription.delete(court.aws, found);
    expect(court.simulated.world.ledger.existing()).toEqual([]);
  });

  test('of a function is asked where that goes which cannot be delivered; any other is not', async () => {
    const court = new Court(subscription);
    const props = await ground(court);
    await subscription.create(court.aws, props, court.birth());
    const before = court.cloud.sent.length;
    const [other] = await court.own(props);
    expect(court.decide(props, other)).toEqual({ do: 'nothing' });
    expect(court.cloud.sent.slice(before).map(({ operation }) => operation)).toEqual([
      'ListSubscriptions',
      'ListTagsForResource',
    ]);
  });

  test('that an older operator made gets its queue, and keeps whatever else it has', async () => {
    const court = new Court(subscription);
    const props = await ground(court, 'lambda', `arn:aws:lambda:${region}:${account}:function:handler`);
    const { outputs } = await subscription.create(court.aws, props, court.birth());
    const SubscriptionArn = outputs.subscriptionArn;
    const filter = { AttributeName: 'FilterPolicy', AttributeValue: '{"store":["acme"]}' };
    await court.other('sns', 'SetSubscriptionAttributes', { SubscriptionArn, ...filter });
    await court.settle({ ...props, deadLetterArn: failed });
    expect(await court.other('sns', 'GetSubscriptionAttributes', { SubscriptionArn })).toMatchObject({
      Attributes: {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: failed }),
        FilterPolicy: filter.AttributeValue,
      },
    });
  });

  test('of somebody who has left is not there', async () => {
    const court = new Court(subscription);
    const props = await ground(court, 'email', address);
    await subscription.create(court.aws, props, court.birth());
    confirmByAddressee(court.simulated.world, region, address);
    leaveByAddressee(court.simulated.world, region, address);
    expect(await court.list(props)).toEqual([]);
  });

  test('asks each topic once whose it is', async () => {
    const court = new Court(subscription);
    const props = await ground(court);
    for (const name of ['a', 'b', 'c'])
      await subscription.create(court.aws, { ...props, endpoint: `${queue}-${name}` }, court.birth());
    const before = court.cloud.sent.length;
    await court.list(props);
    expect(court.cloud.sent.slice(before).map(({ operation }) => operation)).toEqual([
      'ListSubscriptions',
      'ListTagsForResource',
    ]);
  });
});
