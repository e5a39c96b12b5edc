import { z } from 'zod';
import { messageFunction } from './message-function.ts';
import { rule, text, withRules } from './words.ts';

/** What an endpoint looks like, by protocol; each is a rule of its own, so that the remedy fits. */
const endpoints = [
  ['email', "self.endpoint.matches('^[^@ ]+@[^@ ]+[.][^@ ]+$')", 'an address, as orders@example.com'],
  ['sms', "self.endpoint.matches('^[+][1-9][0-9]{6,14}$')", 'a number with its country, as +4915112345678'],
  // SNS tells a password in a URL as stars, so that the subscription could not be known again:
  // https://github.com/hashicorp/terraform/issues/11108. And nobody hides it in a manifest.
  [
    'https',
    "self.endpoint.matches('^https://[^/@ ]+(/[^ ]*)?$')",
    'a URL without user and password, as https://erp.example.com/orders?key=…',
  ],
  ['sqs', "self.endpoint.startsWith('arn:aws:sqs:')", 'the ARN of a queue'],
  ['lambda', "self.endpoint.startsWith('arn:aws:lambda:')", 'the ARN of a function'],
] as const;

/** https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
const subscription = withRules(
  z
    .strictObject({
      protocol: z
        .enum(['email', 'sms', 'https', 'sqs', 'lambda'])
        // Kubernetes 1.28 takes an enum for a string of any length, and what compares it for too costly.
        .meta({ maxLength: 6 })
        .describe('How messages reach their addressee. An email or https addressee has to confirm first.'),
      endpoint: text(
        'Who gets the messages: an address, a number with its country, a URL, the ARN of a queue or function. A queue or function has to let the topic in by a policy of its own.',
        { max: 256, min: 5, pattern: '^[!-~]+$', example: 'orders@example.com' },
      ),
    })
    .describe('One addressee.'),
  endpoints.map(([protocol, fits, what]) =>
    rule(`self.protocol != '${protocol}' || ${fits}`, {
      wrong: `the endpoint is none for ${protocol}`,
      remedy: `give ${what}`,
      at: '.endpoint',
    }),
  ),
);

const topic = withRules(
  z
    .strictObject({
      displayName: text('What e-mails come from, and text messages begin with. Left out: the store and the topic.', {
        max: 100,
        min: 1,
        pattern: '^[ -~]+$',
        example: 'Acme orders',
      }).optional(),
      subscriptions: z.array(subscription).max(20).default([]).meta({
        description: 'Who gets the messages: those that are here, and nobody else.',
        'x-kubernetes-list-type': 'atomic',
      }),
      function: messageFunction.optional(),
    })
    .describe('One topic.'),
  [
    rule(
      '!has(self.subscriptions) || self.subscriptions.all(one, self.subscriptions.exists_one(other, other.protocol == one.protocol && other.endpoint == one.endpoint))',
      {
        wrong: 'subscriptions names the same addressee twice',
        remedy: 'leave one of them',
        at: '.subscriptions',
        reason: 'FieldValueDuplicate',
      },
    ),
  ],
);

const topics = withRules(
  z
    .record(z.string(), topic)
    .meta({
      description: 'Topics by name. The application finds the ARN of each at notifications/<name>/arn.',
      maxProperties: 10,
    })
    .default({ orders: { subscriptions: [] } }),
  [
    rule("self.all(name, name.matches('^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$'))", {
      wrong: 'a topic has a name that cannot be part of a path',
      remedy: 'use small letters, digits and hyphens, beginning with a letter, at most 20 characters',
    }),
  ],
);

/** What the store tells others: its messages, and who gets them. */
export const notifications = z
  .strictObject({
    topics,
    kmsKeyArn: text(
      'A KMS key of yours that messages are encrypted with. Left out: the one that AWS keeps for SNS, with which no AWS service can publish by itself.',
      {
        max: 128,
        pattern: '^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$',
        example: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000',
      },
    ).optional(),
  })
  .describe('Messages of the store, and who gets them. Left out: there are none.');
