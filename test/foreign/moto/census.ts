import { ListCertificatesCommand, ListTagsForCertificateCommand } from '@aws-sdk/client-acm';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ListInstanceProfilesCommand,
  GetInstanceProfileCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import {
  ListTagsForResourceCommand as ListParameterTagsCommand,
  paginateGetParametersByPath,
} from '@aws-sdk/client-ssm';
import type { Clients } from './clients.ts';

/** One resource that moto has, with its tags. */
export interface Counted {
  readonly type: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

const tagsFrom = (tags: readonly Tag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

const counted = (type: string, id: string | undefined, tags: readonly Tag[] | undefined): Counted => ({
  type,
  id: id ?? '',
  tags: tagsFrom(tags),
});

/** Everything in the account that carries the tags of a store, asked of moto type by type. */
export async function census(aws: Clients, store: string): Promise<Counted[]> {
  const lists = [ofEc2, ofElbv2, ofIam, ofAcm, ofParameters, ofLogs, ofAutoScaling];
  const all = (await Promise.all(lists.map((list) => list(aws)))).flat();
  return all.filter(({ tags }) => tags['ecom.io/store'] === store);
}

async function ofEc2(aws: Clients): Promise<Counted[]> {
  const { Vpcs } = await aws.ec2.send(new ec2.DescribeVpcsCommand({}));
  const { Subnets } = await aws.ec2.send(new ec2.DescribeSubnetsCommand({}));
  const { InternetGateways } = await aws.ec2.send(new ec2.DescribeInternetGatewaysCommand({}));
  const { Addresses } = await aws.ec2.send(new ec2.DescribeAddressesCommand({}));
  const { NatGateways = [] } = await aws.ec2.send(new ec2.DescribeNatGatewaysCommand({}));
  const { RouteTables } = await aws.ec2.send(new ec2.DescribeRouteTablesCommand({}));
  const { SecurityGroups } = await aws.ec2.send(new ec2.DescribeSecurityGroupsCommand({}));
  const { VpcEndpoints = [] } = await aws.ec2.send(new ec2.DescribeVpcEndpointsCommand({}));
  const { FlowLogs } = await aws.ec2.send(new ec2.DescribeFlowLogsCommand({}));
  const { LaunchTemplates } = await aws.ec2.send(new ec2.DescribeLaunchTemplatesCommand({}));
  const { Reservations } = await aws.ec2.send(new ec2.DescribeInstancesCommand({}));
  const instances = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  // What is gone stays listed for a while, here as in AWS.
  const isThere = ({ State }: { readonly State?: string }): boolean => !/^delet/i.test(State ?? '');
  return [
    ...(Vpcs ?? []).map((one) => counted('ec2/vpc', one.VpcId, one.Tags)),
    ...(Subnets ?? []).map((one) => counted('ec2/subnet', one.SubnetId, one.Tags)),
    ...(InternetGateways ?? []).map((one) => counted('ec2/internet-gateway', one.InternetGatewayId, one.Tags)),
    ...(Addresses ?? []).map((one) => counted('ec2/elastic-ip', one.AllocationId, one.Tags)),
    ...NatGateways.filter(isThere).map((one) => counted('ec2/nat-gateway', one.NatGatewayId, one.Tags)),
    ...(RouteTables ?? []).map((one) => counted('ec2/route-table', one.RouteTableId, one.Tags)),
    ...(SecurityGroups ?? []).map((one) => counted('ec2/security-group', one.GroupId, one.Tags)),
    ...VpcEndpoints.filter(isThere).map((one) => counted('ec2/vpc-endpoint', one.VpcEndpointId, one.Tags)),
    ...(FlowLogs ?? []).map((one) => counted('ec2/flow-log', one.FlowLogId, one.Tags)),
    ...(LaunchTemplates ?? []).map((one) => counted('ec2/launch-template', one.LaunchTemplateId, one.Tags)),
    ...instances
      .filter(({ State }) => State?.Name !== 'terminated')
      .map((one) => counted('ec2/instance', one.InstanceId, one.Tags)),
  ];
}

async function ofElbv2(aws: Clients): Promise<Counted[]> {
  const { LoadBalancers = [] } = await aws.elbv2.send(new elbv2.DescribeLoadBalancersCommand({}));
  const { TargetGroups = [] } = await aws.elbv2.send(new elbv2.DescribeTargetGroupsCommand({}));
  const listeners = LoadBalancers.map(async ({ LoadBalancerArn }) => {
    const { Listeners = [] } = await aws.elbv2.send(new elbv2.DescribeListenersCommand({ LoadBalancerArn }));
    return Listeners.map(({ ListenerArn = '' }) => ['elbv2/listener', ListenerArn] as const);
  });
  const arns = [
    ...LoadBalancers.map(({ LoadBalancerArn = '' }) => ['elbv2/load-balancer', LoadBalancerArn] as const),
    ...TargetGroups.map(({ TargetGroupArn = '' }) => ['elbv2/target-group', TargetGroupArn] as const),
    ...(await Promise.all(listeners)).flat(),
  ];
  if (arns.length === 0) return [];
  const asked = new elbv2.DescribeTagsCommand({ ResourceArns: arns.map(([, arn]) => arn) });
  const { TagDescriptions = [] } = await aws.elbv2.send(asked);
  return arns.map(([type, arn]) =>
    counted(type, arn, TagDescriptions.find(({ ResourceArn }) => ResourceArn === arn)?.Tags),
  );
}

async function ofIam(aws: Clients): Promise<Counted[]> {
  const { Roles = [] } = await aws.iam.send(new ListRolesCommand({}));
  const { InstanceProfiles = [] } = await aws.iam.send(new ListInstanceProfilesCommand({}));
  const roles = Roles.map(async ({ RoleName, RoleId }) =>
    counted('iam/role', RoleId, (await aws.iam.send(new ListRoleTagsCommand({ RoleName }))).Tags),
  );
  const profiles = InstanceProfiles.map(async ({ InstanceProfileName, InstanceProfileId }) => {
    const { InstanceProfile } = await aws.iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    return counted('iam/instance-profile', InstanceProfileId, InstanceProfile?.Tags);
  });
  return Promise.all([...roles, ...profiles]);
}

async function ofAcm(aws: Clients): Promise<Counted[]> {
  const { CertificateSummaryList = [] } = await aws.acm.send(new ListCertificatesCommand({}));
  return Promise.all(
    CertificateSummaryList.map(async ({ CertificateArn }) =>
      counted(
        'acm/certificate',
        CertificateArn,
        (await aws.acm.send(new ListTagsForCertificateCommand({ CertificateArn }))).Tags,
      ),
    ),
  );
}

async function ofParameters(aws: Clients): Promise<Counted[]> {
  const found: Counted[] = [];
  for await (const page of paginateGetParametersByPath({ client: aws.ssm }, { Path: '/ecom', Recursive: true }))
    for (const { Name: ResourceId } of page.Parameters ?? []) {
      const asked = new ListParameterTagsCommand({ ResourceType: 'Parameter', ResourceId });
      found.push(counted('ssm/parameter', ResourceId, (await aws.ssm.send(asked)).TagList));
    }
  return found;
}

async function ofLogs(aws: Clients): Promise<Counted[]> {
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({}));
  return Promise.all(
    logGroups.map(async ({ logGroupName, logGroupArn, arn }) => {
      const resourceArn = logGroupArn ?? arn?.replace(/:\*$/, '');
      const { tags = {} } = await aws.logs.send(new ListLogTagsCommand({ resourceArn }));
      return { type: 'logs/group', id: logGroupName ?? '', tags };
    }),
  );
}

async function ofAutoScaling(aws: Clients): Promise<Counted[]> {
  const { AutoScalingGroups = [] } = await aws.autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
  return AutoScalingGroups.map((one) => counted('autoscaling/group', one.AutoScalingGroupName, one.Tags));
}

/** The records of a zone, as `NAME TYPE`: records have no tags. */
export async function recordsOf(aws: Clients, HostedZoneId: string): Promise<string[]> {
  const { ResourceRecordSets = [] } = await aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  return ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`).sort();
}
