import type { UserPoolClientType } from '@aws-sdk/client-cognito-identity-provider';
import { sparing } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import type { NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws, Input, Output } from '../../model/ports.ts';
import type { NodeId } from '../../model/ref.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownerOfPool } from './user-pool.ts';

/** The load balancer as the user pool knows it: where people come back to, and what it is told of them. */
export interface UserPoolClientProps {
  readonly userPoolId: string;
  /** Cognito makes a secret for it, which the load balancer fetches by itself; nobody here reads it. */
  readonly confidential: boolean;
  /** Sorted, as all lists here. */
  readonly callbackUrls: readonly string[];
  readonly signOutUrls: readonly string[];
  readonly flows: readonly string[];
  readonly scopes: readonly string[];
  readonly identityProviders: readonly string[];
  /** How else than by the sign-in pages somebody may get tokens. */
  readonly authFlows: readonly string[];
  /** Whether answers do not tell if there is such a user. */
  readonly hidesUsers: boolean;
  readonly revocable: boolean;
}

export interface UserPoolClientOutputs {
  readonly clientId: string;
  /** How a security group calls the rule by which its load balancer asks for tokens: it can name no client otherwise. */
  readonly wayOut: string;
}

/** The same of every client, so that a rule of this name is spared as long as anybody signs in by one that leaves. */
export const wayOut = 'to Cognito, for whoever signs in';

type ClientFound = Found<UserPoolClientProps, UserPoolClientOutputs>;
/** What may be looked at: the secret is dropped where an answer comes in. */
type Client = Omit<UserPoolClientType, 'ClientSecret'> & { readonly confidential: boolean };

export const userPoolClient: ResourceType<UserPoolClientProps, UserPoolClientOutputs> = {
  name: 'cognito/user-pool-client',
  fields: {
    userPoolId: 'fixed',
    confidential: 'fixed',
    callbackUrls: { mode: 'live', spare: sparingUrls },
    signOutUrls: { mode: 'live', spare: sparingUrls },
    flows: 'live',
    scopes: 'live',
    identityProviders: 'live',
    authFlows: 'live',
    hidesUsers: 'live',
    revocable: 'live',
  },
  needs: ['cognito/user-pool'],
  parentOf: (props) => props.userPoolId,
  parentType: 'cognito/user-pool',
  replace: 'create-first',
  once: 'journal', // CreateUserPoolClient takes no token, and clients may bear one name.
  endedBy: 'DeleteUserPoolClient',
  keepsOut: true, // Without it, no rule that asks people to sign in can be made again.
  beat: 'settings', // One client a call.
  beatByName: true, // What tells a client whole tells that it is there.
  scope: 'regional',

  async *list(aws, scope) {
    for (const UserPoolId of scope.parents) {
      const read = (NextToken?: string) => clientsPage(aws, { UserPoolId, MaxResults: 60, NextToken });
      for await (const { UserPoolClients = [] } of pages(read, (answer) => answer.NextToken)) {
        const isNew = UserPoolClients.some(({ ClientId = '' }) => scope.known(ClientId) === undefined);
        const poolOwner = isNew ? await ownerOfPool(aws, UserPoolId) : undefined;
        const found = await Promise.all(
          UserPoolClients.map(async ({ ClientId: id = '', ClientName: name = '' }) => {
            const owner = asOwner(scope.known(id) ?? ownerFromName(name, poolOwner));
            // Of what is somebody else's nobody asks more.
            return owner
              ? toldOf(aws, { id, UserPoolId, owner })
              : { ...listed(id, owner), props: { userPoolId: UserPoolId } };
          }),
        );
        yield found.filter((one) => one !== undefined);
      }
    }
  },

  async named(aws, ids, scope) {
    const found = await Promise.all(
      ids.map(async (id) => {
        const last = scope.last(id) as ClientFound | undefined;
        const { userPoolId: UserPoolId } = last?.props ?? {};
        return UserPoolId === undefined ? undefined : toldOf(aws, { id, UserPoolId, owner: last?.owner });
      }),
    );
    return found.filter((one) => one !== undefined);
  },

  async create(aws, props, birth) {
    const made = withoutSecret(
      await aws['cognito-idp']('CreateUserPoolClient', {
        ...toSettings(props),
        UserPoolId: props.userPoolId,
        ClientName: nameOf(birth.owner),
        GenerateSecret: props.confidential,
      }),
    );
    return told(made, birth.owner);
  },

  /** UpdateUserPoolClient resets whatever it is not given: so it is given all that there is, as UpdateUserPool. */
  async update(aws, found, props) {
    const client = await describe(aws, found);
    if (!client) return;
    await aws['cognito-idp']('UpdateUserPoolClient', {
      ...keptOf(client),
      ...toSettings(props),
      UserPoolId: props.userPoolId,
      ClientId: found.id,
    });
  },

  async delete(aws, found) {
    const UserPoolId = found.props.userPoolId;
    await orAbsent(aws['cognito-idp']('DeleteUserPoolClient', { UserPoolId, ClientId: found.id }));
  },
};

/** "Callback URLs per app client: 100": https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html */
const mostUrls = 100;

