import { AwsError } from './aws-error.ts';
import type { ServiceModel } from './service-model.ts';
import type { Misfit } from './validate.ts';

/** A request that breaks the service model, refused in the words of its protocol. */
export function refusal(model: ServiceModel, found: readonly Misfit[]): AwsError {
  const first = found[0] as Misfit;
  const all = found.map(({ path, message }) => `${path} ${message}`).join('; ');
  switch (model.metadata.protocol) {
    case 'ec2': // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
      if (first.rule === 'required')
        return new AwsError('MissingParameter', `The request must contain the parameter ${first.path}`);
      if (first.rule === 'unknown')
        return new AwsError('UnknownParameter', `The parameter ${first.path} is not recognized`);
      return new AwsError('InvalidParameterValue', `Value for parameter ${first.path} is invalid: ${first.message}`);
    case 'rest-xml':
      return new AwsError('InvalidInput', `${found.length} validation error(s) detected: ${all}`);
    case 'json':
    case 'rest-json':
      return new AwsError('ValidationException', `${found.length} validation error(s) detected: ${all}`);
    case 'query':
      return new AwsError('ValidationError', `${found.length} validation error(s) detected: ${all}`);
  }
}
