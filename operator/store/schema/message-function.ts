import { z } from 'zod';
import { logRetention, rule, text, whole, withRules } from './words.ts';

const archive = z
  .strictObject({
    bucket: text('The bucket, in the region of the store.', {
      max: 63,
      min: 3,
      pattern: '^[a-z0-9][a-z0-9.-]*[a-z0-9]$',
      example: 'acme-code',
    }),
    key: text('The key of a ZIP archive.', { max: 1024, min: 1, pattern: '^[ -~]+$', example: 'on-order.zip' }),
    version: text('The version of the object: a new one is rolled out. Left out: the latest when it is made.', {
      max: 1024,
      min: 1,
      pattern: '^[!-~]+$',
      example: '3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
    }).optional(),
  })
  .describe('Code in a bucket that the operator may read.');

/** What is done with each message: a function of the user's, or one that the store makes. */
export const messageFunction = withRules(
  z
    .strictObject({
      arn: text('A function of yours that lets the topic in by its own policy.', {
        max: 170,
        pattern: '^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]+)?$',
        example: 'arn:aws:lambda:eu-central-1:111122223333:function:on-order',
      }).optional(),
      s3: archive.optional(),
      image: text('A container image in a registry of yours, in the region of the store. A new tag is rolled out.', {
        max: 512,
        pattern: '^[0-9]{12}[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com/[a-z0-9/._-]+[:@][A-Za-z0-9_.:-]+$',
        example: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/on-order:1.4.0',
      }).optional(),
      handler: text('What Lambda calls in the archive.', {
        max: 128,
        min: 1,
        pattern: '^[!-~]+$',
        example: 'index.handler',
      }).optional(),
      runtime: text('What runs the archive, as Lambda calls it.', {
        max: 32,
        pattern: '^[a-z][a-z0-9.]*$',
        example: 'nodejs24.x',
      }).optional(),
      memoryMiB: whole('How much memory a call has; more memory is more CPU.', 128, 10240).default(256),
      timeoutSeconds: whole('How long a call may take.', 1, 900).default(30),
      logRetentionDays: logRetention('For how many days its logs are kept.'),
    })
    .describe(
      'A function that gets each message: exactly one of arn, s3 and image. One that the store makes has a role of its own, a log group, and a queue for what SNS could not deliver or it could not handle.',
    ),
  [
    rule('(has(self.arn) ? 1 : 0) + (has(self.s3) ? 1 : 0) + (has(self.image) ? 1 : 0) == 1', {
      wrong: 'the function is not given by exactly one of arn, s3 and image',
      remedy: 'give one of the three',
      reason: 'FieldValueRequired',
    }),
    rule('has(self.s3) == has(self.handler) && has(self.s3) == has(self.runtime)', {
      wrong: 'handler and runtime belong to code in S3, and only to that',
      remedy: 'give both beside s3, or leave both out',
    }),
  ],
);