/** People come back to a host as long as its records lead there. */
function sparingUrls(
  wanted: readonly string[],
  found: readonly string[],
  serves: (part: unknown) => boolean,
): string[] {
  const isServed = (url: unknown): boolean => serves(/^https:\/\/([^/]+)/.exec(String(url))?.[1]);
  return sparing<string>()(wanted, found, isServed).slice(0, mostUrls).sort();
}

/** A pool that is gone has no clients. */
const clientsPage = async (
  aws: Aws,
  input: Input<'cognito-idp', 'ListUserPoolClients'>,
): Promise<Partial<Output<'cognito-idp', 'ListUserPoolClients'>>> =>
  (await orAbsent(aws['cognito-idp']('ListUserPoolClients', input))) ?? {};

async function describe(aws: Aws, { id, props }: Pick<ClientFound, 'id' | 'props'>): Promise<Client | undefined> {
  const input = { UserPoolId: props.userPoolId, ClientId: id };
  const answer = await orAbsent(aws['cognito-idp']('DescribeUserPoolClient', input));
  return answer && withoutSecret(answer);
}

/** A client whole; undefined when it is gone. */
async function toldOf(
  aws: Aws,
  { id, UserPoolId, owner }: { id: string; UserPoolId: string; owner: NodeOwner | undefined },
): Promise<ClientFound | undefined> {
  const client = await describe(aws, { id, props: { userPoolId: UserPoolId } });
  return client && told(client, owner);
}

/** AWS tells the secret with everything else of a client: of it stays only that there is one. */
function withoutSecret({ UserPoolClient = {} }: { readonly UserPoolClient?: UserPoolClientType }): Client {
  const { ClientSecret, ...rest } = UserPoolClient;
  return { ...rest, confidential: ClientSecret !== undefined };
}

/** Clients have no tags: the name says which node of the pool's owner it is, and of which store. */
const nameOf = ({ uid, node }: NodeOwner): string => `ecom.io ${uid} ${node.replace('/', '.')}`;

function ownerFromName(name: string, poolOwner: NodeOwner | undefined): NodeOwner | undefined {
  const [, uid, node] = /^ecom\.io (\S+) (\S+)$/.exec(name) ?? [];
  if (!poolOwner || uid !== poolOwner.uid || node === undefined) return undefined;
  const { retained: _, ...owner } = poolOwner;
  return { ...owner, node: node.replace('.', '/') as NodeId };
}

/** What is not ours to set, and stays as it is. */
const keptOf = (client: Client): Partial<Input<'cognito-idp', 'UpdateUserPoolClient'>> => ({
  ClientName: client.ClientName,
  RefreshTokenValidity: client.RefreshTokenValidity,
  AccessTokenValidity: client.AccessTokenValidity,
  IdTokenValidity: client.IdTokenValidity,
  TokenValidityUnits: client.TokenValidityUnits,
  ReadAttributes: client.ReadAttributes,
  WriteAttributes: client.WriteAttributes,
  DefaultRedirectURI: client.DefaultRedirectURI,
  AnalyticsConfiguration: client.AnalyticsConfiguration,
  EnablePropagateAdditionalUserContextData: client.EnablePropagateAdditionalUserContextData,
  AuthSessionValidity: client.AuthSessionValidity,
  RefreshTokenRotation: client.RefreshTokenRotation,
});

const toSettings = (props: UserPoolClientProps) => ({
  CallbackURLs: [...props.callbackUrls],
  LogoutURLs: [...props.signOutUrls],
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: [...props.flows] as UserPoolClientType['AllowedOAuthFlows'],
  AllowedOAuthScopes: [...props.scopes],
  SupportedIdentityProviders: [...props.identityProviders],
  ExplicitAuthFlows: [...props.authFlows] as UserPoolClientType['ExplicitAuthFlows'],
  PreventUserExistenceErrors: props.hidesUsers ? ('ENABLED' as const) : ('LEGACY' as const),
  EnableTokenRevocation: props.revocable,
});

const sorted = (values: readonly string[] = []): string[] => [...values].sort();

const listed = (id: string, owner: NodeOwner | undefined): Omit<ClientFound, 'props'> => ({
  id,
  owner,
  state: { is: 'ready' },
  outputs: { clientId: id, wayOut },
});

const told = (client: Client, owner: NodeOwner | undefined): ClientFound => ({
  ...listed(client.ClientId ?? '', owner),
  props: {
    userPoolId: client.UserPoolId,
    confidential: client.confidential,
    callbackUrls: sorted(client.CallbackURLs),
    signOutUrls: sorted(client.LogoutURLs),
    // Flows of a client that may not use them are none.
    flows: client.AllowedOAuthFlowsUserPoolClient ? sorted(client.AllowedOAuthFlows) : [],
    scopes: sorted(client.AllowedOAuthScopes),
    identityProviders: sorted(client.SupportedIdentityProviders),
    authFlows: sorted(client.ExplicitAuthFlows),
    hidesUsers: client.PreventUserExistenceErrors === 'ENABLED',
    revocable: client.EnableTokenRevocation ?? false,
  },
  bornAt: client.CreationDate?.getTime(),
});
