import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import type { World } from '../core/world.ts';
import { absent, below, clients, groups, invalid, notSimulated, pools, thePool, users, type Group } from './kinds.ts';

interface Named {
  readonly UserPoolId: string;
  readonly GroupName: string;
}

interface Given extends Named {
  readonly Description?: string;
  readonly RoleArn?: string;
  readonly Precedence?: number;
}

const told = (group: Group) => ({
  GroupName: group.name,
  UserPoolId: group.poolId,
  Description: group.description,
  RoleArn: group.roleArn,
  Precedence: group.precedence,
  CreationDate: new Date(group.createdAt),
  LastModifiedDate: new Date(group.changedAt),
});

function theGroup(request: Request, { UserPoolId, GroupName }: Named): Group {
  const found = request.in(groups).get(below(thePool(request, UserPoolId).id, GroupName));
  if (!found) throw absent('Group not found.');
  return found;
}

/** Somebody signs up: users are made by them, not by any call of ours. */
export function signUp(world: World, region: string, poolId: string, name: string): void {
  world.collection(region, users).put(below(poolId, name), { poolId, name, createdAt: world.now() });
}

/** How somebody has signed in: by a client, and asked for these scopes, as a load balancer's rule does. */
interface SignedIn {
  readonly poolId: string;
  readonly clientId: string;
  readonly scope: string;
}

/**
 * Somebody takes an authenticator for a second factor. Where it is a must, the sign-in pages have him do it. "When
 * MfaConfiguration is OPTIONAL, managed login doesn't automatically prompt users to set up MFA": the application calls
 * AssociateSoftwareToken, VerifySoftwareToken and SetUserMFAPreference with his access token, which "must include the
 * scope aws.cognito.signin.user.admin".
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
 */
export function takeAuthenticator(world: World, region: string, { poolId, clientId, scope }: SignedIn): void {
  const asked = scope.split(' ');
  const allowed = world.collection(region, clients).get(clientId)?.settings['AllowedOAuthScopes'] ?? [];
  const beyond = asked.find((one) => !(allowed as readonly string[]).includes(one));
  if (beyond !== undefined) throw new AwsError('invalid_scope', `The client may not ask for ${beyond}.`);
  const mfa = world.collection(region, pools).get(poolId)?.mfa;
  if (!mfa?.softwareToken || mfa.mode === 'OFF')
    throw new AwsError('SoftwareTokenMFANotFoundException', 'Software token MFA is not enabled for the user pool.');
  if (mfa.mode === 'OPTIONAL' && !asked.includes('aws.cognito.signin.user.admin'))
    throw new AwsError('NotAuthorizedException', 'Access Token does not have required scopes');
}

const badToken = () => invalid('Invalid pagination token.');

/** Groups and users of a pool. */
export const memberOperations: Operations = {
  CreateGroup: ({ UserPoolId, GroupName, ...given }: Given, request) => {
    const { id: poolId } = thePool(request, UserPoolId);
    const [all, key] = [request.in(groups), below(poolId, GroupName)];
    if (all.get(key)) throw new AwsError('GroupExistsException', 'A group with the name already exists.');
    const used = all.all().filter((group) => group.poolId === poolId).length;
    request.withinQuota('Groups per user pool', 10_000, used, 'LimitExceededException', 'Too many groups.');
    const group = all.put(key, {
      poolId,
      name: GroupName,
      description: given.Description,
      roleArn: given.RoleArn,
      precedence: given.Precedence,
      createdAt: request.now,
      changedAt: request.now,
    });
    return { Group: told(group) };
  },
  UpdateGroup: (input: Given, request) => {
    const { poolId, name } = theGroup(request, input);
    const change = {
      ...('Description' in input ? { description: input.Description } : {}),
      ...('RoleArn' in input ? { roleArn: input.RoleArn } : {}),
      ...('Precedence' in input ? { precedence: input.Precedence } : {}),
      changedAt: request.now,
    };
    return { Group: told(request.in(groups).change(below(poolId, name), change)) };
  },
  GetGroup: (input: Named, request) => ({ Group: told(theGroup(request, input)) }),
  DeleteGroup: (input: Named, request) => {
    const { poolId, name } = theGroup(request, input);
    request.in(groups).remove(below(poolId, name));
  },
  ListGroups: (
    { UserPoolId, Limit, NextToken }: { UserPoolId: string; Limit?: number; NextToken?: string },
    request,
  ) => {
    thePool(request, UserPoolId);
    const listed = request.listed(groups).filter(({ poolId }) => poolId === UserPoolId);
    const page = { token: NextToken, size: Limit || undefined, most: 60, badToken };
    const { items, next } = pageOf(request.world, listed, page);
    return { Groups: items.map(told), NextToken: next };
  },
  ListUsers: (input: { UserPoolId: string; Limit?: number; PaginationToken?: string; Filter?: string }, request) => {
    if (input.Filter) throw notSimulated('a filter of users');
    thePool(request, input.UserPoolId);
    const listed = request.listed(users).filter(({ poolId }) => poolId === input.UserPoolId);
    const page = { token: input.PaginationToken, size: input.Limit || undefined, most: 60, badToken };
    const { items, next } = pageOf(request.world, listed, page);
    return {
      Users: items.map(({ name, createdAt }) => ({
        ...{ Username: name, Attributes: [], Enabled: true, UserStatus: 'CONFIRMED' },
        ...{ UserCreateDate: new Date(createdAt), UserLastModifiedDate: new Date(createdAt) },
      })),
      PaginationToken: next,
    };
  },
};
