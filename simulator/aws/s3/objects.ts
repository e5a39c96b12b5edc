import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { bucketOf, versions, type ObjectVersion, type OfBucket } from './kinds.ts';

interface OfObject extends OfBucket {
  readonly Key: string;
  readonly VersionId?: string;
}

const idOf = ({ bucket, key, versionId }: Pick<ObjectVersion, 'bucket' | 'key' | 'versionId'>): string =>
  [bucket, key, versionId].join('\n');

/** All versions in a bucket, by key and the youngest first. */
function versionsIn(request: Request, bucket: string): ObjectVersion[] {
  const own = request
    .in(versions)
    .all()
    .filter((one) => one.bucket === bucket);
  return own.reverse().sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
}

const latest = (request: Request, bucket: string, key: string): ObjectVersion | undefined =>
  versionsIn(request, bucket).find((one) => one.key === key);

/** In a bucket that keeps no versions, the new one takes the place of the version `null`. */
function write(request: Request, input: OfObject, rest: Pick<ObjectVersion, 'isMarker' | 'body' | 'contentType'>) {
  const { name: bucket, versioning } = bucketOf(request, input);
  const versionId = versioning === 'Enabled' ? request.world.random.hex(32) : 'null';
  const etag = `"${createHash('md5').update(rest.body).digest('hex')}"`;
  const one = { bucket, key: input.Key, versionId, at: request.now, etag, ...rest };
  const id = idOf(one);
  request.in(versions).remove(id);
  request.in(versions).put(id, one);
  return { one, told: versioning === undefined ? {} : { VersionId: versionId } };
}

function read(request: Request, input: OfObject): ObjectVersion {
  const { name } = bucketOf(request, input);
  const { Key: key, VersionId } = input;
  const found =
    VersionId === undefined
      ? latest(request, name, key)
      : request.in(versions).get(idOf({ bucket: name, key, versionId: VersionId }));
  if (VersionId !== undefined && !found)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  if (!found || found.isMarker) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return found;
}

const head = ({ body, etag, at, contentType, versionId }: ObjectVersion) => ({
  ContentLength: body.length,
  ETag: etag,
  LastModified: new Date(at),
  ContentType: contentType ?? 'binary/octet-stream',
  ...(versionId === 'null' ? {} : { VersionId: versionId }),
});

/** Without a version, a versioned bucket keeps all and gets a marker; with one, that version is gone for good. */
function remove(request: Request, input: OfObject) {
  const bucket = bucketOf(request, input);
  const { Key: key, VersionId } = input;
  if (VersionId !== undefined) {
    const id = idOf({ bucket: bucket.name, key, versionId: VersionId });
    const wasMarker = request.in(versions).get(id)?.isMarker;
    request.in(versions).remove(id);
    return { VersionId, ...(wasMarker ? { DeleteMarker: true } : {}) };
  }
  if (bucket.versioning === undefined) {
    request.in(versions).remove(idOf({ bucket: bucket.name, key, versionId: 'null' }));
    return {};
  }
  const { one } = write(request, input, { isMarker: true, body: new Uint8Array(), contentType: undefined });
  return { VersionId: one.versionId, DeleteMarker: true };
}

interface DeleteMany extends OfBucket {
  readonly Delete: { readonly Objects: readonly { Key: string; VersionId?: string }[]; readonly Quiet?: boolean };
}

/**
 * XML 1.0 cannot carry what an object's key may have: https://www.w3.org/TR/xml/#charsets. S3 takes it in a path, and has
 * no way to say it in a document. https://github.com/boto/boto3/issues/2005, https://github.com/aws/aws-sdk/issues/271
 */
const beyondXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function removeMany({ Delete: { Objects, Quiet }, ...input }: DeleteMany, request: Request) {
  if (Objects.length > 1_000 || Objects.some(({ Key }) => beyondXml.test(Key)))
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  const Deleted = Objects.map(({ Key, VersionId }) => {
    const { DeleteMarker, VersionId: id } = {
      DeleteMarker: undefined,
      VersionId: undefined,
      ...remove(request, { ...input, Key, VersionId }),
    };
    const marker = DeleteMarker ? { DeleteMarker, DeleteMarkerVersionId: id } : {};
    return { Key, ...(VersionId === undefined ? {} : { VersionId }), ...marker };
  });
  return Quiet ? {} : { Deleted };
}

