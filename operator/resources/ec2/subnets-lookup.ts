import { Fault } from '../../model/faults.ts';
import { tagsFromPairs, type Tags } from '../../model/identity.ts';
import { refuseOthers, type Tenant } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { LookupType } from '../../model/resource-type.ts';
import type { UnsuitedZones } from './zones-lookup.ts';

/** Subnets of the user's, which are read and never changed. */
export interface SubnetsLookupProps {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** In how many zones they have to lie. */
  readonly minZones: number;
  /** Zones in which none of them may lie. */
  readonly unsuited?: UnsuitedZones;
  readonly tenant: Tenant;
}

export interface SubnetsLookupOutputs {
  readonly subnetIds: readonly string[];
  /** The first of each zone, in the order given: a load balancer takes no second one. */
  readonly onePerZone: readonly string[];
}

export const subnetsLookup: LookupType<SubnetsLookupProps, SubnetsLookupOutputs> = {
  name: 'ec2/subnets-lookup',
  scope: 'regional',

  async lookup(aws, { vpcId, subnetIds, minZones, unsuited, tenant }) {
    const Filters = [{ Name: 'subnet-id', Values: [...subnetIds] }];
    const read = (NextToken?: string) => aws.ec2('DescribeSubnets', { Filters, NextToken });
    const found = new Map<string, { vpcId: string; zone: string; zoneId: string; tags: Tags }>();
    for await (const { Subnets = [] } of pages(read, (answer) => answer.NextToken))
      for (const { SubnetId = '', VpcId = '', AvailabilityZone = '', AvailabilityZoneId = '', Tags } of Subnets)
        found.set(SubnetId, {
          vpcId: VpcId,
          zone: AvailabilityZone,
          zoneId: AvailabilityZoneId,
          tags: tagsFromPairs(Tags),
        });
    const facts = { field: 'spec.network.existing', remedy: `give subnets of ${vpcId} in ${minZones} or more zones` };
    const lost = subnetIds.find((id) => !found.has(id));
    if (lost !== undefined) throw new Fault('absent', `there is no subnet ${lost} in this region and account`, facts);
    for (const [id, { tags }] of found) refuseOthers(tenant, `subnet ${id}`, tags, { field: facts.field });
    const stray = subnetIds.find((id) => found.get(id)?.vpcId !== vpcId);
    if (stray !== undefined) throw new Fault('rejected', `subnet ${stray} is not in ${vpcId}`, facts);
    const barren = [...found].find(([, { zoneId }]) => unsuited?.zoneIds.includes(zoneId));
    if (unsuited && barren) {
      const [id, { zone, zoneId }] = barren;
      throw new Fault('rejected', `zone ${zone} (${zoneId}), in which ${id} lies, has no ${unsuited.lack}`, {
        field: 'spec.cdn',
        remedy: 'leave cdn out, or make a store in other zones that adopts the data of this one',
      });
    }
    const zones = new Set([...found.values()].map(({ zone }) => zone));
    if (zones.size < minZones)
      throw new Fault('rejected', `the subnets ${subnetIds.join(', ')} are all in ${[...zones].join(', ')}`, facts);
    const zoneOf = (id: string) => found.get(id)?.zone;
    const isFirst = (id: string) => subnetIds.find((other) => zoneOf(other) === zoneOf(id)) === id;
    return { subnetIds: [...subnetIds].sort(), onePerZone: subnetIds.filter(isFirst) };
  },
};
