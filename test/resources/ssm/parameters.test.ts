import { describe, expect, test } from 'vitest';
import { parameter } from '../../../operator/resources/ssm/parameter.ts';
import { parameterLookup } from '../../../operator/resources/ssm/parameter-lookup.ts';
import { seedParameter } from '../../../simulator/aws/ssm/parameters.ts';
import { Court, laws, region } from '../laws.ts';

const name = '/ecom/shops/acme/host';

laws(parameter, {
  ground: async () => ({ name, value: 'shop.example.com', description: 'Host name of the store' }),
  live: { value: () => 'other.example.com' },
  fixed: { name: '/ecom/shops/acme/other' },
  foreign: async (court) =>
    void (await court.other('ssm', 'PutParameter', { Name: name, Type: 'String', Value: 'mine' })),
});

describe('a list of parameters', () => {
  const props = { name, value: 'shop.example.com', description: 'Host name of the store' };

  /** What a list tells that knows the parameter as it was before `change`, and what it asks AWS. */
  async function listAfter(change: (court: Court) => Promise<unknown>) {
    const court = new Court(parameter);
    await parameter.create(court.aws, props, court.birth());
    const [before] = await court.list(props);
    await change(court);
    const sent = court.cloud.sent.length;
    const scope = court.scope({ known: () => before?.owner, last: () => before });
    const told = [];
    for await (const page of parameter.list(court.aws, scope)) told.push(...page);
    return {
      values: told.map((one) => one.props.value),
      asked: court.cloud.sent.slice(sent).map(({ operation }) => operation),
    };
  }

  test('reads no value whose version is as it was', async () => {
    const { values, asked } = await listAfter(async () => undefined);
    expect([values, asked]).toEqual([['shop.example.com'], ['DescribeParameters']]);
  });

  test('reads one that somebody has written since', async () => {
    const written = { Name: name, Value: 'elsewhere.example.com', Overwrite: true };
    const { values, asked } = await listAfter(async (court) => court.other('ssm', 'PutParameter', written));
    expect([values, asked]).toEqual([['elsewhere.example.com'], ['DescribeParameters', 'GetParameters']]);
  });

  test('reads one that somebody has deleted and made anew: it has its first version again', async () => {
    const { values } = await listAfter(async (court) => {
      await court.other('ssm', 'DeleteParameter', { Name: name });
      court.clock.advance(60_000);
      await court.other('ssm', 'PutParameter', { Name: name, Type: 'String', Value: 'mine' });
    });
    expect(values).toEqual(['mine']);
  });
});

describe('the lookup of a parameter', () => {
  test('finds its value', async () => {
    const court = new Court(parameter);
    seedParameter(court.simulated.world, region, '/images/storefront', 'ami-1');
    expect(await parameterLookup.lookup(court.aws, { name: '/images/storefront' })).toEqual({ value: 'ami-1' });
  });

  test('says that there is none, and how to make it', async () => {
    const refused = parameterLookup.lookup(new Court(parameter).aws, { name: '/images/none' });
    await expect(refused).rejects.toMatchObject({
      kind: 'absent',
      facts: { field: 'spec.compute.image.ssmParameter', remedy: expect.stringContaining('put-parameter') as string },
    });
  });
});
