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

/** S3's model has few of its errors; this page has them all. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const s3 = [
  ...['AccountProblem', 'AllAccessDisabled', 'AuthorizationHeaderMalformed', 'BadDigest', 'BucketAlreadyExists'],
  ...['BucketAlreadyOwnedByYou', 'BucketNotEmpty', 'EntityTooLarge', 'IllegalLocationConstraintException'],
  ...['IncompleteBody', 'InternalError', 'InvalidArgument', 'InvalidBucketAclWithObjectOwnership', 'InvalidBucketName'],
  ...['InvalidBucketOwnerAclWithObjectOwnership', 'InvalidBucketState', 'InvalidDigest', 'InvalidLocationConstraint'],
  ...['InvalidObjectState', 'InvalidPolicyDocument', 'InvalidRange', 'InvalidRequest', 'InvalidSecurity', 'InvalidTag'],
  ...['InvalidTargetBucketForLogging', 'KeyTooLongError', 'MalformedACLError', 'MalformedPolicy', 'MalformedXML'],
  ...['MethodNotAllowed', 'MissingContentLength', 'MissingRequestBodyError', 'NoSuchBucket', 'NoSuchBucketPolicy'],
  ...['NoSuchCORSConfiguration', 'NoSuchKey', 'NoSuchLifecycleConfiguration', 'NoSuchPublicAccessBlockConfiguration'],
  ...['NoSuchTagSet', 'NoSuchUpload', 'NoSuchVersion', 'NoSuchWebsiteConfiguration', 'NotImplemented'],
  ...['ObjectLockConfigurationNotFoundError', 'OperationAborted', 'OwnershipControlsNotFoundError'],
  ...['PermanentRedirect', 'PreconditionFailed', 'ReplicationConfigurationNotFoundError', 'RequestTimeout'],
  ...['ServerSideEncryptionConfigurationNotFoundError', 'SlowDown', 'TemporaryRedirect', 'TooManyBuckets'],
];

/** Errors of one service beyond what its model lists. */
const beyond: Partial<Record<ServiceId, readonly string[]>> = { ec2, s3 };

/** The HTTP statuses with which an operation may refuse by that code; undefined where it has no such error. */
export function statusesOf(service: ServiceId, operation: Operation | undefined, code: string): Statuses | undefined {
  const modelled = operation && modelledStatus(modelOf(service), operation, code);
  if (modelled !== undefined) return modelled;
  return common.includes(code) || beyond[service]?.includes(code) ? 'any' : undefined;
}

export type Statuses = number | 'any';

function modelledStatus(model: ServiceModel, { errors }: Operation, code: string): Statuses | undefined {
  const name = errors.find((error) => error === code || shapeOf(model, error).error?.code === code);
  return name === undefined ? undefined : (shapeOf(model, name).error?.httpStatusCode ?? 'any');
}
