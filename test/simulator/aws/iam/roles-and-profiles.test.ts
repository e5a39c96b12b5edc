import { beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { goodImage, makeNetwork } from '../../../support/simulated-network.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
const iam = (operation: string, input: object) => callsTo(aws, 'iam')(operation, input as never) as Promise<object>;

const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const trust = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const readLogs = { Effect: 'Allow', Action: 'logs:Get*', Resource: '*' };
const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
const makeRole = (RoleName: string, more: object = {}) =>
  iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust, ...more });

beforeEach(() => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
});

describe('a role', () => {
  test('tells its documents URL-encoded, and tags and boundary only when it is asked for alone', async () => {
    const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess';
    await makeRole('app', { Path: '/ecom/one/', Tags: [{ Key: 'a', Value: 'b' }], PermissionsBoundary: boundary });
    const told = {
      RoleName: 'app',
      Arn: `arn:aws:iam::${aws.world.account}:role/ecom/one/app`,
      AssumeRolePolicyDocument: encodeURIComponent(trust),
    };
    expect(await iam('GetRole', { RoleName: 'app' })).toMatchObject({
      Role: { ...told, Tags: [{ Key: 'a', Value: 'b' }], PermissionsBoundary: { PermissionsBoundaryArn: boundary } },
    });
    const { Roles } = (await iam('ListRoles', { PathPrefix: '/ecom/' })) as { Roles: object[] };
    expect(Roles).toMatchObject([told]);
    expect(Roles[0]).not.toHaveProperty('Tags');
    expect(Roles[0]).not.toHaveProperty('PermissionsBoundary');
  });

  test('is the same in all regions, and listed by path, page by page', async () => {
    for (const name of ['b', 'a', 'c']) await makeRole(name, { Path: '/ecom/one/' });
    await makeRole('other', { Path: '/elsewhere/' });
    const elsewhere = callsTo(aws, 'iam', 'us-west-2');
    const names: string[] = [];
    let Marker: string | undefined;
    do {
      const page = (await elsewhere('ListRoles', { PathPrefix: '/ecom/one/', MaxItems: 2, Marker } as never)) as {
        Roles: { RoleName: string }[];
        Marker?: string;
      };
      names.push(...page.Roles.map(({ RoleName }) => RoleName));
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  test('that is new is not listed at once where lists lag', async () => {
    aws.world.readLagMillis = 5_000;
    clock.advance(10_000);
    await makeRole('app');
    expect(await iam('ListRoles', {})).toMatchObject({ Roles: [] });
    clock.advance(5_000);
    expect(await iam('ListRoles', {})).toMatchObject({ Roles: [{ RoleName: 'app' }] });
  });

  test('has a name of its own, whatever its path', async () => {
    await makeRole('app', { Path: '/one/' });
    await expect(makeRole('app', { Path: '/two/' })).rejects.toMatchObject({
      code: 'EntityAlreadyExists',
      status: 409,
    });
  });

  test('goes only when it is bare', async () => {
    await makeRole('app');
    await iam('AttachRolePolicy', { RoleName: 'app', PolicyArn });
    await iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'logs', PolicyDocument: policy(readLogs) });
    await iam('CreateInstanceProfile', { InstanceProfileName: 'app' });
    await iam('AddRoleToInstanceProfile', { InstanceProfileName: 'app', RoleName: 'app' });
    const undo: [string, object][] = [
      ['RemoveRoleFromInstanceProfile', { InstanceProfileName: 'app', RoleName: 'app' }],
      ['DetachRolePolicy', { RoleName: 'app', PolicyArn }],
      ['DeleteRolePolicy', { RoleName: 'app', PolicyName: 'logs' }],
    ];
    for (const [operation, input] of undo) {
      await expect(iam('DeleteRole', { RoleName: 'app' })).rejects.toMatchObject({
        code: 'DeleteConflict',
        status: 409,
      });
      await iam(operation, input);
    }
    await iam('DeleteRole', { RoleName: 'app' });
    await expect(iam('GetRole', { RoleName: 'app' })).rejects.toMatchObject({ code: 'NoSuchEntity', status: 404 });
  });

  test.each([
    ['no JSON', '{'],
    ['no statement', JSON.stringify({ Version: '2012-10-17' })],
    ['a version that is none', JSON.stringify({ Version: '2024-01-01', Statement: [readLogs] })],
    ['no effect', policy({ ...readLogs, Effect: undefined })],
    ['a principal', policy({ ...readLogs, Principal: '*' })],
    ['no resource', policy({ ...readLogs, Resource: undefined })],
    ['a resource that is no ARN', policy({ ...readLogs, Resource: 'log-group' })],
    ['an action of no service', policy({ ...readLogs, Action: 'GetLogEvents' })],
  ])('takes no policy with %s', async (_what, PolicyDocument) => {
    await makeRole('app');
    const put = iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'wrong', PolicyDocument });
    await expect(put).rejects.toMatchObject({ code: 'MalformedPolicyDocument' });
  });

  test.each([
    ['no principal', { Effect: 'Allow', Action: 'sts:AssumeRole' }],
    ['a resource', { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Resource: '*' }],
    ['an action of another service', { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject' }],
  ])('is trusted by no document with %s', async (_what, statement) => {
    await expect(makeRole('app', { AssumeRolePolicyDocument: policy(statement) })).rejects.toMatchObject({
      code: 'MalformedPolicyDocument',
    });
  });

  test('holds 10,240 characters of inline policies in all, white space aside', async () => {
    await makeRole('app');
    const put = (PolicyName: string, length: number) =>
      iam('PutRolePolicy', {
        RoleName: 'app',
        PolicyName,
        PolicyDocument: policy({ ...readLogs, Resource: `arn:aws:logs:*:*:${'x'.repeat(length)}` }).replace(
          /,/g,
          ',  ',
        ),
      });
    await put('one', 9_000);
    await expect(put('two', 2_000)).rejects.toMatchObject({ code: 'LimitExceeded', status: 409 });
    await put('one', 500);
    await put('two', 2_000);
  });

  test('is attached to policies that exist, ten of them', async () => {
    await makeRole('app');
    const attach = (arn: string) => iam('AttachRolePolicy', { RoleName: 'app', PolicyArn: arn });
    await expect(attach('arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCor')).rejects.toMatchObject({
      code: 'NoSuchEntity',
    });
    const arnOf = (name: string) => `arn:aws:iam::${aws.world.account}:policy/${name}`;
    for (let i = 0; i < 11; i++) await iam('CreatePolicy', { PolicyName: `p${i}`, PolicyDocument: policy(readLogs) });
    for (let i = 0; i < 10; i++) await attach(arnOf(`p${i}`));
    await attach(arnOf('p0'));
    await expect(attach(arnOf('p10'))).rejects.toMatchObject({ code: 'LimitExceeded' });
    await expect(iam('DeletePolicy', { PolicyArn: arnOf('p0') })).rejects.toMatchObject({ code: 'DeleteConflict' });
    await iam('DeletePolicy', { PolicyArn: arnOf('p10') });
  });
});

describe('an instance profile', () => {
  test('holds one role', async () => {
    await makeRole('one');
    await makeRole('two');
    await iam('CreateInstanceProfile', { InstanceProfileName: 'app' });
    const add = (RoleName: string) => iam('AddRoleToInstanceProfile', { InstanceProfileName: 'app', RoleName });
    await add('one');
    await expect(add('two')).rejects.toMatchObject({ code: 'LimitExceeded' });
    expect(await iam('ListInstanceProfilesForRole', { RoleName: 'one' })).toMatchObject({
      InstanceProfiles: [{ InstanceProfileName: 'app', Roles: [{ RoleName: 'one' }] }],
    });
    await expect(iam('DeleteInstanceProfile', { InstanceProfileName: 'app' })).rejects.toMatchObject({
      code: 'DeleteConflict',
    });
  });

  test('is not known to EC2 for some seconds', async () => {
    const { subnetIds } = await makeNetwork(aws);
    await makeRole('app');
    await iam('CreateInstanceProfile', { InstanceProfileName: 'app' });
    await iam('AddRoleToInstanceProfile', { InstanceProfileName: 'app', RoleName: 'app' });
    const run = () =>
      callsTo(aws, 'ec2')('RunInstances', {
        ImageId: goodImage,
        InstanceType: 'm4.large',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnetIds[0],
        IamInstanceProfile: { Name: 'app' },
      } as never);
    await expect(run()).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringContaining('Invalid IAM Instance Profile name') as string,
    });
    clock.advance(30_000);
    expect(await run()).toMatchObject({ Instances: [{ State: { Name: 'pending' } }] });
  });
});
