import type { RequestLaunchTemplateData, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { seedImage } from '../../../../simulator/aws/ec2/images.ts';
import { capacityOf, standardVcpus } from '../../../../simulator/aws/ec2/launching.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

const region = 'eu-central-1';
const good = 'ami-0123456789abcdef0';
let clock: VirtualClock;
let aws: SimulatedAws;
let ec2: ReturnType<typeof callsTo<'ec2'>>;
let subnetId: string | undefined;
let groupId: string | undefined;

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  ec2 = callsTo(aws, 'ec2');
  seedImage(aws.world, region, { id: good, name: 'good' });
  const { Vpc } = await ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' });
  const { Subnet } = await ec2('CreateSubnet', { VpcId: Vpc?.VpcId, CidrBlock: '10.0.1.0/24' });
  subnetId = Subnet?.SubnetId;
  groupId = (await ec2('CreateSecurityGroup', { GroupName: 'app', Description: 'app', VpcId: Vpc?.VpcId })).GroupId;
});

const template: RequestLaunchTemplateData = {
  ImageId: good,
  InstanceType: 'm4.large',
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true } }],
  TagSpecifications: [
    { ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'app' }] },
    { ResourceType: 'volume', Tags: [{ Key: 'role', Value: 'disk' }] },
  ],
};
/** The same, asked of RunInstances. */
const asked = template as Partial<RunInstancesCommandInput>;
const run = (more: Partial<RunInstancesCommandInput> = {}) =>
  ec2('RunInstances', { MinCount: 1, MaxCount: 1, SubnetId: subnetId, SecurityGroupIds: [groupId ?? ''], ...more });
const one = async () => (await ec2('DescribeInstances', {})).Reservations?.[0]?.Instances?.[0];

