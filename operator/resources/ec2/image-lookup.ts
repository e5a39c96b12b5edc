import { without } from '../../model/compare.ts';
import { Fault } from '../../model/faults.ts';
import { tagsFromPairs } from '../../model/identity.ts';
import { refuseOthers, type Tenant } from '../../model/ownership.ts';
import type { LookupType } from '../../model/resource-type.ts';

/** What an image is: that it exists, can be used, and what it calls its volumes. */
export interface ImageLookupProps {
  readonly imageId: string;
  readonly tenant: Tenant;
}

export interface ImageLookupOutputs {
  readonly imageId: string;
  readonly rootDeviceName: string;
  /** Its further volumes, which every instance gets. */
  readonly dataDeviceNames: readonly string[];
  readonly architecture: string;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html: 8 digits before 2018, 17 since. */
export const imageIdPattern = '^ami-([0-9a-f]{8}|[0-9a-f]{17})$';

export const imageLookup: LookupType<ImageLookupProps, ImageLookupOutputs> = {
  name: 'ec2/image-lookup',
  scope: 'regional',

  async lookup(aws, { imageId, tenant }) {
    // Filtering, unlike asking by id, answers an unknown image with an empty list; and leaves out what its owner, if that is
    // somebody else, has deprecated. Instances start from that all the same.
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
    const { Images: [image] = [] } = await aws.ec2('DescribeImages', {
      Filters: [{ Name: 'image-id', Values: [imageId] }],
      IncludeDeprecated: true,
    });
    const field = 'spec.compute.image';
    if (!image)
      throw new Fault('absent', `there is no image ${imageId} in this region that this account may use`, {
        field,
        remedy: 'copy the image to this region, share it with this account, or name another',
      });
    refuseOthers(tenant, `image ${imageId}`, tagsFromPairs(image.Tags), { field });
    if (image.State !== 'available')
      throw new Fault('rejected', `image ${imageId} is ${image.State}, not available`, {
        field,
        remedy: 'wait until it is available, or name another',
      });
    const { RootDeviceName: rootDeviceName = '', Architecture: architecture = '' } = image;
    // What has no `Ebs` is a name for a disk that is built into the machine.
    const volumes = (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName = '', Ebs }) => (Ebs ? [DeviceName] : []));
    return { imageId, rootDeviceName, dataDeviceNames: without(volumes, [rootDeviceName]).sort(), architecture };
  },
};
