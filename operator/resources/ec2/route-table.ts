import type { Route, RouteTable } from '@aws-sdk/client-ec2';
import { sameMembers, without } from '../../model/compare.ts';
import { faultOf, orAbsent, type Fault } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** Where a subnet's packets go. What it does not say stays inside the VPC. */
export interface RouteTableProps {
  readonly vpcId: string;
  readonly routes: readonly RouteTo[];
  /** The subnets that go by this table. */
  readonly subnetIds: readonly string[];
}

export interface RouteTo {
  /** An IPv4 or IPv6 CIDR. */
  readonly destination: string;
  readonly internetGatewayId?: string;
  readonly natGatewayId?: string;
  /** Told of routes that are not as we make them: another kind of target, or one that leads nowhere any more. */
  readonly other?: string;
}

export interface RouteTableOutputs {
  readonly routeTableId: string;
  /** By subnet, as the list told it. Each change of what a subnet goes by gives it another id, and ends the one before. */
  readonly associationIds?: Readonly<Record<string, string>>;
}

type TableFound = Found<RouteTableProps, RouteTableOutputs>;

export const routeTable: ResourceType<RouteTableProps, RouteTableOutputs> = {
  name: 'ec2/route-table',
  fields: {
    vpcId: 'fixed',
    routes: { mode: 'live', equal: sameRoutes },
    subnetIds: { mode: 'live', equal: sameMembers },
  },
  needs: ['ec2/vpc', 'ec2/subnet', 'ec2/internet-gateway', 'ec2/nat-gateway'],
  replace: 'refuse',
  moves: { associationIds: ['subnetIds'] },
  once: 'token',
  endedBy: 'DeleteRouteTable',
  keepsOut: true, // Without it, its subnets go by the main table of the VPC, which nobody keeps.
  beat: 'exposure',
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) => aws.ec2('DescribeRouteTables', { Filters: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) yield (page.RouteTables ?? []).map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeRouteTables', { RouteTableIds: [id] }));
    return (answer?.RouteTables ?? []).length > 0;
  },

  async create(aws, props, birth) {
    const { RouteTable: made = {} } = await aws.ec2('CreateRouteTable', {
      VpcId: props.vpcId,
      ClientToken: birth.token,
      TagSpecifications: tagSpecification('route-table', birth.tags),
    });
    return { ...told(made), owner: birth.owner };
  },

  async update(aws, found, props, fields) {
    if (fields.has('routes')) await changeRoutes(aws, found, props.routes);
    if (fields.has('subnetIds')) await changeSubnets(aws, found, props.subnetIds);
  },

  async delete(aws, found) {
    await changeSubnets(aws, found, []);
    await orAbsent(aws.ec2('DeleteRouteTable', { RouteTableId: found.id }));
  },
};

/** First what is wanted, then away with the rest: at no moment does a subnet lose a way that it should have. */
async function changeRoutes(aws: Aws, found: TableFound, wanted: readonly RouteTo[]): Promise<void> {
  const has = new Map((found.props.routes ?? []).map((route) => [route.destination, route]));
  for (const route of wanted) {
    const known = has.get(route.destination);
    if (known && targetOf(known) === targetOf(route)) continue;
    const input = {
      RouteTableId: found.id,
      ...destinationOf(route.destination),
      GatewayId: route.internetGatewayId,
      NatGatewayId: route.natGatewayId,
    };
    await (known ? aws.ec2('ReplaceRoute', input) : aws.ec2('CreateRoute', input));
  }
  const kept = new Set(wanted.map(({ destination }) => destination));
  for (const destination of has.keys())
    if (!kept.has(destination))
      await orAbsent(aws.ec2('DeleteRoute', { RouteTableId: found.id, ...destinationOf(destination) }));
}

