import { createHash } from 'node:crypto';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { AwsError } from '../core/aws-error.ts';

interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly tags: Readonly<Record<string, string>>;
  /** How many rules a rule with it counts as. */
  readonly weight: number;
  readonly entries: readonly string[];
}

/**
 * With some of their entries, as https://ip-ranges.amazonaws.com/ip-ranges.json has them for CLOUDFRONT_ORIGIN_FACING.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
const managed = [
  ['com.amazonaws.global.cloudfront.origin-facing', 'IPv4', 55, ['15.158.0.0/16', '64.252.64.0/18', '130.176.0.0/17']],
  ['com.amazonaws.global.ipv6.cloudfront.origin-facing', 'IPv6', 55, ['2600:9000:1000::/36']],
] as const;

/** The ids are each region's own. */
export const prefixListsOf = (region: string): PrefixList[] =>
  managed.map(([name, family, weight, entries]) => {
    const digits = createHash('md5').update(`${region} ${name}`).digest('hex').slice(0, 8);
    return { id: `pl-${digits}`, name, family, weight, entries, tags: {} };
  });

/** How much of the quota for rules a source takes. */
export const weightOf = (region: string, prefixListId: string | undefined): number =>
  prefixListsOf(region).find(({ id }) => id === prefixListId)?.weight ?? 1;

const filters: FilterTable<PrefixList> = {
  'owner-id': () => ['AWS'],
  'prefix-list-id': ({ id }) => [id],
  'prefix-list-name': ({ name }) => [name],
};

interface Describe {
  readonly Filters?: Filter[];
  readonly PrefixListIds?: string[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const lost = (id: string) => new AwsError('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);

/** Prefix lists that AWS keeps; own ones are not simulated. */
export const prefixListOperations: Operations = {
  DescribeManagedPrefixLists: (input: Describe, request: Request) => {
    const named = byIds(prefixListsOf(request.region), input.PrefixListIds, ({ id }) => id, lost);
    const page = { token: input.NextToken, size: input.MaxResults, most: 100 };
    const { items, next } = pageOf(request.world, filtered(named, input.Filters, filters), page);
    return {
      PrefixLists: items.map(({ id, name, family }) => ({
        PrefixListId: id,
        PrefixListName: name,
        AddressFamily: family,
        State: 'create-complete',
        PrefixListArn: `arn:aws:ec2:${request.region}:aws:prefix-list/${id}`,
        OwnerId: 'AWS',
        Tags: [],
      })),
      NextToken: next,
    };
  },
  GetManagedPrefixListEntries: (
    { PrefixListId, NextToken, MaxResults }: Describe & { PrefixListId: string },
    request: Request,
  ) => {
    const list = prefixListsOf(request.region).find(({ id }) => id === PrefixListId);
    if (!list) throw lost(PrefixListId);
    const { items, next } = pageOf(request.world, [...list.entries], { token: NextToken, size: MaxResults, most: 100 });
    return { Entries: items.map((Cidr) => ({ Cidr })), NextToken: next };
  },
};
