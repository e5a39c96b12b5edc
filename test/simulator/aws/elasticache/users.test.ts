import { beforeEach, expect, test } from 'vitest';
import { CacheGround, iamUser } from './ground.ts';

let ground: CacheGround;
beforeEach(async () => {
  ground = await CacheGround.made();
});

const nobody = {
  ...{ UserId: 'nobody', UserName: 'default', Engine: 'redis', AccessString: 'off ~* -@all' },
  AuthenticationMode: { Type: 'no-password-required' },
} as const;
const group = { UserGroupId: 'shop', Engine: 'redis' } as const;

test('a user whom IAM vouches for is named like his id, and needs no password', async () => {
  await ground.refused('CreateUser', { ...iamUser, UserName: 'other' }, 'InvalidParameterCombination', /must be same/);
  expect(await ground.call('CreateUser', iamUser)).toMatchObject({
    Status: 'active',
    Authentication: { Type: 'iam', PasswordCount: 0 },
  });
  await ground.refused('CreateUser', iamUser, 'UserAlreadyExists');
  const { AuthenticationMode, ...bare } = { ...iamUser, UserId: 'bare', UserName: 'bare' };
  expect(AuthenticationMode.Type).toBe('iam');
  await ground.refused('CreateUser', bare, 'InvalidParameterCombination', /No password/);
  await ground.refused('CreateUser', { ...bare, Passwords: ['short'] }, 'InvalidParameterValue');
});

test('a mode and the older words for it exclude each other, unless these only say no', async () => {
  const open = { ...iamUser, NoPasswordRequired: true };
  await ground.refused('CreateUser', open, 'InvalidParameterCombination', /cannot be combined/);
  expect(await ground.call('CreateUser', { ...iamUser, NoPasswordRequired: false })).toMatchObject({
    Authentication: { Type: 'iam' },
  });
});

test('an access string that is none is refused, and one being changed is not changed again', async () => {
  await ground.refused('CreateUser', { ...iamUser, AccessString: 'on everything' }, 'InvalidParameterValue');
  await ground.call('CreateUser', iamUser);
  await ground.call('ModifyUser', { UserId: 'shop', AccessString: 'on   ~* +@read' });
  await ground.refused('ModifyUser', { UserId: 'shop', AccessString: 'off' }, 'InvalidUserState');
  ground.later();
  expect((await ground.call('DescribeUsers', { UserId: 'shop' })).Users).toMatchObject([
    { AccessString: 'on ~* +@read', Status: 'active' },
  ]);
});

test('every account has a default user that nobody can change', async () => {
  expect((await ground.call('DescribeUsers')).Users).toMatchObject([
    { UserId: 'default', AccessString: 'on ~* +@all' },
  ]);
  await ground.refused('ModifyUser', { UserId: 'default', AccessString: 'off' }, 'InvalidParameterValue');
  await ground.refused('DeleteUser', { UserId: 'default' }, 'InvalidParameterValue');
});

test('a group of redis has one user named default; a group of valkey needs none, and takes nobody unproven', async () => {
  await ground.call('CreateUser', { ...iamUser, Engine: 'redis' });
  await ground.call('CreateUser', nobody);
  await ground.refused('CreateUserGroup', { ...group, UserIds: ['shop'] }, 'DefaultUserRequired');
  await ground.refused('CreateUserGroup', { ...group, UserIds: ['default', 'nobody'] }, 'DuplicateUserName');
  await ground.refused('CreateUserGroup', { ...group, UserIds: ['who'] }, 'UserNotFound');
  await ground.refused(
    'CreateUserGroup',
    { ...group, Engine: 'valkey', UserIds: ['nobody'] },
    'InvalidParameterCombination',
  );
  await ground.refused('CreateUser', { ...nobody, UserId: 'other', Engine: 'valkey' }, 'InvalidParameterCombination');
  await ground.call('CreateUserGroup', { ...group, Engine: 'valkey', UserIds: ['shop'] });
  await ground.call('CreateUserGroup', { ...group, UserGroupId: 'old', UserIds: ['shop', 'nobody'] });
  await ground.refused('DeleteUser', { UserId: 'nobody' }, 'DefaultUserAssociatedToUserGroup');
});

test('a group is changed once it is active, and stays while a cache lets its users in', async () => {
  await ground.call('CreateUser', iamUser);
  await ground.call('CreateUser', { ...iamUser, UserId: 'second', UserName: 'second' });
  await ground.call('CreateUserGroup', { ...group, Engine: 'valkey', UserIds: ['shop'] });
  const add = { UserGroupId: 'shop', UserIdsToAdd: ['second'] };
  await ground.refused('ModifyUserGroup', add, 'InvalidUserGroupState');
  ground.later();
  await ground.call('ModifyUserGroup', add);
  expect((await ground.call('DescribeUserGroups')).UserGroups).toMatchObject([
    { Status: 'modifying', UserIds: ['shop'], PendingChanges: { UserIdsToAdd: ['second'] } },
  ]);
  ground.later();
  await ground.valkey({ UserGroupIds: ['shop'] });
  await ground.refused('DeleteUserGroup', { UserGroupId: 'shop' }, 'InvalidUserGroupState', /associated/);
  await ground.call('DeleteReplicationGroup', { ReplicationGroupId: 'shop' });
  ground.later();
  await ground.call('DeleteUserGroup', { UserGroupId: 'shop' });
  ground.later();
  await ground.refused('DeleteUserGroup', { UserGroupId: 'shop' }, 'UserGroupNotFound');
});

test('a user who is deleted is in no group any more', async () => {
  await ground.call('CreateUser', iamUser);
  await ground.call('CreateUserGroup', { ...group, Engine: 'valkey', UserIds: ['shop'] });
  await ground.call('DeleteUser', { UserId: 'shop' });
  ground.later();
  expect((await ground.call('DescribeUserGroups')).UserGroups).toMatchObject([{ UserIds: [] }]);
  await ground.refused('DescribeUsers', { UserId: 'shop' }, 'UserNotFound');
});
