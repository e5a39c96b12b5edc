import { combination, invalid, type Settings } from './kinds.ts';

/**
 * From this size on gp3 of the engines here is four volumes, whose speed can be bought.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 */
const stripedFromGib = 400;
const stripedIops = 12_000;

const isStriped = ({ StorageType, AllocatedStorage }: Settings): boolean =>
  StorageType === 'gp3' && AllocatedStorage >= stripedFromGib;

/** What a gp3 volume gives, with the speed that was bought; more throughput is not simulated. */
export const speedOf = (settings: Settings): object => {
  if (settings.StorageType !== 'gp3') return {};
  return isStriped(settings)
    ? { Iops: settings.Iops ?? stripedIops, StorageThroughput: 500 }
    : { Iops: 3000, StorageThroughput: 125 };
};

/**
 * What a modification must say of size and speed: both or none where the speed can be bought, and none where it cannot. In
 * AWS's words, as others have met them: https://github.com/hashicorp/terraform-provider-aws/issues/28589 and 28382. What
 * grows over the border gets AWS's own: https://github.com/hashicorp/terraform-provider-aws/pull/47411
 */
export function checkStorage(engine: string, has: Settings, change: Partial<Settings>): void {
  const wants = { ...has, ...change };
  const { Iops, AllocatedStorage } = change;
  if (Iops !== undefined && wants.StorageType !== 'gp3')
    throw combination(`Iops cannot be specified for the storage type ${wants.StorageType}.`);
  if (Iops !== undefined && !isStriped(wants))
    throw combination(
      `You can't specify IOPS or storage throughput for engine ${engine} and a storage size less than ${stripedFromGib}.`,
    );
  if (Iops !== undefined && Iops < stripedIops)
    throw invalid(`Invalid iops value for engine name ${engine} and storage type gp3: ${Iops}`);
  const concerns = [AllocatedStorage, Iops, wants.StorageType === has.StorageType ? undefined : wants.StorageType];
  const grows = has.StorageType === 'gp3' && !isStriped(has);
  if (!isStriped(wants) || grows || concerns.every((one) => one === undefined)) return;
  if (AllocatedStorage === undefined || Iops === undefined)
    throw combination(
      'You must specify both the storage size and iops when modifying the storage size or iops on a DB instance that has iops.',
    );
}
