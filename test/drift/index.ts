import { groupDrifts } from './autoscaling.ts';
import { cacheParameterDrifts, cacheSubnetGroupDrifts } from './cache-groups.ts';
import { cacheUserDrifts, cacheUserGroupDrifts, clusterDrifts, replicationGroupDrifts } from './caches.ts';
import type { TypeDrifts } from './drift.ts';
import { internetGatewayDrifts, subnetDrifts, vpcDrifts } from './ec2-network.ts';
import {
  elasticIpDrifts,
  flowLogDrifts,
  natGatewayDrifts,
  routeTableDrifts,
  vpcEndpointDrifts,
} from './ec2-routing.ts';
import { launchTemplateDrifts, securityGroupDrifts } from './ec2-security.ts';
import { distributionDrifts, originAccessControlDrifts, vpcOriginDrifts } from './edge.ts';
import { listenerDrifts, loadBalancerDrifts, targetGroupDrifts } from './elbv2.ts';
import { functionDrifts, queueDrifts } from './functions.ts';
import { instanceProfileDrifts, roleDrifts } from './iam.ts';
import { listenerRuleDrifts, userPoolClientDrifts, userPoolDrifts } from './identity.ts';
import { subscriptionDrifts, topicDrifts } from './notifications.ts';
import { databaseDrifts, databaseParameterDrifts, databaseSubnetGroupDrifts, readReplicaDrifts } from './rds.ts';
import { bucketDrifts } from './s3.ts';
import { secretDrifts } from './secrets.ts';
import { alarmDrifts, dashboardDrifts, healthCheckDrifts } from './monitoring.ts';
import { privateZoneDrifts } from './private-names.ts';
import { certificateDrifts, hostedZoneDrifts, logGroupDrifts, parameterDrifts, recordSetDrifts } from './names.ts';

/** All that somebody can do to a store's resources: the test makes each of it, the table in docs/drift.md tells of it. */
export const drifts: readonly TypeDrifts[] = [
  ...[vpcDrifts, subnetDrifts, internetGatewayDrifts, elasticIpDrifts, natGatewayDrifts, routeTableDrifts],
  ...[vpcEndpointDrifts, flowLogDrifts, securityGroupDrifts, launchTemplateDrifts, groupDrifts],
  ...[loadBalancerDrifts, targetGroupDrifts, listenerDrifts, roleDrifts, instanceProfileDrifts],
  ...[userPoolDrifts, userPoolClientDrifts, listenerRuleDrifts],
  ...[databaseSubnetGroupDrifts, databaseParameterDrifts, databaseDrifts, readReplicaDrifts, secretDrifts],
  ...[cacheSubnetGroupDrifts, cacheParameterDrifts, cacheUserDrifts, cacheUserGroupDrifts],
  ...[replicationGroupDrifts, clusterDrifts],
  ...[bucketDrifts, originAccessControlDrifts, vpcOriginDrifts, distributionDrifts],
  ...[topicDrifts, subscriptionDrifts, queueDrifts, functionDrifts],
  ...[alarmDrifts, dashboardDrifts, healthCheckDrifts],
  ...[certificateDrifts, hostedZoneDrifts, privateZoneDrifts, recordSetDrifts, logGroupDrifts, parameterDrifts],
];
