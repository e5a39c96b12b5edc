import { describe, expect, test } from 'vitest';
import { queuePolicy } from '../../../operator/resources/sqs/queue-policy.ts';
import { queue, type QueueProps } from '../../../operator/resources/sqs/queue.ts';
import { Court, laws, region } from '../laws.ts';

const QueueName = 'acme-failed-orders';
const account = '111122223333';
const topicArn = `arn:aws:sns:${region}:${account}:acme-orders`;
const url = `https://sqs.${region}.amazonaws.com/${account}/${QueueName}`;
const failed: QueueProps = {
  name: QueueName,
  policy: queuePolicy(`arn:aws:sqs:${region}:${account}:${QueueName}`, account, topicArn),
  retentionSeconds: 1_209_600,
  encryption: 'sqs',
};

laws(queue, {
  ground: () => Promise.resolve(failed),
  live: {
    policy: ({ policy }) => ({ ...policy, Statement: (policy['Statement'] as unknown[]).slice(0, 1) }),
    retentionSeconds: () => 345_600,
    encryption: () => 'none',
  },
  fixed: { name: 'acme-other' },
  foreign: async (court) => {
    await court.other('sqs', 'CreateQueue', { QueueName });
  },
});

describe('a queue', () => {
  test('is set back from a key of somebody’s to the keys of SQS', async () => {
    const court = new Court(queue);
    await court.settle(failed);
    await court.other('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { KmsMasterKeyId: 'alias/theirs' } });
    expect((await court.own(failed))[0]?.props).toMatchObject({ encryption: 'alias/theirs' });
    expect((await court.settle(failed)).props).toMatchObject({ encryption: 'sqs' });
  });

  test.each([
    [
      'by a policy of its own is nobody’s of ours, and holds up no list',
      'an explicit deny in a resource-based policy',
      1,
    ],
    ['by our role is read by nobody', 'an explicit deny in an identity-based policy', 0],
  ])('whose tags are denied %s', async (_what, why, listed) => {
    const court = new Court(queue);
    await court.other('sqs', 'CreateQueue', { QueueName: 'theirs' });
    const message = `User: x is not authorized to perform: sqs:listqueuetags with ${why}`;
    const error = { code: 'AccessDenied', message, status: 403 };
    court.simulated.world.faults.add({ service: 'sqs', operation: 'ListQueueTags', error });
    const owners = court.list(failed).then((all) => all.map(({ owner }) => owner));
    if (listed > 0) expect(await owners).toEqual([undefined]);
    else await expect(owners).rejects.toMatchObject({ kind: 'denied' });
  });

  test('whose name is still reserved is waited for', async () => {
    const court = new Court(queue);
    await court.settle(failed);
    await court.other('sqs', 'DeleteQueue', { QueueUrl: url });
    await expect(queue.create(court.aws, failed, court.birth())).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(60_000);
    await court.settle(failed);
  });

  test('that somebody made anew under our name is not changed and not deleted, and that is said', async () => {
    const court = new Court(queue);
    const found = (await court.settle(failed)) as never;
    await court.other('sqs', 'DeleteQueue', { QueueUrl: url });
    court.clock.advance(60_000);
    await court.other('sqs', 'CreateQueue', { QueueName });
    const update = queue.update(court.aws, found, failed, new Set(['policy']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    await expect(queue.delete(court.aws, found)).rejects.toMatchObject({ kind: 'refused' });
    expect(await court.list(failed)).toHaveLength(1);
  });
});
