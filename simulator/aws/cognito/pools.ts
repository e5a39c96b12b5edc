import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { withoutTags, type TagMap } from '../core/tags.ts';
import { arnOf, clients, domainOf, groups, invalid, pools, thePool, users, type MfaMode, type Pool } from './kinds.ts';
import { schemaFrom, type AttributeGiven } from './schema.ts';
import { mfaAfter, noMfa, settingsFrom, type SettingsGiven } from './settings.ts';

const told = (request: Request, pool: Pool) => {
  const { settings } = pool;
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: arnOf(request, pool.id),
    ...settings,
    // Told beside the period of temporary passwords, and refused when it comes back beside it.
    AdminCreateUserConfig: {
      ...settings.AdminCreateUserConfig,
      UnusedAccountValidityDays: settings.Policies.PasswordPolicy.TemporaryPasswordValidityDays,
    },
    ...pool.fixed,
    MfaConfiguration: pool.mfa.mode,
    Domain: domainOf(request, pool.id)?.prefix,
    CustomDomain: domainOf(request, pool.id, true)?.prefix,
    UserPoolTags: { ...pool.tags },
    EstimatedNumberOfUsers: below(request, pool.id, users).length,
    CreationDate: new Date(pool.createdAt),
    LastModifiedDate: new Date(pool.changedAt),
  };
};

const below = <T extends { readonly poolId: string }>(
  request: Request,
  poolId: string,
  kind: Parameters<typeof request.in<T>>[0],
) =>
  request
    .in(kind)
    .entries()
    .filter(([, value]) => value.poolId === poolId);

interface Create extends SettingsGiven {
  readonly PoolName: string;
  readonly UserPoolTags?: TagMap;
  readonly UsernameAttributes?: string[];
  readonly AliasAttributes?: string[];
  readonly UsernameConfiguration?: object;
  readonly Schema?: AttributeGiven[];
}

function checkTags(tags: TagMap): TagMap {
  if (Object.keys(tags).length > 50) throw invalid('A user pool can have at most 50 tags.');
  if (Object.keys(tags).some((key) => key.startsWith('aws:')))
    throw new AwsError('UserPoolTaggingException', 'Tag keys that start with aws: are reserved.');
  return tags;
}

function create(input: Create, request: Request) {
  const { UsernameAttributes, AliasAttributes, UsernameConfiguration } = input;
  if (UsernameAttributes && AliasAttributes)
    throw invalid('Only one of the aliasAttributes or usernameAttributes can be set in a user pool.');
  const quota = 'User pools per Region';
  const used = request.in(pools).all().length;
  request.withinQuota(quota, 1000, used, 'LimitExceededException', 'You have exceeded your user pool limit.');
  const id = `${request.region}_${request.world.random.hex(9)}`;
  const pool = request.in(pools).put(id, {
    id,
    name: input.PoolName,
    tags: checkTags(input.UserPoolTags ?? {}),
    settings: settingsFrom(input),
    mfa: mfaAfter(noMfa, input),
    fixed: { UsernameAttributes, AliasAttributes, UsernameConfiguration, SchemaAttributes: schemaFrom(input.Schema) },
    createdAt: request.now,
    changedAt: request.now,
  });
  return { UserPool: told(request, pool) };
}

function update(
  input: SettingsGiven & { UserPoolId: string; PoolName?: string; UserPoolTags?: TagMap },
  request: Request,
) {
  const pool = thePool(request, input.UserPoolId);
  request.in(pools).change(pool.id, {
    name: input.PoolName ?? pool.name,
    tags: checkTags(input.UserPoolTags ?? {}),
    settings: settingsFrom(input),
    mfa: mfaAfter(pool.mfa, input),
    changedAt: request.now,
  });
  return {};
}

function remove({ UserPoolId }: { UserPoolId: string }, request: Request) {
  const { settings } = thePool(request, UserPoolId);
  if (settings.DeletionProtection === 'ACTIVE')
    throw invalid(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    );
  if (domainOf(request, UserPoolId) ?? domainOf(request, UserPoolId, true))
    throw invalid('User pool cannot be deleted. It has a domain configured that should be deleted first.');
  for (const [id] of below(request, UserPoolId, clients)) request.in(clients).remove(id);
  for (const [id] of below(request, UserPoolId, groups)) request.in(groups).remove(id);
  for (const [id] of below(request, UserPoolId, users)) request.in(users).remove(id);
  request.in(pools).remove(UserPoolId);
}

