import type { HostedZone, ResourceRecordSet, VPC, VPCRegion } from '@aws-sdk/client-route-53';
import { isDeepStrictEqual } from 'node:util';
import { sameDocument } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { plainName } from './names.ts';
import { changeRecords, isApex, recordSetsOf } from './records.ts';
import { asListed, commentOf, listedZones, retagZone, zoneTold } from './zones.ts';

/**
 * The names that a store has inside its VPC. The zone is the store's alone: its records are settings of it, as rules are
 * of a security group, and what somebody else puts into it is taken away.
 */
export interface PrivateZoneProps {
  /** In lower case, without a trailing dot. */
  readonly name: string;
  /** Who sees it. VPCs that somebody else lets see it are left alone. */
  readonly vpcs: readonly ZoneVpc[];
  readonly records: readonly WeightedRecord[];
}

export interface ZoneVpc {
  readonly vpcId: string;
  readonly region: string;
}

/** One of the answers to a name, as a CNAME. */
export interface WeightedRecord {
  readonly name: string;
  readonly target: string;
  /** Its share among the answers; with zero it is answered only where all answers have zero. */
  readonly weight: number;
  readonly ttlSeconds: number;
}

export interface PrivateZoneOutputs {
  readonly zoneId: string;
  readonly name: string;
}

type ZoneFound = Found<PrivateZoneProps, PrivateZoneOutputs>;

export const privateZone: ResourceType<PrivateZoneProps, PrivateZoneOutputs> = {
  name: 'route53/private-zone',
  fields: {
    name: 'fixed',
    vpcs: { mode: 'live', equal: (wanted, found) => missing(wanted, found).length === 0 },
    records: { mode: 'live', equal: sameDocument },
  },
  // A name goes before what it leads to.
  needs: ['ec2/vpc', 'rds/instance', 'rds/read-replica'],
  replace: 'create-first',
  once: 'name', // The caller reference: a second use is refused (HostedZoneAlreadyExists), and the next list tells whose it is.
  endedBy: 'DeleteHostedZone',
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    for await (const zones of listedZones(aws, scope, 'PrivateHostedZone')) yield zones.map(zoneTold);
  },

  detailed: ['vpcs', 'records'],

  async detail(aws, found, fields) {
    const wants = (name: 'vpcs' | 'records') => !fields || fields.has(name);
    const read = await orAbsent(
      Promise.all([
        wants('vpcs') ? vpcsOf(aws, found).then((vpcs) => ({ vpcs })) : {},
        wants('records') ? recordsIn(aws, found).then((records) => ({ records: records.map(recordTold) })) : {},
      ]),
    );
    return read && { props: Object.assign({}, ...read) as Partial<PrivateZoneProps> };
  },

  /** With the first of its VPCs, and no records yet: an update brings the rest. */
  async create(aws, props, birth) {
    const [first] = props.vpcs;
    const answer = await aws.route53('CreateHostedZone', {
      Name: props.name,
      CallerReference: birth.token,
      VPC: first && toVpc(first),
      HostedZoneConfig: { Comment: commentOf(birth), PrivateZone: true },
    });
    const found = zoneTold(asListed(answer.HostedZone as HostedZone, birth.owner));
    await retagZone(aws, found, birth.tags);
    return { ...found, props: { ...found.props, vpcs: first ? [first] : [], records: [] } };
  },

  async update(aws, found, props, fields) {
    // As they are now: a VPC that sees the zone already is refused (ConflictingDomainExists).
    if (fields.has('vpcs'))
      for (const one of missing(props.vpcs, await vpcsOf(aws, found)))
        await aws.route53('AssociateVPCWithHostedZone', { HostedZoneId: found.id, VPC: toVpc(one) });
    if (fields.has('records')) await setRecords(aws, found, props.records);
  },

  async delete(aws, found) {
    await setRecords(aws, found, []);
    await orAbsent(aws.route53('DeleteHostedZone', { Id: found.id }));
  },

  retag: retagZone,
};

/** In one batch: at no moment does a name lack an answer that it had before and has after. */
async function setRecords(aws: Aws, found: ZoneFound, wanted: readonly WeightedRecord[]): Promise<void> {
  const isIn = (list: readonly WeightedRecord[], one: WeightedRecord) =>
    list.some((other) => isDeepStrictEqual(other, one));
  const { records: known } = found.props;
  // What goes has to be named value for value; what only comes does not: Route 53 refuses what is there already.
  const isOnlyMore = wanted.length > 0 && known?.every((one) => isIn(wanted, one));
  const standing = known && isOnlyMore ? known.map(asRecord) : await recordsIn(aws, found);
  const has = standing.map(recordTold);
  const outdated = standing.filter((_, at) => !isIn(wanted, has[at] as WeightedRecord));
  const changes = [
    ...outdated.map((one) => ({ Action: 'DELETE' as const, ResourceRecordSet: one })),
    ...wanted
      .filter((one) => !isIn(has, one))
      .map((one) => ({ Action: 'CREATE' as const, ResourceRecordSet: asRecord(one) })),
  ];
  if (changes.length > 0) await changeRecords(aws, found.id, changes);
}

const vpcsOf = async (aws: Aws, { id: Id }: ZoneFound): Promise<ZoneVpc[]> =>
  ((await aws.route53('GetHostedZone', { Id })).VPCs ?? []).map(vpcTold);

/** All but what makes it a zone. */
async function recordsIn(aws: Aws, { id, props }: ZoneFound): Promise<ResourceRecordSet[]> {
  return (await recordSetsOf(aws, id)).filter((record) => !isApex(props.name ?? '', record));
}

/** A record that is none of ours lacks a weight, or has another type or more than one value: it equals no wanted one. */
function recordTold(record: ResourceRecordSet): WeightedRecord {
  const { Name = '', Type, SetIdentifier, Weight, TTL, ResourceRecords = [], AliasTarget } = record;
  const values = AliasTarget ? [`alias ${AliasTarget.DNSName}`] : ResourceRecords.map(({ Value = '' }) => Value);
  const target = plainName(values.join(' '));
  const isOurs = Type === 'CNAME' && SetIdentifier === target;
  return {
    name: plainName(Name),
    target: isOurs ? target : `${Type} ${target}`,
    weight: Weight as number,
    ttlSeconds: TTL as number,
  };
}

/** What tells one answer from the others is where it leads. */
const asRecord = ({ name, target, weight, ttlSeconds }: WeightedRecord): ResourceRecordSet => ({
  ...{ Name: name, Type: 'CNAME', SetIdentifier: target, Weight: weight, TTL: ttlSeconds },
  ResourceRecords: [{ Value: target }],
});

const toVpc = ({ vpcId, region }: ZoneVpc): VPC => ({ VPCId: vpcId, VPCRegion: region as VPCRegion });
const vpcTold = ({ VPCId: vpcId = '', VPCRegion: region = '' as VPCRegion }: VPC): ZoneVpc => ({ vpcId, region });

const missing = (wanted: readonly ZoneVpc[], found: readonly ZoneVpc[]): ZoneVpc[] =>
  wanted.filter((one) => !found.some(({ vpcId, region }) => vpcId === one.vpcId && region === one.region));
