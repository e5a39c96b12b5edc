import { beforeEach, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

let aws: SimulatedAws;
const logs = (operation: string, input: object) => callsTo(aws, 'logs')(operation, input as never) as Promise<object>;
const make = (logGroupName: string, more: object = {}) => logs('CreateLogGroup', { logGroupName, ...more });
const describeGroups = async (input: object = {}) =>
  (await logs('DescribeLogGroups', input)) as {
    logGroups: { logGroupName: string; arn: string; retentionInDays?: number }[];
    nextToken?: string;
  };

beforeEach(() => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
});

test('a log group is made once, and keeps its logs for ever until it is told otherwise', async () => {
  await make('/ecom/a');
  await expect(make('/ecom/a')).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
  const retention = async () => (await describeGroups()).logGroups[0]?.retentionInDays;
  expect(await retention()).toBeUndefined();
  await logs('PutRetentionPolicy', { logGroupName: '/ecom/a', retentionInDays: 30 });
  expect(await retention()).toBe(30);
  await logs('DeleteRetentionPolicy', { logGroupName: '/ecom/a' });
  expect(await retention()).toBeUndefined();
});

test('retention is one of the periods that AWS has', async () => {
  await make('/ecom/a');
  const retain = (retentionInDays: number) => logs('PutRetentionPolicy', { logGroupName: '/ecom/a', retentionInDays });
  await expect(retain(31)).rejects.toMatchObject({ code: 'InvalidParameterException' });
  for (const days of [1, 7, 30, 365, 3653]) await retain(days);
});

test('groups are listed by a prefix or by a pattern, never by both, page by page', async () => {
  for (const name of ['/ecom/b', '/ecom/a', '/other/ecom']) await make(name);
  const names = async (input: object) =>
    (await describeGroups(input)).logGroups.map(({ logGroupName }) => logGroupName);
  expect(await names({ logGroupNamePrefix: '/ecom/' })).toEqual(['/ecom/a', '/ecom/b']);
  expect(await names({ logGroupNamePattern: 'ECOM' })).toEqual(['/ecom/a', '/ecom/b', '/other/ecom']);
  const both = describeGroups({ logGroupNamePrefix: '/ecom/', logGroupNamePattern: 'a' });
  await expect(both).rejects.toMatchObject({ code: 'InvalidParameterException' });
  const first = await describeGroups({ limit: 2 });
  const second = await describeGroups({ limit: 2, nextToken: first.nextToken });
  expect([first, second].map(({ logGroups }) => logGroups.length)).toEqual([2, 1]);
  expect(second.nextToken).toBeUndefined();
});

test('tags are read by the ARN without the star that stands for the streams', async () => {
  await make('/ecom/a', { tags: { team: 'shops' } });
  const [group] = (await describeGroups()).logGroups;
  expect(group).toMatchObject({
    arn: `arn:aws:logs:eu-central-1:${aws.world.account}:log-group:/ecom/a:*`,
    logGroupArn: `arn:aws:logs:eu-central-1:${aws.world.account}:log-group:/ecom/a`,
  });
  const resourceArn = group?.arn.replace(/:\*$/, '');
  expect(await logs('ListTagsForResource', { resourceArn })).toEqual({ tags: { team: 'shops' } });
  await logs('TagResource', { resourceArn, tags: { tier: 'web' } });
  await logs('UntagResource', { resourceArn, tagKeys: ['team'] });
  expect(await logs('ListTagsForResource', { resourceArn })).toEqual({ tags: { tier: 'web' } });
  const withStar = logs('ListTagsForResource', { resourceArn: group?.arn });
  await expect(withStar).rejects.toMatchObject({ code: 'ValidationException' });
});

test('what is not there is not found', async () => {
  for (const [operation, more] of [
    ['DeleteLogGroup', {}],
    ['PutRetentionPolicy', { retentionInDays: 30 }],
    ['DeleteRetentionPolicy', {}],
  ] as const)
    await expect(logs(operation, { logGroupName: '/none', ...more })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
});

test("a name is AWS's own, one too many, or not simulated", async () => {
  await expect(make('aws/a')).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await expect(make('/a', { kmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/a' })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
  aws.world.quotas.set('Log groups per account', 0);
  await expect(make('/a')).rejects.toMatchObject({ code: 'LimitExceededException' });
});
