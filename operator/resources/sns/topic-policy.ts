import type { PolicyDocument } from '../iam/policies.ts';

export interface TopicAccess {
  readonly topicArn: string;
  readonly account: string;
  /** AWS services that publish by themselves, as `cloudwatch.amazonaws.com`: for this account only. */
  readonly services: readonly string[];
}

/**
 * Principals of the account may publish and subscribe as far as their own policies let them, these services may publish,
 * and nobody publishes but by TLS. https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
 */
export const topicPolicy = ({ topicArn, account, services }: TopicAccess): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'OwnAccount',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: [
        ...['sns:Publish', 'sns:Subscribe', 'sns:ListSubscriptionsByTopic'],
        ...['sns:GetTopicAttributes', 'sns:SetTopicAttributes', 'sns:DeleteTopic'],
      ],
      Resource: topicArn,
    },
    ...(services.length === 0
      ? []
      : [
          {
            Sid: 'Services',
            Effect: 'Allow',
            Principal: { Service: [...services].sort() },
            Action: 'sns:Publish',
            Resource: topicArn,
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          },
        ]),
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: topicArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});
