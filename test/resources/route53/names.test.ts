import { describe, expect, test } from 'vitest';
import { hostedZone } from '../../../operator/resources/route53/hosted-zone.ts';
import { hostedZoneLookup } from '../../../operator/resources/route53/hosted-zone-lookup.ts';
import { recordSet } from '../../../operator/resources/route53/record-set.ts';
import { seedHostedZone } from '../../../simulator/aws/route53/hosted-zones.ts';
import { Court, laws, tenant } from '../laws.ts';

const zoneId = 'Z0000000000000000TEST';

laws(hostedZone, { ground: async () => ({ name: 'example.org' }), live: {}, fixed: { name: 'example.net' } });

const alias = { dnsName: 'lb-1.eu-central-1.elb.amazonaws.com', hostedZoneId: 'Z215JYRZR1TBD5', evaluateHealth: true };
const withZone = (court: Court): void => seedHostedZone(court.simulated.world, { id: zoneId, name: 'example.com' });
const foreign = async (court: Court, Type: string): Promise<void> => {
  const ResourceRecordSet = {
    Name: 'shop.example.com',
    Type,
    TTL: 60,
    ResourceRecords: [{ Value: Type === 'A' ? '192.0.2.1' : 'x.example.net' }],
  };
  const ChangeBatch = { Changes: [{ Action: 'CREATE', ResourceRecordSet }] };
  await court.other('route53', 'ChangeResourceRecordSets', { HostedZoneId: zoneId, ChangeBatch });
};

describe('alias records', () =>
  laws(recordSet, {
    ground: async (court) => {
      withZone(court);
      return { zoneId, name: 'shop.example.com', type: 'A', alias };
    },
    live: { alias: () => ({ ...alias, dnsName: 'lb-2.eu-central-1.elb.amazonaws.com' }) },
    notDrifted: ['values', 'ttlSeconds'],
    fixed: { zoneId: 'ZOTHER', name: 'other.example.com', type: 'AAAA' },
    foreign: (court) => foreign(court, 'A'),
  }));

describe('records with values', () =>
  laws(recordSet, {
    ground: async (court) => {
      withZone(court);
      return { zoneId, name: 'shop.example.com', type: 'CNAME', values: ['a.example.net'], ttlSeconds: 300 };
    },
    live: { values: () => ['b.example.net'], ttlSeconds: () => 60 },
    notDrifted: ['alias'],
    fixed: { zoneId: 'ZOTHER', name: 'other.example.com', type: 'TXT' },
    foreign: (court) => foreign(court, 'CNAME'),
  }));

describe('quirks of records', () => {
  test('a record and the one that says whose it is come and go together', async () => {
    const court = new Court(recordSet);
    withZone(court);
    const found = await court.settle({ zoneId, name: 'shop.example.com', type: 'A', alias });
    const names = async () => {
      const answer = await court.other<{ ResourceRecordSets: { Name: string }[] }>(
        'route53',
        'ListResourceRecordSets',
        { HostedZoneId: zoneId },
      );
      return answer.ResourceRecordSets.map(({ Name }) => Name).filter((name) => name !== 'example.com.');
    };
    expect(await names()).toEqual(['shop.example.com.', '_ecom-a.shop.example.com.']);
    await recordSet.delete(court.aws, found as never);
    expect(await names()).toEqual([]);
  });

  test('the prefix that Route 53 puts before a load balancer is no difference', async () => {
    const court = new Court(recordSet);
    withZone(court);
    const props = { zoneId, name: 'shop.example.com', type: 'A', alias };
    const found = await court.settle(props);
    expect(court.decide({ ...props, alias: { ...alias, dnsName: `dualstack.${alias.dnsName}` } }, found)).toEqual({
      do: 'nothing',
    });
  });

  test('a zone with records of others is not deleted', async () => {
    const court = new Court(hostedZone);
    const found = await court.settle({ name: 'example.org' });
    const ResourceRecordSet = {
      Name: 'mail.example.org',
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    };
    const ChangeBatch = { Changes: [{ Action: 'CREATE', ResourceRecordSet }] };
    await court.other('route53', 'ChangeResourceRecordSets', { HostedZoneId: found.id, ChangeBatch });
    await expect(hostedZone.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('the lookup of a hosted zone', () => {
  test('finds a zone by its name and by its id', async () => {
    const court = new Court(hostedZone);
    withZone(court);
    expect(await hostedZoneLookup.lookup(court.aws, { name: 'example.com', tenant })).toEqual({
      zoneId,
      name: 'example.com',
    });
    expect(await hostedZoneLookup.lookup(court.aws, { zoneId, tenant })).toEqual({ zoneId, name: 'example.com' });
  });

  test('does not choose between two of one name', async () => {
    const court = new Court(hostedZone);
    withZone(court);
    seedHostedZone(court.simulated.world, { id: 'Z1111111111111111TEST', name: 'example.com' });
    court.simulated.world.pageSize = 1;
    const refused = hostedZoneLookup.lookup(court.aws, { name: 'example.com', tenant });
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected',
      facts: { remedy: expect.stringContaining('zoneId') as string },
    });
  });

  test.each([{ name: 'example.com' }, { zoneId }])('says that there is none for %j', async (wanted) => {
    const refused = hostedZoneLookup.lookup(new Court(hostedZone).aws, { ...wanted, tenant });
    await expect(refused).rejects.toMatchObject({
      kind: 'absent',
      facts: { field: expect.stringContaining('spec.domain') as string },
    });
  });
});
