import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { once } from '../core/tokens.ts';
import { durations } from '../durations.ts';
import { addDependantRule } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { routeTables, tableOf } from './route-tables.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';
import { vpcOf } from './vpc.ts';

interface VpcEndpoint extends Tagged {
  readonly vpcId: string;
  readonly serviceName: string;
  readonly routeTableIds: readonly string[];
  readonly state: 'pending' | 'available' | 'deleting';
  readonly policy: string;
  readonly createdAt: number;
}

export const vpcEndpoints = kind<VpcEndpoint>('vpc-endpoint');

/** What everyone may do through an endpoint until somebody says otherwise. */
const openPolicy = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

addDependantRule((world, region, ground, id) =>
  ground === 'vpc'
    ? world
        .collection(region, vpcEndpoints)
        .all()
        .find(({ vpcId }) => vpcId === id)?.id
    : undefined,
);

/** AWS's prefix lists for gateway endpoints; the ids are the region's own. */
const prefixLists = (region: string) =>
  ['s3', 'dynamodb'].map((name, i) => ({
    id: `pl-${(0x63a5400a + i + region.length).toString(16)}`,
    name: `com.amazonaws.${region}.${name}`,
    cidrs: [`3.5.${128 + i * 4}.0/22`],
    tags: {},
  }));

const prefixListOf = (region: string, serviceName: string): string | undefined =>
  prefixLists(region).find(({ name }) => name === serviceName)?.id;

const noEndpoint = (id: string): AwsError =>
  new AwsError('InvalidVpcEndpointId.NotFound', `The Vpc Endpoint Id '${id}' does not exist`);

const filters: FilterTable<VpcEndpoint> = {
  'vpc-endpoint-id': ({ id }) => [id],
  'vpc-id': ({ vpcId }) => [vpcId],
  'service-name': ({ serviceName }) => [serviceName],
  'vpc-endpoint-state': ({ state }) => [state],
  'vpc-endpoint-type': () => ['Gateway'],
};

const told = (endpoint: VpcEndpoint, request: Request) => ({
  VpcEndpointId: endpoint.id,
  VpcEndpointType: 'Gateway',
  VpcId: endpoint.vpcId,
  ServiceName: endpoint.serviceName,
  State: endpoint.state,
  PolicyDocument: endpoint.policy,
  // The tie ends with the table.
  RouteTableIds: endpoint.routeTableIds.filter((id) => request.in(routeTables).get(id) !== undefined),
  SubnetIds: [],
  Groups: [],
  PrivateDnsEnabled: false,
  RequesterManaged: false,
  NetworkInterfaceIds: [],
  DnsEntries: [],
  CreationTimestamp: new Date(endpoint.createdAt),
  OwnerId: request.account,
  Tags: toTagPairs(endpoint.tags),
});

/** The route that an endpoint keeps in every table it is tied to. */
function route(request: Request, tableId: string, endpoint: VpcEndpoint, present: boolean): void {
  const all = request.in(routeTables);
  const table = all.get(tableId);
  const list = prefixListOf(request.region, endpoint.serviceName);
  if (!table || list === undefined) return;
  const others = table.routes.filter(({ target }) => target !== endpoint.id);
  const own = { destination: list, target: endpoint.id, origin: 'CreateRoute' } as const;
  all.change(tableId, { routes: present ? [...others, own] : others });
}

/**
 * A table holds one route to a service at most.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
 */
function needsRoom(request: Request, serviceName: string, tableIds: readonly string[]): void {
  const list = prefixListOf(request.region, serviceName);
  for (const id of tableIds)
    if (tableOf(request, id).routes.some(({ destination }) => destination === list))
      throw new AwsError(
        'RouteAlreadyExists',
        `route table ${id} already has a route with destination-prefix-list-id ${list}`,
      );
}

interface CreateEndpoint {
  readonly VpcId: string;
  readonly ServiceName?: string;
  readonly VpcEndpointType?: string;
  readonly RouteTableIds?: string[];
  readonly PolicyDocument?: string;
  readonly ClientToken?: string;
  readonly TagSpecifications?: TagSpecification[];
}

