import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { once } from '../core/tokens.ts';
import type { World } from '../core/world.ts';
import { parseCidr } from './addresses-of.ts';
import { addDependantRule, onDependants, whenGone } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { gatewayOf, internetGateways } from './gateways.ts';
import { kind, type Tagged } from './kinds.ts';
import { natGateways } from './nat-gateways.ts';
import { subnetOf } from './subnets.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';
import { vpcOf } from './vpc.ts';

export interface Route {
  /** A CIDR, or the prefix list of a gateway endpoint. */
  readonly destination: string;
  /** `local`, or the id of a gateway. */
  readonly target: string;
  readonly origin: 'CreateRouteTable' | 'CreateRoute';
}

interface Association {
  readonly id: string;
  readonly subnetId: string | undefined;
}

export interface RouteTable extends Tagged {
  readonly vpcId: string;
  readonly main: boolean;
  readonly routes: readonly Route[];
  readonly associations: readonly Association[];
}

/** The main table that AWS makes with a VPC is part of the VPC. */
export const routeTables = kind<RouteTable>('route-table', { exists: ({ main }) => !main });

export function makeMainRouteTable(request: Request, vpcId: string, cidr: string): void {
  const id = request.id('rtb');
  const associations = [{ id: request.id('rtbassoc'), subnetId: undefined }];
  request.in(routeTables).put(id, { id, tags: {}, vpcId, main: true, routes: [local(cidr)], associations });
}

const local = (cidr: string): Route => ({ destination: cidr, target: 'local', origin: 'CreateRouteTable' });

const noTable = (id: string): AwsError =>
  new AwsError('InvalidRouteTableID.NotFound', `The routeTable ID '${id}' does not exist`);

export function tableOf(request: Request, id: string): RouteTable {
  const found = request.in(routeTables).get(id);
  if (!found) throw noTable(id);
  return found;
}

addDependantRule((world, region, ground, id) => {
  const tables = world.collection(region, routeTables).all();
  if (ground === 'vpc') return tables.find(({ vpcId, main }) => vpcId === id && !main)?.id;
  if (ground === 'route-table') return tables.find((table) => table.id === id)?.associations[0]?.id;
  return undefined;
});

whenGone((request, ground, id) => {
  for (const table of request.in(routeTables).all()) {
    if (ground === 'vpc' && table.vpcId === id) request.in(routeTables).remove(table.id);
    if (ground !== 'subnet') continue;
    const associations = table.associations.filter(({ subnetId }) => subnetId !== id);
    if (associations.length < table.associations.length) request.in(routeTables).change(table.id, { associations });
  }
});

/** A route whose target is gone leads nowhere. */
function isBlackhole(world: World, region: string, { target }: Route): boolean {
  if (target.startsWith('igw-')) return world.collection(region, internetGateways).get(target)?.vpcId === undefined;
  if (target.startsWith('nat-'))
    return !['available', 'pending'].includes(world.collection(region, natGateways).get(target)?.state ?? '');
  return false;
}

/** By VPC, for one state of all tables: the list is made anew after every change. */
const byVpc = new WeakMap<readonly RouteTable[], Map<string, RouteTable[]>>();

function tablesOfVpc(world: World, region: string, vpcId: string): readonly RouteTable[] {
  const all = world.collection(region, routeTables).all();
  let index = byVpc.get(all);
  if (!index) {
    index = new Map();
    for (const table of all) index.set(table.vpcId, [...(index.get(table.vpcId) ?? []), table]);
    byVpc.set(all, index);
  }
  return index.get(vpcId) ?? [];
}

/** Whether a subnet has a way to the internet gateway: then a public address in it can be reached. */
export function isPublicSubnet(world: World, region: string, vpcId: string, subnetId: string): boolean {
  const tables = tablesOfVpc(world, region, vpcId);
  const own = tables.find(({ associations }) => associations.some((one) => one.subnetId === subnetId));
  const table = own ?? tables.find(({ main }) => main);
  return (table?.routes ?? []).some((route) => route.target.startsWith('igw-') && !isBlackhole(world, region, route));
}

