import { AwsError } from '../core/aws-error.ts';
import { listed, readPolicy } from '../core/resource-policy.ts';

type Attributes = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const defaults: Attributes = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
};

const between =
  (least: number, most: number) =>
  (value: string): boolean =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;

const isJson = (value: string): boolean => {
  try {
    JSON.parse(value);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

const checks: Readonly<Record<string, (value: string) => boolean>> = {
  DelaySeconds: between(0, 900),
  MaximumMessageSize: between(1_024, 1_048_576),
  MessageRetentionPeriod: between(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: between(0, 20),
  VisibilityTimeout: between(0, 43_200),
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  SqsManagedSseEnabled: (value) => value === 'true' || value === 'false',
  KmsMasterKeyId: () => true,
  Policy: isPolicy,
  RedrivePolicy: isJson,
  RedriveAllowPolicy: isJson,
};

function isPolicy(text: string): boolean {
  const policy = readPolicy(text);
  if (typeof policy === 'string') return false;
  return policy.Statement.every(({ Action }) => listed(Action).every((action) => /^(\*|sqs:)/i.test(action)));
}

/** Refuses what a queue has no attribute for, or what is no value of one. An empty value takes one away. */
export function checkAttributes(given: Attributes): void {
  for (const [name, value] of Object.entries(given)) {
    if (name === 'FifoQueue' || name === 'ContentBasedDeduplication')
      throw new AwsError('UnsupportedOperation', 'A queue that keeps an order is not simulated', 501);
    const check = checks[name];
    if (!check) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (value !== '' && !check(value))
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
}

/**
 * "Only one server-side encryption option is supported per queue": the one that is chosen ends the other.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function after(before: Attributes, given: Attributes): Attributes {
  const { KmsMasterKeyId: key, SqsManagedSseEnabled: managed } = given;
  if (key && managed === 'true')
    throw new AwsError('InvalidAttributeValue', 'You can use one type of server-side encryption (SSE) at one time.');
  const other = key ? { SqsManagedSseEnabled: 'false' } : managed === 'true' ? { KmsMasterKeyId: '' } : {};
  const set = Object.entries({ ...before, ...other, ...given });
  return Object.fromEntries(set.filter(([, value]) => value !== ''));
}
