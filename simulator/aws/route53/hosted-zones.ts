import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import { usedReferences } from '../core/used-references.ts';
import type { Kind, World } from '../core/world.ts';
import { dotted, type RecordSet } from './records.ts';
import { refuseConflict, vpcNamed, type VpcInput, type ZoneVpc } from './zone-vpcs.ts';

export interface HostedZone {
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly tags: TagMap;
  readonly records: readonly RecordSet[];
  /** Only the VPCs that it is associated with see a private zone. */
  readonly private: boolean;
  readonly vpcs: readonly ZoneVpc[];
  /** The user's own, that was there before any store. */
  readonly seeded: boolean;
}

/** https://aws.amazon.com/route53/pricing/: half a dollar a month. */
export const hostedZones: Kind<HostedZone> = {
  type: 'route53/hosted-zone',
  tags: ({ tags }) => tags,
  exists: ({ seeded }) => !seeded,
  dollarsPerHour: () => 0.5 / 730,
};

/** Route 53 has no regions. */
export const zonesOf = (world: World): Collection<HostedZone> => world.collection('global', hostedZones);

const nameServers = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net', 'ns-3.awsdns-03.org', 'ns-4.awsdns-04.co.uk'];

const born = (name: string): RecordSet[] => [
  { name, type: 'NS', ttl: 172_800, values: nameServers.map((server) => `${server}.`), alias: undefined },
  {
    name,
    type: 'SOA',
    ttl: 900,
    values: [`${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
    alias: undefined,
  },
];

/** Puts a hosted zone of the user's own into the account. */
export function seedHostedZone(
  world: World,
  zone: { readonly id: string; readonly name: string; readonly private?: boolean },
): void {
  const { id, name } = zone;
  const records = born(dotted(name));
  zonesOf(world).put(id, {
    id,
    name: dotted(name),
    callerReference: id,
    comment: undefined,
    tags: {},
    records,
    private: zone.private ?? false,
    vpcs: [],
    seeded: true,
  });
}

export const bareId = (id: string): string => id.replace(/^\/?hostedzone\//, '');

export function zoneOf(world: World, id: string): HostedZone {
  const found = zonesOf(world).get(bareId(id));
  if (!found) throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${bareId(id)}`, 404);
  return found;
}

const told = (zone: HostedZone) => ({
  Id: `/hostedzone/${zone.id}`,
  Name: zone.name,
  CallerReference: zone.callerReference,
  Config: { PrivateZone: zone.private, ...(zone.comment === undefined ? {} : { Comment: zone.comment }) },
  ResourceRecordSetCount: zone.records.length,
});

const toldVpc = ({ id, region }: ZoneVpc) => ({ VPCRegion: region, VPCId: id });

const delegation = { DelegationSet: { NameServers: nameServers } };

interface CreateZone {
  readonly Name: string;
  readonly CallerReference: string;
  readonly HostedZoneConfig?: { readonly Comment?: string; readonly PrivateZone?: boolean };
  readonly VPC?: VpcInput;
  readonly DelegationSetId?: string;
}

function create(input: CreateZone, { world, now }: Request) {
  const all = zonesOf(world);
  const { CallerReference: callerReference } = input;
  const used = usedReferences(world, hostedZones.type);
  // "You must use a unique CallerReference string every time you submit a CreateHostedZone request." (API_CreateHostedZone)
  if (used.get(callerReference))
    throw new AwsError(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference: ${callerReference}.`,
      409,
    );
  if (!/^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z]{2,}\.?$/i.test(input.Name))
    throw new AwsError('InvalidDomainName', `The domain name ${input.Name} is not valid.`);
  if (input.DelegationSetId)
    throw new AwsError('InvalidInput', 'The simulator makes hosted zones without a delegation set only', 501);
  if (input.HostedZoneConfig?.PrivateZone && !input.VPC)
    throw new AwsError('InvalidInput', 'When you create a private hosted zone, you must specify a VPC.');
  const vpc = input.VPC && vpcNamed(world, input.VPC);
  if (vpc) refuseConflict(all.all(), dotted(input.Name), vpc);
  const id = `Z${world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 20)}`;
  const name = dotted(input.Name);
  const comment = input.HostedZoneConfig?.Comment;
  const zone = all.put(id, {
    id,
    name,
    callerReference,
    comment,
    tags: {},
    records: born(name),
    private: vpc !== undefined,
    vpcs: vpc ? [vpc] : [],
    seeded: false,
  });
  used.put(callerReference, { reference: callerReference });
  return {
    HostedZone: told(zone),
    ChangeInfo: { Id: `/change/C${id}`, Status: 'PENDING', SubmittedAt: new Date(now) },
    ...(vpc ? { VPC: toldVpc(vpc) } : delegation),
    Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${id}`,
  };
}

