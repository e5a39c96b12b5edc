import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { reconcile } from '../../operator/engine/reconcile.ts';
import { withDefaults } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { signUp, takeAuthenticator } from '../../simulator/aws/cognito/members.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
type Identity = NonNullable<EcomStoreManifestSpec['identity']>;

const signingIn =
  (identity: Identity = {}) =>
  (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({ ...spec, identity });

const ofCognito = (world: VirtualWorld): string[] =>
  world
    .existing()
    .map(({ type }) => type)
    .filter((type) => type.startsWith('cognito/'))
    .sort();

async function storeWithUsers(world: VirtualWorld) {
  const store = world.add(minimal, signingIn());
  await world.settle(store);
  const pool = world.idOf(store, 'identity/pool');
  signUp(world.aws.world, homeRegion, pool, 'jane');
  return { store, pool };
}

test('a store with sign-in by its defaults is built, left alone, and removed without a trace while nobody signed up', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, signingIn());
  await world.settle(store);
  expect(ofCognito(world)).toEqual([
    ...['cognito/domain', 'cognito/group', 'cognito/group', 'cognito/group'],
    ...['cognito/user-pool', 'cognito/user-pool-client'],
  ]);
  expect(await world.leftAlone(store)).toEqual([]);
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});

test('users outlive their store with the groups they are in, and another store takes the pool over', async () => {
  const world = new VirtualWorld();
  const { store, pool } = await storeWithUsers(world);
  await world.remove(store);
  expect(
    world
      .existing()
      .map(({ type }) => type)
      .sort(),
  ).toEqual([
    ...['cognito/domain', 'cognito/group', 'cognito/group', 'cognito/group', 'cognito/user', 'cognito/user-pool'],
  ]);
  const heir = world.add(minimal, signingIn({ adopt: pool, domainPrefix: 'the-heirs' }));
  await world.settle(heir);
  expect(world.idOf(heir, 'identity/pool')).toBe(pool);
  expect(world.ledger.history().filter(({ type }) => type === 'cognito/user-pool')).toHaveLength(1);
  expect(world.existing('cognito/domain').map(({ id }) => id)).toEqual(['the-heirs']);
  expect(world.existing('cognito/user')).toHaveLength(1);
});

test('a store that no longer wants sign-in keeps its users, and wants them again', async () => {
  const world = new VirtualWorld();
  const { store, pool } = await storeWithUsers(world);
  const { identity, ...without } = store.spec;
  store.spec = withDefaults(without as EcomStoreManifestSpec);
  await world.settle(store);
  expect(ofCognito(world)).not.toContain('cognito/user-pool-client');
  expect(world.existing('elbv2/rule')).toEqual([]);
  expect(world.existing('cognito/user')).toHaveLength(1);
  store.spec = { ...store.spec, identity };
  await world.settle(store);
  expect(world.idOf(store, 'identity/pool')).toBe(pool);
});

describe('a second factor', () => {
  const admin = 'aws.cognito.signin.user.admin';
  /** Who has signed in by the load balancer, of whatever path, takes an authenticator. */
  async function takenBy(world: VirtualWorld, store: VirtualStore): Promise<Set<string>> {
    const poolId = world.idOf(store, 'identity/pool');
    const { Rules } = await world.other<{ Rules: Rule[] }>('elbv2', 'DescribeRules', {
      RuleArns: world.existing('elbv2/rule').map(({ id }) => id),
    });
    const scopes = Rules.map(({ Actions: [first] = [] }) => {
      const { UserPoolClientId: clientId = '', Scope: scope = '' } = first?.AuthenticateCognitoConfig ?? {};
      takeAuthenticator(world.aws.world, homeRegion, { poolId, clientId, scope });
      return scope;
    });
    return new Set(scopes);
  }

  test('is there for whoever wants one, by default', async () => {
    const world = new VirtualWorld();
    const { store } = await storeWithUsers(world);
    expect(await takenBy(world, store)).toEqual(new Set([`${admin} email openid profile`]));
  });

  test('is set up by the sign-in pages where all have one: the application may change no user', async () => {
    const world = new VirtualWorld();
    const { store, pool } = await storeWithUsers(world);
    const made = world.ledger.history().length;
    for (const [mfa, scope] of [
      ['required', 'email openid profile'],
      ['optional', `${admin} email openid profile`],
    ] as const) {
      store.spec = withDefaults({ ...store.spec, identity: { mfa } });
      await world.settle(store);
      expect(await takenBy(world, store)).toEqual(new Set([scope]));
    }
    // Changed in place, all of it.
    expect(world.ledger.history()).toHaveLength(made);
    expect(world.idOf(store, 'identity/pool')).toBe(pool);
  });
});

