import { Fault, orAbsent } from '../../model/faults.ts';
import type { LookupType } from '../../model/resource-type.ts';

/** A parameter of the user's, as the id of the image that a pipeline baked last. */
export interface ParameterLookupProps {
  readonly name: string;
}

export interface ParameterLookupOutputs {
  readonly value: string;
}

export const parameterLookup: LookupType<ParameterLookupProps, ParameterLookupOutputs> = {
  name: 'ssm/parameter-lookup',
  scope: 'regional',

  async lookup(aws, { name }) {
    const answer = await orAbsent(aws.ssm('GetParameter', { Name: name }));
    const value = answer?.Parameter?.Value;
    if (value === undefined)
      throw new Fault('absent', `there is no SSM parameter ${name} in this region and account`, {
        field: 'spec.compute.image.ssmParameter',
        remedy: `create it with the id of an image: aws ssm put-parameter --name ${name} --type String --value ami-…`,
      });
    return { value };
  },
};
