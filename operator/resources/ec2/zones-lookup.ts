import { Fault } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { LookupType } from '../../model/resource-type.ts';

/**
 * Which zones a store goes to: of those that AWS calls available, those that have machines of its first instance type. One
 * that has subnets stays in their zones, whatever becomes of these.
 */
export interface ZonesLookupProps {
  readonly instanceTypes: readonly string[];
  readonly count: number;
  /** The user's own choice, in this order. */
  readonly zoneNames?: readonly string[];
  /** The zones of the subnets that there are, for each zone of the store: they lie in one. */
  readonly homes?: readonly (readonly string[])[];
  /** What its instances are made from until now, at most one: only for another one the zones that it is in are asked. */
  readonly typesNow?: readonly string[];
  /** Zones that lack something which the store needs. */
  readonly unsuited?: UnsuitedZones;
  /** The ids of zones that are taken only where no others are left: they lack what the store may need one day. */
  readonly avoided?: readonly string[];
}

/** By their ids, which mean the same place in every account; the names do not. */
export interface UnsuitedZones {
  readonly zoneIds: readonly string[];
  /** What they lack, as the end of a sentence: `zone us-east-1b (use1-az3) has no …`. */
  readonly lack: string;
}

export interface ZonesLookupOutputs {
  readonly zone0: string;
  readonly zone1: string;
  readonly zone2?: string;
  readonly zone3?: string;
  /** What AWS says of those that it does not call available, as `zone eu-central-1b is impaired`. */
  readonly out: readonly string[];
}

export const zonesLookup: LookupType<ZonesLookupProps, ZonesLookupOutputs> = {
  name: 'ec2/zones-lookup',
  scope: 'regional',

  async lookup(aws, props) {
    const [type = ''] = props.instanceTypes;
    const lived = (props.homes ?? []).flatMap(([zone]) => zone ?? []);
    const isNewType = !props.typesNow?.includes(type);
    const isNew = lived.length < props.count;
    const [known, offering] = await Promise.all([
      zonesOf(aws),
      isNew || isNewType ? zonesOffering(aws, type) : undefined,
    ]);
    const poor = isNewType ? lived.find((zone) => !offering?.has(zone)) : undefined;
    const chosen = isNew ? choose(props, known, offering as Set<string>) : lived;
    const out = chosen.filter((zone) => stateOf(known, zone) !== 'available');
    const [zone0 = '', zone1 = '', zone2, zone3] = chosen;
    const answer = { zone0, zone1, zone2, zone3, out: out.map((zone) => `zone ${zone} is ${stateOf(known, zone)}`) };
    if (poor !== undefined)
      throw new Fault('rejected', `zone ${poor}, in which the store has subnets, has no ${type}`, {
        ...{ field: 'spec.compute.instanceTypes', remedy: 'put another instance type first', answer },
      });
    return answer;
  },

  notice: ({ out }) =>
    out.length === 0
      ? undefined
      : {
          reason: 'ZoneOut',
          message: `AWS says that ${out.join(', ')}; the store stays in it (docs/operating.md, "A zone fails")`,
        },
};

interface Zone {
  /** It means the same place in every account; the name does not. */
  readonly id: string;
  readonly state: string;
}

const stateOf = (known: ReadonlyMap<string, Zone>, zone: string): string => known.get(zone)?.state ?? 'unknown';

/** The zones of a store that lacks some of its subnets: where it has any, there; else where it finds all that it needs. */
function choose(
  props: ZonesLookupProps,
  known: ReadonlyMap<string, Zone>,
  offering: ReadonlySet<string>,
): readonly string[] {
  const { zoneNames, homes = [], count, unsuited, avoided } = props;
  const [type = ''] = props.instanceTypes;
  const lacks = (name: string): string | undefined => {
    const zone = known.get(name);
    if (!zone) return 'is not open in this region';
    if (zone.state !== 'available') return `is ${zone.state}`;
    if (unsuited?.zoneIds.includes(zone.id)) return `(${zone.id}) has no ${unsuited.lack}`;
    return offering.has(name) ? undefined : `has no ${type}`;
  };
  const good = [...known.keys()].filter((zone) => lacks(zone) === undefined);
  const isAvoided = (zone: string): boolean => avoided?.includes(known.get(zone)?.id ?? '') ?? false;
  const liked = [...good.filter((zone) => !isAvoided(zone)), ...good.filter(isAvoided)];
  const lived = homes.flatMap(([zone]) => zone ?? []);
  const free = liked
    .filter((zone) => !lived.includes(zone))
    .slice(0, count - lived.length)
    .sort();
  const others = zoneNames ? zoneNames.filter((zone) => !lived.includes(zone)) : free;
  const bad = others.find((zone) => !good.includes(zone));
  if (bad !== undefined)
    throw new Fault('rejected', `zone ${bad} ${lacks(bad)}`, {
      field: 'spec.network.zoneNames',
      remedy: `choose among ${good.join(', ') || 'the zones of another region'}, or another first instance type`,
    });
  if (lived.length + others.length < count) throw tooFew(count, good, known, lacks);
  return Array.from({ length: count }, (_, place) => homes[place]?.[0] ?? zoneNames?.[place] ?? others.shift() ?? '');
}

function tooFew(
  count: number,
  good: readonly string[],
  known: ReadonlyMap<string, Zone>,
  lacks: (zone: string) => string | undefined,
): Fault {
  const bad = [...known.keys()].filter((zone) => !good.includes(zone));
  if (bad.length === 0)
    return new Fault('rejected', `the region has ${good.length} zones (${good.join(', ')}), ${count} are wanted`, {
      field: 'spec.network.zones',
      remedy: `ask for ${good.length} at most`,
    });
  const out = bad.filter((zone) => stateOf(known, zone) !== 'available');
  const why = bad.map((zone) => `${zone} ${lacks(zone)}`).join(', ');
  return new Fault('rejected', `only ${good.length} zones will do (${good.join(', ')}), ${count} are wanted: ${why}`, {
    field: 'spec.compute.instanceTypes',
    remedy: `${out.length > 0 ? `wait until AWS calls ${out.join(', ')} available, ` : ''}put another instance type first, or ask for fewer zones`,
  });
}

/** By name, whatever state they are in. */
async function zonesOf(aws: Aws): Promise<Map<string, Zone>> {
  // Local and Wavelength zones, which most of EC2 cannot use alike, are not asked for.
  const { AvailabilityZones = [] } = await aws.ec2('DescribeAvailabilityZones', {
    Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }],
  });
  const named = AvailabilityZones.map(
    ({ ZoneName = '', ZoneId: id = '', State: state = 'unknown' }) => [ZoneName, { id, state }] as const,
  );
  return new Map(named.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function zonesOffering(aws: Aws, type: string): Promise<Set<string>> {
  const zones = new Set<string>();
  const Filters = [{ Name: 'instance-type', Values: [type] }];
  const read = (NextToken?: string) =>
    aws.ec2('DescribeInstanceTypeOfferings', { LocationType: 'availability-zone', Filters, NextToken });
  for await (const { InstanceTypeOfferings = [] } of pages(read, (answer) => answer.NextToken))
    for (const { Location = '' } of InstanceTypeOfferings) zones.add(Location);
  return zones;
}
