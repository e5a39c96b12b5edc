import { AwsError } from '../core/aws-error.ts';
import type { TagMap } from '../core/tags.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';

export interface TagSpecification {
  readonly ResourceType?: string;
  readonly Tags?: readonly TagPair[];
}

/** The tags that a create call gives its resource. EC2 refuses a specification for another type. */
export function tagsAtBirth(specifications: readonly TagSpecification[] | undefined, type: string): TagMap {
  const wrong = (specifications ?? []).find(({ ResourceType }) => ResourceType !== type);
  if (wrong)
    throw new AwsError(
      'InvalidParameterValue',
      `'${wrong.ResourceType}' is not a valid taggable resource type for this operation.`,
    );
  const tags = toTagMap((specifications ?? []).flatMap(({ Tags = [] }) => [...Tags]));
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined)
    throw new AwsError('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
  if (Object.keys(tags).length > 50) throw new AwsError('TagLimitExceeded', 'The maximum number of tags is 50');
  return tags;
}
