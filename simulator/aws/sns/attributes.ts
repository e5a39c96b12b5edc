import { listed, readPolicy } from '../core/resource-policy.ts';
import type { Request } from '../core/request.ts';
import { invalid, notSimulated } from './kinds.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
const settable = [
  ...['DisplayName', 'Policy', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig', 'DeliveryPolicy'],
  ...['HTTP', 'Firehose', 'Lambda', 'Application', 'SQS'].flatMap((protocol) =>
    ['SuccessFeedbackRoleArn', 'SuccessFeedbackSampleRate', 'FailureFeedbackRoleArn'].map((what) => protocol + what),
  ),
];

/** Of how many deliveries in a hundred that went well it is told. */
const checkRate = (value: string): string | undefined =>
  /^(\d{1,2}|100)$/.test(value) ? undefined : 'SuccessFeedbackSampleRate is a percentage';

const checks: Readonly<Record<string, (value: string, arn: string) => string | undefined>> = {
  DisplayName: (value) => (value.length > 100 ? 'DisplayName is longer than 100 characters' : undefined),
  KmsMasterKeyId: (value) =>
    /^(|alias\/[A-Za-z0-9/_-]+|[0-9a-f-]{36}|mrk-[0-9a-f]{32}|arn:aws:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+)$/.test(
      value,
    )
      ? undefined
      : 'KmsMasterKeyId is not the id of a key',
  SignatureVersion: (value) => (value === '1' || value === '2' ? undefined : 'SignatureVersion is 1 or 2'),
  TracingConfig: (value) => (value === 'PassThrough' || value === 'Active' ? undefined : 'TracingConfig'),
  Policy: checkPolicy,
};

/** https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-using.html */
function checkPolicy(text: string, arn: string): string | undefined {
  const policy = readPolicy(text);
  if (typeof policy === 'string') return policy;
  for (const { Action, Resource } of policy.Statement) {
    if (!listed(Action).every((action) => /^sns:/i.test(action)))
      return 'Policy statement action out of service scope!';
    if (!listed(Resource).every((resource) => resource === arn)) return 'Policy Error: null';
  }
  return undefined;
}

/** Refuses what is no attribute of a topic, or no value of one. */
export function checkAttributes(attributes: Readonly<Record<string, string>>, arn: string): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (/^(Fifo|ContentBased)/.test(name)) throw notSimulated('A topic that keeps an order');
    if (!settable.includes(name)) throw invalid('AttributeName');
    const wrong = name.endsWith('SampleRate') ? checkRate(value) : checks[name]?.(value, arn);
    if (wrong !== undefined) throw invalid('Attributes', wrong);
  }
}

/** What a topic has without being told: its owner may do everything, and nobody else anything. */
export const defaultPolicy = (request: Request, arn: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          ...['SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission'],
          ...['SNS:DeleteTopic', 'SNS:Subscribe', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish'],
        ],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': request.account } },
      },
    ],
  });
