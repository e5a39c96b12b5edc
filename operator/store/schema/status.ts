import { z } from 'zod';
import { bounds } from '../bounds.ts';

const short = (description: string, max = 256) => z.string().max(max).describe(description);
const time = (description: string) => z.string().max(64).meta({ description, format: 'date-time' });
const list = <S extends z.ZodType>(description: string, item: S, max: number) =>
  z.array(item).max(max).meta({ description, 'x-kubernetes-list-type': 'atomic' });
const generation = (description: string) => z.int().min(-1).meta({ description, format: 'int64' });

const node = short('The name of the resource in the store, as network/vpc.', 64);
const id = short("AWS's id of it; of what is missing, the last one.", 2048);

const condition = z
  .strictObject({
    type: short('Ready, Reconciling, Stalled, or the name of a section and Ready.', 64),
    status: z.enum(['True', 'False', 'Unknown']).describe('True, False or Unknown.'),
    observedGeneration: generation('The generation of the store that this was said about.').optional(),
    lastTransitionTime: time('When the status last changed.'),
    reason: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/)
      .describe('Why, as one word for machines.'),
    message: short('Why, for people: cause, field and next step.', 32768),
  })
  .describe('One condition.');

const resource = z
  .strictObject({
    node,
    type: short('Its type, as ec2/vpc.', 64),
    id: id.optional(),
    standing: z
      .enum(['ready', 'progressing', 'waiting', 'drifted', 'deleting', 'stalled'])
      .describe(
        'ready; progressing (AWS or we are at work on it); waiting (it needs another first); drifted (it differs and may not be changed); deleting; stalled (somebody has to do something).',
      ),
    reason: short('Why, as one word for machines.', 128).optional(),
    message: short('Why, for people.', 4096).optional(),
    readAt: time('When AWS was last read of it.').optional(),
  })
  .describe('One resource of the store.');

/** What the operator tells of a store. A mirror, never the truth: losing it loses nothing but the journal. */
export const status = z
  .strictObject({
    observedGeneration: generation('The generation that this status speaks of; -1 before the first look.').optional(),
    conditions: z
      .array(condition)
      .max(32)
      .meta({
        description: 'Ready, Reconciling, Stalled, and one for every section.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      })
      .optional(),
    url: short('Where the store answers.', 300).optional(),
    account: short(
      'The AWS account that holds the store. By the credentials of another nothing is done to it.',
      12,
    ).optional(),
    installation: short(
      'The installation that built the store, and is in its tags. Another does nothing to it.',
      63,
    ).optional(),
    takenOver: short(
      'The UID in the tags of what the store has in AWS, where it has taken that over from an earlier store of its name.',
      256,
    ).optional(),
    endpoints: z
      .strictObject({
        host: short('The host name of the store.', 253).optional(),
        loadBalancer: short("AWS's own name of the load balancer.", 512).optional(),
        cdn: short("CloudFront's own name of the distribution.", 253).optional(),
      })
      .optional()
      .describe('The names under which parts of the store answer.'),
    zoneNameServers: list(
      'The name servers of the hosted zone that was made: enter them at the registrar or the parent zone.',
      short('A name server.', 253),
      8,
    ).optional(),
    resources: list(
      'Every resource of the store. Where there are too many: data first, then what is wanted; Ready says how many are left out.',
      resource,
      bounds.resources,
    ).optional(),
    lastDrift: z
      .strictObject({
        at: time('When it was seen.'),
        node,
        fields: list('What differed.', short('A field of the resource.', 128), 64),
        healed: z.boolean().describe('Whether it was put right.'),
      })
      .optional()
      .describe('The last difference between AWS and the store that nobody here had made.'),
    acknowledgedReconcile: short(
      'The last value of the annotation ecom.io/reconcile-at that a pass was made for.',
    ).optional(),
    journal: list(
      'Creations that AWS would do twice, noted before they are sent; since when data is being let go, of which a snapshot is taken; and for what an entry of spec.policy.replace was used, for as long as it stands there (replace/<resource> until another one is ready, then replaced/<resource>).',
      z
        .strictObject({
          node: short('The name of the resource in the store, or what is noted of it.', 80),
          incarnation: short('Which of the resources that bear this name, one after another.', 2048),
          at: time('When it was noted.'),
          id: id.optional(),
        })
        .describe('One creation, one end, or one use.'),
      100,
    ).optional(),
    retained: list(
      'What stays in AWS although the store no longer wants it. Where there is too much: snapshots and other data first; Ready says how many are left out.',
      z
        .strictObject({
          node,
          id,
          type: short('Its type, as ec2/vpc.', 64).optional(),
          why: short('Why it stays.', 1024),
        })
        .describe('One resource that stays.'),
      bounds.retained,
    ).optional(),
  })
  .default({ observedGeneration: -1 })
  .describe('What the operator tells of the store.');
