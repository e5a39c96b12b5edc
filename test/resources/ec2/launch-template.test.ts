import { describe, expect, test } from 'vitest';
import { ownerTags, tagPairs, type NodeOwner } from '../../../operator/model/identity.ts';
import { imageLookup } from '../../../operator/resources/ec2/image-lookup.ts';
import { launchTemplate } from '../../../operator/resources/ec2/launch-template.ts';
import { subnetsLookup } from '../../../operator/resources/ec2/subnets-lookup.ts';
import { vpcLookup } from '../../../operator/resources/ec2/vpc-lookup.ts';
import { setZoneState } from '../../../simulator/aws/ec2/zones.ts';
import { zonesLookup } from '../../../operator/resources/ec2/zones-lookup.ts';
import { images as imageKind, seedImage } from '../../../simulator/aws/ec2/images.ts';
import { Court, laws, owner, region, tenant } from '../laws.ts';
import { makeGroup, makeSubnet, makeVpc } from './ground.ts';

const images = { first: 'ami-0000000000000000a', second: 'ami-0000000000000000b' };

laws(launchTemplate, {
  ground: async (court) => {
    for (const [name, id] of Object.entries(images)) seedImage(court.simulated.world, region, { id, name });
    const vpcId = await makeVpc(court);
    return {
      imageId: images.first,
      instanceType: 'm4.large',
      instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/ecom/default/app',
      securityGroupIds: [await makeGroup(court, vpcId, 'app')],
      userData: '#!/bin/bash\necho "grüß Gott"\n',
      rootDeviceName: '/dev/xvda',
      volumeSizeGib: 20,
      volumeType: 'gp3',
      dataDeviceNames: ['/dev/sdf', '/dev/sdg'],
      instanceTags: { Name: 'acme/app' },
      hardened: true,
      isDefault: true,
    };
  },
  live: {
    imageId: () => images.second,
    instanceType: () => 'm5.large',
    instanceProfileArn: () => 'arn:aws:iam::111122223333:instance-profile/ecom/default/other',
    securityGroupIds: async (_, court) => [await makeGroup(court, await makeVpc(court, '10.7.0.0/16'), 'other')],
    userData: () => '#!/bin/bash\n',
    rootDeviceName: () => '/dev/sda1',
    volumeSizeGib: () => 40,
    volumeType: () => 'gp2',
    dataDeviceNames: () => ['/dev/sdf'],
    instanceTags: () => ({ Name: 'acme/other' }),
  },
  // We only ever write it hardened, and as the default one; what a stranger does is shown below.
  notDrifted: ['hardened', 'isDefault'],
  // A new version, and its place as the default one.
  writes: {
    ...{ imageId: 2, instanceType: 2, instanceProfileArn: 2, securityGroupIds: 2, userData: 2 },
    ...{ rootDeviceName: 2, volumeSizeGib: 2, volumeType: 2, dataDeviceNames: 2, instanceTags: 2 },
  },
  fixed: {},
});

/** A court with an image, and what a template of it may be. */
async function templateOf() {
  const court = new Court(launchTemplate);
  const vpcId = await makeVpc(court);
  seedImage(court.simulated.world, region, { id: images.first, name: 'first' });
  const props = {
    ...{
      imageId: images.first,
      instanceType: 'm4.large',
      rootDeviceName: '/dev/xvda',
      volumeSizeGib: 20,
      volumeType: 'gp3',
      dataDeviceNames: [],
    },
    ...{
      instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/app',
      userData: '',
      instanceTags: {},
      hardened: true,
      isDefault: true,
    },
    securityGroupIds: [await makeGroup(court, vpcId, 'app')],
  };
  return { court, props };
}

