import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { absent, clients, invalid, thePool, type Client } from './kinds.ts';

interface Named {
  readonly UserPoolId: string;
  readonly ClientId: string;
}

interface Given {
  readonly UserPoolId: string;
  readonly AllowedOAuthFlows?: string[];
  readonly AllowedOAuthScopes?: string[];
  readonly CallbackURLs?: string[];
  readonly SupportedIdentityProviders?: string[];
}

const scopes = ['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin'];

/**
 * The settings that a call makes of what it is given: whatever it leaves out gets its default, in an update as well.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
 */
function settingsFrom({ UserPoolId, ...given }: Given): Client['settings'] {
  const flows = given.AllowedOAuthFlows ?? [];
  if (flows.some((flow) => flow === 'code' || flow === 'implicit') && !given.CallbackURLs?.length)
    throw new AwsError('InvalidOAuthFlowException', 'Callback URLs must be provided for the code and implicit flows.');
  const unknown = given.AllowedOAuthScopes?.find((scope) => !scopes.includes(scope));
  if (unknown !== undefined) throw new AwsError('ScopeDoesNotExistException', `Invalid scope requested: ${unknown}`);
  const stranger = given.SupportedIdentityProviders?.find((provider) => provider !== 'COGNITO');
  if (stranger !== undefined) throw invalid(`The provider ${stranger} does not exist for User Pool ${UserPoolId}.`);
  // RFC 6749 and the comment on CallbackURLs: "Not include a fragment component"; HTTP for localhost only.
  const bad = given.CallbackURLs?.find((url) => url.includes('#') || /^http:\/\/(?!localhost)/.test(url));
  if (bad !== undefined) throw invalid(`${bad} is not a valid callback URL.`);
  return {
    RefreshTokenValidity: 30,
    TokenValidityUnits: {},
    ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'],
    PreventUserExistenceErrors: 'LEGACY',
    EnableTokenRevocation: true,
    EnablePropagateAdditionalUserContextData: false,
    AllowedOAuthFlowsUserPoolClient: false,
    AuthSessionValidity: 3,
    ...given,
  };
}

const told = ({ id, poolId, secret, settings, createdAt, changedAt }: Client) => ({
  ...settings,
  UserPoolId: poolId,
  ClientId: id,
  ...(secret === undefined ? {} : { ClientSecret: secret }),
  CreationDate: new Date(createdAt),
  LastModifiedDate: new Date(changedAt),
});

function theClient(request: Request, { UserPoolId, ClientId }: Named): Client {
  thePool(request, UserPoolId);
  const found = request.in(clients).get(ClientId);
  if (found?.poolId !== UserPoolId) throw absent(`User pool client ${ClientId} does not exist.`);
  return found;
}

export const clientOperations: Operations = {
  CreateUserPoolClient: (input: Given & { GenerateSecret?: boolean; ClientSecret?: string }, request) => {
    const { GenerateSecret = false, ClientSecret, ...given } = input;
    if (ClientSecret !== undefined) throw invalid('The simulator knows no secrets but those that Cognito generates.');
    const { id: poolId } = thePool(request, input.UserPoolId);
    const used = request
      .in(clients)
      .all()
      .filter((client) => client.poolId === poolId).length;
    request.withinQuota('App clients per user pool', 1000, used, 'LimitExceededException', 'Too many app clients.');
    const id = request.world.random.hex(26);
    const client = request.in(clients).put(id, {
      id,
      poolId,
      secret: GenerateSecret ? request.world.random.hex(51) : undefined,
      settings: settingsFrom(given),
      createdAt: request.now,
      changedAt: request.now,
    });
    return { UserPoolClient: told(client) };
  },
  UpdateUserPoolClient: ({ ClientId, ...given }: Given & Named & { ClientName?: string }, request) => {
    const { id, settings } = theClient(request, { UserPoolId: given.UserPoolId, ClientId });
    const next = { ClientName: settings.ClientName, ...settingsFrom(given) };
    return { UserPoolClient: told(request.in(clients).change(id, { settings: next, changedAt: request.now })) };
  },
  DescribeUserPoolClient: (input: Named, request) => ({ UserPoolClient: told(theClient(request, input)) }),
  DeleteUserPoolClient: (input: Named, request) => request.in(clients).remove(theClient(request, input).id),
  ListUserPoolClients: (
    { UserPoolId, MaxResults, NextToken }: { UserPoolId: string; MaxResults?: number; NextToken?: string },
    request,
  ) => {
    thePool(request, UserPoolId);
    const listed = request.listed(clients).filter(({ poolId }) => poolId === UserPoolId);
    const page = { token: NextToken, size: MaxResults, most: 60, badToken: () => invalid('Invalid pagination token.') };
    const { items, next } = pageOf(request.world, listed, page);
    return {
      UserPoolClients: items.map(({ id, settings }) => ({ ClientId: id, UserPoolId, ClientName: settings.ClientName })),
      NextToken: next,
    };
  },
};
