import type { World } from '../core/world.ts';
import { internetGateways } from './gateways.ts';
import { routeTables } from './route-tables.ts';
import { subnets } from './subnets.ts';
import { vpcs } from './vpc.ts';

export interface NetworkToSeed {
  readonly vpcId: string;
  readonly cidr: string;
  readonly subnets: readonly {
    readonly id: string;
    readonly cidr: string;
    readonly zone: string;
    /** Whether it has a way to the internet gateway. */
    readonly public: boolean;
  }[];
}

/** A network of the user's own, that was there before any store. */
export function seedNetwork(world: World, region: string, wanted: NetworkToSeed): void {
  const { vpcId, cidr } = wanted;
  const suffix = vpcId.slice('vpc-'.length);
  world.collection(region, vpcs).put(vpcId, {
    ...{ id: vpcId, cidr, tags: { Name: 'shared' }, state: 'available', tenancy: 'default' },
    ...{ dnsSupport: true, dnsHostnames: true, metrics: false, associationId: `vpc-cidr-assoc-${suffix}` },
  });
  const gateway = `igw-${suffix}`;
  world.collection(region, internetGateways).put(gateway, { id: gateway, tags: { Name: 'shared' }, vpcId });
  for (const { id, cidr: own, zone } of wanted.subnets)
    world.collection(region, subnets).put(id, {
      ...{ id, cidr: own, zone, vpcId, tags: { Name: 'shared' }, state: 'available', mapPublicIp: false },
    });
  const local = { destination: cidr, target: 'local', origin: 'CreateRouteTable' } as const;
  const out = { destination: '0.0.0.0/0', target: gateway, origin: 'CreateRoute' } as const;
  const open = wanted.subnets
    .filter((subnet) => subnet.public)
    .map(({ id }) => ({ id: `rtbassoc-${id}`, subnetId: id }));
  const tables = world.collection(region, routeTables);
  const main = [{ id: `rtbassoc-${suffix}`, subnetId: undefined }];
  tables.put(`rtb-${suffix}`, {
    id: `rtb-${suffix}`,
    tags: {},
    vpcId,
    main: true,
    routes: [local],
    associations: main,
  });
  const table = {
    id: `rtb-1${suffix.slice(1)}`,
    tags: { Name: 'shared' },
    vpcId,
    main: false,
    routes: [local, out],
    associations: open,
  };
  tables.put(table.id, table);
}