const filters: FilterTable<RouteTable> = {
  'route-table-id': ({ id }) => [id],
  'vpc-id': ({ vpcId }) => [vpcId],
  'association.main': ({ main }) => [String(main)],
  'association.subnet-id': ({ associations }) => associations.map(({ subnetId }) => subnetId),
  'association.route-table-association-id': ({ associations }) => associations.map(({ id }) => id),
  'association.route-table-id': ({ id }) => [id],
  'route.destination-cidr-block': ({ routes }) => routes.map(({ destination }) => destination),
  'route.nat-gateway-id': ({ routes }) => routes.map(({ target }) => target),
  'route.gateway-id': ({ routes }) => routes.map(({ target }) => target),
};

function routeTold(route: Route, { world, region }: Request) {
  const destination = route.destination.startsWith('pl-')
    ? { DestinationPrefixListId: route.destination }
    : route.destination.includes(':')
      ? { DestinationIpv6CidrBlock: route.destination }
      : { DestinationCidrBlock: route.destination };
  const target = route.target.startsWith('nat-') ? { NatGatewayId: route.target } : { GatewayId: route.target };
  return {
    ...destination,
    ...target,
    Origin: route.origin,
    State: isBlackhole(world, region, route) ? 'blackhole' : 'active',
  };
}

const told = (table: RouteTable, request: Request) => ({
  RouteTableId: table.id,
  VpcId: table.vpcId,
  OwnerId: request.account,
  Routes: table.routes.map((route) => routeTold(route, request)),
  Associations: table.associations.map(({ id, subnetId }) => ({
    RouteTableAssociationId: id,
    RouteTableId: table.id,
    Main: subnetId === undefined,
    AssociationState: { State: 'associated' },
    ...(subnetId === undefined ? {} : { SubnetId: subnetId }),
  })),
  PropagatingVgws: [],
  Tags: toTagPairs(table.tags),
});

function create(
  input: { VpcId: string; ClientToken?: string; TagSpecifications?: TagSpecification[] },
  request: Request,
) {
  const { ClientToken, ...parameters } = input;
  const id = once(request, ClientToken, parameters, () => {
    const vpc = vpcOf(request, input.VpcId);
    const made = request.id('rtb');
    const tags = tagsAtBirth(input.TagSpecifications, 'route-table');
    request
      .in(routeTables)
      .put(made, { id: made, tags, vpcId: vpc.id, main: false, routes: [local(vpc.cidr)], associations: [] });
    return made;
  });
  const table = request.in(routeTables).get(id);
  if (!table) throw noTable(id);
  return { RouteTable: told(table, request), ClientToken };
}

interface RouteInput {
  readonly RouteTableId: string;
  readonly DestinationCidrBlock?: string;
  readonly DestinationIpv6CidrBlock?: string;
  readonly DestinationPrefixListId?: string;
  readonly GatewayId?: string;
  readonly NatGatewayId?: string;
}

const destinationOf = (input: RouteInput): string => {
  const destination = input.DestinationCidrBlock ?? input.DestinationIpv6CidrBlock ?? input.DestinationPrefixListId;
  if (destination === undefined) throw new AwsError('MissingParameter', 'The request must contain a destination');
  if (input.DestinationCidrBlock !== undefined && !parseCidr(input.DestinationCidrBlock))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${destination}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
    );
  return destination;
};

function targetOf(input: RouteInput, table: RouteTable, request: Request): string {
  if (input.NatGatewayId !== undefined) {
    const nat = request.in(natGateways).get(input.NatGatewayId);
    if (!nat || !['available', 'pending'].includes(nat.state))
      throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${input.NatGatewayId}' does not exist`);
    return nat.id;
  }
  if (input.GatewayId === undefined) throw new AwsError('InvalidParameterCombination', 'One target has to be given');
  const gateway = gatewayOf(request, input.GatewayId);
  if (gateway.vpcId !== table.vpcId)
    throw new AwsError(
      'InvalidParameterValue',
      `route table ${table.id} and network gateway ${gateway.id} belong to different networks`,
    );
  return gateway.id;
}

function writeRoute(input: RouteInput, request: Request, replace: boolean): void {
  const table = tableOf(request, input.RouteTableId);
  const destination = destinationOf(input);
  const target = targetOf(input, table, request);
  const existing = table.routes.find((route) => route.destination === destination);
  if (!replace && existing)
    throw new AwsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
  if (replace && !existing) throw noRoute(table.id, destination);
  const others = table.routes.filter((route) => route !== existing);
  request.in(routeTables).change(table.id, { routes: [...others, { destination, target, origin: 'CreateRoute' }] });
}

