import { Fault, orAbsent } from '../../model/faults.ts';
import type { LookupType } from '../../model/resource-type.ts';
import { imageIdPattern } from '../ec2/image-lookup.ts';

/**
 * A parameter of the user's that holds the id of an image, as a pipeline baked it last. The operator may read every
 * parameter of the account, and whoever writes a store need not: what is no such id is told to nobody.
 */
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
    const field = 'spec.compute.image.ssmParameter';
    if (ofStores.test(name))
      throw new Fault('rejected', `SSM parameter ${name} lies where stores tell their instances what these need`, {
        field,
        remedy: 'keep the id of the image under a name that does not begin with /ecom/NAMESPACE/STORE/',
      });
    // A secret string is asked for as it is kept, encrypted: it is no id either.
    const answer = await orAbsent(aws.ssm('GetParameter', { Name: name }));
    const value = answer?.Parameter?.Value;
    if (value === undefined)
      throw new Fault('absent', `there is no SSM parameter ${name} in this region and account`, {
        field,
        remedy: `create it with the id of an image: aws ssm put-parameter --name ${name} --type String --value ami-…`,
      });
    if (!new RegExp(imageIdPattern).test(value))
      throw new Fault('rejected', `SSM parameter ${name} does not hold the id of an image`, {
        field,
        remedy: `let it hold one and nothing else: aws ssm put-parameter --name ${name} --overwrite --value ami-…`,
      });
    return { value };
  },
};

/** The paths of stores: `/ecom/<namespace>/<name>/…`. */
const ofStores = /^\/ecom\/[^/]+\/[^/]+\//;
