import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';

/** An instance profile as EC2 sees it: some time after IAM has made it. */
export interface KnownProfile {
  readonly arn: string;
  readonly id: string;
}

export interface ProfileNamed {
  readonly Arn?: string;
  readonly Name?: string;
}

type FindProfile = (request: Request, name: string) => KnownProfile | undefined;

let find: FindProfile | undefined;

/** IAM says how an instance profile is found; until it does, EC2 takes no profile at all. */
export const findProfilesBy = (finder: FindProfile): void => void (find = finder);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html: what IAM makes is not known everywhere at once. */
export function profileFor(request: Request, { Arn, Name }: ProfileNamed): { Arn: string; Id: string } {
  const name = Name ?? Arn?.slice(Arn.lastIndexOf('/') + 1) ?? '';
  const found = find?.(request, name);
  if (!found || (Arn !== undefined && Arn !== found.arn)) {
    const [what, value] = Arn === undefined ? ['name', name] : ['arn', Arn];
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${value}) for parameter iamInstanceProfile.${what} is invalid. Invalid IAM Instance Profile ${what === 'arn' ? 'ARN' : 'name'}`,
    );
  }
  return { Arn: found.arn, Id: found.id };
}
