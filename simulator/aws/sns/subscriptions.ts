import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import type { World } from '../core/world.ts';
import { durations } from '../durations.ts';
import { isElsewhere, protocolOf } from './endpoints.ts';
import { below, invalid, notSimulated, subscriptions, topicOf, type Subscription } from './kinds.ts';

type Attributes = Readonly<Record<string, string>>;

interface Subscribe {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint?: string;
  readonly Attributes?: Attributes;
  readonly ReturnSubscriptionArn?: boolean;
}

/** What lists call it: one that is not confirmed has no ARN there. */
const listedArn: Readonly<Record<Subscription['standing'], string | undefined>> = {
  pending: 'PendingConfirmation',
  confirmed: undefined,
  left: 'Deleted',
};

function checkAttributes(attributes: Attributes, mayBeRaw: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'ReplayPolicy' || name === 'SubscriptionRoleArn') throw notSimulated(`A subscription with ${name}`);
    if (!['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy', 'DeliveryPolicy'].includes(name))
      throw invalid('AttributeName');
    if (name === 'RawMessageDelivery' && value === 'true' && !mayBeRaw)
      throw invalid('Attributes', 'RawMessageDelivery is not supported for this protocol');
    if (name === 'FilterPolicy' || name === 'RedrivePolicy' || name === 'DeliveryPolicy') checkJson(name, value);
  }
}

function checkJson(name: string, value: string): void {
  if (value === '') return;
  try {
    JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('Attributes', `${name}: failed to parse JSON`);
    throw error;
  }
}

/**
 * The same endpoint again is the same subscription: one that is pending gets another message to confirm.
 * https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
function subscribe(input: Subscribe, request: Request) {
  const { TopicArn, Protocol: protocol, Endpoint: endpoint = '', Attributes: attributes = {} } = input;
  const known = protocolOf(protocol, input.Endpoint);
  checkAttributes(attributes, known.raw === true);
  topicOf(request, TopicArn);
  const before = below(request, TopicArn).find((one) => one.protocol === protocol && one.endpoint === endpoint);
  const standing = before && before.standing !== 'left' ? before : undefined;
  if (standing && Object.entries(attributes).some(([name, value]) => standing.attributes[name] !== value))
    throw invalid('Attributes', 'Subscription already exists with different attributes');
  if (before?.standing === 'left') request.in(subscriptions).remove(before.arn);
  const one = standing ?? made(request, { ...input, isPending: known.confirms || isElsewhere(request, endpoint) });
  const isShown = one.standing === 'confirmed' || input.ReturnSubscriptionArn === true;
  return { SubscriptionArn: isShown ? one.arn : 'pending confirmation' };
}

function made(request: Request, input: Subscribe & { readonly isPending: boolean }): Subscription {
  const all = request.in(subscriptions);
  const pending = all.all().filter(({ standing }) => standing === 'pending').length;
  const code = 'SubscriptionLimitExceeded';
  if (input.isPending)
    request.withinQuota('Pending Subscriptions per Account', 5_000, pending, code, 'Too many pending subscriptions');
  const arn = `${input.TopicArn}:${request.world.random.hex(32)}`;
  const one = all.put(arn, {
    arn,
    topicArn: input.TopicArn,
    protocol: input.Protocol,
    endpoint: input.Endpoint ?? '',
    standing: input.isPending ? 'pending' : 'confirmed',
    attributes: { ...input.Attributes },
    token: request.world.random.hex(64),
    createdAt: request.now,
  });
  if (input.isPending)
    request.world.schedule(durations.subscriptionLapses, () => {
      if (all.get(arn)?.standing === 'pending') all.remove(arn);
    });
  return one;
}

function subscriptionOf(request: Request, arn: string): Subscription {
  if (!arn.startsWith('arn:')) throw invalid('SubscriptionArn', 'An ARN must have at least 6 elements');
  const found = request.in(subscriptions).get(arn);
  if (!found || found.standing === 'left') throw new AwsError('NotFound', 'Subscription does not exist', 404);
  return found;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html: nobody can delete one that is pending. */