const noRoute = (table: string, destination: string): AwsError =>
  new AwsError('InvalidRoute.NotFound', `no route with destination-cidr-block ${destination} in route table ${table}`);

function deleteRoute(input: RouteInput, request: Request): void {
  const table = tableOf(request, input.RouteTableId);
  const destination = destinationOf(input);
  const existing = table.routes.find((route) => route.destination === destination);
  if (!existing) throw noRoute(table.id, destination);
  if (existing.target === 'local')
    throw new AwsError('InvalidParameterValue', 'cannot remove local route in route table');
  request.in(routeTables).change(table.id, { routes: table.routes.filter((route) => route !== existing) });
}

function associate(input: { RouteTableId: string; SubnetId?: string }, request: Request) {
  const table = tableOf(request, input.RouteTableId);
  const subnet = subnetOf(request, input.SubnetId ?? '');
  if (subnet.vpcId !== table.vpcId)
    throw new AwsError(
      'InvalidParameterValue',
      `Route table ${table.id} and subnet ${subnet.id} belong to different networks`,
    );
  const holder = request
    .in(routeTables)
    .all()
    .find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id));
  const known = holder?.associations.find(({ subnetId }) => subnetId === subnet.id);
  if (holder && known) {
    // The same association again is no error; another table is.
    if (holder.id === table.id) return { AssociationId: known.id, AssociationState: { State: 'associated' } };
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.id} conflicts with an existing association`,
    );
  }
  const id = request.id('rtbassoc');
  request.in(routeTables).change(table.id, { associations: [...table.associations, { id, subnetId: subnet.id }] });
  return { AssociationId: id, AssociationState: { State: 'associated' } };
}

function holderOf(request: Request, associationId: string): { holder: RouteTable; association: Association } {
  const holder = request
    .in(routeTables)
    .all()
    .find(({ associations }) => associations.some(({ id }) => id === associationId));
  const association = holder?.associations.find(({ id }) => id === associationId);
  if (!holder || !association)
    throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);
  return { holder, association };
}

function disassociate({ AssociationId }: { AssociationId: string }, request: Request): void {
  const { holder, association } = holderOf(request, AssociationId);
  if (association.subnetId === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `cannot disassociate the main route table association ${AssociationId}`,
    );
  const associations = holder.associations.filter((one) => one !== association);
  request.in(routeTables).change(holder.id, { associations });
}

function replaceAssociation(input: { AssociationId: string; RouteTableId: string }, request: Request) {
  const { holder, association } = holderOf(request, input.AssociationId);
  const table = tableOf(request, input.RouteTableId);
  const all = request.in(routeTables);
  const id = request.id('rtbassoc');
  all.change(holder.id, { associations: holder.associations.filter((one) => one !== association) });
  const target = tableOf(request, table.id);
  all.change(table.id, { associations: [...target.associations, { id, subnetId: association.subnetId }] });
  return { NewAssociationId: id, AssociationState: { State: 'associated' } };
}

export const routeTableOperations: Operations = {
  CreateRouteTable: create,
  DescribeRouteTables: (
    input: { RouteTableIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(routeTables), input.RouteTableIds, ({ id }) => id, noTable);
    const page = { token: input.NextToken, size: input.MaxResults, most: 100 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { RouteTables: items.map((table) => told(table, request)), NextToken: next };
  },
  CreateRoute: (input: RouteInput, request) => {
    writeRoute(input, request, false);
    return { Return: true };
  },
  ReplaceRoute: (input: RouteInput, request) => writeRoute(input, request, true),
  DeleteRoute: deleteRoute,
  AssociateRouteTable: associate,
  DisassociateRouteTable: disassociate,
  ReplaceRouteTableAssociation: replaceAssociation,
  DeleteRouteTable: ({ RouteTableId }: { RouteTableId: string }, request) => {
    const table = tableOf(request, RouteTableId);
    if (table.main || onDependants(request, 'route-table', table.id) !== undefined)
      throw new AwsError('DependencyViolation', `The routeTable '${table.id}' has dependencies and cannot be deleted.`);
    request.in(routeTables).remove(table.id);
  },
};
