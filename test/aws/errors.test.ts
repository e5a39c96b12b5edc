import { describe, expect, test } from 'vitest';
import { toFault } from '../../operator/aws/errors.ts';
import { reactionTo, type FaultKind } from '../../operator/model/faults.ts';

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
  ['EntityAlreadyExists', 'foreign'],
  ['InvalidGroup.Duplicate', 'foreign'],
  ['ParameterAlreadyExists', 'foreign'],
  ['IdempotentParameterMismatch', 'bug'],
  ['SomethingNobodyHasNamed', 'bug'],
];

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

  test('a broken connection is transient, by its system code', () => {
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    expect(toFault(reset, { service: 'ec2', operation: 'CreateVpc' })).toMatchObject({
      kind: 'transient',
      facts: { code: 'ECONNRESET' },
    });
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

  test('what somebody has to mend is retried slowly', () => {
    const slow = (['denied', 'quota', 'rejected', 'foreign', 'refused', 'bug'] as const).map(reactionTo);
    expect(new Set(slow)).toEqual(new Set(['slowly']));
  });
});
