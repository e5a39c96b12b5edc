import { Fault, type FaultFacts, type FaultKind } from '../model/faults.ts';

/** What was being called when an error came back. */
export interface Call {
  readonly service: string;
  readonly operation: string;
}

/** Codes that mean one thing in every service, or that no pattern below reads right. */
const codes: Readonly<Record<string, FaultKind>> = {
  // Credentials and permissions: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html
  AuthFailure: 'denied',
  ExpiredToken: 'denied',
  ExpiredTokenException: 'denied',
  InvalidClientTokenId: 'denied',
  UnrecognizedClientException: 'denied',
  SignatureDoesNotMatch: 'denied',
  MissingAuthenticationToken: 'denied',
  OptInRequired: 'denied',
  // The SDK found nothing to sign with: AWS was not asked.
  CredentialsProviderError: 'denied',
  TokenProviderError: 'denied',
  // The service account's token, or what IAM knows of the cluster that signs it; and the cluster that AWS cannot ask.
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
  InvalidIdentityToken: 'denied',
  InvalidIdentityTokenException: 'denied',
  IDPRejectedClaim: 'denied',
  IDPRejectedClaimException: 'denied',
  RegionDisabledException: 'denied',
  IDPCommunicationError: 'transient',
  IDPCommunicationErrorException: 'transient',
  UnauthorizedOperation: 'denied',
  // Credentials that have expired, or a clock that is wrong: the SDK takes the same for a skewed clock.
  RequestExpired: 'denied',
  RequestInTheFuture: 'denied',
  IncompleteSignature: 'denied',
  InvalidSignatureException: 'denied',
  InvalidToken: 'denied',
  InvalidAccessKeyId: 'denied',
  // What AWS says of an account: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  PendingVerification: 'denied',
  Blocked: 'denied',
  NotSignedUp: 'denied',
  // Throttling that is not called so.
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',
  PriorRequestNotComplete: 'busy', // Route 53: one change of a zone at a time.
  TooManyUpdates: 'busy', // Systems Manager: one change of a parameter at a time.
  TooManyRequestsException: 'throttled',
  // AWS is still at work.
  IncorrectState: 'busy',
  IncorrectInstanceState: 'busy',
  InvalidParameterCombination: 'rejected',
  'Gateway.NotAttached': 'absent',
  'Resource.AlreadyAssociated': 'busy',
  ConcurrentModification: 'busy',
  ConcurrentModificationException: 'busy',
  OperationAborted: 'busy',
  OperationAbortedException: 'busy',
  DeleteConflict: 'busy',
  DependencyViolation: 'busy',
  HostedZoneNotEmpty: 'busy',
  InvalidVPCId: 'absent', // Route 53, of a VPC that is gone.
  ConflictingDomainExists: 'foreign', // The VPC sees a zone of that name already.
  InstanceRefreshInProgress: 'busy',
  ScalingActivityInProgress: 'busy',
  // EC2 answers so when a NAT gateway still holds the address.
  'InvalidIPAddress.InUse': 'busy',
  OperationNotPermitted: 'busy',
  // A name or a number that is taken.
  'InvalidSubnet.Conflict': 'foreign',
  'InvalidGroup.Duplicate': 'foreign',
  'InvalidLaunchTemplateName.AlreadyExistsException': 'foreign',
  RouteAlreadyExists: 'busy',
  'InvalidPermission.Duplicate': 'busy',
  FlowLogAlreadyExists: 'foreign',
  PriorityInUse: 'foreign', // Of a rule: another one has its number.
  // Ends in NotFound, but names something the spec asks for.
  'InvalidAMIID.NotFound': 'rejected',
  CertificateNotFound: 'rejected',
  SSLPolicyNotFound: 'rejected',
  'InvalidAMIID.Unavailable': 'rejected',
  InvalidResourceId: 'absent', // Systems Manager, of a parameter that is gone.
  UnmodifiableEntity: 'rejected', // IAM, of a role that belongs to a service.
  // Limits that are not called so.
  TargetGroupAssociationLimit: 'quota',
  InsufficientFreeAddressesInSubnet: 'quota',
  RequestResourceCountExceeded: 'quota',
  // Other work on the same thing is under way.
  ConflictException: 'busy',
  EntityTemporarilyUnmodifiable: 'busy',
  RequestInProgressException: 'busy',
  // S3 and CloudFront. A bucket of that name in another region answers with a redirect.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  RequestTimeTooSkewed: 'denied',
  BucketAlreadyOwnedByYou: 'foreign',
  PermanentRedirect: 'foreign',
  AuthorizationHeaderMalformed: 'foreign',
  TemporaryRedirect: 'busy',
  BucketNotEmpty: 'busy',
  DistributionNotDisabled: 'busy',
  // What was to be changed has changed since it was read: the next reading has the new version.
  PreconditionFailed: 'busy',
  PreconditionFailedException: 'busy', // Lambda, of a revision.
  InvalidIfMatchVersion: 'busy',
  HealthCheckVersionMismatch: 'busy', // Route 53.
  // CloudFront sees a certificate a moment after ACM has issued it. One that a user gives was looked at before.
  // https://github.com/hashicorp/terraform-provider-aws/pull/4698
  InvalidViewerCertificate: 'busy',
  InconsistentQuantities: 'rejected',
  // SQS names its errors as the query protocol did: a name is free a minute after its queue was deleted.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  'AWS.SimpleQueueService.NonExistentQueue': 'absent',
  'AWS.SimpleQueueService.QueueDeletedRecently': 'busy',
  QueueDeletedRecently: 'busy',
  QueueNameExists: 'foreign',
  OverLimit: 'quota',
  // SNS. https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
  AuthorizationError: 'denied',
  InvalidSecurity: 'denied',
  TagPolicy: 'denied',
  TagPolicyException: 'denied',
  StaleTag: 'busy',
  ConcurrentAccess: 'busy',
  ConcurrentTagAccess: 'busy', // EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  // Lambda. https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
  ResourceConflictException: 'busy',
  ResourceNotReadyException: 'busy',
  CodeStorageExceededException: 'quota',
  CodeVerificationFailedException: 'rejected',
  PolicyLengthExceededException: 'rejected',
  PublicPolicyException: 'rejected',
  // Cognito. https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
  UserImportInProgressException: 'busy',
  UserPoolTaggingException: 'rejected',
  FeatureUnavailableInTierException: 'rejected',
  // Secrets Manager, KMS, and the keys that others name.
  DecryptionFailure: 'rejected',
  EncryptionFailure: 'rejected',
  PreconditionNotMetException: 'rejected',
  DependencyTimeoutException: 'transient',
  KMSInternalException: 'transient',
  KMSOptInRequired: 'denied',
  KMSKeyNotAccessibleFault: 'denied',
  KMSDisabled: 'rejected',
  KMSNotFound: 'rejected',
  // RDS and ElastiCache. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html
  APICallRateForCustomerExceeded: 'throttled',
  DBSubnetGroupDoesNotCoverEnoughAZs: 'rejected',
  DBUpgradeDependencyFailure: 'rejected',
  DefaultUserRequired: 'rejected',
  DefaultUserAssociatedToUserGroup: 'rejected',
  NoOperationFault: 'rejected',
  VpcEncryptionControlViolationException: 'rejected',
  // The tagging API: its lists are begun again.
  PaginationTokenExpiredException: 'transient',
  // A service makes its own role when an account first uses it, which takes a moment.
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html
  ServiceLinkedRoleFailure: 'busy',
  ServiceLinkedRoleNotFoundFault: 'busy',
  // A client token that AWS has seen with other parameters.
  IdempotentParameterMismatch: 'bug',
};

