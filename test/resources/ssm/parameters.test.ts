import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { asFault } from '../../../operator/model/faults.ts';
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
    seedParameter(court.simulated.world, region, '/images/storefront', 'ami-0a1b2c3d4e5f60718');
    expect(await parameterLookup.lookup(court.aws, { name: '/images/storefront' })).toEqual({
      value: 'ami-0a1b2c3d4e5f60718',
    });
  });

  // Whoever may write a store need not be allowed to read parameters; the operator's role reads them all.
  test.each(['hunter2', 'ami-0a1b2c3d,hunter2', 'ami-0a1b2c3d\nhunter2', 'ami-hunter2'])(
    'does not tell a value that is no id of an image: %j',
    async (value) => {
      const court = new Court(parameter);
      seedParameter(court.simulated.world, region, '/payroll/password', value);
      const fault = await parameterLookup.lookup(court.aws, { name: '/payroll/password' }).catch(asFault);
      expect(fault).toMatchObject({
        kind: 'rejected',
        message: 'SSM parameter /payroll/password does not hold the id of an image',
        facts: { field: 'spec.compute.image.ssmParameter', remedy: expect.stringContaining('put-parameter') as string },
      });
      expect(inspect(fault, { depth: null })).not.toMatch(/hunter2/);
    },
  );

  test('does not read what a store tells its instances', async () => {
    const court = new Court(parameter);
    seedParameter(court.simulated.world, region, '/ecom/shops/acme/image', 'ami-0a1b2c3d');
    await expect(parameterLookup.lookup(court.aws, { name: '/ecom/shops/acme/image' })).rejects.toMatchObject({
      kind: 'rejected',
      facts: { field: 'spec.compute.image.ssmParameter' },
    });
    expect(court.cloud.sent).toEqual([]);
  });

  test('says that there is none, and how to make it', async () => {
    const refused = parameterLookup.lookup(new Court(parameter).aws, { name: '/images/none' });
    await expect(refused).rejects.toMatchObject({
      kind: 'absent',
      facts: { field: 'spec.compute.image.ssmParameter', remedy: expect.stringContaining('put-parameter') as string },
    });
  });
});
