import { Fault } from '../../model/faults.ts';
import type { LookupType } from '../../model/resource-type.ts';

/** Addresses that AWS keeps under a name, for rules of security groups. */
export interface PrefixListLookupProps {
  /** As `com.amazonaws.global.cloudfront.origin-facing`. */
  readonly name: string;
}

export interface PrefixListLookupOutputs {
  readonly prefixListId: string;
}

export const prefixListLookup: LookupType<PrefixListLookupProps, PrefixListLookupOutputs> = {
  name: 'ec2/prefix-list-lookup',
  scope: 'regional',

  async lookup(aws, { name }) {
    const Filters = [
      { Name: 'owner-id', Values: ['AWS'] },
      { Name: 'prefix-list-name', Values: [name] },
    ];
    const { PrefixLists: [found] = [] } = await aws.ec2('DescribeManagedPrefixLists', { Filters });
    if (found?.PrefixListId === undefined)
      throw new Fault('absent', `AWS has no prefix list ${name} in this region`, {
        remedy: 'choose a region that has it, or leave out the section of the store that needs it',
      });
    return { prefixListId: found.PrefixListId };
  },
};
