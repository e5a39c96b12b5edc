import type { SimulatedService } from '../core/service.ts';
import { addressOperations } from './addresses.ts';
import { exposures } from './exposure.ts';
import { flowLogOperations } from './flow-logs.ts';
import { gatewayOperations } from './gateways.ts';
import { imageOperations } from './images.ts';
import { instanceOperations } from './instance-operations.ts';
import { launchTemplateOperations } from './launch-templates.ts';
import { natGatewayOperations } from './nat-gateways.ts';
import { networkAclOperations } from './network-acls.ts';
import { networkInterfaceOperations } from './network-interfaces.ts';
import { prefixListOperations } from './prefix-lists.ts';
import { routeTableOperations } from './route-tables.ts';
import { securityGroupRuleOperations } from './security-group-rules.ts';
import { securityGroupOperations } from './security-groups.ts';
import { subnetOperations } from './subnets.ts';
import { tagOperations } from './tag-calls.ts';
import { volumeOperations } from './volumes.ts';
import { vpcEndpointOperations } from './vpc-endpoints.ts';
import { vpcOperations } from './vpc.ts';
import { zoneOperations } from './zones.ts';

/** EC2: networks, instances, launch templates. */
export const ec2: SimulatedService = {
  operations: {
    ...vpcOperations,
    ...subnetOperations,
    ...gatewayOperations,
    ...addressOperations,
    ...natGatewayOperations,
    ...routeTableOperations,
    ...securityGroupOperations,
    ...securityGroupRuleOperations,
    ...vpcEndpointOperations,
    ...flowLogOperations,
    ...prefixListOperations,
    ...networkInterfaceOperations,
    ...networkAclOperations,
    ...imageOperations,
    ...launchTemplateOperations,
    ...instanceOperations,
    ...volumeOperations,
    ...zoneOperations,
    ...tagOperations,
  },
  install: (world) => world.addExposureRule(exposures),
};
