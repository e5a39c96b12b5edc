import { describe, expect, test } from 'vitest';
import { instanceProfile } from '../../../operator/resources/iam/instance-profile.ts';
import { role } from '../../../operator/resources/iam/role.ts';
import { Court, laws } from '../laws.ts';

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const allow = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const sample = {
  description: 'Instances of a store',
  trustPolicy: trust('ec2.amazonaws.com'),
  inlinePolicies: { logs: allow('logs:PutLogEvents') },
  managedPolicyArns: [] as string[],
  permissionsBoundaryArn: null as string | null,
};

const makeRole = async (court: Court, RoleName: string): Promise<void> =>
  void (await court.other('iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify(trust('ec2.amazonaws.com')),
  }));

laws(role, {
  ground: async () => sample,
  live: {
    description: () => 'Other words',
    trustPolicy: () => trust('vpc-flow-logs.amazonaws.com'),
    inlinePolicies: () => ({ parameters: allow('ssm:GetParameter') }),
    permissionsBoundaryArn: () => readOnly,
  },
  writes: { inlinePolicies: 2 },
  fixed: {},
  // Nothing of ours attaches one; what a stranger attaches is below.
  notDrifted: ['managedPolicyArns'],
  foreign: (court) => makeRole(court, court.birth().name),
});

laws(instanceProfile, {
  ground: async (court) => {
    await makeRole(court, 'first');
    await makeRole(court, 'second');
    return { roleName: 'first' };
  },
  live: { roleName: () => 'second' },
  writes: { roleName: 2 },
  fixed: {},
});

describe('quirks of roles', () => {
  test('a policy that a stranger attached or wrote is taken away', async () => {
    const court = new Court(role);
    const { outputs } = (await court.settle(sample)) as { outputs: { roleName?: string } };
    const RoleName = outputs.roleName;
    await court.other('iam', 'AttachRolePolicy', { RoleName, PolicyArn: readOnly });
    await court.other('iam', 'PutRolePolicy', {
      RoleName,
      PolicyName: 'more',
      PolicyDocument: JSON.stringify(allow('s3:*')),
    });
    expect((await court.settle(sample)).props).toMatchObject({
      managedPolicyArns: [],
      inlinePolicies: sample.inlinePolicies,
    });
  });

  test('a document that AWS spells in another way is no difference', async () => {
    const court = new Court(role);
    const found = await court.settle(sample);
    const spelt = {
      ...sample.trustPolicy,
      Statement: [{ ...sample.trustPolicy.Statement[0], Action: ['sts:AssumeRole'] }],
    };
    expect(court.decide({ ...sample, trustPolicy: spelt }, found)).toEqual({ do: 'nothing' });
  });

  test('a role with everything on it is deleted all the same', async () => {
    const court = new Court(role);
    const { roleName: RoleName } = (await court.settle(sample)).outputs as { roleName: string };
    await court.other('iam', 'AttachRolePolicy', { RoleName, PolicyArn: readOnly });
    const [found] = await court.own(sample);
    expect(found?.props).toMatchObject({ managedPolicyArns: [readOnly] });
    await role.delete(court.aws, found as never);
    expect(await court.own(sample)).toEqual([]);
  });

  test('a role to which somebody gave more since the last look is deleted all the same', async () => {
    const court = new Court(role);
    const found = await court.settle(sample);
    const { roleName: RoleName } = found.outputs as { roleName: string };
    await court.other('iam', 'AttachRolePolicy', { RoleName, PolicyArn: readOnly });
    await role.delete(court.aws, found as never);
    expect(await court.own(sample)).toEqual([]);
  });
});
