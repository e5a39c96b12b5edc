import type { NodeId } from '../../../operator/model/ref.ts';
import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';
import { importsOfRules } from './rule-imports.ts';

/** What Terraform is told of a resource that exists: its address in the web tier, and the id that its type is imported by. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

/**
 * Where each resource of `examples/minimal.yaml` stands in the web tier. One of ours may be several of Terraform's: a
 * route table with its routes and associations, a role with its policies.
 */
export async function importsOf(world: VirtualWorld, store: VirtualStore): Promise<ReadonlyMap<string, Import[]>> {
  const id = (node: string): string => world.idOf(store, node);
  const out = (node: NodeId, output: string): string => String(store.last?.outputs.get(node)?.[output]);
  const route = (node: string): string => `${id(node)}_0.0.0.0/0`;
  const joins = (subnet: string, table: string): string => `${id(subnet)}/${id(table)}`;
  const record = (node: string): string => id(node).split('/').join('_');
  const role = (node: NodeId): string => out(node, 'roleName');
  const { SecurityGroups } = await world.other<{ SecurityGroups: { GroupId: string; GroupName: string }[] }>(
    'ec2',
    'DescribeSecurityGroups',
    { Filters: [{ Name: 'vpc-id', Values: [id('network/vpc')] }] },
  );
  const emptied = SecurityGroups.find(({ GroupName }) => GroupName === 'default')?.GroupId ?? '';
  const byNode: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'network/vpc': { 'aws_vpc.this': id('network/vpc'), 'aws_default_security_group.this': emptied },
    'network/internet-gateway': { 'aws_internet_gateway.this': id('network/internet-gateway') },
    'network/public-a': { 'aws_subnet.public["a"]': id('network/public-a') },
    'network/public-b': { 'aws_subnet.public["b"]': id('network/public-b') },
    'network/app-a': { 'aws_subnet.app["a"]': id('network/app-a') },
    'network/app-b': { 'aws_subnet.app["b"]': id('network/app-b') },
    'network/data-a': { 'aws_subnet.data["a"]': id('network/data-a') },
    'network/data-b': { 'aws_subnet.data["b"]': id('network/data-b') },
    'network/nat-address-a': { 'aws_eip.nat': id('network/nat-address-a') },
    'network/nat-a': { 'aws_nat_gateway.this': id('network/nat-a') },
    'network/routes-public': {
      'aws_route_table.public': id('network/routes-public'),
      'aws_route.internet': route('network/routes-public'),
      'aws_route_table_association.public["a"]': joins('network/public-a', 'network/routes-public'),
      'aws_route_table_association.public["b"]': joins('network/public-b', 'network/routes-public'),
    },
    'network/routes-app-a': {
      'aws_route_table.app["a"]': id('network/routes-app-a'),
      'aws_route.nat["a"]': route('network/routes-app-a'),
      'aws_route_table_association.app["a"]': joins('network/app-a', 'network/routes-app-a'),
    },
    'network/routes-app-b': {
      'aws_route_table.app["b"]': id('network/routes-app-b'),
      'aws_route.nat["b"]': route('network/routes-app-b'),
      'aws_route_table_association.app["b"]': joins('network/app-b', 'network/routes-app-b'),
    },
    'network/routes-data': {
      'aws_route_table.data': id('network/routes-data'),
      'aws_route_table_association.data["a"]': joins('network/data-a', 'network/routes-data'),
      'aws_route_table_association.data["b"]': joins('network/data-b', 'network/routes-data'),
    },
    'network/s3-endpoint': { 'aws_vpc_endpoint.s3': id('network/s3-endpoint') },
    'network/flow-log-group': { 'aws_cloudwatch_log_group.flow': id('network/flow-log-group') },
    'network/flow-log-role': {
      'aws_iam_role.flow': role('network/flow-log-role'),
      'aws_iam_role_policy.flow': `${role('network/flow-log-role')}:write-flow-log`,
    },
    'network/flow-log': { 'aws_flow_log.this': id('network/flow-log') },
    'network/sg-alb': { 'aws_security_group.alb': id('network/sg-alb') },
    'network/sg-app': { 'aws_security_group.app': id('network/sg-app') },
    'network/sg-data': { 'aws_security_group.data': id('network/sg-data') },
    'domain/certificate': { 'aws_acm_certificate.this': id('domain/certificate') },
    'domain/validation-shop.example.com': {
      'aws_route53_record.validation["shop.example.com"]': record('domain/validation-shop.example.com'),
    },
    'domain/a-shop.example.com': { 'aws_route53_record.shop["A"]': record('domain/a-shop.example.com') },
    'domain/aaaa-shop.example.com': { 'aws_route53_record.shop["AAAA"]': record('domain/aaaa-shop.example.com') },
    'loadBalancer/balancer': { 'aws_lb.this': id('loadBalancer/balancer') },
    'loadBalancer/targets': { 'aws_lb_target_group.this': id('loadBalancer/targets') },
    'loadBalancer/https': { 'aws_lb_listener.https': id('loadBalancer/https') },
    'loadBalancer/http': { 'aws_lb_listener.http': id('loadBalancer/http') },
    'compute/log-group': { 'aws_cloudwatch_log_group.app': id('compute/log-group') },
    'compute/role': {
      'aws_iam_role.app': role('compute/role'),
      'aws_iam_role_policy.app["own-parameters"]': `${role('compute/role')}:own-parameters`,
      'aws_iam_role_policy.app["own-logs"]': `${role('compute/role')}:own-logs`,
      'aws_iam_role_policy.app["session-manager"]': `${role('compute/role')}:session-manager`,
    },
    'compute/instance-profile': { 'aws_iam_instance_profile.app': out('compute/instance-profile', 'profileName') },
    ...Object.fromEntries(
      ['load-balancer/dns-name', 'host', 'url', 'region', 'log-group'].map((name) => {
        const node = `compute/parameter-${name.replace('/', '-')}`;
        return [node, { [`aws_ssm_parameter.this["${name}"]`]: id(node) }];
      }),
    ),
    'compute/launch-template': { 'aws_launch_template.app': id('compute/launch-template') },
    'compute/group': {
      'aws_autoscaling_group.app': id('compute/group'),
      'aws_autoscaling_policy.cpu': `${id('compute/group')}/cpu`,
    },
  };
  const rules = await importsOfRules(world, store);
  return new Map(
    Object.entries(byNode).map(([node, addresses]) => [
      node,
      [...Object.entries({ ...addresses, ...rules.get(node) })].map(([to, its]) => ({ to, id: its })),
    ]),
  );
}

