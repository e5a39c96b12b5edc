import { beforeEach, expect, test } from 'vitest';
import { signUp } from '../../../../simulator/aws/cognito/members.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

interface Told {
  readonly Id: string;
  readonly Arn: string;
  readonly Domain?: string;
  readonly MfaConfiguration: string;
  readonly DeletionProtection: string;
  readonly Policies: object;
  readonly AdminCreateUserConfig: { readonly AllowAdminCreateUserOnly: boolean };
}

/** The members of answers that are looked at here. */
interface Answer {
  readonly UserPool: Told;
  readonly UserPoolClient: { readonly ClientId: string };
  readonly Groups: readonly object[];
  readonly [list: string]: unknown;
}

let clock: VirtualClock;
let aws: SimulatedAws;
let UserPoolId: string;
const cognito = (operation: string, input: object = {}) =>
  callsTo(aws, 'cognito-idp')(operation, input as never) as Promise<unknown> as Promise<Answer>;
const refused = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message) as string,
});
const pool = async (): Promise<Told> => (await cognito('DescribeUserPool', { UserPoolId })).UserPool;

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  UserPoolId = (await cognito('CreateUserPool', { PoolName: 'shop', UserPoolTags: { a: 'b' } })).UserPool.Id;
});

test('an update resets whatever it leaves out', async () => {
  const AdminCreateUserConfig = { AllowAdminCreateUserOnly: true };
  await cognito('UpdateUserPool', { UserPoolId, AdminCreateUserConfig, DeletionProtection: 'ACTIVE' });
  expect(await pool()).toMatchObject({ AdminCreateUserConfig, DeletionProtection: 'ACTIVE' });
  await cognito('UpdateUserPool', { UserPoolId, AutoVerifiedAttributes: ['email'] });
  expect(await pool()).toMatchObject({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
    DeletionProtection: 'INACTIVE',
  });
});

test('a standard attribute is told with its limits, and with what the pool asks of it', async () => {
  const Schema = [{ Name: 'email', AttributeDataType: 'String', Required: true }];
  const { UserPool } = await cognito('CreateUserPool', { PoolName: 'strict', Schema });
  const { SchemaAttributes } = UserPool as unknown as { SchemaAttributes: { Name: string }[] };
  const attribute = (name: string) => SchemaAttributes.find(({ Name }) => Name === name);
  const anyText = { MinLength: '0', MaxLength: '2048' };
  expect(attribute('email')).toMatchObject({ Required: true, Mutable: true, StringAttributeConstraints: anyText });
  expect(attribute('sub')).toMatchObject({ Required: true, Mutable: false });
  expect(attribute('updated_at')).toMatchObject({ NumberAttributeConstraints: { MinValue: '0' } });
});

test("a pool's domain is described, without a certificate that only domains of the user's own have", async () => {
  await cognito('CreateUserPoolDomain', { UserPoolId, Domain: 'acme-shop' });
  const { DomainDescription } = await cognito('DescribeUserPoolDomain', { Domain: 'acme-shop' });
  expect(DomainDescription).toMatchObject({ UserPoolId, Status: 'ACTIVE' });
  expect(await cognito('DescribeUserPoolDomain', { Domain: 'nobodys' })).toEqual({ DomainDescription: {} });
});

test('what was read cannot be sent back as it is: the old and the new period of passwords exclude each other', async () => {
  const { Policies, AdminCreateUserConfig } = await pool();
  await expect(cognito('UpdateUserPool', { UserPoolId, Policies, AdminCreateUserConfig })).rejects.toMatchObject(
    refused('InvalidParameterException', /TemporaryPasswordValidityDays/),
  );
});

test('threat protection belongs to the Plus plan', async () => {
  const UserPoolAddOns = { AdvancedSecurityMode: 'ENFORCED' };
  await expect(cognito('UpdateUserPool', { UserPoolId, UserPoolAddOns })).rejects.toMatchObject({
    code: 'FeatureUnavailableInTierException',
  });
  await cognito('UpdateUserPool', { UserPoolId, UserPoolAddOns, UserPoolTier: 'PLUS' });
});

