import { AwsError } from '../core/aws-error.ts';
import { invalid, type Mfa, type MfaMode, type PasswordPolicy, type PoolSettings } from './kinds.ts';

/** What CreateUserPool and UpdateUserPool take alike. */
export interface SettingsGiven {
  readonly Policies?: { readonly PasswordPolicy?: Partial<PasswordPolicy>; readonly SignInPolicy?: object };
  readonly DeletionProtection?: PoolSettings['DeletionProtection'];
  readonly LambdaConfig?: object;
  readonly AutoVerifiedAttributes?: string[];
  readonly EmailConfiguration?: object;
  readonly SmsConfiguration?: object;
  readonly VerificationMessageTemplate?: object;
  readonly UserAttributeUpdateSettings?: object;
  readonly DeviceConfiguration?: object;
  readonly AdminCreateUserConfig?: Partial<PoolSettings['AdminCreateUserConfig']> & {
    readonly UnusedAccountValidityDays?: number;
  };
  readonly UserPoolAddOns?: { readonly AdvancedSecurityMode: string };
  readonly AccountRecoverySetting?: object;
  readonly UserPoolTier?: PoolSettings['UserPoolTier'];
  readonly MfaConfiguration?: MfaMode;
}

/**
 * The settings that a call makes of what it is given: whatever it leaves out gets its default, in an update as well.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html
 */
export function settingsFrom(given: SettingsGiven): PoolSettings {
  const { AdminCreateUserConfig: admin = {}, UserPoolTier = 'ESSENTIALS', UserPoolAddOns } = given;
  const policy = given.Policies?.PasswordPolicy;
  // https://github.com/hashicorp/terraform-provider-aws/pull/8845
  if (admin.UnusedAccountValidityDays && policy?.TemporaryPasswordValidityDays !== undefined)
    throw invalid('Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays');
  const isProtected = UserPoolAddOns !== undefined && UserPoolAddOns.AdvancedSecurityMode !== 'OFF';
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
  if (isProtected && UserPoolTier !== 'PLUS')
    throw new AwsError(
      'FeatureUnavailableInTierException',
      `The current tier ${UserPoolTier} does not support threat protection.`,
    );
  return {
    Policies: {
      PasswordPolicy: passwordPolicy(policy),
      SignInPolicy: given.Policies?.SignInPolicy ?? { AllowedFirstAuthFactors: ['PASSWORD'] },
    },
    DeletionProtection: given.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: given.LambdaConfig ?? {},
    AutoVerifiedAttributes: given.AutoVerifiedAttributes?.length ? given.AutoVerifiedAttributes : undefined,
    EmailConfiguration: given.EmailConfiguration ?? { EmailSendingAccount: 'COGNITO_DEFAULT' },
    SmsConfiguration: given.SmsConfiguration,
    VerificationMessageTemplate: given.VerificationMessageTemplate ?? { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
    UserAttributeUpdateSettings: given.UserAttributeUpdateSettings ?? { AttributesRequireVerificationBeforeUpdate: [] },
    DeviceConfiguration: given.DeviceConfiguration,
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: admin.AllowAdminCreateUserOnly ?? false,
      ...(admin.InviteMessageTemplate ? { InviteMessageTemplate: admin.InviteMessageTemplate } : {}),
    },
    UserPoolAddOns,
    AccountRecoverySetting: given.AccountRecoverySetting ?? {
      RecoveryMechanisms: [
        { Priority: 1, Name: 'verified_email' },
        { Priority: 2, Name: 'verified_phone_number' },
      ],
    },
    UserPoolTier,
  };
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html */
const passwordPolicy = (given: Partial<PasswordPolicy> | undefined): PasswordPolicy =>
  given === undefined
    ? {
        MinimumLength: 8,
        RequireUppercase: true,
        RequireLowercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
        TemporaryPasswordValidityDays: 7,
      }
    : {
        MinimumLength: given.MinimumLength ?? 8,
        RequireUppercase: given.RequireUppercase ?? false,
        RequireLowercase: given.RequireLowercase ?? false,
        RequireNumbers: given.RequireNumbers ?? false,
        RequireSymbols: given.RequireSymbols ?? false,
        ...(given.PasswordHistorySize === undefined ? {} : { PasswordHistorySize: given.PasswordHistorySize }),
        TemporaryPasswordValidityDays: given.TemporaryPasswordValidityDays ?? 7,
      };

export const noMfa: Mfa = { mode: 'OFF', softwareToken: false, sms: undefined, email: undefined, webAuthn: undefined };

/** The mode that UpdateUserPool asks for; a pool without a second factor can ask nobody for one. */
export function mfaAfter(before: Mfa, given: SettingsGiven): Mfa {
  const mode = given.MfaConfiguration ?? 'OFF';
  if (mode === 'OFF') return noMfa;
  const hasFactor = before.softwareToken || before.email !== undefined || given.SmsConfiguration !== undefined;
  if (!hasFactor)
    throw invalid(
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    );
  return { ...before, mode };
}