interface List extends OfBucket {
  readonly Prefix?: string;
  readonly MaxKeys?: number;
  readonly ContinuationToken?: string;
  readonly KeyMarker?: string;
  readonly VersionIdMarker?: string;
  readonly EncodingType?: string;
}

/**
 * Keys as `EncodingType` asks for them, a blank as `+`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html, https://github.com/versity/versitygw/issues/2169
 */
function encoderOf({ EncodingType }: List): (text: string) => string {
  if (EncodingType === undefined) return (text) => text;
  if (EncodingType !== 'url') throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return (text) =>
    encodeURIComponent(text)
      .replace(/[!'()]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+');
}

function list(input: List, request: Request) {
  const { name } = bucketOf(request, input);
  const { Prefix = '', MaxKeys = 1_000, ContinuationToken, EncodingType } = input;
  const encoded = encoderOf(input);
  const all = versionsIn(request, name);
  const current = all.filter((one, at) => one.key !== all[at - 1]?.key && !one.isMarker && one.key.startsWith(Prefix));
  const badToken = () => new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
  const { items, next } = pageOf(request.world, current, {
    token: ContinuationToken,
    size: MaxKeys,
    most: 1_000,
    badToken,
  });
  return {
    ...{ Name: name, Prefix: encoded(Prefix), MaxKeys, EncodingType },
    ...{ KeyCount: items.length, IsTruncated: next !== undefined },
    NextContinuationToken: next,
    Contents: items.map(({ key, etag, at, body }) => ({
      ...{ Key: encoded(key), ETag: etag, LastModified: new Date(at), Size: body.length, StorageClass: 'STANDARD' },
    })),
  };
}

/** Goes on after the version that the markers name. */
function listVersions(input: List, request: Request) {
  const { name } = bucketOf(request, input);
  const { Prefix = '', MaxKeys = 1_000, KeyMarker, VersionIdMarker, EncodingType } = input;
  const encoded = encoderOf(input);
  const all = versionsIn(request, name).map((one, at, every) => ({ ...one, isLatest: one.key !== every[at - 1]?.key }));
  const named = all.findIndex(({ key, versionId }) => key === KeyMarker && versionId === VersionIdMarker);
  const rest = all
    .slice(named + 1)
    .filter(({ key }) => key.startsWith(Prefix) && (named >= 0 || key > (KeyMarker ?? '')));
  const page = rest.slice(0, Math.min(MaxKeys, 1_000, request.world.pageSize));
  const isTruncated = page.length < rest.length;
  const last = page.at(-1);
  const told = ({ key, versionId, isLatest, at }: (typeof all)[number]) => ({
    ...{ Key: encoded(key), VersionId: versionId, IsLatest: isLatest, LastModified: new Date(at) },
  });
  return {
    ...{ Name: name, Prefix: encoded(Prefix), MaxKeys, EncodingType, IsTruncated: isTruncated },
    ...(isTruncated && last ? { NextKeyMarker: encoded(last.key), NextVersionIdMarker: last.versionId } : {}),
    Versions: page
      .filter(({ isMarker }) => !isMarker)
      .map((one) => ({ ...told(one), ETag: one.etag, Size: one.body.length, StorageClass: 'STANDARD' })),
    DeleteMarkers: page.filter(({ isMarker }) => isMarker).map(told),
  };
}

export const objectOperations: Operations = {
  PutObject: (input: OfObject & { Body?: Uint8Array; ContentType?: string }, request) => {
    const rest = { isMarker: false, body: input.Body ?? new Uint8Array(), contentType: input.ContentType };
    const { one, told } = write(request, input, rest);
    return { ETag: one.etag, ServerSideEncryption: 'AES256', ...told };
  },
  GetObject: (input: OfObject, request) => {
    const found = read(request, input);
    return { ...head(found), Body: found.body };
  },
  HeadObject: (input: OfObject, request) => head(read(request, input)),
  DeleteObject: (input: OfObject, request) => remove(request, input),
  DeleteObjects: removeMany,
  ListObjectsV2: list,
  ListObjectVersions: listVersions,
};
