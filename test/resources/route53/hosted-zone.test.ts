import { describe, expect, test } from 'vitest';
import { hostedZone } from '../../../operator/resources/route53/hosted-zone.ts';
import { hostedZoneLookup } from '../../../operator/resources/route53/hosted-zone-lookup.ts';
import { seedHostedZone } from '../../../simulator/aws/route53/hosted-zones.ts';
import { Court, owner } from '../laws.ts';

const props = { name: 'example.org' };

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
    await court.other('route53', 'CreateHostedZone', { Name: 'example.org', CallerReference: 'theirs' });
    await court.settle(props);
    const listed = await court.list(props);
    expect(listed.map(({ owner: whose }) => whose)).toEqual([undefined, owner]);
  });

  test('tells the name servers that go to the registrar', async () => {
    const court = new Court(hostedZone);
    const { outputs } = (await court.settle(props)) as { outputs: { nameServers?: string[] } };
    expect(outputs.nameServers).toHaveLength(4);
  });
});

describe('a private hosted zone', () => {
  const withPrivate = (): Court => {
    const court = new Court(hostedZone);
    seedHostedZone(court.simulated.world, { id: 'ZPRIVATE', name: 'example.com', private: true });
    return court;
  };

  test('is refused by its id, with what to do', async () => {
    await expect(hostedZoneLookup.lookup(withPrivate().aws, { zoneId: 'ZPRIVATE' })).rejects.toMatchObject({
      kind: 'rejected',
      facts: { field: 'spec.domain.zoneId', remedy: expect.stringContaining('public') as string },
    });
  });

  test('is passed over by its name', async () => {
    const court = withPrivate();
    await expect(hostedZoneLookup.lookup(court.aws, { name: 'example.com' })).rejects.toMatchObject({ kind: 'absent' });
    seedHostedZone(court.simulated.world, { id: 'ZPUBLIC', name: 'example.com' });
    expect(await hostedZoneLookup.lookup(court.aws, { name: 'example.com' })).toEqual({
      zoneId: 'ZPUBLIC',
      name: 'example.com',
    });
  });
});
