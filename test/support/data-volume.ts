import { homeRegion, seededImages } from '../../simulator/account.ts';
import type { World } from '../../simulator/aws/core/world.ts';
import { images } from '../../simulator/aws/ec2/images.ts';

/** The image of the storefront gets a data volume of 50 GiB, of which its maker has not said that it ends with the instance. */
export const giveDataVolume = (world: World): void =>
  void world.collection(homeRegion, images).change(seededImages.storefront, {
    dataDevices: [{ device: '/dev/sdf', sizeGiB: 50, deleteOnTermination: false }],
  });
