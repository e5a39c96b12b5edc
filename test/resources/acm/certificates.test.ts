import { describe, expect, test } from 'vitest';
import { ownerTags } from '../../../operator/model/identity.ts';
import { certificate } from '../../../operator/resources/acm/certificate.ts';
import { certificateLookup } from '../../../operator/resources/acm/certificate-lookup.ts';
import { recordFor, seedCertificate } from '../../../simulator/aws/acm/certificates.ts';
import { seedHostedZone } from '../../../simulator/aws/route53/hosted-zones.ts';
import { Court, laws, owner, region, tenant } from '../laws.ts';

const props = { domainName: 'shop.example.com', alternativeNames: ['www.example.com'] };
const zoneId = 'Z0000000000000000TEST';

async function prove(court: Court, names: readonly string[]): Promise<void> {
  const Changes = names.map((name) => {
    const record = recordFor(court.simulated.world.account, name);
    const ResourceRecordSet = {
      Name: record.name,
      Type: 'CNAME',
      TTL: 300,
      ResourceRecords: [{ Value: record.value }],
    };
    return { Action: 'UPSERT', ResourceRecordSet };
  });
  await court.other('route53', 'ChangeResourceRecordSets', { HostedZoneId: zoneId, ChangeBatch: { Changes } });
}

laws(certificate, {
  ground: async (court) => {
    seedHostedZone(court.simulated.world, { id: zoneId, name: 'example.com' });
    await prove(court, [props.domainName, ...props.alternativeNames]);
    return props;
  },
  live: {},
  fixed: { domainName: 'other.example.com', alternativeNames: [] },
});

describe('quirks of certificates', () => {
  test('the records are told before it is issued, and it is issued only once they exist', async () => {
    const court = new Court(certificate);
    seedHostedZone(court.simulated.world, { id: zoneId, name: 'example.com' });
    await certificate.create(court.aws, props, court.birth());
    court.clock.advance(3_600_000);
    const [found] = await court.own(props);
    expect(found?.state).toMatchObject({
      is: 'pending',
      reason: expect.stringContaining('shop.example.com') as string,
    });
    const record = recordFor(court.simulated.world.account, props.domainName);
    expect(found?.outputs).toMatchObject({ 'recordName:shop.example.com': record.name.slice(0, -1) });
    await prove(court, [props.domainName, ...props.alternativeNames]);
    court.clock.advance(600_000);
    expect((await court.own(props))[0]?.state).toEqual({ is: 'ready' });
  });

  test('one whose records never came is told as failed', async () => {
    const court = new Court(certificate);
    await certificate.create(court.aws, props, court.birth());
    court.clock.advance(73 * 3_600_000);
    expect((await court.own(props))[0]?.state).toMatchObject({
      is: 'failed',
      reason: expect.stringContaining('VALIDATION_TIMED_OUT') as string,
    });
  });
});

describe('the lookup of a certificate', () => {
  const arn = `arn:aws:acm:${region}:111122223333:certificate/0`;
  const courtWith = (...names: string[]): Court => {
    const court = new Court(certificate);
    seedCertificate(court.simulated.world, region, { arn, domain: names[0] ?? '', names });
    return court;
  };
  const look = (court: Court, names: string[]) =>
    certificateLookup.lookup(court.aws, { certificateArn: arn, names, tenant });

  test('finds one that covers all names, by wildcard too', async () => {
    expect(await look(courtWith('*.example.com', 'example.com'), ['shop.example.com', 'example.com'])).toEqual({
      certificateArn: arn,
      names: ['shop.example.com', 'example.com'],
    });
  });

  test('refuses one that does not cover a name', async () => {
    const refused = look(courtWith('*.example.com'), ['a.b.example.com']);
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected',
      facts: { remedy: expect.stringContaining('covers') as string },
    });
  });

  test('refuses one that the store of another namespace has, and says nothing else of it', async () => {
    const court = new Court(certificate);
    const theirs = { ...court.birth(), tags: ownerTags({ ...owner, namespace: 'evil' }) };
    const { id: certificateArn } = await certificate.create(court.aws, props, theirs);
    const refused = certificateLookup.lookup(court.aws, { certificateArn, names: ['x.example.com'], tenant });
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected',
      message: `certificate ${certificateArn} belongs to a store of namespace evil`,
      facts: { remedy: expect.stringContaining('ecom.io/store') as string },
    });
  });

  test('says that there is none', async () => {
    const refused = look(new Court(certificate), ['shop.example.com']);
    await expect(refused).rejects.toMatchObject({
      kind: 'absent',
      facts: { remedy: expect.stringContaining(region) as string },
    });
  });
});
