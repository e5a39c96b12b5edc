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
    deletion: z
      .enum(['Retain', 'Snapshot', 'Delete'])
      .default('Retain')
      .describe(
        'What becomes of data when the store, or the section that holds it, goes. Retain keeps databases with their backups, user pools, and buckets with objects. Snapshot takes a final snapshot of databases and deletes them; what has no snapshots is kept. Delete deletes all of it, once the annotation ecom.io/confirm-deletion holds the UID of the store.',
      ),
    replace: setOf(
      'Resources that may be replaced where a change cannot be made in place, or made again where their data is lost, by their names in status.resources. An entry is good for one replacement: for another, take it out, apply that, and put it in again.',
      text('The name of a resource in status.resources.', {
        max: 64,
        pattern: '^[a-zA-Z]{1,20}/[a-z0-9-]{1,43}$',
        example: 'database/primary',
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
