import { describe, expect, test } from 'vitest';
import { userPool, type UserPoolProps } from '../../../operator/resources/cognito/user-pool.ts';
import { userPoolClient, type UserPoolClientProps } from '../../../operator/resources/cognito/user-pool-client.ts';
import { signUp } from '../../../simulator/aws/cognito/members.ts';
import { Court, laws, owner, region } from '../laws.ts';

const pool: UserPoolProps = {
  passwords: { minimumLength: 12, lowercase: true, uppercase: true, numbers: true, symbols: true, temporaryDays: 7 },
  mfa: 'OPTIONAL',
  plan: { tier: 'ESSENTIALS', threatProtection: 'OFF' },
  deletionProtection: true,
  verifiesEmail: true,
  recoversByEmail: true,
  adminCreatesOnly: false,
  signInWith: ['email'],
  requiredAttributes: ['email'],
  groups: ['admin', 'customer'],
  domain: 'acme-shop',
};

laws(userPool, {
  ground: () => Promise.resolve(pool),
  live: {
    passwords: ({ passwords }) => ({ ...passwords, minimumLength: 16, symbols: false }),
    mfa: () => 'ON' as const,
    plan: () => ({ tier: 'PLUS', threatProtection: 'ENFORCED' }) as const,
    deletionProtection: () => false,
    verifiesEmail: () => false,
    recoversByEmail: () => false,
    adminCreatesOnly: () => true,
    groups: ({ groups }) => [...groups, 'merchant'].sort(),
    domain: () => 'acme-store',
  },
  fixed: { signInWith: ['phone_number'], requiredAttributes: ['email', 'name'] },
  writes: { domain: 2 },
});

const groundOfClient = async (court: Court): Promise<UserPoolClientProps> => {
  const made = await userPool.create(court.aws, pool, { ...court.birth(), owner });
  return {
    userPoolId: made.id,
    confidential: true,
    callbackUrls: ['https://shop.test/oauth2/idpresponse'],
    signOutUrls: ['https://shop.test/'],
    flows: ['code'],
    scopes: ['email', 'openid', 'profile'],
    identityProviders: ['COGNITO'],
    authFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'],
    hidesUsers: true,
    revocable: true,
  };
};

laws(userPoolClient, {
  ground: groundOfClient,
  live: {
    callbackUrls: ({ callbackUrls }) => [...callbackUrls, 'https://www.shop.test/oauth2/idpresponse'],
    signOutUrls: () => ['https://shop.test/bye'],
    flows: () => ['code', 'implicit'],
    scopes: () => ['openid'],
    identityProviders: () => [],
    authFlows: () => ['ALLOW_REFRESH_TOKEN_AUTH'],
    hidesUsers: () => false,
    revocable: () => false,
  },
  fixed: { userPoolId: 'eu-central-1_other', confidential: false },
});