const patterns: readonly (readonly [RegExp, FaultKind])[] = [
  [/Throttl|TooManyRequests|RateExceeded|Rate exceeded/i, 'throttled'],
  [/AccessDenied|NotAuthorized|Unauthorized/, 'denied'],
  [/^Insufficient\w*Capacity/, 'capacity'],
  [/Limits?Exceeded|LimitReached|Quota\w*Exceeded|^TooMany|AddressLimit|MaxIOPSLimit/, 'quota'],
  [/AlreadyExists|^Duplicate|AlreadyInUse|ExistsException$/, 'foreign'],
  [/InUse/, 'busy'],
  // RDS and ElastiCache say so of what is being made, changed or deleted, and of what others still use.
  [/^Invalid(DB|Cache|ReplicationGroup|User|Snapshot)\w*State(Fault)?$/, 'busy'],
  [/NotFound|^NoSuch|DoesNotExist|\.Unknown$|InvalidFlowLogId/, 'absent'],
  // In capitals throughout are the codes of Node, of OpenSSL and of the system: no answer came.
  // https://nodejs.org/api/tls.html#x509-certificate-error-codes
  [
    /^(Timeout|TimeoutError|AbortError|RequestTimeout|NetworkingError)|^[A-Z][A-Z0-9_]+$|Internal(Service|Server)?(Error|Failure|Exception)|ServiceUnavailable|Unavailable$/,
    'transient',
  ],
  [
    /^(Invalid|Malformed|Missing|Unsupported|Unknown|Validation|VPCIdNotSpecified)|Invalid|Unsupported|Validation|Incompatible|Mismatch|^Illegal|^TooLong|Not(Supported|Allowed|Available)/,
    'rejected',
  ],
];