interface Factors {
  readonly UserPoolId: string;
  readonly MfaConfiguration?: MfaMode;
  readonly SoftwareTokenMfaConfiguration?: { readonly Enabled?: boolean };
  readonly SmsMfaConfiguration?: { readonly SmsConfiguration?: object };
  readonly EmailMfaConfiguration?: object;
  readonly WebAuthnConfiguration?: object;
}

function setMfa(input: Factors, request: Request) {
  const { mfa, id } = thePool(request, input.UserPoolId);
  const { MfaConfiguration: mode = 'OFF' } = input;
  const given = [input.SoftwareTokenMfaConfiguration, input.SmsMfaConfiguration, input.EmailMfaConfiguration];
  if (mode === 'OFF' && given.some((factor) => factor !== undefined))
    throw invalid("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.");
  const wanted = {
    mode,
    softwareToken: mode !== 'OFF' && (input.SoftwareTokenMfaConfiguration?.Enabled ?? mfa.softwareToken),
    sms: mode === 'OFF' ? undefined : (input.SmsMfaConfiguration ?? mfa.sms),
    email: mode === 'OFF' ? undefined : (input.EmailMfaConfiguration ?? mfa.email),
    webAuthn: input.WebAuthnConfiguration ?? mfa.webAuthn,
  };
  if (mode !== 'OFF' && !wanted.softwareToken && !wanted.sms && !wanted.email)
    throw invalid('Invalid MFA configuration given, at least one factor must be configured.');
  request.in(pools).change(id, { mfa: wanted, changedAt: request.now });
  return getMfa(input, request);
}

function getMfa({ UserPoolId }: { UserPoolId: string }, request: Request) {
  const { mfa } = thePool(request, UserPoolId);
  return {
    MfaConfiguration: mfa.mode,
    ...(mfa.softwareToken ? { SoftwareTokenMfaConfiguration: { Enabled: true } } : {}),
    ...(mfa.sms ? { SmsMfaConfiguration: mfa.sms } : {}),
    ...(mfa.email ? { EmailMfaConfiguration: mfa.email } : {}),
    ...(mfa.webAuthn ? { WebAuthnConfiguration: mfa.webAuthn } : {}),
  };
}

/** The pool that tags are about. */
const tagged = (request: Request, arn: string): Pool => thePool(request, arn.split(':userpool/')[1] ?? '');

export const poolOperations: Operations = {
  CreateUserPool: create,
  UpdateUserPool: update,
  DeleteUserPool: remove,
  DescribeUserPool: ({ UserPoolId }: { UserPoolId: string }, request) => ({
    UserPool: told(request, thePool(request, UserPoolId)),
  }),
  ListUserPools: ({ MaxResults, NextToken }: { MaxResults: number; NextToken?: string }, request) => {
    const page = { token: NextToken, size: MaxResults, most: 60, badToken: () => invalid('Invalid pagination token.') };
    const { items, next } = pageOf(request.world, request.listed(pools), page);
    return {
      UserPools: items.map(({ id, name, settings, createdAt, changedAt }) => ({
        Id: id,
        Name: name,
        LambdaConfig: settings.LambdaConfig,
        CreationDate: new Date(createdAt),
        LastModifiedDate: new Date(changedAt),
      })),
      NextToken: next,
    };
  },
  SetUserPoolMfaConfig: setMfa,
  GetUserPoolMfaConfig: getMfa,
  TagResource: ({ ResourceArn, Tags }: { ResourceArn: string; Tags: TagMap }, request) => {
    const { id, tags } = tagged(request, ResourceArn);
    request.in(pools).change(id, { tags: checkTags({ ...tags, ...Tags }) });
    return {};
  },
  UntagResource: ({ ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] }, request) => {
    const { id, tags } = tagged(request, ResourceArn);
    request.in(pools).change(id, { tags: withoutTags(tags, TagKeys) });
    return {};
  },
  ListTagsForResource: ({ ResourceArn }: { ResourceArn: string }, request) => ({
    Tags: { ...tagged(request, ResourceArn).tags },
  }),
};
