import type { DeleteObjectsCommandOutput } from '@aws-sdk/client-s3';
import { Fault, orAbsent } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';

interface Version {
  readonly Key: string;
  readonly VersionId: string | undefined;
}

/**
 * The first page of all versions and delete markers of a bucket, and whether it is the last one, too. Keys are asked for as
 * URLs have them: XML cannot carry every one, and its readers take some for others.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html, encoding-type
 */
export async function firstVersions(aws: Aws, Bucket: string, MaxKeys?: number) {
  const page = await orAbsent(aws.s3('ListObjectVersions', { Bucket, MaxKeys, EncodingType: 'url' }));
  const { Versions = [], DeleteMarkers = [], EncodingType, IsTruncated = false } = page ?? {};
  const keyOf = EncodingType === 'url' ? decoded : (key: string) => key;
  const versions = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key: keyOf(Key), VersionId }));
  return { versions, areAll: !IsTruncated };
}

/** S3 has a blank as `+`, and a plus as `%2B`. The SDK decodes nothing. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

/** What XML 1.0 cannot carry in any spelling: https://www.w3.org/TR/xml/#charsets */
const beyondXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * DeleteObjects names its objects in XML, and S3 refuses the whole request for one key that XML cannot carry
 * (MalformedXML). Such are deleted one at a time: then the key stands in the path.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html#object-key-xml-related-constraints
 */
export async function deleteVersions(aws: Aws, Bucket: string, versions: readonly Version[]): Promise<void> {
  const Objects = versions.filter(({ Key }) => !beyondXml.test(Key));
  if (Objects.length > 0)
    refuseErrors(Bucket, await aws.s3('DeleteObjects', { Bucket, Delete: { Objects, Quiet: true } }));
  for (const version of versions.filter(({ Key }) => beyondXml.test(Key)))
    await orAbsent(aws.s3('DeleteObject', { Bucket, ...version }));
}

/** DeleteObjects answers 200 for what it could not delete, too. */
function refuseErrors(name: string, { Errors: [first, ...more] = [] }: DeleteObjectsCommandOutput): void {
  if (first)
    throw new Fault(
      first.Code === 'AccessDenied' ? 'denied' : 'transient',
      `s3:DeleteObjects left ${more.length + 1} objects in bucket ${name}, the first with ${first.Code}: ${first.Message}`,
      { code: first.Code, action: 's3:DeleteObjects' },
    );
}
