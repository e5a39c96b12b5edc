import type { Operations, Request } from '../core/request.ts';
import { toTagPairs, withoutTags, type TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { invalid, listeners, loadBalancers, notFound, rules, tagsGiven, targetGroups, type Named } from './kinds.ts';

type What = Parameters<typeof notFound>[0];

/** By the word in an ARN, which kind it is of. */
const kinds: readonly (readonly [string, What, Kind<Named>])[] = [
  [':loadbalancer/', 'load-balancer', loadBalancers as unknown as Kind<Named>],
  [':targetgroup/', 'target-group', targetGroups as unknown as Kind<Named>],
  [':listener/', 'listener', listeners as unknown as Kind<Named>],
  [':listener-rule/', 'rule', rules as unknown as Kind<Named>],
];

function holder(arn: string): { readonly kind: Kind<Named>; readonly what: What } {
  const [, what, kind] = kinds.find(([word]) => arn.includes(word)) ?? [];
  if (!kind || !what) throw invalid(`'${arn}' is not a valid ARN`);
  return { kind, what };
}

/** The tags of one resource as they are, or as a lagging list tells them. */
function held(request: Request, arn: string, lagging = false): Named {
  const { kind, what } = holder(arn);
  const found = lagging ? request.listed(kind).find((one) => one.arn === arn) : request.in(kind).get(arn);
  if (!found) throw notFound(what);
  return found;
}

export const taggingOperations: Operations = {
  AddTags: ({ ResourceArns, Tags }: { ResourceArns: string[]; Tags: TagPair[] }, request) => {
    const given = tagsGiven(Tags);
    for (const { arn, tags } of ResourceArns.map((one) => held(request, one)))
      request.in(holder(arn).kind).change(arn, { tags: { ...tags, ...given } });
  },
  RemoveTags: ({ ResourceArns, TagKeys }: { ResourceArns: string[]; TagKeys: string[] }, request) => {
    for (const { arn, tags } of ResourceArns.map((one) => held(request, one)))
      request.in(holder(arn).kind).change(arn, { tags: withoutTags(tags, TagKeys) });
  },
  DescribeTags: ({ ResourceArns }: { ResourceArns: string[] }, request) => {
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html: "up to 20 resources".
    if (ResourceArns.length > 20) throw invalid('You can describe tags for up to 20 resources in one call');
    return {
      TagDescriptions: ResourceArns.map((arn) => held(request, arn, true)).map(({ arn, tags }) => ({
        ResourceArn: arn,
        Tags: toTagPairs(tags),
      })),
    };
  },
};
