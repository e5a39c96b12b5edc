import { beforeEach, expect, test } from 'vitest';
import { takenNames } from '../../../../simulator/aws/s3/kinds.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

type Answer = Readonly<Record<string, unknown>>;

const Bucket = 'acme-content';
let clock: VirtualClock;
let aws: SimulatedAws;
const s3 = (operation: string, input: object = {}) =>
  callsTo(aws, 's3')(operation, { Bucket, ...input } as never) as Promise<unknown> as Promise<Answer>;
const refused = (call: Promise<unknown>, code: string) => expect(call).rejects.toMatchObject({ code });
const create = () =>
  s3('CreateBucket', {
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1', Tags: [{ Key: 'a', Value: 'b' }] },
  });
const versioned = () => s3('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
const policy = (Condition?: object) =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*', Condition }],
  });

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  await create();
});

test('a new bucket is tagged and encrypted, and nobody else gets in', async () => {
  expect(await s3('GetBucketTagging')).toEqual({ TagSet: [{ Key: 'a', Value: 'b' }] });
  expect(await s3('GetPublicAccessBlock')).toMatchObject({
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
  expect(aws.world.ledger.exposures()).toEqual([]);
});

test('a name is one in the world, and not free again at once', async () => {
  await refused(create(), 'BucketAlreadyOwnedByYou');
  await s3('DeleteBucket');
  await refused(create(), 'OperationAborted');
  clock.advance(120_000);
  await create();
  aws.world.collection('global', takenNames).put('theirs', { name: 'theirs', why: 'elsewhere' });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' };
  await refused(s3('CreateBucket', { Bucket: 'theirs', CreateBucketConfiguration }), 'BucketAlreadyExists');
  await refused(s3('HeadBucket', { Bucket: 'theirs' }), 'AccessDenied');
});

test('a bucket is made only where the call is sent to', async () => {
  await refused(s3('CreateBucket', { Bucket: 'nowhere' }), 'IllegalLocationConstraintException');
});

test('what was never set is told by an error of its own', async () => {
  await refused(s3('GetBucketPolicy'), 'NoSuchBucketPolicy');
  await refused(s3('GetBucketCors'), 'NoSuchCORSConfiguration');
  await refused(s3('GetBucketLifecycleConfiguration'), 'NoSuchLifecycleConfiguration');
  await s3('DeletePublicAccessBlock');
  await refused(s3('GetPublicAccessBlock'), 'NoSuchPublicAccessBlockConfiguration');
  await s3('DeleteBucketTagging');
  await refused(s3('GetBucketTagging'), 'NoSuchTagSet');
  await refused(s3('GetBucketWebsite'), 'NoSuchWebsiteConfiguration');
  await refused(s3('GetBucketReplication'), 'ReplicationConfigurationNotFoundError');
  await refused(s3('GetObjectLockConfiguration'), 'ObjectLockConfigurationNotFoundError');
});

test('whether a policy is public is told of the policy alone', async () => {
  await refused(s3('GetBucketPolicyStatus'), 'NoSuchBucketPolicy');
  await s3('DeletePublicAccessBlock');
  await s3('PutBucketPolicy', { Policy: policy() });
  expect(await s3('GetBucketPolicyStatus')).toEqual({ PolicyStatus: { IsPublic: true } });
});

test('what nobody has set is told as every new bucket has it, to whoever names a bucket', async () => {
  expect(await s3('GetBucketAccelerateConfiguration')).toEqual({});
  expect(await s3('GetBucketRequestPayment')).toEqual({ Payer: 'BucketOwner' });
  const { Owner, Grants } = (await s3('GetBucketAcl')) as { Owner: { ID: string }; Grants: object[] };
  expect(Grants).toEqual([{ Grantee: { Type: 'CanonicalUser', ID: Owner.ID }, Permission: 'FULL_CONTROL' }]);
  await refused(s3('GetBucketRequestPayment', { Bucket: 'no-such-bucket' }), 'NoSuchBucket');
});

test('rules of a life cycle come with the least size of what they move, whether or not it was given', async () => {
  const Rules = [{ ID: 'tidy', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }];
  const put = (more: object = {}) =>
    s3('PutBucketLifecycleConfiguration', { LifecycleConfiguration: { Rules }, ...more });
  expect(await put()).toEqual({ TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' });
  await put({ TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' });
  expect(await s3('GetBucketLifecycleConfiguration')).toEqual({
    Rules,
    TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
  });
});

test('a call for another account is refused', async () => {
  await refused(s3('GetBucketVersioning', { ExpectedBucketOwner: '999999999999' }), 'AccessDenied');
});

test('a public policy is refused while it is blocked; one for fixed addresses is not public', async () => {
  await refused(s3('PutBucketPolicy', { Policy: policy() }), 'AccessDenied');
  await s3('PutBucketPolicy', { Policy: policy({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }) });
});

test('without its block a bucket is exposed, and by a public policy too', async () => {
  await s3('DeletePublicAccessBlock');
  await s3('PutBucketPolicy', { Policy: policy() });
  expect(aws.world.ledger.exposures().map(({ what }) => what)).toEqual([
    `bucket ${Bucket} without public access block`,
    `bucket ${Bucket} by its policy`,
  ]);
});

test('a versioned bucket keeps what is overwritten and deleted, and is not empty until every version is gone', async () => {
  await versioned();
  await s3('PutObject', { Key: 'a', Body: Buffer.from('one') });
  await s3('PutObject', { Key: 'a', Body: Buffer.from('two') });
  await s3('DeleteObject', { Key: 'a' });
  await refused(s3('GetObject', { Key: 'a' }), 'NoSuchKey');
  expect(await s3('ListObjectsV2')).toMatchObject({ KeyCount: 0 });
  await refused(s3('DeleteBucket'), 'BucketNotEmpty');
  const { Versions, DeleteMarkers } = (await s3('ListObjectVersions')) as {
    Versions: { Key: string; VersionId: string }[];
    DeleteMarkers: { Key: string; VersionId: string }[];
  };
  expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1]);
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  await s3('DeleteObjects', { Delete: { Objects } });
  await s3('DeleteBucket');
});

test('keys that XML cannot carry are told encoded to whoever asks for that, and deleted one at a time', async () => {
  await versioned();
  const Key = 'a b+\u0001/(1).png';
  await s3('PutObject', { Key });
  const EncodingType = 'url';
  const told = 'a+b%2B%01/%281%29.png';
  expect(await s3('ListObjectsV2', { EncodingType })).toMatchObject({ EncodingType, Contents: [{ Key: told }] });
  const { Versions } = (await s3('ListObjectVersions', { EncodingType })) as { Versions: { VersionId: string }[] };
  expect(Versions).toMatchObject([{ Key: told }]);
  const [{ VersionId } = { VersionId: '' }] = Versions;
  await refused(s3('DeleteObjects', { Delete: { Objects: [{ Key, VersionId }] } }), 'MalformedXML');
  await s3('DeleteObject', { Key, VersionId });
  await s3('DeleteBucket');
  await refused(s3('ListObjectVersions', { EncodingType: 'base64' }), 'InvalidArgument');
});

test('versions are listed page by page, each once', async () => {
  await versioned();
  for (const Key of ['a', 'a', 'b']) await s3('PutObject', { Key });
  const first = await s3('ListObjectVersions', { MaxKeys: 2 });
  expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'a' });
  const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
  expect(await s3('ListObjectVersions', { KeyMarker, VersionIdMarker })).toMatchObject({
    IsTruncated: false,
    Versions: [{ Key: 'b' }],
  });
});

test.each([
  ['days and markers at once', { Days: 1, ExpiredObjectDeleteMarker: true }],
  ['days and a date', { Days: 1, Date: new Date('2027-01-01T00:00:00Z') }],
  ['nothing', {}],
])('a rule by which objects expire says one thing: %s is refused', async (_what, Expiration) => {
  const Rules = [{ ID: 'a', Status: 'Enabled', Filter: { Prefix: '' }, Expiration }];
  await refused(s3('PutBucketLifecycleConfiguration', { LifecycleConfiguration: { Rules } }), 'MalformedXML');
});

test.each([
  ['origin', { AllowedOrigins: ['https://*.shop.*.com'] }],
  ['header', { AllowedOrigins: ['*'], AllowedHeaders: ['x-*-*'] }],
])('a star stands once in an %s of CORS', async (_what, more) => {
  const put = (rule: object) => s3('PutBucketCors', { CORSConfiguration: { CORSRules: [rule] } });
  await refused(put({ AllowedMethods: ['GET'], ...more }), 'InvalidRequest');
  await put({ AllowedMethods: ['GET'], AllowedOrigins: ['https://*.shop.com'], AllowedHeaders: ['x-*', '*'] });
});
