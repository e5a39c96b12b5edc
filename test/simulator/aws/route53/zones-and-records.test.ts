import { beforeEach, describe, expect, test } from 'vitest';
import { seedHostedZone } from '../../../../simulator/aws/route53/hosted-zones.ts';
import { resolve } from '../../../../simulator/aws/route53/resolve.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
let zoneId: string;
const route53 = (operation: string, input: object) => callsTo(aws, 'route53')(operation, input as never);

interface Rrset {
  readonly Name: string;
  readonly Type: string;
}

const record = (Name: string, Type: string, ...values: string[]) => ({
  Name,
  Type,
  TTL: 300,
  ResourceRecords: values.map((Value) => ({ Value })),
});
const aliasOf = (Name: string, DNSName: string, HostedZoneId: string) => ({
  Name,
  Type: 'A',
  AliasTarget: { DNSName, HostedZoneId, EvaluateTargetHealth: false },
});
const balancer = 'dualstack.shop-1.eu-central-1.elb.amazonaws.com';
const change = (...changes: readonly (readonly [string, object])[]) => {
  const Changes = changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet }));
  return route53('ChangeResourceRecordSets', { HostedZoneId: zoneId, ChangeBatch: { Changes } });
};
const list = async (input: object = {}) =>
  (await route53('ListResourceRecordSets', { HostedZoneId: zoneId, ...input })) as unknown as {
    ResourceRecordSets: Rrset[];
    IsTruncated: boolean;
    NextRecordName?: string;
    NextRecordType?: string;
  };
