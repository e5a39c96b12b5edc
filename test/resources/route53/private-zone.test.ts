import { describe, expect, test } from 'vitest';
import { privateZone, type PrivateZoneProps } from '../../../operator/resources/route53/private-zone.ts';
import { resolveWithin } from '../../../simulator/aws/route53/resolve.ts';
import { Court, laws, owner, region } from '../laws.ts';

const name = 'acme.shops.ecom.internal';
const reader = `reader.${name}`;
const leads = (target: string, weight: number) => ({ name: reader, target, weight, ttlSeconds: 5 });

async function makeVpc(court: Court): Promise<string> {
  const { Vpc } = await court.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  await court.other('ec2', 'ModifyVpcAttribute', { VpcId: Vpc.VpcId, EnableDnsHostnames: { Value: true } });
  return Vpc.VpcId;
}

const ground = async (court: Court): Promise<PrivateZoneProps> => ({
  name,
  vpcs: [{ vpcId: await makeVpc(court), region }],
  records: [leads('primary.example.net', 0), leads('one.example.net', 1)],
});

laws(privateZone, {
  ground,
  live: {
    records: ({ records }) => [...records, leads('two.example.net', 1)],
  },
  // What others let see it is left alone.
  notDrifted: ['vpcs'],
  fixed: { name: 'other.shops.ecom.internal' },
});

/** A zone that has settled, what its name leads to, and somebody else who may write to it. */
async function settled() {
  const court = new Court(privateZone);
  const props = await ground(court);
  const found = await court.settle(props);
  const by = (...changes: readonly (readonly [string, object])[]) =>
    court.other('route53', 'ChangeResourceRecordSets', {
      HostedZoneId: found.id,
      ChangeBatch: { Changes: changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet })) },
    });
  const vpcId = props.vpcs[0]?.vpcId ?? '';
  const answers = () => resolveWithin(court.simulated.world, { id: vpcId, region }, reader);
  const holds = () => court.other('route53', 'ListResourceRecordSets', { HostedZoneId: found.id });
  return { court, props, found, by, answers, holds };
}

const record = (SetIdentifier: string, Value: string, more: object = {}) => ({
  ...{ Name: reader, Type: 'CNAME', SetIdentifier, Weight: 1, TTL: 5, ResourceRecords: [{ Value }] },
  ...more,
});

describe('a private hosted zone', () => {
  test('leads to what has a weight, and to the rest only while there is no other', async () => {
    const { court, props, answers } = await settled();
    expect(answers()).toEqual(['one.example.net']);
    await court.settle({ ...props, records: [leads('primary.example.net', 0)] });
    expect(answers()).toEqual(['primary.example.net']);
  });

  test('changes its records in one call, so that its names never lack an answer', async () => {
    const { court, props } = await settled();
    const before = court.cloud.writes().length;
    await court.settle({ ...props, records: [leads('two.example.net', 1), leads('three.example.net', 1)] });
    expect(court.writesSince(before)).toEqual(['route53:ChangeResourceRecordSets']);
  });

  test.each<[string, (by: Awaited<ReturnType<typeof settled>>['by']) => Promise<unknown>]>([
    ['one more answer', (by) => by(['CREATE', record('theirs', 'theirs.example.net')])],
    ['an answer that leads elsewhere', (by) => by(['UPSERT', record('one.example.net', 'theirs.example.net')])],
    ['another weight', (by) => by(['UPSERT', record('one.example.net', 'one.example.net', { Weight: 0 })])],
    ['a longer time to live', (by) => by(['UPSERT', record('one.example.net', 'one.example.net', { TTL: 3600 })])],
    ['no answer', (by) => by(['DELETE', record('one.example.net', 'one.example.net')])],
    ['a name of theirs', (by) => by(['CREATE', { ...simple, Name: `theirs.${name}` }])],
    [
      'an address instead of all answers',
      (by) =>
        by(
          ['DELETE', record('one.example.net', 'one.example.net')],
          ['DELETE', record('primary.example.net', 'primary.example.net', { Weight: 0 })],
          ['CREATE', { ...simple, Type: 'A', ResourceRecords: [{ Value: '192.0.2.66' }] }],
        ),
    ],
  ])('is set back when somebody gives it %s', async (_what, drift) => {
    const { court, props, by, answers, holds } = await settled();
    const before = await holds();
    await drift(by);
    const [found] = await court.own(props);
    expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['records'] });
    await court.settle(props);
    expect(answers()).toEqual(['one.example.net']);
    expect(await holds()).toEqual(before);
  });

  test('goes with every record in it', async () => {
    const { court, props, found, by } = await settled();
    await by(['CREATE', { ...simple, Name: `theirs.${name}` }]);
    await privateZone.delete(court.aws, found as never);
    expect(await court.list(props)).toEqual([]);
  });

  test('is seen in a VPC that was made again, and stays seen where somebody else has let it be', async () => {
    const { court, props, found } = await settled();
    const [ours, theirs] = [await makeVpc(court), await makeVpc(court)];
    const theirVpc = { VPCId: theirs, VPCRegion: region };
    await court.other('route53', 'AssociateVPCWithHostedZone', { HostedZoneId: found.id, VPC: theirVpc });
    await court.settle({ ...props, vpcs: [{ vpcId: ours, region }] });
    const [now] = (await court.own(props)) as unknown as [{ props: PrivateZoneProps }];
    expect(now.props.vpcs.map(({ vpcId }) => vpcId)).toEqual(expect.arrayContaining([ours, theirs]));
  });

  test('is ours from its first moment, also when its tags never arrived', async () => {
    const court = new Court(privateZone);
    const props = await ground(court);
    court.simulated.world.faults.add({ operation: 'ChangeTagsForResource', count: 1, error: 'reset' });
    await expect(privateZone.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'transient' });
    expect(await court.own(props)).toMatchObject([{ owner, props: { name } }]);
  });

  test('that another one of its name keeps out of the VPC waits until people have chosen', async () => {
    const court = new Court(privateZone);
    const props = await ground(court);
    const [vpc] = props.vpcs;
    await court.other('route53', 'CreateHostedZone', {
      ...{ Name: name, CallerReference: 'theirs', VPC: { VPCId: vpc?.vpcId, VPCRegion: region } },
    });
    await expect(privateZone.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'foreign' });
  });

  test('is associated once with a VPC, although the answer to the first time was lost', async () => {
    const { court, props, found } = await settled();
    const wanted = { ...props, vpcs: [{ vpcId: await makeVpc(court), region }] };
    const [before] = await court.own(props);
    court.simulated.world.faults.add({
      operation: 'AssociateVPCWithHostedZone',
      count: 1,
      error: 'reset',
      when: 'after',
    });
    const associate = () =>
      privateZone.update(court.aws, before as never, wanted, new Set<keyof PrivateZoneProps>(['vpcs']));
    await expect(associate()).rejects.toMatchObject({ kind: 'transient' });
    await associate();
    expect(await court.own(props)).toMatchObject([{ id: found.id, props: { vpcs: [...props.vpcs, ...wanted.vpcs] } }]);
  });
});

const simple = { Name: reader, Type: 'CNAME', TTL: 5, ResourceRecords: [{ Value: 'theirs.example.net' }] };
