import { beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

let aws: SimulatedAws;
const ssm = (operation: string, input: object) => callsTo(aws, 'ssm')(operation, input as never) as Promise<object>;
const put = (Name: string, Value = 'x', more: object = {}) =>
  ssm('PutParameter', { Name, Value, Type: 'String', ...more });
const namesBelow = async (input: object): Promise<string[]> => {
  const { Parameters } = (await ssm('GetParametersByPath', input)) as { Parameters: { Name: string }[] };
  return Parameters.map(({ Name }) => Name);
};

beforeEach(() => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
});

describe('a parameter', () => {
  test('is not overwritten unless it is asked for, and counts its versions', async () => {
    expect(await put('/ecom/a', 'one')).toEqual({ Version: 1, Tier: 'Standard' });
    await expect(put('/ecom/a', 'two')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    expect(await put('/ecom/a', 'two', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await ssm('GetParameter', { Name: '/ecom/a' })).toMatchObject({ Parameter: { Value: 'two', Version: 2 } });
    expect(await ssm('GetParameter', { Name: '/ecom/a:1' })).toMatchObject({ Parameter: { Value: 'one' } });
    expect(await ssm('GetParameterHistory', { Name: '/ecom/a' })).toMatchObject({
      Parameters: [
        { Value: 'one', Version: 1 },
        { Value: 'two', Version: 2 },
      ],
    });
  });

  test('that was deleted and made again begins at version one', async () => {
    await put('/ecom/a');
    await put('/ecom/a', 'y', { Overwrite: true });
    await ssm('DeleteParameter', { Name: '/ecom/a' });
    expect(await put('/ecom/a')).toMatchObject({ Version: 1 });
  });

  test('keeps its tags when it is overwritten, and takes none then', async () => {
    const Tags = [{ Key: 'a', Value: 'b' }];
    await put('/ecom/a', 'x', { Tags });
    await expect(put('/ecom/a', 'y', { Tags, Overwrite: true })).rejects.toMatchObject({ code: 'ValidationException' });
    await put('/ecom/a', 'y', { Overwrite: true });
    const tagsOf = (ResourceId: string) => ssm('ListTagsForResource', { ResourceType: 'Parameter', ResourceId });
    expect(await tagsOf('/ecom/a')).toEqual({ TagList: Tags });
    await expect(tagsOf('/ecom/none')).rejects.toMatchObject({ code: 'InvalidResourceId' });
  });

  test('keeps the pattern of its values; the empty pattern is none', async () => {
    await put('/ecom/free', 'x', { AllowedPattern: '' });
    await put('/ecom/number', '1', { AllowedPattern: '\\d+' });
    await expect(put('/ecom/number', 'x', { Overwrite: true })).rejects.toMatchObject({
      code: 'ParameterPatternMismatchException',
    });
    const { Parameters } = (await ssm('DescribeParameters', {})) as { Parameters: { AllowedPattern?: string }[] };
    expect(Parameters.map(({ AllowedPattern }) => AllowedPattern)).toEqual([undefined, '\\d+']);
    await put('/ecom/number', 'x', { Overwrite: true, AllowedPattern: '' });
  });

  test('that is not there is not found', async () => {
    for (const operation of ['GetParameter', 'DeleteParameter', 'GetParameterHistory'])
      await expect(ssm(operation, { Name: '/none' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
    expect(await ssm('GetParameters', { Names: ['/none'] })).toEqual({ Parameters: [], InvalidParameters: ['/none'] });
  });

  test.each([
    ['a name with a space', '/ecom/a b', {}, 'ValidationException'],
    ['a path that is not fully qualified', 'ecom/a', {}, 'ValidationException'],
    ['a name that AWS keeps for itself', '/aws/a', {}, 'AccessDeniedException'],
    ['a name of more than 15 levels', '/l'.repeat(16), {}, 'HierarchyLevelLimitExceededException'],
    ['a name of more than 1011 characters', `/${'n'.repeat(1011)}`, {}, 'ValidationException'],
    ['no value', '/ecom/a', { Value: '' }, 'ValidationException'],
    ['more than 4096 bytes', '/ecom/a', { Value: 'x'.repeat(4097) }, 'ValidationException'],
    ['no type', '/ecom/a', { Type: undefined }, 'ValidationException'],
    [
      'a value that its pattern does not allow',
      '/ecom/a',
      { AllowedPattern: '\\d+' },
      'ParameterPatternMismatchException',
    ],
    ['a secret, which is not simulated', '/ecom/a', { Type: 'SecureString' }, 'ValidationException'],
  ])('is not made with %s', async (_what, name, more, code) => {
    await expect(put(name, 'x', more)).rejects.toMatchObject({ code });
    expect(await namesBelow({ Path: '/', Recursive: true })).toEqual([]);
  });

  test('keeps its type', async () => {
    await put('/ecom/a');
    const changed = put('/ecom/a', 'x,y', { Type: 'StringList', Overwrite: true });
    await expect(changed).rejects.toMatchObject({ code: 'HierarchyTypeMismatchException' });
  });

  test('is one too many beyond the quota', async () => {
    aws.world.quotas.set('Standard parameters', 1);
    await put('/ecom/a');
    await expect(put('/ecom/b')).rejects.toMatchObject({ code: 'ParameterLimitExceeded' });
  });
});

describe('parameters by path', () => {
  test('are those right below, or all', async () => {
    for (const name of ['/ecom/a', '/ecom/b/c', '/ecommerce/d', '/other/e']) await put(name);
    expect(await namesBelow({ Path: '/ecom' })).toEqual(['/ecom/a']);
    expect(await namesBelow({ Path: '/ecom/', Recursive: true })).toEqual(['/ecom/a', '/ecom/b/c']);
    await expect(ssm('GetParametersByPath', { Path: 'ecom' })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('come ten a page', async () => {
    for (let i = 0; i < 25; i++) await put(`/ecom/${i}`);
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = (await ssm('GetParametersByPath', { Path: '/ecom', NextToken })) as {
        Parameters: object[];
        NextToken?: string;
      };
      sizes.push(page.Parameters.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([10, 10, 5]);
    await expect(ssm('GetParametersByPath', { Path: '/ecom', MaxResults: 11 })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test('are filtered by type, and by nothing that it does not know', async () => {
    await put('/ecom/a');
    await put('/ecom/b', 'x,y', { Type: 'StringList' });
    const filter = (Key: string) => [{ Key, Values: ['StringList'] }];
    expect(await namesBelow({ Path: '/ecom', ParameterFilters: filter('Type') })).toEqual(['/ecom/b']);
    const refused = ssm('GetParametersByPath', { Path: '/ecom', ParameterFilters: filter('tag:a') });
    await expect(refused).rejects.toMatchObject({ code: 'InvalidFilterKey' });
  });
});

test('parameters are described by their tags', async () => {
  await put('/ecom/a', 'x', { Tags: [{ Key: 'team', Value: 'shops' }], Description: 'Of the shops' });
  await put('/ecom/b');
  const ParameterFilters = [{ Key: 'tag:team', Values: ['shops'] }];
  const { Parameters } = (await ssm('DescribeParameters', { ParameterFilters })) as { Parameters: object[] };
  expect(Parameters).toMatchObject([{ Name: '/ecom/a', Description: 'Of the shops' }]);
  expect(Parameters[0]).not.toHaveProperty('Value');
});
