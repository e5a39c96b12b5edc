import type { AnyLookupType, AnyResourceType, Registry } from '../model/resource-type.ts';
import { certificate } from './acm/certificate.ts';
import { certificateLookup } from './acm/certificate-lookup.ts';
import { group } from './autoscaling/group.ts';
import { userPool } from './cognito/user-pool.ts';
import { userPoolClient } from './cognito/user-pool-client.ts';
import { distribution } from './cloudfront/distribution.ts';
import { originAccessControl } from './cloudfront/origin-access-control.ts';
import { vpcOrigin } from './cloudfront/vpc-origin.ts';
import { alarm } from './cloudwatch/alarm.ts';
import { dashboard } from './cloudwatch/dashboard.ts';
import { elasticIp } from './ec2/elastic-ip.ts';
import { flowLog } from './ec2/flow-log.ts';
import { imageLookup } from './ec2/image-lookup.ts';
import { internetGateway } from './ec2/internet-gateway.ts';
import { launchTemplate } from './ec2/launch-template.ts';
import { natGateway } from './ec2/nat-gateway.ts';
import { prefixListLookup } from './ec2/prefix-list-lookup.ts';
import { routeTable } from './ec2/route-table.ts';
import { securityGroup } from './ec2/security-group.ts';
import { subnet } from './ec2/subnet.ts';
import { subnetsLookup } from './ec2/subnets-lookup.ts';
import { vpc } from './ec2/vpc.ts';
import { vpcEndpoint } from './ec2/vpc-endpoint.ts';
import { vpcLookup } from './ec2/vpc-lookup.ts';
import { zonesLookup } from './ec2/zones-lookup.ts';
import { cluster as memcached } from './elasticache/cluster.ts';
import { parameterGroup as cacheParameterGroup } from './elasticache/parameter-group.ts';
import { replicationGroup } from './elasticache/replication-group.ts';
import { subnetGroup as cacheSubnetGroup } from './elasticache/subnet-group.ts';
import { user as cacheUser } from './elasticache/user.ts';
import { userGroup as cacheUserGroup } from './elasticache/user-group.ts';
import { listener } from './elbv2/listener.ts';
import { listenerRule } from './elbv2/listener-rule.ts';
import { loadBalancer } from './elbv2/load-balancer.ts';
import { targetGroup } from './elbv2/target-group.ts';
import { instanceProfile } from './iam/instance-profile.ts';
import { role } from './iam/role.ts';
import { lambdaFunction } from './lambda/function.ts';
import { logGroup } from './logs/group.ts';
import { instance as database } from './rds/instance.ts';
import { parameterGroup as databaseParameterGroup } from './rds/parameter-group.ts';
import { readReplica } from './rds/read-replica.ts';
import { subnetGroup as databaseSubnetGroup } from './rds/subnet-group.ts';
import { healthCheck } from './route53/health-check.ts';
import { hostedZone } from './route53/hosted-zone.ts';
import { hostedZoneLookup } from './route53/hosted-zone-lookup.ts';
import { privateZone } from './route53/private-zone.ts';
import { recordSet } from './route53/record-set.ts';
import { bucket } from './s3/bucket.ts';
import { secret } from './secretsmanager/secret.ts';
import { subscription } from './sns/subscription.ts';
import { topic } from './sns/topic.ts';
import { queue } from './sqs/queue.ts';
import { parameter } from './ssm/parameter.ts';
import { parameterLookup } from './ssm/parameter-lookup.ts';

/** Every type of AWS resource, in build order: each comes after those it needs. */
const resources: readonly AnyResourceType[] = [
  vpc,
  logGroup,
  role,
  instanceProfile,
  internetGateway,
  elasticIp,
  subnet,
  natGateway,
  routeTable,
  vpcEndpoint,
  flowLog,
  securityGroup,
  databaseSubnetGroup,
  databaseParameterGroup,
  secret,
  database,
  readReplica,
  privateZone,
  cacheSubnetGroup,
  cacheParameterGroup,
  cacheUser,
  cacheUserGroup,
  replicationGroup,
  memcached,
  hostedZone,
  certificate,
  targetGroup,
  loadBalancer,
  listener,
  userPool,
  userPoolClient,
  listenerRule,
  bucket,
  originAccessControl,
  vpcOrigin,
  distribution,
  recordSet,
  queue,
  lambdaFunction,
  topic,
  subscription,
  parameter,
  launchTemplate,
  group,
  healthCheck,
  alarm,
  dashboard,
];

/** What AWS is asked without making anything. */
const lookups: readonly AnyLookupType[] = [
  zonesLookup,
  imageLookup,
  vpcLookup,
  subnetsLookup,
  prefixListLookup,
  certificateLookup,
  hostedZoneLookup,
  parameterLookup,
];

export const registry: Registry = { resources, lookups };
