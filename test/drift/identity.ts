import { userPoolClient } from '../../operator/resources/cognito/user-pool-client.ts';
import { userPool } from '../../operator/resources/cognito/user-pool.ts';
import { listenerRule } from '../../operator/resources/elbv2/listener-rule.ts';
import { byUpdate, foundOf } from './by-update.ts';
import { driftsOf, fixedInAws, flag, notInAws, value, type Cell, type Drift, type PropertyDrifts } from './drift.ts';
import type { Place } from './place.ts';

const pool = byUpdate(userPool, 'identity/pool');
const client = byUpdate(userPoolClient, 'identity/client');
const rule = byUpdate(listenerRule, 'identity/rule-783');
const cognito = (place: Place) => place.call('cognito-idp');
const poolId = (place: Place): string => place.id('identity/pool');

/** A list that somebody makes shorter, longer, or another one. */
const list = (changed: Cell, removed: Cell, extra: Cell): PropertyDrifts => ({ changed, removed, extra });

export const userPoolDrifts = driftsOf(userPool, {
  in: 'production',
  node: 'identity/pool',
  properties: {
    passwords: value(pool('six characters will do', 'passwords', (has) => ({ ...has, minimumLength: 6 }))),
    mfa: value(pool('nobody is asked', 'mfa', () => 'OFF')),
    plan: value(pool('a smaller plan', 'plan', () => ({ tier: 'ESSENTIALS', threatProtection: 'OFF' }))),
    deletionProtection: flag(pool('turned off', 'deletionProtection', () => false)),
    verifiesEmail: flag(pool('turned off', 'verifiesEmail', () => false)),
    recoversByEmail: flag(pool('turned off', 'recoversByEmail', () => false)),
    adminCreatesOnly: flag(pool('turned on', 'adminCreatesOnly', () => true)),
    signInWith: fixedInAws('cognito-idp', 'UserPoolId', 'UsernameAttributes'),
    requiredAttributes: fixedInAws('cognito-idp', 'UserPoolId', 'Schema'),
    groups: list(
      notInAws('a group keeps its name'),
      {
        what: 'a group deleted',
        make: (place) => cognito(place)('DeleteGroup' as never, groupOf(place, 'merchant') as never),
      },
      {
        what: 'one more group',
        make: (place) => cognito(place)('CreateGroup', groupOf(place, 'guests')),
        ends: 'left',
        why: 'who is in it is data',
      },
    ),
    domain: {
      changed: pool('another prefix', 'domain', () => 'somebody-elses-shop', { writes: 8, calls: 15 }), // A rule for each of six protected paths.
      removed: {
        what: 'the sign-in pages taken away',
        make: (place) =>
          cognito(place)('DeleteUserPoolDomain', {
            UserPoolId: poolId(place),
            Domain: place.out('identity/pool', 'domain'),
          }),
      },
      extra: notInAws('a pool has one'),
    },
  },
  deleted: {
    what: 'not made anew, empty: people are told, and choose',
    ends: 'stalled',
    make: async (place) => {
      const UserPoolId = poolId(place);
      await pool('', 'deletionProtection', () => false).make(place);
      await cognito(place)('DeleteUserPoolDomain', { UserPoolId, Domain: place.out('identity/pool', 'domain') });
      await cognito(place)('DeleteUserPool', { UserPoolId });
    },
    awsMinutes: 1,
    writes: 0,
  },
});

const groupOf = (place: Place, GroupName: string) => ({ UserPoolId: poolId(place), GroupName });

const without = (urls: readonly string[]): string[] => urls.slice(1);
const elsewhere = ['https://elsewhere.example.com/'];
const with1 = (has: readonly string[], more: string): string[] => [...has, more].sort();