function unsubscribe({ SubscriptionArn }: { SubscriptionArn: string }, request: Request) {
  if (!SubscriptionArn.startsWith('arn:')) throw invalid('SubscriptionArn', 'An ARN must have at least 6 elements');
  const found = request.in(subscriptions).get(SubscriptionArn);
  if (!found) return;
  if (found.standing === 'pending')
    throw invalid('SubscriptionArn', 'Cannot unsubscribe a subscription that is pending confirmation');
  request.in(subscriptions).remove(found.arn);
}

const told = (request: Request, one: Subscription) => ({
  SubscriptionArn: listedArn[one.standing] ?? one.arn,
  Owner: request.account,
  Protocol: one.protocol,
  Endpoint: one.endpoint,
  TopicArn: one.topicArn,
});

function page(request: Request, all: readonly Subscription[], token: string | undefined) {
  const { items, next } = pageOf(request.world, all, {
    ...{ token, size: undefined, most: 100 },
    badToken: () => invalid('NextToken'),
  });
  return { Subscriptions: items.map((one) => told(request, one)), NextToken: next };
}

export const subscriptionOperations: Operations = {
  Subscribe: subscribe,
  Unsubscribe: unsubscribe,
  ConfirmSubscription: ({ TopicArn, Token }: { TopicArn: string; Token: string }, request) => {
    const { arn } = topicOf(request, TopicArn);
    const found = below(request, arn).find(({ token }) => token === Token);
    if (!found) throw invalid('Token');
    request.in(subscriptions).change(found.arn, { standing: 'confirmed' });
    return { SubscriptionArn: found.arn };
  },
  ListSubscriptions: ({ NextToken }: { NextToken?: string }, request) =>
    page(request, request.listed(subscriptions), NextToken),
  ListSubscriptionsByTopic: ({ TopicArn, NextToken }: { TopicArn: string; NextToken?: string }, request) => {
    const { arn } = topicOf(request, TopicArn);
    const own = request.listed(subscriptions).filter(({ topicArn }) => topicArn === arn);
    return page(request, own, NextToken);
  },
  GetSubscriptionAttributes: ({ SubscriptionArn }: { SubscriptionArn: string }, request) => {
    const one = subscriptionOf(request, SubscriptionArn);
    return {
      Attributes: {
        ...{ SubscriptionArn: one.arn, TopicArn: one.topicArn, Owner: request.account },
        ...{ Protocol: one.protocol, Endpoint: one.endpoint, RawMessageDelivery: 'false' },
        ConfirmationWasAuthenticated: String(!/^(http|email)/.test(one.protocol)),
        PendingConfirmation: String(one.standing === 'pending'),
        ...one.attributes,
      },
    };
  },
  SetSubscriptionAttributes: (
    input: { SubscriptionArn: string; AttributeName: string; AttributeValue?: string },
    request,
  ) => {
    const { arn, protocol, endpoint, attributes } = subscriptionOf(request, input.SubscriptionArn);
    const set = { [input.AttributeName]: input.AttributeValue ?? '' };
    checkAttributes(set, protocolOf(protocol, endpoint).raw === true);
    request.in(subscriptions).change(arn, { attributes: { ...attributes, ...set } });
  },
};

const inWorld = (world: World, region: string, endpoint: string) => {
  const all = world.collection(region, subscriptions);
  return { all, own: all.all().filter((one) => one.endpoint === endpoint) };
};

/** The addressee follows the link in the message, once for each topic. */
export function confirmByAddressee(world: World, region: string, endpoint: string): void {
  const { all, own } = inWorld(world, region, endpoint);
  for (const { arn } of own.filter(({ standing }) => standing === 'pending'))
    all.change(arn, { standing: 'confirmed' });
}

/** The addressee takes themselves off by the link in a message: lists go on showing it for some days. */
export function leaveByAddressee(world: World, region: string, endpoint: string): void {
  const { all, own } = inWorld(world, region, endpoint);
  for (const { arn } of own.filter(({ standing }) => standing === 'confirmed')) {
    all.change(arn, { standing: 'left' });
    world.schedule(durations.subscriptionLapses, () => {
      if (all.get(arn)?.standing === 'left') all.remove(arn);
    });
  }
}