describe('quirks of launch templates', () => {
  test('changes that go back and forth before lists tell of any are a version each', async () => {
    const { court, props } = await templateOf();
    let found = await court.settle({ ...props, userData: 'a' });
    for (const userData of ['b', 'a', 'b']) {
      const wanted = { ...props, userData };
      const outputs = await launchTemplate.update(court.aws, found, wanted, new Set(['userData']));
      found = { ...found, props: wanted, outputs: { ...found.outputs, ...outputs } };
    }
    expect((await court.own(props))[0]).toMatchObject({
      props: { userData: 'b', isDefault: true },
      outputs: { latestVersion: '4' },
    });
  });

  test('a version that a stranger softened never serves: ours is made the default one again', async () => {
    const { court, props } = await templateOf();
    const found = await court.settle({ ...props, instanceTags: { Name: 'x' } });
    const LaunchTemplateData = { MetadataOptions: { HttpTokens: 'optional' } };
    const made = await court.other<{ LaunchTemplateVersion: { VersionNumber: number } }>(
      'ec2',
      'CreateLaunchTemplateVersion',
      {
        ...{ LaunchTemplateId: found.id, SourceVersion: '1', LaunchTemplateData },
      },
    );
    const DefaultVersion = String(made.LaunchTemplateVersion.VersionNumber);
    await court.other('ec2', 'ModifyLaunchTemplate', { LaunchTemplateId: found.id, DefaultVersion });
    expect((await court.own(props))[0]).toMatchObject({ props: { isDefault: false }, outputs: { latestVersion: '1' } });
    const count = court.cloud.writes().length;
    expect((await court.settle({ ...props, instanceTags: { Name: 'x' } })).props).toMatchObject({ hardened: true });
    expect(court.writesSince(count)).toEqual(['ec2:ModifyLaunchTemplate']);
  });

  test.each([
    ['is kept when its instance ends', { Encrypted: true, DeleteOnTermination: false }],
    ['is not encrypted', { DeleteOnTermination: true }],
  ])('a version like ours of which a further volume %s is followed by one of ours', async (_, Ebs) => {
    const { court, props } = await templateOf();
    const wanted = { ...props, dataDeviceNames: ['/dev/sdf'] };
    const found = await court.settle(wanted);
    const { LaunchTemplateVersions: [ours] = [] } = await court.other<{
      LaunchTemplateVersions: { VersionDescription: string; LaunchTemplateData: { BlockDeviceMappings: object[] } }[];
    }>('ec2', 'DescribeLaunchTemplateVersions', { LaunchTemplateId: found.id });
    const { VersionDescription, LaunchTemplateData: data } = ours ?? {};
    await court.other('ec2', 'CreateLaunchTemplateVersion', {
      ...{ LaunchTemplateId: found.id, VersionDescription },
      LaunchTemplateData: {
        ...data,
        BlockDeviceMappings: [data?.BlockDeviceMappings[0], { DeviceName: '/dev/sdf', Ebs }],
      },
    });
    await court.other('ec2', 'ModifyLaunchTemplate', { LaunchTemplateId: found.id, DefaultVersion: '2' });
    expect(court.decide(wanted, (await court.own(wanted))[0])).toEqual({ do: 'update', fields: ['hardened'] });
    expect(await court.settle(wanted)).toMatchObject({
      ...{ props: { hardened: true, dataDeviceNames: ['/dev/sdf'] }, outputs: { latestVersion: '3' } },
    });
  });
});

