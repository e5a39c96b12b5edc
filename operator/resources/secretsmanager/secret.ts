import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { Fault, orAbsent } from '../../model/faults.ts';
import { ownerFromTags, splitTags, tagPairs, tagsFromPairs } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';

/** The name and the password of a user, which Secrets Manager makes up and keeps: no list and no status ever tells it. */
export interface SecretProps {
  readonly description: string;
  /** Whose password it is; it stands in the value, beside it. */
  readonly username: string;
  /** Somebody has scheduled its deletion: until that day it can be had back. */
  readonly deletionScheduled: boolean;
  /** JSON of who may read it beside those whose own roles say so, be it in another account; null for nobody. */
  readonly resourcePolicy: string | null;
}

export interface SecretOutputs {
  readonly secretArn: string;
}

/** What the names of ours begin with: the operator's role is held to it. */
export const secretPrefix = 'ecom-';

type SecretFound = Found<SecretProps, SecretOutputs>;

export const secret: ResourceType<SecretProps, SecretOutputs> = {
  name: 'secretsmanager/secret',
  fields: { description: 'live', username: 'seed', deletionScheduled: 'live', resourcePolicy: 'live' },
  needs: [],
  // Whoever reads it goes by its ARN, and its value cannot be copied unseen.
  replace: 'refuse',
  once: 'name',
  endedBy: 'DeleteSecret',
  key: (_props, name) => secretPrefix + name,
  beat: 'existence',
  scope: 'regional',

  async *list(aws) {
    const read = (NextToken?: string) =>
      aws.secretsmanager('ListSecrets', {
        Filters: [{ Key: 'name', Values: [secretPrefix] }],
        IncludePlannedDeletion: true,
        MaxResults: 100,
        NextToken,
      });
    for await (const { SecretList = [] } of pages(read, (answer) => answer.NextToken)) yield SecretList.map(told);
  },

  closed: () => ({ resourcePolicy: null }),

  detailed: ['resourcePolicy'],

  async detail(aws, { id: SecretId }) {
    const answer = await orAbsent(aws.secretsmanager('GetResourcePolicy', { SecretId }));
    return answer && { props: { resourcePolicy: answer.ResourcePolicy ?? null } };
  },

  async create(aws, props, birth) {
    const { RandomPassword: password } = await aws.secretsmanager('GetRandomPassword', {
      PasswordLength: 40,
      // RDS takes no slash, no quotes, no at sign and no space; letters and digits alone need no quoting anywhere.
      ExcludePunctuation: true,
    });
    const { ARN = '', Name } = await aws.secretsmanager('CreateSecret', {
      Name: secretPrefix + birth.name,
      ClientRequestToken: birth.token,
      Description: props.description,
      SecretString: JSON.stringify({ password, username: props.username }),
      Tags: tagPairs(birth.tags),
    });
    const { description, deletionScheduled } = props;
    return {
      ...{ id: ARN, key: Name, owner: birth.owner, state: { is: 'ready' } },
      // Who else may read it is said by another call.
      props: { description, deletionScheduled, resourcePolicy: null },
      outputs: { secretArn: ARN },
    };
  },

  async update(aws, { id: SecretId }, props, fields) {
    if (fields.has('deletionScheduled')) await aws.secretsmanager('RestoreSecret', { SecretId });
    // None of ours ever has one: whatever is wanted of it is that it goes.
    if (fields.has('resourcePolicy')) await aws.secretsmanager('DeleteResourcePolicy', { SecretId });
    if (fields.has('description'))
      await aws.secretsmanager('UpdateSecret', { SecretId, Description: props.description });
  },

  async delete(aws, { id: SecretId, props }) {
    // One that is scheduled already cannot be deleted at once.
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
    if (props.deletionScheduled === true) await orAbsent(aws.secretsmanager('RestoreSecret', { SecretId }));
    // Whatever it opened is gone before it; left for the usual days it would keep its name, and cost.
    await orAbsent(aws.secretsmanager('DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true }));
  },

  async retag(aws, { id: SecretId }, tags) {
    const { given, taken } = splitTags(tags);
    if (Object.keys(given).length > 0) await aws.secretsmanager('TagResource', { SecretId, Tags: tagPairs(given) });
    if (taken.length > 0) await aws.secretsmanager('UntagResource', { SecretId, TagKeys: [...taken] });
  },
};

/** The password that lies in a secret, for the one call that sets it: it is kept nowhere. */
export async function passwordIn(aws: Aws, SecretId: string): Promise<string> {
  const { SecretString = '' } = await aws.secretsmanager('GetSecretValue', { SecretId });
  const password = passwordOf(SecretString);
  if (password === undefined)
    throw new Fault('rejected', `the secret ${SecretId} holds no password`, {
      remedy: `put one into it: aws secretsmanager put-secret-value --secret-id ${SecretId} --secret-string '{"username":…,"password":…}'`,
    });
  return password;
}

function passwordOf(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Its error would show what was read.
  }
  const password = typeof value === 'object' && value !== null && 'password' in value ? value.password : undefined;
  return typeof password === 'string' && password !== '' ? password : undefined;
}

const told = ({
  ARN: id = '',
  Name,
  Description = '',
  DeletedDate,
  Tags,
  CreatedDate,
}: SecretListEntry): SecretFound => ({
  ...{ id, key: Name, owner: ownerFromTags(tagsFromPairs(Tags)), state: { is: 'ready' } },
  props: { description: Description, deletionScheduled: DeletedDate !== undefined },
  outputs: { secretArn: id },
  ...(CreatedDate ? { bornAt: CreatedDate.getTime() } : {}),
});
