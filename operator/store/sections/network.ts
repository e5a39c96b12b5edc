import { block } from '../cidr.ts';
import { handle, type Handle } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { zonesWithoutVpcOrigins } from '../../resources/cloudfront/vpc-origin.ts';
import { elasticIp } from '../../resources/ec2/elastic-ip.ts';
import { internetGateway } from '../../resources/ec2/internet-gateway.ts';
import type { LaunchTemplateOutputs } from '../../resources/ec2/launch-template.ts';
import { natGateway, type NatGatewayOutputs } from '../../resources/ec2/nat-gateway.ts';
import { routeTable } from '../../resources/ec2/route-table.ts';
import { subnet, type SubnetOutputs } from '../../resources/ec2/subnet.ts';
import { subnetsLookup } from '../../resources/ec2/subnets-lookup.ts';
import { vpc } from '../../resources/ec2/vpc.ts';
import { vpcEndpoint } from '../../resources/ec2/vpc-endpoint.ts';
import { vpcLookup } from '../../resources/ec2/vpc-lookup.ts';
import { zonesLookup, type UnsuitedZones, type ZonesLookupOutputs } from '../../resources/ec2/zones-lookup.ts';
import { fleetOf, tenantOf, type Site } from '../site.ts';
import { composeFlowLog } from './flow-log.ts';
import { composeSecurityGroups, type SecurityGroups } from './security-groups.ts';

type SubnetIds = Ref<readonly string[]> | readonly Ref<string>[];

/** What the other sections need of the network. */
export interface Network extends SecurityGroups {
  readonly vpcId: Ref<string>;
  /** One a zone, for a load balancer that faces the internet. */
  readonly publicSubnetIds: SubnetIds;
  readonly appSubnetIds: SubnetIds;
  readonly dataSubnetIds: SubnetIds;
  /** One a zone, where CloudFront reaches a load balancer inside the network. */
  readonly vpcOriginSubnetIds: SubnetIds;
  /** The zones of its subnets, where the operator has chosen them. */
  readonly zones?: readonly Ref<string>[];
  /** What must be in place before a load balancer can face the internet: AWS refuses it in a network without a gateway. */
  readonly gateways: readonly Handle<unknown>[];
  /** What must be in place before an instance starts, so that it can reach what it needs. */
  readonly routes: readonly Handle<unknown>[];
  /** What must have been found before instances are changed: zones that have machines of the first instance type. */
  readonly offers: readonly Handle<unknown>[];
}

const tiers = ['public', 'app', 'data'] as const;
type Tier = (typeof tiers)[number];
/** Each tier has room for four zones; the last quarter of the network stays free. */
const zonesAtMost = 4;
const letters = ['a', 'b', 'c', 'd'] as const;
const anywhere = '0.0.0.0/0';

export function composeNetwork(site: Site): Network {
  const found = site.spec.network.existing ? existingNetwork(site) : ownNetwork(site);
  return {
    ...found,
    vpcOriginSubnetIds: vpcOriginSubnets(site, found),
    ...composeSecurityGroups(site, found.vpcId),
  };
}

/** With a CDN the load balancer lies in the app subnets, where CloudFront has to reach it. */
function zonesUnsuitedFor({ cdn, region }: Site['spec']): UnsuitedZones | undefined {
  const zone = zonesWithoutVpcOrigins[region];
  return cdn && zone ? { zoneIds: [zone], lack: 'VPC origins of CloudFront, which spec.cdn needs' } : undefined;
}

/** A store that gets its CDN later has its subnets already, and a network of yours has the ones it has. */
function vpcOriginSubnets(site: Site, { vpcId, appSubnetPerZone }: Topology): SubnetIds {
  const unsuited = zonesUnsuitedFor(site.spec);
  if (!unsuited) return appSubnetPerZone;
  const tenant = tenantOf(site);
  return site.graph
    .add(subnetsLookup, 'network/vpc-origin-subnets', {
      ...{ vpcId, subnetIds: appSubnetPerZone, minZones: 2, unsuited, tenant },
    })
    .out('subnetIds');
}

type Topology = Omit<Network, keyof SecurityGroups | 'vpcOriginSubnetIds'> & { readonly appSubnetPerZone: SubnetIds };

/** A VPC and subnets given by id: they are read and never changed. */
function existingNetwork(site: Site): Topology {
  const { graph, spec } = site;
  const tenant = tenantOf(site);
  const given = spec.network.existing as NonNullable<typeof spec.network.existing>;
  const found = graph.add(
    vpcLookup,
    'network/vpc',
    { vpcId: given.vpcId, ...(spec.database ? { namesFor: 'spec.database' } : {}), tenant },
    field('vpcId', 'existing.vpcId'),
  );
  const subnets = (tier: Tier, subnetIds: readonly string[]) =>
    graph.add(
      subnetsLookup,
      `network/${tier}-subnets`,
      { vpcId: found.out('vpcId'), subnetIds, minZones: 2, tenant },
      field('subnetIds', `existing.${tier}SubnetIds`),
    );
  const open = subnets('public', given.publicSubnetIds);
  const app = subnets('app', given.appSubnetIds);
  return {
    vpcId: found.out('vpcId'),
    publicSubnetIds: open.out('onePerZone'),
    appSubnetIds: app.out('subnetIds'),
    appSubnetPerZone: app.out('onePerZone'),
    dataSubnetIds: subnets('data', given.dataSubnetIds).out('subnetIds'),
    gateways: [],
    routes: [],
    offers: [],
  };
}

