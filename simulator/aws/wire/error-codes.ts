import type { Operation, ServiceId, ServiceModel } from '../core/service-model.ts';
import { shapeOf, modelOf } from '../core/service-model.ts';

/**
 * What every service may answer, whatever its model lists. The XML services are older and say `Throttling`,
 * `AccessDenied` and `ExpiredToken` where the page has the names with `Exception`.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
const common = [
  ...['AccessDenied', 'AccessDeniedException', 'ExpiredToken', 'ExpiredTokenException', 'IncompleteSignature'],
  ...['InternalFailure', 'InvalidAction', 'InvalidClientTokenId', 'InvalidParameterCombination'],
  ...['InvalidParameterValue', 'InvalidQueryParameter', 'MalformedQueryString', 'MissingAction'],
  ...['MissingAuthenticationToken', 'MissingParameter', 'NotAuthorized', 'OptInRequired', 'RequestExpired'],
  ...[
    'ServiceUnavailable',
    'Throttling',
    'ThrottlingException',
    'UnknownOperationException',
    'UnrecognizedClientException',
  ],
  ...['ValidationError', 'ValidationException'],
];

/** EC2 has no errors in its model, only on this page. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const ec2 = [
  ...['AddressLimitExceeded', 'AuthFailure', 'Blocked', 'CannotDelete', 'DependencyViolation', 'DryRunOperation'],
  ...['FilterLimitExceeded', 'FlowLogAlreadyExists', 'FlowLogsLimitExceeded', 'Gateway.NotAttached'],
  ...['IdempotentParameterMismatch', 'IncorrectInstanceState', 'IncorrectState', 'InstanceLimitExceeded'],
  ...['InsufficientAddressCapacity', 'InsufficientFreeAddressesInSubnet', 'InsufficientInstanceCapacity'],
  ...['InternalError', 'InternetGatewayLimitExceeded', 'InvalidAMIID.Malformed', 'InvalidAMIID.NotFound'],
  ...[
    'InvalidAMIID.Unavailable',
    'InvalidAddress.NotFound',
    'InvalidAddressID.NotFound',
    'InvalidAllocationID.NotFound',
  ],
  ...['InvalidAssociationID.NotFound', 'InvalidAvailabilityZone', 'InvalidBlockDeviceMapping', 'InvalidFilter'],
  ...['InvalidFlowLogId.NotFound', 'InvalidGatewayID.NotFound', 'InvalidGroup.Duplicate', 'InvalidGroup.InUse'],
  ...[
    'InvalidGroup.NotFound',
    'InvalidGroup.Reserved',
    'InvalidGroupId.Malformed',
    'InvalidID',
    'InvalidIPAddress.InUse',
  ],
  ...['InvalidInput', 'InvalidInstanceID.Malformed', 'InvalidInstanceID.NotFound', 'InvalidInstanceType'],
  ...['InvalidInternetGatewayID.NotFound', 'InvalidLaunchTemplateId.Malformed', 'InvalidLaunchTemplateId.NotFound'],
  ...['InvalidLaunchTemplateId.VersionNotFound', 'InvalidLaunchTemplateName.AlreadyExistsException'],
  ...[
    'InvalidLaunchTemplateName.MalformedException',
    'InvalidLaunchTemplateName.NotFoundException',
    'InvalidMaxResults',
  ],
  ...['InvalidNatGatewayID.NotFound', 'InvalidNetworkAclID.NotFound', 'InvalidNetworkInterface.InUse'],
  ...['InvalidNetworkInterfaceID.NotFound', 'InvalidNextToken', 'InvalidPaginationToken', 'InvalidParameter'],
  ...['InvalidPermission.Duplicate', 'InvalidPermission.Malformed', 'InvalidPermission.NotFound'],
  ...['InvalidPrefixListID.NotFound', 'InvalidRequest', 'InvalidRoute.InvalidState', 'InvalidRoute.Malformed'],
  ...['InvalidRoute.NotFound', 'InvalidRouteTableID.NotFound', 'InvalidSecurityGroupID.NotFound'],
  ...[
    'InvalidSecurityGroupRuleId.NotFound',
    'InvalidServiceName',
    'InvalidState',
    'InvalidSubnet',
    'InvalidSubnet.Conflict',
  ],
  ...['InvalidSubnet.Range', 'InvalidSubnetID.NotFound', 'InvalidSubnetId.NotFound', 'InvalidTagKey.Malformed'],
  ...[
    'InvalidVolume.NotFound',
    'InvalidVpcEndpoint.NotFound',
    'InvalidVpcEndpointId.NotFound',
    'InvalidVpcID.NotFound',
  ],
  ...['InvalidVpcRange', 'InvalidZone.NotFound', 'LogDestinationNotFound', 'MaxTemplateLimitExceeded'],
  ...['NatGatewayLimitExceeded', 'NatGatewayMalformed', 'NatGatewayNotFound', 'OperationNotPermitted'],
  ...['RequestLimitExceeded', 'Resource.AlreadyAssociated', 'ResourceLimitExceeded', 'RouteAlreadyExists'],
  ...[
    'RouteLimitExceeded',
    'RouteTableLimitExceeded',
    'RulesPerSecurityGroupLimitExceeded',
    'SecurityGroupLimitExceeded',
  ],
  ...['SecurityGroupsPerInterfaceLimitExceeded', 'SubnetLimitExceeded', 'TagLimitExceeded', 'TagPolicyViolation'],
  ...['Unavailable', 'UnauthorizedOperation', 'UnknownParameter', 'Unsupported', 'UnsupportedOperation'],
  ...['VPCIdNotSpecified', 'VcpuLimitExceeded', 'VolumeInUse', 'VpcEndpointLimitExceeded', 'VpcLimitExceeded'],
  // Not on the page, and what EC2 answers all the same: other people's issues quote them.
  ...['InvalidUserData.Malformed', 'InvalidVpc.Range', 'InvalidVpcId.NotFound'],
];

/** The HTTP statuses with which an operation may refuse by that code; undefined where it has no such error. */
export function statusesOf(service: ServiceId, operation: Operation | undefined, code: string): Statuses | undefined {
  const modelled = operation && modelledStatus(modelOf(service), operation, code);
  if (modelled !== undefined) return modelled;
  return common.includes(code) || (service === 'ec2' && ec2.includes(code)) ? 'any' : undefined;
}

export type Statuses = number | 'any';

function modelledStatus(model: ServiceModel, { errors }: Operation, code: string): Statuses | undefined {
  const name = errors.find((error) => (shapeOf(model, error).error?.code ?? error) === code);
  return name === undefined ? undefined : (shapeOf(model, name).error?.httpStatusCode ?? 'any');
}
