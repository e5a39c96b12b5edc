import type { UserPoolType } from '@aws-sdk/client-cognito-identity-provider';
import { Fault, faultOf, orAbsent } from '../../model/faults.ts';
import { ownerFromTags, splitTags, type NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { propsFrom, settingFields, toSettings, withSettings } from './user-pool-settings.ts';

/**
 * Who may sign in to the store, and how. Users are data. Groups and the domain have no id of their own, and are settings
 * of the pool: so they stay with it, and with the users in them, when it outlives its store.
 */
export interface UserPoolProps {
  readonly passwords: PasswordRules;
  /** Whether people are asked for a one-time password of an authenticator app as well. */
  readonly mfa: Mfa;
  readonly plan: Plan;
  readonly deletionProtection: boolean;
  /** Whether an address is proven by a code that is sent there. */
  readonly verifiesEmail: boolean;
  /** Who has forgotten a password proves the e-mail address, and nothing else. */
  readonly recoversByEmail: boolean;
  /** Whether nobody signs up: people are invited. */
  readonly adminCreatesOnly: boolean;
  /** What people sign in with. */
  readonly signInWith: readonly string[];
  /** What every user has, sorted. */
  readonly requiredAttributes: readonly string[];
  /** Further groups are left alone: who is in them is data. */
  readonly groups: readonly string[];
  /** The prefix of the sign-in pages' host name; AWS keeps it unique in the region. */
  readonly domain: string;
}

export interface PasswordRules {
  readonly minimumLength: number;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly numbers: boolean;
  readonly symbols: boolean;
  readonly temporaryDays: number;
}

export type Mfa = 'OFF' | 'OPTIONAL' | 'ON';

/**
 * The features that are paid for. Threat protection is part of PLUS, and has to be off in any other.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
 */
export interface Plan {
  readonly tier: 'ESSENTIALS' | 'PLUS';
  readonly threatProtection: 'OFF' | 'AUDIT' | 'ENFORCED';
}

export interface UserPoolOutputs {
  readonly userPoolId: string;
  readonly userPoolArn: string;
  /** Who signs the tokens: the keys are below it at `/.well-known/jwks.json`. */
  readonly issuer: string;
  readonly domain: string;
}

type PoolFound = Found<UserPoolProps, UserPoolOutputs>;

export const userPool: ResourceType<UserPoolProps, UserPoolOutputs> = {
  name: 'cognito/user-pool',
  fields: {
    passwords: 'live',
    mfa: 'live',
    plan: 'live',
    deletionProtection: 'live',
    verifiesEmail: 'live',
    recoversByEmail: 'live',
    adminCreatesOnly: 'live',
    signInWith: 'fixed',
    requiredAttributes: 'fixed',
    groups: { mode: 'live', equal: (wanted, found) => wanted.every((group) => found.includes(group)) },
    domain: 'live',
  },
  moves: { domain: ['domain'] },
  needs: [],
  replace: 'refuse',
  once: 'journal', // CreateUserPool takes no token, and pools may bear one name.
  endedBy: 'DeleteUserPool',
  beat: 'existence',
  scope: 'regional',

  async *list(aws, scope) {
    const read = (NextToken?: string) => aws['cognito-idp']('ListUserPools', { MaxResults: 60, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) {
      const told = await Promise.all(
        (page.UserPools ?? []).map(async ({ Id: id = '' }) => {
          const known = scope.known(id);
          if (known !== undefined) return listed(id, asOwner(known));
          const pool = await describe(aws, id);
          return pool && listed(id, ownerFromTags(pool.UserPoolTags ?? {}));
        }),
      );
      yield told.filter((found) => found !== undefined);
    }
  },

  detailed: [
    'passwords',
    'mfa',
    'plan',
    'deletionProtection',
    'verifiesEmail',
    'recoversByEmail',
    'adminCreatesOnly',
    'signInWith',
    'requiredAttributes',
    'groups',
    'domain',
  ],

  async detail(aws, found) {
    const [pool, factors, groups] = await Promise.all([
      describe(aws, found.id),
      orAbsent(aws['cognito-idp']('GetUserPoolMfaConfig', { UserPoolId: found.id })),
      groupsOf(aws, found.id),
    ]);
    if (!pool || !factors || !groups) return undefined;
    // The mode alone does not tell by what people prove themselves.
    const isOff = factors.MfaConfiguration === 'OFF';
    const mfa = isOff || factors.SoftwareTokenMfaConfiguration?.Enabled ? factors.MfaConfiguration : undefined;
    return told(pool, found.owner, { mfa, groups });
  },

  async create(aws, props, birth) {
    const { UserPool: made = {} } = await aws['cognito-idp']('CreateUserPool', {
      ...toSettings(props),
      PoolName: birth.name,
      UserPoolTags: { ...birth.tags },
      UsernameAttributes: [...props.signInWith] as UserPoolType['UsernameAttributes'],
      UsernameConfiguration: { CaseSensitive: false },
      Schema: props.requiredAttributes.map((Name) => ({
        ...{ Name, AttributeDataType: 'String' as const, Required: true, Mutable: true },
      })),
    });
    // A second factor that is no text message cannot be asked for here.
    return told(made, birth.owner, { mfa: 'OFF', groups: [] });
  },

  async update(aws, found, props, fields) {
    const UserPoolId = found.id;
    const settings = settingFields.filter((field) => fields.has(field));
    if (settings.length > 0) await change(aws, UserPoolId, (pool) => withSettings(pool, props, settings));
    if (fields.has('mfa'))
      await aws['cognito-idp']('SetUserPoolMfaConfig', {
        UserPoolId,
        MfaConfiguration: props.mfa,
        // Turned off, it takes no factor along.
        SoftwareTokenMfaConfiguration: props.mfa === 'OFF' ? undefined : { Enabled: true },
      });
    if (fields.has('groups'))
      for (const GroupName of props.groups.filter((group) => !found.props.groups?.includes(group)))
        await aws['cognito-idp']('CreateGroup', { UserPoolId, GroupName });
    if (!fields.has('domain')) return {};
    await changeDomain(aws, { Id: UserPoolId, Domain: found.props.domain }, props.domain);
    return { domain: props.domain };
  },

  async delete(aws, found) {
    const pool = await describe(aws, found.id);
    if (!pool) return;
    const UserPoolId = found.id;
    await withoutDomain(aws, pool);
    // A host name of their own that people have given it leads nowhere without it, and Cognito deletes no pool with one.
    await withoutDomain(aws, { Id: UserPoolId, Domain: pool.CustomDomain });
    if (pool.DeletionProtection === 'ACTIVE')
      await change(aws, UserPoolId, (before) => ({ ...withSettings(before), DeletionProtection: 'INACTIVE' }));
    await orAbsent(aws['cognito-idp']('DeleteUserPool', { UserPoolId }));
  },

  async giveUp(aws, found) {
    const pool = await describe(aws, found.id);
    if (pool) await withoutDomain(aws, pool);
  },

  data: {
    async isEmpty(aws, found) {
      const answer = await orAbsent(aws['cognito-idp']('ListUsers', { UserPoolId: found.id, Limit: 1 }));
      return !answer?.Users?.length;
    },
  },

  async retag(aws, found, tags) {
    const pool = await describe(aws, found.id);
    if (!pool) return;
    const ResourceArn = pool.Arn;
    const { given, taken } = splitTags(tags);
    if (Object.keys(given).length > 0) await aws['cognito-idp']('TagResource', { ResourceArn, Tags: given });
    if (taken.length > 0) await aws['cognito-idp']('UntagResource', { ResourceArn, TagKeys: [...taken] });
  },
};

const describe = async (aws: Aws, UserPoolId: string): Promise<UserPoolType | undefined> =>
  (await orAbsent(aws['cognito-idp']('DescribeUserPool', { UserPoolId })))?.UserPool;

async function withoutDomain(aws: Aws, { Id: UserPoolId, Domain }: Pick<UserPoolType, 'Id' | 'Domain'>): Promise<void> {
  if (Domain !== undefined) await orAbsent(aws['cognito-idp']('DeleteUserPoolDomain', { UserPoolId, Domain }));
}

/**
 * A pool has one prefix at a time: the old one goes before the new one comes, and anybody may take it. So whose the new one
 * is, is asked first. What Cognito refuses all the same (nobody is told of a prefix that another pool had a moment ago)
 * gives the old one back, by which people sign in. "Your prefix domain might take up to one minute to take effect":
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
 */
async function changeDomain(aws: Aws, pool: Pick<UserPoolType, 'Id' | 'Domain'>, Domain: string): Promise<void> {
  const { Id: UserPoolId, Domain: old } = pool;
  const answer = await orAbsent(aws['cognito-idp']('DescribeUserPoolDomain', { Domain }));
  const holder = answer?.DomainDescription?.UserPoolId;
  if (holder !== undefined && holder !== UserPoolId)
    throw new Fault('foreign', `the prefix ${Domain} belongs to another user pool`, {
      remedy: 'choose another prefix; people sign in by the old one until then',
    });
  await withoutDomain(aws, pool);
  const creation = aws['cognito-idp']('CreateUserPoolDomain', { UserPoolId, Domain });
  const refusal = await faultOf(creation, 'rejected', 'foreign', 'denied', 'quota', 'busy', 'throttled');
  if (!refusal) return;
  if (old !== undefined) await aws['cognito-idp']('CreateUserPoolDomain', { UserPoolId, Domain: old });
  throw refusal;
}

/** Whose a pool is: what is listed below it asks this, for it has no tags. */
export const ownerOfPool = async (aws: Aws, userPoolId: string): Promise<NodeOwner | undefined> =>
  ownerFromTags((await describe(aws, userPoolId))?.UserPoolTags ?? {});

/** Reads what there is and writes it back with the change: UpdateUserPool resets whatever it is not given. */
async function change(
  aws: Aws,
  UserPoolId: string,
  changed: (pool: UserPoolType) => ReturnType<typeof withSettings>,
): Promise<void> {
  const pool = await describe(aws, UserPoolId);
  if (pool) await orAbsent(aws['cognito-idp']('UpdateUserPool', { UserPoolId, ...changed(pool) }));
}

async function groupsOf(aws: Aws, UserPoolId: string): Promise<string[] | undefined> {
  const groups: string[] = [];
  const read = async (NextToken?: string) =>
    (await orAbsent(aws['cognito-idp']('ListGroups', { UserPoolId, Limit: 60, NextToken }))) ?? { Groups: undefined };
  for await (const { Groups } of pages(read, (answer) => ('NextToken' in answer ? answer.NextToken : undefined))) {
    if (!Groups) return undefined;
    groups.push(...Groups.map(({ GroupName = '' }) => GroupName));
  }
  return groups.sort();
}

const issuerOf = (id: string): string => `https://cognito-idp.${id.split('_')[0]}.amazonaws.com/${id}`;

/** Lists tell no more than that it is there. */
const listed = (id: string, owner: NodeOwner | undefined): PoolFound => ({
  id,
  owner,
  state: { is: 'ready' },
  props: {},
  outputs: { userPoolId: id, issuer: issuerOf(id) },
});

function told(
  pool: UserPoolType,
  owner: NodeOwner | undefined,
  rest: Pick<Partial<UserPoolProps>, 'mfa' | 'groups'>,
): PoolFound {
  const { Id: id = '', Arn, Domain } = pool;
  return {
    ...listed(id, owner),
    props: { ...propsFrom(pool), ...rest },
    outputs: { userPoolId: id, issuer: issuerOf(id), userPoolArn: Arn, ...(Domain ? { domain: Domain } : {}) },
    bornAt: pool.CreationDate?.getTime(),
  };
}
