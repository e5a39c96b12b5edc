import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import { exposedByPolicy } from '../s3/public.ts';
import { checkAttributes, defaultPolicy } from './attributes.ts';
import { below, invalid, messages, notSimulated, subscriptions, topicOf, topics, type Topic } from './kinds.ts';

interface Create {
  readonly Name: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly Tags?: TagPair[];
  readonly DataProtectionPolicy?: string;
}

const badToken = () => invalid('NextToken');

function checkTags(tags: TagMap): TagMap {
  if (Object.keys(tags).length > 50)
    throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
  const reserved = Object.keys(tags).find((key) => key.startsWith('aws:'));
  if (reserved !== undefined) throw invalid('Tags', `Invalid tag key: ${reserved}`);
  return tags;
}

/**
 * "If the requester already owns a topic with the specified name, that topic's ARN is returned without creating a new
 * topic"; what differs from it is refused. https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 */
function create({ Name, Attributes: attributes = {}, Tags, DataProtectionPolicy }: Create, request: Request) {
  if (DataProtectionPolicy !== undefined) throw notSimulated('A policy of data protection');
  if (Name.endsWith('.fifo')) throw notSimulated('A topic that keeps an order');
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(Name)) throw invalid('Topic Name');
  const arn = request.arn(Name);
  const tags = checkTags(toTagMap(Tags));
  checkAttributes(attributes, arn);
  const standing = request.in(topics).get(arn);
  if (standing) {
    if (Tags && !isDeepStrictEqual(standing.tags, tags))
      throw invalid('Tags', 'Topic already exists with different tags');
    const isOther = Object.entries(attributes).some(([name, value]) => value !== (standing.attributes[name] ?? ''));
    if (isOther) throw invalid('Attributes', 'Topic already exists with different attributes');
    return { TopicArn: arn };
  }
  const used = request.in(topics).all().length;
  request.withinQuota('Topics per Account', 100_000, used, 'TopicLimitExceeded', 'Topic limit exceeded');
  request.in(topics).put(arn, { arn, name: Name, tags, attributes: { ...attributes }, createdAt: request.now });
  return { TopicArn: arn };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html: a signature version that is left out is 1. */
function attributesOf(request: Request, { arn, attributes }: Topic): Record<string, string> {
  const { KmsMasterKeyId, ...others } = attributes;
  const count = (standing: string) => String(below(request, arn).filter((one) => one.standing === standing).length);
  return {
    TopicArn: arn,
    Owner: request.account,
    Policy: defaultPolicy(request, arn),
    DisplayName: '',
    ...others,
    ...(KmsMasterKeyId ? { KmsMasterKeyId } : {}),
    EffectiveDeliveryPolicy: '{"http":{"defaultHealthyRetryPolicy":{"numRetries":3}}}',
    SubscriptionsConfirmed: count('confirmed'),
    SubscriptionsPending: count('pending'),
    SubscriptionsDeleted: count('left'),
  };
}

/** The topic that tags are about: these calls have an error of their own. */
function tagged(request: Request, arn: string): Topic {
  const found = request.in(topics).get(arn);
  if (found) return found;
  // Tags are told within their account alone: https://github.com/mattclay/aws-terminator/pull/260
  if (arn.split(':')[4] !== request.account)
    throw new AwsError('AuthorizationError', 'no resource-based policy allows the SNS:ListTagsForResource action', 403);
  throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
}

export const topicOperations: Operations = {
  CreateTopic: create,
  /** "Deletes a topic and all its subscriptions"; "deleting a topic that does not exist does not result in an error". */
  DeleteTopic: ({ TopicArn }: { TopicArn: string }, request) => {
    for (const { arn } of below(request, TopicArn)) request.in(subscriptions).remove(arn);
    request.in(topics).remove(TopicArn);
  },
  ListTopics: ({ NextToken }: { NextToken?: string }, request) => {
    const page = { token: NextToken, size: undefined, most: 100, badToken };
    const { items, next } = pageOf(request.world, request.listed(topics), page);
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
  },
  GetTopicAttributes: ({ TopicArn }: { TopicArn: string }, request) => ({
    Attributes: attributesOf(request, topicOf(request, TopicArn)),
  }),
  SetTopicAttributes: (
    {
      TopicArn,
      AttributeName,
      AttributeValue = '',
    }: { TopicArn: string; AttributeName: string; AttributeValue?: string },
    request,
  ) => {
    const { arn, attributes } = topicOf(request, TopicArn);
    checkAttributes({ [AttributeName]: AttributeValue }, arn);
    request.in(topics).change(arn, { attributes: { ...attributes, [AttributeName]: AttributeValue } });
  },
  Publish: (input: { TopicArn?: string; Message: string; PhoneNumber?: string; TargetArn?: string }, request) => {
    if (input.TopicArn === undefined) throw notSimulated('A message to a phone or a device');
    const { arn } = topicOf(request, input.TopicArn);
    const deliveredTo = below(request, arn)
      .filter(({ standing }) => standing === 'confirmed')
      .map(({ endpoint }) => endpoint);
    const id = request.world.random.hex(32);
    request.in(messages).put(id, { id, topicArn: arn, text: input.Message, deliveredTo });
    return { MessageId: id };
  },
  TagResource: ({ ResourceArn, Tags }: { ResourceArn: string; Tags: TagPair[] }, request) => {
    const { arn, tags } = tagged(request, ResourceArn);
    request.in(topics).change(arn, { tags: checkTags({ ...tags, ...toTagMap(Tags) }) });
    return {};
  },
  UntagResource: ({ ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] }, request) => {
    const { arn, tags } = tagged(request, ResourceArn);
    request.in(topics).change(arn, { tags: withoutTags(tags, TagKeys) });
    return {};
  },
  ListTagsForResource: ({ ResourceArn }: { ResourceArn: string }, request) => ({
    Tags: toTagPairs(tagged(request, ResourceArn).tags),
  }),
};

/** Anybody on the internet who has an AWS account could publish to these, or listen. */
export const exposedTopics = exposedByPolicy('topic', topics, ({ attributes }) => attributes['Policy']);
