import { Fault } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { LookupType } from '../../model/resource-type.ts';

/** Which zones of the region a store goes to: those that have machines of its first instance type. */
export interface ZonesLookupProps {
  readonly instanceTypes: readonly string[];
  readonly count: number;
  /** The user's own choice, in this order. */
  readonly zoneNames?: readonly string[];
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
}

export const zonesLookup: LookupType<ZonesLookupProps, ZonesLookupOutputs> = {
  name: 'ec2/zones-lookup',
  scope: 'regional',

  async lookup(aws, props) {
    const [type = ''] = props.instanceTypes;
    const [open, offering] = await Promise.all([openZones(aws), zonesOffering(aws, type)]);
    const lacks = (zone: string): string | undefined => {
      const id = open.get(zone);
      if (id === undefined) return 'is not open in this region';
      if (props.unsuited?.zoneIds.includes(id)) return `(${id}) has no ${props.unsuited.lack}`;
      return offering.has(zone) ? undefined : `has no ${type}`;
    };
    const good = [...open.keys()].filter((zone) => lacks(zone) === undefined);
    const isAvoided = (zone: string): boolean => props.avoided?.includes(open.get(zone) ?? '') ?? false;
    const liked = [...good.filter((zone) => !isAvoided(zone)), ...good.filter(isAvoided)];
    const chosen = props.zoneNames ?? liked.slice(0, props.count).sort();
    const bad = chosen.find((zone) => !good.includes(zone));
    if (bad !== undefined)
      throw new Fault('rejected', `zone ${bad} ${lacks(bad)}`, {
        field: 'spec.network.zoneNames',
        remedy: `choose among ${good.join(', ') || 'the zones of another region'}, or another first instance type`,
      });
    if (chosen.length < props.count) {
      const others = [...open.keys()].filter((zone) => !good.includes(zone)).map((zone) => `${zone} ${lacks(zone)}`);
      throw new Fault(
        'rejected',
        `only ${good.length} zones will do (${good.join(', ')}), ${props.count} are wanted: ${others.join(', ')}`,
        {
          field: 'spec.compute.instanceTypes',
          remedy: 'put another instance type first, or ask for fewer zones',
        },
      );
    }
    const [zone0 = '', zone1 = '', zone2, zone3] = chosen;
    return { zone0, zone1, zone2, zone3 };
  },
};

/** The zones by name, each with its id. */
async function openZones(aws: Aws): Promise<Map<string, string>> {
  // Local and Wavelength zones, which most of EC2 cannot use alike, are not asked for.
  const { AvailabilityZones = [] } = await aws.ec2('DescribeAvailabilityZones', {
    Filters: [
      { Name: 'state', Values: ['available'] },
      { Name: 'zone-type', Values: ['availability-zone'] },
    ],
  });
  return new Map(AvailabilityZones.map(({ ZoneName = '', ZoneId = '' }) => [ZoneName, ZoneId] as const).sort());
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
