import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { combination, invalid, marked, notFound, userGroups, users, type Marked, type User } from './kinds.ts';

/**
 * "ElastiCache automatically configures a default user with user ID and user name `default` and adds it to all user groups.
 * You can't modify or delete this user."
 */
const defaultUser = (request: Request): User => ({
  id: 'default',
  name: 'default',
  arn: request.arn('user:default'),
  engine: 'redis',
  status: 'active',
  accessString: 'on ~* +@all',
  authentication: 'no-password-required',
  passwords: 0,
  tags: {},
});

export function userOf(request: Request, id: string): User {
  const found = request.in(users).get(id.toLowerCase()) ?? (id === 'default' ? defaultUser(request) : undefined);
  if (!found) throw notFound.user(id);
  return found;
}

function told(one: User, request: Request) {
  const groups = request
    .in(userGroups)
    .all()
    .filter(({ userIds }) => userIds.includes(one.id));
  return {
    UserId: one.id,
    UserName: one.name,
    Status: one.status,
    Engine: one.engine,
    MinimumEngineVersion: one.authentication === 'iam' ? '7.0' : '6.0',
    AccessString: one.accessString,
    UserGroupIds: groups.map(({ id }) => id),
    Authentication: {
      Type: one.authentication === 'no-password-required' ? 'no-password' : one.authentication,
      PasswordCount: one.passwords,
    },
    ARN: one.arn,
  };
}

interface Authentication {
  readonly NoPasswordRequired?: boolean;
  readonly Passwords?: string[];
  readonly AuthenticationMode?: { readonly Type?: User['authentication']; readonly Passwords?: string[] };
}

/** How a user proves who he is; undefined where the request says nothing of it. */
function authenticationOf(input: Authentication): Pick<User, 'authentication' | 'passwords'> | undefined {
  const { AuthenticationMode: mode, NoPasswordRequired: open } = input;
  const passwords = mode?.Passwords ?? input.Passwords ?? [];
  // Terraform says beside each mode that it is not the one without a password, and is taken at its word.
  if (mode && (open === true || input.Passwords))
    throw combination('AuthenticationMode cannot be combined with Passwords or NoPasswordRequired');
  const type = mode?.Type ?? (open === true ? 'no-password-required' : passwords.length > 0 ? 'password' : undefined);
  if (type === undefined) return undefined;
  if ((type === 'password') !== passwords.length > 0)
    throw combination(`Passwords are given with the authentication type password only`);
  if (passwords.length > 2 || passwords.some((one) => one.length < 16 || one.length > 128))
    throw invalid('Passwords length must be between 16-128 characters, and there are two of them at most.');
  return { authentication: type, passwords: passwords.length };
}

interface Create extends Authentication {
  readonly UserId: string;
  readonly UserName: string;
  readonly Engine: string;
  readonly AccessString: string;
  readonly Tags?: TagPair[];
}

/** What may not stand in an access string: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string. */
function checkAccess(given: string): string {
  const words = given.trim().split(/\s+/);
  const wrong = words.find(
    (word) =>
      !/^(on|off|allkeys|resetkeys|resetchannels|allchannels|nocommands|allcommands|[~&%].+|[+-]@?[a-z|]+)$/i.test(
        word,
      ),
  );
  if (wrong !== undefined) throw invalid(`Invalid access string: ${wrong}`);
  return words.join(' ');
}

