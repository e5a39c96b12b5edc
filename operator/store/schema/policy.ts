import { z } from 'zod';
import { setOf, text } from './words.ts';

/** What the operator may do with this store. */
export const policy = z
  .strictObject({
    mode: z
      .enum(['Enforce', 'Observe', 'Paused'])
      .default('Enforce')
      .describe(
        'Enforce makes AWS match the store. Observe reports differences and writes nothing. Paused does neither.',
      ),
    replace: setOf(
      'Resources that may be replaced where a change cannot be made in place, by their names in status.resources.',
      text('The name of a resource in status.resources.', {
        max: 64,
        pattern: '^[a-zA-Z]{1,20}/[a-z0-9-]{1,43}$',
        example: 'loadBalancer/alb',
      }),
      50,
    ).default([]),
    permissionsBoundaryArn: text('The permissions boundary of every IAM role that is made for the store.', {
      max: 255,
      pattern: '^arn:aws:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]{1,200}$',
      example: 'arn:aws:iam::111122223333:policy/ecom-boundary',
    }).optional(),
  })
  .prefault({})
  .describe('What the operator may do with this store.');
