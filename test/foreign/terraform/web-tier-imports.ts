import type { Addresses, Places, Told } from './imports.ts';

type Place = Places[string];

const joins = (told: Told, subnet: string, table: string): string => `${told.id(subnet)}/${told.id(table)}`;
const route = (told: Told, table: string): string => `${told.id(table)}_0.0.0.0/0`;

/** A node that is one resource, imported by the id that the operator has for it. */
export const byId = (node: string, address: string): Readonly<Record<string, Place>> => ({
  [node]: ({ id }) => ({ [address]: id(node) }),
});

/** A node that is one resource, imported by one of its outputs. */
export const byOutput = (node: string, address: string, output: string): Readonly<Record<string, Place>> => ({
  [node]: ({ out }) => ({ [address]: out(node, output) }),
});

const record = (node: string, address: string): Readonly<Record<string, Place>> => ({
  [node]: ({ id }) => ({ [address]: id(node).split('/').join('_') }),
});

const associations = (told: Told, tier: string, table: string): Addresses =>
  Object.fromEntries(
    ['a', 'b'].map((zone) => [
      `aws_route_table_association.${tier}["${zone}"]`,
      joins(told, `network/${tier}-${zone}`, table),
    ]),
  );

const perZone = Object.assign(
  {},
  ...['a', 'b'].flatMap((zone) => [
    ...['public', 'app', 'data'].map((tier) => byId(`network/${tier}-${zone}`, `aws_subnet.${tier}["${zone}"]`)),
    {
      [`network/routes-app-${zone}`]: (told: Told) => ({
        [`aws_route_table.app["${zone}"]`]: told.id(`network/routes-app-${zone}`),
        [`aws_route.nat["${zone}"]`]: route(told, `network/routes-app-${zone}`),
        [`aws_route_table_association.app["${zone}"]`]: joins(
          told,
          `network/app-${zone}`,
          `network/routes-app-${zone}`,
        ),
      }),
    },
  ]),
) as Places;

/** Where the nodes of `examples/minimal.yaml` stand, which every store has. */
export const webTierPlaces = (host: string): Places => ({
  ...perZone,
  ...byId('network/vpc', 'aws_vpc.this'),
  ...byId('network/internet-gateway', 'aws_internet_gateway.this'),
  ...byId('network/nat-address-a', 'aws_eip.nat'),
  ...byId('network/nat-a', 'aws_nat_gateway.this'),
  'network/routes-public': (told) => ({
    'aws_route_table.public': told.id('network/routes-public'),
    'aws_route.internet': route(told, 'network/routes-public'),
    ...associations(told, 'public', 'network/routes-public'),
  }),
  'network/routes-data': (told) => ({
    'aws_route_table.data': told.id('network/routes-data'),
    ...associations(told, 'data', 'network/routes-data'),
  }),
  ...byId('network/s3-endpoint', 'aws_vpc_endpoint.s3'),
  ...byId('network/flow-log-group', 'aws_cloudwatch_log_group.flow'),
  ...byOutput('network/flow-log-role', 'aws_iam_role.flow', 'roleName'),
  ...byId('network/flow-log', 'aws_flow_log.this'),
  ...byId('network/sg-alb', 'aws_security_group.alb'),
  ...byId('network/sg-alb-internal', 'aws_security_group.alb'),
  ...byId('network/sg-app', 'aws_security_group.app'),
  ...byId('network/sg-data', 'aws_security_group.data'),
  ...byId('domain/certificate', 'aws_acm_certificate.this'),
  ...record(`domain/validation-${host}`, `aws_route53_record.validation["${host}"]`),
  ...record(`domain/a-${host}`, 'aws_route53_record.shop["A"]'),
  ...record(`domain/aaaa-${host}`, 'aws_route53_record.shop["AAAA"]'),
  ...byId('loadBalancer/balancer', 'aws_lb.this'),
  ...byId('loadBalancer/internal', 'aws_lb.this'),
  ...byId('loadBalancer/targets', 'aws_lb_target_group.this'),
  ...byId('loadBalancer/internal-targets', 'aws_lb_target_group.this'),
  ...byId('loadBalancer/https', 'aws_lb_listener.https'),
  ...byId('loadBalancer/internal-https', 'aws_lb_listener.https'),
  ...byId('loadBalancer/http', 'aws_lb_listener.http'),
  ...byId('compute/log-group', 'aws_cloudwatch_log_group.app'),
  ...byOutput('compute/role', 'aws_iam_role.app', 'roleName'),
  ...byOutput('compute/instance-profile', 'aws_iam_instance_profile.app', 'profileName'),
  ...byId('compute/launch-template', 'aws_launch_template.app'),
  'compute/group': ({ id }) => ({
    'aws_autoscaling_group.app': id('compute/group'),
    'aws_autoscaling_policy.cpu': `${id('compute/group')}/cpu`,
  }),
});