test('anybody signs up, unless the store has people invited', async () => {
  const world = new VirtualWorld();
  const { store, pool } = await storeWithUsers(world);
  const isInvited = async (): Promise<unknown> => {
    const answer = await world.other<{ UserPool: { AdminCreateUserConfig: Record<string, unknown> } }>(
      ...(['cognito-idp', 'DescribeUserPool', { UserPoolId: pool }] as const),
    );
    return answer.UserPool.AdminCreateUserConfig['AllowAdminCreateUserOnly'];
  };
  expect(await isInvited()).toBe(false);
  for (const [signUp, invited] of [
    ['invitation', true],
    ['open', false],
  ] as const) {
    store.spec = withDefaults({ ...store.spec, identity: { signUp } });
    await world.settle(store);
    expect(await isInvited()).toBe(invited);
  }
  expect(world.existing('cognito/user')).toHaveLength(1);
});

test('everything that can be said of sign-in changes in place', async () => {
  const world = new VirtualWorld();
  const { store, pool } = await storeWithUsers(world);
  store.spec = withDefaults({
    ...store.spec,
    identity: {
      groups: ['customer', 'wholesale'],
      mfa: 'required',
      passwordPolicy: { minLength: 20, requireSymbols: false },
      advancedSecurity: 'enforced',
      protectedPaths: Array.from({ length: 11 }, (_, n) => `/p${n}/*`),
      signOutPaths: ['/goodbye'],
      domainPrefix: 'another-prefix',
    },
  });
  await world.settle(store);
  const { UserPool } = await world.other<{ UserPool: object }>('cognito-idp', 'DescribeUserPool', { UserPoolId: pool });
  expect(UserPool).toMatchObject({
    ...{ MfaConfiguration: 'ON', Domain: 'another-prefix', UserPoolTier: 'PLUS', DeletionProtection: 'ACTIVE' },
    ...{ UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' }, Policies: { PasswordPolicy: { MinimumLength: 20 } } },
  });
  expect(world.existing('elbv2/rule')).toHaveLength(11);
  // Who is in a group that is wanted no more is data.
  expect(world.existing('cognito/group')).toHaveLength(4);
  const replaced = world.ledger.history().filter(({ type }) => /user-pool/.test(type));
  expect(replaced).toHaveLength(2);
});

test('people sign in by the old prefix while another is somebody else’s, and the store says so', async () => {
  const world = new VirtualWorld();
  const { store } = await storeWithUsers(world);
  const other = world.add('examples/gitops/tenants/bakery/bread.yaml', signingIn({ domainPrefix: 'taken-shop' }));
  await world.settle(other);
  const domains = () => world.ledger.history().filter(({ type }) => type === 'cognito/domain');
  const before = domains();
  store.spec = withDefaults({ ...store.spec, identity: { domainPrefix: 'taken-shop' } });
  await expect(world.settle(store)).rejects.toThrow(/the prefix taken-shop belongs to another user pool/);
  expect(domains()).toEqual(before);
});

test('two stores share one reading of the pools, and never each other’s pool', async () => {
  const world = new VirtualWorld();
  const first = world.add(minimal, signingIn());
  const second = world.add('examples/gitops/tenants/bakery/bread.yaml', signingIn());
  await world.settle(first);
  await world.settle(second);
  expect(world.idOf(first, 'identity/pool')).not.toBe(world.idOf(second, 'identity/pool'));
  await world.remove(second);
  expect(world.existing('cognito/user-pool').map(({ id }) => id)).toEqual([world.idOf(first, 'identity/pool')]);
});

test('a path that asks for sign-in, given together with another prefix, waits for the prefix and asks soon', async () => {
  const world = new VirtualWorld();
  const identity = (domainPrefix: string, protectedPaths: string[]) => signingIn({ domainPrefix, protectedPaths });
  const store = world.add(minimal, identity('first', ['/a']));
  await world.settle(store);
  store.spec = withDefaults(identity('second', ['/a', '/b'])(store.spec));
  const [began, stalls] = [world.clock.now(), new Set<string>()];
  await world.settle(store, async (...given) => {
    const verdict = await reconcile(...given);
    for (const { node, standing } of verdict.nodes) if (standing === 'stalled') stalls.add(node);
    return verdict;
  });
  expect([...stalls]).toEqual([]);
  const asked = world.ledger.calls().filter(({ at, operation }) => at >= began && operation === 'CreateRule');
  expect(Math.max(...asked.map(({ at }) => at)) - began).toBeLessThan(30_000);
});
