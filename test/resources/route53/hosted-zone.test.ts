import { describe, expect, test } from 'vitest';
import { ownerTags, type NodeOwner } from '../../../operator/model/identity.ts';
import { hostedZone } from '../../../operator/resources/route53/hosted-zone.ts';
import { hostedZoneLookup } from '../../../operator/resources/route53/hosted-zone-lookup.ts';
import { seedHostedZone, zonesOf } from '../../../simulator/aws/route53/hosted-zones.ts';
import { Court, owner, tenant } from '../laws.ts';

const props = { name: 'example.org' };

const evil = { ...owner, namespace: 'evil', uid: 'evil' };
/** The zone that another store has made. */
const zoneOf = (court: Court, whose: NodeOwner) =>
  hostedZone.create(court.aws, props, { ...court.birth(), owner: whose, token: whose.uid, tags: ownerTags(whose) });

describe('a hosted zone of ours', () => {
  test('is ours from its first moment, also when its tags never arrived', async () => {
    const court = new Court(hostedZone);
    court.simulated.world.faults.add({ operation: 'ChangeTagsForResource', count: 1, error: 'reset' });
    await expect(hostedZone.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'transient' });
    expect(await court.own(props)).toMatchObject([{ owner, props }]);
    await expect(hostedZone.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'foreign' });
    expect(await court.own(props)).toHaveLength(1);
    const [found] = await court.list(props);
    expect(found).toMatchObject({ unmarked: true });
    await hostedZone.retag?.(court.aws, found as never, court.birth().tags);
    await court.other('route53', 'UpdateHostedZoneComment', { Id: found?.id, Comment: 'the shop' });
    expect(await court.list(props)).toEqual([{ ...found, unmarked: undefined }]);
  });

  test('stays ours when somebody writes another comment', async () => {
    const court = new Court(hostedZone);
    const { id } = await court.settle(props);
    await court.other('route53', 'UpdateHostedZoneComment', { Id: id, Comment: 'the shop' });
    expect(await court.own(props)).toMatchObject([{ id, owner }]);
  });

  test('is not confused with one of the same name that somebody else made', async () => {
    const court = new Court(hostedZone);
    await zoneOf(court, evil);
    await court.settle(props);
    const listed = await court.list(props);
    expect(listed.map(({ owner: whose }) => whose?.namespace)).toEqual(['evil', owner.namespace]);
  });

  test('is not made beside one that no store has made: the domain is delegated to that', async () => {
    const court = new Court(hostedZone);
    seedHostedZone(court.simulated.world, { id: 'ZPRIVATE', name: 'example.org', private: true });
    seedHostedZone(court.simulated.world, { id: 'ZBELOW', name: 'shop.example.org' });
    seedHostedZone(court.simulated.world, { id: 'ZPUBLIC', name: 'example.org' });
    await expect(hostedZone.create(court.aws, props, court.birth())).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('ZPUBLIC') as string,
      facts: { field: 'spec.domain.createZone', remedy: expect.stringContaining('without createZone') as string },
    });
    zonesOf(court.simulated.world).remove('ZPUBLIC');
    await court.settle(props);
  });

  test('tells the name servers that go to the registrar', async () => {
    const court = new Court(hostedZone);
    const { outputs } = (await court.settle(props)) as { outputs: { nameServers?: string[] } };
    expect(outputs.nameServers).toHaveLength(4);
  });
});

describe('a hosted zone that the store of another namespace has', () => {
  const lookup = (court: Court, wanted: { name: string } | { zoneId: string }) =>
    hostedZoneLookup.lookup(court.aws, { ...wanted, tenant });
  const refused = {
    kind: 'rejected',
    message: expect.stringMatching(/belongs to a store of namespace evil$/) as string,
    facts: { remedy: expect.stringContaining('ecom.io/store') as string },
  };

  test('stands in nobody’s way, whether its tags have arrived or not', async () => {
    const court = new Court(hostedZone);
    await zoneOf(court, evil);
    court.simulated.world.faults.add({ operation: 'ChangeTagsForResource', count: 1, error: 'reset' });
    await expect(zoneOf(court, { ...evil, uid: 'another' })).rejects.toMatchObject({ kind: 'transient' });
    seedHostedZone(court.simulated.world, { id: 'ZPUBLIC', name: 'example.org' });
    expect(await lookup(court, props)).toEqual({ zoneId: 'ZPUBLIC', name: 'example.org' });
  });

  test('is refused by its name and by its id, and says whose it is', async () => {
    const court = new Court(hostedZone);
    const { id: zoneId } = await zoneOf(court, evil);
    const found = { zoneId, name: 'example.org' };
    for (const [field, wanted] of Object.entries({ zone: props, zoneId: { zoneId } }))
      await expect(lookup(court, wanted)).rejects.toMatchObject({
        ...refused,
        facts: { ...refused.facts, field: `spec.domain.${field}`, found },
      });
  });

  test('is as another namespace’s where another installation has one of this name', async () => {
    const court = new Court(hostedZone);
    await zoneOf(court, { ...owner, installation: 'east' });
    await expect(lookup(court, props)).rejects.toMatchObject({
      message: expect.stringMatching(/a store of namespace shops of another installation, east$/) as string,
    });
  });

  test('is open to the stores of its own namespace', async () => {
    const court = new Court(hostedZone);
    const { id: zoneId } = await zoneOf(court, { ...owner, name: 'elder', uid: 'elder' });
    expect(await lookup(court, props)).toEqual({ zoneId, name: 'example.org' });
    expect(await lookup(court, { zoneId })).toEqual({ zoneId, name: 'example.org' });
  });

  // One tag keeps a zone of the user's for the stores of a namespace.
  test('is also one of the user’s that carries the tag of another namespace', async () => {
    const court = new Court(hostedZone);
    seedHostedZone(court.simulated.world, { id: 'ZPUBLIC', name: 'example.org' });
    const AddTags = [{ Key: 'ecom.io/store', Value: 'evil/' }];
    await court.other('route53', 'ChangeTagsForResource', {
      ...{ ResourceType: 'hostedzone', ResourceId: 'ZPUBLIC', AddTags },
    });
    await expect(lookup(court, props)).rejects.toMatchObject(refused);
  });
});

describe('a private hosted zone', () => {
  const withPrivate = (): Court => {
    const court = new Court(hostedZone);
    seedHostedZone(court.simulated.world, { id: 'ZPRIVATE', name: 'example.com', private: true });
    return court;
  };

  test('is refused by its id, with what to do', async () => {
    await expect(hostedZoneLookup.lookup(withPrivate().aws, { zoneId: 'ZPRIVATE', tenant })).rejects.toMatchObject({
      kind: 'rejected',
      facts: { field: 'spec.domain.zoneId', remedy: expect.stringContaining('public') as string },
    });
  });

  test('is passed over by its name', async () => {
    const court = withPrivate();
    const wanted = { name: 'example.com', tenant };
    await expect(hostedZoneLookup.lookup(court.aws, wanted)).rejects.toMatchObject({ kind: 'absent' });
    seedHostedZone(court.simulated.world, { id: 'ZPUBLIC', name: 'example.com' });
    expect(await hostedZoneLookup.lookup(court.aws, wanted)).toEqual({
      zoneId: 'ZPUBLIC',
      name: 'example.com',
    });
  });
});
