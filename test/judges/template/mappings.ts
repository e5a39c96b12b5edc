import { certificates } from '../../../simulator/aws/acm/certificates.ts';
import { groups as scalingGroups } from '../../../simulator/aws/autoscaling/kinds.ts';
import { originAccessControls } from '../../../simulator/aws/cloudfront/origin-access-controls.ts';
import { distributions, vpcOrigins } from '../../../simulator/aws/cloudfront/stored.ts';
import { alarms, dashboards } from '../../../simulator/aws/cloudwatch/kinds.ts';
import { clients, domains, groups as userGroups, pools } from '../../../simulator/aws/cognito/kinds.ts';
import { addresses } from '../../../simulator/aws/ec2/addresses.ts';
import { flowLogs } from '../../../simulator/aws/ec2/flow-logs.ts';
import { internetGateways } from '../../../simulator/aws/ec2/gateways.ts';
import { launchTemplates } from '../../../simulator/aws/ec2/launch-templates.ts';
import { natGateways } from '../../../simulator/aws/ec2/nat-gateways.ts';
import { routeTables } from '../../../simulator/aws/ec2/route-tables.ts';
import { securityGroups } from '../../../simulator/aws/ec2/security-groups.ts';
import { subnets } from '../../../simulator/aws/ec2/subnets.ts';
import { vpcEndpoints } from '../../../simulator/aws/ec2/vpc-endpoints.ts';
import { vpcs } from '../../../simulator/aws/ec2/vpc.ts';
import * as elasticache from '../../../simulator/aws/elasticache/kinds.ts';
import { listeners, loadBalancers, rules, targetGroups } from '../../../simulator/aws/elbv2/kinds.ts';
import { instanceProfiles } from '../../../simulator/aws/iam/instance-profiles.ts';
import { roles } from '../../../simulator/aws/iam/roles.ts';
import { functions } from '../../../simulator/aws/lambda/kinds.ts';
import { logGroups } from '../../../simulator/aws/logs/groups.ts';
import { instances, parameterGroups, subnetGroups } from '../../../simulator/aws/rds/kinds.ts';
import { healthChecks } from '../../../simulator/aws/route53/health-checks.ts';
import { hostedZones } from '../../../simulator/aws/route53/hosted-zones.ts';
import { notedRecords } from '../../../simulator/aws/route53/record-sets.ts';
import { buckets } from '../../../simulator/aws/s3/kinds.ts';
import { subscriptions, topics } from '../../../simulator/aws/sns/kinds.ts';
import { queues } from '../../../simulator/aws/sqs/kinds.ts';
import { parameters } from '../../../simulator/aws/ssm/parameters.ts';
import * as cache from './cache.ts';
import * as content from './content.ts';
import { secrets } from '../../../simulator/aws/secretsmanager/secrets.ts';
import * as data from './data.ts';
import * as identity from './identity.ts';
import * as messages from './messages.ts';
import * as monitoring from './monitoring.ts';
import * as names from './names.ts';
import * as network from './network.ts';
import { maps, untold, type Mapped } from './part.ts';
import * as web from './web.ts';

/** What each kind of the simulated AWS is in CloudFormation's words. A new kind is a line here, and a function. */
const table: readonly Mapped[] = [
  maps(vpcs, network.vpc),
  maps(subnets, network.subnet),
  maps(internetGateways, network.internetGateway),
  maps(addresses, network.elasticIp),
  maps(natGateways, network.natGateway),
  maps(routeTables, network.routeTable),
  maps(securityGroups, network.securityGroup),
  maps(flowLogs, network.flowLog),
  maps(vpcEndpoints, network.vpcEndpoint),
  maps(launchTemplates, web.launchTemplate),
  maps(scalingGroups, web.group),
  maps(loadBalancers, web.loadBalancer),
  maps(targetGroups, web.targetGroup),
  maps(listeners, web.listener),
  maps(rules, web.rule),
  maps(subnetGroups, data.subnetGroup),
  maps(parameterGroups, data.parameterGroup),
  maps(instances, data.instance),
  maps(secrets, data.secret),
  maps(roles, identity.role),
  maps(instanceProfiles, identity.instanceProfile),
  maps(pools, identity.pool),
  maps(clients, identity.client, { name: () => 'cognito/client' }),
  maps(userGroups, identity.userGroup, { name: ({ name }) => `cognito/group-${name}` }),
  maps(domains, identity.poolDomain, { name: () => 'cognito/domain' }),
  maps(certificates, names.certificate),
  maps(hostedZones, names.zone),
  maps(notedRecords, names.record, { name: ({ id }) => `record/${id.slice(id.indexOf('/') + 1)}` }),
  maps(parameters, names.parameter),
  maps(logGroups, names.logGroup),
  maps(buckets, content.bucket),
  maps(originAccessControls, content.originAccessControl, { name: () => 'cdn/origin-access-control' }),
  maps(distributions, content.distribution),
  maps(vpcOrigins, content.vpcOrigin),
  maps(topics, messages.topic),
  maps(subscriptions, messages.subscription, { name: ({ protocol }) => `sns/subscription-${protocol}` }),
  maps(queues, messages.queue),
  maps(functions, messages.lambdaFunction),
  maps(elasticache.subnetGroups, cache.subnetGroup),
  maps(elasticache.parameterGroups, cache.parameterGroup),
  maps(elasticache.users, cache.user),
  maps(elasticache.userGroups, cache.userGroup),
  maps(elasticache.replicationGroups, cache.replicationGroup),
  maps(elasticache.clusters, cache.cluster),
  maps(alarms, monitoring.alarm),
  maps(dashboards, monitoring.dashboard),
  maps(healthChecks, monitoring.healthCheck),
  untold('ec2/instance', 'the launch template of its group says all of it'),
  untold('ec2/volume', 'the launch template of its group says all of it'),
  untold('rds/snapshot', 'as encrypted as its database'),
  untold('rds/automated-backup', 'as encrypted as its database'),
  untold('cognito/user', 'a customer, not a setting'),
];

export const mappings: ReadonlyMap<string, Mapped> = new Map(table.map((one) => [one.kind, one]));