/** A subnet goes by one table at a time: one that hangs on another is moved over in one step. */
async function changeSubnets(aws: Aws, found: TableFound, wanted: readonly string[]): Promise<void> {
  for (const SubnetId of without(wanted, found.props.subnetIds ?? [])) {
    const fault = await faultOf(aws.ec2('AssociateRouteTable', { RouteTableId: found.id, SubnetId }), 'busy');
    if (fault) await moveOver(aws, found.id, SubnetId, fault);
  }
  const removed = without(found.props.subnetIds ?? [], wanted);
  if (removed.length === 0) return;
  const listed = new Map(Object.entries(found.outputs.associationIds ?? {}));
  const ids = removed.every((id) => listed.has(id)) ? listed : await associationsOf(aws, removed, found.id);
  for (const AssociationId of removed.flatMap((id) => ids.get(id) ?? []))
    await orAbsent(aws.ec2('DisassociateRouteTable', { AssociationId }));
}

/** From the table that has it: Resource.AlreadyAssociated was said. */
async function moveOver(aws: Aws, RouteTableId: string, subnetId: string, fault: Fault): Promise<void> {
  const AssociationId = (await associationsOf(aws, [subnetId])).get(subnetId);
  if (AssociationId === undefined) throw fault;
  await aws.ec2('ReplaceRouteTableAssociation', { RouteTableId, AssociationId });
}

/** The association of each of some subnets, in one table or whichever has it. */
async function associationsOf(aws: Aws, subnetIds: readonly string[], tableId?: string): Promise<Map<string, string>> {
  const Filters = [{ Name: 'association.subnet-id', Values: [...subnetIds] }];
  const read = (NextToken?: string) => aws.ec2('DescribeRouteTables', { Filters, NextToken });
  const associations = new Map<string, string>();
  for await (const page of pages(read, (answer) => answer.NextToken))
    for (const table of page.RouteTables ?? [])
      for (const { SubnetId = '', RouteTableAssociationId = '' } of table.Associations ?? [])
        if (subnetIds.includes(SubnetId) && (tableId === undefined || table.RouteTableId === tableId))
          associations.set(SubnetId, RouteTableAssociationId);
  return associations;
}

const destinationOf = (destination: string) =>
  destination.includes(':') ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };

const targetOf = ({ internetGatewayId, natGatewayId, other }: RouteTo): string | undefined =>
  other ?? internetGatewayId ?? natGatewayId;

const asText = (route: RouteTo): string => `${route.destination} ${targetOf(route)}`;

function sameRoutes(wanted: readonly RouteTo[], found: readonly RouteTo[]): boolean {
  return sameMembers(wanted.map(asText), found.map(asText));
}

function told(found: RouteTable): TableFound {
  const id = found.RouteTableId ?? '';
  const associationIds = associationsIn(found);
  return {
    id,
    owner: ownerOf(found.Tags),
    state: { is: 'ready' },
    props: {
      vpcId: found.VpcId,
      // The local route comes with the table, those of gateway endpoints (to prefix lists) with the endpoint.
      routes: (found.Routes ?? [])
        .filter(
          ({ Origin, DestinationPrefixListId }) => Origin === 'CreateRoute' && DestinationPrefixListId === undefined,
        )
        .map(routeTold),
      subnetIds: [...associationIds.keys()].sort(),
    },
    outputs: { routeTableId: id, associationIds: Object.fromEntries(associationIds) },
  };
}

function associationsIn({ Associations = [] }: RouteTable): Map<string, string> {
  const standing = Associations.filter(({ AssociationState }) => AssociationState?.State !== 'disassociated');
  return new Map(
    standing.flatMap(({ SubnetId, RouteTableAssociationId = '' }) =>
      SubnetId ? [[SubnetId, RouteTableAssociationId] as const] : [],
    ),
  );
}

function routeTold(route: Route): RouteTo {
  const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? '';
  const { GatewayId, NatGatewayId } = route;
  if (route.State === 'blackhole') return { destination, other: `blackhole ${GatewayId ?? NatGatewayId ?? ''}` };
  if (NatGatewayId !== undefined) return { destination, natGatewayId: NatGatewayId };
  if (GatewayId?.startsWith('igw-')) return { destination, internetGatewayId: GatewayId };
  const { InstanceId, NetworkInterfaceId, TransitGatewayId, VpcPeeringConnectionId } = route;
  return {
    destination,
    other: GatewayId ?? NetworkInterfaceId ?? InstanceId ?? TransitGatewayId ?? VpcPeeringConnectionId ?? 'unknown',
  };
}
