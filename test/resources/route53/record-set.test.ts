import { describe, expect, test } from 'vitest';
import { heritageName, heritageValue, ownerFromHeritage } from '../../../operator/resources/route53/heritage.ts';
import { recordSet, type RecordSetProps } from '../../../operator/resources/route53/record-set.ts';
import { resolve } from '../../../simulator/aws/route53/resolve.ts';
import { seedHostedZone } from '../../../simulator/aws/route53/hosted-zones.ts';
import { Court, owner } from '../laws.ts';

const zoneId = 'Z0000000000000000TEST';
const props: RecordSetProps = {
  zoneId,
  name: 'shop.example.com',
  type: 'CNAME',
  values: ['ours.example.net'],
  ttlSeconds: 300,
};
const theirs = { Name: props.name, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: 'theirs.example.net' }] };
const ours = { ...theirs, TTL: 300, ResourceRecords: [{ Value: 'ours.example.net' }] };
const mark = {
  Name: heritageName(props.name, props.type),
  Type: 'TXT',
  TTL: 300,
  ResourceRecords: [{ Value: heritageValue(owner) }],
};

/** A zone, and somebody else who may write to it. */
function inZone() {
  const court = new Court(recordSet);
  seedHostedZone(court.simulated.world, { id: zoneId, name: 'example.com' });
  const by = (...changes: readonly (readonly [string, object])[]) => {
    const Changes = changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet }));
    return court.other('route53', 'ChangeResourceRecordSets', { HostedZoneId: zoneId, ChangeBatch: { Changes } });
  };
  return { court, by, answers: () => resolve(court.simulated.world, props.name, 'CNAME') };
}

