import { Fault, type FaultKind } from '../model/faults.ts';

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
  CredentialsProviderError: 'denied',
  TokenProviderError: 'denied',
  UnauthorizedOperation: 'denied',
  // Throttling that is not called so.
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',
  PriorRequestNotComplete: 'busy', // Route 53: one change of a zone at a time.
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
  // Ends in NotFound, but names something the spec asks for.
  'InvalidAMIID.NotFound': 'rejected',
  CertificateNotFound: 'rejected',
  'InvalidAMIID.Unavailable': 'rejected',
  InvalidResourceId: 'absent', // Systems Manager, of a parameter that is gone.
  // Other work on the same thing is under way.
  ConflictException: 'busy',
  EntityTemporarilyUnmodifiable: 'busy',
  RequestInProgressException: 'busy',
  // A client token that AWS has seen with other parameters: our incarnations have gone wrong.
  IdempotentParameterMismatch: 'bug',
};

const patterns: readonly (readonly [RegExp, FaultKind])[] = [
  [/Throttl|TooManyRequests|RateExceeded|Rate exceeded/i, 'throttled'],
  [/^AccessDenied|NotAuthorized|Unauthorized/, 'denied'],
  [/LimitExceeded|QuotaExceeded|^TooMany|InsufficientInstanceCapacity|AddressLimit|MaxIOPSLimit/, 'quota'],
  [/AlreadyExists|^Duplicate|AlreadyInUse/, 'foreign'],
  [/InUse/, 'busy'],
  [/NotFound|^NoSuch|DoesNotExist|\.Unknown$|InvalidFlowLogId/, 'absent'],
  [
    /^(Timeout|TimeoutError|AbortError|RequestTimeout|NetworkingError)|^E[A-Z]+$|InternalError|InternalFailure|ServiceUnavailable|Unavailable$/,
    'transient',
  ],
  [
    /^(Invalid|Malformed|Missing|Unsupported|Unknown|Validation|VPCIdNotSpecified)|Invalid|Unsupported|Validation|Incompatible|Mismatch/,
    'rejected',
  ],
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
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The kind of an SDK error: by its code, else by how its code is spelt, else by its HTTP status. */
function kindOf(code: string, status: number | undefined, message: string): FaultKind {
  const exact = codes[code];
  if (exact) return exact;
  // Auto Scaling says so of a group that is gone; of a template or subnet that a group names, it is a bad request.
  if (code === 'ValidationError' && /AutoScalingGroup name not found/.test(message)) return 'absent';
  // IAM is eventually consistent: a profile made a moment ago is unknown to EC2 for some seconds, in words only.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
  // The only profiles we name are our own.
  if (/Invalid IAM Instance Profile/.test(message)) return 'busy';
  // Route 53 tells what is wrong with a batch in words only.
  if (code === 'InvalidChangeBatch') return batches.find(([words]) => words.test(message))?.[1] ?? 'rejected';
  const matched = patterns.find(([pattern]) => pattern.test(code))?.[1];
  if (matched) return matched;
  if (status !== undefined && status >= 500) return 'transient';
  if (status === 429) return 'throttled';
  return 'bug';
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

const remedies: Partial<Record<FaultKind, (call: Call) => string>> = {
  denied: ({ service, operation }) =>
    `allow ${service}:${operation} to the operator's role, or check its credentials; see manifests/iam`,
  quota: ({ service }) => `ask for a higher ${service} quota in this region, or free what is not needed`,
};

/**
 * The one place that reads SDK errors. The message carries AWS's own code; AWS's wording is kept but for what an
 * encoded authorization message would add.
 */
export function toFault(error: unknown, call: Call): Fault {
  if (error instanceof Fault) return error;
  const { name, code, Code, message = '', $metadata } = (error ?? {}) as SdkError;
  if (isUnreadable(message)) return unreadable(call, $metadata?.httpStatusCode, error);
  // Node's socket errors carry their code beside a general name ('Error').
  const awsCode = Code ?? (name && name !== 'Error' ? name : (code ?? name ?? 'Unknown'));
  const kind = kindOf(awsCode, $metadata?.httpStatusCode, message);
  const wording = message.replace(/Encoded authorization failure message:.*/s, '').trim();
  return new Fault(kind, `${call.service}:${call.operation} failed with ${awsCode}: ${wording}`, {
    code: awsCode,
    action: `${call.service}:${call.operation}`,
    remedy: remedies[kind]?.(call),
    cause: error,
  });
}