describe('user pools', () => {
  test('a change keeps what somebody else has set', async () => {
    const court = new Court(userPool);
    const { id } = await court.settle(pool);
    const LambdaConfig = { PreSignUp: `arn:aws:lambda:${region}:111122223333:function:greet` };
    const described = async () =>
      (await court.other<{ UserPool: Record<string, unknown> }>('cognito-idp', 'DescribeUserPool', { UserPoolId: id }))
        .UserPool;
    const { Policies, UserPoolTags, DeletionProtection, AutoVerifiedAttributes, AccountRecoverySetting } =
      await described();
    const kept = { Policies, UserPoolTags, DeletionProtection, AutoVerifiedAttributes, AccountRecoverySetting };
    await court.other('cognito-idp', 'UpdateUserPool', {
      UserPoolId: id,
      ...kept,
      LambdaConfig,
      MfaConfiguration: 'OPTIONAL',
    });
    await court.settle({ ...pool, adminCreatesOnly: true });
    expect(await described()).toMatchObject({ LambdaConfig, UserPoolTags, MfaConfiguration: 'OPTIONAL' });
  });

  test('e-mail that a person has SES send is no drift, and stays through every change', async () => {
    const court = new Court(userPool);
    const { id: UserPoolId } = await court.settle(pool);
    const EmailConfiguration = {
      EmailSendingAccount: 'DEVELOPER',
      SourceArn: `arn:aws:ses:${region}:111122223333:identity/shop.example.com`,
      From: 'Acme <hello@shop.example.com>',
    };
    const described = async () =>
      (await court.other<{ UserPool: Record<string, unknown> }>('cognito-idp', 'DescribeUserPool', { UserPoolId }))
        .UserPool;
    const { Policies, UserPoolTags, DeletionProtection, AutoVerifiedAttributes, ...rest } = await described();
    const { AccountRecoverySetting, MfaConfiguration, UserPoolAddOns, UserPoolTier } = rest;
    await court.other('cognito-idp', 'UpdateUserPool', {
      ...{ UserPoolId, Policies, UserPoolTags, DeletionProtection, AutoVerifiedAttributes, EmailConfiguration },
      ...{ AccountRecoverySetting, MfaConfiguration, UserPoolAddOns, UserPoolTier },
    });
    const before = court.cloud.writes().length;
    await court.settle(pool);
    expect(court.writesSince(before)).toEqual([]);
    await court.settle({
      ...pool,
      ...{ mfa: 'ON', plan: { tier: 'PLUS', threatProtection: 'AUDIT' }, adminCreatesOnly: true, verifiesEmail: false },
      ...{ groups: ['staff'], domain: 'acme-store', deletionProtection: false, recoversByEmail: false },
    });
    expect(await described()).toMatchObject({ EmailConfiguration });
  });

  test('a group of somebody else’s is left alone, with who is in it', async () => {
    const court = new Court(userPool);
    const { id: UserPoolId } = await court.settle(pool);
    await court.other('cognito-idp', 'CreateGroup', { UserPoolId, GroupName: 'wholesale' });
    const before = court.cloud.writes().length;
    await court.settle(pool);
    expect(court.writesSince(before)).toEqual([]);
  });

  test('a second factor by other means than an authenticator is drift', async () => {
    const court = new Court(userPool);
    const { id: UserPoolId } = await court.settle(pool);
    await court.other('cognito-idp', 'SetUserPoolMfaConfig', {
      ...{ UserPoolId, MfaConfiguration: 'OPTIONAL' },
      SoftwareTokenMfaConfiguration: { Enabled: false },
      EmailMfaConfiguration: { Subject: 'your code' },
    });
    const [found] = await court.own(pool);
    expect(court.decide(pool, found)).toEqual({ do: 'update', fields: ['mfa'] });
  });

  test('one that people have given a host name of their own goes all the same', async () => {
    const court = new Court(userPool);
    const { id: UserPoolId } = await court.settle(pool);
    const CustomDomainConfig = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/theirs' };
    // Without dots: those of AWS's own example (auth.example.com) are against the pattern in its service model.
    const input = { UserPoolId, Domain: 'login', CustomDomainConfig };
    await court.other('cognito-idp', 'CreateUserPoolDomain', input);
    await userPool.delete(court.aws, { id: UserPoolId } as never);
    expect(court.simulated.world.ledger.existing({ type: 'cognito/user-pool' })).toEqual([]);
  });

  describe('another prefix for the sign-in pages', () => {
    const wanted = { ...pool, domain: 'wanted-shop' };
    const toldOf = (text: RegExp) => expect.stringMatching(text) as string;
    async function withStranger() {
      const court = new Court(userPool);
      const found = await court.settle(pool);
      const { UserPool } = await court.other<{ UserPool: { Id: string } }>('cognito-idp', 'CreateUserPool', {
        PoolName: 'stranger',
      });
      const theirs = { UserPoolId: UserPool.Id, Domain: wanted.domain };
      await court.other('cognito-idp', 'CreateUserPoolDomain', theirs);
      const change = () => userPool.update(court.aws, found as never, wanted, new Set(['domain'] as const));
      const domain = async () =>
        (
          await court.other<{ UserPool: { Domain?: string } }>('cognito-idp', 'DescribeUserPool', {
            UserPoolId: found.id,
          })
        ).UserPool.Domain;
      return { court, theirs, change, domain };
    }

    test('that is another pool’s is refused before the working one goes', async () => {
      const { court, change, domain } = await withStranger();
      const before = court.cloud.writes().length;
      await expect(change()).rejects.toMatchObject({ kind: 'foreign', message: toldOf(/wanted-shop/) });
      expect(court.writesSince(before)).toEqual([]);
      expect(await domain()).toBe(pool.domain);
    });

    test('that Cognito refuses all the same leaves the pool with the one it had, and the refusal is told', async () => {
      const { court, theirs, change, domain } = await withStranger();
      await court.other('cognito-idp', 'DeleteUserPoolDomain', theirs);
      await expect(change()).rejects.toMatchObject({ kind: 'foreign', message: toldOf(/already associated/) });
      expect(await domain()).toBe(pool.domain);
    });
  });

  test('it is empty until somebody signs up', async () => {
    const court = new Court(userPool);
    const found = (await court.settle(pool)) as never;
    expect(await userPool.data?.isEmpty?.(court.aws, found)).toBe(true);
    signUp(court.simulated.world, region, (found as { id: string }).id, 'jane');
    expect(await userPool.data?.isEmpty?.(court.aws, found)).toBe(false);
  });

  test('tags are written beside those it has, and taken away', async () => {
    const court = new Court(userPool);
    const found = await court.settle(pool);
    const tags = async () =>
      (
        await court.other<{ UserPool: { UserPoolTags: object } }>('cognito-idp', 'DescribeUserPool', {
          UserPoolId: found.id,
        })
      ).UserPool.UserPoolTags;
    const before = await tags();
    await userPool.retag?.(court.aws, found as never, { 'ecom.io/retained': 'true' });
    expect(await tags()).toEqual({ ...before, 'ecom.io/retained': 'true' });
    await userPool.retag?.(court.aws, found as never, { 'ecom.io/retained': null });
    expect(await tags()).toEqual(before);
  });
});

