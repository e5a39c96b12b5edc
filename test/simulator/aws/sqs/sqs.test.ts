import { beforeEach, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

interface Answer {
  readonly QueueUrl: string;
  readonly QueueUrls?: readonly string[];
  readonly NextToken?: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

const QueueName = 'failed-orders';
const QueueUrl = `https://sqs.eu-central-1.amazonaws.com/111122223333/${QueueName}`;
let clock: VirtualClock;
let aws: SimulatedAws;
const sqs = (operation: string, input: object = {}) =>
  callsTo(aws, 'sqs')(operation, input as never) as Promise<unknown> as Promise<Answer>;
const refused = (call: Promise<unknown>, code: string) => expect(call).rejects.toMatchObject({ code });
const create = (Attributes: object = {}) => sqs('CreateQueue', { QueueName, Attributes, tags: { a: 'b' } });
const told = async () => (await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).Attributes;
const set = (Attributes: object) => sqs('SetQueueAttributes', { QueueUrl, Attributes });

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  await create();
});

test('a queue is the same when it is made again, and refused when an attribute is different', async () => {
  expect(await create()).toEqual({ QueueUrl });
  await refused(create({ VisibilityTimeout: '60' }), 'QueueNameExists');
  expect(await sqs('GetQueueUrl', { QueueName })).toEqual({ QueueUrl });
});

test('a name is free again a minute after its queue was deleted', async () => {
  await sqs('DeleteQueue', { QueueUrl });
  expect(aws.world.ledger.existing()).toEqual([]);
  await refused(sqs('DeleteQueue', { QueueUrl }), 'QueueDoesNotExist');
  clock.advance(59_000);
  await refused(create(), 'QueueDeletedRecently');
  clock.advance(1_000);
  await create();
});

test('a queue is encrypted by SQS unless told otherwise, and in one way only', async () => {
  expect(await told()).toMatchObject({ SqsManagedSseEnabled: 'true' });
  await set({ KmsMasterKeyId: 'alias/aws/sqs' });
  expect(await told()).toMatchObject({ SqsManagedSseEnabled: 'false', KmsMasterKeyId: 'alias/aws/sqs' });
  await set({ SqsManagedSseEnabled: 'true' });
  expect(await told()).not.toHaveProperty('KmsMasterKeyId');
  await refused(set({ SqsManagedSseEnabled: 'true', KmsMasterKeyId: 'alias/aws/sqs' }), 'InvalidAttributeValue');
});

test.each([
  [{ MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
  [{ Policy: '{}' }, 'InvalidAttributeValue'],
  [{ FifoQueue: 'true' }, 'UnsupportedOperation'],
])('refuses %j', async (attributes, code) => {
  await refused(set(attributes), code);
});

test('only what is asked for is told', async () => {
  const asked = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
  expect(asked).toEqual({ Attributes: { QueueArn: `arn:aws:sqs:eu-central-1:111122223333:${QueueName}` } });
});

test('a list has a token only when it is asked for a number', async () => {
  await sqs('CreateQueue', { QueueName: 'other' });
  aws.world.pageSize = 1;
  expect((await sqs('ListQueues')).QueueUrls).toHaveLength(2);
  const { QueueUrls, NextToken } = await sqs('ListQueues', { MaxResults: 1_000 });
  expect(QueueUrls).toEqual([QueueUrl]);
  expect((await sqs('ListQueues', { MaxResults: 1_000, NextToken })).QueueUrls).toHaveLength(1);
  expect(await sqs('ListQueues', { QueueNamePrefix: 'none' })).toEqual({});
});

test('a policy that names nobody exposes a queue', async () => {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }];
  await set({ Policy: JSON.stringify({ Statement }) });
  expect(aws.world.ledger.exposures().map(({ what }) => what)).toEqual([`queue ${QueueName} by its policy`]);
});