function create(input: CreateEndpoint, request: Request) {
  const { ClientToken, ...parameters } = input;
  const all = request.in(vpcEndpoints);
  const id = once(request, ClientToken, parameters, () => {
    const vpc = vpcOf(request, input.VpcId);
    const { ServiceName = '' } = input;
    if (prefixListOf(request.region, ServiceName) === undefined)
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${ServiceName}' does not exist`);
    if ((input.VpcEndpointType ?? 'Gateway') !== 'Gateway')
      throw new AwsError('InvalidParameter', 'The simulator knows gateway endpoints only');
    needsRoom(request, ServiceName, input.RouteTableIds ?? []);
    // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html
    request.withinQuota(
      'Gateway VPC endpoints per Region',
      20,
      all.all().length,
      'VpcEndpointLimitExceeded',
      'The maximum number of gateway VPC endpoints has been reached.',
    );
    const made = request.id('vpce');
    const endpoint = all.put(made, {
      id: made,
      tags: tagsAtBirth(input.TagSpecifications, 'vpc-endpoint'),
      vpcId: vpc.id,
      serviceName: ServiceName,
      routeTableIds: input.RouteTableIds ?? [],
      state: 'pending',
      policy: input.PolicyDocument ?? openPolicy,
      createdAt: request.now,
    });
    for (const table of endpoint.routeTableIds) route(request, table, endpoint, true);
    request.world.schedule(durations.vpcEndpointPending, () => {
      if (all.get(made)?.state === 'pending') all.change(made, { state: 'available' });
    });
    return made;
  });
  const endpoint = all.get(id);
  if (!endpoint) throw noEndpoint(id);
  return { VpcEndpoint: told(endpoint, request), ClientToken };
}

interface ModifyEndpoint {
  readonly VpcEndpointId: string;
  readonly AddRouteTableIds?: string[];
  readonly RemoveRouteTableIds?: string[];
  readonly PolicyDocument?: string;
  readonly ResetPolicy?: boolean;
}

function modify(input: ModifyEndpoint, request: Request): object {
  const all = request.in(vpcEndpoints);
  const endpoint = all.get(input.VpcEndpointId);
  if (!endpoint) throw noEndpoint(input.VpcEndpointId);
  const { AddRouteTableIds: added = [], RemoveRouteTableIds: removed = [] } = input;
  const fresh = added.filter((id) => !endpoint.routeTableIds.includes(id));
  needsRoom(request, endpoint.serviceName, fresh);
  const kept = endpoint.routeTableIds.filter((id) => !removed.includes(id) && !added.includes(id));
  all.change(endpoint.id, {
    routeTableIds: [...kept, ...added],
    policy: input.ResetPolicy ? openPolicy : (input.PolicyDocument ?? endpoint.policy),
  });
  for (const table of removed) route(request, table, endpoint, false);
  for (const table of added) route(request, table, endpoint, true);
  return { Return: true };
}

function remove({ VpcEndpointIds }: { VpcEndpointIds: string[] }, request: Request): object {
  const all = request.in(vpcEndpoints);
  const lost = VpcEndpointIds.filter((id) => !all.get(id));
  for (const id of VpcEndpointIds) {
    const endpoint = all.get(id);
    if (!endpoint || endpoint.state === 'deleting') continue;
    all.change(id, { state: 'deleting' });
    request.world.schedule(durations.vpcEndpointDeleting, () => {
      for (const table of endpoint.routeTableIds) route(request, table, endpoint, false);
      all.remove(id);
    });
  }
  // The call itself succeeds; what could not be deleted is told in the answer.
  return {
    Unsuccessful: lost.map((id) => ({
      ResourceId: id,
      Error: { Code: 'InvalidVpcEndpoint.NotFound', Message: `The Vpc Endpoint Id '${id}' does not exist` },
    })),
  };
}

export const vpcEndpointOperations: Operations = {
  CreateVpcEndpoint: create,
  ModifyVpcEndpoint: modify,
  DeleteVpcEndpoints: remove,
  DescribeVpcEndpoints: (
    input: { VpcEndpointIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(vpcEndpoints), input.VpcEndpointIds, ({ id }) => id, noEndpoint);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { VpcEndpoints: items.map((endpoint) => told(endpoint, request)), NextToken: next };
  },
  DescribePrefixLists: (input: { PrefixListIds?: string[]; Filters?: Filter[] }, request) => {
    const named = prefixLists(request.region).filter(({ id }) => input.PrefixListIds?.includes(id) ?? true);
    const found = filtered(named, input.Filters, {
      'prefix-list-name': ({ name }) => [name],
      'prefix-list-id': ({ id }) => [id],
    });
    return {
      PrefixLists: found.map(({ id, name, cidrs }) => ({ PrefixListId: id, PrefixListName: name, Cidrs: cidrs })),
    };
  },
  DescribeManagedPrefixLists: (input: { Filters?: Filter[] }, request) => {
    const table = {
      'prefix-list-name': ({ name }: { name: string }) => [name],
      'prefix-list-id': ({ id }: { id: string }) => [id],
      'owner-id': () => ['AWS'],
    };
    return {
      PrefixLists: filtered(prefixLists(request.region), input.Filters, table).map(({ id, name }) => ({
        PrefixListId: id,
        PrefixListName: name,
        AddressFamily: 'IPv4',
        OwnerId: 'AWS',
        State: 'create-complete',
      })),
    };
  },
};
