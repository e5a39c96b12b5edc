import { managedKeyArn } from '../core/managed-keys.ts';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs, type TagMap } from '../core/tags.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { devicesOf, type Image } from './images.ts';
import { kind, type Tagged } from './kinds.ts';
import type { DeviceData } from './launch-template-data.ts';

/** A disk of an instance; it goes with the instance when it is said to. */
export interface Volume extends Tagged {
  readonly device: string;
  readonly sizeGiB: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly snapshotId: string | undefined;
  readonly zone: string;
  readonly instanceId: string | undefined;
  readonly deleteOnTermination: boolean;
  readonly createdAt: number;
}

export const volumes = kind<Volume>('volume', { dollarsPerHour: ({ sizeGiB }) => (sizeGiB * 0.0952) / 730 });

export interface VolumesToMake {
  readonly instanceId: string;
  readonly zone: string;
  readonly devices: readonly DeviceData[];
  readonly image: Image;
  readonly tags: TagMap;
}

/**
 * The disks of a new instance: those of the image, as the request changes them by their names, and what the request adds.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-block-device-mapping.html
 */
export function makeVolumes(request: Request, wanted: VolumesToMake): Volume[] {
  const { image, devices, zone, instanceId, tags } = wanted;
  const ofImage = devicesOf(image);
  const asked = (device: string): DeviceData | undefined => devices.find(({ DeviceName }) => DeviceName === device);
  const added = devices.filter(({ DeviceName, Ebs }) => Ebs && !ofImage.some(({ device }) => device === DeviceName));
  const all = [...ofImage.map(({ device }) => ({ DeviceName: device, Ebs: asked(device)?.Ebs })), ...added];
  return all.map(({ DeviceName = '', Ebs = {} }) => {
    const id = request.id('vol');
    const original = ofImage.find(({ device }) => device === DeviceName);
    const { snapshotId } = original ?? {};
    const sizeGiB = Ebs.VolumeSize ?? original?.sizeGiB ?? 8;
    if (original && sizeGiB < original.sizeGiB)
      throw new AwsError(
        'InvalidBlockDeviceMapping',
        `Volume of size ${sizeGiB}GB is smaller than snapshot '${snapshotId}', expect size>= ${original.sizeGiB}GB`,
      );
    return request.in(volumes).put(id, {
      id,
      tags,
      device: DeviceName,
      sizeGiB,
      type: Ebs.VolumeType ?? 'gp2',
      encrypted: Ebs.Encrypted ?? false,
      kmsKeyId: Ebs.KmsKeyId ?? (Ebs.Encrypted ? managedKeyArn(request, 'ebs') : undefined),
      iops: Ebs.Iops ?? (Ebs.VolumeType === 'gp3' ? 3000 : undefined),
      throughput: Ebs.Throughput ?? (Ebs.VolumeType === 'gp3' ? 125 : undefined),
      snapshotId,
      zone,
      instanceId,
      deleteOnTermination: Ebs.DeleteOnTermination ?? original?.deleteOnTermination ?? true,
      createdAt: request.now,
    });
  });
}

/** What happens to the disks of an instance that is no more. */
export function releaseVolumes(request: Request, instanceId: string): void {
  const all = request.in(volumes);
  for (const volume of all.all().filter((one) => one.instanceId === instanceId))
    if (volume.deleteOnTermination) all.remove(volume.id);
    else all.change(volume.id, { instanceId: undefined });
}

const filters: FilterTable<Volume> = {
  'volume-id': ({ id }) => [id],
  'attachment.instance-id': ({ instanceId }) => [instanceId],
  'attachment.device': ({ device, instanceId }) => [instanceId === undefined ? undefined : device],
  'attachment.delete-on-termination': ({ deleteOnTermination }) => [String(deleteOnTermination)],
  'availability-zone': ({ zone }) => [zone],
  encrypted: ({ encrypted }) => [String(encrypted)],
  size: ({ sizeGiB }) => [String(sizeGiB)],
  status: ({ instanceId }) => [instanceId === undefined ? 'available' : 'in-use'],
  'volume-type': ({ type }) => [type],
};

const told = (volume: Volume) => ({
  VolumeId: volume.id,
  Size: volume.sizeGiB,
  VolumeType: volume.type,
  Encrypted: volume.encrypted,
  KmsKeyId: volume.kmsKeyId,
  Iops: volume.iops,
  Throughput: volume.throughput,
  SnapshotId: volume.snapshotId ?? '',
  AvailabilityZone: volume.zone,
  State: volume.instanceId === undefined ? 'available' : 'in-use',
  CreateTime: new Date(volume.createdAt),
  MultiAttachEnabled: false,
  Attachments:
    volume.instanceId === undefined
      ? []
      : [
          {
            VolumeId: volume.id,
            InstanceId: volume.instanceId,
            Device: volume.device,
            State: 'attached',
            AttachTime: new Date(volume.createdAt),
            DeleteOnTermination: volume.deleteOnTermination,
          },
        ],
  Tags: toTagPairs(volume.tags),
});

const noVolume = (id: string): AwsError => new AwsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);

export const volumeOperations: Operations = {
  DescribeVolumes: (
    input: { VolumeIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(volumes), input.VolumeIds, ({ id }) => id, noVolume);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { Volumes: items.map(told), NextToken: next };
  },
};