function create(input: Create, request: Request) {
  const id = input.UserId.toLowerCase();
  const all = request.in(users);
  if (!['redis', 'valkey'].includes(input.Engine.toLowerCase())) throw invalid(`Invalid engine: ${input.Engine}`);
  if (all.get(id) || id === 'default') throw new AwsError('UserAlreadyExists', `User ${id} already exists.`);
  request.withinQuota(
    'Users per Region',
    1000,
    all.all().length,
    'UserQuotaExceeded',
    'The quota of users is exceeded.',
  );
  const authentication = authenticationOf(input);
  if (!authentication)
    throw combination(
      'No password was provided. If you want to create/update the user without password, please use the NoPasswordRequired flag.',
    );
  if (authentication.authentication === 'iam' && id !== input.UserName)
    throw combination('User Id and User name must be same for authentication type: iam');
  if (input.Engine.toLowerCase() === 'valkey' && authentication.authentication === 'no-password-required')
    throw combination('Users of the engine valkey need an authentication mechanism: a password or iam');
  const user = all.put(id, {
    id,
    name: input.UserName,
    arn: request.arn(`user:${id}`),
    engine: input.Engine.toLowerCase(),
    status: 'active',
    accessString: checkAccess(input.AccessString),
    ...authentication,
    tags: toTagMap(input.Tags),
  });
  return told(user, request);
}

function mayChange(request: Request, given: string): User {
  const user = userOf(request, given);
  if (user.id === 'default') throw invalid('The default user cannot be modified or deleted.');
  if (user.status !== 'active')
    throw new AwsError(
      'InvalidUserState',
      `User ${user.id} has status ${user.status}. Only active users can be modified.`,
    );
  return user;
}

interface Modify extends Authentication {
  readonly UserId: string;
  readonly AccessString?: string;
  readonly AppendAccessString?: string;
}

function modify(input: Modify, request: Request) {
  const user = mayChange(request, input.UserId);
  const authentication = authenticationOf(input) ?? {};
  if ('authentication' in authentication && authentication.authentication === 'iam' && user.id !== user.name)
    throw combination('User Id and User name must be same for authentication type: iam');
  const appended = input.AppendAccessString === undefined ? '' : ` ${input.AppendAccessString}`;
  const changed = request.in(users).change(user.id, {
    status: 'modifying',
    accessString: checkAccess(`${input.AccessString ?? user.accessString}${appended}`),
    ...authentication,
  });
  request.world.schedule(durations.cacheUserModifying, () => {
    if (request.in(users).get(user.id)?.status === 'modifying') request.in(users).change(user.id, { status: 'active' });
  });
  return told(changed, request);
}

/** "The user will be removed from all user groups and in turn removed from all replication groups." */
function remove({ UserId }: { UserId: string }, request: Request) {
  const user = mayChange(request, UserId);
  const groups = request
    .in(userGroups)
    .all()
    .filter(({ userIds }) => userIds.includes(user.id));
  if (user.name === 'default' && groups.length > 0)
    throw new AwsError(
      'DefaultUserAssociatedToUserGroup',
      `The default user ${user.id} is associated with ${groups.map(({ id }) => id).join(', ')}.`,
    );
  const going = request.in(users).change(user.id, { status: 'deleting' });
  for (const group of groups)
    request.in(userGroups).change(group.id, { userIds: group.userIds.filter((id) => id !== user.id) });
  request.world.schedule(durations.cacheUserModifying, () => request.in(users).remove(user.id));
  return told(going, request);
}

interface Describe extends Marked {
  readonly Engine?: string;
  readonly UserId?: string;
  readonly Filters?: { readonly Name?: string; readonly Values?: string[] }[];
}

export const userOperations: Operations = {
  CreateUser: create,
  ModifyUser: modify,
  DeleteUser: remove,
  DescribeUsers: (input: Describe, request) => {
    if ((input.Filters ?? []).length > 0)
      throw new AwsError('InvalidAction', 'Filters of users are not simulated', 501);
    const named = input.UserId?.toLowerCase();
    const listed = [defaultUser(request), ...request.listed(users)].filter(
      ({ id, engine }) =>
        (named === undefined || id === named) && (input.Engine === undefined || engine === input.Engine.toLowerCase()),
    );
    if (named !== undefined && listed.length === 0) throw notFound.user(named);
    const { items, next } = marked(request, listed, input, 50);
    return { Users: items.map((one) => told(one, request)), Marker: next };
  },
};
