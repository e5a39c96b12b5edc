import { describe, expect, test } from 'vitest';
import { toFault } from '../../operator/aws/errors.ts';
import { reactionTo, type FaultKind } from '../../operator/model/faults.ts';
import { modelOf, serviceIds } from '../../simulator/aws/core/service-model.ts';

const error = (name: string, message = 'words of AWS', httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const kinds: readonly (readonly [code: string, kind: FaultKind])[] = [
  ['InvalidVpcID.NotFound', 'absent'],
  ['NoSuchEntity', 'absent'],
  ['NatGatewayNotFound', 'absent'],
  ['ParameterNotFound', 'absent'],
  ['LoadBalancerNotFound', 'absent'],
  ['DependencyViolation', 'busy'],
  ['ResourceInUse', 'busy'],
  ['DeleteConflict', 'busy'],
  ['InvalidIPAddress.InUse', 'busy'],
  ['PriorRequestNotComplete', 'busy'],
  ['RequestLimitExceeded', 'throttled'],
  ['Throttling', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['TimeoutError', 'transient'],
  ['InternalError', 'transient'],
  ['ServiceUnavailable', 'transient'],
  ['UnauthorizedOperation', 'denied'],
  ['AccessDenied', 'denied'],
  ['AccessDeniedException', 'denied'],
  ['ExpiredToken', 'denied'],
  ['VpcLimitExceeded', 'quota'],
  ['AddressLimitExceeded', 'quota'],
  ['TooManyLoadBalancers', 'quota'],
  ['LimitExceeded', 'quota'],
  ['InvalidParameterValue', 'rejected'],
  ['MalformedPolicyDocument', 'rejected'],
  ['InvalidAMIID.NotFound', 'rejected'],
  ['SSLPolicyNotFound', 'rejected'],
  ['EntityAlreadyExists', 'foreign'],
  ['InvalidGroup.Duplicate', 'foreign'],
  ['ParameterAlreadyExists', 'foreign'],
  ['InvalidDBInstanceState', 'busy'],
  ['InvalidDBSubnetGroupStateFault', 'busy'],
  ['InvalidReplicationGroupState', 'busy'],
  ['InvalidUserGroupState', 'busy'],
  ['DBInstanceNotFound', 'absent'],
  ['CacheSubnetGroupNotFoundFault', 'absent'],
  ['DBInstanceAlreadyExists', 'foreign'],
  ['InsufficientDBInstanceCapacity', 'capacity'],
  ['StorageQuotaExceeded', 'quota'],
  ['NodeQuotaForCustomerExceeded', 'quota'],
  ['StorageTypeNotSupported', 'rejected'],
  ['InvalidVPCNetworkStateFault', 'rejected'],
  ['NotFound', 'absent'],
  ['NoSuchBucket', 'absent'],
  ['ServerSideEncryptionConfigurationNotFoundError', 'absent'],
  ['BucketAlreadyExists', 'foreign'],
  ['BucketAlreadyOwnedByYou', 'foreign'],
  ['PermanentRedirect', 'foreign'],
  ['BucketNotEmpty', 'busy'],
  ['RequestExpired', 'denied'],
  ['RequestInTheFuture', 'denied'],
  ['IncompleteSignature', 'denied'],
  ['InvalidSignatureException', 'denied'],
  ['InvalidToken', 'denied'],
  ['InvalidAccessKeyId', 'denied'],
  ['PendingVerification', 'denied'],
  ['Blocked', 'denied'],
  ['NotSignedUp', 'denied'],
  ['TooManyUpdates', 'busy'],
  ['TargetGroupAssociationLimit', 'quota'],
  ['InsufficientFreeAddressesInSubnet', 'quota'],
  ['RequestResourceCountExceeded', 'quota'],
  ['UnmodifiableEntity', 'rejected'],
  ['SlowDown', 'throttled'],
  ['PreconditionFailed', 'busy'],
  ['InvalidIfMatchVersion', 'busy'],
  ['DistributionNotDisabled', 'busy'],
  ['CachePolicyInUse', 'busy'],
  ['TooManyDistributions', 'quota'],
  ['CNAMEAlreadyExists', 'foreign'],
  ['IllegalUpdate', 'rejected'],
  ['GroupExistsException', 'foreign'],
  ['AuthorizationError', 'denied'],
  ['ConcurrentTagAccess', 'busy'],
  ['IDPCommunicationError', 'transient'],
  ['InvalidIdentityToken', 'denied'],
  ['IDPRejectedClaim', 'denied'],
  ['RegionDisabledException', 'denied'],
  ['AWS.SimpleQueueService.NonExistentQueue', 'absent'],
  ['AWS.SimpleQueueService.QueueDeletedRecently', 'busy'],
  ['KMSAccessDenied', 'denied'],
  ['ResourceExistsException', 'foreign'],
  ['InternalServiceException', 'transient'],
  ['IdempotentParameterMismatch', 'bug'],
  ['SomethingNobodyHasNamed', 'bug'],
];

/** Errors of operations, or of settings, that no store has; and a token of ours that went wrong, which is a bug. */
const ofOthersOnly: readonly string[] = [
  'BatchTooLarge',
  'CapacityReservationPendingException',
  'DelegationSetNotReusable',
  'DeleteAssociationSameAccountException',
  'EndpointDisabledException',
  'HostedZoneNotPrivate',
  'IdempotentParameterMismatchError',
  'IrreversibleInstanceRefreshFault',
  'LastVPCAssociation',
  'PlatformApplicationDisabledException',
  'PolicyNotAttachableException',
  'PublicZoneVPCAssociation',
  'TrustStoreNotReadyException',
];

test.each(['CredentialsProviderError', 'TokenProviderError'])(
  '%s: no permission helps, but signing in does',
  (code) => {
    const { kind, facts } = toFault(error(code), { service: 'sts', operation: 'GetCallerIdentity' });
    expect([kind, facts.code]).toEqual(['denied', code]);
    expect(facts.remedy).toContain('whether AWS_PROFILE names a profile that there is');
    expect(facts.remedy).not.toContain('allow');
  },
);

test.each([
  ['AuthFailure', 'AWS was not able to validate the provided access credentials'],
  ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  ['InvalidClientTokenId', 'The security token included in the request is invalid'],
  ['OptInRequired', 'You are not subscribed to this service.'],
])('%s may mean that the account has not enabled the region', (code, words) => {
  const { kind, facts } = toFault(error(code, words), { service: 'ec2', operation: 'DescribeVpcs' });
  expect([kind, facts.remedy]).toEqual(['denied', expect.stringContaining('aws account enable-region')]);
});

describe('errors of AWS', () => {
  test.each(kinds)('%s is %s', (code, kind) => {
    expect(toFault(error(code), { service: 'ec2', operation: 'CreateVpc' }).kind).toBe(kind);
  });

  test('an unknown code is read by its status', () => {
    expect(toFault(error('Odd', '', 503), { service: 'ec2', operation: 'X' }).kind).toBe('transient');
    expect(toFault(error('Odd', '', 429), { service: 'ec2', operation: 'X' }).kind).toBe('throttled');
  });

  test.each([500, 404, 200])(
    'an answer (%i) that is no answer of AWS says so, and leaves open what became of the call',
    (status) => {
      const unread = `@aws-sdk XML parse error: mismatched tags <html> and </title>.
  Deserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.`;
      const fault = toFault(error('Error', unread, status), { service: 'ec2', operation: 'CreateVpc' });
      expect(fault).toMatchObject({ kind: 'transient', facts: { code: `HTTP ${status}`, action: 'ec2:CreateVpc' } });
      expect(fault.message).toBe(`ec2:CreateVpc failed with HTTP ${status}: the answer is not in AWS's words`);
    },
  );

  test.each([
    [301, 'foreign'],
    [403, 'denied'],
    [404, 'absent'],
    [503, 'transient'],
  ] as const)('a HEAD that fails has its status only: %i', (status, kind) => {
    expect(toFault(error('Unknown', '', status), { service: 's3', operation: 'HeadBucket' }).kind).toBe(kind);
  });

  test.each([
    'ECONNRESET',
    'EAI_AGAIN',
    'ENOTFOUND',
    'EPROTO',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_STREAM_PREMATURE_CLOSE',
    'HPE_INVALID_CONSTANT',
  ])('a connection that fails or breaks is transient, by its code: %s', (code) => {
    const broken = Object.assign(new Error('socket hang up'), { code });
    expect(toFault(broken, { service: 'ec2', operation: 'CreateVpc' })).toMatchObject({
      kind: 'transient',
      facts: { code },
    });
  });

  test('a host of which every address refuses is told by the first, in the words of each', () => {
    const refused = ['192.0.2.1:443', '192.0.2.2:443'].map((address) =>
      Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED' }),
    );
    const all = Object.assign(new AggregateError(refused), { code: 'ECONNREFUSED' });
    const fault = toFault(all, { service: 'ec2', operation: 'DescribeVpcs' });
    expect([fault.kind, fault.message]).toEqual([
      'transient',
      'ec2:DescribeVpcs failed with ECONNREFUSED: connect ECONNREFUSED 192.0.2.1:443; connect ECONNREFUSED 192.0.2.2:443',
    ]);
  });

  test('what our own code gives Node to do wrong stays a bug', () => {
    const ours = Object.assign(new TypeError('must be of type string'), { code: 'ERR_INVALID_ARG_TYPE' });
    expect(toFault(ours, { service: 'ec2', operation: 'CreateVpc' }).kind).toBe('bug');
  });

  test('a certificate that is not believed has a proxy or a clock to look at', () => {
    const expired = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    const { facts } = toFault(expired, { service: 'ec2', operation: 'DescribeVpcs' });
    expect(facts.remedy).toContain('NODE_EXTRA_CA_CERTS');
  });

  test.each([
    ['InvalidIdentityToken', 'No OpenIDConnect provider found in your account for https://oidc.example'],
    ['IDPRejectedClaim', 'The web identity token was rejected'],
    ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  ])('who gets no role for its token has a trust to mend, not a policy: %s', (code, message) => {
    const { kind, facts } = toFault(error(code, message), { service: 'ec2', operation: 'DescribeVpcs' });
    expect(kind).toBe('denied');
    expect(facts.remedy).toContain('OIDC provider');
    expect(facts.remedy).not.toContain('ec2:DescribeVpcs');
  });

  test('an instance profile that EC2 does not know yet is waited for', () => {
    const message =
      'You must use a valid fully-formed launch template. Value (arn:aws:iam::111122223333:instance-profile/x) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN';
    const call = { service: 'autoscaling', operation: 'CreateAutoScalingGroup' };
    expect(toFault(error('ValidationError', message), call).kind).toBe('busy');
    const name = error(
      'InvalidParameterValue',
      'Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
    );
    expect(toFault(name, { service: 'ec2', operation: 'RunInstances' }).kind).toBe('busy');
  });

  test.each([
    ['with an explicit deny in a resource-based policy', true],
    ['because no identity-based policy allows the sqs:ListQueueTags action', undefined],
  ])('who denies is told by its words: %s', (why, deniedByResource) => {
    const message = `User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: sqs:listqueuetags ${why}`;
    const fault = toFault(error('AccessDenied', message, 403), { service: 'sqs', operation: 'ListQueueTags' });
    expect([fault.kind, fault.facts.deniedByResource]).toEqual(['denied', deniedByResource]);
  });

  test.each<[string, string, FaultKind]>([
    ['ResourceConflictException', 'Function already exist: orders', 'foreign'],
    ['ResourceConflictException', 'An update is in progress for resource: orders', 'busy'],
    ['InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.', 'busy'],
    [
      'InvalidParameterValueException',
      'The provided execution role does not have permissions to call SendMessage on SQS',
      'busy',
    ],
    ['InvalidParameterValueException', 'Unzipped size must be smaller', 'rejected'],
    ['InvalidParameter', 'Unable to assume given IAM role', 'busy'],
    ['OperationNotPermitted', 'This AWS account currently does not support creating load balancers.', 'quota'],
    ['OperationNotPermitted', "Load balancer 'shop' cannot be deleted because deletion protection is enabled", 'busy'],
    [
      'InvalidParameterValue',
      'Unable to create the resource. Verify that you have permission to create service linked role. Otherwise wait and try again later',
      'busy',
    ],
    [
      'InvalidParameterValue',
      'Missing necessary credentials. Please check http://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html',
      'busy',
    ],
    ['ServiceLinkedRoleFailure', 'The service-linked role is not yet ready for use.', 'busy'],
    ['ServiceLinkedRoleNotFoundFault', 'The specified service linked role (SLR) was not found.', 'busy'],
    [
      'InvalidParameterException',
      'User pool cannot be deleted. It has a domain configured that should be deleted first.',
      'busy',
    ],
    ['InvalidParameter', 'Invalid parameter: Tags Reason: Topic already exists with different tags', 'foreign'],
    [
      'NoSuchEntity',
      'Scope ARN: arn:aws:iam::111122223333:policy/nope does not exist or is not attachable.',
      'rejected',
    ],
    ['NoSuchEntity', 'The role with name shop cannot be found.', 'absent'],
    ['InvalidLoadBalancerAction', "The user pool domain 'shop' does not exist", 'busy'],
    ['InvalidLoadBalancerAction', "The user pool domain 'shop' is not associated with the provided user pool", 'busy'],
    ['InvalidLoadBalancerAction', "The user pool client 'a' does not exist in 'b'", 'rejected'],
    ['InvalidParameterException', 'Domain already associated with another user pool.', 'foreign'],
    ['IllegalUpdate', 'Only one viewer certificate change may be in progress at a time.', 'busy'],
    [
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
      'busy',
    ],
  ])('one code with two meanings is read by its words: %s, %s', (code, message, kind) => {
    expect(toFault(error(code, message), { service: 'lambda', operation: 'X' }).kind).toBe(kind);
  });

  test.each([
    ['route53', 'HealthCheckAlreadyExists'],
    ['route53', 'HostedZoneAlreadyExists'],
    ['cloudfront', 'DistributionAlreadyExists'],
    ['ec2', 'IdempotentParameterMismatch'],
  ])('%s says by %s that a token was used before', (service, code) => {
    expect(toFault(error(code, ''), { service, operation: 'X' }).facts.usedToken).toBe(true);
    expect(toFault(error('CNAMEAlreadyExists', ''), { service, operation: 'X' }).facts.usedToken).toBeUndefined();
  });

  test('storage that RDS does not change again yet is waited for', () => {
    const message =
      "You can't currently modify the storage of this DB instance because the previous storage change is being optimized.";
    const call = { service: 'rds', operation: 'ModifyDBInstance' };
    expect(toFault(error('InvalidParameterCombination', message), call).kind).toBe('busy');
  });

  test('a certificate that CloudFront does not see yet is waited for, but not for ever', () => {
    const message =
      "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.";
    const call = { service: 'cloudfront', operation: 'CreateDistributionWithTags' };
    const fault = toFault(error('InvalidViewerCertificate', message), call);
    expect(fault).toMatchObject({ kind: 'busy', facts: { passing: true } });
    expect(fault.facts.remedy).toContain('spec.cdn.certificateArn');
  });

  test.each([
    [
      'AccessDenied',
      "You don't have permission to access the S3 bucket for CloudFront logs: logs.s3.amazonaws.com If you're using IAM, you need s3:GetBucketAcl and s3:PutBucketAcl permissions to create a distribution or to update log settings for an existing distribution. In addition, the S3 ACL for the bucket must grant you FULL_CONTROL.",
      'denied',
      ['s3:GetBucketAcl', 's3:PutBucketAcl', 'ACLs', 'spec.cdn.logs'],
    ],
    [
      'InvalidArgument',
      'The S3 bucket that you specified for CloudFront logs does not enable ACL access: logs.s3.amazonaws.com',
      'rejected',
      ['ACLs', 'spec.cdn.logs'],
    ],
  ] as const)('a log bucket that CloudFront may not write to is told as such: %s', (code, message, kind, words) => {
    const call = { service: 'cloudfront', operation: 'UpdateDistribution' };
    const fault = toFault(error(code, message, 403), call);
    expect(fault).toMatchObject({ kind, facts: { field: 'spec.cdn.logs' } });
    for (const word of words) expect(fault.facts.remedy).toContain(word);
  });

  test.each([
    [
      'InsufficientDBInstanceCapacity',
      'capacity',
      'wait, or choose another instance type, instance class or node type',
    ],
    ['InsufficientCacheClusterCapacity', 'capacity', 'wait, or choose'],
    ['InsufficientFreeAddressesInSubnet', 'quota', 'no address of the subnet is free'],
  ])('%s has nothing to ask Service Quotas for', (code, kind, remedy) => {
    const fault = toFault(error(code), { service: 'rds', operation: 'CreateDBInstance' });
    expect(fault).toMatchObject({ kind, facts: { remedy: expect.stringContaining(remedy) as string } });
  });

  test('an account that AWS has to verify first has a case to open, not a policy to mend', () => {
    const message =
      'Your account must be verified before you can add new CloudFront resources. To verify your account, please contact AWS Support (https://console.aws.amazon.com/support/home#/) and include this error message.';
    const fault = toFault(error('AccessDenied', message, 403), { service: 'cloudfront', operation: 'CreateVpcOrigin' });
    expect(fault.kind).toBe('denied');
    expect(fault.facts.remedy).toContain('AWS Support');
    expect(fault.facts.remedy).not.toContain('manifests/iam');
  });

  test('every error that the models of the services have is named', () => {
    const unnamed = serviceIds.flatMap((service) => {
      const model = modelOf(service);
      const names = new Set(Object.values(model.operations).flatMap(({ errors }) => errors));
      return [...names].filter((name) => {
        const { code = name, httpStatusCode = 400 } = model.shapes[name]?.error ?? {};
        return toFault(error(code, '', httpStatusCode), { service, operation: 'X' }).kind === 'bug';
      });
    });
    expect(unnamed.sort()).toEqual(ofOthersOnly);
  });

  test("the message says what was tried, AWS's code, and what to do", () => {
    const fault = toFault(
      error('UnauthorizedOperation', 'You may not. Encoded authorization failure message: SECRET'),
      {
        service: 'ec2',
        operation: 'CreateVpc',
      },
    );
    expect(fault.message).toBe('ec2:CreateVpc failed with UnauthorizedOperation: You may not.');
    expect(fault.facts).toMatchObject({
      action: 'ec2:CreateVpc',
      remedy: expect.stringContaining('ec2:CreateVpc') as string,
    });
  });

  test.each([
    ['ec2', 'CreateVpc', 'VpcLimitExceeded', 'in this region under vpc'],
    ['ec2', 'CreateNatGateway', 'NatGatewayLimitExceeded', 'in this region under vpc'],
    ['ec2', 'CreateVpcEndpoint', 'VpcEndpointLimitExceeded', 'in this region under vpc'],
    ['ec2', 'AllocateAddress', 'AddressLimitExceeded', 'in this region under ec2'],
    ['ec2', 'RunInstances', 'VcpuLimitExceeded', 'in this region under ec2'],
    ['elbv2', 'CreateLoadBalancer', 'TooManyLoadBalancers', 'in this region under elasticloadbalancing'],
    ['cloudfront', 'CreateVpcOrigin', 'EntityLimitExceeded', 'in us-east-1 under cloudfront'],
  ])('a limit of %s:%s (%s) is raised %s', (service, operation, code, where) => {
    const { facts } = toFault(error(code), { service, operation });
    expect(facts.remedy).toContain(`Service Quotas, ${where} (`);
  });

  test('what somebody has to mend is retried slowly', () => {
    const slow = (['denied', 'quota', 'rejected', 'foreign', 'refused', 'bug'] as const).map(reactionTo);
    expect(new Set(slow)).toEqual(new Set(['slowly']));
  });
});
