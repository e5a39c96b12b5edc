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
