import { describe, expect, test } from 'vitest';
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
