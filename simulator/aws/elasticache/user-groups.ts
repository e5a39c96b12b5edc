import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { durations } from '../durations.ts';
import {
  combination,
  identifier,
  invalid,
  marked,
  notFound,
  replicationGroups,
  userGroups,
  type Marked,
  type UserGroup,
} from './kinds.ts';
import { userOf } from './users.ts';

export function userGroupOf(request: Request, id: string): UserGroup {
  const found = request.in(userGroups).get(id.toLowerCase());
  if (!found) throw notFound.userGroup(id);
  return found;
}

/** The replication groups that let a group's users in. */
const usersOf = (request: Request, id: string): string[] =>
  request
    .in(replicationGroups)
    .all()
    .filter(({ settings }) => settings.userGroupIds.includes(id))
    .map(({ name }) => name);

function told(one: UserGroup, request: Request) {
  const { add, remove } = one.pending;
  return {
    UserGroupId: one.id,
    Status: one.status,
    Engine: one.engine,
    UserIds: [...one.userIds],
    MinimumEngineVersion: '6.0',
    ...(add.length + remove.length === 0
      ? {}
      : { PendingChanges: { UserIdsToAdd: [...add], UserIdsToRemove: [...remove] } }),
    ReplicationGroups: usersOf(request, one.id),
    ServerlessCaches: [],
    ARN: one.arn,
  };
}

/** Of Redis a group has just one user named default; of Valkey it needs none, and takes nobody who proves nothing. */
function checkMembers(request: Request, engine: string, ids: readonly string[]): void {
  const members = ids.map((id) => userOf(request, id));
  const names = members.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new AwsError('DuplicateUserName', `A user with the user name ${twice} is in the group already.`);
  if (engine === 'redis' && !names.includes('default'))
    throw new AwsError('DefaultUserRequired', 'User group needs to contain a user with the user name default.');
  const foreign = members.find((one) =>
    engine === 'valkey' ? one.authentication === 'no-password-required' : one.engine !== 'redis',
  );
  if (foreign) throw combination(`User ${foreign.id} cannot be in a user group of the engine ${engine}.`);
}

const noneWaits = { add: [], remove: [] } as const;

interface Create {
  readonly UserGroupId: string;
  readonly Engine: string;
  readonly UserIds?: string[];
  readonly Tags?: TagPair[];
}

function create(input: Create, request: Request) {
  const id = identifier('UserGroupId', input.UserGroupId, 40);
  const engine = input.Engine.toLowerCase();
  if (!['redis', 'valkey'].includes(engine)) throw invalid(`Invalid engine: ${input.Engine}`);
  const all = request.in(userGroups);
  if (all.get(id)) throw new AwsError('UserGroupAlreadyExists', `User group ${id} already exists.`);
  const quota = ['User groups per Region', 200, all.all().length, 'UserGroupQuotaExceeded'] as const;
  request.withinQuota(...quota, 'The quota of user groups is exceeded.');
  checkMembers(request, engine, input.UserIds ?? []);
  const group = all.put(id, {
    id,
    arn: request.arn(`usergroup:${id}`),
    engine,
    status: 'creating',
    userIds: [...new Set(input.UserIds ?? [])],
    pending: noneWaits,
    tags: toTagMap(input.Tags),
  });
  request.world.schedule(durations.cacheUserGroupModifying, () => {
    if (all.get(id)?.status === 'creating') all.change(id, { status: 'active' });
  });
  return told(group, request);
}

function active(request: Request, given: string): UserGroup {
  const group = userGroupOf(request, given);
  if (group.status !== 'active')
    throw new AwsError(
      'InvalidUserGroupState',
      `User group ${group.id} has status ${group.status}. Only active user groups can be modified.`,
    );
  return group;
}

interface Modify {
  readonly UserGroupId: string;
  readonly UserIdsToAdd?: string[];
  readonly UserIdsToRemove?: string[];
}

function modify({ UserGroupId, UserIdsToAdd: add = [], UserIdsToRemove: remove = [] }: Modify, request: Request) {
  const group = active(request, UserGroupId);
  if (add.length + remove.length === 0) throw combination('No users to add or to remove were given.');
  const absent = remove.find((id) => !group.userIds.includes(id));
  if (absent !== undefined) throw invalid(`User ${absent} is not a member of the user group ${group.id}.`);
  const present = add.find((id) => group.userIds.includes(id));
  if (present !== undefined) throw invalid(`User ${present} is a member of the user group ${group.id} already.`);
  const userIds = [...group.userIds.filter((id) => !remove.includes(id)), ...add];
  checkMembers(request, group.engine, userIds);
  const all = request.in(userGroups);
  const changed = all.change(group.id, { status: 'modifying', pending: { add, remove } });
  request.world.schedule(durations.cacheUserGroupModifying, () => {
    if (all.get(group.id)?.status === 'modifying')
      all.change(group.id, { status: 'active', userIds, pending: noneWaits });
  });
  return told(changed, request);
}

/** "The user group must first be disassociated from the replication group before it can be deleted." */
function remove({ UserGroupId }: { UserGroupId: string }, request: Request) {
  const group = active(request, UserGroupId);
  const [used] = usersOf(request, group.id);
  if (used !== undefined)
    throw new AwsError(
      'InvalidUserGroupState',
      `User group ${group.id} is associated with the replication group ${used}.`,
    );
  const all = request.in(userGroups);
  const going = all.change(group.id, { status: 'deleting' });
  request.world.schedule(durations.cacheUserGroupModifying, () => all.remove(group.id));
  return told(going, request);
}

export const userGroupOperations: Operations = {
  CreateUserGroup: create,
  ModifyUserGroup: modify,
  DeleteUserGroup: remove,
  DescribeUserGroups: (input: Marked & { UserGroupId?: string }, request) => {
    const named = input.UserGroupId?.toLowerCase();
    const listed = request.listed(userGroups).filter(({ id }) => named === undefined || id === named);
    if (named !== undefined && listed.length === 0) throw notFound.userGroup(named);
    const { items, next } = marked(request, listed, input, 50);
    return { UserGroups: items.map((one) => told(one, request)), Marker: next };
  },
};
