import { topicPolicy } from '../../../operator/resources/sns/topic-policy.ts';
import type { TopicProps } from '../../../operator/resources/sns/topic.ts';
import { region } from '../laws.ts';

export const account = '111122223333';

/** The policy of a topic of this name, that lets CloudWatch publish as well. */
export const topicPolicyOf = (name: string, services: readonly string[] = []) =>
  topicPolicy({ topicArn: `arn:aws:sns:${region}:${account}:${name}`, account, services });

export const orders: TopicProps = {
  name: 'acme-orders',
  displayName: 'Orders of acme',
  policy: topicPolicyOf('acme-orders'),
  kmsKey: 'alias/aws/sns',
  signatureVersion: '2',
};
