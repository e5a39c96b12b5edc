import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagPair } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { networkInterfaces, removeInterface } from '../ec2/network-interfaces.ts';
import { bornWith, loadBalancerAttributes, objection } from './attributes.ts';
import { checkAgain } from './health.ts';
import { isHeld } from './holders.ts';
import {
  arnOf,
  checkName,
  chosen,
  invalid,
  listeners,
  loadBalancers,
  misconfigured,
  notFound,
  paged,
  rules,
  tagsGiven,
  the,
  type LoadBalancer,
  type Paged,
} from './kinds.ts';
import { groupsIn, occupy, subnetsFor } from './places.ts';
import { loadBalancerZones } from './zone-ids.ts';

export const told = (lb: LoadBalancer, { region }: Request) => ({
  LoadBalancerArn: lb.arn,
  LoadBalancerName: lb.name,
  DNSName: lb.dnsName,
  CanonicalHostedZoneId: loadBalancerZones[region] ?? 'Z215JYRZR1TBD5',
  CreatedTime: new Date(lb.createdAt),
  Scheme: lb.scheme,
  VpcId: lb.vpcId,
  State: { Code: lb.state },
  Type: 'application',
  IpAddressType: lb.ipAddressType,
  SecurityGroups: [...lb.groupIds],
  AvailabilityZones: zonesTold(lb),
});

const zonesTold = ({ places }: Pick<LoadBalancer, 'places'>) =>
  places.map(({ subnetId, zone }) => ({ ZoneName: zone, SubnetId: subnetId, LoadBalancerAddresses: [] }));

interface Create {
  readonly Name: string;
  readonly Subnets?: string[];
  readonly SubnetMappings?: { readonly SubnetId?: string }[];
  readonly SecurityGroups?: string[];
  readonly Scheme?: 'internet-facing' | 'internal';
  readonly Type?: string;
  readonly IpAddressType?: string;
  readonly Tags?: TagPair[];
}

/** Doing it twice with the same settings answers the same load balancer, as documented. */
function create(input: Create, request: Request) {
  const { Name: name, Scheme: scheme = 'internet-facing', Type = 'application' } = input;
  if (Type !== 'application')
    throw new AwsError('UnsupportedOperation', 'Only application load balancers are simulated', 501);
  checkName('Load balancer', name);
  const all = request.in(loadBalancers);
  const subnets = subnetsFor(request, subnetIdsOf(input), scheme);
  const vpcId = subnets[0]?.vpcId as string;
  const settings = {
    name,
    scheme,
    vpcId,
    groupIds: groupsIn(request, vpcId, input.SecurityGroups),
    ipAddressType: input.IpAddressType ?? 'ipv4',
    tags: tagsGiven(input.Tags),
  };
  const twin = all.all().find((lb) => lb.name === name);
  if (twin) return { LoadBalancers: [told(sameOr(twin, settings, subnets), request)] };
  const [quota, used] = ['Application Load Balancers per Region', all.all().length];
  request.withinQuota(quota, 50, used, 'TooManyLoadBalancers', 'The maximum number of load balancers has been reached');
  const fullName = `app/${name}/${request.world.random.hex(16)}`;
  const number = request.world.random.text('0123456789', 10);
  const lb = all.put(arnOf(request, `loadbalancer/${fullName}`), {
    ...settings,
    arn: arnOf(request, `loadbalancer/${fullName}`),
    places: subnets.map((subnet) => occupy(request, subnet, { fullName, ...settings })),
    dnsName: `${scheme === 'internal' ? 'internal-' : ''}${name}-${number}.${request.region}.elb.amazonaws.com`,
    state: 'provisioning',
    createdAt: request.now,
    attributes: {
      ...bornWith(loadBalancerAttributes),
      'ipv6.deny_all_igw_traffic': String(scheme === 'internal'),
    },
  });
  request.world.schedule(durations.loadBalancerProvisioning, () => {
    if (all.get(lb.arn)?.state === 'provisioning') all.change(lb.arn, { state: 'active' });
  });
  return { LoadBalancers: [told(lb, request)] };
}

const subnetIdsOf = ({ Subnets, SubnetMappings }: Pick<Create, 'Subnets' | 'SubnetMappings'>): string[] =>
  Subnets ?? (SubnetMappings ?? []).map(({ SubnetId = '' }) => SubnetId);

type Settings = Pick<LoadBalancer, 'scheme' | 'vpcId' | 'groupIds' | 'ipAddressType' | 'tags'>;

function sameOr(twin: LoadBalancer, settings: Settings, subnets: readonly { readonly id: string }[]): LoadBalancer {
  const comparable = ({ scheme, vpcId, groupIds, ipAddressType, tags }: Settings, ids: string[]) => [
    scheme,
    vpcId,
    ipAddressType,
    tags,
    [...groupIds].sort(),
    ids.sort(),
  ];
  const [has, asked] = [twin.places.map(({ subnetId }) => subnetId), subnets.map(({ id }) => id)];
  if (isDeepStrictEqual(comparable(twin, has), comparable(settings, asked))) return twin;
  throw new AwsError(
    'DuplicateLoadBalancerName',
    `A load balancer with the same name '${twin.name}' exists, but with different settings`,
  );
}

