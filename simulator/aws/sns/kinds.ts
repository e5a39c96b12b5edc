import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly tags: TagMap;
  /** In the words of SetTopicAttributes; what was never set is not in it. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** `pending`: nobody has confirmed it. `left`: the addressee took themselves off by the link in a message. */
export type Standing = 'pending' | 'confirmed' | 'left';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly standing: Standing;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the confirmation message carries: the addressee alone gets it. */
  readonly token: string;
  readonly createdAt: number;
}

/** A message as it was published, and the endpoints that got it. */
export interface Message {
  readonly id: string;
  readonly topicArn: string;
  readonly text: string;
  readonly deliveredTo: readonly string[];
}

export const topics: Kind<Topic> = { type: 'sns/topic', tags: ({ tags }) => tags };
export const subscriptions: Kind<Subscription> = {
  type: 'sns/subscription',
  tags: () => ({}),
  exists: ({ standing }) => standing !== 'left',
};
export const messages: Kind<Message> = { type: 'sns/message', tags: () => ({}), exists: () => false };

export const invalid = (what: string, reason?: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${what}${reason === undefined ? '' : ` Reason: ${reason}`}`);

export const notSimulated = (what: string): AwsError =>
  new AwsError('UnsupportedOperation', `${what} is not simulated`, 501);

/** The topic as it truly is. */
export function topicOf(request: Request, arn: string): Topic {
  if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/.test(arn))
    throw invalid('TopicArn', 'An ARN must have at least 6 elements');
  const found = request.in(topics).get(arn);
  if (!found) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return found;
}

export const below = (request: Request, topicArn: string): Subscription[] =>
  request
    .in(subscriptions)
    .all()
    .filter((one) => one.topicArn === topicArn);
