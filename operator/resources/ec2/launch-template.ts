import type {
  _InstanceType as InstanceType,
  LaunchTemplateVersion,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
  VolumeType,
} from '@aws-sdk/client-ec2';
import { isDeepStrictEqual } from 'node:util';
import { sameMembers } from '../../model/compare.ts';
import { Fault, orAbsent } from '../../model/faults.ts';
import { clientToken, digest, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** What an instance of the store is made from. A change is a new version; the old ones stay, for rolling back to. */
export interface LaunchTemplateProps {
  readonly imageId: string;
  readonly instanceType: string;
  readonly instanceProfileArn: string;
  readonly securityGroupIds: readonly string[];
  /** As text; EC2 has it in base64. */
  readonly userData: string;
  /** The image's own name for its root volume: only so can that be encrypted and sized. */
  readonly rootDeviceName: string;
  readonly volumeSizeGib: number;
  readonly volumeType: string;
  /**
   * The image's names for its further volumes. What is not named here is as the image says, and by that it may stay behind
   * when its instance ends, and cost.
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html
   */
  readonly dataDeviceNames: readonly string[];
  /** Tags of instances, volumes and network interfaces. */
  readonly instanceTags: Tags;
  /**
   * IMDSv2 only with one hop (EC2.8, AutoScaling.4), volumes encrypted and deleted with their instance (EC2.3), no public
   * address (EC2.9, EC2.25): all of it, or false.
   */
  readonly hardened: boolean;
  /** Whether the default version is the newest one that we made. Somebody else's is never made the group's. */
  readonly isDefault: boolean;
}

export interface LaunchTemplateOutputs {
  readonly launchTemplateId: string;
  /** The version that instances are to be made from, as a number in text. */
  readonly latestVersion: string;
  /** As that version has it. */
  readonly instanceType: string;
}

type TemplateFound = Found<LaunchTemplateProps, LaunchTemplateOutputs>;

export const launchTemplate: ResourceType<LaunchTemplateProps, LaunchTemplateOutputs> = {
  name: 'ec2/launch-template',
  fields: {
    imageId: 'live',
    instanceType: 'live',
    instanceProfileArn: 'live',
    securityGroupIds: 'live',
    userData: 'live',
    rootDeviceName: 'live',
    volumeSizeGib: 'live',
    volumeType: 'live',
    dataDeviceNames: { mode: 'live', equal: sameMembers },
    instanceTags: 'live',
    hardened: 'live',
    isDefault: 'live',
  },
  // Every change but that of the default version is a new version.
  moves: {
    latestVersion: [
      ...(['imageId', 'instanceType', 'instanceProfileArn', 'securityGroupIds', 'userData'] as const),
      ...(['rootDeviceName', 'volumeSizeGib', 'volumeType', 'dataDeviceNames', 'instanceTags', 'hardened'] as const),
    ],
    instanceType: ['instanceType'],
  },
  needs: ['ec2/security-group', 'iam/instance-profile'],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteLaunchTemplate',
  key: (_props, name) => name,
  beat: 'existence',
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) =>
      aws.ec2('DescribeLaunchTemplates', { Filters: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      yield (page.LaunchTemplates ?? []).map((found) => ({
        id: found.LaunchTemplateId ?? '',
        key: found.LaunchTemplateName,
        owner: ownerOf(found.Tags),
        state: { is: 'ready' },
        props: {},
        outputs: {},
        bornAt: found.CreateTime?.getTime(),
      }));
  },

  detailed: [
    ...(['imageId', 'instanceType', 'instanceProfileArn', 'securityGroupIds', 'userData', 'rootDeviceName'] as const),
    ...(['volumeSizeGib', 'volumeType', 'dataDeviceNames', 'instanceTags', 'hardened', 'isDefault'] as const),
  ],

  /** Without a template AWS tells the default and the latest versions of all templates of the account. */
  async details(aws, found) {
    const ends = new Map<string, LaunchTemplateVersion[]>();
    const read = (NextToken?: string) =>
      aws.ec2('DescribeLaunchTemplateVersions', { Versions: ['$Default', '$Latest'], MaxResults: 200, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      for (const version of page.LaunchTemplateVersions ?? [])
        ends.set(version.LaunchTemplateId ?? '', [...(ends.get(version.LaunchTemplateId ?? '') ?? []), version]);
    const told = await Promise.all(found.map((one) => inFull(aws, one, ends.get(one.id))));
    return new Map(told.flatMap((one) => (one ? [[one.id, one]] : [])));
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeLaunchTemplates', { LaunchTemplateIds: [id] }));
    return (answer?.LaunchTemplates ?? []).length > 0;
  },

  async create(aws, props, birth) {
    const { LaunchTemplate: made = {} } = await aws.ec2('CreateLaunchTemplate', {
      LaunchTemplateName: birth.name,
      ClientToken: birth.token,
      VersionDescription: markOf(birth.owner),
      LaunchTemplateData: asData(props),
      TagSpecifications: tagSpecification('launch-template', birth.tags),
    });
    const id = made.LaunchTemplateId ?? '';
    return {
      id,
      key: birth.name,
      owner: birth.owner,
      state: { is: 'ready' },
      props: { ...props },
      outputs: {
        ...{ launchTemplateId: id, latestVersion: String(made.DefaultVersionNumber ?? 1) },
        instanceType: props.instanceType,
      },
    };
  },

  async update(aws, found, props, fields) {
    const { latestVersion } = found.outputs;
    // What we made is still there: it becomes the default one again, and no instance has to be replaced.
    if (fields.size === 1 && fields.has('isDefault') && latestVersion !== undefined) {
      await aws.ec2('ModifyLaunchTemplate', { LaunchTemplateId: found.id, DefaultVersion: latestVersion });
      return {};
    }
    const { LaunchTemplateVersion: made = {} } = await aws.ec2('CreateLaunchTemplateVersion', {
      LaunchTemplateId: found.id,
      // The same change asked for twice is one version; the same content after another change is a new one.
      ClientToken: clientToken(
        found.owner as NodeOwner,
        digest(JSON.stringify([found.outputs.latestVersion, props]), 32),
      ),
      VersionDescription: markOf(found.owner as NodeOwner),
      LaunchTemplateData: asData(props),
    });
    await aws.ec2('ModifyLaunchTemplate', {
      LaunchTemplateId: found.id,
      DefaultVersion: String(made.VersionNumber),
    });
    // The next change comes after this one, whether readings tell of it yet or not.
    return { latestVersion: String(made.VersionNumber), instanceType: props.instanceType };
  },

  async delete(aws, found) {
    await orAbsent(aws.ec2('DeleteLaunchTemplate', { LaunchTemplateId: found.id }));
  },
};

/**
 * Says of a version that we made it: whoever may write to a template can add versions to it. A version made from another
 * one does not take over its description.
 */
const markOf = ({ uid }: NodeOwner): string => `ecom.io store ${uid}`;

/** Nothing of ours: every prop is told as not set, and differs. */
const foreignVersion: Partial<LaunchTemplateProps> = {
  ...{ imageId: undefined, instanceType: undefined, instanceProfileArn: undefined, securityGroupIds: undefined },
  ...{ userData: undefined, rootDeviceName: undefined, volumeSizeGib: undefined, volumeType: undefined },
  ...{ dataDeviceNames: undefined, instanceTags: undefined, hardened: false, isDefault: false },
};

const newestOf = (versions: readonly LaunchTemplateVersion[] = [], owner: NodeOwner | undefined) =>
  versions
    .filter(({ VersionDescription }) => owner && VersionDescription === markOf(owner))
    .sort((a, b) => (b.VersionNumber ?? 0) - (a.VersionNumber ?? 0))
    .at(0);

/** As its newest version of ours says, which is asked for apart where it is not both ends. Undefined: the template is gone. */
async function inFull(
  aws: Aws,
  found: TemplateFound,
  ends: readonly LaunchTemplateVersion[] | undefined,
): Promise<TemplateFound | undefined> {
  if (!ends) return undefined;
  const standing = newestOf(ends, found.owner);
  const numbers = new Set(ends.map(({ VersionNumber }) => VersionNumber));
  const inOrder = standing?.DefaultVersion === true && numbers.size === 1;
  const versions = inOrder ? ends : await orAbsent(everyVersion(aws, found.id));
  const own = newestOf(versions, found.owner);
  // Where none is ours there is no version for the group, and the next update makes one.
  return versions && { ...found, ...(own ? versionTold(own) : { props: { ...foreignVersion }, outputs: {} }) };
}

async function everyVersion(aws: Aws, LaunchTemplateId: string): Promise<LaunchTemplateVersion[]> {
  const read = (NextToken?: string) => aws.ec2('DescribeLaunchTemplateVersions', { LaunchTemplateId, NextToken });
  const all: LaunchTemplateVersion[] = [];
  for await (const page of pages(read, (answer) => answer.NextToken)) all.push(...(page.LaunchTemplateVersions ?? []));
  return all;
}

const metadata = { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' } as const;

/** EC2's limit, before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
const bytesAtMost = 16 * 1024;

/** Throws a `rejected` fault where EC2 would refuse it, too. */
export function checkUserData(script: string): void {
  const size = Buffer.byteLength(script);
  if (size > bytesAtMost)
    throw new Fault('rejected', `the user data has ${size} bytes, EC2 takes ${bytesAtMost}`, {
      field: 'spec.compute.userData',
      remedy: 'bake the larger part into the image, or fetch it at start',
    });
}

function asData(props: LaunchTemplateProps): RequestLaunchTemplateData {
  checkUserData(props.userData);
  const tagged = tagPairs(props.instanceTags);
  return {
    ImageId: props.imageId,
    InstanceType: props.instanceType as InstanceType,
    IamInstanceProfile: { Arn: props.instanceProfileArn },
    UserData: Buffer.from(props.userData).toString('base64'),
    MetadataOptions: metadata,
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        AssociatePublicIpAddress: false,
        DeleteOnTermination: true,
        Groups: [...props.securityGroupIds],
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: props.rootDeviceName,
        Ebs: {
          Encrypted: true,
          DeleteOnTermination: true,
          VolumeSize: props.volumeSizeGib,
          VolumeType: props.volumeType as VolumeType,
        },
      },
      // Their size and what is on them are the image's: what is said here of a device is merged with what it says.
      // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-block-device-mapping.html
      ...props.dataDeviceNames.map((DeviceName) => ({
        DeviceName,
        Ebs: { Encrypted: true, DeleteOnTermination: true },
      })),
    ],
    TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({
      ResourceType,
      Tags: tagged,
    })),
  };
}

function isHardened({ MetadataOptions, NetworkInterfaces, BlockDeviceMappings }: ResponseLaunchTemplateData): boolean {
  const [face, ...moreFaces] = NetworkInterfaces ?? [];
  const disks = BlockDeviceMappings ?? [];
  return (
    MetadataOptions?.HttpTokens === 'required' &&
    MetadataOptions.HttpPutResponseHopLimit === 1 &&
    face?.AssociatePublicIpAddress === false &&
    disks.length > 0 &&
    disks.every(({ Ebs }) => Ebs?.Encrypted === true && Ebs.DeleteOnTermination === true) &&
    moreFaces.length === 0
  );
}

function versionTold(version: LaunchTemplateVersion): Pick<TemplateFound, 'props' | 'outputs'> {
  const data = version.LaunchTemplateData ?? {};
  const [face] = data.NetworkInterfaces ?? [];
  const [disk, ...dataDisks] = data.BlockDeviceMappings ?? [];
  return {
    props: {
      imageId: data.ImageId,
      instanceType: data.InstanceType,
      instanceProfileArn: data.IamInstanceProfile?.Arn,
      securityGroupIds: [...(face?.Groups ?? [])],
      userData: Buffer.from(data.UserData ?? '', 'base64').toString('utf8'),
      rootDeviceName: disk?.DeviceName,
      volumeSizeGib: disk?.Ebs?.VolumeSize,
      volumeType: disk?.Ebs?.VolumeType,
      dataDeviceNames: dataDisks.map(({ DeviceName = '' }) => DeviceName),
      instanceTags: commonTags(data),
      hardened: isHardened(data),
      isDefault: version.DefaultVersion === true,
    },
    outputs: {
      launchTemplateId: version.LaunchTemplateId,
      latestVersion: version.VersionNumber === undefined ? undefined : String(version.VersionNumber),
      instanceType: data.InstanceType,
    },
  };
}

/** The tags that instances, volumes and interfaces get, when all three get the same; else none, which is a difference. */
function commonTags({ TagSpecifications = [] }: ResponseLaunchTemplateData): Tags {
  const all = TagSpecifications.map(({ Tags: tags = [] }) => tagsFromPairs(tags));
  const [first = {}] = all;
  return all.length === 3 && all.every((tags) => isDeepStrictEqual(tags, first)) ? first : {};
}
