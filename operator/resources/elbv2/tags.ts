import type { TagDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { batches } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Scope } from '../../model/resource-type.ts';

/** DescribeTags takes at most twenty ARNs a call; so many are sent wherever AWS names no limit. */
const arnsPerCall = 20;

/**
 * Tells some load balancers, target groups or listeners with their owners. Their lists carry no tags, so AWS is asked,
 * but only for ARNs never read before: the owner tags of an ARN do not change. What vanished meanwhile is left out.
 */
export async function withOwners<T, F>(
  { aws, scope, arnOf }: { aws: Aws; scope: Scope; arnOf: (item: T) => string },
  items: readonly T[],
  told: (item: T, owner: NodeOwner | undefined) => F,
): Promise<F[]> {
  const unknown = items.map(arnOf).filter((arn) => scope.known(arn) === undefined);
  const read = await ownersByTag(aws, unknown);
  return items.flatMap((item) => {
    const known = scope.known(arnOf(item)) ?? read.get(arnOf(item));
    return known === undefined ? [] : [told(item, asOwner(known))];
  });
}

/**
 * Reads listeners or rules by their ARNs, whatever they belong to. One that is gone makes a whole call fail, which `read`
 * tells by undefined: then each is asked alone.
 */
export async function byArns<T>(
  arns: readonly string[],
  read: (arns: string[]) => Promise<readonly T[] | undefined>,
): Promise<T[]> {
  const answers = await Promise.all(
    batches(arns, arnsPerCall).map(
      async (batch) =>
        (await read(batch)) ?? (await Promise.all(batch.map(async (arn) => (await read([arn])) ?? []))).flat(),
    ),
  );
  return answers.flat();
}

async function ownersByTag(aws: Aws, arns: readonly string[]): Promise<Map<string, NodeOwner | 'foreign'>> {
  const owners = new Map<string, NodeOwner | 'foreign'>();
  for (const batch of batches(arns, arnsPerCall)) {
    // One ARN that is gone makes the whole call fail: then each is asked alone.
    const answers =
      (await describe(aws, batch)) ?? (await Promise.all(batch.map((arn) => describe(aws, [arn])))).flat();
    for (const { ResourceArn = '', Tags: tags = [] } of answers.filter((answer) => answer !== undefined)) {
      owners.set(ResourceArn, ownerFromTags(tagsFromPairs(tags)) ?? 'foreign');
    }
  }
  return owners;
}

const describe = async (aws: Aws, ResourceArns: string[]): Promise<TagDescription[] | undefined> =>
  (await orAbsent(aws.elbv2('DescribeTags', { ResourceArns })))?.TagDescriptions;