describe('launch templates', () => {
  test('have versions, of which one is the default', async () => {
    const { LaunchTemplate } = await ec2('CreateLaunchTemplate', {
      LaunchTemplateName: 'app',
      LaunchTemplateData: template,
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    const { LaunchTemplateId = '' } = LaunchTemplate ?? {};
    const data = { InstanceType: 'm5.large' } as const;
    await ec2('CreateLaunchTemplateVersion', { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: data });
    const { LaunchTemplateVersions } = await ec2('DescribeLaunchTemplateVersions', { LaunchTemplateId });
    expect(LaunchTemplateVersions).toMatchObject([
      { VersionNumber: 2, DefaultVersion: false, LaunchTemplateData: { ...template, ...data } },
      { VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: template },
    ]);
    await ec2('ModifyLaunchTemplate', { LaunchTemplateId, DefaultVersion: '2' });
    const { LaunchTemplates } = await ec2('DescribeLaunchTemplates', { LaunchTemplateNames: ['app'] });
    expect(LaunchTemplates).toMatchObject([{ DefaultVersionNumber: 2, LatestVersionNumber: 2 }]);
    await ec2('DeleteLaunchTemplate', { LaunchTemplateId });
    await expect(ec2('DescribeLaunchTemplates', { LaunchTemplateIds: [LaunchTemplateId] })).rejects.toMatchObject({
      code: 'InvalidLaunchTemplateId.NotFound',
    });
  });

  test('have names of their own, and a token makes one only once', async () => {
    const input = { LaunchTemplateName: 'app', LaunchTemplateData: template };
    const [first, again] = [
      await ec2('CreateLaunchTemplate', { ...input, ClientToken: 't' }),
      await ec2('CreateLaunchTemplate', { ...input, ClientToken: 't' }),
    ];
    expect(again).toEqual(first);
    await expect(ec2('CreateLaunchTemplate', { ...input, ClientToken: 'u' })).rejects.toMatchObject({
      code: 'InvalidLaunchTemplateName.AlreadyExistsException',
    });
  });

  test('refuse user data that is not base64', async () => {
    const LaunchTemplateData = { ...template, UserData: '#!/bin/sh' };
    await expect(ec2('CreateLaunchTemplate', { LaunchTemplateName: 'app', LaunchTemplateData })).rejects.toMatchObject({
      code: 'InvalidUserData.Malformed',
    });
  });
});

describe('instances', () => {
  test('boot from a template, with an address in their subnet and tagged disks', async () => {
    const { LaunchTemplate } = await ec2('CreateLaunchTemplate', {
      LaunchTemplateName: 'app',
      LaunchTemplateData: template,
    });
    const named = { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '$Latest' };
    await run({ LaunchTemplate: named });
    expect((await one())?.State?.Name).toBe('pending');
    clock.advance(60_000);
    const instance = await one();
    expect(instance).toMatchObject({
      State: { Name: 'running' },
      InstanceType: 'm4.large',
      PrivateIpAddress: '10.0.1.4',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      SecurityGroups: [{ GroupId: groupId }],
    });
    expect(instance?.PublicIpAddress).toBeUndefined();
    expect(instance?.Tags).toContainEqual({ Key: 'aws:ec2launchtemplate:version', Value: '1' });
    expect(instance?.Tags).toContainEqual({ Key: 'role', Value: 'app' });
    const { Volumes } = await ec2('DescribeVolumes', {});
    expect(Volumes).toMatchObject([
      { Size: 20, VolumeType: 'gp3', Encrypted: true, State: 'in-use', Tags: [{ Key: 'role', Value: 'disk' }] },
    ]);
  });

  test('are not found by an id of nothing, and not at all by what is no id of an instance', async () => {
    await run(asked);
    const { InstanceId = '' } = (await one()) ?? {};
    expect(await ec2('GetInstanceUefiData', { InstanceId })).toEqual({ InstanceId });
    for (const [wrong, code] of [
      ['i-0123456789abcdef0', 'InvalidInstanceID.NotFound'],
      [good, 'InvalidInstanceID.Malformed'],
    ] as const)
      await expect(ec2('GetInstanceUefiData', { InstanceId: wrong })).rejects.toMatchObject({ code });
  });

  test('take a while to go, free what they hold, and stay visible for an hour', async () => {
    await run(asked);
    clock.advance(60_000);
    const { InstanceId = '' } = (await one()) ?? {};
    await ec2('TerminateInstances', { InstanceIds: [InstanceId] });
    expect((await one())?.State?.Name).toBe('shutting-down');
    await expect(ec2('DeleteSubnet', { SubnetId: subnetId })).rejects.toMatchObject({ code: 'DependencyViolation' });
    clock.advance(60_000);
    expect(await one())?.toMatchObject({ State: { Name: 'terminated' }, NetworkInterfaces: [] });
    expect((await ec2('DescribeVolumes', {})).Volumes).toEqual([]);
    await ec2('DeleteSubnet', { SubnetId: subnetId });
    expect(aws.world.ledger.existing({ type: 'ec2/instance' })).toEqual([]);
    clock.advance(3_600_000);
    expect((await ec2('DescribeInstances', {})).Reservations).toEqual([]);
  });

  test('get every volume of their image, which stays behind where neither it nor the request says that it goes', async () => {
    const withData = 'ami-0123456789abcdef1';
    const dataDevices = [{ device: '/dev/sdf', sizeGiB: 50, deleteOnTermination: false }];
    seedImage(aws.world, region, { id: withData, name: 'with data', dataDevices });
    const volumesOf = async (more: Partial<RunInstancesCommandInput>) => {
      await run({ ...asked, ImageId: withData, ...more });
      clock.advance(60_000);
      const { InstanceId = '' } = (await one()) ?? {};
      const running = (await ec2('DescribeVolumes', {})).Volumes ?? [];
      await ec2('TerminateInstances', { InstanceIds: [InstanceId] });
      clock.advance(3_660_000);
      return { running, after: (await ec2('DescribeVolumes', {})).Volumes ?? [] };
    };
    const [root = {}] = asked.BlockDeviceMappings ?? [];
    const data = { DeviceName: '/dev/sdf', Ebs: { Encrypted: true, DeleteOnTermination: true } };
    const named = await volumesOf({ BlockDeviceMappings: [root, data] });
    expect(named.running).toMatchObject([{ Size: 20 }, { Size: 50, Encrypted: true }]);
    expect(named.after).toEqual([]);
    expect((await volumesOf({})).after).toMatchObject([{ Size: 50, Encrypted: false, State: 'available' }]);
    expect(aws.world.ledger.existing({ type: 'ec2/volume' })).toHaveLength(1);
  });

  test('have a public address only when asked for', async () => {
    const NetworkInterfaces = [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [groupId ?? ''] }];
    await run({ ...asked, SecurityGroupIds: undefined, NetworkInterfaces });
    expect((await one())?.PublicIpAddress).toMatch(/^3\./);
  });

  test.each([
    ['an image that is not there', { ImageId: 'ami-00000000000000000' }, 'InvalidAMIID.NotFound'],
    ['an image id that is none', { ImageId: 'storefront' }, 'InvalidAMIID.Malformed'],
    ['a group that is not there', { SecurityGroupIds: ['sg-00000000000000000'] }, 'InvalidGroup.NotFound'],
    ['a subnet that is not there', { SubnetId: 'subnet-00000000000000000' }, 'InvalidSubnetID.NotFound'],
    ['a profile that is not there', { IamInstanceProfile: { Name: 'nobody' } }, 'InvalidParameterValue'],
  ])('are refused for %s', async (_why, more, code) => {
    await expect(run({ ...asked, ...more })).rejects.toMatchObject({ code });
    expect(aws.world.ledger.history().filter(({ type }) => type === 'ec2/instance')).toEqual([]);
  });

  test('are refused beyond the quota of vCPUs and the capacity of the zone', async () => {
    aws.world.quotas.set(standardVcpus, 2);
    await run(asked);
    await expect(run(asked)).rejects.toMatchObject({ code: 'VcpuLimitExceeded' });
    aws.world.quotas.set(standardVcpus, 100);
    aws.world.quotas.set(capacityOf('m4.large', 'eu-central-1a'), 1);
    await expect(run(asked)).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity' });
  });

  test('are refused in a zone that does not offer their type', async () => {
    const { VpcId } = (await ec2('DescribeSubnets', {})).Subnets?.[0] ?? {};
    const { Subnet } = await ec2('CreateSubnet', { VpcId, CidrBlock: '10.0.3.0/24', AvailabilityZone: `${region}c` });
    await expect(run({ ...asked, SubnetId: Subnet?.SubnetId })).rejects.toMatchObject({ code: 'Unsupported' });
  });

  test('are refused under a group of another network', async () => {
    const { Vpc } = await ec2('CreateVpc', { CidrBlock: '10.9.0.0/16' });
    const input = { GroupName: 'far', Description: 'far', VpcId: Vpc?.VpcId };
    const { GroupId = '' } = await ec2('CreateSecurityGroup', input);
    await expect(run({ ...asked, SecurityGroupIds: [GroupId] })).rejects.toMatchObject({ code: 'InvalidParameter' });
  });
});
