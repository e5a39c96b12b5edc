import { beforeEach, describe, expect, test } from 'vitest';
import { resolve, resolveWithin } from '../../../../simulator/aws/route53/resolve.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

const region = 'eu-central-1';
const name = 'reader.acme.internal';
let aws: SimulatedAws;
let vpcId: string;
const route53 = <T = unknown>(operation: string, input: object) =>
  callsTo(aws, 'route53')(operation, input as never) as unknown as Promise<T>;
const ec2 = <T = unknown>(operation: string, input: object) =>
  callsTo(aws, 'ec2')(operation, input as never) as unknown as Promise<T>;

async function makeVpc(): Promise<string> {
  const { Vpc } = await ec2<{ Vpc: { VpcId: string } }>('CreateVpc', { CidrBlock: '10.0.0.0/16' });
  await ec2('ModifyVpcAttribute', { VpcId: Vpc.VpcId, EnableDnsHostnames: { Value: true } });
  return Vpc.VpcId;
}

const inVpc = (VPCId: string) => ({ VPCId, VPCRegion: region });

interface Made {
  readonly HostedZone: { readonly Id: string };
}

/** As the SDKs send it: without the folder that Route 53 puts before it. */
const idOf = ({ HostedZone }: Made): string => HostedZone.Id.replace('/hostedzone/', '');

async function makeZone(Name: string, VPCId: string, more: object = {}): Promise<string> {
  const asked = { Name, CallerReference: `${Name} of ${VPCId}`, VPC: inVpc(VPCId), ...more };
  return idOf(await route53<Made>('CreateHostedZone', asked));
}

const weighted = (SetIdentifier: string, Weight: number, Value: string) => ({
  ...{ Name: name, Type: 'CNAME', SetIdentifier, Weight, TTL: 5, ResourceRecords: [{ Value }] },
});
const simple = { Name: name, Type: 'CNAME', TTL: 5, ResourceRecords: [{ Value: 'one.example.net' }] };

const change = (HostedZoneId: string, ...changes: readonly (readonly [string, object])[]) =>
  route53('ChangeResourceRecordSets', {
    HostedZoneId,
    ChangeBatch: { Changes: changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet })) },
  });

beforeEach(async () => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
  vpcId = await makeVpc();
});