function ownNetwork(site: Site): Topology {
  const { graph, spec } = site;
  const { cidr, zoneNames } = spec.network;
  const count = zoneNames?.length ?? spec.network.zones;
  const unsuited = zonesUnsuitedFor(spec);
  const barren = zonesWithoutVpcOrigins[spec.region];
  const zones = graph.add(
    zonesLookup,
    'network/zones',
    {
      ...{ instanceTypes: spec.compute.instanceTypes, count },
      ...(zoneNames ? { zoneNames } : {}),
      homes: letters.slice(0, count).map((letter) => tiers.map((tier) => homeOf(tier, letter))),
      typesNow: [handle<LaunchTemplateOutputs>(fleetOf(spec).launchTemplate).ifThere('instanceType')],
      ...(unsuited ? { unsuited } : barren ? { avoided: [barren] } : {}),
    },
    { specFields: { instanceTypes: 'spec.compute.instanceTypes', zoneNames: 'spec.network.zoneNames' } },
  );
  const network = graph.add(
    vpc,
    'network/vpc',
    { cidr, dnsSupport: true, dnsHostnames: true, defaultGroupRules: 0 },
    field('cidr', 'cidr'),
  );
  const gateway = graph.add(internetGateway, 'network/internet-gateway', { vpcId: network.out('vpcId') });
  const subnets = (tier: Tier) => tierSubnets(site, tier, count, network.out('vpcId'), zones);
  const idsOf = (made: readonly Handle<SubnetOutputs>[]) => made.map((one) => one.out('subnetId'));
  const [publicSubnetIds, appSubnetIds] = [idsOf(subnets('public')), idsOf(subnets('app'))];
  const dataSubnets = subnets('data');
  const dataSubnetIds = idsOf(dataSubnets);
  const publicRoutes = graph.add(routeTable, 'network/routes-public', {
    vpcId: network.out('vpcId'),
    routes: [{ destination: anywhere, internetGatewayId: gateway.out('internetGatewayId') }],
    subnetIds: publicSubnetIds,
  });
  const nats = natGateways(site, publicSubnetIds, publicRoutes);
  const appRoutes = appSubnetIds.map((subnetId, zone) =>
    graph.add(routeTable, `network/routes-app-${letters[zone] as string}`, {
      vpcId: network.out('vpcId'),
      routes: routesOut(nats, zone),
      subnetIds: [subnetId],
    }),
  );
  graph.add(routeTable, 'network/routes-data', { vpcId: network.out('vpcId'), routes: [], subnetIds: dataSubnetIds });
  const s3 = graph.add(vpcEndpoint, 'network/s3-endpoint', {
    vpcId: network.out('vpcId'),
    serviceName: `com.amazonaws.${spec.region}.s3`,
    routeTableIds: appRoutes.map((table) => table.out('routeTableId')),
  });
  composeFlowLog(site, network.out('vpcId'));
  return {
    vpcId: network.out('vpcId'),
    publicSubnetIds,
    appSubnetIds,
    appSubnetPerZone: appSubnetIds,
    dataSubnetIds,
    // As the subnets have them: which zones suit a store changes with its instance types, and with what AWS offers.
    zones: dataSubnets.map((one) => one.out('availabilityZone')),
    gateways: [gateway],
    // With NAT there is a way to S3 without the endpoint, which only makes it cheaper.
    routes: spec.network.nat === 'none' ? [...appRoutes, s3] : appRoutes,
    offers: [zones],
  };
}

/** The zone of a subnet that is there already. */
const homeOf = (tier: Tier, letter: string): Ref<string> =>
  handle<SubnetOutputs>(`network/${tier}-${letter}`).ifThere('availabilityZone');

/** One subnet a zone: the tiers follow one another, each in blocks of a sixteenth of the network. */
function tierSubnets(
  { graph, spec }: Site,
  tier: Tier,
  count: number,
  vpcId: Ref<string>,
  zones: Handle<ZonesLookupOutputs>,
): Handle<SubnetOutputs>[] {
  return letters.slice(0, count).map((letter, zone) =>
    graph.add(subnet, `network/${tier}-${letter}`, {
      vpcId,
      cidr: block(spec.network.cidr, 4, tiers.indexOf(tier) * zonesAtMost + zone),
      availabilityZone: zones.out(`zone${zone}` as 'zone0'),
      mapPublicIp: false,
    }),
  );
}

function natGateways(
  { graph, spec }: Site,
  publicSubnetIds: readonly Ref<string>[],
  publicRoutes: Handle<unknown>,
): Handle<NatGatewayOutputs>[] {
  const count = { none: 0, single: 1, perZone: publicSubnetIds.length }[spec.network.nat];
  return publicSubnetIds.slice(0, count).map((subnetId, zone) => {
    const address = graph.add(elasticIp, `network/nat-address-${letters[zone] as string}`, {});
    return graph.add(
      natGateway,
      `network/nat-${letters[zone] as string}`,
      { subnetId, allocationId: address.out('allocationId') },
      // A NAT gateway in a subnet without a route to the internet gateway fails for good (Gateway.NotAttached).
      { after: [publicRoutes], ...field('subnetId', 'nat') },
    );
  });
}

/** The way out of an app subnet: the NAT gateway of its own zone, or the only one there is. */
const routesOut = (nats: readonly Handle<NatGatewayOutputs>[], zone: number) => {
  const nat = nats[zone] ?? nats[0];
  return nat ? [{ destination: anywhere, natGatewayId: nat.out('natGatewayId') }] : [];
};

const field = (prop: string, path: string) => ({ specFields: { [prop]: `spec.network.${path}` } });
