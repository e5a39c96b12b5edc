import { sameDocument } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner, stolen } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { parsePolicy, type PolicyDocument } from '../iam/policies.ts';

/** Where messages are published, and from where they go to everybody who has subscribed. */
export interface TopicProps {
  readonly name: string;
  /** What e-mails come from, and text messages begin with. */
  readonly displayName: string;
  /** Who may publish and subscribe, and how: `topicPolicy` writes one. */
  readonly policy: PolicyDocument;
  /**
   * The KMS key that messages are encrypted with, by its alias or ARN; null for none. AWS's own `alias/aws/sns` lets
   * nobody but principals of the account use it: an AWS service that publishes by itself needs none, or a key of the user's.
   */
  readonly kmsKey: string | null;
  /** How messages to HTTPS endpoints are signed: 1 with SHA-1, 2 with SHA-256. */
  readonly signatureVersion: '1' | '2';
}

export interface TopicOutputs {
  readonly topicArn: string;
}

type TopicFound = Found<TopicProps, TopicOutputs>;

export const topic: ResourceType<TopicProps, TopicOutputs> = {
  name: 'sns/topic',
  fields: {
    name: 'fixed',
    displayName: 'live',
    policy: { mode: 'live', equal: sameDocument },
    kmsKey: 'live',
    signatureVersion: 'live',
  },
  needs: [],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteTopic',
  key: ({ name }) => name,
  beat: 'existence',
  scope: 'regional',
  alsoInUsEast1: true, // Of alarms that ring there.

  detailed: ['displayName', 'policy', 'kmsKey', 'signatureVersion'],

  async *list(aws, scope) {
    const read = (NextToken?: string) => aws.sns('ListTopics', { NextToken });
    for await (const { Topics = [] } of pages(read, (answer) => answer.NextToken))
      yield await Promise.all(
        Topics.map(async ({ TopicArn = '' }) =>
          listed(TopicArn, await learntOwner(scope, TopicArn, () => ownerOfTopic(aws, TopicArn))),
        ),
      );
  },

  async detail(aws, found) {
    const answer = await orAbsent(aws.sns('GetTopicAttributes', { TopicArn: found.id }));
    return answer?.Attributes && { props: propsFrom(answer.Attributes) };
  },

  /** The name again with the same tags is the same topic, with other ones it is refused. */
  async create(aws, props, birth) {
    const given = attributes.map((field) => [nameOf[field], attributeFrom[field](props)] as const);
    const { TopicArn = '' } = await aws.sns('CreateTopic', {
      Name: props.name,
      // An empty value takes away what is there.
      Attributes: Object.fromEntries(given.filter(([, value]) => value !== '')),
      Tags: tagPairs(birth.tags),
    });
    return { ...listed(TopicArn, birth.owner), props };
  },

  async update(aws, found, props, fields) {
    if (!(await isOwn(aws, found))) throw stolen('foreign', `topic ${found.id}`);
    for (const field of attributes.filter((one) => fields.has(one)))
      await aws.sns('SetTopicAttributes', {
        TopicArn: found.id,
        AttributeName: nameOf[field],
        AttributeValue: attributeFrom[field](props),
      });
  },

  /** Takes all subscriptions along, also those that nobody else could delete because they are not confirmed. */
  async delete(aws, found) {
    if (!(await isOwn(aws, found))) throw stolen('refused', `topic ${found.id}`);
    await orAbsent(aws.sns('DeleteTopic', { TopicArn: found.id }));
  },
};

type Attribute = Exclude<keyof TopicProps, 'name'>;

const nameOf: Readonly<Record<Attribute, string>> = {
  displayName: 'DisplayName',
  policy: 'Policy',
  kmsKey: 'KmsMasterKeyId',
  signatureVersion: 'SignatureVersion',
};
const attributes = Object.keys(nameOf) as Attribute[];

const attributeFrom: Readonly<Record<Attribute, (props: TopicProps) => string>> = {
  displayName: ({ displayName }) => displayName,
  policy: ({ policy }) => JSON.stringify(policy),
  kmsKey: ({ kmsKey }) => kmsKey ?? '',
  signatureVersion: ({ signatureVersion }) => signatureVersion,
};

const propsFrom = (told: Readonly<Record<string, string>>): Omit<TopicProps, 'name'> => ({
  displayName: told['DisplayName'] ?? '',
  policy: parsePolicy(told['Policy']) ?? {},
  kmsKey: told['KmsMasterKeyId'] || null,
  // "If the API response does not include the SignatureVersion attribute, it means that [it] has value 1."
  // https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
  signatureVersion: (told['SignatureVersion'] ?? '1') as '1' | '2',
});

const listed = (arn: string, owner: NodeOwner | undefined): TopicFound => {
  const name = arn.split(':').at(-1) ?? '';
  return { id: arn, key: name, owner, state: { is: 'ready' }, props: { name }, outputs: { topicArn: arn } };
};

/** Whose a topic is: what is subscribed to it asks this, for it has no tags. */
export const ownerOfTopic = async (aws: Aws, topicArn: string): Promise<NodeOwner | undefined> =>
  ownerFromTags((await tagsOf(aws, topicArn)) ?? {});

async function tagsOf(aws: Aws, ResourceArn: string): Promise<Tags | undefined> {
  const answer = await orAbsent(aws.sns('ListTagsForResource', { ResourceArn }));
  return answer && tagsFromPairs(answer.Tags);
}

/** An ARN is made of the name, which can be used again: so whose it is now is asked before anything is written. */
async function isOwn(aws: Aws, { id, owner }: TopicFound): Promise<boolean> {
  const tags = await tagsOf(aws, id);
  return tags === undefined || ownerFromTags(tags)?.uid === owner?.uid;
}