/** The names that the operator gave, by the web tier's word for the resource. */
export async function namesOf(world: VirtualWorld, store: VirtualStore): Promise<Readonly<Record<string, string>>> {
  const out = (node: NodeId, output: string): string => String(store.last?.outputs.get(node)?.[output]);
  const group = async (node: string): Promise<string> => {
    const input = { GroupIds: [world.idOf(store, node)] };
    const { SecurityGroups } = await world.other<{ SecurityGroups: { GroupName: string }[] }>(
      'ec2',
      'DescribeSecurityGroups',
      input,
    );
    return SecurityGroups[0]?.GroupName ?? '';
  };
  const { LaunchTemplates } = await world.other<{ LaunchTemplates: { LaunchTemplateName: string }[] }>(
    'ec2',
    'DescribeLaunchTemplates',
    {},
  );
  return {
    alb_group: await group('network/sg-alb'),
    app_group: await group('network/sg-app'),
    data_group: await group('network/sg-data'),
    flow_role: out('network/flow-log-role', 'roleName'),
    app_role: out('compute/role', 'roleName'),
    profile: out('compute/instance-profile', 'profileName'),
    balancer: world.idOf(store, 'loadBalancer/balancer').split('/')[2] ?? '',
    targets: world.idOf(store, 'loadBalancer/targets').split('/')[1] ?? '',
    template: LaunchTemplates[0]?.LaunchTemplateName ?? '',
    group: world.idOf(store, 'compute/group'),
  };
}
