import type { ExposureRule, Kind, World } from '../core/world.ts';
import { accountBlocks, everyBucket, type Bucket, type PublicAccessBlock } from './kinds.ts';

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Conditions on these keys, with fixed values, keep a policy from being public.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const narrowing = new Set(
  [
    'aws:PrincipalOrgID',
    'aws:SourceIp',
    'aws:SourceArn',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:SourceOwner',
    'aws:SourceAccount',
    'aws:userid',
    's3:DataAccessPointArn',
    's3:DataAccessPointAccount',
  ].map((key) => key.toLowerCase()),
);

const isEverybody = (principal: unknown): boolean =>
  principal === '*' || [(principal as { AWS?: unknown } | undefined)?.AWS].flat().includes('*');

const isNarrowed = ({ Condition = {} }: Statement): boolean =>
  Object.entries(Condition).some(
    ([operator, keys]) =>
      !/^(Not|.*Not)/.test(operator) &&
      !operator.endsWith('IfExists') &&
      Object.entries(keys).some(
        ([key, value]) =>
          narrowing.has(key.toLowerCase()) && ![value].flat().some((one) => /[*?]|\$\{/.test(String(one))),
      ),
  );

/** Whether a policy lets anybody in who is not named. */
export function isPublic(policy: string | undefined): boolean {
  if (policy === undefined) return false;
  const statements = [(JSON.parse(policy) as { Statement: Statement | Statement[] }).Statement].flat();
  return statements.some((one) => one.Effect === 'Allow' && isEverybody(one.Principal) && !isNarrowed(one));
}

/** Anybody on the internet who has an AWS account could use those of a kind whose policy says so. */
export const exposedByPolicy =
  <T extends { readonly name: string }>(
    what: string,
    kind: Kind<T>,
    policyOf: (one: T) => string | undefined,
  ): ExposureRule =>
  (world, region) =>
    world
      .collection(region, kind)
      .all()
      .filter((one) => isPublic(policyOf(one)))
      .map(({ name }) => `${what} ${name} by its policy`);

/**
 * What is blocked of a bucket: what its own block says, and what the account's says of all.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function blockOn(world: World, { block: own }: Bucket): PublicAccessBlock {
  const all = world.collection('global', accountBlocks).get(world.account);
  const either = (flag: keyof PublicAccessBlock): boolean => own?.[flag] === true || all?.[flag] === true;
  return {
    BlockPublicAcls: either('BlockPublicAcls'),
    IgnorePublicAcls: either('IgnorePublicAcls'),
    BlockPublicPolicy: either('BlockPublicPolicy'),
    RestrictPublicBuckets: either('RestrictPublicBuckets'),
  };
}

/** A bucket is exposed once nothing keeps the internet out, whether or not anybody is let in yet. */
export function exposedBuckets(world: World, region: string): string[] {
  return everyBucket(world)
    .filter((bucket) => bucket.region === region)
    .flatMap((bucket) => [
      ...(Object.values(blockOn(world, bucket)).every(Boolean)
        ? []
        : [`bucket ${bucket.name} without public access block`]),
      ...(isPublic(bucket.policy) && !blockOn(world, bucket).RestrictPublicBuckets
        ? [`bucket ${bucket.name} by its policy`]
        : []),
    ]);
}
