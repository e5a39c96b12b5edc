import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { zoneOf, zonesOf, type HostedZone } from './hosted-zones.ts';
import { refuseConflict, sameVpc, vpcNamed, type VpcInput } from './zone-vpcs.ts';

interface Association {
  readonly HostedZoneId: string;
  readonly VPC: VpcInput;
  readonly Comment?: string;
}

const changed = ({ id }: HostedZone, now: number) => ({
  ChangeInfo: { Id: `/change/C${id}`, Status: 'PENDING', SubmittedAt: new Date(now) },
});

function associate({ HostedZoneId, VPC }: Association, { world, now }: Request) {
  const zone = zoneOf(world, HostedZoneId);
  if (!zone.private)
    throw new AwsError(
      'PublicZoneVPCAssociation',
      `The hosted zone ${zone.id} is a public hosted zone: it cannot be associated with a VPC.`,
    );
  const vpc = vpcNamed(world, VPC);
  refuseConflict(zonesOf(world).all(), zone.name, vpc);
  zonesOf(world).change(zone.id, { vpcs: [...zone.vpcs, vpc] });
  return changed(zone, now);
}

function disassociate({ HostedZoneId, VPC }: Association, { world, now }: Request) {
  const zone = zoneOf(world, HostedZoneId);
  const vpc = { id: VPC.VPCId ?? '', region: VPC.VPCRegion ?? '' };
  const others = zone.vpcs.filter((one) => !sameVpc(one, vpc));
  if (others.length === zone.vpcs.length)
    throw new AwsError(
      'VPCAssociationNotFound',
      `The VPC ${vpc.id} is not associated with the hosted zone ${zone.id}.`,
      404,
    );
  if (others.length === 0)
    throw new AwsError(
      'LastVPCAssociation',
      `The VPC ${vpc.id} is the last one that is associated with the hosted zone ${zone.id}: it cannot be taken away.`,
    );
  zonesOf(world).change(zone.id, { vpcs: others });
  return changed(zone, now);
}

interface ListByVpc {
  readonly VPCId: string;
  readonly VPCRegion: string;
  readonly MaxItems?: string | number;
  readonly NextToken?: string;
}

function listByVpc(input: ListByVpc, { world, account }: Request) {
  const vpc = { id: input.VPCId, region: input.VPCRegion };
  const zones = zonesOf(world)
    .all()
    .filter((zone) => zone.vpcs.some((one) => sameVpc(one, vpc)));
  const start = input.NextToken === undefined ? 0 : zones.findIndex(({ id }) => id === input.NextToken);
  if (start < 0) throw new AwsError('InvalidPaginationToken', 'The value that you specified is not valid.');
  const size = Math.min(Number(input.MaxItems ?? 100), 100, world.pageSize);
  const next = zones[start + size];
  return {
    HostedZoneSummaries: zones
      .slice(start, start + size)
      .map(({ id, name }) => ({ HostedZoneId: id, Name: name, Owner: { OwningAccount: account } })),
    MaxItems: String(size),
    ...(next ? { NextToken: next.id } : {}),
  };
}

export const privateZoneOperations: Operations = {
  AssociateVPCWithHostedZone: associate,
  DisassociateVPCFromHostedZone: disassociate,
  ListHostedZonesByVPC: listByVpc,
};
