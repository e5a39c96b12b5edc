import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly tags: TagMap;
  /** In the words of SetQueueAttributes, all defaults among them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** The name of a queue that was deleted less than a minute ago. */
export interface ReservedName {
  readonly name: string;
}

export const queues: Kind<Queue> = { type: 'sqs/queue', tags: ({ tags }) => tags };
export const reservedNames: Kind<ReservedName> = { type: 'sqs/reserved-name', tags: () => ({}), exists: () => false };

export const urlOf = (request: Request, name: string): string =>
  `https://sqs.${request.region}.amazonaws.com/${request.account}/${name}`;

const absent = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** The queue that a URL leads to: its path counts, whatever the host. */
export function queueOf(request: Request, url: string): Queue {
  const [, account, name] = /\/(\d{12})\/([\w-]{1,80})$/.exec(url) ?? [];
  if (name === undefined)
    throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
  const found = account === request.account ? request.in(queues).get(name) : undefined;
  if (!found) throw absent();
  return found;
}

export function queueNamed(request: Request, name: string): Queue {
  const found = request.in(queues).get(name);
  if (!found) throw absent();
  return found;
}
