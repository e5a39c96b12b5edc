import { lambdaFunction } from '../../operator/resources/lambda/function.ts';
import { queue } from '../../operator/resources/sqs/queue.ts';
import { byUpdate } from './by-update.ts';
import { otherAccount } from '../support/other-account.ts';
import { driftsOf, fixedInAws, oneValue, value, type Cell, type Drift, type PropertyDrifts } from './drift.ts';
import type { Place } from './place.ts';

const node = 'notifications/function-orders';
const lambda = (place: Place) => place.call('lambda');
const list = (changed: Cell, removed: Cell, extra: Cell): PropertyDrifts => ({ changed, removed, extra });

/** Somebody sets the function otherwise. */
const set = (what: string, input: object, more: Partial<Drift> = {}): Drift => ({
  what,
  make: (place) => lambda(place)('UpdateFunctionConfiguration', { FunctionName: place.id(node), ...input }),
  ...more,
});

const permit = (place: Place, input: object) =>
  lambda(place)('AddPermission', {
    ...{ FunctionName: place.id(node), StatementId: 'theirs', Action: 'lambda:InvokeFunction', Principal: '*' },
    ...input,
  });

/** Takes away every statement that lets somebody call the function. */
async function close(place: Place): Promise<void> {
  const FunctionName = place.id(node);
  const { Policy = '{}' } = await lambda(place)('GetPolicy', { FunctionName });
  const { Statement } = JSON.parse(Policy) as { Statement: { Sid: string }[] };
  for (const { Sid } of Statement) await lambda(place)('RemovePermission', { FunctionName, StatementId: Sid });
}

/** The role of another function, which cannot send to the queue of this one: its queue is another one, too. */
const anothersRole = set(
  'another role, and its queue',
  {},
  {
    make: (place: Place) =>
      lambda(place)('UpdateFunctionConfiguration', {
        FunctionName: place.id(node),
        Role: place.out('notifications/role-stock', 'roleArn'),
        DeadLetterConfig: { TargetArn: place.out('notifications/failed-stock', 'queueArn') },
      }),
  },
);

export const functionDrifts = driftsOf(lambdaFunction, {
  in: 'notifications',
  node,
  properties: {
    name: fixedInAws('lambda', 'FunctionArn', 'NewFunctionName'),
    packageType: fixedInAws('lambda', 'FunctionArn', 'PackageType'),
    code: value({
      what: 'other code',
      make: (place) =>
        lambda(place)('UpdateFunctionCode', {
          ...{ FunctionName: place.id(node), S3Bucket: 'example-code', S3Key: 'on-order-2.zip' },
        }),
      writes: 2,
    }),
    runtime: value(set('another runtime', { Runtime: 'nodejs20.x' })),
    handler: value(set('another handler', { Handler: 'their.handler' })),
    roleArn: value(anothersRole),
    memoryMib: value(set('less memory', { MemorySize: 128 })),
    timeoutSeconds: value(set('three seconds', { Timeout: 3 })),
    logGroup: value(set('logs elsewhere', { LoggingConfig: { LogFormat: 'JSON', LogGroup: '/theirs' } })),
    deadLetterArn: {
      changed: anothersRole,
      removed: set('lost what it could not handle', { DeadLetterConfig: { TargetArn: '' } }),
      extra: oneValue,
    },
    invokers: list(
      {
        what: 'another topic',
        make: async (place) => {
          await close(place);
          const SourceArn = place.id('notifications/topic-stock');
          await permit(place, { Principal: 'sns.amazonaws.com', SourceArn });
        },
        writes: 2,
      },
      { what: 'nobody may call it', make: close },
      { what: 'anybody may call it', make: (place) => permit(place, {}) },
    ),
  },
  deleted: {
    what: 'made again',
    make: (place) => lambda(place)('DeleteFunction', { FunctionName: place.id(node) }),
    awsMinutes: 1,
    writes: 3,
  },
});

const failed = 'notifications/failed-orders';
const letters = byUpdate(queue, failed);
const sqs = (place: Place) => place.call('sqs');
const setQueue = (what: string, Attributes: Readonly<Record<string, string>>): Drift => ({
  what,
  make: (place) => sqs(place)('SetQueueAttributes', { QueueUrl: place.id(failed), Attributes }),
});

type Statements = readonly object[];

export const queueDrifts = driftsOf(queue, {
  in: 'notifications',
  node: failed,
  properties: {
    name: fixedInAws('sqs', 'QueueUrl', 'QueueName'),
    policy: {
      changed: letters('read without TLS', 'policy', (has) => ({
        ...has,
        Statement: (has['Statement'] as Statements).slice(0, 1),
      })),
      removed: setQueue('none', { Policy: '' }),
      extra: letters('another account may read it', 'policy', (has) => ({
        ...has,
        Statement: (has['Statement'] as Statements).map((one, at) =>
          at === 0 ? { ...one, Principal: { AWS: otherAccount } } : one,
        ),
      })),
    },
    retentionSeconds: value(setQueue('lost after a minute', { MessageRetentionPeriod: '60' })),
    encryption: {
      changed: setQueue('another key', { KmsMasterKeyId: 'alias/theirs' }),
      removed: setQueue('not encrypted any more', { SqsManagedSseEnabled: 'false' }),
      extra: oneValue,
    },
  },
  deleted: {
    what: 'made again, a minute later: its name is not free before; what was in it is lost',
    make: (place) => sqs(place)('DeleteQueue', { QueueUrl: place.id(failed) }),
    awsMinutes: 2,
    writes: 1,
  },
});
