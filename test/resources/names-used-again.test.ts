import { describe, expect, test } from 'vitest';
import { instanceProfile } from '../../operator/resources/iam/instance-profile.ts';
import { role } from '../../operator/resources/iam/role.ts';
import { logGroup } from '../../operator/resources/logs/group.ts';
import { parameter } from '../../operator/resources/ssm/parameter.ts';
import { Court } from './laws.ts';

const Name = '/ecom/shops/acme/host';
const wanted = { name: Name, value: 'shop.example.com', description: 'Host name of the store' };

/** Our parameter, which somebody has removed and made anew since we looked. */
async function replacedParameter() {
  const court = new Court(parameter);
  const found = (await court.settle(wanted)) as never;
  await court.other('ssm', 'DeleteParameter', { Name });
  await court.other('ssm', 'PutParameter', { Name, Type: 'String', Value: 'theirs' });
  const value = async () => {
    const { Parameter } = await court.other<{ Parameter: { Value: string } }>('ssm', 'GetParameter', { Name });
    return Parameter.Value;
  };
  return { court, found, value };
}

describe('a parameter that somebody made anew under our name', () => {
  test('is not overwritten', async () => {
    const { court, found, value } = await replacedParameter();
    const update = parameter.update(court.aws, found, wanted, new Set(['value']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    expect(await value()).toBe('theirs');
  });

  test('is not deleted, and that is said', async () => {
    const { court, found, value } = await replacedParameter();
    await expect(parameter.delete(court.aws, found)).rejects.toMatchObject({ kind: 'refused' });
    expect(await value()).toBe('theirs');
  });
});

describe('a parameter', () => {
  test('that is gone is not made anew by an update, which could not tag it', async () => {
    const court = new Court(parameter);
    const found = (await court.settle(wanted)) as never;
    await court.other('ssm', 'DeleteParameter', { Name });
    const update = parameter.update(court.aws, found, wanted, new Set(['value']));
    await expect(update).rejects.toMatchObject({ kind: 'absent' });
    expect(await court.list(wanted)).toEqual([]);
  });

  test('keeps its description when its value changes', async () => {
    const court = new Court(parameter);
    await court.settle(wanted);
    await court.settle({ ...wanted, value: 'other' });
    const answer = await court.other('ssm', 'DescribeParameters', {});
    expect(answer).toMatchObject({ Parameters: [{ Description: wanted.description }] });
  });
});

describe('a log group that somebody made anew under our name', () => {
  const group = { name: '/ecom/shops/acme/app', retentionDays: 30 };
  const replacedGroup = async () => {
    const court = new Court(logGroup);
    const found = (await court.settle(group)) as never;
    await court.other('logs', 'DeleteLogGroup', { logGroupName: group.name });
    await court.other('logs', 'CreateLogGroup', { logGroupName: group.name });
    return { court, found };
  };

  test('keeps its logs for as long as they say', async () => {
    const { court, found } = await replacedGroup();
    const update = logGroup.update(court.aws, found, group, new Set(['retentionDays']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    expect((await court.list(group))[0]?.props).toMatchObject({ retentionDays: undefined });
  });

  test('is not deleted, and that is said', async () => {
    const { court, found } = await replacedGroup();
    await expect(logGroup.delete(court.aws, found)).rejects.toMatchObject({ kind: 'refused' });
    expect(await court.list(group)).toHaveLength(1);
  });
});

describe('what IAM knows by name only', () => {
  const trust = (Service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
  const AssumeRolePolicyDocument = JSON.stringify(trust('ec2.amazonaws.com'));

  test('a role that somebody made anew under our name is not deleted', async () => {
    const court = new Court(role);
    const wanted = {
      description: 'Instances',
      trustPolicy: trust('ec2.amazonaws.com'),
      inlinePolicies: {},
      managedPolicyArns: [],
      permissionsBoundaryArn: null,
    };
    const found = (await court.settle(wanted)) as never;
    const RoleName = court.birth().name;
    await court.other('iam', 'DeleteRole', { RoleName });
    await court.other('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
    await role.delete(court.aws, found);
    expect(await court.other('iam', 'GetRole', { RoleName })).toMatchObject({ Role: { RoleName } });
  });

  test('an instance profile that somebody made anew under our name is not deleted, and keeps its role', async () => {
    const court = new Court(instanceProfile);
    await court.other('iam', 'CreateRole', { RoleName: 'app', AssumeRolePolicyDocument });
    const found = (await court.settle({ roleName: 'app' })) as never;
    const InstanceProfileName = court.birth().name;
    await court.other('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: 'app' });
    await court.other('iam', 'DeleteInstanceProfile', { InstanceProfileName });
    await court.other('iam', 'CreateInstanceProfile', { InstanceProfileName });
    await court.other('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName: 'app' });
    await instanceProfile.delete(court.aws, found);
    expect(await court.other('iam', 'GetInstanceProfile', { InstanceProfileName })).toMatchObject({
      InstanceProfile: { Roles: [{ RoleName: 'app' }] },
    });
  });

  test('an instance profile that was given another role since the last look is deleted all the same', async () => {
    const court = new Court(instanceProfile);
    for (const RoleName of ['app', 'other'])
      await court.other('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
    const found = (await court.settle({ roleName: 'app' })) as never;
    const InstanceProfileName = court.birth().name;
    await court.other('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: 'app' });
    await court.other('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName: 'other' });
    await instanceProfile.delete(court.aws, found);
    expect(await court.list({})).toEqual([]);
  });
});
