import type { Request } from '../core/request.ts';
import { invalid, notSimulated } from './kinds.ts';

interface Protocol {
  readonly endpoint: RegExp;
  readonly wrong: string;
  /** Whether the addressee has to say yes first. */
  readonly confirms: boolean;
  /** Whether messages may come without SNS's envelope. */
  readonly raw?: true;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
const protocols: Readonly<Record<string, Protocol>> = {
  http: {
    endpoint: /^http:\/\/[^\s]+$/,
    wrong: 'Endpoint must match the specified protocol',
    confirms: true,
    raw: true,
  },
  https: {
    endpoint: /^https:\/\/[^\s]+$/,
    wrong: 'Endpoint must match the specified protocol',
    confirms: true,
    raw: true,
  },
  email: { endpoint: /^[^\s@]+@[^\s@]+$/, wrong: 'Email address', confirms: true },
  'email-json': { endpoint: /^[^\s@]+@[^\s@]+$/, wrong: 'Email address', confirms: true },
  sms: { endpoint: /^\+?[0-9]{4,15}$/, wrong: 'Invalid SMS endpoint', confirms: false },
  sqs: {
    endpoint: /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    wrong: 'SQS endpoint ARN',
    confirms: false,
    raw: true,
  },
  lambda: {
    endpoint: /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w-]+)?$/,
    wrong: 'Lambda endpoint ARN',
    confirms: false,
  },
};

/** The protocol of a subscription, and whether its endpoint fits it. */
export function protocolOf(protocol: string, endpoint: string | undefined): Protocol {
  if (protocol === 'application' || protocol === 'firehose') throw notSimulated(`A subscription by ${protocol}`);
  const known = protocols[protocol];
  if (!known) throw invalid('Protocol', `Does not support this protocol string: ${protocol}`);
  if (endpoint === undefined || !known.endpoint.test(endpoint)) throw invalid(known.wrong);
  return known;
}

/** "When you subscribe an endpoint to a topic in another AWS account", its owner has to confirm as well. */
export const isElsewhere = (request: Request, endpoint: string): boolean =>
  endpoint.startsWith('arn:') && endpoint.split(':')[4] !== request.account;
