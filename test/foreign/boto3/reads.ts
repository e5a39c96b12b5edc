import { to, type Its, type Read } from './read.ts';
import { sectionReadsOf } from './section-reads.ts';
import { watchAndCacheReadsOf } from './watch-and-cache-reads.ts';

/** How each type of a store is read: by a list with all its pages, by its id, and what hangs below it. */
export const readsOf: Readonly<Record<string, (its: Its) => readonly Read[]>> = {
  'ec2/vpc': to('ec2', ({ id }) => [
    ['describe_vpcs', {}, 'Vpcs[].VpcId', id],
    ['describe_vpcs', { VpcIds: [id] }, 'Vpcs[].VpcId', id],
    ['describe_vpc_attribute', { VpcId: id, Attribute: 'enableDnsHostnames' }, 'EnableDnsHostnames.Value', true],
    ['describe_network_acls', { Filters: [{ Name: 'vpc-id', Values: [id] }] }, 'NetworkAcls[].VpcId', id],
    ['describe_tags', {}, 'Tags[].ResourceId', id],
  ]),
  'ec2/internet-gateway': to('ec2', ({ id }) => [
    ['describe_internet_gateways', {}, 'InternetGateways[].InternetGatewayId', id],
  ]),
  'ec2/subnet': to('ec2', ({ id }) => [
    ['describe_subnets', {}, 'Subnets[].SubnetId', id],
    ['describe_subnets', { SubnetIds: [id] }, 'Subnets[].SubnetId', id],
  ]),
  'ec2/elastic-ip': to('ec2', ({ id, out }) => [
    ['describe_addresses', {}, 'Addresses[].AllocationId', id],
    ['describe_addresses', { PublicIps: [out('publicIp')] }, 'Addresses[].AllocationId', id],
    ['describe_addresses_attribute', { Attribute: 'domain-name' }, 'Addresses[].AllocationId', id],
  ]),
  'ec2/nat-gateway': to('ec2', ({ id }) => [
    ['describe_nat_gateways', {}, 'NatGateways[].NatGatewayId', id],
    ['describe_network_interfaces', {}, 'NetworkInterfaces[].InterfaceType', 'nat_gateway'],
  ]),
  'ec2/route-table': to('ec2', ({ id }) => [['describe_route_tables', {}, 'RouteTables[].RouteTableId', id]]),
  'ec2/vpc-endpoint': to('ec2', ({ id }) => [
    ['describe_vpc_endpoints', {}, 'VpcEndpoints[].VpcEndpointId', id],
    ['describe_prefix_lists', {}, 'PrefixLists[].PrefixListName', 'com.amazonaws.eu-central-1.s3'],
  ]),
  'ec2/flow-log': to('ec2', ({ id }) => [['describe_flow_logs', {}, 'FlowLogs[].FlowLogId', id]]),
  'ec2/security-group': to('ec2', ({ id }) => [
    ['describe_security_groups', {}, 'SecurityGroups[].GroupId', id],
    ['describe_security_group_rules', {}, 'SecurityGroupRules[].GroupId', id],
  ]),
  'ec2/launch-template': to('ec2', ({ id }) => [
    ['describe_launch_templates', {}, 'LaunchTemplates[].LaunchTemplateId', id],
    ['describe_launch_template_versions', { LaunchTemplateId: id }, 'LaunchTemplateVersions[].VersionNumber', 1],
  ]),
  'logs/group': to('logs', ({ id, out }) => [
    ['describe_log_groups', {}, 'logGroups[].logGroupName', id],
    ['list_tags_for_resource', { resourceArn: out('arn') }, 'keys(tags)', 'ecom.io/node'],
  ]),
  'iam/role': to('iam', ({ id, out }) => {
    const RoleName = out('roleName');
    return [
      ['list_roles', {}, 'Roles[].RoleId', id],
      ['get_role', { RoleName }, 'Role.RoleId', id],
      ['list_role_policies', { RoleName }, 'length(PolicyNames) > `0`', true],
      ['list_attached_role_policies', { RoleName }, 'length(AttachedPolicies)', 0],
      ['list_role_tags', { RoleName }, 'Tags[].Key', 'ecom.io/node'],
      ['list_instance_profiles_for_role', { RoleName }, 'IsTruncated', false],
    ];
  }),
  'iam/instance-profile': to('iam', ({ id, out }) => {
    const InstanceProfileName = out('profileName');
    return [
      ['list_instance_profiles', {}, 'InstanceProfiles[].InstanceProfileId', id],
      ['get_instance_profile', { InstanceProfileName }, 'InstanceProfile.InstanceProfileId', id],
      ['list_instance_profile_tags', { InstanceProfileName }, 'Tags[].Key', 'ecom.io/node'],
    ];
  }),
  'acm/certificate': to('acm', ({ id }) => [
    ['list_certificates', {}, 'CertificateSummaryList[].CertificateArn', id],
    ['describe_certificate', { CertificateArn: id }, 'Certificate.Status', 'ISSUED'],
    ['list_tags_for_certificate', { CertificateArn: id }, 'Tags[].Key', 'ecom.io/node'],
  ]),
  'route53/record-set': to('route53', ({ id }) => {
    const [HostedZoneId = '', name = '', type = ''] = id.split('/');
    return [
      ['list_hosted_zones', {}, 'HostedZones[].Id', `/hostedzone/${HostedZoneId}`],
      ['get_hosted_zone', { Id: HostedZoneId }, 'HostedZone.Name', 'example.com.'],
      ['list_resource_record_sets', { HostedZoneId }, 'ResourceRecordSets[].[Name, Type]', [`${name}.`, type]],
    ];
  }),
  'route53/private-zone': to('route53', ({ id }) => [
    ['list_hosted_zones', { HostedZoneType: 'PrivateHostedZone' }, 'HostedZones[].Id', `/hostedzone/${id}`],
    ['get_hosted_zone', { Id: id }, 'VPCs[].VPCRegion', 'eu-central-1'],
    ['list_resource_record_sets', { HostedZoneId: id }, 'ResourceRecordSets[].Weight', 0],
    [
      'list_tags_for_resource',
      { ResourceType: 'hostedzone', ResourceId: id },
      'ResourceTagSet.Tags[].Key',
      'ecom.io/node',
    ],
  ]),
  'ssm/parameter': to('ssm', ({ id }) => [
    ['describe_parameters', {}, 'Parameters[].Name', id],
    ['get_parameter', { Name: id }, 'Parameter.Name', id],
    ['get_parameters', { Names: [id] }, 'Parameters[].Name', id],
    ['get_parameters_by_path', { Path: '/ecom/shops/boutique', Recursive: true }, 'Parameters[].Name', id],
    ['get_parameter_history', { Name: id }, 'Parameters[].Version', 1],
    ['list_tags_for_resource', { ResourceType: 'Parameter', ResourceId: id }, 'TagList[].Key', 'ecom.io/node'],
  ]),
  'elbv2/load-balancer': to('elbv2', ({ id }) => [
    ['describe_load_balancers', {}, 'LoadBalancers[].LoadBalancerArn', id],
    ['describe_load_balancer_attributes', { LoadBalancerArn: id }, 'Attributes[].Key', 'idle_timeout.timeout_seconds'],
    ['describe_tags', { ResourceArns: [id] }, 'TagDescriptions[].ResourceArn', id],
  ]),
  'elbv2/target-group': to('elbv2', ({ id }) => [
    ['describe_target_groups', {}, 'TargetGroups[].TargetGroupArn', id],
    ['describe_target_group_attributes', { TargetGroupArn: id }, 'Attributes[].Key', 'stickiness.enabled'],
    ['describe_target_health', { TargetGroupArn: id }, 'TargetHealthDescriptions[].TargetHealth.State', 'healthy'],
    ['describe_tags', { ResourceArns: [id] }, 'TagDescriptions[].ResourceArn', id],
  ]),
  'elbv2/listener': to('elbv2', ({ id }) => {
    const LoadBalancerArn = id.replace(':listener/', ':loadbalancer/').replace(/\/[^/]*$/, '');
    return [
      ['describe_listeners', { LoadBalancerArn }, 'Listeners[].ListenerArn', id],
      ['describe_listener_attributes', { ListenerArn: id }, 'length(Attributes) > `0`', true],
      ['describe_rules', { ListenerArn: id }, 'Rules[].IsDefault', true],
      ['describe_tags', { ResourceArns: [id] }, 'TagDescriptions[].ResourceArn', id],
    ];
  }),
  'autoscaling/group': to('autoscaling', ({ id }) => [
    ['describe_auto_scaling_groups', {}, 'AutoScalingGroups[].AutoScalingGroupName', id],
    ['describe_auto_scaling_instances', {}, 'AutoScalingInstances[].AutoScalingGroupName', id],
    ['describe_policies', {}, 'ScalingPolicies[].AutoScalingGroupName', id],
    ['describe_tags', {}, 'Tags[].ResourceId', id],
    ['describe_scaling_activities', { AutoScalingGroupName: id }, 'Activities[].StatusCode', 'Successful'],
    ['describe_instance_refreshes', { AutoScalingGroupName: id }, 'length(InstanceRefreshes)', 0],
  ]),
  ...sectionReadsOf,
  ...watchAndCacheReadsOf,
};
