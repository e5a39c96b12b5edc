import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeVolumesCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judgedFront, type JudgedFront } from '../../support/judged-front.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../simulator/clock.ts';
import { goodImage, makeNetwork, type SimulatedNetwork } from '../../support/simulated-network.ts';

const clock = new VirtualClock();
let aws: SimulatedAws;
let front: JudgedFront;
let network: SimulatedNetwork;
let ec2: EC2Client;
let elbv2: ElasticLoadBalancingV2Client;
let autoscaling: AutoScalingClient;

beforeEach(async () => {
  aws = createSimulatedAws({ clock });
  front = await judgedFront({ aws });
  network = await makeNetwork(aws);
  const credentials = { accessKeyId: 'AKIASIMULATOR', secretAccessKey: 'secret' };
  const options = { endpoint: front.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
  ec2 = new EC2Client(options);
  elbv2 = new ElasticLoadBalancingV2Client(options);
  autoscaling = new AutoScalingClient(options);
});
afterEach(async () => {
  for (const client of [ec2, elbv2, autoscaling]) client.destroy();
  await front.close();
});

const Tags = [{ Key: 'team', Value: 'shops' }];

async function makeTemplate(): Promise<string> {
  const made = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'app',
      LaunchTemplateData: {
        ImageId: goodImage,
        InstanceType: 'm4.large',
        UserData: Buffer.from('#!/bin/sh\necho "1 < 2"').toString('base64'),
        NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: [network.appGroupId] }],
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true } }],
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        TagSpecifications: [{ ResourceType: 'volume', Tags }],
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags }],
    }),
  );
  return made.LaunchTemplate?.LaunchTemplateId ?? '';
}

async function makeBalancer(): Promise<{ lb: string; targetGroup: string }> {
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: 'shop',
      Subnets: [...network.subnetIds],
      SecurityGroups: [network.albGroupId],
      Tags,
    }),
  );
  const lb = made.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const settings = { Port: 8080, Protocol: 'HTTP', VpcId: network.vpcId, HealthCheckIntervalSeconds: 10 } as const;
  const group = await elbv2.send(new CreateTargetGroupCommand({ Name: 'app', ...settings, Tags }));
  const targetGroup = group.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: targetGroup }];
  await elbv2.send(new CreateListenerCommand({ LoadBalancerArn: lb, Port: 80, Protocol: 'HTTP', DefaultActions }));
  return { lb, targetGroup };
}

test('load balancing answers the real SDK', async () => {
  const { lb, targetGroup } = await makeBalancer();
  clock.advance(300_000);
  const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ Names: ['shop'] }));
  expect(LoadBalancers).toMatchObject([
    {
      LoadBalancerArn: lb,
      State: { Code: 'active' },
      SecurityGroups: [network.albGroupId],
      AvailabilityZones: network.subnetIds.map((SubnetId) => ({ SubnetId })),
    },
  ]);
  expect(LoadBalancers?.[0]?.CreatedTime).toBeInstanceOf(Date);
  const attribute = { Key: 'deletion_protection.enabled', Value: 'true' };
  await elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: lb, Attributes: [attribute] }));
  const { Attributes } = await elbv2.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: lb }));
  expect(Attributes).toContainEqual(attribute);
  const { TagDescriptions } = await elbv2.send(new DescribeTagsCommand({ ResourceArns: [lb, targetGroup] }));
  expect(TagDescriptions).toEqual([lb, targetGroup].map((ResourceArn) => ({ ResourceArn, Tags })));
  const { Listeners } = await elbv2.send(new DescribeListenersCommand({ LoadBalancerArn: lb }));
  expect(Listeners).toMatchObject([{ Port: 80, DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroup }] }]);
  await expect(elbv2.send(new DescribeLoadBalancersCommand({ Names: ['none'] }))).rejects.toMatchObject({
    name: 'LoadBalancerNotFoundException',
  });
});

test('Auto Scaling and its instances answer the real SDK', async () => {
  const [LaunchTemplateId, { targetGroup }] = [await makeTemplate(), await makeBalancer()];
  const AutoScalingGroupName = 'shop';
  await autoscaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      LaunchTemplate: { LaunchTemplateId, Version: '1' },
      MinSize: 2,
      MaxSize: 4,
      VPCZoneIdentifier: network.subnetIds.join(','),
      TargetGroupARNs: [targetGroup],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 120,
      Tags: Tags.map((tag) => ({ ...tag, PropagateAtLaunch: true })),
    }),
  );
  clock.advance(300_000);
  const { AutoScalingGroups } = await autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
  expect(AutoScalingGroups).toMatchObject([
    { Instances: [{ LifecycleState: 'InService' }, { LifecycleState: 'InService' }], Tags },
  ]);
  const { TargetHealthDescriptions } = await elbv2.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
  );
  expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(['healthy', 'healthy']);
  const Filters = [{ Name: 'tag:aws:autoscaling:groupName', Values: [AutoScalingGroupName] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  expect(Reservations).toHaveLength(2);
  expect(Reservations[0]?.Instances).toMatchObject([
    { State: { Name: 'running' }, MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } },
  ]);
  expect(Reservations[0]?.Instances?.[0]?.PublicIpAddress).toBeUndefined();
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({}));
  expect(Volumes).toMatchObject([
    { Encrypted: true, Tags },
    { Encrypted: true, Tags },
  ]);
  const InstanceIds = [Reservations[0]?.Instances?.[0]?.InstanceId ?? ''];
  const { TerminatingInstances } = await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect(TerminatingInstances).toMatchObject([{ CurrentState: { Name: 'shutting-down' } }]);
  await autoscaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
});

test('a rollout answers the real SDK', async () => {
  const LaunchTemplateId = await makeTemplate();
  const AutoScalingGroupName = 'shop';
  const input = { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 'm5.large' as const } };
  await ec2.send(new CreateLaunchTemplateVersionCommand(input));
  const { LaunchTemplateVersions } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }));
  expect(LaunchTemplateVersions?.map((version) => version.LaunchTemplateData?.InstanceType)).toEqual([
    'm5.large',
    'm4.large',
  ]);
  await autoscaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      LaunchTemplate: { LaunchTemplateId, Version: '1' },
      MinSize: 1,
      MaxSize: 2,
      VPCZoneIdentifier: network.subnetIds.join(','),
    }),
  );
  clock.advance(60_000);
  const DesiredConfiguration = { LaunchTemplate: { LaunchTemplateId, Version: '2' } };
  const Preferences = { MinHealthyPercentage: 100, MaxHealthyPercentage: 100, AutoRollback: true, SkipMatching: true };
  const start = () =>
    autoscaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName, DesiredConfiguration, Preferences }));
  await start();
  await expect(start()).rejects.toMatchObject({ name: 'InstanceRefreshInProgressFault' });
  clock.advance(600_000);
  const { InstanceRefreshes } = await autoscaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }));
  expect(InstanceRefreshes).toMatchObject([
    { Status: 'Successful', PercentageComplete: 100, DesiredConfiguration, Preferences },
  ]);
});
