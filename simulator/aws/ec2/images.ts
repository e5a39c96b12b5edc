import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import type { World } from '../core/world.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';

/** A volume that each instance of an image gets: a copy of a snapshot, or an empty one. */
export interface ImageDevice {
  readonly device: string;
  readonly sizeGiB: number;
  readonly snapshotId?: string;
  readonly deleteOnTermination: boolean;
}

export interface Image extends Tagged {
  readonly name: string;
  readonly state: 'available' | 'pending' | 'failed' | 'deregistered';
  readonly rootDeviceName: string;
  /** Further ones than the root. */
  readonly dataDevices: readonly ImageDevice[];
  /** Names for the disks that some instance types have built in, as Ubuntu's images give them: no volumes. */
  readonly instanceStores?: readonly string[];
  readonly architecture: string;
  readonly createdAt: number;
  /** Whose it is, when it is not the account's own. */
  readonly owner?: string;
  /** Since when its owner advises against it. */
  readonly deprecatedAt?: number;
  /** The application inside never answers its health checks. */
  readonly broken: boolean;
  /** The only paths that the application inside answers; any where nobody says. */
  readonly answersAt?: readonly string[];
}

/** Images are the users' own: they are there before any store, and no store makes them. */
export const images = kind<Image>('image', { exists: () => false });

/** Puts an image into the account. */
export function seedImage(
  world: World,
  region: string,
  image: Pick<Image, 'id' | 'name' | 'owner' | 'answersAt'> &
    Partial<Pick<Image, 'broken' | 'dataDevices' | 'instanceStores'>>,
): Image {
  return world.collection(region, images).put(image.id, {
    id: image.id,
    name: image.name,
    tags: {},
    state: 'available',
    rootDeviceName: '/dev/xvda',
    dataDevices: image.dataDevices ?? [],
    architecture: 'x86_64',
    createdAt: world.now(),
    broken: image.broken ?? false,
    ...(image.owner === undefined ? {} : { owner: image.owner }),
    ...(image.instanceStores === undefined ? {} : { instanceStores: image.instanceStores }),
    ...(image.answersAt === undefined ? {} : { answersAt: image.answersAt }),
  });
}

/** All volumes of its instances, the root first. */
export const devicesOf = ({ id, rootDeviceName, dataDevices }: Image): readonly ImageDevice[] => [
  { device: rootDeviceName, sizeGiB: 8, snapshotId: `snap-${id.slice(4)}`, deleteOnTermination: true },
  ...dataDevices,
];

const mappingsTold = (image: Image) => [
  ...devicesOf(image).map((each) => ({
    DeviceName: each.device,
    Ebs: {
      VolumeSize: each.sizeGiB,
      VolumeType: 'gp3',
      Encrypted: false,
      DeleteOnTermination: each.deleteOnTermination,
      SnapshotId: each.snapshotId,
    },
  })),
  ...(image.instanceStores ?? []).map((DeviceName, at) => ({ DeviceName, VirtualName: `ephemeral${at}` })),
];

const noImage = (id: string): AwsError =>
  /^ami-[0-9a-f]{8,17}$/.test(id)
    ? new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`)
    : new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);

const filters: FilterTable<Image> = {
  'image-id': ({ id }) => [id],
  name: ({ name }) => [name],
  state: ({ state }) => [state],
  architecture: ({ architecture }) => [architecture],
};

/**
 * Only its owner is told of a deprecated image unasked; by its id everybody who may use it is.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
 */
const isHidden = ({ owner, deprecatedAt }: Image, now: number): boolean =>
  owner !== undefined && deprecatedAt !== undefined && deprecatedAt <= now;

export const imageOperations: Operations = {
  DescribeImages: (
    input: {
      ImageIds?: string[];
      Owners?: string[];
      Filters?: Filter[];
      IncludeDeprecated?: boolean;
      NextToken?: string;
      MaxResults?: number;
    },
    request,
  ) => {
    const known = request
      .listed(images)
      .filter(({ state }) => state !== 'deregistered')
      .filter((image) => input.IncludeDeprecated || input.ImageIds || !isHidden(image, request.now));
    const listed = byIds(known, input.ImageIds, ({ id }) => id, noImage);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return {
      Images: items.map((image) => ({
        ImageId: image.id,
        Name: image.name,
        State: image.state,
        Architecture: image.architecture,
        RootDeviceName: image.rootDeviceName,
        RootDeviceType: 'ebs',
        VirtualizationType: 'hvm',
        OwnerId: image.owner ?? request.account,
        Public: false,
        ImageType: 'machine',
        CreationDate: new Date(image.createdAt).toISOString(),
        ...(image.deprecatedAt === undefined ? {} : { DeprecationTime: new Date(image.deprecatedAt).toISOString() }),
        BlockDeviceMappings: mappingsTold(image),
        Tags: toTagPairs(image.tags),
      })),
      NextToken: next,
    };
  },
};