function page(zones: readonly HostedZone[], { world }: Request, start: number, maxItems: string | number | undefined) {
  const size = Math.min(Number(maxItems ?? 100), 100, world.pageSize);
  return { items: zones.slice(start, start + size), size, next: zones[start + size] };
}

/** The zones as lists tell them: as they were a read lag ago. */
const seenZones = ({ world, now }: Request): HostedZone[] =>
  zonesOf(world).asOf(world.readLagMillis > 0 ? now - world.readLagMillis : Infinity);

function list(
  input: { Marker?: string; MaxItems?: string | number; HostedZoneType?: 'PrivateHostedZone' },
  request: Request,
) {
  const zones = seenZones(request).filter((zone) => input.HostedZoneType === undefined || zone.private);
  const start = input.Marker === undefined ? 0 : zones.findIndex(({ id }) => id === input.Marker);
  if (start < 0) throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${input.Marker}`, 404);
  const { items, size, next } = page(zones, request, start, input.MaxItems);
  return {
    HostedZones: items.map(told),
    Marker: input.Marker ?? '',
    IsTruncated: next !== undefined,
    ...(next ? { NextMarker: next.id } : {}),
    MaxItems: String(size === Infinity ? 100 : size),
  };
}

const byName = (a: HostedZone, b: HostedZone): number => {
  const key = ({ name, id }: HostedZone) => `${name.split('.').reverse().join('.')} ${id}`;
  return key(a) < key(b) ? -1 : 1;
};

interface ListByName {
  readonly DNSName?: string;
  readonly HostedZoneId?: string;
  readonly MaxItems?: string | number;
}

function listByName(input: ListByName, request: Request) {
  const zones = seenZones(request).sort(byName);
  const from =
    input.DNSName === undefined
      ? ''
      : `${dotted(input.DNSName).split('.').reverse().join('.')} ${input.HostedZoneId ?? ''}`;
  const start = zones.findIndex(({ name, id }) => `${name.split('.').reverse().join('.')} ${id}` >= from);
  const { items, size, next } = page(zones, request, start < 0 ? zones.length : start, input.MaxItems);
  return {
    HostedZones: items.map(told),
    ...(input.DNSName === undefined ? {} : { DNSName: input.DNSName }),
    IsTruncated: next !== undefined,
    ...(next ? { NextDNSName: next.name, NextHostedZoneId: next.id } : {}),
    MaxItems: String(size),
  };
}

function remove({ Id }: { Id: string }, { world, now }: Request) {
  const zone = zoneOf(world, Id);
  if (zone.records.some(({ name, type }) => !(name === zone.name && (type === 'NS' || type === 'SOA'))))
    throw new AwsError(
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    );
  zonesOf(world).remove(zone.id);
  return { ChangeInfo: { Id: `/change/C${zone.id}`, Status: 'PENDING', SubmittedAt: new Date(now) } };
}

export const hostedZoneOperations: Operations = {
  CreateHostedZone: create,
  GetHostedZone: ({ Id }: { Id: string }, { world }) => {
    const zone = zoneOf(world, Id);
    return {
      HostedZone: told(zone),
      ...(zone.private ? {} : delegation),
      ...(zone.vpcs.length > 0 ? { VPCs: zone.vpcs.map(toldVpc) } : {}),
    };
  },
  ListHostedZones: list,
  ListHostedZonesByName: listByName,
  GetHostedZoneCount: (_input, { world }) => ({ HostedZoneCount: zonesOf(world).all().length }),
  UpdateHostedZoneComment: ({ Id, Comment }: { Id: string; Comment?: string }, { world }) => {
    const { id } = zoneOf(world, Id);
    return { HostedZone: told(zonesOf(world).change(id, { comment: Comment })) };
  },
  DeleteHostedZone: remove,
  GetDNSSEC: ({ HostedZoneId }: { HostedZoneId: string }, { world }) => {
    zoneOf(world, HostedZoneId);
    return { Status: { ServeSignature: 'NOT_SIGNING' }, KeySigningKeys: [] };
  },
  GetHostedZoneLimit: ({ Type, HostedZoneId }: { Type: string; HostedZoneId: string }, { world }) => ({
    Limit: { Type, Value: 10_000 },
    Count: zoneOf(world, HostedZoneId).records.length,
  }),
};
