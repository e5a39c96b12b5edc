import { subscription, subscriptionNode } from '../../operator/resources/sns/subscription.ts';
import { topic } from '../../operator/resources/sns/topic.ts';
import { uniqueName } from '../../operator/store/site.ts';
import { byUpdate } from './by-update.ts';
import { otherAccount } from '../support/other-account.ts';
import { driftsOf, fixedInAws, oneValue, value, type Drift } from './drift.ts';
import type { Place } from './place.ts';

const node = 'notifications/topic-orders';
const orders = byUpdate(topic, node);
const sns = (place: Place) => place.call('sns');

/** Somebody sets one attribute of the topic. */
const set = (what: string, AttributeName: string, AttributeValue: string): Drift => ({
  what,
  make: (place) => sns(place)('SetTopicAttributes', { TopicArn: place.id(node), AttributeName, AttributeValue }),
});

type Statements = readonly Readonly<Record<string, unknown>>[];

/** The policy with other statements. */
const policy = (what: string, change: (statements: Statements) => Statements, more: Partial<Drift> = {}): Drift =>
  orders(what, 'policy', (has) => ({ ...has, Statement: change(has['Statement'] as Statements) }), more);

export const topicDrifts = driftsOf(topic, {
  in: 'production',
  node,
  properties: {
    name: fixedInAws('sns', 'TopicArn', 'Name'),
    displayName: {
      changed: set('another name', 'DisplayName', 'Somebody else'),
      removed: set('none', 'DisplayName', ''),
      extra: oneValue,
    },
    policy: {
      changed: policy('publishing without TLS', (statements) => statements.filter(({ Effect }) => Effect === 'Allow')),
      removed: policy('the account itself taken out', (statements) => statements.slice(1)),
      extra: policy('another account may publish', ([own = {}, ...rest]) => [
        ...[own, { ...own, Sid: 'More', Principal: { AWS: otherAccount } }],
        ...rest,
      ]),
    },
    kmsKey: {
      changed: set('another key', 'KmsMasterKeyId', 'alias/theirs'),
      removed: set('not encrypted any more', 'KmsMasterKeyId', ''),
      extra: oneValue,
    },
    signatureVersion: value(set('signed with SHA-1', 'SignatureVersion', '1')),
  },
  deleted: {
    what: 'made again with everybody who gets its messages; who had to confirm has to once more',
    make: (place) => sns(place)('DeleteTopic', { TopicArn: place.id(node) }),
    awsMinutes: 1,
    writes: 3,
  },
});

const warehouse = subscriptionNode(node, 'sqs', 'arn:aws:sqs:eu-central-1:111122223333:warehouse');

/** The first store of a place. */
const herald = {
  ...{ installation: 'default', namespace: 'shops', name: 'herald' },
  uid: '00000000-0000-4000-8000-000000000001',
};
const handler = subscriptionNode(
  node,
  'lambda',
  `arn:aws:lambda:eu-central-1:111122223333:function:${uniqueName(herald, 'on-orders')}`,
);

/** No id tells the ARN of a subscription; the list does, by its endpoint. */
async function arnOf(place: Place, at: string): Promise<string | undefined> {
  const { Subscriptions = [] } = await sns(place)('ListSubscriptions', {});
  const [, , endpoint] = place.id(at).split(' ');
  return Subscriptions.find(({ Endpoint }) => Endpoint === endpoint)?.SubscriptionArn;
}

/** Somebody says where that goes which cannot be delivered to the function. */
const undelivered = (what: string, policy: (place: Place) => object | undefined): Drift => ({
  what,
  in: 'notifications',
  node: handler,
  make: async (place) => {
    const told = policy(place);
    return sns(place)('SetSubscriptionAttributes', {
      SubscriptionArn: await arnOf(place, handler),
      AttributeName: 'RedrivePolicy',
      AttributeValue: told ? JSON.stringify(told) : '',
    });
  },
});

export const subscriptionDrifts = driftsOf(subscription, {
  in: 'production',
  node: warehouse,
  properties: {
    topicArn: fixedInAws('sns', 'SubscriptionArn', 'TopicArn'),
    protocol: fixedInAws('sns', 'SubscriptionArn', 'Protocol'),
    endpoint: fixedInAws('sns', 'SubscriptionArn', 'Endpoint'),
    deadLetterArn: {
      changed: undelivered('the queue of another function', (place) => ({
        deadLetterTargetArn: place.out('notifications/failed-stock', 'queueArn'),
      })),
      removed: undelivered('none: lost', () => undefined),
      extra: oneValue,
    },
  },
  deleted: {
    what: 'made again',
    make: async (place) => sns(place)('Unsubscribe', { SubscriptionArn: await arnOf(place, warehouse) }),
    awsMinutes: 1,
    writes: 1,
  },
});
