import type { Subscription } from '@aws-sdk/client-sns';
import { Fault, orAbsent } from '../../model/faults.ts';
import { digest, type NodeOwner } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { NodeId } from '../../model/ref.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';
import { ownerOfTopic } from './topic.ts';

/**
 * Somebody who gets the messages of a topic. Subscriptions have no tags: whose topic it is, his they all are. So who
 * hears of a store's orders is what the store says, and nobody else.
 */
export interface SubscriptionProps {
  readonly topicArn: string;
  readonly protocol: string;
  /** An address, a number, a URL or an ARN, as the protocol has it. */
  readonly endpoint: string;
  /** The queue for what SNS could not deliver; left out, nothing is asked of that. */
  readonly deadLetterArn?: string;
}

export interface SubscriptionOutputs {
  /** AWS tells it once the subscription is confirmed. */
  readonly subscriptionArn?: string;
}

type SubscriptionFound = Found<SubscriptionProps, SubscriptionOutputs>;

export const subscription: ResourceType<SubscriptionProps, SubscriptionOutputs> = {
  name: 'sns/subscription',
  fields: { topicArn: 'fixed', protocol: 'fixed', endpoint: 'fixed', deadLetterArn: 'live' },
  // Not its topic: one that nobody has confirmed can be deleted in no other way than with it.
  needs: [],
  replace: 'create-first',
  once: 'name',
  endedBy: 'Unsubscribe',
  key: keyOf,
  beat: 'existence',
  scope: 'regional',
  alsoInUsEast1: true, // As topics.

  detailed: ['deadLetterArn'],

  async *list(aws, scope) {
    const owners = new Map<string, Promise<NodeOwner | undefined>>();
    const ownerOf = (arn: string) => {
      const owner = owners.get(arn) ?? ownerOfTopic(aws, arn);
      owners.set(arn, owner);
      return owner;
    };
    const read = (NextToken?: string) => aws.sns('ListSubscriptions', { NextToken });
    for await (const { Subscriptions = [] } of pages(read, (answer) => answer.NextToken))
      // Who has left by the link in a message is listed as deleted for some days.
      yield await Promise.all(
        Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn !== 'Deleted').map((one) =>
          told(one, scope, ownerOf),
        ),
      );
  },

  /** Only what is made with a store has a queue: functions. */
  async detail(aws, { props, outputs: { subscriptionArn } }) {
    if (props.protocol !== 'lambda' || subscriptionArn === undefined) return { props: {} };
    const answer = await orAbsent(aws.sns('GetSubscriptionAttributes', { SubscriptionArn: subscriptionArn }));
    return answer && { props: { deadLetterArn: deadLetterFrom(answer.Attributes?.['RedrivePolicy']) } };
  },

  /** The same endpoint again is the same subscription; with other attributes it is refused. */
  async create(aws, props, birth) {
    const { SubscriptionArn } = await aws.sns('Subscribe', {
      TopicArn: props.topicArn,
      Protocol: props.protocol,
      Endpoint: props.endpoint,
      ...(props.deadLetterArn === undefined ? {} : { Attributes: { RedrivePolicy: redrivePolicy(props) } }),
    });
    return foundFrom(props, SubscriptionArn, birth.owner);
  },

  async update(aws, { outputs }, props) {
    await aws.sns('SetSubscriptionAttributes', {
      SubscriptionArn: outputs.subscriptionArn,
      AttributeName: 'RedrivePolicy',
      AttributeValue: redrivePolicy(props),
    });
  },

  async delete(aws, found) {
    const { subscriptionArn } = found.outputs;
    if (subscriptionArn === undefined) return withdraw(aws, found);
    await orAbsent(aws.sns('Unsubscribe', { SubscriptionArn: subscriptionArn }));
  },
};

/** https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html */
const redrivePolicy = ({ deadLetterArn }: SubscriptionProps): string =>
  JSON.stringify({ deadLetterTargetArn: deadLetterArn });

/** Taken away it is an empty text. */
const deadLetterFrom = (policy: string | undefined): string | undefined =>
  (JSON.parse(policy || '{}') as { deadLetterTargetArn?: string }).deadLetterTargetArn;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html */
async function withdraw(aws: Aws, { props }: SubscriptionFound): Promise<void> {
  const { topicArn = '', endpoint = '' } = props;
  // It goes with its topic.
  if (!(await ownerOfTopic(aws, topicArn))) return;
  throw new Fault(
    'refused',
    `AWS lets nobody take back that ${endpoint} was asked; unconfirmed, it lapses in two days`,
    {
      remedy: 'nothing; if it is confirmed until then, it is deleted',
    },
  );
}

/** The node of a subscription below the node of its topic, by whom it reaches: `notifications/subscription-orders-1a2b3c4d`. */
export const subscriptionNode = (topicNode: NodeId, protocol: string, endpoint: string): NodeId =>
  `${topicNode.replace('/topic', '/subscription')}-${digest(`${protocol}\n${endpoint}`, 8)}` as NodeId;

function keyOf({ topicArn, protocol, endpoint }: SubscriptionProps): string {
  return [topicArn, protocol, endpoint].join(' ');
}

async function told(
  one: Subscription,
  scope: Scope,
  ownerOf: (topicArn: string) => Promise<NodeOwner | undefined>,
): Promise<SubscriptionFound> {
  const { TopicArn: topicArn = '', Protocol: protocol = '', Endpoint: endpoint = '' } = one;
  const props = { topicArn, protocol, endpoint };
  // The list has the account's subscriptions to topics of others, too, and nobody is told the tags of those.
  const isOfAccount = topicArn.split(':')[4] === scope.account;
  const owner = isOfAccount
    ? await learntOwner(scope, keyOf(props), async () => ofTopic(await ownerOf(topicArn), props))
    : undefined;
  return foundFrom(props, one.SubscriptionArn, owner);
}

const ofTopic = (owner: NodeOwner | undefined, { protocol, endpoint }: SubscriptionProps): NodeOwner | undefined =>
  owner && { ...owner, node: subscriptionNode(owner.node, protocol, endpoint) };

/** One that nobody has confirmed has words in the place of its ARN. */
function foundFrom(props: SubscriptionProps, arn: string | undefined, owner: NodeOwner | undefined): SubscriptionFound {
  const isConfirmed = arn?.startsWith('arn:') === true;
  const identity = { id: keyOf(props), key: keyOf(props), owner, props };
  if (isConfirmed) return { ...identity, state: { is: 'ready' }, outputs: { subscriptionArn: arn } };
  const message = `${props.endpoint} has been asked, and gets nothing before the message is answered`;
  return { ...identity, state: { is: 'ready', notice: { reason: 'AwaitingConfirmation', message } }, outputs: {} };
}