export const userPoolClientDrifts = driftsOf(userPoolClient, {
  in: 'production',
  node: 'identity/client',
  properties: {
    userPoolId: never3('a client stays in its pool'),
    confidential: fixedInAws('cognito-idp', 'ClientId', 'GenerateSecret'),
    callbackUrls: list(
      client('people come back elsewhere', 'callbackUrls', () => elsewhere),
      client('one fewer', 'callbackUrls', without),
      client('one more', 'callbackUrls', (has) => with1(has, 'https://elsewhere.example.com/')),
    ),
    signOutUrls: list(
      client('people are sent elsewhere', 'signOutUrls', () => elsewhere),
      client('none', 'signOutUrls', () => []),
      client('one more', 'signOutUrls', (has) => with1(has, 'https://elsewhere.example.com/')),
    ),
    flows: list(
      client('tokens in the address bar', 'flows', () => ['implicit']),
      notInAws('Cognito demands one where there are scopes'),
      client('tokens in the address bar as well', 'flows', (has) => with1(has, 'implicit')),
    ),
    scopes: list(
      client('other ones', 'scopes', () => ['openid', 'phone']),
      client('one fewer', 'scopes', without),
      client('one more', 'scopes', (has) => with1(has, 'phone')),
    ),
    identityProviders: list(
      notInAws('there is no other in the pool'),
      client('none', 'identityProviders', () => []),
      notInAws('there is no other in the pool'),
    ),
    authFlows: list(
      client('another one', 'authFlows', () => ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_PASSWORD_AUTH']),
      notInAws('Cognito takes its own where none is given'),
      client('passwords in the clear as well', 'authFlows', (has) => with1(has, 'ALLOW_USER_PASSWORD_AUTH')),
    ),
    hidesUsers: flag(client('turned off', 'hidesUsers', () => false)),
    revocable: flag(client('turned off', 'revocable', () => false)),
  },
  deleted: {
    what: 'made again, and the rules and the application are told its new id',
    make: (place) =>
      cognito(place)('DeleteUserPoolClient', { UserPoolId: poolId(place), ClientId: place.id('identity/client') }),
    awsMinutes: 1,
    writes: 8,
  },
});

function never3(why: string): PropertyDrifts {
  const cell = notInAws(why);
  return { changed: cell, removed: cell, extra: cell };
}

/** A target group of somebody's, which goes when the rule no longer names it. */
const strangersTargets: Drift = {
  ...rule('another target group', 'targetGroupArn', async (_has, place) => {
    const { TargetGroups: [made] = [] } = await place.elbv2('CreateTargetGroup', {
      ...{ Name: 'strangers', Protocol: 'HTTP', Port: 9999, VpcId: place.id('network/vpc') },
    });
    return made?.TargetGroupArn ?? '';
  }),
  tidy: async (place) => {
    const { TargetGroups = [] } = await place.elbv2('DescribeTargetGroups', { Names: ['strangers'] });
    for (const { TargetGroupArn } of TargetGroups) await place.elbv2('DeleteTargetGroup', { TargetGroupArn });
  },
};

export const listenerRuleDrifts = driftsOf(listenerRule, {
  in: 'production',
  node: 'identity/rule-783',
  properties: {
    listenerArn: fixedInAws('elbv2', 'RuleArn', 'ListenerArn'),
    priority: value(rule('another number', 'priority', () => 40_000)),
    paths: list(
      rule('other paths', 'paths', () => ['/elsewhere/*']),
      rule('one fewer', 'paths', (has) => (has.length > 1 ? without(has) : ['/elsewhere'])),
      rule('one more', 'paths', (has) => with1(has, '/static/*')),
    ),
    signIn: value(rule('a session of a minute', 'signIn', (has) => ({ ...has, sessionSeconds: 60 }))),
    targetGroupArn: value(strangersTargets),
  },
  deleted: {
    what: 'made again',
    make: (place) => place.elbv2('DeleteRule', { RuleArn: foundOf(place, listenerRule, 'identity/rule-783').id }),
    awsMinutes: 1,
    writes: 1,
  },
});
