import { DescribeCertificateCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import * as asg from '@aws-sdk/client-auto-scaling';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListVpcOriginsCommand } from '@aws-sdk/client-cloudfront';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import type { Clients } from './clients.ts';

// Every probe makes what it needs in a region of its own and tells in a few words what moto did.

const token = 'one-token-for-two-creations';
const missingImageId = 'ami-00000000000000000';

async function makeVpc({ ec2: client }: Clients): Promise<string> {
  return (await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }))).Vpc?.VpcId ?? '';
}

async function makeSubnet({ ec2: client }: Clients, VpcId: string, index: number): Promise<string> {
  const AvailabilityZone = `eu-west-1${'abc'[index % 3]}`;
  const asked = new ec2.CreateSubnetCommand({ VpcId, CidrBlock: `10.9.${index}.0/24`, AvailabilityZone });
  return (await client.send(asked)).Subnet?.SubnetId ?? '';
}

async function makeTemplate({ ec2: client }: Clients, name: string): Promise<string> {
  const made = await client.send(
    new ec2.CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: {
        ImageId: missingImageId,
        InstanceType: 'm4.large',
        UserData: 'IyEvYmluL3No',
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'of', Value: 'instances' }] }],
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'of', Value: 'the template' }] }],
    }),
  );
  return made.LaunchTemplate?.LaunchTemplateId ?? '';
}

async function makeGroup(aws: Clients, name: string, Version: string, LaunchTemplateId: string): Promise<void> {
  const subnet = await makeSubnet(aws, await makeVpc(aws), 0);
  await aws.autoscaling.send(
    new asg.CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId, Version },
      MinSize: 1,
      MaxSize: 1,
      VPCZoneIdentifier: subnet,
      DefaultInstanceWarmup: 120,
    }),
  );
}

async function readGroup({ autoscaling }: Clients, name: string): Promise<asg.AutoScalingGroup> {
  const asked = new asg.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  return (await autoscaling.send(asked)).AutoScalingGroups?.[0] as asg.AutoScalingGroup;
}

