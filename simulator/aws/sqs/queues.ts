import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { withoutTags, type TagMap } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { exposedByPolicy } from '../s3/public.ts';
import { after, checkAttributes, defaults } from './attributes.ts';
import { queueNamed, queueOf, queues, reservedNames, urlOf, type Queue } from './kinds.ts';

type Attributes = Readonly<Record<string, string>>;

interface OfQueue {
  readonly QueueUrl: string;
}

interface Create {
  readonly QueueName: string;
  readonly Attributes?: Attributes;
  readonly tags?: TagMap;
}

/** The same name with the same attributes is the same queue; tags do not count. */
function create({ QueueName: name, Attributes: given = {}, tags = {} }: Create, request: Request) {
  checkAttributes(given);
  if (name.endsWith('.fifo'))
    throw new AwsError('UnsupportedOperation', 'A queue that keeps an order is not simulated', 501);
  if (!/^[\w-]{1,80}$/.test(name))
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const all = request.in(queues);
  const attributes = after(defaults, given);
  const standing = all.get(name);
  const other = Object.entries(given).find(([key, value]) => standing && value !== (standing.attributes[key] ?? ''));
  if (other)
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${other[0]}`,
    );
  if (standing) return { QueueUrl: standing.url };
  if (request.in(reservedNames).get(name))
    throw new AwsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another queue with the same name.',
    );
  const url = urlOf(request, name);
  const times = { createdAt: request.now, changedAt: request.now };
  all.put(name, { name, url, arn: request.arn(name), tags: { ...tags }, attributes, ...times });
  return { QueueUrl: url };
}

function remove({ QueueUrl }: OfQueue, request: Request) {
  const { name } = queueOf(request, QueueUrl);
  request.in(queues).remove(name);
  const reserved = request.in(reservedNames);
  reserved.put(name, { name });
  request.world.schedule(durations.queueNameReserved, () => reserved.remove(name));
}

const seconds = (millis: number): string => String(Math.floor(millis / 1_000));

const allOf = ({ arn, attributes, createdAt, changedAt }: Queue): Attributes => ({
  ...attributes,
  QueueArn: arn,
  CreatedTimestamp: seconds(createdAt),
  LastModifiedTimestamp: seconds(changedAt),
  ApproximateNumberOfMessages: '0',
  ApproximateNumberOfMessagesDelayed: '0',
  ApproximateNumberOfMessagesNotVisible: '0',
});

export const queueOperations: Operations = {
  CreateQueue: create,
  DeleteQueue: remove,
  GetQueueUrl: ({ QueueName }: { QueueName: string }, request) => ({ QueueUrl: queueNamed(request, QueueName).url }),
  GetQueueAttributes: ({ QueueUrl, AttributeNames = [] }: OfQueue & { AttributeNames?: string[] }, request) => {
    const asked = new Set(AttributeNames);
    const told = Object.entries(allOf(queueOf(request, QueueUrl)));
    const some = told.filter(([name]) => asked.has('All') || asked.has(name));
    return some.length > 0 ? { Attributes: Object.fromEntries(some) } : {};
  },
  SetQueueAttributes: ({ QueueUrl, Attributes: given }: OfQueue & { Attributes: Attributes }, request) => {
    const { name, attributes } = queueOf(request, QueueUrl);
    checkAttributes(given);
    request.in(queues).change(name, { attributes: after(attributes, given), changedAt: request.now });
  },
  /** Without MaxResults there are a thousand at most, and no token for more. */
  ListQueues: (input: { QueueNamePrefix?: string; MaxResults?: number; NextToken?: string }, request) => {
    const found = request.listed(queues).filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ''));
    if (found.length === 0) return {};
    const urls = found.map(({ url }) => url);
    if (input.MaxResults === undefined) return { QueueUrls: urls.slice(0, 1_000) };
    const badToken = () => new AwsError('InvalidParameterValue', 'Invalid NextToken value.');
    const page = { token: input.NextToken, size: input.MaxResults, most: 1_000, badToken };
    const { items, next } = pageOf(request.world, urls, page);
    return { QueueUrls: items, NextToken: next };
  },
  ListQueueTags: ({ QueueUrl }: OfQueue, request) => {
    const { tags } = queueOf(request, QueueUrl);
    return Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {};
  },
  TagQueue: ({ QueueUrl, Tags }: OfQueue & { Tags: TagMap }, request) => {
    const { name, tags } = queueOf(request, QueueUrl);
    request.in(queues).change(name, { tags: { ...tags, ...Tags } });
  },
  UntagQueue: ({ QueueUrl, TagKeys }: OfQueue & { TagKeys: string[] }, request) => {
    const { name, tags } = queueOf(request, QueueUrl);
    request.in(queues).change(name, { tags: withoutTags(tags, TagKeys) });
  },
};

/** Anybody on the internet who has an AWS account could read from these, or fill them. */
export const exposedQueues = exposedByPolicy('queue', queues, ({ attributes }) => attributes['Policy']);
