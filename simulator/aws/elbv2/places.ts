import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { parseCidr } from '../ec2/addresses-of.ts';
import { internetGateways } from '../ec2/gateways.ts';
import { makeInterface, networkInterfaces } from '../ec2/network-interfaces.ts';
import { securityGroups } from '../ec2/security-groups.ts';
import { subnets, type Subnet } from '../ec2/subnets.ts';
import { invalid, misconfigured, type LoadBalancer, type Place } from './kinds.ts';

/** The subnets for a load balancer, or why they will not do. */
export function subnetsFor(request: Request, ids: readonly string[], scheme: string, within?: string): Subnet[] {
  const found = ids.map((id) => {
    const subnet = request.in(subnets).get(id);
    if (!subnet) throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const zones = new Set(found.map(({ zone }) => zone));
  if (zones.size < found.length)
    throw misconfigured('A load balancer cannot be attached to multiple subnets in the same Availability Zone');
  if (zones.size < 2) throw invalid('At least two subnets in two different Availability Zones must be specified');
  const vpcId = within ?? (found[0]?.vpcId as string);
  const other = found.find((subnet) => subnet.vpcId !== vpcId);
  if (other) throw new AwsError('InvalidSubnet', `Subnet '${other.id}' is not in VPC '${vpcId}'`);
  for (const subnet of found) checkRoom(request, subnet);
  const attached = request
    .in(internetGateways)
    .all()
    .some((gateway) => gateway.vpcId === vpcId);
  if (scheme === 'internet-facing' && !attached)
    throw new AwsError('InvalidSubnet', `VPC ${vpcId} has no internet gateway`);
  return found;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer: a /27 with eight free addresses. */
function checkRoom(request: Request, { id, cidr }: Subnet): void {
  const taken = request
    .in(networkInterfaces)
    .all()
    .filter(({ subnetId }) => subnetId === id).length;
  const size = parseCidr(cidr)?.size ?? 0;
  if (size < 32 || size - 5 - taken < 8)
    throw new AwsError(
      'InvalidSubnet',
      `Not enough IP space available in ${id}. ELB requires at least 8 free IP addresses in each subnet.`,
    );
}

/** The groups of a load balancer: those given, else the default one of its VPC. */
export function groupsIn(request: Request, vpcId: string, ids: readonly string[] = []): string[] {
  const all = request.in(securityGroups);
  if (ids.length === 0)
    return all
      .all()
      .filter((group) => group.vpcId === vpcId && group.name === 'default')
      .map(({ id }) => id);
  if (ids.some((id) => all.get(id)?.vpcId !== vpcId))
    throw new AwsError('InvalidSecurityGroup', 'One or more security groups are invalid');
  return [...ids];
}

/** Puts an interface of the load balancer into a subnet. */
export function occupy(
  request: Request,
  { id: subnetId, zone }: Subnet,
  lb: Pick<LoadBalancer, 'scheme' | 'groupIds'> & { readonly fullName: string },
): Place {
  const { random } = request.world;
  const publicIp = `18.${184 + random.below(8)}.${random.below(256)}.${1 + random.below(254)}`;
  const made = makeInterface(request.world, {
    region: request.region,
    subnetId,
    groupIds: lb.groupIds,
    description: `ELB ${lb.fullName}`,
    ...(lb.scheme === 'internet-facing' ? { publicIp } : {}),
  });
  return { subnetId, zone, interfaceId: made.id };
}
