import { AwsError } from '../core/aws-error.ts';
import type { World } from '../core/world.ts';
import { vpcs } from '../ec2/vpc.ts';

/** A VPC that sees a private zone. */
export interface ZoneVpc {
  readonly id: string;
  readonly region: string;
}

export interface VpcInput {
  readonly VPCId?: string;
  readonly VPCRegion?: string;
}

/** The VPC that a request names, which has to be there. */
export function vpcNamed(world: World, { VPCId: id = '', VPCRegion: region = '' }: VpcInput): ZoneVpc {
  if (!world.collection(region, vpcs).get(id))
    throw new AwsError(
      'InvalidVPCId',
      `The VPC ${id} in region ${region} that you provided is not authorized to make the association.`,
    );
  return { id, region };
}

export const sameVpc = (a: ZoneVpc, b: ZoneVpc): boolean => a.id === b.id && a.region === b.region;

interface Named {
  readonly id: string;
  readonly name: string;
  readonly vpcs: readonly ZoneVpc[];
}

/** A VPC sees one zone of a name. Zones above and below one another are no conflict: the most specific one answers. */
export function refuseConflict(zones: readonly Named[], name: string, vpc: ZoneVpc): void {
  const other = zones.find((zone) => zone.name === name && zone.vpcs.some((one) => sameVpc(one, vpc)));
  if (other)
    throw new AwsError(
      'ConflictingDomainExists',
      `The VPC ${vpc.id} in region ${vpc.region} has already been associated with the hosted zone ${other.id} with the same domain name.`,
    );
}
