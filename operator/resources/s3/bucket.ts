import { sameDocument } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, splitTags, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner, unlessDenied } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';
import { sparingStatements } from '../iam/policies.ts';
import { isAccountBlocked } from './account-block.ts';
import type { BucketOutputs, BucketProps } from './bucket-props.ts';
import { newBorn, settings, type Setting } from './bucket-settings.ts';
import { orUnset } from './unset.ts';
import { deleteVersions, firstVersions } from './versions.ts';

type BucketFound = Found<BucketProps, BucketOutputs>;

/**
 * What the names of all our buckets begin with: most calls for a bucket are allowed by its name only, and lists are
 * narrowed by it. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const bucketPrefix = 'ecom-';

/** Read a bucket at a time. Its public access block is, too, and with the list as well where the account has none. */
const detailed = ['aclsDisabled', 'policy', 'versioning', 'encryption', 'lifecycle', 'cors'] as const;

export const bucket: ResourceType<BucketProps, BucketOutputs> = {
  name: 's3/bucket',
  fields: {
    region: 'fixed',
    publicAccessBlocked: 'live',
    aclsDisabled: 'live',
    // Late: it names the distribution, which names the bucket.
    policy: { mode: 'live', equal: sameDocument, late: true, spare: sparingStatements },
    versioning: 'live',
    encryption: 'live',
    lifecycle: { mode: 'live', equal: sameDocument },
    cors: { mode: 'live', equal: sameDocument },
  },
  needs: [],
  replace: 'refuse',
  once: 'name',
  endedBy: 'DeleteBucket',
  key: (_props, name) => bucketPrefix + name,
  beat: 'exposure',
  scope: 'regional',
  closed: () => ({ publicAccessBlocked: true }),

  async *list(aws, scope) {
    const read = (ContinuationToken?: string) =>
      aws.s3('ListBuckets', { BucketRegion: scope.region, Prefix: bucketPrefix, ContinuationToken });
    const names: string[] = [];
    for await (const { Buckets = [] } of pages(read, (answer) => answer.ContinuationToken))
      names.push(...Buckets.map(({ Name = '' }) => Name));
    // Asked anew for every list: once it is switched off, the next list reads every bucket. A single one is read at once,
    // which costs no more than to ask whether it has to be.
    const isShielded = names.length > 1 && (await isAccountBlocked(aws, scope.account));
    const told = await Promise.all(names.map((name) => listed(aws, scope, name, isShielded)));
    yield told.filter((found) => found !== undefined);
  },

  async named(aws, ids, scope) {
    const told = await Promise.all(ids.map((id) => listed(aws, scope, id, false)));
    return told.filter((found) => found !== undefined);
  },

  detailed,
  shielded: {
    props: ['publicAccessBlocked'],
    by: "the account's own public access block has all four settings on: S3 applies the stricter of the two, so nobody gets into any bucket by what its own lacks",
  },

  async detail(aws, { id }, fields) {
    const wanted = ([...detailed, 'publicAccessBlocked'] as const).filter((name) => !fields || fields.has(name));
    const read = await orAbsent(
      Promise.all(wanted.map(async (name) => [name, await settings[name].read(aws, id)] as const)),
    );
    return read && { props: Object.fromEntries(read) as Partial<BucketProps> };
  },

  async create(aws, props, birth) {
    const Bucket = bucketPrefix + birth.name;
    await aws.s3('CreateBucket', {
      Bucket,
      ObjectOwnership: 'BucketOwnerEnforced',
      CreateBucketConfiguration: {
        // us-east-1 is what is meant when nothing is said, and cannot be said.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
        ...(props.region === 'us-east-1' ? {} : { LocationConstraint: props.region as 'eu-central-1' }),
        Tags: tagPairs(birth.tags),
      },
    });
    return told(Bucket, props.region, birth.owner, newBorn);
  },

  async update(aws, found, props, fields) {
    for (const name of Object.keys(settings) as Setting[])
      if (fields.has(name)) await writeOf(name)(aws, found.id, props[name]);
  },

  async delete(aws, found) {
    await orAbsent(aws.s3('DeleteBucket', { Bucket: found.id }));
  },

  data: {
    /** A marker that something was deleted counts as well: what it hides can still be had back. */
    isEmpty: async (aws, { id }) => (await firstVersions(aws, id, 1)).versions.length === 0,

    async empty(aws, { id }) {
      const { versions, areAll } = await firstVersions(aws, id);
      await deleteVersions(aws, id, versions);
      return areAll;
    },
  },

  async retag(aws, { id: Bucket }, tags) {
    const has = await orAbsent(tagsOf(aws, Bucket));
    if (!has) return;
    const { given } = splitTags({ ...has, ...tags });
    await aws.s3('PutBucketTagging', { Bucket, Tagging: { TagSet: tagPairs(given) } });
  },
};

async function tagsOf(aws: Aws, Bucket: string): Promise<Tags> {
  const answer = await orUnset(aws.s3('GetBucketTagging', { Bucket }));
  return tagsFromPairs(answer?.TagSet);
}

/**
 * A name of ours that is nobody's has no tags: its owner is asked for once, and what lets whom into it is none of our
 * business. What has gone meanwhile is left out. The policy of one bucket must not hold up the list of all.
 */
async function listed(aws: Aws, scope: Scope, name: string, isShielded: boolean): Promise<BucketFound | undefined> {
  const read = async () => {
    const owner = await learntOwner(scope, name, async () => ownerFromTags(await tagsOf(aws, name)));
    if (owner === undefined || isShielded) return told(name, scope.region, owner, {});
    const publicAccessBlocked = await unlessDenied(settings.publicAccessBlocked.read(aws, name));
    return told(name, scope.region, owner, publicAccessBlocked === undefined ? {} : { publicAccessBlocked });
  };
  return orAbsent(read());
}

// Which setting it is, is known at run time only; that its value fits is what the type of `settings` says.
const writeOf = (name: Setting) =>
  settings[name].write.bind(settings[name]) as (aws: Aws, Bucket: string, wanted: unknown) => Promise<unknown>;

function told(name: string, region: string, owner: NodeOwner | undefined, rest: Partial<BucketProps>): BucketFound {
  return {
    id: name,
    key: name,
    owner,
    state: { is: 'ready' },
    props: { region, ...rest },
    outputs: {
      bucketName: name,
      bucketArn: `arn:aws:s3:::${name}`,
      objectsArn: `arn:aws:s3:::${name}/*`,
      regionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
}