describe('a record set', () => {
  test('that somebody removed comes back, although its mark has stayed', async () => {
    const { court, by, answers } = inZone();
    await court.settle(props);
    await by(['DELETE', ours]);
    expect(answers()).toEqual([]);
    const [found] = await court.own(props);
    expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['values', 'ttlSeconds'] });
    await court.settle(props);
    expect(answers()).toEqual(['ours.example.net']);
  });

  test('that somebody removed leaves no mark behind when it is deleted', async () => {
    const { court, by } = inZone();
    const found = await court.settle(props);
    await by(['DELETE', ours]);
    await recordSet.delete(court.aws, found as never);
    expect(await court.list(props)).toEqual([]);
  });

  test('that lists do not tell yet is deleted as it was made', async () => {
    const { court, answers } = inZone();
    court.simulated.world.readLagMillis = 50_000;
    const made = await recordSet.create(court.aws, props, court.birth());
    await recordSet.delete(court.aws, made as never);
    court.clock.advance(60_000);
    expect([await court.list(props), answers()]).toEqual([[], []]);
  });

  test('that lists do not tell yet and somebody wrote to keeps its mark, however long one of two readings waits', async () => {
    const { court, by, answers } = inZone();
    court.simulated.world.readLagMillis = 50_000;
    const made = await recordSet.create(court.aws, props, court.birth());
    await by(['UPSERT', theirs]);
    court.clock.advance(35_000);
    const { aws } = court;
    let turn: Promise<unknown> = Promise.resolve();
    // One call every ten seconds: of two at once the second waits.
    const route53 = (operation: string, input: object) =>
      (turn = turn
        .catch(() => undefined)
        .then(() => aws.route53(operation as never, input as never))
        .finally(() => {
          court.clock.advance(10_000);
        }));
    const paced = { ...aws, route53 };
    await recordSet.delete(paced as never, made as never);
    court.clock.advance(60_000);
    const [found] = await court.own(props);
    expect([found?.owner?.uid, answers()]).toEqual([owner.uid, ['theirs.example.net']]);
    await recordSet.delete(court.aws, made as never);
    court.clock.advance(60_000);
    expect([await court.list(props), answers()]).toEqual([[], []]);
  });

  test('whose mark is gone is foreign: neither changed nor deleted', async () => {
    const { court, by, answers } = inZone();
    const found = await court.settle(props);
    await by(['DELETE', mark], ['UPSERT', theirs]);
    const update = recordSet.update(court.aws, found as never, props, new Set(['values']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    await recordSet.delete(court.aws, found as never);
    expect(answers()).toEqual(['theirs.example.net']);
    expect(await court.list(props)).toMatchObject([{ owner: undefined }]);
  });

  test("marked for another store is that store's", async () => {
    const { court, by, answers } = inZone();
    const found = await court.settle(props);
    const other = { ...mark, ResourceRecords: [{ Value: heritageValue({ ...owner, uid: 'another' }) }] };
    await by(['UPSERT', other]);
    await recordSet.delete(court.aws, found as never);
    expect(answers()).toEqual(['ours.example.net']);
    expect(await court.list(props)).toMatchObject([{ owner: { uid: 'another' } }]);
  });

  test('is not written over what stood there between the look and the creation', async () => {
    const { court, by, answers } = inZone();
    await by(['CREATE', theirs]);
    await expect(recordSet.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'foreign' });
    expect(answers()).toEqual(['theirs.example.net']);
    expect((await court.list(props)).map(({ id }) => id)).toEqual([`${zoneId}/shop.example.com/CNAME`]);
  });

  test('that another type of record stands in the way of is rejected, and both are named', async () => {
    const { court, by } = inZone();
    await by(['CREATE', theirs]);
    const address = { zoneId, name: props.name, type: 'A', values: ['192.0.2.1'], ttlSeconds: 60 };
    await expect(recordSet.create(court.aws, address, court.birth())).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('RRSet of type A with DNS name shop.example.com. is not permitted') as string,
    });
    expect(await court.list(props)).toMatchObject([{ owner: undefined, props: { type: 'CNAME' } }]);
  });

  test('that is written to while it is being deleted is busy, and stays until the next look', async () => {
    const { court } = inZone();
    const found = await court.settle(props);
    const message =
      "[Tried to delete resource record set [name='shop.example.com.', type='CNAME'] but the values provided do not match the current values]";
    const operation = 'ChangeResourceRecordSets';
    court.simulated.world.faults.add({ operation, count: 2, error: { code: 'InvalidChangeBatch', message } });
    await expect(recordSet.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'busy' });
    await recordSet.delete(court.aws, found as never);
    expect(await court.list(props)).toEqual([]);
  });

  test('whose mark nobody can read is told, so that it stops no one unseen', async () => {
    const { court, by } = inZone();
    await by(['CREATE', { ...mark, ResourceRecords: [{ Value: '"something else"' }] }]);
    expect(await court.list(props)).toMatchObject([{ key: recordSet.key?.(props, ''), owner: undefined }]);
  });

  test('is deleted as it stands, whatever was written into it since the last look', async () => {
    const { court, by } = inZone();
    const found = await court.settle(props);
    await by(['UPSERT', theirs]);
    await recordSet.delete(court.aws, found as never);
    expect(await court.list(props)).toEqual([]);
  });

  test('for every name of a domain reads back under the name it was asked for', async () => {
    const { court } = inZone();
    const wildcard = { ...props, name: '*.example.com' };
    await court.settle(wildcard);
    expect((await court.own(wildcard)).map(({ props: read }) => read)).toMatchObject([{ name: '*.example.com' }]);
  });
});

describe('the mark of a record', () => {
  test('says whose it is, however long', () => {
    const long = {
      ...owner,
      namespace: 'n'.repeat(63),
      name: 'm'.repeat(63),
      node: `domain/${'x'.repeat(90)}`,
    } as const;
    const strings = heritageValue(long).match(/"[^"]*"/g) ?? [];
    expect(strings.every((text) => text.length <= 257)).toBe(true);
    expect(ownerFromHeritage(heritageValue(long))).toEqual(long);
  });

  test('adds a label and lengthens none', () => {
    const label = 'a'.repeat(63);
    expect(heritageName(`${label}.example.com`, 'AAAA').split('.')).toEqual(['_ecom-aaaa', label, 'example', 'com']);
  });
});