/** A HEAD that fails has no body, and so no code: the SDK calls it unknown, and its status says what it is. */
const bare: Readonly<Record<number, FaultKind>> = { 301: 'foreign', 403: 'denied', 404: 'absent' };

/** What some services tell in words only, under a code that has other meanings as well. */
const wordings: readonly (readonly [code: string, words: RegExp, kind: FaultKind])[] = [
  // Auto Scaling says so of a group that is gone; of a template or subnet that a group names, it is a bad request.
  ['ValidationError', /AutoScalingGroup name not found/, 'absent'],
  // A permissions boundary that is no policy of this account: the role itself is there.
  ['NoSuchEntity', /^Scope ARN/, 'rejected'],
  // A prefix that a pool was given a moment ago is not known to load balancers yet.
  // https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1280
  ['InvalidLoadBalancerAction', /user pool domain .*(does not exist|is not associated)/, 'busy'],
  // Of some new accounts, until somebody asks AWS Support, as their owners tell; else something is under way.
  ['OperationNotPermitted', /does not support creating load balancers/, 'quota'],
  // One code for a function that exists and for one that is being changed.
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  ['ResourceConflictException', /already exists?/, 'foreign'],
  // A role made a moment ago is unknown to flow logs and to Lambda for some seconds.
  // https://github.com/hashicorp/terraform-provider-aws/issues/29323
  ['InvalidParameter', /Unable to assume given IAM role/, 'busy'],
  ['InvalidParameterValueException', /cannot be assumed by Lambda/, 'busy'],
  // What a role may do is known to Lambda some seconds after IAM was told.
  ['InvalidParameterValueException', /does not have permissions to call/, 'busy'],
  // RDS tells of its own role in words only, of the first subnet group and the first database of an account.
  // https://github.com/terraform-aws-modules/terraform-aws-rds/issues/364
  ['InvalidParameterValue', /service linked role|ServiceLinkedRoles/, 'busy'],
  // Six hours after a change of storage at the latest as a rule; all else is changed meanwhile.
  // https://github.com/hashicorp/terraform-provider-aws/issues/12493
  ['InvalidParameterCombination', /previous storage change is being optimized/, 'busy'],
  // A topic of that name is somebody's, or is ours and has drifted. The SDK calls the code by its class.
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  ['InvalidParameter', /already exists with different/, 'foreign'],
  ['InvalidParameterException', /already exists with different/, 'foreign'],
  // A pool goes after its domain, and a prefix is one pool's in its region.
  // https://github.com/hashicorp/terraform-provider-aws/issues/16479
  ['InvalidParameterException', /domain configured that should be deleted first/, 'busy'],
  ['InvalidParameterException', /Domain already associated/, 'foreign'],
  // The name of a deleted secret is free when its recovery window is over.
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
  ['InvalidRequestException', /scheduled for deletion/, 'busy'],
  // https://github.com/hashicorp/terraform-provider-aws/issues/679
  ['IllegalUpdate', /viewer certificate change may be in progress/, 'busy'],
];