const names = async (): Promise<string[]> =>
  (await list()).ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`).filter((one) => !/ (NS|SOA)$/.test(one));

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  const made = (await route53('CreateHostedZone', { Name: 'Example.com', CallerReference: 'once' })) as unknown as {
    HostedZone: { Id: string };
  };
  zoneId = made.HostedZone.Id.replace('/hostedzone/', '');
});

describe('a hosted zone', () => {
  test('is born with its name servers and its SOA record', async () => {
    const made = await route53('GetHostedZone', { Id: zoneId });
    expect(made).toMatchObject({
      HostedZone: { Name: 'example.com.', Config: { PrivateZone: false }, ResourceRecordSetCount: 2 },
      DelegationSet: { NameServers: [1, 2, 3, 4].map(() => expect.stringContaining('awsdns') as string) },
    });
  });

  test('is made once for a caller reference, and twice for two', async () => {
    const again = route53('CreateHostedZone', { Name: 'example.com', CallerReference: 'once' });
    await expect(again).rejects.toMatchObject({ code: 'HostedZoneAlreadyExists', status: 409 });
    await route53('CreateHostedZone', { Name: 'example.com', CallerReference: 'twice' });
    expect(await route53('ListHostedZonesByName', { DNSName: 'example.com' })).toMatchObject({
      HostedZones: [{ Name: 'example.com.' }, { Name: 'example.com.' }],
    });
  });

  test('is not made for the caller reference of one that is gone', async () => {
    await route53('DeleteHostedZone', { Id: zoneId });
    const again = route53('CreateHostedZone', { Name: 'example.com', CallerReference: 'once' });
    await expect(again).rejects.toMatchObject({ code: 'HostedZoneAlreadyExists' });
  });

  test('that holds records is not deleted', async () => {
    await change(['CREATE', record('www.example.com', 'A', '192.0.2.1')]);
    await expect(route53('DeleteHostedZone', { Id: zoneId })).rejects.toMatchObject({ code: 'HostedZoneNotEmpty' });
    await change(['DELETE', record('www.example.com', 'A', '192.0.2.1')]);
    await route53('DeleteHostedZone', { Id: zoneId });
    await expect(list()).rejects.toMatchObject({ code: 'NoSuchHostedZone', status: 404 });
  });

  test('keeps the records that make it one', async () => {
    const { ResourceRecordSets } = await list();
    const [soa, ns] = ['SOA', 'NS'].map((type) => ResourceRecordSets.find(({ Type }) => Type === type) as Rrset);
    const refused = change(['DELETE', soa as object], ['DELETE', ns as object]);
    await expect(refused).rejects.toMatchObject({
      code: 'InvalidChangeBatch',
      message: expect.stringMatching(/exactly one SOA record.*at least one NS record/) as string,
    });
  });

  test('that is new is not listed at once where lists lag', async () => {
    aws.world.readLagMillis = 5_000;
    clock.advance(10_000);
    await route53('CreateHostedZone', { Name: 'example.net', CallerReference: 'late' });
    expect(await route53('ListHostedZones', {})).toMatchObject({ HostedZones: [{ Name: 'example.com.' }] });
    clock.advance(5_000);
    expect(await route53('ListHostedZones', {})).toMatchObject({ HostedZones: [{}, { Name: 'example.net.' }] });
  });

  test('that is private answers nobody on the internet', async () => {
    seedHostedZone(aws.world, { id: 'ZPRIVATE', name: 'example.net', private: true });
    await route53('ChangeResourceRecordSets', {
      HostedZoneId: 'ZPRIVATE',
      ChangeBatch: {
        Changes: [{ Action: 'CREATE', ResourceRecordSet: record('db.example.net', 'A', '10.0.0.1') }],
      },
    });
    expect(resolve(aws.world, 'db.example.net')).toEqual([]);
  });
});

describe('a batch of changes', () => {
  const www = record('www.example.com', 'A', '192.0.2.1');

  test('is all or nothing, and says everything that is wrong with it', async () => {
    await change(['CREATE', www]);
    const refused = change(
      ['CREATE', record('new.example.com', 'A', '192.0.2.2')],
      ['CREATE', www],
      ['DELETE', record('none.example.com', 'A', '192.0.2.3')],
    );
    await expect(refused).rejects.toMatchObject({
      code: 'InvalidChangeBatch',
      message:
        "[Tried to create resource record set [name='www.example.com.', type='A'] but it already exists, " +
        "Tried to delete resource record set [name='none.example.com.', type='A'] but it was not found]",
    });
    expect(await names()).toEqual(['www.example.com. A']);
  });

  test('may delete a record and make it anew', async () => {
    await change(['CREATE', www]);
    await change(['DELETE', www], ['CREATE', record('www.example.com', 'A', '192.0.2.9')]);
    expect(resolve(aws.world, 'www.example.com')).toEqual(['192.0.2.9']);
  });

  test('deletes a record only as it stands', async () => {
    await change(['CREATE', www]);
    await expect(change(['DELETE', record('www.example.com', 'A', '192.0.2.9')])).rejects.toMatchObject({
      message: expect.stringContaining('the values provided do not match the current values') as string,
    });
  });

  test('is pending before it is in sync', async () => {
    const { ChangeInfo } = (await change(['CREATE', www])) as unknown as { ChangeInfo: { Id: string } };
    const status = async () => (await route53('GetChange', { Id: ChangeInfo.Id })) as object;
    expect(await status()).toMatchObject({ ChangeInfo: { Status: 'PENDING' } });
    clock.advance(60_000);
    expect(await status()).toMatchObject({ ChangeInfo: { Status: 'INSYNC' } });
  });

  test.each([
    ['a name outside the zone', record('www.example.net', 'A', '192.0.2.1'), 'is not permitted in zone example.com.'],
    ['a CNAME at the apex', record('example.com', 'CNAME', 'a.example.net'), 'is not permitted at apex'],
    [
      'a CNAME beside another record',
      record('taken.example.com', 'CNAME', 'a.example.net'),
      'conflicting RRSet of type A',
    ],
    ['text without quotation marks', record('t.example.com', 'TXT', 'plain'), 'should be enclosed in quotation marks'],
    [
      'a string of more than 255 characters',
      record('t.example.com', 'TXT', `"${'x'.repeat(256)}"`),
      'CharacterStringTooLong',
    ],
    ['an A record that is no IPv4 address', record('t.example.com', 'A', 'ten'), 'ARRDATAIllegalIPv4Address'],
    [
      'an AAAA record that is no IPv6 address',
      record('t.example.com', 'AAAA', '192.0.2.1'),
      'AAAARRDATAIllegalIPv6Address',
    ],
    ['the same value twice', record('t.example.com', 'A', '192.0.2.1', '192.0.2.1'), 'Duplicate Resource Record'],
    [
      'a label of more than 63 characters',
      record(`${'x'.repeat(64)}.example.com`, 'A', '192.0.2.1'),
      'DomainLabelTooLong',
    ],
    ['values without a time to live', { ...www, TTL: undefined }, 'Expected exactly one of'],
    [
      'an alias beside values',
      { ...www, ...aliasOf('www.example.com', balancer, 'Z215JYRZR1TBD5') },
      'Expected exactly one of',
    ],
    [
      "an alias into another region's zone",
      aliasOf('t.example.com', balancer, 'Z35SXDOTRQ7X7K'),
      'does not lie within the target zone',
    ],
    ['an alias into a zone of nobody', aliasOf('t.example.com', balancer, 'ZNOBODY'), 'that target was not found'],
    [
      'a routing policy, which is not simulated',
      { ...www, SetIdentifier: 'a', Region: 'eu-central-1' },
      'knows no records with',
    ],
  ])('refuses %s', async (_what, wrong, words) => {
    await change(['CREATE', record('taken.example.com', 'A', '192.0.2.1')]);
    const before = await names();
    await expect(change(['CREATE', wrong])).rejects.toMatchObject({
      message: expect.stringContaining(words) as string,
    });
    expect(await names()).toEqual(before);
  });

  test('may be refused while another one is under way', async () => {
    aws.world.faults.add({
      operation: 'ChangeResourceRecordSets',
      count: 1,
      error: { code: 'PriorRequestNotComplete' },
    });
    await expect(change(['CREATE', www])).rejects.toMatchObject({ code: 'PriorRequestNotComplete' });
    await change(['CREATE', www]);
  });
});

describe('a list of records', () => {
  beforeEach(() =>
    change(
      ['CREATE', record('b.example.com', 'A', '192.0.2.1')],
      ['CREATE', record('z.a.example.com', 'A', '192.0.2.1')],
      ['CREATE', record('a.example.com', 'TXT', '"x"')],
      ['CREATE', record('a.example.com', 'A', '192.0.2.1')],
      ['CREATE', record('*.example.com', 'A', '192.0.2.1')],
    ),
  );

  test('goes by labels from right to left, with a star as an octal escape', async () => {
    expect(await names()).toEqual([
      '\\052.example.com. A',
      'a.example.com. A',
      'a.example.com. TXT',
      'z.a.example.com. A',
      'b.example.com. A',
    ]);
  });

  test('goes on where a page ends, to the last one', async () => {
    aws.world.pageSize = 2;
    const seen: string[] = [];
    let next: { StartRecordName?: string; StartRecordType?: string } = {};
    for (let page = await list(); ; page = await list(next)) {
      seen.push(...page.ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`));
      if (!page.IsTruncated) break;
      next = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
    }
    aws.world.pageSize = Infinity;
    expect(seen).toEqual((await list()).ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`));
  });

  test('does not start at a type without a name', async () => {
    await expect(list({ StartRecordType: 'A' })).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

describe('a name', () => {
  test('answers what its alias leads to, and changes its spelling for nobody', async () => {
    await change(
      ['CREATE', aliasOf('Shop.example.com', balancer, 'Z215JYRZR1TBD5')],
      ['CREATE', record('www.example.com', 'CNAME', 'shop.example.com')],
    );
    expect(resolve(aws.world, 'www.example.com')).toEqual([balancer]);
    expect(await names()).toContain('shop.example.com. A');
  });

  test('without a record of that type answers nothing', async () => {
    await change(['CREATE', record('www.example.com', 'A', '192.0.2.1')]);
    expect(resolve(aws.world, 'www.example.com', 'AAAA')).toEqual([]);
  });
});