describe('a private hosted zone', () => {
  test('tells its VPCs instead of name servers, and is listed with the private ones and by its VPC', async () => {
    const Id = await makeZone('acme.internal', vpcId);
    await route53('CreateHostedZone', { Name: 'example.com', CallerReference: 'public' });
    const told = await route53<object>('GetHostedZone', { Id });
    expect(told).toMatchObject({ HostedZone: { Config: { PrivateZone: true } }, VPCs: [inVpc(vpcId)] });
    expect(told).not.toHaveProperty('DelegationSet');
    const listed = await route53('ListHostedZones', { HostedZoneType: 'PrivateHostedZone' });
    expect(listed).toMatchObject({ HostedZones: [{ Id: `/hostedzone/${Id}` }] });
    expect((listed as { HostedZones: object[] }).HostedZones).toHaveLength(1);
    expect(await route53('ListHostedZonesByVPC', inVpc(vpcId))).toMatchObject({
      HostedZoneSummaries: [{ HostedZoneId: Id, Name: 'acme.internal.' }],
    });
  });

  test('is for a VPC that exists, and the only one of its name there', async () => {
    await expect(makeZone('acme.internal', 'vpc-00000000000000000')).rejects.toMatchObject({ code: 'InvalidVPCId' });
    await makeZone('acme.internal', vpcId);
    const again = makeZone('acme.internal', vpcId, { CallerReference: 'another' });
    await expect(again).rejects.toMatchObject({ code: 'ConflictingDomainExists' });
    await makeZone('shop.acme.internal', vpcId);
    await makeZone('acme.internal', await makeVpc());
  });

  test('keeps one VPC at least', async () => {
    const HostedZoneId = await makeZone('acme.internal', vpcId);
    const take = (VPCId: string) => route53('DisassociateVPCFromHostedZone', { HostedZoneId, VPC: inVpc(VPCId) });
    await expect(take(vpcId)).rejects.toMatchObject({ code: 'LastVPCAssociation' });
    const other = await makeVpc();
    await expect(take(other)).rejects.toMatchObject({ code: 'VPCAssociationNotFound' });
    await route53('AssociateVPCWithHostedZone', { HostedZoneId, VPC: inVpc(other) });
    await take(vpcId);
    expect(await route53('GetHostedZone', { Id: HostedZoneId })).toMatchObject({ VPCs: [inVpc(other)] });
  });

  test('that is public has no VPCs', async () => {
    const HostedZoneId = idOf(
      await route53<Made>('CreateHostedZone', { Name: 'example.com', CallerReference: 'public' }),
    );
    const asked = route53('AssociateVPCWithHostedZone', { HostedZoneId, VPC: inVpc(vpcId) });
    await expect(asked).rejects.toMatchObject({ code: 'PublicZoneVPCAssociation' });
  });

  test('is seen in its VPCs and nowhere else, and only with both DNS settings on', async () => {
    await change(await makeZone('acme.internal', vpcId), ['CREATE', simple]);
    const other = await makeVpc();
    const seenIn = (id: string) => resolveWithin(aws.world, { id, region }, name);
    expect(seenIn(vpcId)).toEqual(['one.example.net']);
    expect(seenIn(other)).toEqual([]);
    expect(resolve(aws.world, name)).toEqual([]);
    await ec2('ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: false } });
    expect(seenIn(vpcId)).toEqual([]);
  });
});

describe('weighted records', () => {
  let zone: string;
  const answers = () => resolveWithin(aws.world, { id: vpcId, region }, name);
  beforeEach(async () => {
    zone = await makeZone('acme.internal', vpcId);
  });

  test('answer in turn; a weight of zero answers when there is no other', async () => {
    await change(zone, ['CREATE', weighted('primary', 0, 'p.example.net')]);
    expect(answers()).toEqual(['p.example.net']);
    await change(
      zone,
      ['CREATE', weighted('1', 1, 'one.example.net')],
      ['CREATE', weighted('2', 1, 'two.example.net')],
    );
    expect(answers()).toEqual(['one.example.net', 'two.example.net']);
    await change(zone, ['DELETE', weighted('1', 1, 'one.example.net')]);
    expect(answers()).toEqual(['two.example.net']);
  });

  test('are told one by one, page by page, in the order of their set identifiers', async () => {
    await change(zone, ['CREATE', weighted('b', 1, 'b.example.net')], ['CREATE', weighted('a', 1, 'a.example.net')]);
    const first = await route53('ListResourceRecordSets', {
      ...{ HostedZoneId: zone, StartRecordName: name, MaxItems: '1' },
    });
    expect(first).toMatchObject({
      ResourceRecordSets: [weighted('a', 1, 'a.example.net')].map((one) => ({ ...one, Name: `${name}.` })),
      ...{ IsTruncated: true, NextRecordName: `${name}.`, NextRecordType: 'CNAME', NextRecordIdentifier: 'b' },
    });
    const next = { StartRecordName: name, StartRecordType: 'CNAME', StartRecordIdentifier: 'b' };
    expect(await route53('ListResourceRecordSets', { HostedZoneId: zone, ...next })).toMatchObject({
      ResourceRecordSets: [{ SetIdentifier: 'b' }],
      IsTruncated: false,
    });
  });

  test('stand beside none that is simple, and need both a weight and a set identifier', async () => {
    const { SetIdentifier, Weight, ...bare } = weighted('a', 1, 'a.example.net');
    const refused = { code: 'InvalidChangeBatch' };
    await expect(change(zone, ['CREATE', { ...bare, Weight }])).rejects.toMatchObject(refused);
    await expect(change(zone, ['CREATE', { ...bare, SetIdentifier }])).rejects.toMatchObject(refused);
    await change(zone, ['CREATE', simple]);
    const beside = change(zone, ['CREATE', weighted('a', 1, 'a.example.net')]);
    await expect(beside).rejects.toMatchObject(refused);
    await change(zone, ['DELETE', simple], ['CREATE', weighted('a', 1, 'a.example.net')]);
    await expect(change(zone, ['CREATE', simple])).rejects.toMatchObject(refused);
  });

  test('are deleted by their weight too', async () => {
    await change(zone, ['CREATE', weighted('a', 1, 'a.example.net')]);
    const wrong = change(zone, ['DELETE', weighted('a', 2, 'a.example.net')]);
    await expect(wrong).rejects.toMatchObject({ code: 'InvalidChangeBatch' });
  });
});