/** What Route 53 says of a batch. A conflicting RRSet "already exists" too, but under another type than ours. */
const batches: readonly (readonly [RegExp, FaultKind])[] = [
  [/but it already exists/, 'foreign'],
  [/was not found/, 'absent'],
  [/do not match the current values/, 'busy'],
];

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly message?: string;
  /** Of an AggregateError: one for each address of a host. */
  readonly errors?: readonly Error[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The kind of an SDK error: by its code, else by how its code is spelt, else by its HTTP status. */
function kindOf(code: string, status: number | undefined, message: string): FaultKind {
  const worded = wordings.find(([of, words]) => of === code && words.test(message))?.[2];
  if (worded) return worded;
  if (code === 'Unknown' && status !== undefined && status !== 400) return bare[status] ?? byStatus(status);
  const exact = codes[code];
  if (exact) return exact;
  // IAM is eventually consistent: a profile made a moment ago is unknown to EC2 for some seconds, in words only.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
  // The only profiles we name are our own.
  if (/Invalid IAM Instance Profile/.test(message)) return 'busy';
  // Route 53 tells what is wrong with a batch in words only.
  if (code === 'InvalidChangeBatch') return batches.find(([words]) => words.test(message))?.[1] ?? 'rejected';
  const matched = patterns.find(([pattern]) => pattern.test(code))?.[1];
  if (matched) return matched;
  return byStatus(status);
}

function byStatus(status: number | undefined): FaultKind {
  if (status !== undefined && status >= 500) return 'transient';
  return status === 429 ? 'throttled' : 'bug';
}

/**
 * The SDK could not read the answer: it is the page of a proxy, or of a server that failed before it could say so in
 * AWS's words. Whatever its status, nobody knows what became of the call.
 */
const isUnreadable = (message: string): boolean => message.includes('Deserialization error: to see the raw response');

const unreadable = (call: Call, status: number | undefined, cause: unknown): Fault => {
  const code = `HTTP ${status ?? 'without a status'}`;
  const action = `${call.service}:${call.operation}`;
  return new Fault('transient', `${action} failed with ${code}: the answer is not in AWS's words`, {
    code,
    action,
    remedy: 'if it stays so, see whether a proxy stands between the operator and AWS, or AWS reports an outage',
    cause,
  });
};

/** What EC2 limits is filed under VPC where it is part of a network; an address is filed under EC2 all the same. */
const ofVpc =
  /^(Vpc|InternetGateway|NatGateway|VpcEndpoint|Subnet|Route|SecurityGroup|RulesPerSecurityGroup)\w*LimitExceeded$/;

/** Where Service Quotas has the limits of a service, where that is under another name. */
const quotasOf: Readonly<Record<string, string>> = { elbv2: 'elasticloadbalancing' };

/** Their limits are those of the account, and Service Quotas has them in one region. */
const globalServices: readonly string[] = ['cloudfront', 'iam', 'route53'];

function moreOf(service: string, code: string): string {
  const filed = service === 'ec2' && ofVpc.test(code) ? 'vpc' : (quotasOf[service] ?? service);
  const where = globalServices.includes(service) ? 'us-east-1' : 'this region';
  return `ask for more in Service Quotas, in ${where} under ${filed} (docs/operating.md, "How many stores an account takes"), or free what is not needed`;
}

const remedies: Partial<Record<FaultKind, (call: Call, code: string) => string>> = {
  denied: ({ service, operation }) =>
    `allow ${service}:${operation} to the operator's role, or check its credentials; see manifests/iam`,
  quota: ({ service }, code) => moreOf(service, code),
  capacity: () =>
    'AWS has no machines of that class there for now: wait, or choose another instance type, instance class or node type',
};

const signIn =
  "see whether AWS_PROFILE names a profile that there is (aws configure list-profiles), and sign in (aws sso login); in a cluster, give the operator's service account its role";

type Counsel = Pick<FaultFacts, 'field' | 'remedy' | 'passing' | 'usedToken'>;

/**
 * In a region that an account has not enabled every service says so, of credentials that are good elsewhere.
 * https://repost.aws/knowledge-center/iam-validate-access-credentials
 */
const unknownThere = {
  remedy:
    "if the account has not enabled the store's region: aws account enable-region --region-name <region>, and wait until it is done; else check the operator's credentials",
};

const webIdentity =
  "see whether IAM has an OIDC provider for the cluster, and the trust policy of the operator's role names its service account and sts.amazonaws.com as audience";

/** What asks for another remedy than its kind does. */
const counsels: readonly (Counsel & {
  readonly code: string | RegExp;
  readonly words?: RegExp;
})[] = [
  { code: 'CredentialsProviderError', remedy: signIn },
  { code: 'TokenProviderError', remedy: signIn },
  { code: 'AuthFailure', words: /validate the provided access credentials/, ...unknownThere },
  { code: 'InvalidClientTokenId', ...unknownThere },
  { code: 'UnrecognizedClientException', ...unknownThere },
  { code: 'OptInRequired', ...unknownThere },
  { code: /^(InvalidIdentityToken|IDPRejectedClaim)/, remedy: webIdentity },
  // Whatever was called: the role for it could not be had.
  // https://repost.aws/knowledge-center/eks-troubleshoot-oidc-and-irsa
  { code: 'AccessDenied', words: /sts:AssumeRoleWithWebIdentity/, remedy: webIdentity },
  {
    code: /^(ERR_SSL_|ERR_TLS_)|CERT(_|$)|^UNABLE_TO_VERIFY|^HOSTNAME_MISMATCH$/,
    remedy:
      'if it stays so, see whether a proxy stands between the operator and AWS (NODE_EXTRA_CA_CERTS takes its certificate), and whether the clock of the machine is right',
  },
  {
    code: 'DependencyViolation',
    remedy:
      "if it stays so, something that is none of the store's is in it, as an endpoint that GuardDuty makes: aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=<its VPC> tells what",
  },
  {
    code: 'InvalidViewerCertificate',
    remedy:
      'CloudFront sees a certificate a moment after it was issued; if it stays so, see whether the one that spec.cdn.certificateArn names has its whole chain, and a key that CloudFront takes',
    passing: true,
  },
  {
    code: 'InsufficientFreeAddressesInSubnet',
    remedy: 'no address of the subnet is free: see what takes them, and remove what is not needed',
  },
  // A caller reference is refused even when what it made is gone: for days, or for ever.
  // https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html
  // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
  { code: 'HealthCheckAlreadyExists', usedToken: true },
  { code: 'HostedZoneAlreadyExists', usedToken: true },
  { code: 'DistributionAlreadyExists', usedToken: true },
  { code: 'IdempotentParameterMismatch', usedToken: true },
  // As whoever calls it, CloudFront lets its log delivery into the bucket's ACL.
  // https://github.com/hashicorp/terraform-provider-aws/issues/3622
  {
    code: 'AccessDenied',
    words: /permission to access the S3 bucket for CloudFront logs/,
    field: 'spec.cdn.logs',
    remedy:
      "allow s3:GetBucketAcl and s3:PutBucketAcl on the bucket of spec.cdn.logs to the operator's role (docs/security.md has the statement); the bucket needs ACLs (Object Ownership other than bucket owner enforced) and may not lie in a region that an account has to enable first",
  },
  // https://github.com/aws-samples/baseline-environment-on-aws/issues/363
  {
    code: 'InvalidArgument',
    words: /bucket that you specified for CloudFront logs/,
    field: 'spec.cdn.logs',
    remedy: 'let the bucket of spec.cdn.logs have ACLs: set its Object Ownership to bucket owner preferred',
  },
  // https://github.com/aws-samples/aws-cdk-examples/issues/279
  {
    code: 'AccessDenied',
    words: /account must be verified/,
    remedy:
      "open a case with AWS Support, with AWS's words: it verifies an account before its first CloudFront resource",
  },
];

const counselFor = (code: string, message: string): Counsel =>
  counsels.find(
    (one) =>
      (typeof one.code === 'string' ? one.code === code : one.code.test(code)) && (one.words?.test(message) ?? true),
  ) ?? {};

/**
 * What the error calls itself. Node's own carry their code beside a general name: of a host with several addresses, all
 * of which refuse, it is that of the first, and the words are with each.
 */
function named({ name, code, Code, message = '', errors = [] }: SdkError): { awsCode: string; message: string } {
  const isGeneral = name === undefined || name === 'Error' || name === 'AggregateError';
  return {
    awsCode: Code ?? (isGeneral ? (code ?? name ?? 'Unknown') : name),
    message: message || errors.map((one) => one.message).join('; '),
  };
}

/**
 * The one place that reads SDK errors. The message carries AWS's own code; AWS's wording is kept but for what an
 * encoded authorization message would add.
 */
export function toFault(error: unknown, call: Call): Fault {
  if (error instanceof Fault) return error;
  const told = (error ?? {}) as SdkError;
  const { awsCode, message } = named(told);
  const { $metadata } = told;
  // An answer that stops halfway cannot be read either, and that says why.
  if (isUnreadable(message) && awsCode !== 'TimeoutError') return unreadable(call, $metadata?.httpStatusCode, error);
  const kind = kindOf(awsCode, $metadata?.httpStatusCode, message);
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  const deniedByResource = kind === 'denied' && /explicit deny in a resource-based policy/.test(message);
  const wording = message.replace(/Encoded authorization failure message:.*/s, '').trim();
  const { remedy = remedies[kind]?.(call, awsCode), field, passing, usedToken } = counselFor(awsCode, message);
  return new Fault(kind, `${call.service}:${call.operation} failed with ${awsCode}: ${wording}`, {
    ...{ code: awsCode, action: `${call.service}:${call.operation}`, field, remedy, passing, usedToken },
    ...(deniedByResource ? { deniedByResource } : {}),
    cause: error,
  });
}
