import { AwsError } from './aws-error.ts';
import type { Protocol, ServiceId } from './service-model.ts';
import { modelOf } from './service-model.ts';
import type { Misfit } from './validate.ts';

/** The code with which a service refuses a value that is not as its model has it. */
const byProtocol: Readonly<Record<Exclude<Protocol, 'ec2'>, string>> = {
  query: 'ValidationError',
  json: 'ValidationException',
  'smithy-rpc-v2-cbor': 'ValidationError',
  'rest-json': 'ValidationException',
  'rest-xml': 'InvalidInput',
};

/** Those that have a word of their own, as the error lists of their API references say. */
const own: Partial<Record<ServiceId, string>> = {
  rds: 'InvalidParameterValue',
  elasticache: 'InvalidParameterValue',
  sns: 'InvalidParameter',
  sqs: 'InvalidParameterValue',
  s3: 'InvalidArgument',
  cloudfront: 'InvalidArgument',
  'cognito-idp': 'InvalidParameterException',
};

/** A request that breaks the service model, refused in the words of its service. */
export function refusal(service: ServiceId, found: readonly Misfit[]): AwsError {
  const first = found[0] as Misfit;
  const { protocol } = modelOf(service).metadata;
  if (protocol === 'ec2') {
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    if (first.rule === 'required')
      return new AwsError('MissingParameter', `The request must contain the parameter ${first.path}`);
    if (first.rule === 'unknown')
      return new AwsError('UnknownParameter', `The parameter ${first.path} is not recognized`);
    return new AwsError('InvalidParameterValue', `Value for parameter ${first.path} is invalid: ${first.message}`);
  }
  const all = found.map(({ path, message }) => `${path} ${message}`).join('; ');
  return new AwsError(own[service] ?? byProtocol[protocol], `${found.length} validation error(s) detected: ${all}`);
}
