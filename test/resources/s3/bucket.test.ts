import { describe, expect, test } from 'vitest';
import type { Aws } from '../../../operator/model/ports.ts';
import type { Found } from '../../../operator/model/resource-type.ts';
import type { BucketOutputs, BucketProps } from '../../../operator/resources/s3/bucket-props.ts';
import { bucket } from '../../../operator/resources/s3/bucket.ts';
import { Court, laws, region } from '../laws.ts';

type BucketFound = Found<BucketProps, BucketOutputs>;

const tlsOnly = (name = 'ecom-any') => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${name}/*` },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

const props: BucketProps = {
  region,
  publicAccessBlocked: true,
  aclsDisabled: true,
  policy: tlsOnly(),
  versioning: true,
  encryption: 'AES256',
  lifecycle: [
    { ID: 'tidy', Status: 'Enabled', Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
  ],
  cors: [{ AllowedOrigins: ['https://shop.test'], AllowedMethods: ['GET', 'HEAD'], MaxAgeSeconds: 60 }],
};

laws(bucket, {
  ground: () => Promise.resolve(props),
  live: {
    publicAccessBlocked: () => false,
    aclsDisabled: () => false,
    policy: () => tlsOnly('ecom-other'),
    versioning: () => false,
    encryption: () => 'aws:kms' as const,
    lifecycle: ({ lifecycle }) => [
      ...lifecycle,
      { ID: 'x', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } },
    ],
    cors: () => [],
  },
  fixed: { region: 'eu-west-1' },
});

describe('buckets', () => {
  const settled = async () => {
    const court = new Court(bucket);
    const found = (await court.settle(props)) as BucketFound;
    const put = (Key: string) => court.other('s3', 'PutObject', { Bucket: found.id, Key, Body: new Uint8Array([1]) });
    return { court, found, put };
  };

  test('what was deleted in it counts, for it can still be had back', async () => {
    const { court, found, put } = await settled();
    expect(await bucket.data?.isEmpty?.(court.aws, found)).toBe(true);
    await put('a.png');
    await court.other('s3', 'DeleteObject', { Bucket: found.id, Key: 'a.png' });
    expect(await bucket.data?.isEmpty?.(court.aws, found)).toBe(false);
  });

  test('it is emptied page by page, with all versions and markers; until then AWS does not delete it', async () => {
    const { court, found, put } = await settled();
    court.simulated.world.pageSize = 2;
    for (const key of ['a', 'b', 'c', 'c']) await put(key);
    await court.other('s3', 'DeleteObject', { Bucket: found.id, Key: 'a' });
    await expect(bucket.delete(court.aws, found)).rejects.toMatchObject({ kind: 'busy' });
    const turns = [];
    do turns.push(await bucket.data?.empty?.(court.aws, found));
    while (turns.at(-1) === false);
    expect(turns).toEqual([false, false, true]);
    await bucket.delete(court.aws, found);
    expect(await court.list(props)).toEqual([]);
  });

  // The names of files that somebody uploads are the keys: https://github.com/boto/boto3/issues/2005
  test('it is emptied of keys that XML cannot carry, or that are spelt otherwise in a URL', async () => {
    const { court, found, put } = await settled();
    for (const key of ['a\u0010b', '\u0001', 'a+b c/ü(1)%41.png', '\n', ' ']) await put(key);
    await court.other('s3', 'DeleteObject', { Bucket: found.id, Key: '\u0010' });
    expect(await bucket.data?.empty?.(court.aws, found)).toBe(true);
    expect(await bucket.data?.isEmpty?.(court.aws, found)).toBe(true);
    await bucket.delete(court.aws, found);
  });

  test.each([
    ['GetBucketTagging', 'one that is nobody’s of ours'],
    ['GetPublicAccessBlock', 'one of ours, of which nothing more is told then'],
  ])('a policy that keeps %s from us holds up no list: it is %s', async (operation, what) => {
    const court = new Court(bucket);
    if (what.startsWith('one of ours')) await court.settle(props);
    else {
      const CreateBucketConfiguration = { LocationConstraint: region };
      await court.other('s3', 'CreateBucket', { Bucket: 'ecom-theirs', CreateBucketConfiguration });
    }
    const message = `User: x is not authorized to perform: s3:x with an explicit deny in a resource-based policy`;
    const error = { code: 'AccessDenied', message, status: 403 };
    court.simulated.world.faults.add({ service: 's3', operation, error });
    const [found, ...others] = await court.list(props);
    expect(others).toEqual([]);
    expect(found?.owner !== undefined).toBe(what.startsWith('one of ours'));
    expect(found?.props).not.toHaveProperty('publicAccessBlocked');
  });

  test('tags are written beside those it has, and taken away', async () => {
    const { court, found } = await settled();
    await bucket.retag?.(court.aws, found, { 'ecom.io/retained': 'acme', 'ecom.io/node': null });
    const { TagSet } = await court.other<{ TagSet: { Key: string }[] }>('s3', 'GetBucketTagging', {
      Bucket: found.id,
    });
    const keys = TagSet.map(({ Key }) => Key);
    expect(keys).toContain('ecom.io/retained');
    expect(keys).toContain('ecom.io/store');
    expect(keys).not.toContain('ecom.io/node');
  });

  test('one block of four that is missing is as good as none', async () => {
    const { court, found } = await settled();
    const blocks = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true };
    await court.other('s3', 'PutPublicAccessBlock', { Bucket: found.id, PublicAccessBlockConfiguration: blocks });
    const [seen] = await court.own(props);
    expect(court.decide(props, seen)).toEqual({ do: 'update', fields: ['publicAccessBlocked'] });
  });

  test('S3 says that an object was not deleted in an answer that looks well: it is not taken for gone', async () => {
    const { court, found, put } = await settled();
    await put('a');
    const refusing = {
      ...court.aws,
      s3: async (operation: string, input: never) =>
        operation === 'DeleteObjects'
          ? { Errors: [{ Key: 'a', Code: 'AccessDenied', Message: 'Access Denied' }] }
          : court.aws.s3(operation as 'ListObjectVersions', input),
    } as unknown as Aws;
    await expect(bucket.data?.empty?.(refusing, found)).rejects.toMatchObject({
      kind: 'denied',
      facts: { code: 'AccessDenied' },
    });
  });
});
