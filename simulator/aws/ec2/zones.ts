import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import type { World } from '../core/world.ts';
import { filtered, type Filter, type FilterTable } from './filters.ts';

export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** Three zones a region; their ids are of the region, whatever an account calls them. */
export const zonesOf = (region: string): Zone[] =>
  ['a', 'b', 'c'].map((letter, i) => ({ name: `${region}${letter}`, id: `${shortName(region)}-az${i + 1}` }));

/** https://docs.aws.amazon.com/sdk-for-python/v4/reference/clients/ec2/enums/AvailabilityZoneState/ */
export type ZoneState = 'available' | 'information' | 'impaired' | 'unavailable' | 'constrained';

const states = new WeakMap<World, Map<string, ZoneState>>();

/** What AWS says of a zone; `available` until somebody says otherwise. */
export const zoneState = (world: World, zone: string): ZoneState => states.get(world)?.get(zone) ?? 'available';

export function setZoneState(world: World, zone: string, state: ZoneState): void {
  states.set(world, (states.get(world) ?? new Map<string, ZoneState>()).set(zone, state));
}

/** `euc1` for `eu-central-1`. */
const shortName = (region: string): string => {
  const [area = '', direction = '', number = ''] = region.split('-');
  return `${area}${direction[0] ?? ''}${number}`;
};

interface TypeFacts {
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** How many of a region's zones offer it: older generations are rarely everywhere. */
  readonly zones: number;
}

const families: Readonly<Record<string, { readonly zones: number; readonly perVcpuMiB: number }>> = {
  m4: { zones: 2, perVcpuMiB: 4096 },
  m5: { zones: 3, perVcpuMiB: 4096 },
  m5a: { zones: 3, perVcpuMiB: 4096 },
  m6i: { zones: 3, perVcpuMiB: 4096 },
  t3: { zones: 3, perVcpuMiB: 4096 },
};
const sizes: Readonly<Record<string, number>> = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };

/** What is known of an instance type; undefined for a type that EC2 does not have. */
export function typeFacts(type: string): TypeFacts | undefined {
  const [family = '', size = ''] = type.split('.');
  const [known, vcpus] = [families[family], sizes[size]];
  return known && vcpus !== undefined ? { vcpus, memoryMiB: vcpus * known.perVcpuMiB, zones: known.zones } : undefined;
}

const allTypes = (): string[] =>
  Object.keys(families).flatMap((family) => Object.keys(sizes).map((size) => `${family}.${size}`));

/** Whether a zone has machines of a type. */
export const offers = (region: string, zone: string, type: string): boolean => {
  const index = zonesOf(region).findIndex(({ name }) => name === zone);
  return index >= 0 && index < (typeFacts(type)?.zones ?? 0);
};

interface Offering {
  readonly type: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

const offeringFilters: FilterTable<Offering> = {
  'instance-type': ({ type }) => [type],
  location: ({ location }) => [location],
};

function describeOfferings(
  input: { LocationType?: string; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
  request: Request,
) {
  const { region } = request;
  const places =
    input.LocationType === 'availability-zone'
      ? zonesOf(region).map(({ name }) => name)
      : input.LocationType === 'availability-zone-id'
        ? zonesOf(region).map(({ id }) => id)
        : [region];
  const all = allTypes().flatMap((type) =>
    places
      .filter((_, i) => places.length === 1 || i < (typeFacts(type) as TypeFacts).zones)
      .map((location): Offering => ({ type, location, tags: {} })),
  );
  const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
  const { items, next } = pageOf(request.world, filtered(all, input.Filters, offeringFilters), page);
  return {
    InstanceTypeOfferings: items.map(({ type, location }) => ({
      InstanceType: type,
      LocationType: input.LocationType ?? 'region',
      Location: location,
    })),
    NextToken: next,
  };
}

const zoneFilters: FilterTable<Zone & { readonly state: ZoneState; readonly tags: Record<string, string> }> = {
  'zone-name': ({ name }) => [name],
  'zone-id': ({ id }) => [id],
  state: ({ state }) => [state],
  'zone-type': () => ['availability-zone'],
  'opt-in-status': () => ['opt-in-not-required'],
  'region-name': () => [],
  'group-name': () => [],
};

function describeZones(input: { ZoneNames?: string[]; Filters?: Filter[] }, request: Request) {
  const stateOf = (name: string): ZoneState => zoneState(request.world, name);
  const known = zonesOf(request.region).map((zone) => ({ ...zone, state: stateOf(zone.name), tags: {} }));
  const lost = input.ZoneNames?.find((name) => !known.some((zone) => zone.name === name));
  if (lost !== undefined) throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${lost}]`);
  const named = input.ZoneNames ? known.filter(({ name }) => input.ZoneNames?.includes(name)) : known;
  return {
    AvailabilityZones: filtered(named, input.Filters, zoneFilters).map(({ name, id, state }) => ({
      ZoneName: name,
      ZoneId: id,
      State: state,
      ZoneType: 'availability-zone',
      OptInStatus: 'opt-in-not-required',
      RegionName: request.region,
      GroupName: request.region,
      NetworkBorderGroup: request.region,
      Messages: [],
    })),
  };
}

function describeTypes(
  input: { InstanceTypes?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
  request: Request,
) {
  const wanted = input.InstanceTypes ?? allTypes();
  const lost = wanted.filter((type) => !typeFacts(type));
  if (lost.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${lost.join(', ')}]`,
    );
  const page = { token: input.NextToken, size: input.MaxResults, most: 100 };
  const { items, next } = pageOf(request.world, wanted, page);
  return {
    InstanceTypes: items.map((type) => {
      const { vcpus, memoryMiB } = typeFacts(type) as TypeFacts;
      return {
        InstanceType: type,
        CurrentGeneration: !type.startsWith('m4.'),
        VCpuInfo: { DefaultVCpus: vcpus },
        MemoryInfo: { SizeInMiB: memoryMiB },
        ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
      };
    }),
    NextToken: next,
  };
}

export const zoneOperations: Operations = {
  DescribeAvailabilityZones: describeZones,
  DescribeInstanceTypeOfferings: describeOfferings,
  DescribeInstanceTypes: describeTypes,
  DescribeRegions: (_input, { region }) => ({
    Regions: [...new Set([region, 'us-east-1'])].map((name) => ({
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    })),
  }),
  DescribeAccountAttributes: () => ({
    AccountAttributes: [
      { AttributeName: 'supported-platforms', AttributeValues: [{ AttributeValue: 'VPC' }] },
      { AttributeName: 'default-vpc', AttributeValues: [{ AttributeValue: 'none' }] },
    ],
  }),
};
