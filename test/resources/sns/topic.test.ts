import { describe, expect, test } from 'vitest';
import type { Aws } from '../../../operator/model/ports.ts';
import { topic } from '../../../operator/resources/sns/topic.ts';
import { Court, laws } from '../laws.ts';
import { orders, topicPolicyOf } from './ground.ts';

const Name = orders.name;

laws(topic, {
  ground: () => Promise.resolve(orders),
  live: {
    displayName: () => 'Sales of acme',
    policy: () => topicPolicyOf(Name, ['cloudwatch.amazonaws.com']),
    kmsKey: () => null,
    signatureVersion: () => '1' as const,
  },
  fixed: { name: 'acme-sales' },
  foreign: (court) => court.other('sns', 'CreateTopic', { Name }),
});

describe('a topic', () => {
  test('is born encrypted, and with the policy that keeps others and plain HTTP out', async () => {
    const court = new Court(topic);
    const { id } = await topic.create(court.aws, orders, court.birth());
    const { Attributes } = await court.other<{ Attributes: Record<string, string> }>('sns', 'GetTopicAttributes', {
      TopicArn: id,
    });
    expect(Attributes['KmsMasterKeyId']).toBe('alias/aws/sns');
    expect(JSON.parse(Attributes['Policy'] ?? '')).toMatchObject({
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
        { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    });
  });

  test('without a key is born without a word of one: an empty one is for taking a key away', async () => {
    const court = new Court(topic);
    const asked: unknown[] = [];
    const sns: Aws['sns'] = (operation, input) => {
      asked.push(input);
      return court.aws.sns(operation, input);
    };
    await topic.create({ ...court.aws, sns }, { ...orders, kmsKey: null }, court.birth());
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked)).not.toContain('KmsMasterKeyId');
  });

  test('lets services publish for the account alone', () => {
    expect(topicPolicyOf(Name, ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'])).toMatchObject({
      Statement: [
        {},
        {
          Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
          Action: 'sns:Publish',
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        },
        {},
      ],
    });
  });

  test('that somebody made anew under our name is not changed and not deleted, and that is said', async () => {
    const court = new Court(topic);
    const found = (await court.settle(orders)) as never;
    const TopicArn = (await court.list(orders))[0]?.id;
    await court.other('sns', 'DeleteTopic', { TopicArn });
    await court.other('sns', 'CreateTopic', { Name });
    const update = topic.update(court.aws, found, orders, new Set(['kmsKey']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    await expect(topic.delete(court.aws, found)).rejects.toMatchObject({ kind: 'refused' });
    expect(await court.list(orders)).toHaveLength(1);
  });
});
