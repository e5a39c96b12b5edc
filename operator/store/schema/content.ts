import { z } from 'zod';
import { distinct, listOf, rule, setOf, text, whole, withRules } from './words.ts';

const folder = { max: 240, pattern: "^[A-Za-z0-9_.!*'()/-]*$" };

const lifecycle = z
  .strictObject({
    noncurrentVersionDays: whole(
      'How long what was overwritten or deleted can be had back, in days.',
      1,
      36_500,
    ).default(30),
    abortUploadDays: whole('After how many days an upload that was not finished is given up.', 1, 365).default(7),
    expire: z
      .array(
        z
          .strictObject({
            prefix: text('What the names of the objects begin with.', { ...folder, min: 1, example: 'tmp/' }),
            days: whole('After how many days they are deleted.', 1, 36_500),
          })
          .describe('Objects that go by themselves.'),
      )
      .max(50)
      .meta({
        description: 'Objects that are deleted some days after they were written.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['prefix'],
      })
      .default([]),
  })
  .prefault({})
  .describe('What becomes of objects in time.');

/** S3 takes one star at most: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html */
const origin = {
  max: 260,
  min: 1,
  pattern: '^([*]|https?://([*]|[a-z0-9][a-z0-9.-]*[*]?)[a-z0-9.-]*(:[0-9]{1,5})?)$',
  example: 'https://shop.example.com',
};

const cors = z
  .array(
    withRules(
      z
        .strictObject({
          origins: listOf('Which sites may ask, with at most one star in each.', text('An origin.', origin), 1, 20),
          methods: setOf(
            'What they may ask. Left out: GET and HEAD.',
            z.enum(['GET', 'HEAD', 'PUT', 'POST', 'DELETE']).describe('A method.'),
            5,
          ).optional(),
          headers: setOf(
            'Which headers they may send. Left out: none.',
            text('A header, with at most one star.', {
              max: 128,
              min: 1,
              pattern: '^[A-Za-z0-9-]*[*]?[A-Za-z0-9-]*$',
              example: 'Content-Type',
            }),
            20,
          ).optional(),
          exposeHeaders: setOf(
            'Which headers of the answer they may see. Left out: none.',
            text('A header.', { max: 128, min: 1, pattern: '^[A-Za-z0-9-]+$', example: 'ETag' }),
            20,
          ).optional(),
          maxAgeSeconds: whole(
            'How long a browser need not ask again whether it may. Left out: an hour.',
            0,
            86_400,
          ).optional(),
        })
        .describe('One rule.'),
      [
        distinct('origins', 'origin'),
        rule('!has(self.methods) || self.methods.size() > 0', {
          wrong: 'methods is empty, so that the rule allows nothing',
          remedy: 'name a method, or leave the rule out',
          at: '.methods',
        }),
      ],
    ),
  )
  .max(20)
  .meta({
    description:
      'Which other sites may use the objects from within a browser that talks to the bucket itself, by presigned URLs. It has no effect on what the CDN serves.',
    'x-kubernetes-list-type': 'atomic',
  })
  .default([]);

/** The files of the store: pictures, style sheets, documents. */
export const content = z
  .strictObject({
    versioning: z
      .boolean()
      .default(true)
      .describe('Whether what is overwritten or deleted can be had back for a while.'),
    lifecycle,
    cors,
    adopt: text(
      'The name of a bucket that a deleted store of the namespace has left, which this store takes over with all objects.',
      {
        max: 63,
        min: 3,
        pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
        example: 'ecom-acme-bucket-0123456789',
      },
    ).optional(),
  })
  .describe(
    'The files of the store, in a bucket that nobody on the internet reaches: the CDN serves staticPaths from it, and the application reads and writes it. Left out: there is none.',
  );
