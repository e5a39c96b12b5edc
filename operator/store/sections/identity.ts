import { digest, type Owner } from '../../model/identity.ts';
import type { Handle } from '../../model/graph.ts';
import { userPool, type Mfa, type Plan, type UserPoolOutputs } from '../../resources/cognito/user-pool.ts';
import { userPoolClient, type UserPoolClientOutputs } from '../../resources/cognito/user-pool-client.ts';
import { listenerRule } from '../../resources/elbv2/listener-rule.ts';
import { hostNames, wayIn, type Site } from '../site.ts';
import type { EcomStoreSpec } from '../spec.ts';
import type { LoadBalancing } from './load-balancer.ts';
import { publish, type Offer } from './offer.ts';
import type { Front } from './records.ts';

type Identity = NonNullable<EcomStoreSpec['identity']>;

const mfaModes: Readonly<Record<Identity['mfa'], Mfa>> = { none: 'OFF', optional: 'OPTIONAL', required: 'ON' };
const plans: Readonly<Record<Identity['advancedSecurity'], Plan>> = {
  none: { tier: 'ESSENTIALS', threatProtection: 'OFF' },
  audit: { tier: 'PLUS', threatProtection: 'AUDIT' },
  enforced: { tier: 'PLUS', threatProtection: 'ENFORCED' },
};

/**
 * What the application is told of people who sign in. Where they may choose a second factor, the sign-in pages do not offer
 * one: the application does, for which their access tokens have to carry the first of these scopes. It lets the bearer
 * change that user, so it is nowhere else. https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
 */
const scopesFor = ({ mfa }: Identity): readonly string[] => [
  ...(mfa === 'optional' ? ['aws.cognito.signin.user.admin'] : []),
  ...['email', 'openid', 'profile'],
];

/** What identity gives the other sections. */
interface SignInMade {
  readonly offer: Offer;
  /** The rules that ask people to sign in. */
  readonly rules: readonly Handle<unknown>[];
}

/** The application verifies tokens by the issuer's public keys: it needs no permission, and no secret. */
export function composeIdentity(site: Site, loadBalancing: LoadBalancing, front: Front): SignInMade {
  const { identity } = site.spec;
  if (!identity) return { offer: { parameters: [], policies: {} }, rules: [] };
  const pool = composePool(site, identity);
  const client = composeClient(site, identity, pool);
  const rules = composeRules(site, identity, { pool, client, loadBalancing });
  const { region } = site.spec;
  const host = `${domainPrefix(site.owner, identity)}.auth.${region}.amazoncognito.com`;
  const parameters = [
    publish(site, 'identity', 'identity/user-pool-id', pool.out('userPoolId'), 'Id of the user pool'),
    publish(site, 'identity', 'identity/client-id', client.out('clientId'), 'Client id: the audience of tokens'),
    publish(site, 'identity', 'identity/domain', host, 'Host name of the sign-in and sign-out pages'),
    publish(site, 'identity', 'identity/issuer', pool.out('issuer'), 'Issuer of tokens: its keys verify them'),
    publish(site, 'identity', 'identity/signer', loadBalancing.loadBalancerArn, 'Who signs x-amzn-oidc-data', {
      // Not served by instances: they start after this parameter.
      turnsAfter: [...front.settled, ...rules],
    }),
  ];
  return { offer: { parameters, policies: {} }, rules };
}

function composePool({ graph, owner }: Site, identity: Identity): Handle<UserPoolOutputs> {
  const { passwordPolicy: passwords } = identity;
  return graph.add(
    userPool,
    'identity/pool',
    {
      passwords: {
        minimumLength: passwords.minLength,
        lowercase: passwords.requireLowercase,
        uppercase: passwords.requireUppercase,
        numbers: passwords.requireNumbers,
        symbols: passwords.requireSymbols,
        temporaryDays: passwords.temporaryDays,
      },
      mfa: mfaModes[identity.mfa],
      plan: plans[identity.advancedSecurity],
      deletionProtection: true,
      verifiesEmail: true,
      recoversByEmail: true,
      adminCreatesOnly: identity.signUp === 'invitation',
      signInWith: ['email'],
      requiredAttributes: ['email'],
      groups: [...identity.groups].sort(),
      domain: domainPrefix(owner, identity),
    },
    {
      adopt: identity.adopt,
      specFields: {
        ...(identity.adopt === undefined ? {} : { adopt: 'spec.identity.adopt' }),
        adminCreatesOnly: 'spec.identity.signUp',
        domain: 'spec.identity.domainPrefix',
        plan: 'spec.identity.advancedSecurity',
      },
    },
  );
}

/** People come back to the host and to every alias of it: at the path that load balancers keep for that. */
function composeClient(
  { graph, spec }: Site,
  identity: Identity,
  pool: Handle<UserPoolOutputs>,
): Handle<UserPoolClientOutputs> {
  const urls = (paths: readonly string[]): string[] =>
    hostNames(spec)
      .flatMap((host) => paths.map((path) => `https://${host}${path}`))
      .sort();
  return graph.add(
    userPoolClient,
    'identity/client',
    {
      userPoolId: pool.out('userPoolId'),
      confidential: true,
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
      callbackUrls: urls(['/oauth2/idpresponse']),
      signOutUrls: urls(identity.signOutPaths),
      flows: ['code'],
      scopes: scopesFor(identity),
      identityProviders: ['COGNITO'],
      authFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'],
      hidesUsers: true,
      revocable: true,
    },
    { specFields: { callbackUrls: 'spec.domain.aliases', signOutUrls: 'spec.identity.signOutPaths' } },
  );
}

/** Rules before these are left to whatever has to be decided before anybody signs in. */
const firstPriority = 200;
const priorities = 800;

interface SignInParts {
  readonly pool: Handle<UserPoolOutputs>;
  readonly client: Handle<UserPoolClientOutputs>;
  readonly loadBalancing: LoadBalancing;
}

/**
 * A rule has the place that its paths give it, whatever else is protected: a path that comes or goes pushes none into
 * another rule, on whose way it would be open to everybody. So most have one for themselves; two that share a place share
 * the rule. AWS takes five in one, which of twenty paths nobody ever has.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
function composeRules(
  { graph, spec }: Site,
  identity: Identity,
  { pool, client, loadBalancing }: SignInParts,
): Handle<unknown>[] {
  const protectedPaths = [...identity.protectedPaths].sort();
  return [...new Set(protectedPaths.map(priorityOf))].map((priority) =>
    graph.add(
      listenerRule,
      `${wayIn(spec).rules}-${priority}`,
      {
        listenerArn: loadBalancing.httpsListenerArn,
        priority,
        paths: protectedPaths.filter((path) => priorityOf(path) === priority),
        signIn: {
          userPoolArn: pool.out('userPoolArn'),
          clientId: client.out('clientId'),
          domain: pool.out('domain'),
          scope: scopesFor(identity).join(' '),
          sessionSeconds: identity.sessionHours * 3600,
        },
        targetGroupArn: loadBalancing.targetGroupArn,
      },
      { servedBy: loadBalancing.servedBy, specFields: { paths: 'spec.identity.protectedPaths' } },
    ),
  );
}

const priorityOf = (path: string): number => firstPriority + (Number.parseInt(digest(path, 8), 16) % priorities);

/** As given, or the name of the store and what makes it unique; AWS takes none with its own names in it. */
function domainPrefix({ installation, uid, name }: Owner, { domainPrefix: given }: Identity): string {
  const readable = /aws|amazon|cognito/.test(name) ? 'store' : name;
  return given ?? `${readable}-${digest([installation, uid].join('\n'), 10)}`;
}
