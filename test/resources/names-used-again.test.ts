import { describe, expect, test } from 'vitest';
import type { Fault } from '../../operator/model/faults.ts';
import type { AnyResourceType } from '../../operator/model/resource-type.ts';
import { alarm } from '../../operator/resources/cloudwatch/alarm.ts';
import { dashboard } from '../../operator/resources/cloudwatch/dashboard.ts';
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
  test('goes with all others of its store in a few calls, and what is not its store’s by now stays', async () => {
    const court = new Court(parameter);
    const names = Array.from({ length: 12 }, (_, at) => `/ecom/shops/acme/p${at}`);
    const found: unknown[] = [];
    for (const name of names) found.push(await parameter.create(court.aws, { ...wanted, name }, court.birth()));
    const [theirs = '', gone = ''] = names;
    for (const name of [theirs, gone]) await court.other('ssm', 'DeleteParameter', { Name: name });
    await court.other('ssm', 'PutParameter', { Name: theirs, Type: 'String', Value: 'theirs' });
    const before = court.cloud.writes().length;
    const kept = (await parameter.deleteAll?.(court.aws, found as never)) ?? new Map<string, Fault>();
    expect([...kept].map(([id, { kind }]) => [id, kind])).toEqual([[theirs, 'refused']]);
    expect(court.cloud.writes().slice(before)).toHaveLength(2);
    expect((await court.list(wanted)).map(({ id }) => id)).toEqual([theirs]);
  });

  test('that no list tells yet goes as well', async () => {
    const court = new Court(parameter);
    court.simulated.world.readLagMillis = 20_000;
    const found = await parameter.create(court.aws, wanted, court.birth());
    expect((await parameter.deleteAll?.(court.aws, [found]))?.size).toBe(0);
    court.clock.advance(60_000);
    expect(await court.list(wanted)).toEqual([]);
  });

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

describe('what CloudWatch knows by name only', () => {
  const text = { type: 'text', x: 0, y: 0, width: 6, height: 2, properties: { markdown: '# acme' } } as const;
  const cpu = { namespace: 'AWS/RDS', name: 'CPU', dimensions: {}, statistic: 'Average', periodSeconds: 60 };
  const ring = {
    ...{ title: 'ecom/shops/acme/cpu', description: '', expression: 'value', metrics: { value: cpu } },
    ...{ comparison: 'GreaterThanThreshold', threshold: 80, periods: 1, datapoints: 1, missingData: 'missing' },
    ...{ ignoresFewSamples: false, actionsEnabled: true, alarmActions: [], okActions: [], noDataActions: [] },
  };
  const theirs = {
    ...{ MetricName: 'CPU', Namespace: 'Theirs', Statistic: 'Average', Period: 60, Threshold: 1 },
    ...{ EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanThreshold' },
  };
  const replaced = async (type: AnyResourceType, wanted: object) => {
    const court = new Court(type);
    const found = (await court.settle(wanted)) as never as { id: string };
    if (type.name === alarm.name) {
      await court.other('cloudwatch', 'DeleteAlarms', { AlarmNames: [found.id] });
      await court.other('cloudwatch', 'PutMetricAlarm', { AlarmName: found.id, ...theirs });
    } else {
      await court.other('cloudwatch', 'DeleteDashboards', { DashboardNames: [found.id] });
      const DashboardBody = JSON.stringify({ widgets: [text, text] });
      await court.other('cloudwatch', 'PutDashboard', { DashboardName: found.id, DashboardBody });
    }
    return { court, found };
  };

  test.each([
    ['an alarm', alarm as AnyResourceType, ring],
    ['a dashboard', dashboard as AnyResourceType, { widgets: [text] }],
  ])('%s that somebody made anew under our name is neither overwritten nor deleted', async (_what, type, wanted) => {
    const { court, found } = await replaced(type, wanted);
    const before = court.cloud.writes().length;
    const update = type.update(court.aws, found as never, wanted, new Set(['widgets']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    await expect(type.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'refused' });
    expect(court.writesSince(before)).toEqual([]);
  });

  test('an alarm that is gone is not made anew by an update, which could not tag it', async () => {
    const court = new Court(alarm);
    const found = (await court.settle(ring)) as never as { id: string };
    await court.other('cloudwatch', 'DeleteAlarms', { AlarmNames: [found.id] });
    const update = alarm.update(court.aws, found as never, ring as never, new Set(['threshold']));
    await expect(update).rejects.toMatchObject({ kind: 'absent' });
    expect(await court.list(ring)).toEqual([]);
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
