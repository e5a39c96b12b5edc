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
    const good = open.filter((zone) => offering.has(zone));
    const chosen = props.zoneNames ?? good.slice(0, props.count);
    const bad = chosen.find((zone) => !good.includes(zone));
    if (bad !== undefined)
      throw new Fault(
        'rejected',
        `zone ${bad} ${open.includes(bad) ? `has no ${type}` : 'is not open in this region'}`,
        {
          field: 'spec.network.zoneNames',
          remedy: `choose among ${good.join(', ') || 'the zones of another region'}, or another first instance type`,
        },
      );
    if (chosen.length < props.count)
      throw new Fault(
        'rejected',
        `only ${good.length} zones have ${type} (${good.join(', ')}), ${props.count} are wanted`,
        {
          field: 'spec.compute.instanceTypes',
          remedy: 'put another instance type first, or ask for fewer zones',
        },
      );
    const [zone0 = '', zone1 = '', zone2, zone3] = chosen;
    return { zone0, zone1, zone2, zone3 };
  },
};

async function openZones(aws: Aws): Promise<string[]> {
  // Local and Wavelength zones, which most of EC2 cannot use alike, are not asked for.
  const { AvailabilityZones = [] } = await aws.ec2('DescribeAvailabilityZones', {
    Filters: [
      { Name: 'state', Values: ['available'] },
      { Name: 'zone-type', Values: ['availability-zone'] },
    ],
  });
  return AvailabilityZones.map(({ ZoneName = '' }) => ZoneName).sort();
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
