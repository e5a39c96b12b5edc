import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagPair } from '../core/tags.ts';
import { isPublic } from '../s3/public.ts';
import { arnOfNew, randomPassword, refused, secretOf, secrets, usableOf, type Secret } from './secrets.ts';

const day = 24 * 60 * 60_000;

interface ById {
  readonly SecretId: string;
}

interface Create {
  readonly Name: string;
  readonly Description?: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
  readonly Tags?: TagPair[];
}

/** The same token with the same value is the same request; a name is one secret's. */
function create(input: Create, request: Request) {
  const all = request.in(secrets);
  const versionId = input.ClientRequestToken ?? request.world.random.hex(32);
  const known = all.all().find(({ name }) => name === input.Name);
  if (known?.goesAt !== undefined)
    throw refused("You can't create this secret because a secret with this name is already scheduled for deletion.");
  if (known) {
    if (known.versionId === versionId && known.value === input.SecretString) return versionTold(known);
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${input.Name} already exists.`,
    );
  }
  const arn = arnOfNew(request, input.Name);
  return versionTold(
    all.put(arn, {
      ...{ arn, name: input.Name, description: input.Description, owningService: undefined, versionId },
      ...{ value: input.SecretString, createdAt: request.now, changedAt: request.now, goesAt: undefined },
      tags: toTagMap(input.Tags),
    }),
  );
}

interface Change extends ById {
  readonly Description?: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
}

function change({ SecretId, ...input }: Change, request: Request) {
  const { arn, owningService } = usableOf(request, SecretId);
  if (owningService !== undefined)
    throw refused(`The secret is managed by the service ${owningService}: change it by way of that service.`);
  const given = input.SecretString !== undefined;
  return versionTold(
    request.in(secrets).change(arn, {
      changedAt: request.now,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(given ? { value: input.SecretString } : {}),
      ...(given ? { versionId: input.ClientRequestToken ?? request.world.random.hex(32) } : {}),
    }),
  );
}

interface Delete extends ById {
  readonly RecoveryWindowInDays?: number;
  readonly ForceDeleteWithoutRecovery?: boolean;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
function remove({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }: Delete, request: Request) {
  const { arn, name, owningService } = usableOf(request, SecretId);
  if (owningService !== undefined)
    throw refused(`The secret is managed by the service ${owningService}: it goes by way of that service.`);
  if (ForceDeleteWithoutRecovery === true && RecoveryWindowInDays !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  const all = request.in(secrets);
  const window = ForceDeleteWithoutRecovery === true ? 0 : (RecoveryWindowInDays ?? 30) * day;
  if (window === 0) all.remove(arn);
  else {
    const goesAt = request.now + window;
    all.change(arn, { goesAt });
    request.world.schedule(window, () => {
      if (all.get(arn)?.goesAt === goesAt) all.remove(arn);
    });
  }
  return { ARN: arn, Name: name, DeletionDate: new Date(request.now + window) };
}

interface SecretFilter {
  readonly Key?: string;
  readonly Values?: string[];
}

/** Values are prefixes, and one that begins with an exclamation mark excludes; those of several filters have to meet. */
const told: Readonly<Record<string, (secret: Secret) => readonly string[]>> = {
  name: ({ name }) => [name],
  description: ({ description = '' }) => [description],
  'tag-key': ({ tags }) => Object.keys(tags),
  'tag-value': ({ tags }) => Object.values(tags),
  'owning-service': ({ owningService = '' }) => [owningService],
};

function fits(secret: Secret, { Key = '', Values = [] }: SecretFilter): boolean {
  const values = told[Key]?.(secret) ?? Object.values(told).flatMap((of) => of(secret));
  const has = (prefix: string): boolean => values.some((value) => value.startsWith(prefix));
  const [out, among] = [
    Values.filter((value) => value.startsWith('!')),
    Values.filter((value) => !value.startsWith('!')),
  ];
  return !out.some((value) => has(value.slice(1))) && (among.length === 0 || among.some(has));
}

interface List {
  readonly Filters?: SecretFilter[];
  readonly IncludePlannedDeletion?: boolean;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

function list({ Filters = [], IncludePlannedDeletion, NextToken, MaxResults }: List, request: Request) {
  const all = request
    .listed(secrets)
    .filter(({ goesAt }) => IncludePlannedDeletion === true || goesAt === undefined)
    .filter((secret) => Filters.every((filter) => fits(secret, filter)));
  const { items, next } = pageOf(request.world, all, { token: NextToken, size: MaxResults, most: 100 });
  return { SecretList: items.map(listTold), NextToken: next };
}

const versionTold = ({ arn, name, versionId }: Secret) => ({ ARN: arn, Name: name, VersionId: versionId });

const listTold = (secret: Secret) => ({
  ...{ ARN: secret.arn, Name: secret.name, Description: secret.description, OwningService: secret.owningService },
  RotationEnabled: secret.owningService !== undefined,
  CreatedDate: new Date(secret.createdAt),
  LastChangedDate: new Date(secret.changedAt),
  // "The date and time the deletion of the secret occurred", or is to occur.
  DeletedDate: secret.goesAt === undefined ? undefined : new Date(secret.goesAt),
  Tags: toTagPairs(secret.tags),
});

interface PutPolicy extends ById {
  readonly ResourcePolicy: string;
  readonly BlockPublicPolicy?: boolean;
}

interface RandomPassword {
  readonly PasswordLength?: number;
  readonly ExcludePunctuation?: boolean;
}

export const secretOperations: Operations = {
  CreateSecret: create,
  UpdateSecret: change,
  PutSecretValue: change,
  DeleteSecret: remove,
  ListSecrets: list,

  DescribeSecret: ({ SecretId }: ById, request) => listTold(secretOf(request, SecretId)),

  RestoreSecret: ({ SecretId }: ById, request) => {
    const { arn, name } = secretOf(request, SecretId);
    request.in(secrets).change(arn, { goesAt: undefined });
    return { ARN: arn, Name: name };
  },

  GetSecretValue: ({ SecretId, VersionId }: ById & { VersionId?: string }, request) => {
    const found = usableOf(request, SecretId);
    if (found.value === undefined || (VersionId !== undefined && VersionId !== found.versionId))
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${VersionId === undefined ? 'staging label: AWSCURRENT' : `VersionId: ${VersionId}`}`,
      );
    const current = { VersionStages: ['AWSCURRENT'], CreatedDate: new Date(found.changedAt) };
    return { ...versionTold(found), ...current, SecretString: found.value };
  },

  /** Letters and digits, which every choice of characters allows unless it excludes them by name. */
  GetRandomPassword: ({ PasswordLength = 32 }: RandomPassword, request) => ({
    RandomPassword: randomPassword(request, PasswordLength),
  }),

  GetResourcePolicy: ({ SecretId }: ById, request) => {
    const { arn, name, resourcePolicy } = secretOf(request, SecretId);
    return { ARN: arn, Name: name, ResourcePolicy: resourcePolicy };
  },

  PutResourcePolicy: ({ SecretId, ResourcePolicy, BlockPublicPolicy }: PutPolicy, request) => {
    const { arn, name } = usableOf(request, SecretId);
    if (BlockPublicPolicy === true && isPublic(ResourcePolicy))
      throw new AwsError(
        'PublicPolicyException',
        'The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.',
      );
    request.in(secrets).change(arn, { resourcePolicy: ResourcePolicy });
    return { ARN: arn, Name: name };
  },

  DeleteResourcePolicy: ({ SecretId }: ById, request) => {
    const { arn, name } = usableOf(request, SecretId);
    request.in(secrets).change(arn, { resourcePolicy: undefined });
    return { ARN: arn, Name: name };
  },

  TagResource: ({ SecretId, Tags = [] }: ById & { Tags?: TagPair[] }, request) => {
    const { arn, tags } = usableOf(request, SecretId);
    request.in(secrets).change(arn, { tags: { ...tags, ...toTagMap(Tags) } });
  },

  UntagResource: ({ SecretId, TagKeys }: ById & { TagKeys: string[] }, request) => {
    const { arn, tags } = usableOf(request, SecretId);
    request.in(secrets).change(arn, { tags: withoutTags(tags, TagKeys) });
  },
};
