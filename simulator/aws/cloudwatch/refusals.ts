import { AwsError } from '../core/aws-error.ts';

/** The two codes that CloudWatch has for a request that reads well and cannot be meant. */
export const invalidValue = (why: string): AwsError => new AwsError('InvalidParameterValue', why);
export const invalidCombination = (why: string): AwsError => new AwsError('InvalidParameterCombination', why);
/** What CloudWatch says of whatever an alarm's actions name. */
export const invalid = (why: string): AwsError => new AwsError('ValidationError', why);

export const notSimulated = (what: string): AwsError =>
  new AwsError('InvalidParameterValue', `The simulator knows no ${what}`, 501);