describe('lookups of EC2', () => {
  test('zones are those that have the first instance type', async () => {
    const { aws } = new Court(launchTemplate);
    expect(await zonesLookup.lookup(aws, { instanceTypes: ['m4.large', 'm5.large'], count: 2 })).toMatchObject({
      zone0: 'eu-central-1a',
      zone1: 'eu-central-1b',
    });
    const tooMany = zonesLookup.lookup(aws, { instanceTypes: ['m4.large'], count: 3 });
    await expect(tooMany).rejects.toMatchObject({ kind: 'rejected', facts: { field: 'spec.compute.instanceTypes' } });
    const wrongZone = zonesLookup.lookup(aws, {
      instanceTypes: ['m4.large'],
      count: 2,
      zoneNames: ['eu-central-1a', 'eu-central-1c'],
    });
    await expect(wrongZone).rejects.toMatchObject({ kind: 'rejected', facts: { field: 'spec.network.zoneNames' } });
  });

  test('of a store that lacks some of its subnets the others stay where they are', async () => {
    const { aws, simulated } = new Court(launchTemplate);
    setZoneState(simulated.world, 'eu-central-1b', 'impaired');
    const homes = [[], ['eu-central-1b', 'eu-central-1b']];
    expect(await zonesLookup.lookup(aws, { instanceTypes: ['m5.large'], count: 2, homes })).toMatchObject({
      ...{ zone0: 'eu-central-1a', zone1: 'eu-central-1b', out: ['zone eu-central-1b is impaired'] },
    });
    const zoneNames = ['eu-central-1c', 'eu-central-1b'];
    expect(await zonesLookup.lookup(aws, { instanceTypes: ['m5.large'], count: 2, zoneNames, homes })).toMatchObject({
      ...{ zone0: 'eu-central-1c', zone1: 'eu-central-1b' },
    });
  });

  // Of a zone that is out AWS may not tell what it offers.
  test('the zones that a store is in are asked for its instance type only where that is another one', async () => {
    const court = new Court(launchTemplate);
    const homes = [['eu-central-1a'], ['eu-central-1c']];
    const asked = { instanceTypes: ['m4.large'], count: 2, homes };
    expect(await zonesLookup.lookup(court.aws, { ...asked, typesNow: ['m4.large'] })).toMatchObject({
      zone1: 'eu-central-1c',
    });
    const changed = zonesLookup.lookup(court.aws, { ...asked, typesNow: ['m5.large'] });
    await expect(changed).rejects.toThrow('zone eu-central-1c, in which the store has subnets, has no m4.large');
  });

  test('an image is known with its root device, or said to be missing', async () => {
    const court = new Court(launchTemplate);
    seedImage(court.simulated.world, region, { id: images.first, name: 'first' });
    expect(await imageLookup.lookup(court.aws, { imageId: images.first, tenant })).toMatchObject({
      rootDeviceName: '/dev/xvda',
    });
    const missing = imageLookup.lookup(court.aws, { imageId: images.second, tenant });
    await expect(missing).rejects.toMatchObject({ kind: 'absent', facts: { field: 'spec.compute.image' } });
  });

  test('an image is known with its further volumes, without the disks that are built into machines', async () => {
    const court = new Court(launchTemplate);
    const dataDevices = ['/dev/sdg', '/dev/sdf'].map((device, at) => ({
      ...{ device, sizeGiB: 50, deleteOnTermination: at === 0 },
    }));
    seedImage(court.simulated.world, region, {
      id: images.first,
      name: 'first',
      dataDevices,
      instanceStores: ['/dev/sdb'],
    });
    expect(await imageLookup.lookup(court.aws, { imageId: images.first, tenant })).toMatchObject({
      ...{ rootDeviceName: '/dev/xvda', dataDeviceNames: ['/dev/sdf', '/dev/sdg'] },
    });
  });

  test('an image that its owner calls outdated is known all the same: instances start from it as before', async () => {
    const court = new Court(launchTemplate);
    seedImage(court.simulated.world, region, { id: images.first, name: 'first', owner: '999900001111' });
    const ImageId = images.first;
    court.simulated.world.collection(region, imageKind).change(ImageId, { deprecatedAt: court.clock.now() });
    const unasked = await court.other<{ Images: unknown[] }>('ec2', 'DescribeImages', {
      Filters: [{ Name: 'image-id', Values: [ImageId] }],
    });
    expect(unasked.Images).toEqual([]);
    expect(await imageLookup.lookup(court.aws, { imageId: ImageId, tenant })).toMatchObject({ imageId: ImageId });
  });

  test('of which names are wanted is refused while its DNS is off, with the setting that is missing', async () => {
    const court = new Court(launchTemplate);
    const { Vpc } = await court.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
    const vpcId = Vpc.VpcId;
    await expect(vpcLookup.lookup(court.aws, { vpcId, namesFor: 'spec.database', tenant })).rejects.toMatchObject({
      ...{ kind: 'rejected', message: expect.stringContaining('enableDnsHostnames off') as string },
      facts: { field: 'spec.network.existing.vpcId', remedy: 'turn enableDnsHostnames on for the VPC' },
    });
    expect(await vpcLookup.lookup(court.aws, { vpcId, tenant })).toMatchObject({ vpcId });
    await court.other('ec2', 'ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: true } });
    expect(await vpcLookup.lookup(court.aws, { vpcId, namesFor: 'spec.database', tenant })).toMatchObject({ vpcId });
  });

  test("a user's VPC and subnets are checked, never changed", async () => {
    const court = new Court(launchTemplate);
    const vpcId = await makeVpc(court);
    const [a, b] = [await makeSubnet(court, vpcId, '10.0.0.0/24'), await makeSubnet(court, vpcId, '10.0.1.0/24')];
    expect(await vpcLookup.lookup(court.aws, { vpcId, tenant })).toEqual({ vpcId, cidr: '10.0.0.0/16' });
    await expect(vpcLookup.lookup(court.aws, { vpcId: 'vpc-0none', tenant })).rejects.toMatchObject({ kind: 'absent' });
    expect(await subnetsLookup.lookup(court.aws, { vpcId, subnetIds: [b, a], minZones: 1, tenant })).toEqual({
      subnetIds: [a, b].sort(),
      onePerZone: [b],
    });

    const oneZone = subnetsLookup.lookup(court.aws, { vpcId, subnetIds: [a, b], minZones: 2, tenant });
    await expect(oneZone).rejects.toMatchObject({ kind: 'rejected', facts: { field: 'spec.network.existing' } });
    const stray = await makeSubnet(court, await makeVpc(court, '10.8.0.0/16'), '10.8.0.0/24');
    await expect(
      subnetsLookup.lookup(court.aws, { vpcId, subnetIds: [stray], minZones: 1, tenant }),
    ).rejects.toMatchObject({
      kind: 'rejected',
    });
    await expect(
      subnetsLookup.lookup(court.aws, { vpcId, subnetIds: ['subnet-0none'], minZones: 1, tenant }),
    ).rejects.toMatchObject({ kind: 'absent' });
    expect(court.cloud.writes()).toEqual([]);
  });

  test('a VPC, a subnet or an image that the store of another namespace has is refused, and says whose it is', async () => {
    const court = new Court(launchTemplate);
    const vpcId = await makeVpc(court);
    const subnetId = await makeSubnet(court, vpcId, '10.0.0.0/24');
    const imageId = images.first;
    seedImage(court.simulated.world, region, { id: imageId, name: 'first' });
    const look = {
      vpc: () => vpcLookup.lookup(court.aws, { vpcId, tenant }),
      subnet: () => subnetsLookup.lookup(court.aws, { vpcId, subnetIds: [subnetId], minZones: 1, tenant }),
      image: () => imageLookup.lookup(court.aws, { imageId, tenant }),
    };
    const mark = (Resources: string[], whose: NodeOwner) =>
      court.other('ec2', 'CreateTags', { Resources, Tags: tagPairs(ownerTags(whose)) });
    const refused = (message: string, field: string) => ({
      ...{ kind: 'rejected', message: `${message} belongs to a store of namespace evil` },
      facts: { field, remedy: expect.stringContaining('ecom.io/store') as string },
    });
    await mark([vpcId, subnetId, imageId], { ...owner, namespace: 'evil' });
    await expect(look.vpc()).rejects.toMatchObject(refused(`VPC ${vpcId}`, 'spec.network.existing.vpcId'));
    await expect(look.subnet()).rejects.toMatchObject(refused(`subnet ${subnetId}`, 'spec.network.existing'));
    await expect(look.image()).rejects.toMatchObject(refused(`image ${imageId}`, 'spec.compute.image'));
    await mark([vpcId, subnetId, imageId], { ...owner, name: 'elder', uid: 'elder' });
    for (const found of Object.values(look)) expect(await found()).toBeTruthy();
  });
});
