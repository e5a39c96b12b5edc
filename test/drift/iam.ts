import { instanceProfile } from '../../operator/resources/iam/instance-profile.ts';
import { role } from '../../operator/resources/iam/role.ts';
import { alwaysSet, driftsOf, noneWanted, oneValue, refusedByAws, type Drift } from './drift.ts';
import type { Place } from './place.ts';

const roleName = (place: Place): string => place.out('compute/role', 'roleName');
const profileName = (place: Place): string => place.out('compute/instance-profile', 'profileName');

const trusting = (...services: string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: services.map((Service) => ({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' })),
  });
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

const trust = (what: string, document: string): Drift => ({
  what,
  make: (place) => place.iam('UpdateAssumeRolePolicy', { RoleName: roleName(place), PolicyDocument: document }),
});

export const roleDrifts = driftsOf(role, {
  in: 'production',
  node: 'compute/role',
  properties: {
    description: {
      changed: {
        what: 'another text',
        make: (place) => place.iam('UpdateRole', { RoleName: roleName(place), Description: 'mine' }),
      },
      removed: {
        what: 'no text',
        make: (place) => place.iam('UpdateRole', { RoleName: roleName(place), Description: '' }),
      },
      extra: oneValue,
    },
    trustPolicy: {
      changed: trust('another service may take it on', trusting('lambda.amazonaws.com')),
      removed: alwaysSet,
      extra: trust('one more service may take it on', trusting('ec2.amazonaws.com', 'lambda.amazonaws.com')),
    },
    inlinePolicies: {
      changed: {
        what: 'a policy that allows everything',
        make: (place) =>
          place.iam('PutRolePolicy', {
            ...{ RoleName: roleName(place), PolicyName: 'own-logs', PolicyDocument: everything },
          }),
      },
      removed: {
        what: 'a policy deleted',
        make: (place) => place.iam('DeleteRolePolicy', { RoleName: roleName(place), PolicyName: 'own-parameters' }),
      },
      extra: {
        what: 'one more policy',
        make: (place) =>
          place.iam('PutRolePolicy', {
            ...{ RoleName: roleName(place), PolicyName: 'mine', PolicyDocument: everything },
          }),
      },
    },
    managedPolicyArns: {
      changed: noneWanted('none can be exchanged'),
      removed: noneWanted('none can be detached'),
      extra: {
        what: 'AdministratorAccess attached',
        make: (place) =>
          place.iam('AttachRolePolicy', {
            ...{ RoleName: roleName(place), PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
          }),
      },
    },
    permissionsBoundaryArn: {
      changed: {
        what: 'another boundary',
        make: (place) =>
          place.iam('PutRolePermissionsBoundary', {
            ...{ RoleName: roleName(place), PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' },
          }),
      },
      removed: {
        what: 'no boundary',
        make: (place) => place.iam('DeleteRolePermissionsBoundary', { RoleName: roleName(place) }),
      },
      extra: {
        what: 'a boundary where none is wanted',
        in: 'minimal',
        make: (place) =>
          place.iam('PutRolePermissionsBoundary', {
            ...{ RoleName: roleName(place), PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
          }),
      },
    },
  },
  deleted: {
    what: 'its policies and its profile go first',
    make: async (place) => {
      const RoleName = roleName(place);
      const InstanceProfileName = profileName(place);
      await place.iam('RemoveRoleFromInstanceProfile', { RoleName, InstanceProfileName });
      const { PolicyNames = [] } = await place.iam('ListRolePolicies', { RoleName });
      for (const PolicyName of PolicyNames) await place.iam('DeleteRolePolicy', { RoleName, PolicyName });
      await place.iam('DeleteRole', { RoleName });
    },
    awsMinutes: 2,
    writes: 7,
  },
});

export const instanceProfileDrifts = driftsOf(instanceProfile, {
  in: 'production',
  node: 'compute/instance-profile',
  properties: {
    roleName: {
      changed: {
        what: 'another role put into it',
        writes: 2,
        make: async (place) => {
          const InstanceProfileName = profileName(place);
          const RoleName = place.out('network/flow-log-role', 'roleName');
          await place.iam('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: roleName(place) });
          await place.iam('AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
        },
      },
      removed: {
        what: 'its role taken out',
        make: (place) =>
          place.iam('RemoveRoleFromInstanceProfile', {
            ...{ InstanceProfileName: profileName(place), RoleName: roleName(place) },
          }),
      },
      extra: refusedByAws('a profile holds one role', 'LimitExceeded', (place) =>
        place.iam('AddRoleToInstanceProfile', {
          ...{
            InstanceProfileName: profileName(place),
            RoleName: place.out('network/flow-log-role', 'roleName'),
          },
        }),
      ),
    },
  },
  deleted: {
    what: 'its role is taken out first; the launch template keeps its name',
    make: async (place) => {
      const InstanceProfileName = profileName(place);
      await place.iam('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: roleName(place) });
      await place.iam('DeleteInstanceProfile', { InstanceProfileName });
    },
    awsMinutes: 45,
    writes: 6,
  },
});
