import type { UserPoolType } from '@aws-sdk/client-cognito-identity-provider';
import type { Input } from '../../model/ports.ts';
import type { PasswordRules, Plan, UserPoolProps } from './user-pool.ts';

type Settings = Omit<Input<'cognito-idp', 'UpdateUserPool'>, 'UserPoolId'>;

/** The props that UpdateUserPool sets. */
export const settingFields = [
  'passwords',
  'plan',
  'deletionProtection',
  'verifiesEmail',
  'recoversByEmail',
  'adminCreatesOnly',
] as const satisfies readonly (keyof UserPoolProps)[];

type SettingField = (typeof settingFields)[number];

const byEmail = { RecoveryMechanisms: [{ Priority: 1, Name: 'verified_email' as const }] };

const toSetting: { readonly [K in SettingField]: (props: UserPoolProps) => Settings } = {
  passwords: ({ passwords }) => ({
    Policies: {
      PasswordPolicy: {
        MinimumLength: passwords.minimumLength,
        RequireLowercase: passwords.lowercase,
        RequireUppercase: passwords.uppercase,
        RequireNumbers: passwords.numbers,
        RequireSymbols: passwords.symbols,
        TemporaryPasswordValidityDays: passwords.temporaryDays,
      },
    },
  }),
  plan: ({ plan }) => ({
    UserPoolTier: plan.tier,
    UserPoolAddOns: { AdvancedSecurityMode: plan.threatProtection },
  }),
  deletionProtection: ({ deletionProtection }) => ({ DeletionProtection: deletionProtection ? 'ACTIVE' : 'INACTIVE' }),
  verifiesEmail: ({ verifiesEmail }) => ({ AutoVerifiedAttributes: verifiesEmail ? ['email'] : [] }),
  recoversByEmail: ({ recoversByEmail }) => ({ AccountRecoverySetting: recoversByEmail ? byEmail : undefined }),
  adminCreatesOnly: ({ adminCreatesOnly }) => ({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: adminCreatesOnly },
  }),
};

/** All settings as they are wanted. */
export const toSettings = (props: UserPoolProps): Settings =>
  settingFields.reduce<Settings>((all, field) => ({ ...all, ...toSetting[field](props) }), {});

/**
 * What UpdateUserPool is given: all that the pool has, and in it these fields as they are wanted. "If you don't provide a
 * value for an attribute, Amazon Cognito sets it to its default value": triggers, messages and e-mail of the user's
 * would be gone. https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html
 */
export function withSettings(
  pool: UserPoolType,
  props?: UserPoolProps,
  fields: readonly SettingField[] = [],
): Settings {
  // Both periods of temporary passwords are told; the older one is refused beside the other.
  const { UnusedAccountValidityDays: _older, ...admin } = pool.AdminCreateUserConfig ?? {};
  const kept = {
    PoolName: pool.Name,
    Policies: pool.Policies,
    DeletionProtection: pool.DeletionProtection,
    LambdaConfig: pool.LambdaConfig,
    AutoVerifiedAttributes: pool.AutoVerifiedAttributes,
    SmsVerificationMessage: pool.SmsVerificationMessage,
    EmailVerificationMessage: pool.EmailVerificationMessage,
    EmailVerificationSubject: pool.EmailVerificationSubject,
    VerificationMessageTemplate: pool.VerificationMessageTemplate,
    SmsAuthenticationMessage: pool.SmsAuthenticationMessage,
    UserAttributeUpdateSettings: pool.UserAttributeUpdateSettings,
    MfaConfiguration: pool.MfaConfiguration,
    DeviceConfiguration: pool.DeviceConfiguration,
    EmailConfiguration: pool.EmailConfiguration,
    SmsConfiguration: pool.SmsConfiguration,
    UserPoolTags: pool.UserPoolTags,
    AdminCreateUserConfig: admin,
    UserPoolAddOns: pool.UserPoolAddOns,
    AccountRecoverySetting: pool.AccountRecoverySetting,
    UserPoolTier: pool.UserPoolTier,
    KeyConfiguration: pool.KeyConfiguration,
    IssuerConfiguration: pool.IssuerConfiguration,
    DcrConfiguration: pool.DcrConfiguration,
    AcrConfiguration: pool.AcrConfiguration,
    // Whatever an SDK of tomorrow can set as well does not compile before it stands here.
  } satisfies Settings & { readonly [K in keyof Required<Settings>]: unknown };
  if (!props) return kept;
  const wanted = fields.reduce<Settings>((all, field) => ({ ...all, ...toSetting[field](props) }), {});
  return {
    ...kept,
    ...wanted,
    Policies: { ...kept.Policies, ...wanted.Policies },
    UserPoolAddOns: wanted.UserPoolAddOns ? { ...kept.UserPoolAddOns, ...wanted.UserPoolAddOns } : kept.UserPoolAddOns,
    AdminCreateUserConfig: { ...admin, ...wanted.AdminCreateUserConfig },
  };
}

/** What DescribeUserPool tells, in our words. */
export function propsFrom(pool: UserPoolType): Omit<UserPoolProps, 'mfa' | 'groups' | 'domain'> & { domain?: string } {
  const [recovery, ...others] = pool.AccountRecoverySetting?.RecoveryMechanisms ?? [];
  return {
    passwords: passwordsFrom(pool),
    plan: planFrom(pool),
    deletionProtection: pool.DeletionProtection === 'ACTIVE',
    verifiesEmail: pool.AutoVerifiedAttributes?.includes('email') ?? false,
    recoversByEmail: recovery?.Name === 'verified_email' && others.length === 0,
    adminCreatesOnly: pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
    signInWith: [...(pool.UsernameAttributes ?? [])].sort(),
    // `sub`, the id that Cognito gives, is required of every user.
    requiredAttributes: (pool.SchemaAttributes ?? [])
      .filter(({ Required, Name }) => Required === true && Name !== 'sub')
      .map(({ Name = '' }) => Name)
      .sort(),
    domain: pool.Domain,
  };
}

function passwordsFrom({ Policies }: UserPoolType): PasswordRules {
  const rules = Policies?.PasswordPolicy ?? {};
  return {
    minimumLength: rules.MinimumLength ?? 0,
    lowercase: rules.RequireLowercase ?? false,
    uppercase: rules.RequireUppercase ?? false,
    numbers: rules.RequireNumbers ?? false,
    symbols: rules.RequireSymbols ?? false,
    temporaryDays: rules.TemporaryPasswordValidityDays ?? 0,
  };
}

const planFrom = ({ UserPoolTier = 'ESSENTIALS', UserPoolAddOns }: UserPoolType): Plan => ({
  tier: UserPoolTier as Plan['tier'],
  threatProtection: UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF',
});