test('nobody is asked for a second factor that no pool has', async () => {
  const mfa = (input: object) => cognito('SetUserPoolMfaConfig', { UserPoolId, ...input });
  await expect(cognito('UpdateUserPool', { UserPoolId, MfaConfiguration: 'OPTIONAL' })).rejects.toMatchObject(
    refused('InvalidParameterException', /SMS configuration/),
  );
  await expect(mfa({ MfaConfiguration: 'ON' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await mfa({ MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } });
  expect((await pool()).MfaConfiguration).toBe('ON');
  await cognito('UpdateUserPool', { UserPoolId, MfaConfiguration: 'ON' });
  await expect(
    mfa({ MfaConfiguration: 'OFF', SoftwareTokenMfaConfiguration: { Enabled: true } }),
  ).rejects.toMatchObject(refused('InvalidParameterException', /can't turn off MFA/));
  await mfa({ MfaConfiguration: 'OFF' });
  expect(await cognito('GetUserPoolMfaConfig', { UserPoolId })).toEqual({ MfaConfiguration: 'OFF' });
});

test('a pool goes after its protection and its domain, and takes clients, groups and users along', async () => {
  await cognito('CreateUserPoolDomain', { UserPoolId, Domain: 'shop' });
  await cognito('CreateGroup', { UserPoolId, GroupName: 'admin' });
  await cognito('CreateUserPoolClient', { UserPoolId, ClientName: 'web' });
  signUp(aws.world, 'eu-central-1', UserPoolId, 'jane');
  await cognito('UpdateUserPool', { UserPoolId, DeletionProtection: 'ACTIVE' });
  const remove = () => cognito('DeleteUserPool', { UserPoolId });
  await expect(remove()).rejects.toMatchObject(refused('InvalidParameterException', /protection is activated/));
  await cognito('UpdateUserPool', { UserPoolId, DeletionProtection: 'INACTIVE' });
  await expect(remove()).rejects.toMatchObject(refused('InvalidParameterException', /domain configured that should/));
  await cognito('DeleteUserPoolDomain', { UserPoolId, Domain: 'shop' });
  await remove();
  expect(aws.world.ledger.existing()).toEqual([]);
  await expect(remove()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('a domain is one pool’s, and not to be had by another at once when it is deleted', async () => {
  const domain = (of: string, Domain: string) => cognito('CreateUserPoolDomain', { UserPoolId: of, Domain });
  const { UserPool: other } = await cognito('CreateUserPool', { PoolName: 'other' });
  await domain(UserPoolId, 'shop');
  expect((await pool()).Domain).toBe('shop');
  const taken = refused('InvalidParameterException', /already associated/);
  await expect(domain(other.Id, 'shop')).rejects.toMatchObject(taken);
  await expect(domain(UserPoolId, 'second')).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await expect(domain(other.Id, 'my-cognito')).rejects.toMatchObject(refused('InvalidParameterException', /reserved/));
  await cognito('DeleteUserPoolDomain', { UserPoolId, Domain: 'shop' });
  expect(await cognito('DescribeUserPoolDomain', { Domain: 'shop' })).toEqual({ DomainDescription: {} });
  await expect(domain(other.Id, 'shop')).rejects.toMatchObject(taken);
  await domain(UserPoolId, 'shop');
  await cognito('DeleteUserPoolDomain', { UserPoolId, Domain: 'shop' });
  clock.advance(60_000);
  await domain(other.Id, 'shop');
});

test('a client tells its secret, and an update resets whatever it leaves out', async () => {
  const flow = { AllowedOAuthFlows: ['code'], AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: ['openid'] };
  const make = (input: object) => cognito('CreateUserPoolClient', { UserPoolId, ClientName: 'web', ...input });
  await expect(make(flow)).rejects.toMatchObject({ code: 'InvalidOAuthFlowException' });
  const CallbackURLs = ['https://shop.test/oauth2/idpresponse'];
  const { UserPoolClient: made } = await make({ ...flow, CallbackURLs, GenerateSecret: true });
  expect(made).toMatchObject({
    ...flow,
    CallbackURLs,
    ClientSecret: expect.stringMatching(/^[0-9a-f]{51}$/) as string,
  });
  const { UserPoolClient: updated } = await cognito('UpdateUserPoolClient', { UserPoolId, ClientId: made.ClientId });
  expect(updated).toMatchObject({ ClientName: 'web', AllowedOAuthFlowsUserPoolClient: false });
  expect(updated).not.toHaveProperty('CallbackURLs');
  await cognito('DeleteUserPoolClient', { UserPoolId, ClientId: made.ClientId });
  await expect(cognito('DescribeUserPoolClient', { UserPoolId, ClientId: made.ClientId })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
test.each(['CallbackURLs', 'LogoutURLs'])('a client has a hundred %s at the most', async (list) => {
  const make = (length: number) => {
    const urls = Array.from({ length }, (_, n) => `https://shop.test/${n}`);
    return cognito('CreateUserPoolClient', { UserPoolId, ClientName: 'web', [list]: urls });
  };
  await make(100);
  await expect(make(101)).rejects.toMatchObject({ code: 'InvalidParameterException' });
});

const count = (list: unknown): number => (list as readonly object[]).length;

test('pools, clients, groups and users are listed page by page', async () => {
  await cognito('CreateUserPool', { PoolName: 'second' });
  for (const name of ['one', 'two']) {
    await cognito('CreateUserPoolClient', { UserPoolId, ClientName: name });
    await cognito('CreateGroup', { UserPoolId, GroupName: name });
    signUp(aws.world, 'eu-central-1', UserPoolId, name);
  }
  const lists = [
    ['ListUserPools', 'UserPools', 'NextToken', { MaxResults: 1 }],
    ['ListUserPoolClients', 'UserPoolClients', 'NextToken', { UserPoolId, MaxResults: 1 }],
    ['ListGroups', 'Groups', 'NextToken', { UserPoolId, Limit: 1 }],
    ['ListUsers', 'Users', 'PaginationToken', { UserPoolId, Limit: 1 }],
  ] as const;
  for (const [operation, items, token, input] of lists) {
    const first = await cognito(operation, input);
    const second = await cognito(operation, { ...input, [token]: first[token] });
    expect([operation, count(first[items]), count(second[items]), second[token]]).toEqual([operation, 1, 1, undefined]);
  }
  await expect(cognito('ListUserPools', { MaxResults: 61 })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
});

test('lists lag behind, and tags are written and taken away', async () => {
  aws.world.readLagMillis = 5_000;
  clock.advance(10_000);
  await cognito('CreateGroup', { UserPoolId, GroupName: 'admin' });
  expect((await cognito('ListGroups', { UserPoolId })).Groups).toEqual([]);
  await expect(cognito('CreateGroup', { UserPoolId, GroupName: 'admin' })).rejects.toMatchObject({
    code: 'GroupExistsException',
  });
  const { Arn: ResourceArn } = await pool();
  await cognito('TagResource', { ResourceArn, Tags: { c: 'd' } });
  await cognito('UntagResource', { ResourceArn, TagKeys: ['a'] });
  expect(await cognito('ListTagsForResource', { ResourceArn })).toEqual({ Tags: { c: 'd' } });
});
