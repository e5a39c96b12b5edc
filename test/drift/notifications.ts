import { subscription, subscriptionNode } from '../../operator/resources/sns/subscription.ts';
import { topic } from '../../operator/resources/sns/topic.ts';
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

export const subscriptionDrifts = driftsOf(subscription, {
  in: 'production',
  node: warehouse,
  properties: {
    topicArn: fixedInAws('sns', 'SubscriptionArn', 'TopicArn'),
    protocol: fixedInAws('sns', 'SubscriptionArn', 'Protocol'),
    endpoint: fixedInAws('sns', 'SubscriptionArn', 'Endpoint'),
  },
  deleted: {
    what: 'made again',
    make: async (place) => {
      const { Subscriptions = [] } = await sns(place)('ListSubscriptions', {});
      const [, , endpoint] = place.id(warehouse).split(' ');
      const found = Subscriptions.find(({ Endpoint }) => Endpoint === endpoint);
      return sns(place)('Unsubscribe', { SubscriptionArn: found?.SubscriptionArn });
    },
    awsMinutes: 1,
    writes: 1,
  },
});
