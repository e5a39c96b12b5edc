import type { Client, Domain, Group, Pool } from '../../../simulator/aws/cognito/kinds.ts';
import type { Role } from '../../../simulator/aws/iam/roles.ts';
import type { InstanceProfile } from '../../../simulator/aws/iam/instance-profiles.ts';
import { document, tagPairs, type Mapping } from './part.ts';

export const role: Mapping<Role> = (one) => [
  {
    type: 'AWS::IAM::Role',
    ids: { [one.arn]: 'Arn', [one.name]: 'Ref' },
    properties: {
      ...{ RoleName: one.name, Path: one.path, Description: one.description, PermissionsBoundary: one.boundary },
      AssumeRolePolicyDocument: document(one.trust),
      Policies: Object.entries(one.inline).map(([PolicyName, text]) => ({
        PolicyName,
        PolicyDocument: document(text),
      })),
      ...{ ManagedPolicyArns: one.attached, MaxSessionDuration: one.maxSessionSeconds },
      Tags: tagPairs(one.tags),
    },
  },
];

export const instanceProfile: Mapping<InstanceProfile> = ({ arn, name, path, roleName }) => [
  {
    type: 'AWS::IAM::InstanceProfile',
    ids: { [arn]: 'Arn' },
    properties: { InstanceProfileName: name, Path: path, Roles: roleName === undefined ? [] : [roleName] },
  },
];

export const pool: Mapping<Pool> = ({ id, name, settings, mfa, fixed, tags }, { world, region }) => {
  const { LambdaConfig, SmsConfiguration, DeviceConfiguration, ...same } = settings;
  return [
    {
      type: 'AWS::Cognito::UserPool',
      ids: { [id]: 'Ref', [`arn:aws:cognito-idp:${region}:${world.account}:userpool/${id}`]: 'Arn' },
      properties: {
        UserPoolName: name,
        ...same,
        ...{ LambdaConfig, SmsConfiguration, DeviceConfiguration },
        MfaConfiguration: mfa.mode,
        EnabledMfas: [...(mfa.softwareToken ? ['SOFTWARE_TOKEN_MFA'] : []), ...(mfa.sms ? ['SMS_MFA'] : [])],
        UsernameAttributes: fixed.UsernameAttributes,
        AliasAttributes: fixed.AliasAttributes,
        UsernameConfiguration: fixed.UsernameConfiguration,
        UserPoolTags: tags,
      },
    },
  ];
};

export const client: Mapping<Client> = ({ id, poolId, secret, settings }) => [
  {
    type: 'AWS::Cognito::UserPoolClient',
    ids: { [id]: 'Ref' },
    properties: { UserPoolId: poolId, GenerateSecret: secret !== undefined, ...settings },
  },
];

export const userGroup: Mapping<Group> = ({ poolId, name, description, precedence, roleArn }) => [
  {
    type: 'AWS::Cognito::UserPoolGroup',
    properties: {
      ...{ UserPoolId: poolId, GroupName: name, Description: description },
      ...{ Precedence: precedence, RoleArn: roleArn },
    },
  },
];

export const poolDomain: Mapping<Domain> = ({ prefix, poolId, loginVersion }) => [
  {
    type: 'AWS::Cognito::UserPoolDomain',
    ids: { [prefix]: 'Ref' },
    properties: { UserPoolId: poolId, Domain: prefix, ManagedLoginVersion: loginVersion },
  },
];
