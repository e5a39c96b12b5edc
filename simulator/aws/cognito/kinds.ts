import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

/** What can be changed of a user pool, in the words of UpdateUserPool. */
export interface PoolSettings {
  readonly Policies: { readonly PasswordPolicy: PasswordPolicy; readonly SignInPolicy: object };
  readonly DeletionProtection: 'ACTIVE' | 'INACTIVE';
  readonly LambdaConfig: object;
  readonly AutoVerifiedAttributes: readonly string[] | undefined;
  readonly EmailConfiguration: object;
  readonly SmsConfiguration: object | undefined;
  readonly VerificationMessageTemplate: object;
  readonly UserAttributeUpdateSettings: object;
  readonly DeviceConfiguration: object | undefined;
  readonly AdminCreateUserConfig: {
    readonly AllowAdminCreateUserOnly: boolean;
    readonly InviteMessageTemplate?: object;
  };
  readonly UserPoolAddOns: { readonly AdvancedSecurityMode: string } | undefined;
  readonly AccountRecoverySetting: object;
  readonly UserPoolTier: 'LITE' | 'ESSENTIALS' | 'PLUS';
}

export interface PasswordPolicy {
  readonly MinimumLength: number;
  readonly RequireUppercase: boolean;
  readonly RequireLowercase: boolean;
  readonly RequireNumbers: boolean;
  readonly RequireSymbols: boolean;
  readonly PasswordHistorySize?: number;
  readonly TemporaryPasswordValidityDays: number;
}

export type MfaMode = 'OFF' | 'ON' | 'OPTIONAL';

/** The second factors; SetUserPoolMfaConfig alone sets them. */
export interface Mfa {
  readonly mode: MfaMode;
  readonly softwareToken: boolean;
  readonly sms: object | undefined;
  readonly email: object | undefined;
  readonly webAuthn: object | undefined;
}

export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly tags: TagMap;
  readonly settings: PoolSettings;
  readonly mfa: Mfa;
  /** What stays as it was made. */
  readonly fixed: {
    readonly UsernameAttributes: readonly string[] | undefined;
    readonly AliasAttributes: readonly string[] | undefined;
    readonly UsernameConfiguration: object | undefined;
    readonly SchemaAttributes: readonly object[];
  };
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface Client {
  readonly id: string;
  readonly poolId: string;
  readonly secret: string | undefined;
  /** In the words of UpdateUserPoolClient. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface Group {
  readonly poolId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly precedence: number | undefined;
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface Domain {
  readonly prefix: string;
  readonly poolId: string;
  readonly loginVersion: number;
  /** A host name of the owner's own, beside the prefix. */
  readonly isCustom: boolean;
  /** Deleted, but not yet to be had by another pool. */
  readonly released: boolean;
}

export interface User {
  readonly poolId: string;
  readonly name: string;
  readonly createdAt: number;
}

const untagged = () => ({});

export const pools: Kind<Pool> = { type: 'cognito/user-pool', tags: ({ tags }) => tags };
export const clients: Kind<Client> = { type: 'cognito/user-pool-client', tags: untagged };
export const groups: Kind<Group> = { type: 'cognito/group', tags: untagged };
export const domains: Kind<Domain> = {
  type: 'cognito/domain',
  tags: untagged,
  exists: ({ released }) => !released,
};
export const users: Kind<User> = { type: 'cognito/user', tags: untagged };

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
export const absent = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);
export const notSimulated = (what: string): AwsError =>
  new AwsError('UnsupportedOperation', `User pools with ${what} are not simulated`, 501);

export const below = (poolId: string, name: string): string => `${poolId}/${name}`;

/** The pool as it truly is. */
export function thePool(request: Request, id: string): Pool {
  const found = request.in(pools).get(id);
  if (!found) throw absent(`User pool ${id} does not exist.`);
  return found;
}

export const arnOf = (request: Request, id: string): string => request.arn(`userpool/${id}`, 'cognito-idp');

/** A pool has one prefix at most, and one domain of its owner's own. */
export const domainOf = (request: Request, poolId: string, isCustom = false): Domain | undefined =>
  request
    .in(domains)
    .all()
    .find((domain) => domain.poolId === poolId && domain.isCustom === isCustom && !domain.released);
