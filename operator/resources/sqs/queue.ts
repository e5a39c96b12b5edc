import { sameDocument } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner } from '../../model/identity.ts';
import { learntOwner, stolen } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { parsePolicy, type PolicyDocument } from '../iam/policies.ts';

/** Where messages wait for somebody to fetch them: those that a function could not handle, say. */
export interface QueueProps {
  readonly name: string;
  readonly policy: PolicyDocument;
  /** How long a message waits before it is lost. */
  readonly retentionSeconds: number;
  /** `sqs`: by SQS with keys of its own; `none`; or the KMS key that somebody has chosen. */
  readonly encryption: string;
}

export interface QueueOutputs {
  readonly queueUrl: string;
  readonly queueArn: string;
}

type QueueFound = Found<QueueProps, QueueOutputs>;

export const queue: ResourceType<QueueProps, QueueOutputs> = {
  name: 'sqs/queue',
  fields: {
    name: 'fixed',
    policy: { mode: 'live', equal: sameDocument },
    retentionSeconds: 'live',
    encryption: 'live',
  },
  needs: [],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteQueue',
  key: ({ name }) => name,
  beat: 'existence',
  scope: 'regional',

  detailed: ['policy', 'retentionSeconds', 'encryption'],

  async *list(aws, scope) {
    // Without MaxResults a list ends after a thousand, and does not say so.
    const read = (NextToken?: string) => aws.sqs('ListQueues', { MaxResults: 1_000, NextToken });
    for await (const { QueueUrls = [] } of pages(read, (answer) => answer.NextToken))
      yield await Promise.all(
        QueueUrls.map(async (url) => listed(url, await learntOwner(scope, url, () => ownerOf(aws, url)))),
      );
  },

  async detail(aws, found) {
    const asked = { QueueUrl: found.id, AttributeNames: ['All' as const] };
    const answer = await orAbsent(aws.sqs('GetQueueAttributes', asked));
    if (!answer) return undefined;
    const { QueueArn: queueArn, ...attributes } = answer.Attributes ?? {};
    return {
      ...listed(found.id, found.owner),
      props: propsFrom(attributes),
      outputs: { queueUrl: found.id, queueArn },
    };
  },

  /** The name again with the same attributes is the same queue; with other ones it is refused. */
  async create(aws, props, birth) {
    const { QueueUrl = '' } = await aws.sqs('CreateQueue', {
      QueueName: props.name,
      Attributes: attributesFrom(props, ['policy', 'retentionSeconds', 'encryption']),
      tags: { ...birth.tags },
    });
    return { ...listed(QueueUrl, birth.owner), props };
  },

  async update(aws, found, props, fields) {
    if (!(await isOwn(aws, found))) throw stolen('foreign', `queue ${found.id}`);
    await aws.sqs('SetQueueAttributes', { QueueUrl: found.id, Attributes: attributesFrom(props, [...fields]) });
  },

  async delete(aws, found) {
    if (!(await isOwn(aws, found))) throw stolen('refused', `queue ${found.id}`);
    await orAbsent(aws.sqs('DeleteQueue', { QueueUrl: found.id }));
  },
};

function attributesFrom(props: QueueProps, fields: readonly (keyof QueueProps)[]): Record<string, string> {
  return {
    ...(fields.includes('policy') ? { Policy: JSON.stringify(props.policy) } : {}),
    ...(fields.includes('retentionSeconds') ? { MessageRetentionPeriod: String(props.retentionSeconds) } : {}),
    ...(fields.includes('encryption') ? encrypted(props.encryption) : {}),
  };
}

/** Turning on the one way ends the other. */
function encrypted(encryption: string): Record<string, string> {
  if (encryption === 'sqs') return { SqsManagedSseEnabled: 'true' };
  return encryption === 'none' ? { SqsManagedSseEnabled: 'false', KmsMasterKeyId: '' } : { KmsMasterKeyId: encryption };
}

const propsFrom = (told: Readonly<Record<string, string>>): Omit<QueueProps, 'name'> => ({
  policy: parsePolicy(told['Policy']) ?? {},
  retentionSeconds: Number(told['MessageRetentionPeriod']),
  encryption: told['KmsMasterKeyId'] ?? (told['SqsManagedSseEnabled'] === 'true' ? 'sqs' : 'none'),
});

const listed = (url: string, owner: NodeOwner | undefined): QueueFound => {
  const name = url.split('/').at(-1) ?? '';
  return { id: url, key: name, owner, state: { is: 'ready' }, props: { name }, outputs: { queueUrl: url } };
};

async function ownerOf(aws: Aws, QueueUrl: string): Promise<NodeOwner | undefined> {
  return ownerFromTags((await orAbsent(aws.sqs('ListQueueTags', { QueueUrl })))?.Tags ?? {});
}

/** A URL is made of the name, which can be used again: so whose it is now is asked before anything is written. */
async function isOwn(aws: Aws, { id, owner }: QueueFound): Promise<boolean> {
  const answer = await orAbsent(aws.sqs('ListQueueTags', { QueueUrl: id }));
  return answer === undefined || ownerFromTags(answer.Tags ?? {})?.uid === owner?.uid;
}