/** What became of a call: the word for success, or how it failed. */
async function outcome(call: Promise<unknown>, success: string): Promise<string> {
  try {
    await call;
    return success;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${name}: HTTP ${$metadata?.httpStatusCode}`;
  }
}

export async function launchTemplateTags(aws: Clients): Promise<string> {
  const LaunchTemplateId = await makeTemplate(aws, 'probe-tags');
  const asked = new ec2.DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['1'] });
  const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(asked);
  const types = (version?.LaunchTemplateData?.TagSpecifications ?? []).map(({ ResourceType }) => ResourceType);
  return `resource types in the data of version 1: ${types.join(', ')}`;
}

export async function groupFromSecondVersion(aws: Clients): Promise<string> {
  const LaunchTemplateId = await makeTemplate(aws, 'probe-second-version');
  const LaunchTemplateData = { ImageId: missingImageId, InstanceType: 'm4.large', UserData: 'IyEvYmluL3No' } as const;
  await aws.ec2.send(new ec2.CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData }));
  return outcome(makeGroup(aws, 'probe-second-version', '2', LaunchTemplateId), 'started');
}

export async function warmup(aws: Clients): Promise<string> {
  await makeGroup(aws, 'probe-warmup', '1', await makeTemplate(aws, 'probe-warmup'));
  const change = { AutoScalingGroupName: 'probe-warmup', DefaultInstanceWarmup: 180 };
  await aws.autoscaling.send(new asg.UpdateAutoScalingGroupCommand(change));
  const { DefaultInstanceWarmup } = await readGroup(aws, 'probe-warmup');
  return `accepted by create and update, told as ${DefaultInstanceWarmup}`;
}

async function groupWithPolicy(aws: Clients, AutoScalingGroupName: string): Promise<void> {
  await makeGroup(aws, AutoScalingGroupName, '1', await makeTemplate(aws, AutoScalingGroupName));
  await aws.autoscaling.send(
    new asg.PutScalingPolicyCommand({
      AutoScalingGroupName,
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: 60,
      },
    }),
  );
}

export async function policiesOfTwoGroups(aws: Clients): Promise<string> {
  const names = ['probe-two-a', 'probe-two-b'];
  for (const name of names) await groupWithPolicy(aws, name);
  const { ScalingPolicies = [] } = await aws.autoscaling.send(new asg.DescribePoliciesCommand({}));
  const found = ScalingPolicies.filter(({ AutoScalingGroupName = '' }) => names.includes(AutoScalingGroupName));
  return `policies named cpu after one was put to each of two groups: ${found.length}`;
}

export async function policyOfDeletedGroup(aws: Clients): Promise<string> {
  const AutoScalingGroupName = 'probe-policy';
  await groupWithPolicy(aws, AutoScalingGroupName);
  await aws.autoscaling.send(new asg.DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
  const { ScalingPolicies = [] } = await aws.autoscaling.send(new asg.DescribePoliciesCommand({}));
  const left = ScalingPolicies.filter((policy) => policy.AutoScalingGroupName === AutoScalingGroupName);
  return `policies after the group is gone: ${left.length}`;
}

export async function protectedLoadBalancer(aws: Clients): Promise<string> {
  const vpc = await makeVpc(aws);
  const Subnets = [await makeSubnet(aws, vpc, 0), await makeSubnet(aws, vpc, 1)];
  const made = await aws.elbv2.send(new elbv2.CreateLoadBalancerCommand({ Name: 'probe-protection', Subnets }));
  const LoadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn;
  const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'true' }];
  await aws.elbv2.send(new elbv2.ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
  return outcome(aws.elbv2.send(new elbv2.DeleteLoadBalancerCommand({ LoadBalancerArn })), 'deleted');
}

export async function dependencies(aws: Clients): Promise<string> {
  const VpcId = await makeVpc(aws);
  const SubnetId = await makeSubnet(aws, VpcId, 0);
  const { AllocationId } = await aws.ec2.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }));
  await aws.ec2.send(new ec2.CreateNatGatewayCommand({ SubnetId, AllocationId }));
  const group = async (GroupName: string): Promise<string | undefined> => {
    const asked = new ec2.CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId });
    return (await aws.ec2.send(asked)).GroupId;
  };
  const [named, naming] = [await group('named'), await group('naming')];
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: named }] }];
  await aws.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId: naming, IpPermissions }));
  const ofSubnet = await outcome(aws.ec2.send(new ec2.DeleteSubnetCommand({ SubnetId })), 'deleted');
  const ofGroup = await outcome(aws.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId: named })), 'deleted');
  return `subnet ${ofSubnet}, security group ${ofGroup}`;
}

export async function clientTokens(aws: Clients): Promise<string> {
  const asked = { VpcId: await makeVpc(aws), ClientToken: token };
  const ServiceName = 'com.amazonaws.eu-west-1.s3';
  const [tables, endpoints] = [new Set(), new Set()];
  for (let i = 0; i < 2; i++) {
    tables.add((await aws.ec2.send(new ec2.CreateRouteTableCommand(asked))).RouteTable?.RouteTableId);
    const made = await aws.ec2.send(new ec2.CreateVpcEndpointCommand({ ...asked, ServiceName }));
    endpoints.add(made.VpcEndpoint?.VpcEndpointId);
  }
  return `route tables made with one token: ${tables.size}; endpoints: ${endpoints.size}`;
}

export async function callerReference(aws: Clients): Promise<string> {
  const make = () =>
    aws.route53.send(new CreateHostedZoneCommand({ Name: 'probe.example.net', CallerReference: token }));
  const ids = new Set([(await make()).HostedZone?.Id, (await make()).HostedZone?.Id]);
  return `zones made with one reference: ${ids.size}`;
}

/** One of ten could begin with a Z by chance, not all. */
export async function zoneId(aws: Clients): Promise<string> {
  for (let i = 0; i < 10; i++) {
    const asked = new CreateHostedZoneCommand({ Name: `probe${i}.example.net`, CallerReference: `zone ${i}` });
    const { HostedZone } = await aws.route53.send(asked);
    if (!HostedZone?.Id?.startsWith('/hostedzone/Z')) return 'begins with anything';
  }
  return 'begins with Z';
}

export async function pages(aws: Clients): Promise<string> {
  const vpc = await makeVpc(aws);
  for (let i = 0; i < 6; i++) await makeSubnet(aws, vpc, i);
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { Subnets = [], NextToken } = await aws.ec2.send(new ec2.DescribeSubnetsCommand({ Filters, MaxResults: 5 }));
  return `of 6 subnets, 5 asked for: ${Subnets.length} told, ${NextToken === undefined ? 'no' : 'a'} token`;
}

export async function natGateway(aws: Clients): Promise<string> {
  const SubnetId = await makeSubnet(aws, await makeVpc(aws), 0);
  const { AllocationId } = await aws.ec2.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }));
  const made = await aws.ec2.send(new ec2.CreateNatGatewayCommand({ SubnetId, AllocationId }));
  return `${made.NatGateway?.State} in the answer to its creation`;
}

/** The test's moto issues after a second: it is asked until then. */
export async function certificate(aws: Clients): Promise<string> {
  const asked = new RequestCertificateCommand({ DomainName: 'probe.example.net', ValidationMethod: 'DNS' });
  const { CertificateArn } = await aws.acm.send(asked);
  for (let attempt = 0; attempt < 5_000; attempt++) {
    const { Certificate } = await aws.acm.send(new DescribeCertificateCommand({ CertificateArn }));
    if (Certificate?.Status === 'ISSUED') return 'issued without a record';
  }
  return 'not issued without a record';
}

export async function missingImage(aws: Clients): Promise<string> {
  await makeGroup(aws, 'probe-image', '1', await makeTemplate(aws, 'probe-image'));
  const { Instances: [instance] = [] } = await readGroup(aws, 'probe-image');
  return instance?.LifecycleState === 'InService'
    ? `an instance of ${missingImageId} in service`
    : `the instance is ${instance?.LifecycleState}`;
}

export const vpcOrigins = (aws: Clients): Promise<string> =>
  outcome(aws.cloudfront.send(new ListVpcOriginsCommand({})), 'listed');