function describe(input: Paged & { LoadBalancerArns?: string[]; Names?: string[] }, request: Request) {
  const listed = chosen(request.listed(loadBalancers), input.LoadBalancerArns, notFound('load-balancer'));
  const { Names: names = [] } = input;
  const lost = names.find((name) => !listed.some((lb) => lb.name === name));
  if (lost !== undefined)
    throw new AwsError('LoadBalancerNotFound', `Load balancers '[${names.join(', ')}]' not found`);
  const named = names.length === 0 ? listed : listed.filter(({ name }) => names.includes(name));
  const { items, next } = paged(request, named, input);
  return { LoadBalancers: items.map((lb) => told(lb, request)), NextMarker: next };
}

interface Named {
  readonly LoadBalancerArn: string;
}

const lbOf = (request: Request, { LoadBalancerArn }: Named): LoadBalancer =>
  the(request, loadBalancers, 'load-balancer', LoadBalancerArn);

export const attributesTold = (attributes: Readonly<Record<string, string>>) => ({
  Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
});

function modifyAttributes(input: Named & { Attributes: { Key?: string; Value?: string }[] }, request: Request) {
  const lb = lbOf(request, input);
  for (const { Key = '', Value = '' } of input.Attributes) {
    const why = objection('Load balancer', loadBalancerAttributes, Key, Value);
    if (why !== undefined) throw invalid(why);
  }
  const changes = Object.fromEntries(input.Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
  const attributes = { ...lb.attributes, ...changes };
  for (const logs of ['access_logs', 'connection_logs'])
    if (attributes[`${logs}.s3.enabled`] === 'true' && attributes[`${logs}.s3.bucket`] === '')
      throw misconfigured(`The attribute '${logs}.s3.bucket' must be set when '${logs}.s3.enabled' is true`);
  return attributesTold(request.in(loadBalancers).change(lb.arn, { attributes }).attributes);
}

/** The new places are taken before the old ones are left. */
function setSubnets(input: Named & Pick<Create, 'Subnets' | 'SubnetMappings'>, request: Request) {
  const lb = lbOf(request, input);
  const subnets = subnetsFor(request, subnetIdsOf(input), lb.scheme, lb.vpcId);
  const fullName = lb.arn.split(':loadbalancer/')[1] ?? '';
  const places = subnets.map(
    (subnet) =>
      lb.places.find(({ subnetId }) => subnetId === subnet.id) ?? occupy(request, subnet, { ...lb, fullName }),
  );
  for (const left of lb.places.filter((place) => !places.includes(place)))
    removeInterface(request.world, request.region, left.interfaceId);
  request.in(loadBalancers).change(lb.arn, { places });
  checkAgain(request);
  return { AvailabilityZones: zonesTold({ places }), IpAddressType: lb.ipAddressType };
}

function setGroups(input: Named & { SecurityGroups: string[] }, request: Request) {
  const lb = lbOf(request, input);
  const groupIds = groupsIn(request, lb.vpcId, input.SecurityGroups);
  request.in(loadBalancers).change(lb.arn, { groupIds });
  for (const { interfaceId } of lb.places) request.in(networkInterfaces).change(interfaceId, { groupIds });
  checkAgain(request);
  return { SecurityGroupIds: groupIds };
}

/** "If the load balancer does not exist or has already been deleted, the call succeeds." */
function remove({ LoadBalancerArn }: Named, request: Request): void {
  const lb = request.in(loadBalancers).get(LoadBalancerArn);
  if (!lb) return;
  if (lb.attributes['deletion_protection.enabled'] === 'true')
    throw new AwsError(
      'OperationNotPermitted',
      `Load balancer '${lb.arn}' cannot be deleted because deletion protection is enabled`,
    );
  if (isHeld(request, lb.arn))
    throw new AwsError(
      'ResourceInUse',
      `Load balancer '${lb.arn}' cannot be deleted because it is currently associated with another service`,
    );
  for (const listener of request.in(listeners).all())
    if (listener.loadBalancerArn === lb.arn) removeListener(request, listener.arn);
  request.in(loadBalancers).remove(lb.arn);
  request.world.schedule(durations.loadBalancerInterfacesGone, () => {
    for (const { interfaceId } of lb.places) removeInterface(request.world, request.region, interfaceId);
  });
}

export function removeListener(request: Request, arn: string): void {
  for (const rule of request.in(rules).all()) if (rule.listenerArn === arn) request.in(rules).remove(rule.arn);
  request.in(listeners).remove(arn);
}

export const loadBalancerOperations: Operations = {
  CreateLoadBalancer: create,
  DescribeLoadBalancers: describe,
  DescribeLoadBalancerAttributes: (input: Named, request) => attributesTold(lbOf(request, input).attributes),
  ModifyLoadBalancerAttributes: modifyAttributes,
  SetSubnets: setSubnets,
  SetSecurityGroups: setGroups,
  SetIpAddressType: (input: Named & { IpAddressType: string }, request) => {
    const { arn } = lbOf(request, input);
    if (input.IpAddressType !== 'ipv4')
      throw new AwsError('UnsupportedOperation', 'Only IPv4 load balancers are simulated', 501);
    request.in(loadBalancers).change(arn, { ipAddressType: input.IpAddressType });
    return { IpAddressType: input.IpAddressType };
  },
  DeleteLoadBalancer: remove,
  /** Nobody reserves capacity here: what AWS answers of a load balancer without a reservation. */
  DescribeCapacityReservation: (input: Named, request) => {
    lbOf(request, input);
    return { DecreaseRequestsRemaining: 0, CapacityReservationState: [] };
  },
};