describe('clients', () => {
  test('the secret is nowhere in what is found', async () => {
    const court = new Court(userPoolClient);
    const props = await groundOfClient(court);
    const made = await userPoolClient.create(court.aws, props, court.birth());
    const { UserPoolClient } = await court.other<{ UserPoolClient: { ClientSecret: string } }>(
      'cognito-idp',
      'DescribeUserPoolClient',
      { UserPoolId: props.userPoolId, ClientId: made.id },
    );
    expect(UserPoolClient.ClientSecret).toMatch(/./);
    const everything = JSON.stringify([made, await court.list(props), await court.own(props)]);
    expect(everything).not.toContain(UserPoolClient.ClientSecret);
  });

  test('one without our name, or of another store, is foreign', async () => {
    const court = new Court(userPoolClient);
    const props = await groundOfClient(court);
    const make = (ClientName: string) =>
      court.other('cognito-idp', 'CreateUserPoolClient', { UserPoolId: props.userPoolId, ClientName });
    await make('mobile app');
    await make('ecom.io 0c8a4d9e-0000-4000-8000-000000000002 law.subject');
    expect((await court.list(props)).map((found) => found.owner)).toEqual([undefined, undefined]);
  });

  test('there are none below a pool that is gone', async () => {
    const court = new Court(userPoolClient);
    const props = await groundOfClient(court);
    await court.settle(props);
    await userPool.delete(court.aws, { id: props.userPoolId } as never);
    expect(await court.list(props)).toEqual([]);
  });
});
