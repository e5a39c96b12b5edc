import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { tagTold } from './group-told.ts';
import { groupOf, groups, invalid, paged, type GroupTag, type Paged } from './kinds.ts';

export interface GivenTag {
  readonly ResourceId?: string;
  readonly ResourceType?: string;
  readonly Key: string;
  readonly Value?: string;
  readonly PropagateAtLaunch?: boolean;
}

export interface TagFilter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** The tags of one group out of a request that may name several. */
export function givenTags(name: string, given: readonly GivenTag[] = []): GroupTag[] {
  const strange = given.find(({ ResourceId }) => ResourceId !== undefined && ResourceId !== name);
  if (strange) throw invalid(`The tag ${strange.Key} names another group, ${strange.ResourceId}`);
  if (given.some(({ Key }) => Key.startsWith('aws:')))
    throw invalid("Tag keys starting with 'aws:' are reserved for internal use");
  if (new Set(given.map(({ Key }) => Key)).size < given.length) throw invalid('Duplicate tag keys found');
  if (given.length > 50) throw new AwsError('LimitExceeded', 'The maximum number of tags is 50');
  return given.map(({ Key, Value = '', PropagateAtLaunch = false }) => ({ Key, Value, PropagateAtLaunch }));
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Filter.html */
export function filteredByTags<T>(
  all: readonly T[],
  tagsOf: (one: T) => readonly GroupTag[],
  filters: readonly TagFilter[] = [],
): T[] {
  return filters.reduce<readonly T[]>((left, { Name = '', Values = [] }) => {
    const fits = (tag: GroupTag): boolean => {
      if (Name === 'tag-key') return Values.includes(tag.Key);
      if (Name === 'tag-value') return Values.includes(tag.Value);
      if (Name.startsWith('tag:')) return tag.Key === Name.slice('tag:'.length) && Values.includes(tag.Value);
      throw invalid(`Filter type ${Name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>`);
    };
    fits({ Key: '', Value: '', PropagateAtLaunch: false }); // A filter that is not known is refused, even of nothing.
    return left.filter((one) => tagsOf(one).some(fits));
  }, all) as T[];
}

interface TagLine {
  readonly group: string;
  readonly tag: GroupTag;
}

const lineFilters: Readonly<Record<string, (line: TagLine) => string>> = {
  'auto-scaling-group': ({ group }) => group,
  key: ({ tag }) => tag.Key,
  value: ({ tag }) => tag.Value,
  'propagate-at-launch': ({ tag }) => String(tag.PropagateAtLaunch),
};

function describe(input: Paged & { Filters?: TagFilter[] }, request: Request) {
  const lines = request.listed(groups).flatMap(({ name, tags }) => tags.map((tag): TagLine => ({ group: name, tag })));
  const found = (input.Filters ?? []).reduce<TagLine[]>((left, { Name = '', Values = [] }) => {
    const valueOf = lineFilters[Name];
    if (!valueOf) throw invalid(`Filter type ${Name} is not correct.`);
    return left.filter((line) => Values.includes(valueOf(line)));
  }, lines);
  const { items, next } = paged(request, found, input);
  return { Tags: items.map(({ group, tag }) => tagTold(group, tag)), NextToken: next };
}

/** Changes the tags of every group that a request names. */
function eachGroup(
  given: readonly GivenTag[],
  request: Request,
  change: (has: readonly GroupTag[], own: readonly GivenTag[], name: string) => GroupTag[],
): void {
  const names = [...new Set(given.map(({ ResourceId = '' }) => ResourceId))];
  for (const group of names.map((name) => groupOf(request, name))) {
    const own = given.filter(({ ResourceId }) => ResourceId === group.name);
    request.in(groups).change(group.name, { tags: change(group.tags, own, group.name) });
  }
}

const others = (has: readonly GroupTag[], own: readonly GivenTag[]): GroupTag[] =>
  has.filter(({ Key }) => !own.some((tag) => tag.Key === Key));

export const taggingOperations: Operations = {
  CreateOrUpdateTags: ({ Tags }: { Tags: GivenTag[] }, request) =>
    eachGroup(Tags, request, (has, own, name) => [...others(has, own), ...givenTags(name, own)]),
  DeleteTags: ({ Tags }: { Tags: GivenTag[] }, request) => eachGroup(Tags, request, others),
  DescribeTags: describe,
};
